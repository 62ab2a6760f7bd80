//! A server of the operator's decides who passes.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::response::{IntoResponse, Response};
use edge::ForwardAuthConfig;
use foundation::config::Period;
use http::StatusCode;

use super::kit::{Answer, Standing, gate};
use crate::gate::{Gate, client};
use crate::target;

/// A server that answers the same to all, and notes what it was told.
async fn deciding(
    answer: impl Fn() -> Response + Clone + Send + Sync + 'static,
) -> (SocketAddr, Arc<Mutex<Vec<String>>>) {
    let asked = Arc::<Mutex<Vec<String>>>::default();
    let notes = Arc::clone(&asked);
    let note = async move |request: axum::extract::Request| {
        let mut lines: Vec<_> = request
            .headers()
            .iter()
            .map(|(name, value)| format!("{name}: {}", value.to_str().expect("text")))
            .collect();
        lines.sort();
        let head = format!("{} {}", request.method(), request.uri());
        let body = axum::body::to_bytes(request.into_body(), usize::MAX).await.expect("a body");
        notes.lock().expect("not poisoned").push(format!("{head}\n{}\n{}", lines.join("\n"), body.len()));
        answer()
    };
    (target::serve(Router::new().fallback(note)).await, asked)
}

async fn asking(address: SocketAddr) -> Gate {
    gate(&Standing::new(), |service| {
        service.forward_auth = ForwardAuthConfig {
            url: Some(format!("http://{address}/verify?x=1").parse().expect("a URL")),
            response_headers: ["x-user-id", "x-role"].map(|name| name.parse().expect("a name")).into(),
            timeout: Period::SECOND,
            except: vec!["/assets".to_owned()],
            ..ForwardAuthConfig::default()
        };
    })
    .await
}

#[tokio::test]
async fn who_may_pass_passes_with_a_name_that_the_server_gives() {
    let answer = || ([("x-user-id", "7"), ("x-internal", "1")], "x".repeat(1000)).into_response();
    let (address, asked) = deciding(answer).await;
    let gate = asking(address).await;
    let port = gate.address.port();
    for _ in 0..3 {
        let request = client().post(gate.url("/orders?id=7")).body("the body").header("cookie", "a=1");
        let request = request.header("x-role", "admin").header("x_role", "admin").header("x-user-id", "1");
        let answer = Answer::to(request.header("x-forwarded-method", "GET").header("x-own", "1")).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.got("x-user-id"), ["7"]);
        assert_eq!(
            (answer.got("x-role").len(), answer.got("x_role").len(), answer.got("x-internal").len()),
            (0, 0, 0)
        );
        assert!(answer.text.ends_with("the body"), "{}", answer.text);
    }
    let asked = asked.lock().expect("not poisoned").clone();
    assert_eq!(asked.len(), 3);
    assert_eq!(
        asked[0],
        format!(
            "GET /verify?x=1\ncookie: a=1\nhost: {address}\nuser-agent: mainstay-edge\nx-forwarded-for: 127.0.0.1\n\
             x-forwarded-host: 127.0.0.1:{port}\nx-forwarded-method: POST\nx-forwarded-proto: http\n\
             x-forwarded-uri: /orders?id=7\n0"
        )
    );
}

#[tokio::test]
async fn who_may_not_is_told_what_the_server_says() {
    let redirect = || {
        let headers = [("location", "https://auth.example/"), ("set-cookie", "state=1"), ("x-internal", "1")];
        (StatusCode::FOUND, headers, "go there").into_response()
    };
    let gate = asking(deciding(redirect).await.0).await;
    let answer = Answer::to(client().get(gate.url("/"))).await;
    assert_eq!((answer.status, answer.text.as_str()), (302, "go there"));
    assert_eq!(answer.header("location"), Some("https://auth.example/"));
    assert_eq!(answer.header("set-cookie"), Some("state=1"));
    assert_eq!(answer.header("x-internal"), None);
    assert_eq!(Answer::to(client().head(gate.url("/"))).await.status, 302);

    for status in [StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN] {
        let refuse = move || (status, [("www-authenticate", "Basic realm=\"x\"")], "no").into_response();
        let gate = asking(deciding(refuse).await.0).await;
        let answer = Answer::to(client().get(gate.url("/"))).await;
        assert_eq!((answer.status, answer.text.as_str()), (status.as_u16(), "no"));
        assert_eq!(answer.header("www-authenticate"), Some("Basic realm=\"x\""));
    }
}

// ASVS 16.5.3
#[tokio::test]
async fn when_nobody_decides_nobody_passes() {
    let strange = [500, 404, 304, 400].map(|status| StatusCode::from_u16(status).expect("a status"));
    let mut gates = vec![asking(target::nobody().await).await];
    for status in strange {
        gates.push(asking(deciding(move || status.into_response()).await.0).await);
    }
    let silent = Router::new().fallback(std::future::pending::<()>);
    gates.push(asking(target::serve(silent).await).await);
    let garbled = target::Recorder::answering(b"SSH-2.0-OpenSSH_9.6\r\n\r\n").await;
    gates.push(asking(garbled.address).await);
    for gate in gates {
        let answer = Answer::to(client().get(gate.url("/"))).await;
        assert_eq!((answer.status, answer.code().as_str()), (503, "unavailable"));
        assert_eq!(answer.header("retry-after"), Some("5"));
        assert_eq!(Answer::to(client().get(gate.url("/assets/x.css"))).await.status, 200);
    }
}

#[tokio::test]
async fn it_is_asked_over_one_connection() {
    let recorder = target::Recorder::answering(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok").await;
    let gate = asking(recorder.address).await;
    // The same connection, which stays where it is.
    let client = client();
    for _ in 0..5 {
        assert_eq!(Answer::to(client.get(gate.url("/"))).await.status, 200);
    }
    let seen = recorder.seen();
    assert_eq!(
        (seen.len(), String::from_utf8_lossy(&seen[0]).matches("GET /verify?x=1 HTTP/1.1").count()),
        (1, 5)
    );
}
