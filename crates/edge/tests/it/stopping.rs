//! A gate that stops while it is asked.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures::future;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::gate::{FOREVER, Gate, head, rest};
use crate::target::Recorder;

const REQUEST: &[u8] = b"GET / HTTP/1.1\r\nhost: app.example\r\n\r\n";
const CLIENTS: usize = 64;
/// How many requests are answered before the gate stops.
const BEFORE: usize = 2000;

/// Asks over one connection, again and again, until an answer says that it is the last one. Each request must be answered.
async fn ask_until_told(mut stream: TcpStream, answered: Arc<AtomicUsize>) {
    loop {
        stream.write_all(REQUEST).await.expect("nobody has said that the connection ends");
        let head = head(&mut stream).await.to_lowercase();
        assert!(head.starts_with("http/1.1 200 ok\r\n"), "{head}");
        let mut body = [0; 2];
        stream.read_exact(&mut body).await.expect("the rest of the answer");
        assert_eq!(&body, b"ok");
        answered.fetch_add(1, Ordering::Relaxed);
        if head.contains("\r\nconnection: close\r\n") {
            return;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_asks_over_a_kept_connection_is_answered_or_was_told_to_go_before() {
    let target = Recorder::answering(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok").await;
    let gate = Gate::before_target(target.address).await;
    let mut silent = gate.connect().await;
    let answered = Arc::<AtomicUsize>::default();
    let streams = future::join_all((0..CLIENTS).map(|_| gate.connect())).await;
    let clients =
        streams.into_iter().map(|stream| tokio::spawn(ask_until_told(stream, Arc::clone(&answered))));
    let clients: Vec<_> = clients.collect();
    let busy = async {
        while answered.load(Ordering::Relaxed) < BEFORE {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(FOREVER, busy).await.expect("in time");
    gate.close().await;
    for client in clients {
        client.await.expect("each was answered");
    }
    assert_eq!(rest(&mut silent).await, "", "who has asked nothing is told nothing");
}
