//! Releases of an application that is not ours, and in another language: the preview server of Vite, which runs on
//! Node and serves the files of a folder. It comes with the packages of the web UI: without `make web-install` these
//! tests say that they prove nothing.

use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use super::fault::{Fault, Layer};
use super::trial::{AT_ONCE, Gate, WHATEVER_THE_SPEED, assert_completed, assert_taken_back};
use crate::at_gate::{address, started};
use crate::process::Running;
use crate::visitors::{Wish, ask};

const VITE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../web/node_modules/vite/bin/vite.js");

/// A release of it.
struct Release {
    running: Running,
    _folder: TempDir,
}

impl Release {
    /// One whose page is this.
    async fn of(page: &str) -> Self {
        let folder = TempDir::new().expect("a folder");
        let dist = folder.path().join("dist");
        let written = std::fs::create_dir(&dist).and_then(|()| std::fs::write(dist.join("index.html"), page));
        written.expect("written");
        let mut command = Command::new("node");
        command.arg(VITE).args(["preview", "--host", "127.0.0.1", "--port", "0"]).arg(folder.path());
        command.current_dir(folder.path());
        Self { running: started(command).await, _folder: folder }
    }

    fn address(&self) -> SocketAddr {
        address(&self.running)
    }
}

/// Whether there is such an application; says so when there is none.
#[expect(clippy::print_stdout, reason = "whoever reads the test's output must learn that it proved nothing")]
fn is_installed() -> bool {
    let is_there = Path::new(VITE).exists();
    if !is_there {
        println!("SKIPPED: there is no {VITE}; run `make web-install`");
    }
    is_there
}

fn page() -> Wish {
    Wish::page("/")
}

async fn assert_serves(gate: &Gate, words: &str) {
    let answer = ask(gate.address(), &page()).await.expect("an answer");
    assert!(answer.contains(words), "{answer}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_release_on_node_that_dies_is_taken_back() {
    if !is_installed() {
        return;
    }
    let (blue, green) = (Release::of("the old page").await, Release::of("the new page").await);
    let gate = Gate::before(blue.address(), green.address(), WHATEVER_THE_SPEED).await;
    assert_serves(&gate, "the old page").await;
    let during = gate.taken_back_when_killed(green.running, &page()).await;
    let later = gate.seen_by(200, &page()).await;
    assert_taken_back(&gate, &["down", "errors", "more_errors"], &during, &later).await;
    assert!(during.errors() <= u64::from(2 * AT_ONCE), "{during}");
    assert_serves(&gate, "the old page").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_release_on_node_that_fails_one_request_of_five_is_taken_back() {
    if !is_installed() {
        return;
    }
    let (blue, green) = (Release::of("the old page").await, Release::of("the new page").await);
    let bad = Layer::before(green.address(), Fault::one_of_five_fails).await;
    let gate = Gate::before(blue.address(), bad.address, WHATEVER_THE_SPEED).await;
    let during = gate.taken_back_before(&page()).await;
    let later = gate.seen_by(200, &page()).await;
    assert_taken_back(&gate, &["errors", "more_errors"], &during, &later).await;
    assert_serves(&gate, "the old page").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_good_release_on_node_comes_to_everybody() {
    if !is_installed() {
        return;
    }
    let (blue, green) = (Release::of("the old page").await, Release::of("the new page").await);
    let gate = Gate::before(blue.address(), green.address(), WHATEVER_THE_SPEED).await;
    let during = gate.completed_before(&page()).await;
    drop(blue);
    let later = gate.seen_by(200, &page()).await;
    assert_completed(&gate, &during, &later).await;
    assert_serves(&gate, "the new page").await;
}
