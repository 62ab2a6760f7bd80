//! What answers get on their way out.

use axum::Router;
use axum::routing::get;
use edge::{Config, Frames, SecurityHeaderConfig};

use super::kit::Answer;
use crate::gate::{Gate, client, service};
use crate::target;

#[tokio::test]
async fn an_answer_gets_what_it_has_not() {
    let app = Router::new()
        .route("/bare", get(async || ([("server", "old/1.0"), ("x-powered-by", "hope")], "x")))
        .route("/own", get(async || ([("x-frame-options", "DENY"), ("referrer-policy", "origin")], "x")));
    let mut service = service(&[target::serve(app).await]);
    service.security_headers = SecurityHeaderConfig {
        frames: Frames::SameOrigin,
        content_security_policy: Some("default-src 'self'".to_owned()),
        ..SecurityHeaderConfig::default()
    };
    let gate = Gate::before(service).await;
    let bare = Answer::to(client().get(gate.url("/bare"))).await;
    for (name, value) in [
        ("content-security-policy", Some("default-src 'self'")),
        ("referrer-policy", Some("same-origin")),
        ("server", None),
        ("strict-transport-security", None),
        ("x-content-type-options", Some("nosniff")),
        ("x-frame-options", Some("SAMEORIGIN")),
        ("x-powered-by", None),
    ] {
        assert_eq!(bare.header(name), value, "{name}");
    }
    let own = Answer::to(client().get(gate.url("/own"))).await;
    assert_eq!(own.header("x-frame-options"), Some("DENY"));
    assert_eq!(own.header("referrer-policy"), Some("origin"));
}

#[tokio::test]
async fn https_is_promised_when_a_trusted_proxy_says_that_it_is_spoken() {
    let open = async |trusted: &[&str]| {
        let service = service(&[target::mirror().await]);
        Gate::open(Config { services: [("app".to_owned(), service)].into(), ..Config::default() }, trusted)
            .await
    };
    let promised = async |gate: &Gate| {
        let answer = Answer::to(client().get(gate.url("/")).header("x-forwarded-proto", "https")).await;
        answer.header("strict-transport-security").map(str::to_owned)
    };
    let (stranger, trusted) = (open(&[]).await, open(&["127.0.0.1/32"]).await);
    assert_eq!(promised(&stranger).await, None);
    assert_eq!(promised(&trusted).await.as_deref(), Some("max-age=63072000"));
}

#[tokio::test]
async fn what_the_gate_says_itself_has_them_too() {
    let gate = Gate::before_target(target::nobody().await).await;
    let answer = Answer::to(client().get(gate.url("/"))).await;
    assert_eq!((answer.status, answer.header("x-content-type-options")), (502, Some("nosniff")));
}
