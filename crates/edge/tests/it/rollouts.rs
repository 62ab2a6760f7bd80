//! Releases that are rolled out for real: requests of many visitors, and nobody's hand.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::Duration;

use axum::Router;
use bytes::Bytes;
use edge::rollout::{Draft, Order, Phase, Reason, Slot};
use edge::{Deed, Edge, ServiceView};
use foundation::Ambient;
use foundation::config::Period;
use futures::future::join_all;
use futures::stream;
use http::StatusCode;
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::time::Instant;

use crate::gate::{FOREVER, Gate, client, service, until};
use crate::target::{self, TellsWhenGone};

/// A release that fails so many of a hundred requests.
async fn failing(percent: u64) -> SocketAddr {
    let asked = Arc::new(AtomicU64::new(0));
    let answer = async move || {
        // Spread evenly: 37 and 100 have no common divisor.
        let is_bad = asked.fetch_add(37, Ordering::Relaxed) % 100 < percent;
        if is_bad { StatusCode::INTERNAL_SERVER_ERROR } else { StatusCode::OK }
    };
    target::serve(Router::new().fallback(answer)).await
}

async fn gate(blue: SocketAddr, green: SocketAddr) -> Gate {
    let both = edge::ServiceConfig { green: service(&[green]).blue, ..service(&[blue]) };
    let config = edge::Config { services: [("app".to_owned(), both)].into(), ..edge::Config::default() };
    Gate::open(config, &["127.0.0.1/32"]).await
}

/// A plan that does not wait for longer than it must.
fn quick(steps: &[u8]) -> Draft {
    let holds = vec![Period::SECOND; steps.len()];
    Draft { steps: steps.to_vec(), holds, check: Period::SECOND, ..Draft::default() }
}

async fn start(gate: &Gate, plan: Draft) {
    let deed = Deed::Start { service: "app".to_owned(), to: Slot::Green, plan };
    gate.control.give(deed, Some("ada".to_owned())).await.expect("begun");
}

async fn view(gate: &Gate) -> ServiceView {
    gate.control.status().await.expect("a status").services.remove(0)
}

