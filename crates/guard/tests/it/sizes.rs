//! Bodies that are too large and requests that take too long.

use std::convert::Infallible;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::routing::{get, post};
use foundation::config::Period;
use futures::{StreamExt as _, stream};
use guard::{Config, ValidJson};
use http::StatusCode;

use crate::kit::{get as get_request, post_json, request, send, with};

#[derive(serde::Deserialize, garde::Validate)]
#[serde(deny_unknown_fields)]
struct Note {
    #[garde(skip)]
    text: String,
}

const LIMIT: usize = 4096;

fn house() -> Router {
    let config = Config { max_body_bytes: LIMIT, request_timeout: Period::from_secs(2), ..Config::default() };
    let router = Router::new()
        .route("/api/bytes", post(async |bytes: Bytes| bytes.len().to_string()))
        .route("/api/note", post(async |ValidJson(note): ValidJson<Note>| note.text.len().to_string()))
        .route("/api/slow", get(slow).post(async |_: Bytes| slow().await));
    with(config, router)
}

async fn slow() {
    tokio::time::sleep(Duration::from_mins(1)).await;
}

/// A body without an announced length, in pieces.
fn chunked(bytes: usize) -> Body {
    let pieces = (0..bytes).map(|_| Ok::<_, Infallible>(Bytes::from_static(b" ")));
    Body::from_stream(stream::iter(pieces))
}

// ASVS 15.2.2
#[tokio::test]
async fn a_body_at_the_limit_passes_and_one_byte_more_does_not() {
    for (length, status) in [(LIMIT, StatusCode::OK), (LIMIT + 1, StatusCode::PAYLOAD_TOO_LARGE)] {
        let announced = request("POST", "/api/bytes").header("content-length", length);
        let announced =
            send(&house(), announced.body(Body::from(vec![b' '; length])).expect("a request")).await;
        assert_eq!(announced.status, status, "announced {length}");

        let unannounced = request("POST", "/api/bytes").body(chunked(length)).expect("a request");
        let unannounced = send(&house(), unannounced).await;
        assert_eq!(unannounced.status, status, "chunked {length}");

        if status == StatusCode::PAYLOAD_TOO_LARGE {
            assert_eq!(announced.code(), "body_too_large");
            assert!(announced.body.contains("at most 4096 bytes"), "{announced:?}");
            assert_eq!(unannounced.code(), "body_too_large");
        }
    }
}

#[tokio::test]
async fn a_chunked_json_body_is_limited_too() {
    let answer = send(&house(), post_json("/api/note", chunked(LIMIT + 1))).await;
    assert_eq!(answer.code(), "body_too_large");
}

#[tokio::test]
async fn the_setting_is_the_only_limit() {
    let config = Config { max_body_bytes: 8 << 20, ..Config::default() };
    let house =
        with(config, Router::new().route("/api/bytes", post(async |bytes: Bytes| bytes.len().to_string())));
    let length = 4 << 20;
    let asked = request("POST", "/api/bytes").body(Body::from(vec![0; length])).expect("a request");
    assert_eq!(send(&house, asked).await.body, length.to_string());
}

// ASVS 15.2.2
#[tokio::test(start_paused = true)]
async fn a_slow_handler_is_our_fault_and_a_slow_body_the_client_s() {
    let answer = send(&house(), get_request("/api/slow")).await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (503, "busy"));

    let answer = send(&house(), post_json("/api/slow", "{}")).await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (503, "busy"));

    let never_ends = Body::from_stream(stream::iter([Ok::<_, Infallible>("{")]).chain(stream::pending()));
    let answer = send(&house(), post_json("/api/note", never_ends)).await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (408, "request_timeout"));
}
