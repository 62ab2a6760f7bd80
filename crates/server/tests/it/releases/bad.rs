//! Releases of Mainstay that are bad, each in a way of its own.

use accounts::SESSION_COOKIE;
use serde_json::json;
use store::sea_orm::ConnectionTrait as _;
use testkit::TestDatabase;

use super::fault::{Fault, Layer};
use super::trial::{AT_ONCE, Gate, NO_NEXT_STEP, Release, WHATEVER_THE_SPEED, assert_taken_back};
use crate::house::rooms;
use crate::visitors::Wish;

/// What is asked of a release that needs its database for it.
fn health() -> Wish {
    Wish::page("/api/health")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_release_that_fails_one_request_of_five_is_taken_back() {
    let (blue, green) = (Release::serve().await, Release::serve().await);
    let bad = Layer::before(green.address(), Fault::one_of_five_fails).await;
    let gate = Gate::before(blue.address(), bad.address, WHATEVER_THE_SPEED).await;
    let during = gate.taken_back_before(&health()).await;
    let asked = bad.asked();
    let later = gate.seen_by(200, &health()).await;
    assert_taken_back(&gate, &["errors", "more_errors"], &during, &later).await;
    assert_eq!(bad.asked(), asked, "nobody gets green any more");
    assert!(during.errors() > 0 && during.errors() * 5 < during.all(), "a part of a part: {during}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_release_that_is_slow_three_times_in_ten_is_taken_back() {
    let (blue, green) = (Release::serve().await, Release::serve().await);
    let bad = Layer::before(green.address(), Fault::three_of_ten_dawdle).await;
    let gate = Gate::before(blue.address(), bad.address, "slow_after = \"200ms\"\nslower = 0").await;
    let during = gate.taken_back_before(&health()).await;
    let asked = bad.asked();
    let later = gate.seen_by(200, &health()).await;
    assert_taken_back(&gate, &["slow"], &during, &later).await;
    assert_eq!(bad.asked(), asked, "nobody gets green any more");
    assert_eq!(during.errors(), 0, "slow is no error: {during}");
}

/// Green knows nobody: the sessions are in the database of blue.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_release_that_has_forgotten_who_is_signed_in_is_taken_back() {
    let (blue, green) = (Release::serve().await, Release::serve().await);
    let gate = Gate::before(blue.address(), green.address(), WHATEVER_THE_SPEED).await;
    let session = blue.administrator().await;
    let me = Wish::page("/api/auth/me").with_cookie(SESSION_COOKIE, &session);
    let during = gate.taken_back_before(&me).await;
    let later = gate.seen_by(200, &me).await;
    assert_taken_back(&gate, &["unauthorized"], &during, &later).await;
    assert!(during.errors() > 0 && during.errors() < during.all(), "{during}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_release_that_dies_is_taken_back() {
    let (blue, green) = (Release::serve().await, Release::serve().await);
    let gate = Gate::before(blue.address(), green.address(), WHATEVER_THE_SPEED).await;
    let during = gate.taken_back_when_killed(green.running, &health()).await;
    let later = gate.seen_by(200, &health()).await;
    assert_taken_back(&gate, &["down", "errors", "more_errors"], &during, &later).await;
    // Whoever was being answered when it died, and nobody else: blue answers what green has not seen.
    assert!(during.errors() <= u64::from(2 * AT_ONCE), "{during}");
}

/// Green has few connections and never gives one back: each waits for a table that somebody else holds. Its page of
/// metrics, which needs none, says so.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_release_that_uses_up_its_connections_is_taken_back() {
    let database = TestDatabase::postgres(&store::Migrations::of(rooms())).await;
    let small = [
        ("MAINSTAY__STORE__POSTGRES__MAX_CONNECTIONS", "3"),
        // Who waits for a connection does not fail: it is the pool that tells.
        ("MAINSTAY__STORE__POSTGRES__CONNECT_TIMEOUT", "1h"),
        ("MAINSTAY__STORE__POSTGRES__STATEMENT_TIMEOUT", "1h"),
        ("MAINSTAY__GUARD__REQUEST_TIMEOUT", "1h"),
        ("MAINSTAY__SERVER__METRICS__ALLOW", "127.0.0.1/32"),
    ];
    let (blue, green) = (Release::serve().await, Release::serve_on(&database, &small).await);
    let rules = format!("{WHATEVER_THE_SPEED}\nmetrics = \"/metrics\"");
    let gate = Gate::before(blue.address(), green.address(), &rules).await;
    let report = json!({ "csp-report": {
        "document-uri": "http://localhost/", "effective-directive": "script-src", "blocked-uri": "inline",
    } });
    let report = Wish::post("/api/csp-report", "application/csp-report", report.to_string());
    let visitors = gate.visitors(&report).await;
    let held = database.store.begin().await.expect("begins");
    held.execute_unprepared("LOCK TABLE csp_reports IN ACCESS EXCLUSIVE MODE").await.expect("locked");
    gate.roll_out(NO_NEXT_STEP).await;
    gate.until_it_is("rolled_back").await;
    let metrics = green.running.client().get("/metrics").await;
    assert!(metrics.text.contains("database_connections_in_use{pool=\"all\"} 3\n"), "{metrics:?}");
    // Green still holds them all, and nobody meets it.
    let later = gate.seen_by(200, &report).await;
    drop(held);
    let during = visitors.end().await;
    assert_taken_back(&gate, &["pool"], &during, &later).await;
    assert_eq!(during.errors(), 0, "whoever waited was answered in the end: {during}");
}
