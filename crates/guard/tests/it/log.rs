//! What is written to the log, and what must not be.

use std::cell::RefCell;
use std::io;
use std::sync::Once;
use std::time::Duration;

use axum::Router;
use axum::routing::{get, post};
use foundation::Problem;
use guard::ValidJson;
use tracing::Level;

use crate::kit::{Answer, protected, request, send};

thread_local! {
    /// What the current test has logged; every test has a thread of its own.
    static LOG: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

struct Log;

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        LOG.with_borrow_mut(|log| log.extend_from_slice(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Takes the whole process's log. It has to stand before the first line is logged anywhere: tracing remembers for each
/// place in the code whether somebody listens.
pub(crate) fn listen() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let subscriber = tracing_subscriber::fmt().with_writer(|| Log).with_max_level(Level::TRACE);
        let subscriber = subscriber.with_ansi(false).without_time().finish();
        tracing::subscriber::set_global_default(subscriber).expect("nobody else listens");
    });
}

pub(crate) fn taken() -> String {
    String::from_utf8(LOG.take()).expect("text")
}

#[derive(serde::Deserialize, garde::Validate)]
struct Login {
    #[garde(length(min = 20))]
    password: String,
}

fn house() -> Router {
    protected(
        Router::new()
            .route("/api/ok", get(async || "ok"))
            .route("/api/login", post(async |ValidJson(login): ValidJson<Login>| login.password))
            .route("/api/broken", get(async || Problem::internal(io::Error::other("the disk is full"))))
            .route("/api/panic", get(panics)),
    )
}

async fn panics() {
    panic!("the wheel came off");
}

/// The answer and the log of one request.
async fn logged(asked: http::request::Builder, body: &'static str) -> (Answer, String) {
    let answer = send(&house(), asked.body(body.into()).expect("a request")).await;
    (answer, taken())
}

// ASVS 16.2.5
// ASVS 16.2.1 - when and what; who and from where stand in the ledger
#[tokio::test]
async fn one_line_tells_of_a_request_and_none_of_its_secrets() {
    let asked = request("GET", "/api/ok?token=hunter2")
        .header("cookie", "session=hunter2")
        .header("authorization", "Bearer hunter2")
        .header("referer", "https://a.example/hunter2");
    let (answer, log) = logged(asked, "").await;
    assert_eq!(log.lines().count(), 1, "{log}");
    let id = answer.header("x-request-id");
    for part in [id, "INFO", "access", r#"method="GET""#, r#"path="/api/ok""#, "status=200", "duration_ms="] {
        assert!(log.contains(part), "{part} not in {log}");
    }
    assert!(!log.contains("hunter2") && !log.contains("code="), "{log}");
}

// ASVS 16.3.3
#[tokio::test]
async fn every_refusal_is_logged_with_its_reason() {
    let login = || request("POST", "/api/login").header("content-type", "application/json");
    for (asked, body, code) in [
        (login().header("sec-fetch-site", "cross-site"), "{}", "cross_site_request"),
        (login().header("origin", "https://evil.example"), "{}", "cross_site_request"),
        (login(), r#"{"password":"short"}"#, "invalid_input"),
        (login(), r#"{"password":"long enough for everybody","role":"admin"}"#, "invalid_input"),
        (login(), r#"{"password":"#, "malformed_json"),
        (login().header("content-length", "999999999"), "", "body_too_large"),
        (request("POST", "/api/login").header("content-type", "text/plain"), "{}", "unsupported_media_type"),
        (request("GET", "/api/ok").header("host", "another.example"), "", "malformed_request"),
        (request("GET", "/api/../etc/passwd"), "", "not_found"),
        (request("DELETE", "/api/ok"), "", "method_not_allowed"),
    ] {
        let (answer, log) = logged(asked, body).await;
        assert_eq!(answer.code(), code, "{answer:?}");
        let line = log.lines().find(|line| line.contains("access")).expect("a line");
        assert!(line.contains("INFO") && line.contains(&format!("code=\"{code}\"")), "{line}");
    }
}

// ASVS 16.2.5
#[tokio::test]
async fn a_refused_password_is_nowhere_in_the_log() {
    let asked = request("POST", "/api/login").header("content-type", "application/json");
    let (answer, log) = logged(asked, r#"{"password":"hunter2"}"#).await;
    assert_eq!(answer.code(), "invalid_input");
    assert!(log.contains("DEBUG") && !log.contains("ERROR"), "{log}");
    assert!(!log.contains("hunter2"), "{log}");
}

// ASVS 16.3.4, 16.5.4
#[tokio::test]
async fn the_cause_of_a_failure_is_logged_once_with_the_request_id() {
    for (path, cause) in [("/api/broken", "the disk is full"), ("/api/panic", "the wheel came off")] {
        let (answer, log) = logged(request("GET", path), "").await;
        assert_eq!(answer.code(), "internal");
        let errors: Vec<&str> = log.lines().filter(|line| line.contains("ERROR")).collect();
        assert_eq!(errors.len(), 1, "{log}");
        assert!(errors[0].contains(cause) && errors[0].contains(answer.header("x-request-id")), "{log}");
        assert_eq!(log.matches(cause).count(), 1, "{log}");
        assert_eq!(log.matches("status=500").count(), 1, "{log}");
    }
}

// ASVS 16.4.1
#[tokio::test]
async fn a_path_cannot_fill_the_log() {
    let (_, log) = logged(request("GET", &format!("/{}", "a".repeat(10_000))), "").await;
    assert!(log.len() < 1000, "{log}");
}

#[tokio::test(start_paused = true)]
async fn a_client_that_goes_away_leaves_a_line() {
    let house = protected(Router::new().route("/api/slow", get(std::future::pending::<()>)));
    let asked = request("GET", "/api/slow").body("".into()).expect("a request");
    let gone = tokio::time::timeout(Duration::from_secs(1), send(&house, asked)).await;
    assert!(gone.is_err());
    let log = taken();
    assert!(log.contains("status=499") && log.contains(r#"path="/api/slow""#), "{log}");
}