/// Sends requests of ever new visitors until the rollout is where it should be, and counts what came back.
async fn traffic_until(gate: &Gate, is_there: impl Fn(&ServiceView) -> bool) -> (u64, u64) {
    let (client, mut visitor, mut failed) = (client(), 0_u64, 0);
    let began = Instant::now();
    loop {
        let requests = (0..20).map(|number| {
            let visitor = visitor + number;
            let address = format!("10.{}.{}.{}", visitor >> 16 & 255, visitor >> 8 & 255, visitor & 255);
            client.get(gate.url("/")).header("x-forwarded-for", address).send()
        });
        for answer in join_all(requests).await {
            failed += u64::from(!answer.expect("an answer").status().is_success());
        }
        visitor += 20;
        let view = view(gate).await;
        if is_there(&view) {
            return (visitor, failed);
        }
        assert!(began.elapsed() < FOREVER * 3, "{:#?}", view.rollout);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

fn is_over(view: &ServiceView) -> bool {
    let phase = view.rollout.as_ref().map(|rollout| &rollout.phase);
    matches!(phase, Some(Phase::RolledBack { .. } | Phase::Completed { .. } | Phase::Aborted { .. }))
}

/// Whether the judge has heard of so many requests to green in this step.
fn green_has_answered(view: &ServiceView, requests: u64) -> bool {
    let evidence = view.rollout.iter().flat_map(|rollout| &rollout.evidence);
    let heard = evidence.flat_map(|evidence| &evidence.rules);
    heard.map(|standing| standing.step.candidate.requests).max() >= Some(requests)
}

#[tokio::test]
async fn a_bad_release_is_taken_back_by_itself() {
    let gate = gate(failing(0).await, failing(20).await).await;
    start(&gate, quick(&[10, 50, 100])).await;
    let (requests, failed) = traffic_until(&gate, is_over).await;
    let end = view(&gate).await;
    let rollout = end.rollout.expect("a rollout");
    assert!(
        matches!(rollout.phase, Phase::RolledBack { reason: Reason::Found(_), .. }),
        "{:?}",
        rollout.phase
    );
    assert_eq!((end.live, u8::from(rollout.weight)), (Slot::Blue, 0));
    assert!(failed * 20 < requests, "{failed} of {requests} failed");
    let history = gate.control.history(None).await.expect("a history");
    let told: Vec<_> = history.iter().map(ToString::to_string).collect();
    assert!(told[0].starts_with("ada began to roll out green of app"), "{told:#?}");
    assert!(told.last().is_some_and(|last| last.contains("was taken back")), "{told:#?}");
    let (_, failed) = traffic_until(&gate, |_| true).await;
    assert_eq!(failed, 0);
    gate.close().await;
}

#[tokio::test]
async fn a_good_release_comes_to_everybody() {
    let gate = gate(failing(0).await, failing(0).await).await;
    start(&gate, quick(&[50, 100])).await;
    let (_, failed) = traffic_until(&gate, is_over).await;
    assert_eq!(failed, 0);
    let end = view(&gate).await;
    assert!(matches!(end.rollout.expect("a rollout").phase, Phase::Completed { .. }));
    assert_eq!(end.live, Slot::Green);
    let back = Deed::Order { service: "app".to_owned(), order: Order::Back };
    gate.control.give(back, None).await.expect("back");
    assert_eq!(view(&gate).await.live, Slot::Blue);
}

#[tokio::test]
async fn a_release_that_does_not_run_costs_no_visitor_an_answer() {
    let deaths = Arc::new(AtomicU32::new(0));
    let green = target::mortal(Arc::clone(&deaths)).await;
    let gate = gate(failing(0).await, green).await;
    start(&gate, Draft { holds: vec![Period::HOUR], ..quick(&[50, 100]) }).await;
    let (_, failed) = traffic_until(&gate, |view| green_has_answered(view, 50)).await;
    assert_eq!(failed, 0);
    // No visitor waits for an answer now.
    let died = client().get(format!("http://{green}/poison")).send().await;
    died.expect_err("it dies of it");
    until(async || TcpStream::connect(green).await.is_err()).await;
    let (_, failed) = traffic_until(&gate, is_over).await;
    assert_eq!((failed, deaths.load(Ordering::Relaxed)), (0, 1));
    let end = view(&gate).await;
    let rollout = end.rollout.expect("a rollout");
    assert!(matches!(rollout.phase, Phase::RolledBack { .. }), "{:?}", rollout.phase);
    assert_eq!((end.live, u8::from(rollout.weight)), (Slot::Blue, 0));
}

#[tokio::test]
async fn a_release_that_has_never_run_gets_nobody() {
    let gate = gate(failing(0).await, target::nobody().await).await;
    start(&gate, Draft { check_limit: Period::from_secs(2), ..quick(&[50, 100]) }).await;
    let (_, failed) = traffic_until(&gate, is_over).await;
    assert_eq!(failed, 0);
    let rollout = view(&gate).await.rollout.expect("a rollout");
    let phase = rollout.phase;
    assert!(matches!(phase, Phase::RolledBack { reason: Reason::NeverHealthy, .. }), "{phase:?}");
}

/// How a rollout ends to which nobody comes.
async fn over(gate: &Gate) -> Phase {
    let over = async {
        while !is_over(&view(gate).await) {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(FOREVER * 4, over).await.expect("it ends");
    view(gate).await.rollout.expect("a rollout").phase
}

/// Answers everything, and ends no answer.
async fn breaks_off() -> SocketAddr {
    let answer = async || {
        let parts = [Ok("abc"), Err(std::io::Error::other("it breaks off"))];
        axum::body::Body::from_stream(stream::iter(parts))
    };
    target::serve(Router::new().fallback(answer)).await
}

#[tokio::test]
async fn our_own_requests_notice_answers_that_break_off() {
    let mut both =
        edge::ServiceConfig { green: service(&[breaks_off().await]).blue, ..service(&[failing(0).await]) };
    both.rollout.probes_per_second = 100;
    let gate = Gate::before(both).await;
    let holds = vec![Period::from_secs(2), Period::SECOND];
    start(&gate, Draft { holds, ..quick(&[50, 100]) }).await;
    let end = over(&gate).await;
    assert!(matches!(end, Phase::RolledBack { reason: Reason::Found(_), .. }), "{end:?}");
}

#[tokio::test]
async fn when_too_few_visitors_come_our_own_requests_prove_a_release() {
    let mut both =
        edge::ServiceConfig { green: service(&[failing(0).await]).blue, ..service(&[failing(0).await]) };
    both.rollout.probes_per_second = 100;
    let gate = Gate::before(both).await;
    let holds = vec![Period::from_secs(2), Period::SECOND];
    start(&gate, Draft { holds, ..quick(&[50, 100]) }).await;
    let end = over(&gate).await;
    assert!(matches!(end, Phase::Completed { .. }), "{end:?}");
    let told: Vec<_> =
        gate.control.history(None).await.expect("a history").iter().map(ToString::to_string).collect();
    assert!(told.iter().any(|line| line.contains("Requests of our own are sent to both slots")), "{told:#?}");
}

#[tokio::test]
async fn a_release_that_uses_up_its_database_connections_is_taken_back() {
    let metrics = async || "# TYPE database_connections_in_use gauge\ndatabase_connections_in_use{db=\"main\"} 10\ndatabase_connections_max 10\n";
    let green =
        target::serve(Router::new().route("/metrics", axum::routing::get(metrics)).fallback(async || "ok"))
            .await;
    let mut both = edge::ServiceConfig { green: service(&[green]).blue, ..service(&[failing(0).await]) };
    both.rollout.metrics = Some("/metrics".to_owned());
    let gate = Gate::before(both).await;
    start(&gate, Draft { holds: vec![Period::HOUR], ..quick(&[50, 100]) }).await;
    let (_, failed) = traffic_until(&gate, is_over).await;
    assert_eq!(failed, 0);
    let history = gate.control.history(None).await.expect("a history");
    let last = history.last().expect("a record").to_string();
    assert!(last.contains("held 10 of 10, then 10 of 10, then 10 of 10 database connections"), "{last}");
}

#[tokio::test]
async fn a_rollout_goes_on_where_it_was_when_the_gate_was_closed() {
    let (blue, green) = (failing(0).await, failing(0).await);
    let both = edge::ServiceConfig { green: service(&[green]).blue, ..service(&[blue]) };
    let config = edge::Config { services: [("app".to_owned(), both)].into(), ..edge::Config::default() };
    let folder = Arc::new(tempfile::TempDir::new().expect("a folder"));
    let gate = Gate::with_folder(config.clone(), &["127.0.0.1/32"], Arc::clone(&folder)).await;
    start(&gate, Draft { holds: vec![Period::HOUR], ..quick(&[50, 100]) }).await;
    let has_evidence =
        |view: &ServiceView| view.rollout.as_ref().is_some_and(|rollout| rollout.evidence[0].requests() > 50);
    traffic_until(&gate, has_evidence).await;
    let before = view(&gate).await.rollout.expect("a rollout");
    gate.close().await;
    let gate = Gate::with_folder(config, &["127.0.0.1/32"], folder).await;
    let after = view(&gate).await;
    assert_eq!(u8::from(after.slots[1].weight), 50);
    let after = after.rollout.expect("a rollout");
    assert_eq!((after.id, &after.plan), (before.id, &before.plan));
    assert!(after.evidence[0].requests() >= before.evidence[0].requests(), "{before:?} {after:?}");
}

#[tokio::test]
async fn visitors_are_sent_nowhere_where_the_settings_name_nobody() {
    let (blue, green) = (failing(0).await, failing(0).await);
    let with = |blue: &[SocketAddr], green: &[SocketAddr]| {
        let both = edge::ServiceConfig { green: service(green).blue, ..service(blue) };
        edge::Config { services: [("app".to_owned(), both)].into(), ..edge::Config::default() }
    };
    let folder = Arc::new(tempfile::TempDir::new().expect("a folder"));
    let gate = Gate::with_folder(with(&[blue], &[green]), &["127.0.0.1/32"], Arc::clone(&folder)).await;
    start(&gate, Draft { holds: vec![Period::HOUR], ..quick(&[100]) }).await;
    traffic_until(&gate, |view| u8::from(view.slots[1].weight) == 100).await;
    gate.close().await;
    let refused = Edge::build(with(&[blue], &[]), Vec::new(), folder.path(), Ambient::system(), None);
    let words = refused.expect_err("nobody is there").to_string();
    assert!(words.contains("write its addresses into edge.services.app.green"), "{words}");
    let gate = Gate::with_folder(with(&[], &[green]), &[], folder).await;
    let abort = Deed::Order { service: "app".to_owned(), order: Order::Abort };
    let words = gate.control.give(abort, None).await.expect_err("nowhere to go back to").to_string();
    assert!(words.contains("write its addresses into edge.services.app.blue"), "{words}");
    assert!(client().get(gate.url("/")).send().await.expect("an answer").status().is_success());
}

#[tokio::test]
async fn what_waits_at_the_gate_is_not_slow() {
    let mut both =
        edge::ServiceConfig { green: service(&[failing(0).await]).blue, ..service(&[failing(0).await]) };
    both.rollout.slow_after = Period::from_millis(200);
    let config = edge::Config { services: [("app".to_owned(), both)].into(), ..edge::Config::default() };
    let gate = Gate::open(config, &["127.0.0.1/32"]).await;
    start(&gate, Draft { holds: vec![Period::HOUR], ..quick(&[50, 100]) }).await;
    traffic_until(&gate, |view| view.rollout.as_ref().is_some_and(|rollout| u8::from(rollout.weight) == 50))
        .await;
    let pause = Deed::Pause { service: "app".to_owned(), limit: Period::MINUTE };
    gate.control.give(pause, None).await.expect("paused");
    let (client, url) = (client(), gate.url("/"));
    let ask = |number: u8| client.post(&url).header("x-forwarded-for", format!("192.0.2.{number}")).send();
    let asked: Vec<_> = (0..50).map(|number| tokio::spawn(ask(number))).collect();
    // They wait for longer than what is slow.
    tokio::time::sleep(Duration::from_millis(400)).await;
    gate.control.give(Deed::Open { service: "app".to_owned() }, None).await.expect("open");
    for asked in asked {
        assert_eq!(asked.await.expect("sent").expect("an answer").status(), StatusCode::OK);
    }
    traffic_until(&gate, |view| green_has_answered(view, 30)).await;
    let rollout = view(&gate).await.rollout.expect("a rollout");
    assert!(matches!(rollout.phase, Phase::At { .. }), "{:?}", rollout.phase);
}

#[tokio::test]
async fn a_release_whose_answers_never_end_costs_the_gate_little() {
    let (told, mut gone) = mpsc::channel(64);
    let endless = async move || {
        let gone = TellsWhenGone(told.clone());
        let more = stream::unfold(gone, async |gone| {
            Some((Ok::<_, Infallible>(Bytes::from_static(&[0; 8192])), gone))
        });
        axum::body::Body::from_stream(more)
    };
    let green = target::serve(Router::new().fallback(endless)).await;
    let mut both = edge::ServiceConfig { green: service(&[green]).blue, ..service(&[failing(0).await]) };
    both.rollout.probes_per_second = 20;
    let gate = Gate::before(both).await;
    let holds = vec![Period::from_secs(2), Period::SECOND];
    start(&gate, Draft { holds, ..quick(&[50, 100]) }).await;
    let given_up = tokio::time::timeout(FOREVER * 2, gone.recv()).await;
    assert_eq!(given_up.expect("given up while it goes on"), Some(()));
    gate.close().await;
}
