//! The other end of the socket: for the command line, and for whoever shows people how the gate stands.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use bytes::Bytes;
use foundation::Timestamp;
use http::{Method, Request, StatusCode, header};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::net::UnixStream;

use super::{Lately, Part, Successor, Wish, path};
use crate::engine::{Deed, GateView, Record, Refused, SeriesView, Told};

/// How long an answer may take.
const LIMIT: Duration = Duration::from_secs(10);
/// The same, while another process starts.
const UPGRADE_LIMIT: Duration = Duration::from_mins(2);
/// How large it may be.
const LARGEST: usize = 64 * 1024 * 1024;

/// Why the gate has not answered.
#[derive(Debug, thiserror::Error)]
pub enum ControlError {
    /// Nobody listens.
    #[error(
        "no gate listens at {}; start one with: mainstay edge, or name its settings or its data folder as it was told them",
        .0.display()
    )]
    Closed(PathBuf, #[source] io::Error),
    /// It says no.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// Something else than an answer came.
    #[error("the gate has not answered as it should; is it of another version?")]
    Unclear(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// A gate that is open, perhaps in another process.
#[derive(Debug, Clone)]
pub struct Control {
    folder: PathBuf,
}

impl Control {
    /// Of the gate with this folder.
    pub fn of(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    /// How everything stands.
    ///
    /// # Errors
    /// When no gate is open.
    pub async fn status(&self) -> Result<GateView, ControlError> {
        self.ask(Method::GET, "/status", &()).await
    }

    /// What both slots of a service did lately: only what is newer than a moment, if one is named. None if there is no
    /// such service.
    ///
    /// # Errors
    /// When no gate is open.
    pub async fn series(
        &self,
        service: &str,
        after: Option<Timestamp>,
    ) -> Result<Option<SeriesView>, ControlError> {
        self.ask(Method::POST, "/series", &Lately { service: service.to_owned(), after }).await
    }

    /// What happened after a record; without one, the newest, the oldest of them first.
    ///
    /// # Errors
    /// When no gate is open.
    pub async fn history(&self, after: Option<u64>) -> Result<Vec<Record>, ControlError> {
        self.ask(Method::POST, "/history", &Part { after }).await
    }

    /// Has something done. It is kept when the answer comes.
    ///
    /// # Errors
    /// When no gate is open, or it refuses; then nothing was done.
    pub async fn give(&self, deed: Deed, by: Option<String>) -> Result<Told, ControlError> {
        self.ask(Method::POST, "/do", &Wish { deed, by }).await
    }

    /// Has this program take the gate's place; what the gate says of it comes when it has.
    ///
    /// # Errors
    /// When no gate is open, or the program does not come to serve; then nothing has changed.
    pub async fn upgrade(&self, binary: PathBuf) -> Result<String, ControlError> {
        self.ask_patiently(Method::POST, "/upgrade", &Successor { binary }, UPGRADE_LIMIT).await
    }

    async fn ask<A: DeserializeOwned>(
        &self,
        method: Method,
        what: &str,
        body: &impl Serialize,
    ) -> Result<A, ControlError> {
        self.ask_patiently(method, what, body, LIMIT).await
    }

    async fn ask_patiently<A: DeserializeOwned>(
        &self,
        method: Method,
        what: &str,
        body: &impl Serialize,
        limit: Duration,
    ) -> Result<A, ControlError> {
        let asked = tokio::time::timeout(limit, self.exchange(method, what, body)).await;
        let (status, text) = asked.map_err(unclear)??;
        if status == StatusCode::CONFLICT {
            let refused: Refused = serde_json::from_slice(&text).map_err(unclear)?;
            return Err(refused.into());
        }
        serde_json::from_slice(&text).map_err(unclear)
    }

    async fn exchange(
        &self,
        method: Method,
        what: &str,
        body: &impl Serialize,
    ) -> Result<(StatusCode, Bytes), ControlError> {
        let socket = path(&self.folder);
        let stream = UnixStream::connect(&socket).await;
        let stream = stream.map_err(|cause| ControlError::Closed(socket, cause))?;
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(unclear)?;
        let request = Request::builder()
            .method(method)
            .uri(what)
            .header(header::HOST, "gate")
            .header(header::CONTENT_TYPE, "application/json")
            .body(Full::new(Bytes::from(serde_json::to_vec(body).map_err(unclear)?)))
            .map_err(unclear)?;
        let answer = async {
            let answer = sender.send_request(request).await.map_err(unclear)?;
            let status = answer.status();
            let text =
                Limited::new(answer.into_body(), LARGEST).collect().await.map_err(ControlError::Unclear)?;
            Ok((status, text.to_bytes()))
        };
        tokio::pin!(answer);
        tokio::select! {
            answer = &mut answer => answer,
            _ = connection => answer.await,
        }
    }
}

fn unclear(cause: impl std::error::Error + Send + Sync + 'static) -> ControlError {
    ControlError::Unclear(Box::new(cause))
}
