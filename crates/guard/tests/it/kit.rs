//! A protected router, requests to it, and a look at what comes back.

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use foundation::Ambient;
use guard::{Config, CsrfKey, Maintenance, Protection, RateLimits, RateRule, protect};
use http::{HeaderMap, StatusCode, request};
use tower::ServiceExt as _;

pub(crate) const HOST: &str = "learn.example.org";
pub(crate) const COOKIE: &str = "__Host-auth_token";

pub(crate) fn key() -> CsrfKey {
    CsrfKey::new(&[42; 32])
}

pub(crate) fn protected(router: Router) -> Router {
    with(Config::default(), router)
}

pub(crate) fn with(config: Config, router: Router) -> Router {
    limited(config, Vec::new(), Ambient::system(), router)
}

pub(crate) fn limited(config: Config, rate_rules: Vec<RateRule>, ambient: Ambient, router: Router) -> Router {
    protect(router, Protection { rate_rules, ..protection(config, ambient) })
}

pub(crate) fn protection(config: Config, ambient: Ambient) -> Protection {
    crate::log::listen();
    Protection {
        rate_limits: RateLimits::in_process(config.rate_limits, ambient.clone()),
        rate_rules: Vec::new(),
        config,
        ambient,
        csrf_key: key(),
        session_cookie: COOKIE.into(),
        maintenance: Maintenance::default(),
        going_on: &["/api/going-on"],
    }
}

pub(crate) fn request(method: &str, uri: &str) -> request::Builder {
    Request::builder().method(method).uri(uri).header("host", HOST)
}

pub(crate) fn post_json(uri: &str, body: impl Into<Body>) -> Request {
    request("POST", uri).header("content-type", "application/json").body(body.into()).expect("a request")
}

pub(crate) fn get(uri: &str) -> Request {
    request("GET", uri).body(Body::empty()).expect("a request")
}

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    /// A header, or nothing.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("text"))
    }

    /// The problem document's code, after checking that it is one.
    pub(crate) fn code(&self) -> String {
        assert_eq!(self.header("content-type"), "application/problem+json", "{self:?}");
        let document: foundation::problem::ProblemDocument =
            serde_json::from_str(&self.body).expect("a document");
        assert_eq!(document.status, self.status.as_u16());
        assert_eq!(document.request_id.as_deref(), Some(self.header("x-request-id")));
        document.code
    }

    pub(crate) fn must_not_contain(&self, secret: &str) {
        let all = format!("{self:?}");
        assert!(!all.contains(secret), "{secret} in {all}");
    }
}

pub(crate) async fn send(router: &Router, request: Request) -> Answer {
    let response = router.clone().oneshot(request).await.expect("a router always answers");
    let (parts, body) = response.into_parts();
    let bytes = axum::body::to_bytes(body, usize::MAX).await.expect("a body");
    let body = String::from_utf8(bytes.to_vec()).expect("text");
    Answer { status: parts.status, headers: parts.headers, body }
}
