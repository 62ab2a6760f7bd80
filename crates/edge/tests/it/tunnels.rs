//! Connections that go on in another protocol.

use std::net::SocketAddr;
use std::time::Duration;

use edge::Condition;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::gate::{FOREVER, Gate, service};
use crate::target;

const ASK: &[u8] =
    b"GET /socket HTTP/1.1\r\nhost: x\r\nconnection: keep-alive, Upgrade\r\nupgrade: websocket\r\n\
                     sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\nsec-websocket-version: 13\r\n\r\n";

/// Switches, says something at once in the same piece, then says everything again.
async fn echo() -> SocketAddr {
    let (listener, address) = target::port().await;
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let head = read_head(&mut stream).await;
                if head.is_empty() {
                    return;
                }
                let asks = head.contains("\r\nupgrade: websocket\r\n")
                    && head.contains("\r\nconnection: upgrade\r\n");
                assert!(asks, "{head}");
                let answer = "HTTP/1.1 101 Switching Protocols\r\nconnection: Upgrade\r\nupgrade: websocket\r\n\r\nhello";
                stream.write_all(answer.as_bytes()).await.expect("sent");
                let (mut read, mut write) = stream.split();
                let _ = tokio::io::copy(&mut read, &mut write).await;
            });
        }
    });
    address
}

async fn read_head(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => break,
        }
    }
    String::from_utf8_lossy(&head).to_lowercase()
}

async fn open(gate: &Gate) -> TcpStream {
    let mut stream = TcpStream::connect(gate.address).await.expect("a connection");
    stream.write_all(ASK).await.expect("sent");
    let head = tokio::time::timeout(FOREVER, read_head(&mut stream)).await.expect("an answer");
    assert!(head.starts_with("http/1.1 101 ") && head.contains("\r\nupgrade: websocket\r\n"), "{head}");
    stream
}

async fn expect(stream: &mut TcpStream, text: &[u8]) {
    let mut read = vec![0; text.len()];
    tokio::time::timeout(FOREVER, stream.read_exact(&mut read)).await.expect("in time").expect("read");
    assert_eq!(read, text);
}

#[tokio::test]
async fn bytes_pass_in_both_directions_from_the_first_on() {
    let gate = Gate::before_target(echo().await).await;
    for round in 0..50 {
        let mut stream = open(&gate).await;
        expect(&mut stream, b"hello").await;
        let text = format!("round {round}").repeat(1000);
        stream.write_all(text.as_bytes()).await.expect("sent");
        expect(&mut stream, text.as_bytes()).await;
        stream.shutdown().await.expect("closed");
        assert_eq!(stream.read(&mut [0]).await.expect("the other side closes, too"), 0);
    }
}

#[tokio::test]
async fn a_target_that_does_not_run_any_more_costs_no_tunnel() {
    let (listener, gone) = target::port().await;
    let gate = Gate::before(service(&[gone, echo().await])).await;
    let both_work = async {
        let services = gate.control.status().await.expect("a status").services;
        let targets = &services[0].slots[0].targets;
        targets.iter().all(|target| matches!(target.condition, Condition::Warming | Condition::Working))
    };
    assert!(both_work.await, "all are looked at before the gate opens");
    drop(listener);
    for _ in 0..20 {
        let mut stream = open(&gate).await;
        expect(&mut stream, b"hello").await;
    }
}

#[tokio::test]
async fn a_target_that_does_not_want_to_answers_as_ever() {
    let gate = Gate::before_target(target::mirror().await).await;
    let mut stream = TcpStream::connect(gate.address).await.expect("a connection");
    stream.write_all(ASK).await.expect("sent");
    let head = tokio::time::timeout(FOREVER, read_head(&mut stream)).await.expect("an answer");
    assert!(head.starts_with("http/1.1 200 "), "{head}");
}

#[tokio::test]
async fn a_client_of_an_older_protocol_goes_on_in_no_other() {
    let gate = Gate::before_target(target::mirror().await).await;
    let mut stream = TcpStream::connect(gate.address).await.expect("a connection");
    let ask = b"GET / HTTP/1.0\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n";
    stream.write_all(ask).await.expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("an answer");
    assert!(answer.starts_with("HTTP/1.0 200 ") && !answer.contains("upgrade"), "{answer}");
}

#[tokio::test]
async fn when_the_gate_closes_tunnels_end_when_their_time_is_over() {
    let target = echo().await;
    let shutdown_timeout = foundation::config::Period::SECOND;
    let services = [("app".to_owned(), crate::gate::service(&[target]))].into();
    let gate = Gate::open(edge::Config { services, shutdown_timeout, ..edge::Config::default() }, &[]).await;
    let mut stream = open(&gate).await;
    expect(&mut stream, b"hello").await;
    gate.close().await;
    assert_eq!(stream.read(&mut [0]).await.unwrap_or(0), 0);
}

#[tokio::test]
async fn a_tunnel_in_which_both_sides_are_silent_ends() {
    let silence_timeout = foundation::config::Period::SECOND;
    let service = edge::ServiceConfig { silence_timeout, ..crate::gate::service(&[echo().await]) };
    let gate = Gate::before(service).await;
    let mut stream = open(&gate).await;
    expect(&mut stream, b"hello").await;
    let ended = tokio::time::timeout(FOREVER, stream.read(&mut [0])).await.expect("it ends");
    assert_eq!(ended.unwrap_or(0), 0);
}

#[tokio::test]
async fn a_tunnel_is_one_of_the_connections_that_may_be_open() {
    let services = [("app".to_owned(), service(&[echo().await]))].into();
    let gate =
        Gate::open(edge::Config { services, max_connections: 1, ..edge::Config::default() }, &[]).await;
    let first = open(&gate).await;
    let mut second = TcpStream::connect(gate.address).await.expect("a connection that waits");
    second.write_all(ASK).await.expect("sent");
    let early = tokio::time::timeout(Duration::from_millis(300), second.read_u8()).await;
    assert!(early.is_err(), "{early:?}");
    drop(first);
    let head = tokio::time::timeout(FOREVER, read_head(&mut second)).await.expect("an answer");
    assert!(head.starts_with("http/1.1 101 "), "{head}");
}
