//! Targets: real servers, and sockets that note what they get.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use axum::Router;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::task::{JoinHandle, JoinSet};

use crate::wire;

/// A free port, and where it is.
pub(crate) async fn port() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    (listener, address)
}

/// Serves a router for as long as the test runs.
pub(crate) async fn serve(router: Router) -> SocketAddr {
    serve_for_a_while(router).await.0
}

/// Serves a router until the task is ended.
pub(crate) async fn serve_for_a_while(router: Router) -> (SocketAddr, JoinHandle<()>) {
    let (listener, address) = port().await;
    let serving = tokio::spawn(async move { axum::serve(listener, router).await.expect("serves") });
    (address, serving)
}

/// Answers to everything with what it got: the head in the order in which it came, and the body.
pub(crate) async fn mirror() -> SocketAddr {
    let reflect = async |request: axum::extract::Request| {
        let (parts, body) = request.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
        let mut text = format!("{} {} {:?}\n", parts.method, parts.uri, parts.version);
        for (name, value) in &parts.headers {
            let _ = writeln!(text, "{name}: {}", value.to_str().unwrap_or("?"));
        }
        format!("{text}\n{}", String::from_utf8_lossy(&body))
    };
    serve(Router::new().fallback(reflect)).await
}

/// Answers, and dies of a request for `/poison`.
pub(crate) async fn mortal(deaths: Arc<AtomicU32>) -> SocketAddr {
    let (listener, address) = port().await;
    tokio::spawn(async move {
        let mut open = JoinSet::new();
        loop {
            tokio::select! {
                accepted = listener.accept() => drop(open.spawn(serve_until_poisoned(accepted.expect("a connection").0))),
                Some(Ok(true)) = open.join_next() => break,
            }
        }
        deaths.fetch_add(1, Ordering::Relaxed);
    });
    address
}

/// Whether it was.
async fn serve_until_poisoned(mut stream: TcpStream) -> bool {
    let mut head = Vec::new();
    while let Ok(byte) = stream.read_u8().await {
        head.push(byte);
        if !head.ends_with(b"\r\n\r\n") {
            continue;
        }
        if head.starts_with(b"GET /poison") {
            return true;
        }
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok").await;
        head.clear();
    }
    false
}

/// An address at which nobody listens.
pub(crate) async fn nobody() -> SocketAddr {
    port().await.1
}

/// Lets a test know that whoever had it has let it go.
pub(crate) struct TellsWhenGone(pub(crate) mpsc::Sender<()>);

impl Drop for TellsWhenGone {
    fn drop(&mut self) {
        let _ = self.0.try_send(());
    }
}

/// A socket that notes every byte it gets, and answers to each request with the same bytes.
#[derive(Clone)]
pub(crate) struct Recorder {
    pub(crate) address: SocketAddr,
    connections: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl Recorder {
    pub(crate) async fn answering(answer: &'static [u8]) -> Self {
        let (listener, address) = port().await;
        let recorder = Self { address, connections: Arc::default() };
        let recording = recorder.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(recording.clone().record(stream, answer));
            }
        });
        recorder
    }

    async fn record(self, mut stream: TcpStream, answer: &'static [u8]) {
        let mut connection = None;
        let mut buffer = vec![0; 64 * 1024];
        let mut answered = 0;
        while let Ok(read @ 1..) = stream.read(&mut buffer).await {
            let asked = {
                let mut connections = self.connections.lock().expect("not poisoned");
                let index = *connection.get_or_insert_with(|| {
                    connections.push(Vec::new());
                    connections.len() - 1
                });
                connections[index].extend_from_slice(&buffer[..read]);
                wire::requests(&connections[index]).0.len()
            };
            while answered < asked {
                answered += 1;
                if stream.write_all(answer).await.is_err() {
                    return;
                }
            }
        }
    }

    /// What came over each connection that brought anything.
    pub(crate) fn seen(&self) -> Vec<Vec<u8>> {
        self.connections.lock().expect("not poisoned").clone()
    }
}
