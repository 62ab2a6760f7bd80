//! What a client gets instead of an answer: a page for people, a problem document for programs.

use foundation::{Code, Problem};
use guard::Closure;
use http::{HeaderValue, Method, Request, Response, header};

use super::admission;
use super::body::Body;
use crate::pages::{self, POLICY, Reader};
use crate::upstream::BodyError;

/// To whom it is said.
#[derive(Debug, Clone, Copy)]
pub(super) struct Listener {
    /// Whether it is a person who waits for a page.
    wants_page: bool,
    is_german: bool,
    may_ask_again: bool,
}

impl Listener {
    pub(super) fn of<B>(request: &Request<B>) -> Self {
        let accept = request.headers().get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
        Self {
            wants_page: accept.is_some_and(|accept| accept.contains("text/html")),
            is_german: guard::prefers_german(request.headers()),
            may_ask_again: matches!(*request.method(), Method::GET | Method::HEAD),
        }
    }
}

/// Why there is no answer.
#[derive(Debug)]
pub(super) enum Refusal {
    Problem(Problem),
    /// It is maintenance, which is said to programs in a way of their own.
    Closed(Closure, Problem),
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl Refusal {
    /// The answer.
    pub(super) fn respond(&self, listener: Listener, id: &HeaderValue) -> Response<Body> {
        let (Self::Problem(problem) | Self::Closed(_, problem)) = self;
        let id = id.to_str().unwrap_or_default();
        let (body, content_type) = if listener.wants_page {
            (self.page(listener, id).into_bytes(), "text/html; charset=utf-8")
        } else {
            let document = serde_json::to_vec(&problem.document(Some(id.to_owned())));
            (document.unwrap_or_default(), "application/problem+json")
        };
        let mut response = Response::new(Body::ours(body));
        *response.status_mut() = problem.code().status();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert(header::CONTENT_SECURITY_POLICY, POLICY.clone());
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        if let Some(wait) = problem.wait() {
            headers.insert(header::RETRY_AFTER, wait.as_secs().max(1).into());
        }
        response
    }

    fn page(&self, listener: Listener, request_id: &str) -> String {
        let Listener { is_german, may_ask_again, .. } = listener;
        let reader = Reader { is_german, may_ask_again, request_id };
        match self {
            Self::Problem(problem) => pages::of_problem(problem, reader),
            Self::Closed(closure, _) => pages::of_closure(closure, reader),
        }
    }
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
