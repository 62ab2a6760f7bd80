//! Redirects are not followed unless a request asks for it, and never to where nothing may be sent.

use axum::Router;
use axum::response::Redirect;
use axum::routing::{any, get as on_get};
use guard::outbound::OutboundError;
use http::header::{AUTHORIZATION, LOCATION};
use http::{HeaderMap, StatusCode};

use super::kit::{Server, built, get, here, only_public, post, refused, to, told, value};

/// What a request brought along.
async fn seen(headers: HeaderMap) -> String {
    format!("{:?} {:?}", headers.get("authorization"), headers.get("referer"))
}

/// A server whose `/a` leads to `/b`, that to `/c`, and `/elsewhere` to `url`.
async fn leading_to(url: &str) -> Server {
    let url = url.to_owned();
    Server::start(
        Router::new()
            .route("/a", any(Redirect::temporary("/b")))
            .route("/b", any(Redirect::permanent("c?token=hunter2")))
            .route("/c", on_get(seen))
            .route("/loop", any(Redirect::to("/loop")))
            .route("/nowhere", any(StatusCode::FOUND))
            .route("/nonsense", any((StatusCode::FOUND, [(LOCATION, "http://[")])))
            .route("/same", any(StatusCode::NOT_MODIFIED))
            .route("/elsewhere", any(Redirect::temporary(&url))),
    )
    .await
}

// ASVS 15.3.2
#[tokio::test]
async fn a_redirect_is_an_error_that_says_so() {
    let server = leading_to("").await;
    for request in [get(&server.url("/a")), post(&server.url("/a")), get(&server.url("/loop"))] {
        let error = refused(&to(&server), request).await;
        assert!(matches!(error, OutboundError::Redirected { .. }), "{error:?}");
        assert!(error.to_string().contains("leads elsewhere; that is not followed"), "{error}");
    }
    assert_eq!(server.visits(), 3);
}

#[tokio::test]
async fn a_request_that_asks_for_it_is_led_on_as_far_as_it_says() {
    let server = leading_to("").await;
    let outbound = to(&server);
    let url = server.url("/a");
    let outcome = outbound.send(get(&url).header(AUTHORIZATION, value("key")).follow_redirects(2)).await;
    assert_eq!(outcome.expect("an answer").body, r#"Some("key") None"#);

    let error = refused(&outbound, get(&url).follow_redirects(1)).await;
    assert!(matches!(error, OutboundError::Redirected { .. }), "{error:?}");
    assert!(!error.to_string().contains("hunter2"), "{error}");

    let before = server.visits();
    refused(&outbound, get(&server.url("/loop")).follow_redirects(5)).await;
    assert_eq!(server.visits() - before, 6);
}

// ASVS 1.3.6, 15.3.2
#[tokio::test]
async fn no_redirect_leads_to_a_host_that_was_not_named() {
    let other = Server::answering("secret").await;
    let cloud = "http://169.254.169.254/latest/meta-data".to_owned();
    for url in
        [other.url("/"), cloud, format!("http://localhost:{}/", other.port), "file:///etc/passwd".into()]
    {
        let server = leading_to(&url).await;
        let error = refused(&to(&server), get(&server.url("/elsewhere")).follow_redirects(5)).await;
        assert!(matches!(error, OutboundError::NotAllowed { .. }), "{url}: {error:?}");
    }
    assert_eq!(other.visits(), 0);
}

// ASVS 1.3.6
#[tokio::test]
async fn no_redirect_leads_into_an_own_network_that_was_not_named() {
    for inside in ["http://127.0.0.2:1", "http://[::1]:1", "http://169.254.169.254"] {
        let server = leading_to(inside).await;
        let mut config = only_public(&[server.host(), inside.to_owned()]);
        config.allow_private = vec!["127.0.0.1/32".parse().expect("a network")];
        let error = refused(&built(&config), get(&server.url("/elsewhere")).follow_redirects(5)).await;
        assert!(matches!(&error, OutboundError::OutOfReach { host } if host == inside), "{error:?}");
    }
}

#[tokio::test]
async fn what_a_header_says_is_told_to_one_host_only() {
    let other = leading_to("").await;
    let server = leading_to(&other.url("/c")).await;
    let outbound = built(&here(&[server.host(), other.host()]));
    let request = get(&server.url("/elsewhere")).header(AUTHORIZATION, value("hunter2")).follow_redirects(1);
    assert_eq!(outbound.send(request).await.expect("an answer").body, "None None");
}

#[tokio::test]
async fn a_request_that_may_change_something_is_led_nowhere() {
    let server = leading_to("").await;
    let error = refused(&to(&server), post(&server.url("/a")).follow_redirects(5)).await;
    assert!(matches!(error, OutboundError::Redirected { .. }), "{error:?}");
    assert_eq!(server.visits(), 1);
}

#[tokio::test]
async fn a_redirect_to_nowhere_is_an_error() {
    let server = leading_to("").await;
    for path in ["/nowhere", "/nonsense"] {
        let error = refused(&to(&server), get(&server.url(path)).follow_redirects(5)).await;
        assert!(matches!(error, OutboundError::Redirected { .. }), "{path}: {error:?}");
    }
}

#[tokio::test]
async fn not_modified_is_an_answer() {
    let server = leading_to("").await;
    let outcome = to(&server).send(get(&server.url("/same"))).await;
    assert_eq!(told(outcome), Ok(StatusCode::NOT_MODIFIED));
}
