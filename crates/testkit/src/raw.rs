//! Bytes on a socket, for what no well-behaved client would send.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// The longest that a server may take to do what a test waits for.
const LONGEST: Duration = Duration::from_secs(30);

/// A port that nobody listens on at this moment.
pub async fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    listener.local_addr().expect("bound").port()
}

/// A connection that speaks bytes.
pub struct Connection(TcpStream);

impl Connection {
    /// Connects.
    pub async fn to(address: SocketAddr) -> Self {
        Self(TcpStream::connect(address).await.expect("somebody listens"))
    }

    /// Sends bytes; panics when the server does not take them all.
    pub async fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.0.write_all(bytes.as_ref()).await.expect("the server takes it");
    }

    /// Sends bytes while reading what comes back until the server closes. The server may stop taking them before all
    /// are sent.
    pub async fn exchange(self, bytes: impl AsRef<[u8]>) -> String {
        String::from_utf8_lossy(&self.exchange_bytes(bytes).await).into_owned()
    }

    /// The same for answers that are no text.
    pub async fn exchange_bytes(self, bytes: impl AsRef<[u8]>) -> Vec<u8> {
        let (mut reader, mut writer) = self.0.into_split();
        let bytes = bytes.as_ref().to_vec();
        let sending = tokio::spawn(async move {
            let _ = writer.write_all(&bytes).await;
            writer
        });
        let answer = to_the_end(&mut reader).await;
        sending.abort();
        answer
    }

    /// Whether there is something to read.
    pub async fn has_something(&self) -> bool {
        tokio::time::timeout(Duration::ZERO, self.0.peek(&mut [0])).await.is_ok()
    }

    /// Reads until the server closes.
    pub async fn rest(mut self) -> String {
        String::from_utf8_lossy(&to_the_end(&mut self.0).await).into_owned()
    }

    /// Reads one answer, as far as `end`, and leaves the connection open.
    pub async fn until(&mut self, end: &str) -> String {
        let mut answer = Vec::new();
        let reading = async {
            while !answer.ends_with(end.as_bytes()) {
                answer.push(self.0.read_u8().await.expect("the server goes on"));
            }
        };
        tokio::time::timeout(LONGEST, reading).await.unwrap_or_else(|_| panic!("no {end:?} came"));
        String::from_utf8(answer).expect("text")
    }
}

/// Reads until the other end closes or resets; panics when it never does.
async fn to_the_end(reader: &mut (impl tokio::io::AsyncRead + Unpin)) -> Vec<u8> {
    let mut answer = Vec::new();
    let reading = async {
        let mut buffer = [0; 4096];
        while let Ok(n @ 1..) = reader.read(&mut buffer).await {
            answer.extend_from_slice(&buffer[..n]);
        }
    };
    tokio::time::timeout(LONGEST, reading).await.expect("the server closes the connection");
    answer
}
