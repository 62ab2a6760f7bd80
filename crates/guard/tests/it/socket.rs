//! What only shows on a real connection: how hyper and the gates behave together.

use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::routing::{get, post};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use crate::kit::protected;

struct Served {
    address: std::net::SocketAddr,
    task: JoinHandle<()>,
}

impl Drop for Served {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn served() -> Served {
    let router = Router::new()
        .route("/api/ok", get(async || "ok"))
        .route("/api/bytes", post(async |bytes: Bytes| bytes.len().to_string()));
    let router = protected(router);
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    let task = tokio::spawn(async move {
        axum::serve(listener, router).await.expect("serves until aborted");
    });
    Served { address, task }
}

/// Sends bytes and reads what comes back until the server closes or falls silent.
async fn exchange(served: &Served, request: &[u8]) -> String {
    let stream = TcpStream::connect(served.address).await.expect("connects");
    let (mut reader, mut writer) = stream.into_split();
    let request = request.to_vec();
    // The server may stop reading before everything is sent.
    let sending = tokio::spawn(async move {
        let _ = writer.write_all(&request).await;
        writer
    });
    let mut answer = Vec::new();
    let mut buffer = [0; 4096];
    while let Ok(Ok(n @ 1..)) = tokio::time::timeout(Duration::from_secs(2), reader.read(&mut buffer)).await {
        answer.extend_from_slice(&buffer[..n]);
    }
    sending.abort();
    String::from_utf8(answer).expect("text")
}

#[tokio::test]
async fn ten_megabytes_of_headers_are_refused_and_harm_nobody() {
    let served = served().await;
    let mut request = b"GET /api/ok HTTP/1.1\r\nHost: localhost\r\nX-Padding: ".to_vec();
    request.resize(10 << 20, b'a');
    request.extend_from_slice(b"\r\n\r\n");
    let answer = exchange(&served, &request).await;
    assert!(answer.starts_with("HTTP/1.1 431 "), "{answer}");

    let answer =
        exchange(&served, b"GET /api/ok HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 200 ") && answer.ends_with("\r\n\r\nok"), "{answer}");
}

// ASVS 13.4.6
#[tokio::test]
async fn an_answer_does_not_name_its_server() {
    let answer =
        exchange(&served().await, b"GET /api/ok HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            .await;
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    assert!(!answer.to_lowercase().contains("\r\nserver:"), "{answer}");
}

#[tokio::test]
async fn a_chunked_body_is_cut_off_at_the_limit() {
    let mut request =
        b"POST /api/bytes HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
    let chunk = [b"4000\r\n".as_slice(), &[b'a'; 0x4000], b"\r\n"].concat();
    for _ in 0..8 {
        request.extend_from_slice(&chunk);
    }
    let answer = exchange(&served().await, &request).await;
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    assert!(answer.contains(r#""code":"body_too_large""#), "{answer}");
}

#[tokio::test]
async fn a_huge_announced_body_is_refused_before_it_is_sent() {
    let request = b"POST /api/bytes HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999\r\n\r\n";
    let answer = exchange(&served().await, request).await;
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
}

// ASVS 4.2.1
#[tokio::test]
async fn two_hosts_or_none_are_refused() {
    let served = served().await;
    for hosts in ["", "Host: a.example\r\nHost: b.example\r\n"] {
        let request = format!("GET /api/ok HTTP/1.1\r\n{hosts}Connection: close\r\n\r\n");
        let answer = exchange(&served, request.as_bytes()).await;
        assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
        assert!(answer.contains(r#""code":"malformed_request""#), "{answer}");
    }
}

#[tokio::test]
async fn the_answer_to_head_has_no_body_even_when_it_fails() {
    let served = served().await;
    for path in ["/api/ok", "/api/nowhere", "/api/bytes"] {
        let request = format!("HEAD {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        let answer = exchange(&served, request.as_bytes()).await;
        assert!(answer.starts_with("HTTP/1.1 ") && answer.ends_with("\r\n\r\n"), "{answer}");
    }
}
