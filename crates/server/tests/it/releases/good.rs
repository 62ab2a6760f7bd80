//! A release of Mainstay that is as good as the one before.

use super::trial::{Gate, Release, WHATEVER_THE_SPEED, assert_completed};
use crate::visitors::Wish;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_good_release_comes_to_everybody_and_costs_nobody_an_answer() {
    let (blue, green) = (Release::serve().await, Release::serve().await);
    let gate = Gate::before(blue.address(), green.address(), WHATEVER_THE_SPEED).await;
    let health = Wish::page("/api/health");
    let during = gate.completed_before(&health).await;
    drop(blue);
    let later = gate.seen_by(200, &health).await;
    assert_completed(&gate, &during, &later).await;
}
