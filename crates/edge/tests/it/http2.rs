//! HTTP/2: many requests over one connection, and clients that misuse it.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::routing::{get, post};
use bytes::Bytes;
use foundation::config::Period;
use futures::{StreamExt as _, future, stream};
use http::{HeaderMap, Request, Response, StatusCode};
use http_body_util::{BodyExt as _, StreamBody};
use hyper::body::{Frame, Incoming};
use hyper::client::conn::http2::{self, SendRequest};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::sync::{Notify, mpsc};

use crate::authority::Authority;
use crate::frames::{END_STREAM, Frames, Outcome, RST_STREAM};
use crate::gate::{FOREVER, Gate, service};
use crate::target::{self, TellsWhenGone};

const GET: &[(&str, &str)] =
    &[(":method", "GET"), (":scheme", "https"), (":authority", "app.example"), (":path", "/")];

struct Client(SendRequest<Body>);

impl Client {
    async fn connect(authority: &Authority, gate: &Gate) -> Self {
        let stream = authority.connect(gate, "app.example", &["h2", "http/1.1"]).await;
        assert_eq!(stream.get_ref().1.alpn_protocol(), Some(b"h2".as_slice()));
        let (sender, connection) =
            http2::handshake(TokioExecutor::new(), TokioIo::new(stream)).await.expect("settings");
        tokio::spawn(connection);
        Self(sender)
    }

    async fn send(&self, request: Request<Body>) -> Response<Incoming> {
        let sent = self.0.clone().send_request(request);
        tokio::time::timeout(FOREVER, sent).await.expect("in time").expect("an answer")
    }
}

fn request(method: &str, path: &str, body: Body) -> Request<Body> {
    let uri = format!("https://app.example{path}");
    Request::builder().method(method).uri(uri).body(body).expect("a request")
}

async fn text(response: Response<Incoming>) -> String {
    let bytes = response.into_body().collect().await.expect("whole").to_bytes();
    String::from_utf8_lossy(&bytes).into_owned()
}

#[tokio::test]
async fn a_request_arrives_as_one_of_http_1() {
    let authority = Authority::new();
    let gate = authority.gate(service(&[target::mirror().await])).await;
    let client = Client::connect(&authority, &gate).await;
    let mut sent = request("PUT", "/a%2Fb?x=1", Body::from("the body"));
    for (name, value) in [("cookie", "a=1"), ("cookie", "b=2"), ("te", "trailers"), ("x-own", "ours")] {
        sent.headers_mut().append(name, value.parse().expect("a value"));
    }
    let answer = client.send(sent).await;
    let id = answer.headers()["x-request-id"].to_str().expect("text").to_owned();
    let text = text(answer).await;
    let mut lines: Vec<_> = text.lines().collect();
    lines[1..].sort_unstable();
    assert_eq!(
        lines,
        [
            "PUT /a%2Fb?x=1 HTTP/1.1",
            "",
            "cdn-loop: mainstay",
            "connection: te",
            "content-length: 8",
            "cookie: a=1; b=2",
            "forwarded: for=127.0.0.1;host=\"app.example\";proto=https",
            "host: app.example",
            "te: trailers",
            "the body",
            "x-forwarded-for: 127.0.0.1",
            "x-forwarded-host: app.example",
            "x-forwarded-proto: https",
            "x-own: ours",
            "x-real-ip: 127.0.0.1",
            format!("x-request-id: {id}").as_str(),
        ]
    );
    gate.close().await;
}

