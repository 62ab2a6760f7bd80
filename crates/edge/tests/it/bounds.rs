//! How large requests to an application may be, and for how long it is waited for.

use edge::ServiceConfig;
use foundation::config::Period;
use http::StatusCode;
use tokio::io::AsyncReadExt as _;
use tokio::net::{TcpListener, TcpSocket, TcpStream};

use crate::gate::{FOREVER, Gate, client, service};
use crate::target::Recorder;
use crate::{target, wire};

/// A gate that lets through bodies of ten bytes.
async fn narrow(target: std::net::SocketAddr) -> Gate {
    Gate::before(ServiceConfig { max_body_bytes: 10, ..service(&[target]) }).await
}

/// Everything that came over the first connection that brought anything, when it has been closed.
async fn first_words(listener: TcpListener) -> Vec<u8> {
    let words = async {
        loop {
            let (mut stream, _) = listener.accept().await.expect("a connection");
            let mut bytes = Vec::new();
            // What came before a connection is cut off counts, too.
            let _ = stream.read_to_end(&mut bytes).await;
            if !bytes.is_empty() {
                return bytes;
            }
        }
    };
    tokio::time::timeout(FOREVER, words).await.expect("it is closed")
}

#[tokio::test]
async fn a_body_that_says_it_is_too_large_reaches_nobody() {
    let recorder = Recorder::answering(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
    let gate = narrow(recorder.address).await;
    let large = client().post(gate.url("/")).body("eleven byte").send().await.expect("an answer");
    assert_eq!(large.status(), StatusCode::PAYLOAD_TOO_LARGE);
    let problem: serde_json::Value = large.json().await.expect("JSON");
    assert!(problem["detail"].as_str().is_some_and(|words| words.contains("10 bytes")), "{problem}");
    assert_eq!(recorder.seen(), Vec::<Vec<u8>>::new());
    let fitting = client().post(gate.url("/")).body("ten bytes!").send().await.expect("an answer");
    assert_eq!(fitting.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_body_that_becomes_too_large_is_no_whole_request() {
    let (listener, address) = target::port().await;
    let heard = tokio::spawn(first_words(listener));
    let gate = narrow(address).await;
    let request = "POST / HTTP/1.1\r\nhost: a.example\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n\
                   8\r\n12345678\r\n3\r\n901\r\n0\r\n\r\n";
    let answer = gate.raw(request).await;
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    let heard = heard.await.expect("heard");
    assert_eq!(wire::requests(&heard), (Vec::new(), wire::Rest::Begun));
}

#[tokio::test]
async fn who_takes_too_long_to_answer_is_given_up_and_nobody_else_is_asked() {
    let silent = [Recorder::answering(b"").await, Recorder::answering(b"").await];
    let both = service(&silent.each_ref().map(|recorder| recorder.address));
    let gate = Gate::before(ServiceConfig { answer_timeout: Period::SECOND, ..both }).await;
    let sent = client().post(gate.url("/")).body("an order").send();
    let answer = tokio::time::timeout(FOREVER, sent).await.expect("in time").expect("an answer");
    assert_eq!(answer.status(), StatusCode::GATEWAY_TIMEOUT);
    let seen = silent.iter().flat_map(Recorder::seen);
    let requests: Vec<_> = seen.flat_map(|bytes| wire::requests(&bytes).0).collect();
    assert_eq!(requests.len(), 1, "{requests:?}");
    assert_eq!(requests[0].body, "an order");
}

#[tokio::test]
async fn where_no_connection_comes_about_the_client_is_told_so() {
    // Its queue takes one connection, and nobody takes that out of it.
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.bind("127.0.0.1:0".parse().expect("an address")).expect("bound");
    let full = socket.listen(0).expect("listens");
    let address = full.local_addr().expect("an address");
    let _waiting = TcpStream::connect(address).await.expect("the one");
    let gate = Gate::before(ServiceConfig { connect_timeout: Period::SECOND, ..service(&[address]) }).await;
    let sent = client().get(gate.url("/")).send();
    let answer = tokio::time::timeout(FOREVER, sent).await.expect("in time").expect("an answer");
    assert_eq!(answer.status(), StatusCode::BAD_GATEWAY);
}

#[tokio::test]
async fn an_answer_that_goes_silent_in_the_middle_is_cut_off() {
    for begun in [
        &b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhello"[..],
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n",
    ] {
        let target = service(&[Recorder::answering(begun).await.address]);
        let gate = Gate::before(ServiceConfig { silence_timeout: Period::SECOND, ..target }).await;
        let answer = gate.raw("GET / HTTP/1.1\r\nhost: a.example\r\n\r\n").await;
        assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
        assert_eq!(answer.trim_end().rsplit("\r\n").next(), Some("hello"), "nothing says that it is whole");
    }
}
