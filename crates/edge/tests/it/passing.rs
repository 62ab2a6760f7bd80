//! Requests and answers pass as they are, but for what is meant for the next hop.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use axum::Router;
use axum::body::Body;
use axum::routing::{get, post};
use bytes::Bytes;
use futures::{StreamExt as _, stream};
use http::StatusCode;
use tokio::net::TcpStream;
use tokio::sync::mpsc;

use crate::gate::{FOREVER, Gate, client, service};
use crate::{target, wire};

#[tokio::test]
async fn a_request_arrives_as_it_was_sent() {
    let gate = Gate::before_target(target::mirror().await).await;
    let sent = client()
        .put(gate.url("/a%2Fb/ü?x=1&y=%20"))
        .header("x-own", "ours")
        .header("cookie", "a=1; b=2")
        .header("x-forwarded-for", "6.6.6.6")
        .body("the body");
    let answer = sent.send().await.expect("an answer");
    let id = answer.headers()["x-request-id"].to_str().expect("text").to_owned();
    let text = answer.text().await.expect("text");
    let port = gate.address.port();
    let mut lines: Vec<_> = text.lines().collect();
    lines[1..].sort_unstable();
    let forwarded = format!("forwarded: for=127.0.0.1;host=\"127.0.0.1:{port}\";proto=http");
    let (host, forwarded_host) =
        (format!("host: 127.0.0.1:{port}"), format!("x-forwarded-host: 127.0.0.1:{port}"));
    let request_id = format!("x-request-id: {id}");
    assert_eq!(
        lines,
        [
            "PUT /a%2Fb/%C3%BC?x=1&y=%20 HTTP/1.1",
            "",
            "accept: */*",
            "cdn-loop: mainstay",
            "content-length: 8",
            "cookie: a=1; b=2",
            forwarded.as_str(),
            host.as_str(),
            "the body",
            "x-forwarded-for: 127.0.0.1",
            forwarded_host.as_str(),
            "x-forwarded-proto: http",
            "x-own: ours",
            "x-real-ip: 127.0.0.1",
            request_id.as_str(),
        ]
    );
    gate.close().await;
}

#[tokio::test]
async fn gates_that_lead_to_each_other_notice() {
    let (way_back, address) = target::port().await;
    let gate = Gate::before_target(address).await;
    let to = gate.address;
    tokio::spawn(async move {
        while let Ok((mut one, _)) = way_back.accept().await {
            let mut other = TcpStream::connect(to).await.expect("a connection");
            tokio::spawn(async move { tokio::io::copy_bidirectional(&mut one, &mut other).await });
        }
    });
    let answer = client().get(gate.url("/")).send().await.expect("an answer");
    assert_eq!(answer.status(), StatusCode::BAD_GATEWAY);
    let text = answer.text().await.expect("text");
    assert!(text.contains("several gates, which lead to each other"), "{text}");
}

#[tokio::test]
async fn an_answer_comes_back_as_it_was_given() {
    let answer = async || {
        let headers = [("x-own", "theirs"), ("set-cookie", "a=1"), ("connection", "x-hop"), ("x-hop", "1")];
        (StatusCode::IM_A_TEAPOT, headers, "short and stout")
    };
    let gate = Gate::before_target(target::serve(Router::new().route("/", get(answer))).await).await;
    let answer = client().get(gate.url("/")).send().await.expect("an answer");
    assert_eq!(answer.status(), StatusCode::IM_A_TEAPOT);
    assert_eq!(answer.headers()["x-own"], "theirs");
    assert_eq!(answer.headers()["set-cookie"], "a=1");
    assert!(!answer.headers().contains_key("x-hop"));
    assert_eq!(answer.text().await.expect("text"), "short and stout");
    let head = client().head(gate.url("/")).send().await.expect("an answer");
    assert_eq!(head.headers()["content-length"], "15");
}

#[tokio::test]
async fn what_is_packed_and_what_is_not_stays_as_it_is() {
    for (answer, coding, body) in [
        (
            &b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\nvary: accept-encoding\r\ncontent-length: 10\r\n\r\n\x1f\x8b\x08\0\0\0\0\0\0\xff"[..],
            Some("gzip"),
            &b"\x1f\x8b\x08\0\0\0\0\0\0\xff"[..],
        ),
        (b"HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 5\r\n\r\nplain", None, b"plain"),
    ] {
        let recorder = target::Recorder::answering(answer).await;
        let gate = Gate::before_target(recorder.address).await;
        let asked = client().get(gate.url("/")).header("accept-encoding", "br;q=1, gzip;q=0.5");
        let answer = asked.send().await.expect("an answer");
        assert_eq!(answer.headers().get("content-encoding").and_then(|it| it.to_str().ok()), coding);
        assert_eq!(answer.bytes().await.expect("whole"), body);
        let requests = wire::requests(&recorder.seen()[0]).0;
        assert_eq!(requests[0].header("accept-encoding"), Some("br;q=1, gzip;q=0.5"));
    }
}