#[tokio::test]
async fn large_bodies_pass_side_by_side_in_both_directions() {
    let echo = async |body: Body| body;
    let app = target::serve(Router::new().route("/", post(echo))).await;
    let authority = Authority::new();
    let gate = authority.gate(service(&[app])).await;
    let client = Client::connect(&authority, &gate).await;
    let pass = async |number: u8| {
        let pieces =
            stream::iter((0..64).map(move |_| Ok::<_, Infallible>(Bytes::from(vec![number; 32 * 1024]))));
        let answer = client.send(request("POST", "/", Body::from_stream(pieces))).await;
        let mut body = answer.into_body().into_data_stream();
        let mut arrived = 0;
        while let Some(piece) = body.next().await {
            let piece = piece.expect("whole");
            assert!(piece.iter().all(|byte| *byte == number));
            arrived += piece.len();
        }
        assert_eq!(arrived, 2 * 1024 * 1024);
    };
    future::join_all((0..20).map(pass)).await;
}

#[tokio::test]
async fn trailers_come_back_with_an_answer() {
    let answer = async || {
        let trailers: HeaderMap =
            [("x-sum".parse().expect("a name"), "42".parse().expect("a value"))].into_iter().collect();
        let frames = [Frame::data(Bytes::from("the body")), Frame::trailers(trailers)];
        let body = StreamBody::new(stream::iter(frames.map(Ok::<_, Infallible>)));
        ([("trailer", "x-sum")], Body::new(body))
    };
    let app = target::serve(Router::new().route("/", get(answer))).await;
    let authority = Authority::new();
    let gate = authority.gate(service(&[app])).await;
    let client = Client::connect(&authority, &gate).await;
    let mut sent = request("GET", "/", Body::empty());
    sent.headers_mut().insert("te", "trailers".parse().expect("a value"));
    let whole = client.send(sent).await.into_body().collect().await.expect("whole");
    assert_eq!(whole.trailers().expect("trailers")["x-sum"], "42");
}

#[tokio::test]
async fn a_request_that_is_taken_back_is_taken_back_from_its_target() {
    let (told, mut telling) = mpsc::channel(1);
    let wait = async move || {
        let gone = TellsWhenGone(told.clone());
        future::pending::<()>().await;
        drop(gone);
    };
    let app = Router::new().route("/wait", get(wait)).route("/", get(async || "still here"));
    let authority = Authority::new();
    let gate = authority.gate(service(&[target::serve(app).await])).await;
    let client = Client::connect(&authority, &gate).await;
    let mut waiting = Box::pin(client.0.clone().send_request(request("GET", "/wait", Body::empty())));
    let asked = async {
        assert!(futures::poll!(&mut waiting).is_pending());
        text(client.send(request("GET", "/", Body::empty())).await).await
    };
    assert_eq!(asked.await, "still here");
    drop(waiting);
    tokio::time::timeout(FOREVER, telling.recv()).await.expect("in time").expect("told");
    assert_eq!(text(client.send(request("GET", "/", Body::empty())).await).await, "still here");
}

#[tokio::test]
async fn a_request_under_way_is_answered_before_the_gate_closes() {
    let (asked, go) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let wait = {
        let (asked, go) = (Arc::clone(&asked), Arc::clone(&go));
        async move || {
            asked.notify_one();
            go.notified().await;
            "answered"
        }
    };
    let app = target::serve(Router::new().route("/", get(wait))).await;
    let authority = Authority::new();
    let gate = authority.gate(service(&[app])).await;
    let client = Client::connect(&authority, &gate).await;
    let sent = client.send(request("GET", "/", Body::empty()));
    let closing = async {
        asked.notified().await;
        let closing = tokio::spawn(gate.close());
        tokio::task::yield_now().await;
        go.notify_one();
        closing.await.expect("closed");
    };
    let (answer, ()) = tokio::join!(async { text(sent.await).await }, closing);
    assert_eq!(answer, "answered");
}

#[tokio::test]
async fn many_requests_that_are_taken_back_close_the_connection() {
    let authority = Authority::new();
    let never = Router::new().fallback(async || future::pending::<()>().await);
    let gate = authority.gate(service(&[target::serve(never).await])).await;
    let mut frames = Frames::connect(&authority, &gate, &[]).await;
    for stream in (1..2_000).step_by(2) {
        frames.request(stream, GET, true).await;
        frames.send(RST_STREAM, 0, stream, &8_u32.to_be_bytes()).await;
    }
    assert!(frames.is_closed_within(FOREVER).await);
}

