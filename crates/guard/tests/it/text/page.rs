//! A page in a real Chromium: served on the loopback, shown without a window, answered with a report.

use std::process::{Child, Command, Stdio};
use std::time::Duration;

use axum::Router;
use axum::response::Html;
use axum::routing::{get, post};
use serde::{Deserialize, Serialize};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::mpsc;

/// What the page gets.
#[derive(Debug, Serialize)]
pub(super) struct Texts {
    pub(super) kinds: Vec<Kind>,
    /// Texts as attackers write them.
    pub(super) controls: Vec<&'static str>,
    /// How many of the controls must have run before the page stops waiting for more.
    pub(super) enough: usize,
}

/// Texts of one type that were made safe, and the elements that may stand in them.
#[derive(Debug, Serialize)]
pub(super) struct Kind {
    pub(super) tags: &'static [&'static str],
    pub(super) texts: Vec<String>,
}

/// What the page saw.
#[derive(Debug, Deserialize)]
pub(super) struct Report {
    pub(super) seen: usize,
    /// How often it looked at what a text had become in some place.
    pub(super) looks: usize,
    pub(super) executed: Vec<serde_json::Value>,
    pub(super) flaws: Vec<String>,
    /// In how many of the controls it saw something that must not be there.
    pub(super) noticed: usize,
    /// The controls that ran.
    pub(super) caught: Vec<serde_json::Value>,
}

/// Shows the page and waits for its report.
pub(super) async fn show(texts: &Texts) -> Report {
    const PAGE: &str = "<!doctype html><meta charset=utf-8><link rel=icon href=data:,><body><script type=module src=/page.js></script>";
    let texts = serde_json::to_string(texts).expect("JSON");
    let (reports, mut report) = mpsc::channel::<String>(1);
    let script = ([("content-type", "text/javascript")], include_str!("page.js"));
    let router = Router::new()
        .route("/", get(async || Html(PAGE)))
        .route("/page.js", get(async move || script))
        .route("/texts", get(async move || texts))
        .route("/report", post(async move |body: String| reports.send(body).await.expect("somebody waits")))
        .layer(axum::extract::DefaultBodyLimit::disable());
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    let server = tokio::spawn(async move { axum::serve(listener, router).await });
    let browser = Browser::open(&format!("http://{address}/"));
    let report = tokio::time::timeout(Duration::from_secs(90), report.recv()).await;
    drop(browser);
    server.abort();
    let report = report.expect("Chromium reports in time").expect("the server keeps the channel open");
    serde_json::from_str(&report).expect("a report")
}

/// A browser that is closed when it is dropped.
struct Browser {
    process: Child,
    _profile: TempDir,
}

impl Browser {
    fn open(address: &str) -> Self {
        let profile = tempfile::tempdir().expect("a folder");
        let process = Command::new("chromium")
            .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"])
            .args(["--disable-background-networking", "--disable-component-update", "--disable-sync"])
            // Nothing is asked of any other machine.
            .args(["--no-proxy-server", "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .arg(address)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("Chromium is installed: `apt-get install chromium`, or `make test`");
        Self { process, _profile: profile }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // It may have ended by itself; then the report is missing, and the test says so.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
