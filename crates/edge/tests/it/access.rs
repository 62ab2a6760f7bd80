//! The access log: one line for each request, whatever became of it.

use std::future;
use std::io;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use edge::{Deed, JwtConfig, Moment, ServiceConfig};
use futures::stream;
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::sync::mpsc;
use tracing_subscriber::fmt;

use crate::gate::{FOREVER, Gate, client, service};
use crate::target::{self, TellsWhenGone};

/// What is logged while a test runs, in JSON, by any thread. Each test has a process of its own.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn begin() -> Self {
        let all = Self::default();
        let log = all.clone();
        let subscriber = fmt().json().flatten_event(true).with_writer(move || log.clone()).finish();
        tracing::subscriber::set_global_default(subscriber).expect("nobody else listens");
        all
    }

    /// The lines of the access log.
    fn access(&self) -> Vec<Value> {
        let text = self.0.lock().expect("not poisoned").clone();
        let lines = text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
        let lines = lines.map(|line| serde_json::from_slice::<Value>(line).expect("JSON"));
        lines.filter(|line| line["target"] == "access").collect()
    }

    /// The only one there is, as soon as there is one.
    async fn only(&self) -> Value {
        let waiting = async {
            while self.access().is_empty() {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(FOREVER, waiting).await.expect("a line");
        let lines = self.access();
        assert_eq!(lines.len(), 1, "{lines:?}");
        lines[0].clone()
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("not poisoned").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// How many requests are under way at the only target.
async fn under_way(gate: &Gate) -> u32 {
    let services = gate.control.status().await.expect("a status").services;
    services[0].slots[0].targets[0].under_way
}

/// All that was counted by now: the seconds before the last one are complete.
async fn counted(gate: &Gate) -> Vec<Moment> {
    let seconds = async || {
        let series = gate.control.series("app", None).await.expect("an answer");
        series.expect("a service").seconds
    };
    let now = seconds().await.len();
    let waiting = async {
        loop {
            let seconds = seconds().await;
            if seconds.len() > now + 1 {
                return seconds;
            }
        }
    };
    tokio::time::timeout(FOREVER, waiting).await.expect("the seconds go on")
}

#[tokio::test]
async fn a_client_that_does_not_wait_for_its_answer_is_logged_and_counts_for_nothing() {
    let (told, mut telling) = mpsc::channel(2);
    let wait = async move || {
        let gone = TellsWhenGone(told.clone());
        let _ = told.send(()).await;
        future::pending::<()>().await;
        drop(gone);
    };
    let log = Log::begin();
    let gate = Gate::before_target(target::serve(Router::new().fallback(wait)).await).await;
    let mut stream = gate.connect().await;
    stream.write_all(b"GET /wait?x=1 HTTP/1.1\r\nhost: a.example\r\n\r\n").await.expect("sent");
    tokio::time::timeout(FOREVER, telling.recv()).await.expect("in time").expect("asked");
    assert_eq!(under_way(&gate).await, 1);
    drop(stream);
    let line = log.only().await;
    assert_eq!((&line["path"], &line["status"]), (&"/wait".into(), &499.into()), "{line}");
    assert_eq!((&line["service"], &line["slot"]), (&"app".into(), &"blue".into()), "{line}");
    assert!(line["request_id"].as_str().is_some_and(|id| !id.is_empty()), "{line}");
    tokio::time::timeout(FOREVER, telling.recv()).await.expect("in time").expect("let go");
    assert_eq!(under_way(&gate).await, 0);
    let counted = counted(&gate).await;
    assert!(counted.iter().all(|second| second.blue.requests == 0), "{counted:?}");
}

/// How many requests, and how many that failed, are counted for one whose answer begins like this and does not end.
async fn counted_when_it_breaks_off(answer: &'static [u8]) -> (u64, u64) {
    let log = Log::begin();
    let (listener, address) = target::port().await;
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut head = [0; 1024];
            let _ = stream.read(&mut head).await;
            let _ = stream.write_all(answer).await;
        }
    });
    let gate = Gate::before_target(address).await;
    // Whether the client sees the head depends on how soon the rest is missing.
    let whole = async { client().get(gate.url("/")).send().await?.bytes().await };
    assert!(whole.await.is_err());
    let line = log.only().await;
    assert_eq!((&line["bytes"], &line["is_whole"]), (&3.into(), &false.into()), "{line}");
    let counted = counted(&gate).await;
    let sum = |what: fn(&Moment) -> u64| counted.iter().map(what).sum();
    (sum(|second| second.blue.requests), sum(|second| second.blue.errors))
}

#[tokio::test]
async fn an_answer_that_breaks_off_counts_as_one_that_failed() {
    let counted = counted_when_it_breaks_off(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nabc");
    assert_eq!(counted.await, (2, 1), "once as an answer, and once as none");
}

#[tokio::test]
async fn a_stream_of_events_has_no_end_of_its_own() {
    let answer = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n";
    assert_eq!(counted_when_it_breaks_off(answer).await, (1, 0));
}

#[tokio::test]
async fn an_answer_is_logged_with_its_host_and_its_length_when_it_has_ended() {
    let log = Log::begin();
    let (parts, body) = mpsc::channel::<Result<&str, io::Error>>(1);
    let body = Arc::new(Mutex::new(Some(body)));
    let answer = async move || {
        let mut parts = body.lock().expect("not poisoned").take().expect("asked once");
        Body::from_stream(stream::poll_fn(move |context| parts.poll_recv(context)))
    };
    let gate = Gate::before_target(target::serve(Router::new().fallback(answer)).await).await;
    let mut response = client().get(gate.url("/long?secret")).send().await.expect("an answer");
    parts.send(Ok("abc")).await.expect("sent");
    assert_eq!(response.chunk().await.expect("a part").as_deref(), Some(b"abc".as_slice()));
    assert_eq!(log.access(), [] as [Value; 0], "it has not ended");
    parts.send(Ok("defg")).await.expect("sent");
    drop(parts);
    assert_eq!(response.bytes().await.expect("the rest"), "defg");
    let line = log.only().await;
    assert_eq!((&line["bytes"], &line["path"]), (&7.into(), &"/long".into()), "{line}");
    assert_eq!(line["is_whole"], true, "{line}");
    assert!(gate.url("/").contains(line["host"].as_str().expect("a host")), "{line}");
}

#[tokio::test]
async fn what_the_gate_refuses_is_logged_with_the_application_that_it_was_for() {
    let key = "/nowhere/jwks.json".parse().expect("a source");
    let jwt = JwtConfig { jwks: Some(key), ..JwtConfig::default() };
    let protected = ServiceConfig { jwt, ..service(&[target::nobody().await]) };
    let log = Log::begin();
    let gate = Gate::before(protected).await;
    client().get(gate.url("/secret")).send().await.expect("an answer");
    let line = log.only().await;
    assert_eq!((&line["path"], &line["service"]), (&"/secret".into(), &"app".into()), "{line}");
    assert!(line["slot"].is_null() && line["status"] != 200, "it came nowhere: {line}");
}

#[tokio::test]
async fn who_is_sent_away_during_maintenance_is_logged_with_the_application_too() {
    let log = Log::begin();
    let gate = Gate::before_target(target::nobody().await).await;
    let close = Deed::Close { service: "app".to_owned(), until: None, message: None };
    gate.control.give(close, None).await.expect("closed");
    client().get(gate.url("/")).send().await.expect("an answer");
    let line = log.only().await;
    assert_eq!((&line["service"], &line["status"]), (&"app".into(), &503.into()), "{line}");
}
