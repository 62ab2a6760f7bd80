//! Whatever goes wrong, and whoever notices: the answer is a problem document, dressed like every other answer.

use axum::extract::{Extension, Path};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use axum::{Json, Router};
use foundation::{Code, Problem};
use guard::{RequestId, ValidJson, ValidQuery};
use http::{HeaderMap, StatusCode, header};

use crate::kit::{self, Answer, post_json, protected, request, send};

#[derive(Debug, serde::Deserialize, garde::Validate)]
#[serde(deny_unknown_fields)]
struct Login {
    #[garde(length(chars, min = 1))]
    username: String,
    #[garde(length(chars, min = 8, max = 256))]
    password: String,
}

#[derive(Clone)]
struct InternalThing;

async fn login(ValidJson(login): ValidJson<Login>) -> String {
    login.username
}

async fn forgotten_extension(_: Extension<InternalThing>) {}

async fn sign_out() -> impl IntoResponse {
    let headers = [(header::SET_COOKIE, "session=; Max-Age=0"), (header::WWW_AUTHENTICATE, "Bearer")];
    (headers, Problem::new(Code::Unauthenticated, "Your session has ended."))
}

#[expect(
    clippy::disallowed_types,
    reason = "one of axum's own extractors, to see what becomes of its answers"
)]
fn house() -> Router {
    use axum::extract::Query;
    protected(
        Router::new()
            .route("/", get(async || "<html>"))
            .route("/api/login", post(login))
            .route("/api/number/{number}", get(async |Path(number): Path<u8>| number.to_string()))
            .route("/api/query", get(async |Query(query): Query<Login>| query.username))
            .route("/api/valid-query", get(async |ValidQuery(query): ValidQuery<Login>| query.username))
            .route("/page", get(async |Query(query): Query<Login>| query.username))
            .route("/api/forgotten", get(forgotten_extension))
            .route("/forgotten", get(forgotten_extension))
            .route("/api/signed-out", get(sign_out))
            .route("/api/health", get(async || (StatusCode::SERVICE_UNAVAILABLE, Json("down"))))
            .route("/api/id", get(async |Extension(id): Extension<RequestId>| id.to_string()))
            .route("/api/headers", get(async |headers: HeaderMap| format!("{headers:?}")))
            .route("/api/panic", get(panics))
            .route("/api/cached", get(async || ([(header::CACHE_CONTROL, "max-age=60")], "x"))),
    )
}

async fn panics() {
    panic!("the key is hunter2");
}

async fn at(path: &str) -> Answer {
    send(&house(), kit::get(path)).await
}

