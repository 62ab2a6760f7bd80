//! People who come through the gate: each request of another visitor, and never tried again. What they see is counted.

use std::collections::BTreeMap;
use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;

use crate::at_gate::until;

/// How many there have been.
static VISITORS: AtomicU32 = AtomicU32::new(0);

/// Whoever comes next: somebody of 10.0.0.0/8 whom nobody was before.
fn next_visitor() -> Ipv4Addr {
    Ipv4Addr::from_bits((10 << 24) + VISITORS.fetch_add(1, Ordering::Relaxed))
}

/// What somebody asks for.
#[derive(Debug, Clone)]
pub(crate) struct Wish {
    line: String,
    headers: String,
    body: String,
}

impl Wish {
    /// A page.
    pub(crate) fn page(path: &str) -> Self {
        Self { line: format!("GET {path}"), headers: String::new(), body: String::new() }
    }

    /// To be rid of something.
    pub(crate) fn post(path: &str, kind: &str, body: String) -> Self {
        let headers = format!("content-type: {kind}\r\ncontent-length: {}\r\n", body.len());
        Self { line: format!("POST {path}"), headers, body }
    }

    /// The same with a cookie.
    pub(crate) fn with_cookie(self, name: &str, value: &str) -> Self {
        Self { headers: format!("{}cookie: {name}={value}\r\n", self.headers), ..self }
    }

    fn text(&self, visitor: Ipv4Addr, connection: &str) -> String {
        let Self { line, headers, body } = self;
        format!(
            "{line} HTTP/1.1\r\nhost: localhost\r\nx-forwarded-for: {visitor}\r\nconnection: {connection}\r\n{headers}\r\n{body}"
        )
    }
}

/// How somebody comes to the gate.
#[derive(Clone)]
pub(crate) struct Way {
    address: SocketAddr,
    /// For TLS, to the gate that is called `localhost`.
    tls: Option<TlsConnector>,
    /// Whether the next request goes over the same connection, unless an answer says that it was the last one.
    stays: bool,
}

impl Way {
    /// Over plain HTTP, and a connection for each request.
    pub(crate) fn to(address: SocketAddr) -> Self {
        Self { address, tls: None, stays: false }
    }

    pub(crate) fn with_tls(self, connector: TlsConnector) -> Self {
        Self { tls: Some(connector), ..self }
    }

    /// Over connections that stay open.
    pub(crate) fn that_stays(self) -> Self {
        Self { stays: true, ..self }
    }

    async fn connect(&self) -> std::io::Result<Box<dyn Stream>> {
        let stream = TcpStream::connect(self.address).await?;
        let Some(connector) = &self.tls else { return Ok(Box::new(stream)) };
        let name = ServerName::try_from("localhost").expect("a name");
        Ok(Box::new(connector.connect(name, stream).await?))
    }

    /// One request, over the connection that is open if there is one; what came back, whole.
    async fn ask(&self, open: &mut Option<Box<dyn Stream>>, wish: &Wish) -> std::io::Result<String> {
        let mut stream = match open.take() {
            Some(stream) => stream,
            None => self.connect().await?,
        };
        let connection = if self.stays { "keep-alive" } else { "close" };
        stream.write_all(wish.text(next_visitor(), connection).as_bytes()).await?;
        stream.flush().await?;
        let mut answer = String::new();
        if self.stays {
            answer = one_answer(&mut stream).await?;
            let is_last = answer.to_ascii_lowercase().contains("\r\nconnection: close\r\n");
            *open = (!is_last).then_some(stream);
        } else {
            stream.read_to_string(&mut answer).await?;
        }
        Ok(answer)
    }
}

/// A connection, whatever it is made of.
trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}

impl<S: AsyncRead + AsyncWrite + Unpin + Send> Stream for S {}

/// The next answer, which must say how long it is.
async fn one_answer(stream: &mut Box<dyn Stream>) -> std::io::Result<String> {
    let mut bytes = Vec::new();
    while !bytes.ends_with(b"\r\n\r\n") {
        bytes.push(stream.read_u8().await?);
    }
    let head = String::from_utf8_lossy(&bytes).into_owned();
    let length = length(&head.to_ascii_lowercase()).and_then(|length| length.parse().ok());
    let mut body = vec![0; length.ok_or(std::io::ErrorKind::InvalidData)?];
    stream.read_exact(&mut body).await?;
    Ok(head + &String::from_utf8_lossy(&body))
}

