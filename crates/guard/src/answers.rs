//! Turns every failure into a problem document (RFC 9457) that names the request, and logs its cause once.

use std::any::Any;
use std::error::Error;
use std::fmt;

use axum::body::{Body, HttpBody as _};
use axum::response::{IntoResponse as _, Response};
use foundation::{Code, Problem};
use http::{StatusCode, header};

use crate::RequestId;
use crate::headers::is_below;

/// The most that is logged of an answer which was not meant for clients.
const LOGGED_BYTES: u64 = 4096;

/// Gives an answer its last form: if it is a problem, its causes are logged and its document names the request.
/// Headers that a handler added to a problem, such as `Set-Cookie`, are kept.
pub(crate) async fn finish(mut response: Response, path: &str, id: RequestId) -> Response {
    let problem = match response.extensions_mut().remove::<Problem>() {
        Some(problem) => problem,
        None => match code_of_plain(&response, path) {
            Some(code) => retell(code, &mut response).await,
            None => return response,
        },
    };
    log(&problem);

    let code = problem.code();
    let (document, body) = problem.respond(Some(id.to_string())).into_parts();
    let (mut parts, _) = response.into_parts();
    parts.status = document.status;
    for about_the_old_body in [header::CONTENT_LENGTH, header::CONTENT_ENCODING, header::ETAG] {
        parts.headers.remove(about_the_old_body);
    }
    parts.headers.extend(document.headers);
    // For the line of the access log.
    parts.extensions.insert(code);
    Response::from_parts(parts, body)
}

fn log(problem: &Problem) {
    let code = problem.code();
    let causes = problem.causes().unwrap_or_default();
    // Maintenance is no failure, and any stranger can ask for a change meanwhile.
    if code.status().is_server_error() && code != Code::Maintenance {
        tracing::error!(code = code.as_str(), causes, "the request failed");
    } else {
        tracing::debug!(code = code.as_str(), causes, "the request was refused");
    }
}

/// The code for an error that axum or an extractor answered in plain text, or below `/api` with nothing at all.
/// `None` for everything that was formed on purpose: pages, JSON, problem documents.
fn code_of_plain(response: &Response, path: &str) -> Option<Code> {
    let plain = match response.headers().get(header::CONTENT_TYPE) {
        Some(kind) => kind.as_bytes().starts_with(b"text/plain"),
        None => is_below(path, "/api"),
    };
    plain.then(|| code_for(response.status()))?
}

fn code_for(status: StatusCode) -> Option<Code> {
    match status {
        StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY => Some(Code::MalformedRequest),
        StatusCode::UNAUTHORIZED => Some(Code::Unauthenticated),
        StatusCode::NOT_FOUND => Some(Code::NotFound),
        StatusCode::METHOD_NOT_ALLOWED => Some(Code::MethodNotAllowed),
        StatusCode::REQUEST_TIMEOUT => Some(Code::RequestTimeout),
        StatusCode::PAYLOAD_TOO_LARGE => Some(Code::BodyTooLarge),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => Some(Code::UnsupportedMediaType),
        StatusCode::TOO_MANY_REQUESTS => Some(Code::TooManyRequests),
        StatusCode::SERVICE_UNAVAILABLE => Some(Code::Unavailable),
        status if status.is_server_error() => Some(Code::Internal),
        _ => None,
    }
}

/// The same in our words. What axum said may name types or repeat what the client sent; it is not passed on.
async fn retell(code: Code, response: &mut Response) -> Problem {
    let detail = match code {
        Code::NotFound => "There is nothing at this address.".to_owned(),
        Code::MethodNotAllowed => {
            "This address does not understand this method; the header Allow lists those it does.".to_owned()
        }
        Code::MalformedRequest => "The address or the body of the request is not as it should be.".to_owned(),
        Code::BodyTooLarge => crate::limits::TOO_LARGE.to_owned(),
        Code::UnsupportedMediaType => crate::json::SEND_JSON.to_owned(),
        Code::Internal => return Problem::internal(Unexpected(said(response).await)),
        other => format!("{}.", other.title()),
    };
    Problem::new(code, detail)
}

/// What a plain answer says, for the log. Only what is complete and short: a stream might never end.
async fn said(response: &mut Response) -> String {
    let body = std::mem::replace(response.body_mut(), Body::empty());
    match body.size_hint().exact() {
        Some(1..=LOGGED_BYTES) => {
            let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
            String::from_utf8_lossy(&bytes).into_owned()
        }
        _ => format!("a plain answer with status {}", response.status()),
    }
}

/// An answer that no handler of ours formed.
#[derive(Debug)]
struct Unexpected(String);

impl fmt::Display for Unexpected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for Unexpected {}

/// What is answered when a handler panics. The message goes to the log like any other cause.
#[expect(clippy::needless_pass_by_value, reason = "the panic catcher hands over a box")]
pub(crate) fn panicked(payload: Box<dyn Any + Send>) -> Response {
    let text = payload.downcast_ref::<&str>().copied();
    let text = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    let text = text.unwrap_or("(the panic has no message)");
    Problem::internal(Unexpected(format!("a handler panicked: {text}"))).into_response()
}
