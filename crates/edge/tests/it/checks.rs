//! What the checks of a target's health mean for those who ask it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::routing::get;
use edge::{Condition, HealthConfig, ServiceConfig};
use foundation::config::Period;
use futures::future::join_all;
use http::StatusCode;
use tokio::sync::watch;

use crate::gate::{Gate, client, service, until};
use crate::target;

/// What a target says to a check; with none it never answers.
type Says = Option<StatusCode>;

/// A target that says how it is, and counts who else asks it.
struct Patient {
    address: SocketAddr,
    says: watch::Sender<Says>,
    asked: Arc<AtomicUsize>,
}

impl Patient {
    async fn who_says(status: StatusCode) -> Self {
        let (says, asked) = (watch::Sender::new(Some(status)), Arc::<AtomicUsize>::default());
        let (saying, asking) = (says.clone(), Arc::clone(&asked));
        let health = async move || {
            let says = *saying.borrow();
            match says {
                Some(status) => status,
                None => std::future::pending().await,
            }
        };
        let answer = async move || {
            asking.fetch_add(1, Ordering::SeqCst);
            "ok"
        };
        let address = target::serve(Router::new().route("/health", get(health)).fallback(answer)).await;
        Self { address, says, asked }
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

/// A gate whose only slot has these targets, and looks at their health as often as it may.
async fn gate(patients: &[&Patient]) -> Gate {
    let path = Some("/health".to_owned());
    let health =
        HealthConfig { path, every: Period::SECOND, timeout: Period::SECOND, ..HealthConfig::default() };
    let addresses: Vec<_> = patients.iter().map(|patient| patient.address).collect();
    Gate::before(ServiceConfig { health, ..service(&addresses) }).await
}

/// How each target is.
async fn conditions(gate: &Gate) -> Vec<Condition> {
    let view = gate.control.status().await.expect("a status").services.remove(0);
    view.slots[0].targets.iter().map(|target| target.condition).collect()
}

/// Sends requests, many at the same time, each of which must be answered.
async fn many(gate: &Gate) {
    let client = client();
    for answer in join_all((0..40).map(|_| client.get(gate.url("/")).send())).await {
        assert_eq!(answer.expect("an answer").status(), StatusCode::OK);
    }
}

/// One of two targets says this, or nothing, to its checks for a while.
async fn falls_ill_and_recovers(ill: Says) {
    let (one, other) = (Patient::who_says(StatusCode::OK).await, Patient::who_says(StatusCode::OK).await);
    let gate = gate(&[&one, &other]).await;
    until(async || {
        many(&gate).await;
        one.asked() > 0
    })
    .await;
    one.says.send_replace(ill);
    until(async || conditions(&gate).await[0] == Condition::Broken).await;
    let before = (one.asked(), other.asked());
    many(&gate).await;
    assert_eq!((one.asked(), other.asked()), (before.0, before.1 + 40));
    one.says.send_replace(Some(StatusCode::OK));
    until(async || {
        many(&gate).await;
        one.asked() > before.0
    })
    .await;
    assert_ne!(conditions(&gate).await[0], Condition::Broken);
}

#[tokio::test]
async fn a_target_whose_checks_fail_is_asked_no_more_until_they_succeed() {
    falls_ill_and_recovers(Some(StatusCode::INTERNAL_SERVER_ERROR)).await;
}

#[tokio::test]
async fn a_target_that_answers_no_check_in_time_is_asked_no_more_until_it_does() {
    falls_ill_and_recovers(None).await;
}

#[tokio::test]
async fn a_check_that_is_led_elsewhere_is_a_good_one() {
    let led = Patient::who_says(StatusCode::FOUND).await;
    let lost = Patient::who_says(StatusCode::NOT_FOUND).await;
    let gate = gate(&[&led, &lost]).await;
    let conditions = conditions(&gate).await;
    assert!(
        matches!(conditions[..], [Condition::Warming | Condition::Working, Condition::Starting]),
        "{conditions:?}"
    );
    many(&gate).await;
    assert_eq!((led.asked(), lost.asked()), (40, 0));
}
