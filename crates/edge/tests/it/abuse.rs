//! Clients that are slow, silent, greedy or confused, on purpose or not.

use std::convert::Infallible;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use bytes::Bytes;
use edge::{Config, ServiceConfig};
use foundation::config::Period;
use futures::stream;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _, split};
use tokio::net::TcpStream;
use tokio::sync::mpsc;

use crate::authority::Authority;
use crate::frames::{CONTINUATION, END_HEADERS, END_STREAM, Frames, HEADERS, Outcome, block};
use crate::gate::{FOREVER, Gate, head, rest, service};
use crate::target::{self, TellsWhenGone};

fn impatient(service: ServiceConfig) -> Config {
    let services = [("app".to_owned(), service)].into();
    Config { header_timeout: Period::SECOND, stall_timeout: Period::SECOND, services, ..Config::default() }
}

/// Sends byte after byte, never pausing as long as the gate waits, until the connection is closed. Gives what it has
/// got.
async fn dribble(stream: impl AsyncRead + AsyncWrite, bytes: &[u8]) -> String {
    let (mut read, mut write) = split(stream);
    let dribbling = async {
        for byte in bytes {
            if write.write_u8(*byte).await.is_err() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        std::future::pending::<()>().await;
    };
    tokio::select! {
        () = dribbling => unreachable!(),
        text = rest(&mut read) => text,
    }
}

#[tokio::test]
async fn a_head_that_comes_byte_by_byte_is_not_waited_for() {
    let gate = Gate::open(impatient(service(&[target::mirror().await])), &[]).await;
    let endless = format!("GET / HTTP/1.1\r\nhost: a.example\r\nx-filler: {}", "x".repeat(1000));
    assert_eq!(dribble(gate.connect().await, endless.as_bytes()).await, "");
}

#[tokio::test]
async fn a_body_that_comes_byte_by_byte_is_not_waited_for() {
    let gate = Gate::open(impatient(service(&[target::mirror().await])), &[]).await;
    let mut stream = gate.connect().await;
    let head = "POST / HTTP/1.1\r\nhost: a.example\r\ncontent-length: 1000\r\n\r\n";
    stream.write_all(head.as_bytes()).await.expect("sent");
    let answer = dribble(stream, &[b'x'; 1000]).await;
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
}

#[tokio::test]
async fn who_says_nothing_is_not_waited_for() {
    let authority = Authority::new();
    let mut config = impatient(service(&[target::mirror().await]));
    config.tls = authority.config(ServiceConfig::default()).tls;
    config.tls.handshake_timeout = Period::SECOND;
    let gate = Gate::open(config, &[]).await;
    let mut plain = gate.connect().await;
    let mut secret = TcpStream::connect(gate.tls).await.expect("a connection");
    let mut shaken = authority.connect(&gate, "app.example", &["http/1.1"]).await;
    let hello = [&[22, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3][..], &[7; 600]].concat();
    let slow = dribble(TcpStream::connect(gate.tls).await.expect("a connection"), &hello);
    let (plain, secret, shaken, _) =
        tokio::join!(rest(&mut plain), rest(&mut secret), rest(&mut shaken), slow);
    assert_eq!([plain, secret, shaken], ["", "", ""]);
}

#[tokio::test]
async fn a_connection_that_is_not_used_again_is_closed() {
    let gate = Gate::open(impatient(service(&[target::mirror().await])), &[]).await;
    let answer = gate.raw("GET / HTTP/1.1\r\nhost: a.example\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
}

#[tokio::test]
async fn who_takes_nothing_of_an_answer_is_let_go() {
    let (told, mut telling) = mpsc::channel(2);
    let endless = async move || {
        let gone = TellsWhenGone(told.clone());
        let piece = Bytes::from(vec![7; 64 * 1024]);
        Body::from_stream(stream::repeat_with(move || {
            let _ = &gone;
            Ok::<_, Infallible>(piece.clone())
        }))
    };
    let authority = Authority::new();
    let mut config = impatient(service(&[target::serve(Router::new().fallback(endless)).await]));
    config.tls = authority.config(ServiceConfig::default()).tls;
    let gate = Gate::open(config, &[]).await;
    let request = b"GET / HTTP/1.1\r\nhost: app.example\r\n\r\n";
    let mut plain = gate.connect().await;
    let mut secret = authority.connect(&gate, "app.example", &["http/1.1"]).await;
    plain.write_all(request).await.expect("sent");
    secret.write_all(request).await.expect("sent");
    assert!(head(&mut plain).await.starts_with("HTTP/1.1 200 OK"));
    assert!(head(&mut secret).await.starts_with("HTTP/1.1 200 OK"));
    for _ in 0..2 {
        tokio::time::timeout(FOREVER, telling.recv()).await.expect("in time").expect("told");
    }
}

#[tokio::test]
async fn heads_that_are_too_large_are_refused() {
    let gate = Gate::before_target(target::mirror().await).await;
    let long = format!("GET / HTTP/1.1\r\nhost: a.example\r\nx-long: {}\r\n\r\n", "x".repeat(70 * 1024));
    let many = format!("GET / HTTP/1.1\r\nhost: a.example\r\n{}\r\n", "x-one: 1\r\n".repeat(200));
    for request in [long, many] {
        let answer = gate.raw(&request).await;
        assert!(answer.starts_with("HTTP/1.1 431 "), "{answer}");
    }
    let path = format!("GET /{} HTTP/1.1\r\nhost: a.example\r\n\r\n", "x".repeat(70 * 1024));
    let answer = gate.raw(&path).await;
    assert!(answer.starts_with("HTTP/1.1 414 ") || answer.starts_with("HTTP/1.1 431 "), "{answer}");
}

#[tokio::test]
async fn heads_that_are_too_large_are_refused_over_http_2() {
    let authority = Authority::new();
    let gate = authority.gate(service(&[target::mirror().await])).await;
    let mut frames = Frames::connect(&authority, &gate, &[]).await;
    let long = "x".repeat(70 * 1024);
    let request = [
        (":method", "GET"),
        (":scheme", "https"),
        (":authority", "app.example"),
        (":path", "/"),
        ("x-long", &long),
    ];
    let block = block(&request);
    let mut pieces = block.chunks(16 * 1024).peekable();
    let mut kind = HEADERS;
    while let Some(piece) = pieces.next() {
        let first = if kind == HEADERS { END_STREAM } else { 0 };
        let last = if pieces.peek().is_none() { END_HEADERS } else { 0 };
        frames.send(kind, first | last, 1, piece).await;
        kind = CONTINUATION;
    }
    assert_eq!(frames.outcome(1).await, Outcome::Answer(431));
    let mut endless = Frames::connect(&authority, &gate, &[]).await;
    endless.send(HEADERS, END_STREAM, 1, &block[..1024]).await;
    for _ in 0..10_000 {
        endless.send(CONTINUATION, 0, 1, &block[1024..2048]).await;
    }
    assert_eq!(endless.outcome(1).await, Outcome::Closed);
}

#[tokio::test]
async fn what_is_no_request_is_refused() {
    let gate = Gate::open(impatient(service(&[target::mirror().await])), &[]).await;
    for nonsense in [
        "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.0\r\n\r\n",
        "GET /\r\n",
        "GET / HTTP/1.1\r\nhost: a.example\r\nx-one: 1\r\n two\r\n\r\n",
        "\x16\x03\x01\x02\x00\x01\x00\x01\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ] {
        let answer = gate.raw(nonsense).await;
        let is_refused = answer.starts_with("HTTP/1.1 400 ") || answer.starts_with("HTTP/1.0 400 ");
        assert!(is_refused || answer.is_empty(), "{nonsense:?}: {answer}");
    }
}

#[tokio::test]
async fn requests_that_are_sent_at_once_are_answered_one_after_the_other() {
    let gate = Gate::before_target(target::mirror().await).await;
    let requests = "GET /one HTTP/1.1\r\nhost: a.example\r\n\r\n\
                    POST /two HTTP/1.1\r\nhost: a.example\r\ncontent-length: 4\r\n\r\nbody\
                    GET /three HTTP/1.1\r\nhost: a.example\r\nconnection: close\r\n\r\n";
    let answers = gate.raw(requests).await;
    let places = ["GET /one HTTP/1.1", "POST /two HTTP/1.1", "\nbody", "GET /three HTTP/1.1"]
        .map(|words| answers.find(words).unwrap_or_else(|| panic!("{words}: {answers}")));
    assert!(places.is_sorted(), "{answers}");
    assert_eq!(answers.matches("HTTP/1.1 200 OK").count(), 3);
}