#[tokio::test]
async fn what_a_target_sends_bit_by_bit_arrives_bit_by_bit() {
    let (events, mut waiting) = mpsc::channel::<mpsc::Sender<&'static str>>(1);
    let stream = async move || {
        let (send, receive) = mpsc::channel(1);
        events.send(send).await.expect("the test listens");
        let frames = stream::unfold(receive, async |mut receive| Some((receive.recv().await?, receive)));
        let body = Body::from_stream(frames.map(Ok::<_, Infallible>));
        ([("content-type", "text/event-stream")], body)
    };
    let gate = Gate::before_target(target::serve(Router::new().route("/", get(stream))).await).await;
    let asked = tokio::spawn(client().get(gate.url("/")).send());
    let target = waiting.recv().await.expect("the target was asked");
    let mut answer = asked.await.expect("asked").expect("an answer").bytes_stream();
    for event in ["data: one\n\n", "data: two\n\n"] {
        target.send(event).await.expect("passed on");
        let arrived =
            tokio::time::timeout(FOREVER, answer.next()).await.expect("arrives before the next is sent");
        assert_eq!(arrived.expect("a piece").expect("whole"), event);
    }
    drop(target);
    assert!(answer.next().await.is_none());
}

#[tokio::test]
async fn large_bodies_pass_in_both_directions_whole() {
    let echo = async |body: Body| body;
    let gate = Gate::before_target(target::serve(Router::new().route("/", post(echo))).await).await;
    let piece = Bytes::from((0..=255).cycle().take(64 * 1024).collect::<Vec<u8>>());
    let pieces = stream::iter((0..256).map({
        let piece = piece.clone();
        move |_| Ok::<_, Infallible>(piece.clone())
    }));
    let sent = client().post(gate.url("/")).body(reqwest::Body::wrap_stream(pieces));
    let mut answer = sent.send().await.expect("an answer").bytes_stream();
    let mut arrived = 0;
    while let Some(bytes) = answer.next().await {
        for byte in &bytes.expect("whole") {
            assert_eq!(*byte, u8::try_from(arrived % 256).expect("small"), "at {arrived}");
            arrived += 1;
        }
    }
    assert_eq!(arrived, 256 * 64 * 1024);
}

#[tokio::test]
async fn connections_to_a_target_are_used_again() {
    let recorder = target::Recorder::answering(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok").await;
    let gate = Gate::before_target(recorder.address).await;
    let client = client();
    for _ in 0..5 {
        let answer = client.get(gate.url("/")).send().await.expect("an answer");
        assert_eq!(answer.text().await.expect("text"), "ok");
    }
    let seen = recorder.seen();
    assert_eq!(seen.len(), 1);
    assert_eq!(wire::requests(&seen[0]).0.len(), 5);
}

#[tokio::test]
async fn who_does_not_answer_is_passed_over() {
    let (nobody, somebody) = (target::nobody().await, target::mirror().await);
    let gate = Gate::before(crate::gate::service(&[nobody, somebody])).await;
    for _ in 0..10 {
        let answer = client().post(gate.url("/")).body("x").send().await.expect("an answer");
        assert_eq!(answer.status(), StatusCode::OK);
    }
}

#[tokio::test]
async fn when_nobody_answers_the_client_is_told_so() {
    let gate = Gate::before_target(target::nobody().await).await;
    let answer = client().get(gate.url("/")).send().await.expect("an answer");
    assert_eq!(answer.status(), StatusCode::BAD_GATEWAY);
    assert_eq!(answer.headers()["content-type"], "application/problem+json");
    let problem: serde_json::Value = answer.json().await.expect("JSON");
    assert_eq!(problem["code"], "bad_gateway");
}

// ASVS 2.2.2
#[tokio::test]
async fn a_path_that_two_applications_could_understand_is_refused() {
    let open = service(&[target::mirror().await]);
    let guarded = edge::ServiceConfig { path: "/admin".to_owned(), ..open.clone() };
    let services = [("open".to_owned(), open), ("guarded".to_owned(), guarded)].into();
    let gate = Gate::open(edge::Config { services, ..edge::Config::default() }, &[]).await;
    let asked = async |path: &str| {
        let answer = gate.raw(format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")).await;
        answer.split(' ').nth(1).map(str::to_owned).expect("a status")
    };
    for path in ["/%61dmin", "//admin", "/x/..%2fadmin", "/;/admin", "/./admin", "/admin/../x"] {
        assert_eq!(asked(path).await, "400", "{path}");
    }
    for path in ["/", "/admin", "/admin/%C3%BC", "/a%20b", "/x//y", "/x;v=1"] {
        assert_eq!(asked(path).await, "200", "{path}");
    }
}

#[tokio::test]
async fn a_request_that_kills_kills_no_more_than_two() {
    let deaths = Arc::new(AtomicU32::new(0));
    let mut targets = Vec::new();
    for _ in 0..4 {
        targets.push(target::mortal(Arc::clone(&deaths)).await);
    }
    let gate = Gate::before(service(&targets)).await;
    let client = client();
    // Each has a connection that is used again.
    for _ in 0..16 {
        assert_eq!(client.get(gate.url("/")).send().await.expect("an answer").status(), StatusCode::OK);
    }
    let answer = client.get(gate.url("/poison")).send().await.expect("an answer");
    assert_eq!(answer.status(), StatusCode::BAD_GATEWAY);
    assert!(deaths.load(Ordering::Relaxed) <= 2, "{deaths:?}");
    assert_eq!(client.get(gate.url("/")).send().await.expect("an answer").status(), StatusCode::OK);
}