#[tokio::test]
async fn a_problem_document_names_the_request() {
    let answer = send(&house(), post_json("/api/login", r#"{"username":"","password":"short"}"#)).await;
    let id = answer.header("x-request-id").to_owned();
    insta::assert_snapshot!(pretty(&answer.body).replace(&id, "(id)"), @r#"
    {
      "type": "urn:mainstay:problem:invalid_input",
      "title": "Some fields are not valid",
      "status": 400,
      "code": "invalid_input",
      "detail": "2 fields need your attention.",
      "errors": [
        {
          "field": "password",
          "code": "length",
          "message": "must have at least 8 characters"
        },
        {
          "field": "username",
          "code": "length",
          "message": "must not be empty"
        }
      ],
      "request_id": "(id)"
    }
    "#);
    answer.must_not_contain("short");
}

fn pretty(json: &str) -> String {
    let document: foundation::problem::ProblemDocument = serde_json::from_str(json).expect("a document");
    serde_json::to_string_pretty(&document).expect("serialisable")
}

#[tokio::test]
async fn a_good_body_arrives() {
    let answer =
        send(&house(), post_json("/api/login", r#"{"username":"ada","password":"long enough"}"#)).await;
    assert_eq!((answer.status, answer.body.as_str()), (StatusCode::OK, "ada"));
}

#[tokio::test]
async fn a_query_is_read_like_a_body() {
    let answer = at("/api/valid-query?username=ada&password=long+enough").await;
    assert_eq!((answer.status, answer.body.as_str()), (StatusCode::OK, "ada"));
    let answer = at("/api/valid-query?password=hunter2&role=hunter2").await;
    assert_eq!((answer.status, answer.code().as_str()), (StatusCode::BAD_REQUEST, "invalid_input"));
    for field in ["username", "password", "role"] {
        assert!(answer.body.contains(&format!(r#""field":"{field}""#)), "{field}: {answer:?}");
    }
    answer.must_not_contain("hunter2");
}

// ASVS 3.5.2
#[tokio::test]
async fn the_wrong_kind_of_body_is_refused() {
    let body = r#"{"username":"ada","password":"long enough"}"#;
    for kind in [None, Some("text/plain"), Some("application/x-www-form-urlencoded")] {
        let mut request = request("POST", "/api/login");
        if let Some(kind) = kind {
            request = request.header("content-type", kind);
        }
        let answer = send(&house(), request.body(body.into()).expect("a request")).await;
        assert_eq!(answer.code(), "unsupported_media_type", "{kind:?}");
    }
}

#[tokio::test]
async fn what_axum_answers_by_itself_is_retold() {
    assert_eq!(at("/api/nowhere").await.code(), "not_found");
    assert_eq!(at("/api/number/hunter2").await.code(), "malformed_request");
    assert_eq!(at("/api/query?hunter2=1").await.code(), "malformed_request");
    assert_eq!(at("/page?hunter2=1").await.code(), "malformed_request");

    let not_allowed = at("/api/login").await;
    assert_eq!(not_allowed.code(), "method_not_allowed");
    assert_eq!(not_allowed.header("allow"), "POST");
}

#[tokio::test]
async fn outside_the_api_an_empty_404_stays_what_it_is() {
    let answer = at("/nowhere").await;
    assert_eq!((answer.status, answer.body.as_str()), (StatusCode::NOT_FOUND, ""));
}

#[tokio::test]
async fn an_answer_formed_on_purpose_is_left_alone() {
    let answer = at("/api/health").await;
    assert_eq!((answer.status, answer.body.as_str()), (StatusCode::SERVICE_UNAVAILABLE, r#""down""#));
}

// ASVS 13.4.2, 16.5.1, 16.5.4
#[tokio::test]
async fn no_answer_may_contain_what_went_wrong_inside() {
    for (path, secret) in [
        ("/api/panic", "hunter2"),
        ("/api/panic", "panicked"),
        ("/api/forgotten", "InternalThing"),
        ("/forgotten", "xtension"),
        ("/api/number/hunter2", "hunter2"),
        ("/api/number/hunter2", "u8"),
        ("/api/query?hunter2=1", "hunter2"),
        ("/page?hunter2=1", "hunter2"),
    ] {
        at(path).await.must_not_contain(secret);
    }
    for path in ["/api/panic", "/api/forgotten", "/forgotten"] {
        let answer = at(path).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (500, "internal"), "{path}");
    }
}

#[tokio::test]
async fn a_problem_keeps_the_headers_of_its_handler() {
    let answer = at("/api/signed-out").await;
    assert_eq!(answer.code(), "unauthenticated");
    assert_eq!(answer.header("set-cookie"), "session=; Max-Age=0");
    assert_eq!(answer.header("www-authenticate"), "Bearer");
    let length = answer.header("content-length");
    assert!(length.is_empty() || length == answer.body.len().to_string(), "{answer:?}");
}

// ASVS 4.1.3
#[tokio::test]
async fn the_request_id_is_ours_and_never_the_client_s() {
    let asked = request("GET", "/api/id").header("x-request-id", "mine").body("".into()).expect("a request");
    let answer = send(&house(), asked).await;
    assert_eq!(answer.body, answer.header("x-request-id"));
    answer.must_not_contain("mine");
    let asked =
        request("GET", "/api/headers").header("x-request-id", "mine").body("".into()).expect("a request");
    let seen = send(&house(), asked).await;
    assert!(seen.body.contains("host"), "{seen:?}");
    seen.must_not_contain("mine");
    assert_ne!(answer.body, at("/api/id").await.body);
}

// ASVS 3.2.1, 3.4.2, 3.4.4, 3.4.5, 3.4.8
#[tokio::test]
async fn every_answer_is_dressed() {
    for path in ["/", "/nowhere", "/api/nowhere", "/api/panic", "/api/id", "/docs", "/forgotten"] {
        let answer = at(path).await;
        for name in [
            "content-security-policy",
            "x-content-type-options",
            "x-frame-options",
            "referrer-policy",
            "permissions-policy",
            "cross-origin-opener-policy",
            "cross-origin-resource-policy",
            "cross-origin-embedder-policy",
            "x-request-id",
        ] {
            assert_ne!(answer.header(name), "", "{name} on {path}");
            assert_eq!(answer.headers.get_all(name).iter().count(), 1, "{name} on {path}");
        }
        for name in ["server", "x-powered-by", "strict-transport-security", "access-control-allow-origin"] {
            assert_eq!(answer.header(name), "", "{name} on {path}");
        }
    }
}

// ASVS 14.2.2, 14.3.2
#[tokio::test]
async fn answers_of_the_api_are_not_stored_unless_they_say_so() {
    assert_eq!(at("/api/id").await.header("cache-control"), "no-store");
    assert_eq!(at("/api/nowhere").await.header("cache-control"), "no-store");
    assert_eq!(at("/api/cached").await.header("cache-control"), "max-age=60");
    assert_eq!(at("/").await.header("cache-control"), "");
}

// ASVS 3.4.1, 3.4.5
#[tokio::test]
async fn the_headers_of_a_page() {
    let config = guard::Config { origins: vec!["https://learn.example.org".into()], ..Default::default() };
    let answer = send(&kit::with(config, Router::new().route("/", get(async || ""))), kit::get("/")).await;
    let mut lines: Vec<String> = answer
        .headers
        .iter()
        .filter(|(name, _)| *name != "x-request-id")
        .map(|(name, value)| format!("{name}: {}", value.to_str().expect("text")))
        .collect();
    lines.sort();
    insta::assert_snapshot!(lines.join("\n"), @r#"
    content-length: 0
    content-security-policy: default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'; report-uri /api/csp-report
    content-type: text/plain; charset=utf-8
    cross-origin-embedder-policy: require-corp
    cross-origin-opener-policy: same-origin
    cross-origin-resource-policy: same-origin
    permissions-policy: accelerometer=(), autoplay=(), camera=(), display-capture=(), encrypted-media=(), geolocation=(), gyroscope=(), hid=(), idle-detection=(), magnetometer=(), microphone=(), midi=(), payment=(), serial=(), usb=(), xr-spatial-tracking=()
    referrer-policy: same-origin
    strict-transport-security: max-age=63072000; includeSubDomains
    x-content-type-options: nosniff
    x-frame-options: DENY
    "#);
}
