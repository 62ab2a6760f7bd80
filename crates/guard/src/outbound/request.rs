//! What is asked of another host, and what it answers.

use std::fmt;

use axum::body::Bytes;
use http::header::LOCATION;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use url::Url;

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// A request to another host, small enough to be kept until it is answered.
#[derive(Clone)]
pub struct Request {
    pub(super) method: Method,
    pub(super) url: Url,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
    redirects: u8,
    is_once: bool,
}

impl Request {
    /// A request without a body that follows no redirects.
    pub fn new(method: Method, url: Url) -> Self {
        Self { method, url, headers: HeaderMap::new(), body: Bytes::new(), redirects: 0, is_once: false }
    }

    /// Sets a header.
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// Says that the receiver does once what it is asked twice under the same key. Such a request is tried again
    /// whatever its method.
    pub fn idempotency_key(self, key: HeaderValue) -> Self {
        self.header(IDEMPOTENCY_KEY, key)
    }

    /// Sets the body.
    pub fn body(mut self, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self
    }

    /// Follows so many redirects, each to a host that may be reached. Only reading is worth that: whatever the number,
    /// a request that may change something goes nowhere but where it was sent.
    pub fn follow_redirects(self, at_most: u8) -> Self {
        Self { redirects: at_most, ..self }
    }

    /// Is sent once, whatever comes of it: for who comes back with it anyway, at a time of their own.
    pub fn once(self) -> Self {
        Self { is_once: true, ..self }
    }

    /// Whether it does no harm when it arrives twice (RFC 9110 section 9.2.2).
    pub(super) fn is_repeatable(&self) -> bool {
        !self.is_once && (self.method.is_idempotent() || self.headers.contains_key(IDEMPOTENCY_KEY))
    }

    /// The request that an answer sends us on with, if it may be sent.
    pub(super) fn redirected(&self, answer: &Answer) -> Option<Self> {
        let redirects = self.redirects.checked_sub(1).filter(|_| self.method.is_safe())?;
        let url = self.url.join(answer.headers.get(LOCATION)?.to_str().ok()?).ok()?;
        // What headers and body say is meant for one host: it may be a key.
        let is_same_host = url.origin() == self.url.origin();
        let next = if is_same_host { self.clone() } else { Self::new(self.method.clone(), url.clone()) };
        Some(Self { url, redirects, ..next })
    }
}

/// Neither path and query string nor headers and body: they carry secrets.
impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let host = self.url.origin().ascii_serialization();
        f.debug_struct("Request").field("method", &self.method).field("host", &host).finish_non_exhaustive()
    }
}

/// What a host answered, complete: that it has what was asked for, or why not (4xx).
#[derive(Clone)]
pub struct Answer {
    /// 2xx, 304 or 4xx; everything else is an error.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, no larger than allowed.
    pub body: Bytes,
}

impl Answer {
    /// Whether it sends us elsewhere. "Not modified" has the number of a redirect and is none.
    pub(super) fn is_redirect(&self) -> bool {
        self.status.is_redirection() && self.status != StatusCode::NOT_MODIFIED
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { status, body, .. } = self;
        f.debug_struct("Answer").field("status", status).field("bytes", &body.len()).finish_non_exhaustive()
    }
}