/// One request over a connection of its own; what came back, whole.
pub(crate) async fn ask(address: SocketAddr, wish: &Wish) -> std::io::Result<String> {
    Way::to(address).ask(&mut None, wish).await
}

/// What a visitor saw, in a word or two.
fn seen(answer: &std::io::Result<String>) -> String {
    let answer = match answer {
        Ok(answer) => answer,
        Err(error) => return format!("no answer: {error}"),
    };
    let Some((head, body)) = answer.split_once("\r\n\r\n") else { return "no whole answer".to_owned() };
    let status = head.split(' ').nth(1).unwrap_or("no status").to_owned();
    if is_whole(head, body) { status } else { format!("{status}, broken off") }
}

/// Whether a body is as long as its head said.
fn is_whole(head: &str, body: &str) -> bool {
    let head = head.to_ascii_lowercase();
    match length(&head) {
        Some(length) => length.parse() == Ok(body.len()),
        None => !head.contains("transfer-encoding: chunked") || body.ends_with("0\r\n\r\n"),
    }
}

/// How long a head in small letters says that its body is.
fn length(head: &str) -> Option<&str> {
    head.lines().find_map(|line| line.strip_prefix("content-length: "))
}

/// How often visitors saw what.
#[derive(Debug, Default)]
pub(crate) struct Sights(BTreeMap<String, u64>);

impl Sights {
    pub(crate) fn all(&self) -> u64 {
        self.0.values().sum()
    }

    /// How often it was an error: anything but what was asked for.
    pub(crate) fn errors(&self) -> u64 {
        self.0.iter().filter(|(what, _)| !is_good(what)).map(|(_, times)| times).sum()
    }

    fn add(&mut self, other: Self) {
        for (what, times) in other.0 {
            *self.0.entry(what).or_default() += times;
        }
    }
}

fn is_good(what: &str) -> bool {
    what.len() == 3 && what.starts_with('2')
}

impl fmt::Display for Sights {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {} requests were errors: {:?}", self.errors(), self.all(), self.0)
    }
}

/// Visitors, one after the other at each of so many doors, until told to stop.
pub(crate) struct Visitors {
    stop: Arc<AtomicBool>,
    asked: Arc<AtomicU64>,
    clients: Vec<tokio::task::JoinHandle<Sights>>,
}

impl Visitors {
    pub(crate) fn begin(address: SocketAddr, clients: u32, wish: &Wish) -> Self {
        Self::on(&Way::to(address), clients, wish)
    }

    /// The same on a way of their own.
    pub(crate) fn on(way: &Way, clients: u32, wish: &Wish) -> Self {
        let (stop, asked) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
        let client = |_| {
            let (stop, asked, way, wish) = (Arc::clone(&stop), Arc::clone(&asked), way.clone(), wish.clone());
            tokio::spawn(async move {
                let (mut sights, mut open) = (Sights::default(), None);
                while !stop.load(Ordering::Relaxed) {
                    *sights.0.entry(seen(&way.ask(&mut open, &wish).await)).or_default() += 1;
                    asked.fetch_add(1, Ordering::Relaxed);
                }
                sights
            })
        };
        let clients = (0..clients).map(client).collect();
        Self { stop, asked, clients }
    }

    /// How many were answered so far.
    pub(crate) fn answered(&self) -> u64 {
        self.asked.load(Ordering::Relaxed)
    }

    /// Waits until so many more were answered.
    pub(crate) async fn more(&self, requests: u64) {
        let goal = self.answered() + requests;
        until(async || self.answered() >= goal).await;
    }

    pub(crate) async fn end(self) -> Sights {
        self.stop.store(true, Ordering::Relaxed);
        let mut sights = Sights::default();
        for client in self.clients {
            sights.add(client.await.expect("does not panic"));
        }
        sights
    }
}
