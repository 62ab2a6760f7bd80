//! How long an answer may take, and how large it may be.

use std::convert::Infallible;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::routing::{any, get as on_get};
use foundation::config::Period;
use futures::stream::{self, StreamExt as _};
use guard::outbound::OutboundError;
use http::StatusCode;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::Instant;

use super::kit::{Server, built, get, here, impatient_to, in_time, post, refused, words};

const LIMIT: usize = 2000;

/// So many bytes in pieces, of a length that nobody announces.
fn pieces(number: usize) -> Body {
    let piece = Ok::<_, Infallible>(Bytes::from_static(&[b'a'; 1000]));
    Body::from_stream(stream::repeat(piece).take(number))
}

// ASVS 15.2.2 - answers of other hosts
#[tokio::test]
async fn an_answer_that_is_too_large_is_cut_off() {
    let server = Server::start(
        Router::new()
            .route("/small", on_get(async || pieces(LIMIT / 1000)))
            .route("/announced", on_get(async || vec![b'a'; LIMIT + 1]))
            .route("/endless", on_get(async || pieces(usize::MAX))),
    )
    .await;
    let mut config = here(&[server.host()]);
    config.max_answer_bytes = LIMIT;
    let outbound = built(&config);

    let answer = outbound.send(get(&server.url("/small"))).await.expect("an answer");
    assert_eq!(answer.body.len(), LIMIT);
    for path in ["/announced", "/endless"] {
        let error = refused(&outbound, get(&server.url(path))).await;
        assert!(matches!(error, OutboundError::TooLarge { limit: LIMIT, .. }), "{path}: {error:?}");
    }
    assert_eq!(server.visits(), 3, "what is too large is not asked for again");
}

/// A host that says the same over and over behind its first words.
async fn chattering(first: &'static str, then: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let port = listener.local_addr().expect("bound").port();
    tokio::spawn(async move {
        let (mut connection, _) = listener.accept().await.expect("a client");
        let _request = connection.read(&mut [0; 4096]).await.expect("a request");
        connection.write_all(first.as_bytes()).await.expect("heard");
        let then = then.repeat(1000);
        while connection.write_all(then.as_bytes()).await.is_ok() {}
    });
    format!("http://127.0.0.1:{port}")
}

#[tokio::test]
async fn headers_without_end_are_cut_off() {
    for (first, then, why) in [
        ("HTTP/1.1 200 OK\r\n", "x: y\r\n", "message head is too large"),
        ("HTTP/1.1 200 OK\r\nx: ", "yyyyyyyy", "message head is too large"),
        ("not HTTP ", "at all ", "invalid HTTP version"),
    ] {
        let host = chattering(first, then).await;
        let outbound = built(&here(std::slice::from_ref(&host)));
        let error = refused(&outbound, post(&host)).await;
        assert!(matches!(error, OutboundError::Unreachable { .. }), "{error:?}");
        assert!(words(&error).contains(why), "{}", words(&error));
    }
}

#[tokio::test]
async fn an_answer_that_breaks_off_is_none() {
    let server = Server::start(Router::new().fallback(any(async || {
        let broken = stream::iter([Ok(Bytes::from_static(b"half")), Err("the disk is full")]);
        Body::from_stream(broken)
    })))
    .await;
    let error = refused(&built(&here(&[server.host()])), post(&server.host())).await;
    assert!(matches!(error, OutboundError::Unreachable { .. }), "{error:?}");
}

#[tokio::test]
async fn a_host_that_is_silent_is_not_waited_for() {
    let server = Server::silent().await;
    let outbound = impatient_to(&server);
    let url = server.host();
    let asking = tokio::spawn(async move { refused(&outbound, post(&url)).await });
    let error = in_time(asking).await;
    assert!(matches!(error, OutboundError::TimedOut { .. }), "{error:?}");
    assert!(error.to_string().contains("longer than guard.outbound.connect_timeout"), "{error}");
}

#[tokio::test]
async fn a_host_that_falls_silent_amid_its_answer_is_not_waited_for() {
    let server = Server::start(Router::new().fallback(any(async || {
        let first = stream::iter([Ok::<_, Infallible>(Bytes::from_static(b"first"))]);
        Body::from_stream(first.chain(stream::pending()))
    })))
    .await;
    let outbound = impatient_to(&server);
    let url = server.host();
    let asking = tokio::spawn(async move { refused(&outbound, post(&url)).await });
    assert!(matches!(in_time(asking).await, OutboundError::TimedOut { .. }));
}

/// A backlog that is full: the kernel lets further clients wait.
#[tokio::test]
async fn a_host_that_accepts_nobody_is_not_waited_for() {
    let socket = tokio::net::TcpSocket::new_v4().expect("a socket");
    socket.bind("127.0.0.1:0".parse().expect("an address")).expect("bound");
    let listener = socket.listen(0).expect("listens");
    let address = listener.local_addr().expect("bound");
    let _waiting = TcpStream::connect(address).await.expect("the one that fits");
    let host = format!("http://{address}");
    let mut config = here(std::slice::from_ref(&host));
    config.connect_timeout = Period::from_secs(5);
    let outbound = built(&config);
    let begin = Instant::now();
    let asking = tokio::spawn(async move { refused(&outbound, post(&host)).await });
    assert!(matches!(in_time(asking).await, OutboundError::TimedOut { .. }));
    // The kernel would give up as well, after half a minute in which time leaps thousands of times.
    assert!(begin.elapsed() < Duration::from_mins(5), "{:?}", begin.elapsed());
}

#[tokio::test]
async fn what_cannot_be_sent_says_nothing_about_the_host() {
    let server = Server::answering(StatusCode::SERVICE_UNAVAILABLE).await;
    let outbound = built(&here(&[server.host()]));
    let too_long = server.url(&format!("/?{}", "a".repeat(70_000)));
    for _ in 0..4 {
        let error = refused(&outbound, post(&server.host())).await;
        assert!(matches!(error, OutboundError::ServerError { .. }), "{error:?}");
        // Neither does it count as a failure, nor as an answer that ends the count.
        let error = refused(&outbound, get(&too_long)).await;
        assert!(matches!(error, OutboundError::Unsendable { .. }), "{error:?}");
        assert!(!words(&error).contains("aaaa"), "{}", words(&error));
    }
    refused(&outbound, post(&server.host())).await;
    assert!(matches!(refused(&outbound, post(&server.host())).await, OutboundError::LeftAlone { .. }));
    assert_eq!(server.visits(), 5);
}
