//! Requests from other sites, and requests that are not what they seem.

use axum::Router;
use axum::body::Body;
use axum::routing::post;
use guard::Config;

use crate::kit::{COOKIE, HOST, key, protected, request, send, with};

fn house() -> Router {
    protected(Router::new().route("/api/do", post(async || "done").get(async || "seen")))
}

/// The code of the answer to a POST with these headers, or `done`.
async fn posted(router: &Router, headers: &[(&str, &str)]) -> String {
    let mut builder = request("POST", "/api/do");
    for (name, value) in headers {
        builder = builder.header(*name, *value);
    }
    let answer = send(router, builder.body(Body::empty()).expect("a request")).await;
    if answer.status.is_success() { answer.body } else { answer.code() }
}

// ASVS 3.5.1
#[tokio::test]
async fn another_site_cannot_act_for_someone() {
    let session = &*format!("{COOKIE}=abc");
    let token = &*key().token_for("abc");
    let ours = &*format!("https://{HOST}");
    #[rustfmt::skip]
    let table: [(&[(&str, &str)], &str); 16] = [
        (&[("cookie", session), ("sec-fetch-site", "same-origin"), ("origin", ours)], "done"),
        (&[("cookie", session), ("origin", ours)],                                    "done"),
        (&[("cookie", session), ("x-csrf-token", token)],                             "done"),
        (&[("cookie", session), ("authorization", "Bearer abc")],                     "done"),
        (&[("cookie", "other=abc")],                                                  "done"),
        (&[],                                                                         "done"),
        (&[("cookie", session)],                                                      "csrf_token_required"),
        (&[("cookie", session), ("authorization", "Basic eDp5")],                     "csrf_token_required"),
        (&[("cookie", session), ("x-csrf-token", &key().token_for("abd"))],           "csrf_token_required"),
        (&[("cookie", session), ("x-csrf-token", "")],                                "csrf_token_required"),
        (&[("cookie", session), ("sec-fetch-site", "cross-site"), ("x-csrf-token", token)], "cross_site_request"),
        (&[("sec-fetch-site", "cross-site")],                                         "cross_site_request"),
        (&[("sec-fetch-site", "same-site"), ("origin", ours)],                        "cross_site_request"),
        (&[("origin", "https://evil.example")],                                       "cross_site_request"),
        (&[("origin", "null")],                                                       "cross_site_request"),
        (&[("sec-fetch-site", "same-origin"), ("origin", "null")],                    "cross_site_request"),
    ];
    let house = house();
    for (headers, expected) in table {
        assert_eq!(posted(&house, headers).await, expected, "{headers:?}");
    }
}

#[tokio::test]
async fn configured_origins_count_whatever_the_host_says() {
    let config = Config { origins: vec!["https://vault.example".into()], ..Config::default() };
    let house = with(config, Router::new().route("/api/do", post(async || "done")));
    assert_eq!(posted(&house, &[("origin", "https://vault.example")]).await, "done");
    assert_eq!(posted(&house, &[("origin", &format!("https://{HOST}"))]).await, "cross_site_request");
}

#[tokio::test]
async fn reading_is_allowed_from_anywhere() {
    let link = request("GET", "/api/do").header("sec-fetch-site", "cross-site").header("cookie", "x=y");
    assert_eq!(send(&house(), link.body(Body::empty()).expect("a request")).await.body, "seen");
}

// ASVS 4.2.1, 15.3.7
#[tokio::test]
async fn what_two_readers_could_understand_differently_is_refused() {
    let ours = &*format!("https://{HOST}");
    let tables: [&[(&str, &str)]; 5] = [
        &[("host", HOST)],
        &[("origin", ours), ("origin", ours)],
        &[("sec-fetch-site", "same-origin"), ("sec-fetch-site", "cross-site")],
        &[("authorization", "Bearer a"), ("authorization", "Bearer b")],
        &[("cookie", "__Host-auth_token=a; __Host-auth_token=b")],
    ];
    for headers in tables {
        assert_eq!(posted(&house(), headers).await, "malformed_request", "{headers:?}");
    }
}
