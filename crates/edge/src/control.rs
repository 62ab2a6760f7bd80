//! How the gate is told what to do: HTTP over a Unix socket that only its owner can open. It answers when everything else
//! is down.

mod client;

use std::fs::Permissions;
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::UnixStream as StdUnixStream;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::extract::connect_info::Connected;
use axum::extract::{ConnectInfo, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::serve::IncomingStream;
use axum::{Json, Router};
use foundation::Timestamp;
use serde::{Deserialize, Serialize};
use tokio::net::UnixListener;
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use crate::engine::{Deed, Folder, GateView, Orders, Record, Refused, SeriesView, Told};
use crate::handover::Upgrade;

pub use client::{Control, ControlError};

/// Its name in the gate's folder.
const SOCKET: &str = "control.sock";
/// How many records are given at the most.
const MOST_RECORDS: usize = 1000;

/// What somebody wants done.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wish {
    deed: Deed,
    /// Who wants it; the user at the other end of the socket, unless they act for somebody.
    by: Option<String>,
}

/// What a service did lately.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Lately {
    service: String,
    /// What is newer than this; all that is kept without it.
    after: Option<Timestamp>,
}

/// Which part of the history.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Part {
    /// Those behind this number; the newest without it.
    after: Option<u64>,
}

/// By whom wishes are carried out.
#[derive(Debug)]
pub(crate) struct Desk {
    pub(crate) orders: Orders,
    pub(crate) folder: Folder,
    pub(crate) upgrades: mpsc::Sender<Upgrade>,
}

/// Which program is to take over.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Successor {
    binary: PathBuf,
}

/// Who is at the other end.
#[derive(Debug, Clone)]
struct Caller(String);

impl Connected<IncomingStream<'_, UnixListener>> for Caller {
    fn connect_info(stream: IncomingStream<'_, UnixListener>) -> Self {
        let user = stream.io().peer_cred().map(|peer| peer.uid());
        Self(user.map_or_else(|_| "somebody".to_owned(), |user| format!("user {user} of this machine")))
    }
}

/// Where the socket is.
pub(crate) fn path(folder: &Path) -> PathBuf {
    folder.join(SOCKET)
}

/// Opens the socket, in place of one that a crash has left.
///
/// # Errors
/// When it cannot be made, or another gate listens there.
pub(crate) fn listen(path: &Path) -> io::Result<UnixListener> {
    if StdUnixStream::connect(path).is_ok() {
        return Err(io::Error::new(io::ErrorKind::AddrInUse, "another gate is open with this data folder"));
    }
    bind(path)
}

/// Opens a socket that nobody finds yet: the gate whose place is taken may yet have to keep it.
///
/// # Errors
/// When it cannot be made.
pub(crate) fn prepare(path: &Path) -> io::Result<UnixListener> {
    bind(&draft(path))
}

/// Puts a socket that was prepared in the place of the one that is there.
///
/// # Errors
/// When it cannot be put there; the one that is there stays.
pub(crate) fn publish(path: &Path) -> io::Result<()> {
    std::fs::rename(draft(path), path)
}

fn draft(path: &Path) -> PathBuf {
    path.with_extension("next")
}

fn bind(path: &Path) -> io::Result<UnixListener> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let listener = UnixListener::bind(path)?;
    std::fs::set_permissions(path, Permissions::from_mode(0o600))?;
    Ok(listener)
}

/// Answers until `stop`.
pub(crate) async fn serve(listener: UnixListener, desk: Desk, stop: CancellationToken) {
    let router = Router::new()
        .route("/status", get(status))
        .route("/series", post(series))
        .route("/history", post(history))
        .route("/do", post(carry_out))
        .route("/upgrade", post(upgrade))
        .with_state(Arc::new(desk))
        .into_make_service_with_connect_info::<Caller>();
    let served = axum::serve(listener, router).with_graceful_shutdown(stop.cancelled_owned()).await;
    if let Err(error) = served {
        tracing::error!(
            error = &error as &dyn std::error::Error,
            "the gate cannot be told anything any more"
        );
    }
}

async fn status(State(desk): State<Arc<Desk>>) -> Result<Json<GateView>, Refusal> {
    desk.orders.view().await.map(Json).map_err(Refusal)
}

async fn series(
    State(desk): State<Arc<Desk>>,
    Json(Lately { service, after }): Json<Lately>,
) -> Result<Json<Option<SeriesView>>, Refusal> {
    desk.orders.series(service, after).await.map(Json).map_err(Refusal)
}

async fn history(
    State(desk): State<Arc<Desk>>,
    Json(part): Json<Part>,
) -> Result<Json<Vec<Record>>, Refusal> {
    let folder = desk.folder.clone();
    let read = tokio::task::spawn_blocking(move || match part.after {
        Some(after) => folder.after(after, MOST_RECORDS),
        None => folder.newest(MOST_RECORDS),
    });
    let records = read.await.expect("reading does not panic");
    records.map(Json).map_err(|error| Refusal(Refused(error.to_string())))
}

async fn carry_out(
    State(desk): State<Arc<Desk>>,
    ConnectInfo(Caller(caller)): ConnectInfo<Caller>,
    Json(wish): Json<Wish>,
) -> Result<Json<Told>, Refusal> {
    let by = wish.by.unwrap_or(caller);
    desk.orders.give(wish.deed, by).await.map(Json).map_err(Refusal)
}

async fn upgrade(
    State(desk): State<Arc<Desk>>,
    Json(Successor { binary }): Json<Successor>,
) -> Result<Json<String>, Refusal> {
    let (reply, answer) = oneshot::channel();
    let sent = desk.upgrades.send((binary, reply)).await;
    sent.map_err(|_| Refusal(Refused::stopping()))?;
    let answer = answer.await.map_err(|_| Refusal(Refused::stopping()))?;
    answer.map(Json).map_err(Refusal)
}

/// Why not, as an answer.
#[derive(Debug)]
struct Refusal(Refused);

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (StatusCode::CONFLICT, Json(self.0)).into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_socket_is_found_only_when_its_gate_has_taken_the_place() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = path(folder.path());
        let is_found = async |listener: &UnixListener| {
            let _client = StdUnixStream::connect(&path).expect("somebody listens");
            tokio::time::timeout(std::time::Duration::from_millis(100), listener.accept()).await.is_ok()
        };
        let old = listen(&path).expect("a socket");
        let new = prepare(&path).expect("a second one");
        assert!(is_found(&old).await && !is_found(&new).await);
        assert_eq!(listen(&path).expect_err("taken").kind(), io::ErrorKind::AddrInUse);
        publish(&path).expect("put there");
        assert!(is_found(&new).await);
    }
}
