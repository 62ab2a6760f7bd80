//! A time that stands still, an application that verifies nothing, and a place where keys are published.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use edge::{Config, JwtConfig, ServiceConfig};
use foundation::{Ambient, Clock, SystemRandomness, Timestamp};
use http::StatusCode;
use reqwest::RequestBuilder;
use serde_json::Value;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::gate::{Gate, client, service, until};
use crate::issuer::{AUDIENCE, EPOCH, ISSUER, Signer, set};
use crate::target;

/// A clock that goes when it is told to.
#[derive(Clone)]
pub(crate) struct Standing(Arc<AtomicI64>);

impl Standing {
    /// A minute after the issuer's tokens begin to count.
    pub(crate) fn new() -> Self {
        Self(Arc::new(AtomicI64::new(EPOCH + 60)))
    }

    pub(crate) fn advance(&self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::Relaxed);
    }
}

impl Clock for Standing {
    fn now(&self) -> Timestamp {
        Timestamp::from_timestamp(self.0.load(Ordering::Relaxed), 0).expect("a moment")
    }
}

/// What the issuer's server says.
#[derive(Clone)]
pub(crate) enum Says {
    Keys(Value),
    Text(StatusCode, &'static str),
    /// Nothing, until it says something else.
    Nothing,
}

/// An issuer's server.
pub(crate) struct Published {
    pub(crate) address: SocketAddr,
    says: watch::Sender<Says>,
    visits: Arc<AtomicUsize>,
    serving: Mutex<JoinHandle<()>>,
}

impl Published {
    pub(crate) async fn of(keys: &[&Signer]) -> Self {
        Self::saying(Says::Keys(set(keys))).await
    }

    pub(crate) async fn saying(says: Says) -> Self {
        let says = watch::Sender::new(says);
        let visits = Arc::<AtomicUsize>::default();
        let state = (says.clone(), Arc::clone(&visits));
        let router = Router::new().route("/.well-known/jwks.json", get(answer)).with_state(state);
        let (address, serving) = target::serve_for_a_while(router).await;
        Self { address, says, visits, serving: Mutex::new(serving) }
    }

    pub(crate) fn say(&self, says: Says) {
        self.says.send_replace(says);
    }

    pub(crate) fn publish(&self, keys: &[&Signer]) {
        self.say(Says::Keys(set(keys)));
    }

    /// How often it was asked.
    pub(crate) fn visits(&self) -> usize {
        self.visits.load(Ordering::SeqCst)
    }

    /// Nobody listens there any more.
    pub(crate) async fn goes_down(&self) {
        self.serving.lock().expect("not poisoned").abort();
        until(async || TcpListener::bind(self.address).await.is_ok()).await;
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/.well-known/jwks.json", self.address)
    }
}

async fn answer(State((says, visits)): State<(watch::Sender<Says>, Arc<AtomicUsize>)>) -> Response {
    visits.fetch_add(1, Ordering::SeqCst);
    let mut says = says.subscribe();
    let said = says.wait_for(|says| !matches!(says, Says::Nothing)).await.expect("the test goes on").clone();
    // A server that is down answers over no old connection either.
    let close = [(http::header::CONNECTION, "close")];
    match said {
        Says::Keys(keys) => (close, keys.to_string()).into_response(),
        Says::Text(status, text) => (status, close, text).into_response(),
        Says::Nothing => unreachable!("waited for something"),
    }
}

/// Believes tokens of this issuer.
pub(crate) fn believing(url: &str) -> JwtConfig {
    JwtConfig {
        jwks: Some(url.parse().expect("a source")),
        issuer: ISSUER.to_owned(),
        audience: vec![AUDIENCE.to_owned()],
        token_type: Some("at+jwt".to_owned()),
        ..JwtConfig::default()
    }
}

/// An application that answers to everything with what it got, behind a gate that stands at a standing time.
pub(crate) async fn gate(clock: &Standing, change: impl FnOnce(&mut ServiceConfig)) -> Gate {
    gate_with(clock, Arc::new(TempDir::new().expect("a folder")), change).await
}

/// The same, with a folder of its own.
pub(crate) async fn gate_with(
    clock: &Standing,
    folder: Arc<TempDir>,
    change: impl FnOnce(&mut ServiceConfig),
) -> Gate {
    let mut service = service(&[target::mirror().await]);
    change(&mut service);
    let config = Config { services: [("app".to_owned(), service)].into(), ..Config::default() };
    Gate::with_ambient(config, &[], folder, Ambient::new(clock.clone(), SystemRandomness)).await
}

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: http::HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) async fn to(request: RequestBuilder) -> Self {
        let answer = request.send().await.expect("an answer");
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        Self { status, headers, text: answer.text().await.expect("text") }
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().expect("text"))
    }

    /// The code of a problem document.
    pub(crate) fn code(&self) -> String {
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{}", self.text);
        let problem: Value = serde_json::from_str(&self.text).expect("JSON");
        problem["code"].as_str().expect("a code").to_owned()
    }

    /// What the application got under a name, in the words of the mirror.
    pub(crate) fn got(&self, name: &str) -> Vec<&str> {
        self.text.lines().filter_map(|line| line.strip_prefix(name)?.strip_prefix(": ")).collect()
    }
}

/// Asks with a token.
pub(crate) async fn with_token(gate: &Gate, token: &str) -> Answer {
    Answer::to(client().get(gate.url("/")).bearer_auth(token)).await
}
