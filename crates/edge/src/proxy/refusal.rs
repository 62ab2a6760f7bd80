//! What a client gets instead of an answer: a page for people, a problem document for programs.

use foundation::{Code, Problem};
use http::{HeaderValue, Method, Request, Response, header};

use super::admission;
use super::body::Body;
use crate::upstream::BodyError;

/// Whether it is a person who waits for a page.
pub(super) fn wants_page<B>(request: &Request<B>) -> bool {
    let accept = request.headers().get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
    request.method() != Method::HEAD && accept.is_some_and(|accept| accept.contains("text/html"))
}

/// The answer.
pub(super) fn respond(problem: &Problem, _wants_page: bool, id: &HeaderValue) -> Response<Body> {
    let id = id.to_str().ok().map(str::to_owned);
    let document = serde_json::to_vec(&problem.document(id)).unwrap_or_default();
    let mut response = Response::new(Body::Ours(Some(document.into())));
    *response.status_mut() = problem.code().status();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// Of a request whose body ends early.
pub(super) fn of_body(error: &BodyError) -> Problem {
    match error {
        BodyError::TooLarge(limit) => admission::too_large(*limit),
        BodyError::ClientStalled(_) => {
            Problem::new(Code::RequestTimeout, "The rest of the request did not arrive in time.")
        }
        BodyError::ClientGone(_) | BodyError::TargetGone(_) | BodyError::TargetStalled(_) => {
            Problem::new(Code::MalformedRequest, "The request ended in the middle of its body.")
        }
    }
}