#[tokio::test]
async fn more_requests_at_once_than_allowed_are_refused_one_by_one() {
    let authority = Authority::new();
    let never = Router::new().fallback(async || future::pending::<()>().await);
    let gate = authority.gate(service(&[target::serve(never).await])).await;
    let mut frames = Frames::connect(&authority, &gate, &[]).await;
    for number in 0..=128 {
        frames.request(number * 2 + 1, GET, true).await;
    }
    // REFUSED_STREAM: it may be sent again.
    assert_eq!(frames.outcome(128 * 2 + 1).await, Outcome::Reset(7));
}

#[tokio::test]
async fn an_answer_that_its_client_does_not_take_is_reset() {
    let authority = Authority::new();
    let large = Router::new().fallback(async || vec![7; 1024 * 1024]);
    let mut config = authority.config(service(&[target::serve(large).await]));
    config.stall_timeout = Period::SECOND;
    let gate = Gate::open(config, &[]).await;
    // No window for answers (SETTINGS_INITIAL_WINDOW_SIZE): nothing of them may be sent.
    let mut frames = Frames::connect(&authority, &gate, &[(4, 0)]).await;
    frames.request(1, GET, true).await;
    assert_eq!(frames.outcome(1).await, Outcome::Answer(200));
    // CANCEL
    assert_eq!(frames.outcome(1).await, Outcome::Reset(8));
}

#[tokio::test]
async fn a_connection_without_requests_is_closed_whatever_it_keeps() {
    let authority = Authority::new();
    let mut config = authority.config(service(&[target::mirror().await]));
    (config.header_timeout, config.stall_timeout) = (Period::SECOND, Period::SECOND);
    let gate = Gate::open(config, &[]).await;
    // An answer so short that it is done with, but for its client, who takes nothing.
    let mut keeping = Frames::connect(&authority, &gate, &[(4, 0)]).await;
    keeping.request(1, GET, true).await;
    let mut silent = Frames::connect(&authority, &gate, &[]).await;
    let mut speechless = Frames(authority.connect(&gate, "app.example", &["h2"]).await);
    let mut halved = Frames::connect(&authority, &gate, &[]).await;
    halved.send(crate::frames::HEADERS, END_STREAM, 1, &crate::frames::block(&GET[..2])).await;
    let all = [&mut keeping, &mut silent, &mut speechless, &mut halved];
    let closed = future::join_all(all.map(|frames| frames.is_closed_within(FOREVER))).await;
    assert_eq!(closed, [true; 4]);
}

#[tokio::test]
async fn a_body_that_stops_is_given_up() {
    let authority = Authority::new();
    let mut config = authority.config(service(&[target::mirror().await]));
    config.stall_timeout = Period::SECOND;
    let gate = Gate::open(config, &[]).await;
    let client = Client::connect(&authority, &gate).await;
    let body = stream::once(async { Ok::<_, Infallible>(Bytes::from("some")) }).chain(stream::pending());
    let answer = client.send(request("POST", "/", Body::from_stream(body))).await;
    assert_eq!(answer.status(), StatusCode::REQUEST_TIMEOUT);
}

#[tokio::test]
async fn a_slow_target_keeps_no_client_from_waiting() {
    let authority = Authority::new();
    let slow = Router::new().fallback(async || {
        tokio::time::sleep(Duration::from_secs(2)).await;
        "late"
    });
    let mut config = authority.config(service(&[target::serve(slow).await]));
    (config.header_timeout, config.stall_timeout) = (Period::SECOND, Period::SECOND);
    let gate = Gate::open(config, &[]).await;
    let client = Client::connect(&authority, &gate).await;
    assert_eq!(text(client.send(request("GET", "/", Body::empty())).await).await, "late");
}
