//! The outermost layer: gives every request an id, finishes its answer and writes its line in the access log.

use std::fmt;
use std::time::Instant;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use foundation::{Ambient, Code, Uuid};
use http::{HeaderName, HeaderValue, StatusCode};
use tracing::Instrument as _;

use crate::answers;

const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The longest path that is logged whole.
const LOGGED: usize = 256;

/// The id of a request: in the answer's header `x-request-id`, in error documents and in every line logged meanwhile.
/// Handlers find it among the request's extensions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestId(Uuid);

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The layer.
pub(crate) async fn attend(State(ambient): State<Ambient>, mut request: Request, next: Next) -> Response {
    let id = RequestId(ambient.new_id());
    // A client's own idea of an id could make its request look like another one's.
    request.headers_mut().remove(&X_REQUEST_ID);
    request.extensions_mut().insert(id);

    let span = tracing::info_span!("request", request_id = %id);
    async move {
        let mut line = Line::begin(&request);
        let path = request.uri().path().to_owned();
        let response = next.run(request).await;
        let mut response = answers::finish(response, &path, id).await;
        if let Ok(value) = HeaderValue::try_from(id.to_string()) {
            response.headers_mut().insert(X_REQUEST_ID, value);
        }
        line.status = Some(response.status());
        line.code = response.extensions().get().copied();
        response
    }
    .instrument(span)
    .await
}

/// One line of the access log, written when it is dropped. It holds no header, no body and no query string: those
/// carry secrets.
struct Line {
    method: String,
    path: String,
    started: Instant,
    /// `None` when the client went away before there was an answer.
    status: Option<StatusCode>,
    /// Why it was refused.
    code: Option<Code>,
}

impl Line {
    fn begin(request: &Request) -> Self {
        // Clients make up methods as well as paths.
        let cut = |text: &str| text.chars().take(LOGGED).collect();
        let (method, path) = (cut(request.method().as_str()), cut(request.uri().path()));
        Self { method, path, started: Instant::now(), status: None, code: None }
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        let Self { method, path, started, status, code } = self;
        let duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        // 499 is what proxies write for a client that did not wait; no answer has it.
        let status = status.map_or(499, |status| status.as_u16());
        let code = code.map(Code::as_str);
        tracing::info!(target: "access", method, path, status, code, duration_ms);
    }
}
