//! How much a request may send, and how long it may take.

use std::pin::pin;
use std::sync::{Arc, Weak};
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use foundation::{Code, Problem};
use http::header;
use http_body_util::{BodyExt as _, Limited};

/// Answers in the handler's place when it takes too long. The handler is dropped where it stands; a unit of work that
/// was not committed is rolled back.
///
/// While the body is still arriving the client is at fault: 408 (RFC 9110 section 15.5.9), which invites it to repeat
/// the request. Afterwards we are, and a repeated order may count twice: 503.
pub(crate) async fn time(
    State(limit): State<Duration>,
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let (request, arriving) = watch_body(request);
    // Pinned here, so that the body is not dropped together with the clock.
    let mut answer = pin!(next.run(request));
    if let Ok(response) = tokio::time::timeout(limit, &mut answer).await {
        return Ok(response);
    }
    if arriving.strong_count() > 0 {
        let detail = "The request did not arrive completely within the time allowed. Please send it again.";
        return Err(Problem::new(Code::RequestTimeout, detail));
    }
    let detail = "The answer took longer than the time allowed. Before you repeat a request that changes something, \
                  check whether it took effect.";
    Err(Problem::new(Code::Busy, detail).because(TookTooLong(limit)))
}

/// For the log only.
#[derive(Debug)]
struct TookTooLong(Duration);

impl std::fmt::Display for TookTooLong {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the handler was stopped after {:?}, the setting `request_timeout`", self.0)
    }
}

impl std::error::Error for TookTooLong {}

/// The body is dropped by whoever reads it to its end, and by who does not want it.
fn watch_body(request: Request) -> (Request, Weak<()>) {
    let alive = Arc::new(());
    let arriving = Arc::downgrade(&alive);
    let request = request.map(|body| {
        Body::new(body.map_frame(move |frame| {
            let _ = &alive;
            frame
        }))
    });
    (request, arriving)
}

/// Refuses a body that is too large: before reading it when its length is announced, and while reading it otherwise.
pub(crate) async fn body(
    State(limit): State<usize>,
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let announced = request.headers().get(header::CONTENT_LENGTH);
    let announced = announced.and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|length| length > limit as u64) {
        let detail = format!("{TOO_LARGE} It may have at most {limit} bytes.");
        return Err(Problem::new(Code::BodyTooLarge, detail));
    }
    let request = request.map(|body| Body::new(Limited::new(body, limit)));
    Ok(next.run(request).await)
}

/// When a body turns out to be too large while it is read.
pub(crate) const TOO_LARGE: &str = "The body is larger than is accepted here.";
