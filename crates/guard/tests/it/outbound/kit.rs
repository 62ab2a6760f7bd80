//! A server that counts its visitors, and a way out to it.

use std::error::Error;
use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::extract::{Request as Visit, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use foundation::Ambient;
use foundation::config::Period;
use guard::outbound::{AllowedHost, Answer, Outbound, OutboundConfig, OutboundError, Request};
use http::{HeaderValue, Method, StatusCode};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// A server on a free port of this machine. It stops when dropped.
pub(crate) struct Server {
    pub(crate) port: u16,
    visits: Arc<AtomicUsize>,
    task: JoinHandle<()>,
}

impl Server {
    pub(crate) async fn start(router: Router) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("bound").port();
        let visits = Arc::new(AtomicUsize::new(0));
        let router = router.layer(from_fn_with_state(Arc::clone(&visits), count));
        let task = tokio::spawn(async move { axum::serve(listener, router).await.expect("serves") });
        Self { port, visits, task }
    }

    /// One that answers everything alike.
    pub(crate) async fn answering(answer: impl IntoResponse + Clone + Send + Sync + 'static) -> Self {
        Self::start(Router::new().fallback(any(async move || answer))).await
    }

    /// One that never answers.
    pub(crate) async fn silent() -> Self {
        Self::start(Router::new().fallback(any(pending::<()>))).await
    }

    /// Where it listens.
    pub(crate) fn host(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.host())
    }

    /// How many requests it saw.
    pub(crate) fn visits(&self) -> usize {
        self.visits.load(Ordering::Relaxed)
    }
}

async fn count(State(visits): State<Arc<AtomicUsize>>, visit: Visit, next: Next) -> Response {
    visits.fetch_add(1, Ordering::Relaxed);
    next.run(visit).await
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Settings that let requests go to these hosts and to no address that is not public. Where time leaps, attempts should
/// not run out of it unless a test wants them to.
pub(crate) fn only_public(hosts: &[String]) -> OutboundConfig {
    crate::log::listen();
    let host = |host: &String| AllowedHost::try_from(host.clone()).expect("a host");
    let (allow, patience) = (hosts.iter().map(host).collect(), Period::DAY);
    OutboundConfig { allow, timeout: patience, connect_timeout: patience, ..OutboundConfig::default() }
}

/// The same, and this machine may be reached.
pub(crate) fn here(hosts: &[String]) -> OutboundConfig {
    let here = ["127.0.0.0/8", "::1/128"].map(|network| network.parse().expect("a network"));
    OutboundConfig { allow_private: here.into(), ..only_public(hosts) }
}

pub(crate) fn built(config: &OutboundConfig) -> Outbound {
    Outbound::build(config, Ambient::system()).expect("a way out")
}

pub(crate) fn to(server: &Server) -> Outbound {
    built(&here(&[server.host()]))
}

/// A way out to a server that is not waited for longer than half a minute.
pub(crate) fn impatient_to(server: &Server) -> Outbound {
    built(&OutboundConfig { timeout: Period::from_secs(30), ..here(&[server.host()]) })
}

pub(crate) fn request(method: Method, url: &str) -> Request {
    Request::new(method, url.parse().expect(url))
}

pub(crate) fn get(url: &str) -> Request {
    request(Method::GET, url)
}

/// What is sent once: it might do harm twice.
pub(crate) fn post(url: &str) -> Request {
    request(Method::POST, url).body("hunter2")
}

pub(crate) async fn refused(outbound: &Outbound, request: Request) -> OutboundError {
    outbound.send(request).await.expect_err("refused")
}

/// A status, or the words of an error.
pub(crate) fn told(outcome: Result<Answer, OutboundError>) -> Result<StatusCode, String> {
    outcome.map(|answer| answer.status).map_err(|error| words(&error))
}

/// What an error says, with all its causes.
pub(crate) fn words(error: &dyn Error) -> String {
    error.source().map_or(error.to_string(), |cause| format!("{error}: {}", words(cause)))
}

pub(crate) fn value(text: &'static str) -> HeaderValue {
    HeaderValue::from_static(text)
}

/// Lets time pass at once. Between such leaps the clock runs as always, so that sockets have theirs.
pub(crate) async fn later(by: Duration) {
    tokio::time::pause();
    tokio::time::advance(by).await;
    tokio::time::resume();
}

/// Lets time pass, in leaps of a second, until the task is done.
pub(crate) async fn in_time<T: Send + 'static>(task: JoinHandle<T>) -> T {
    while !task.is_finished() {
        later(Duration::from_secs(1)).await;
        // The sockets' turn.
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    task.await.expect("the task ends")
}
