//! Sessions over a WebSocket (RFC 6455). Compression is never agreed on: what it saves costs memory for each connection, and
//! it tells of secrets by the size of what is sent beside them.

use std::collections::VecDeque;
use std::io;
use std::net::Shutdown;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use foundation::{Code, Problem};
use http::header::{CONNECTION, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_VERSION, UPGRADE};
use http::request::Parts;
use http::{HeaderMap, HeaderName, StatusCode};
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::rt::TokioIo;
use hyper_util::server::conn::auto;
use socket2::SockRef;
use tokio::io::Interest;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tungstenite::handshake::derive_accept_key;
use tungstenite::protocol::frame::coding::CloseCode;

use super::outbox::Outbox;
use super::packet::Packet;
use super::query::malformed;
use super::reader::{self, Reader};
use super::session::{LAST_WORDS, Session, bell, set};
use super::{Frame, Handler, Reason};

/// How much is read with one call of the system.
const CHUNK: usize = 8 * 1024;
/// How long we wait for the other side to close, so that what we said last arrives.
const CLOSING: Duration = Duration::from_secs(2);

/// A connection that becomes a WebSocket once the answer has been sent.
pub(super) struct Opening(OnUpgrade);

/// Agrees to a WebSocket.
pub(super) fn open(head: &mut Parts) -> Result<(Opening, Response), Problem> {
    let is_asked_for =
        has(&head.headers, &UPGRADE, "websocket") && has(&head.headers, &CONNECTION, "upgrade");
    let key = head.headers.get(SEC_WEBSOCKET_KEY).filter(|key| key.len() == 24);
    let (true, true, Some(key)) = (is_asked_for, has(&head.headers, &SEC_WEBSOCKET_VERSION, "13"), key)
    else {
        return Err(malformed(
            "With transport=websocket this has to be the beginning of a WebSocket, version 13.",
        ));
    };
    let accept = derive_accept_key(key.as_bytes());
    let upgrade = head
        .extensions
        .remove::<OnUpgrade>()
        .ok_or_else(|| Problem::new(Code::Internal, "A WebSocket cannot begin here."))?;
    let headers = [(UPGRADE, "websocket"), (CONNECTION, "Upgrade"), (SEC_WEBSOCKET_ACCEPT, accept.as_str())];
    Ok((Opening(upgrade), (StatusCode::SWITCHING_PROTOCOLS, headers).into_response()))
}

fn has(headers: &HeaderMap, name: &HeaderName, word: &str) -> bool {
    let words = headers.get_all(name).iter().flat_map(|value| value.to_str().unwrap_or_default().split(','));
    words.map(str::trim).any(|said| said.eq_ignore_ascii_case(word))
}

impl Opening {
    /// The WebSocket, for messages of so many bytes; none if the client went away first.
    pub(super) async fn complete(self, largest: usize) -> Option<Socket> {
        let Ok((stream, early)) = connection(self.0.await.ok()?) else {
            tracing::error!("a WebSocket is not on a TCP connection of ours");
            return None;
        };
        let mut socket =
            Socket { stream: Arc::new(stream), reader: Reader::new(largest), messages: VecDeque::new() };
        socket.hear(&early).ok()?;
        Some(socket)
    }
}

/// The connection below, and what came over it already. hyper and hyper-util, which `axum::serve` uses, have it in wrappings
/// of their own.
fn connection(upgraded: Upgraded) -> Result<(TcpStream, Bytes), Upgraded> {
    type Stream = TokioIo<TcpStream>;
    match upgraded.downcast::<Stream>() {
        Ok(parts) => Ok((parts.io.into_inner(), parts.read_buf)),
        Err(upgraded) => {
            let parts = auto::upgrade::downcast::<Stream>(upgraded)?;
            Ok((parts.io.into_inner(), parts.read_buf))
        }
    }
}

/// A WebSocket and what came over it.
#[derive(Debug)]
pub(super) struct Socket {
    stream: Arc<TcpStream>,
    reader: Reader,
    messages: VecDeque<reader::Message>,
}

impl Socket {
    /// Reads what has come, if anything.
    fn read(&mut self) -> Result<(), Reason> {
        let mut chunk = [0; CHUNK];
        match self.stream.try_read(&mut chunk) {
            Ok(0) => Err(Reason::Lost),
            Ok(length) => self.hear(&chunk[..length]),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(()),
            Err(_) => Err(Reason::Lost),
        }
    }

    fn hear(&mut self, arrived: &[u8]) -> Result<(), Reason> {
        self.reader.take(arrived, &mut self.messages).map_err(Reason::from)
    }

    /// Waits for these words and no others.
    pub(super) async fn expect(&mut self, words: &str) -> Option<()> {
        while self.messages.is_empty() {
            self.stream.readable().await.ok()?;
            self.read().ok()?;
        }
        let message = self.messages.pop_front();
        matches!(message, Some(reader::Message::Text(text)) if text == words).then_some(())
    }

    /// Says something before the session has the socket.
    pub(super) async fn say(&self, frame: &Frame) -> Option<()> {
        self.stream.writable().await.ok()?;
        // The first bytes of a connection always fit.
        (self.stream.try_write(frame.wire()).ok()? == frame.len()).then_some(())
    }

    /// Ends before a session has the socket.
    pub(super) async fn refuse(&mut self, words: &str) {
        if self.say(&Frame::close(CloseCode::Policy, words)).await.is_some() {
            let _ = SockRef::from(&*self.stream).shutdown(Shutdown::Write);
            closed(&self.stream).await;
        }
    }
}

/// Reads and writes until the session ends.
pub(super) async fn converse<H: Handler>(session: &Session<H>, mut socket: Socket) {
    let outbox = session.link().outbox();
    outbox.open(Arc::clone(&socket.stream));
    let reason = listen(session, &mut socket).await;
    outbox.end(reason);
    let reason = outbox.ended().unwrap_or(reason);
    let is_heard_out = reason.is_heard_out();
    if !is_heard_out {
        session.ended(reason).await;
    }
    if reason != Reason::Lost && timeout(LAST_WORDS, say_all(outbox, &socket.stream)).await.is_ok() {
        if is_heard_out {
            let _ = timeout(CLOSING, hear_out(session, &mut socket)).await;
        }
        let _ = SockRef::from(&*socket.stream).shutdown(Shutdown::Write);
        let _ = timeout(CLOSING, closed(&socket.stream)).await;
    }
    if is_heard_out {
        session.ended(reason).await;
    }
}

/// What the client said before it knew that this is the end.
async fn hear_out<H: Handler>(session: &Session<H>, socket: &mut Socket) {
    loop {
        while let Some(message) = socket.messages.pop_front() {
            if take(session, message).await.is_err() {
                return;
            }
        }
        if socket.stream.readable().await.is_err() || socket.read().is_err() {
            return;
        }
    }
}

async fn listen<H: Handler>(session: &Session<H>, socket: &mut Socket) -> Reason {
    let outbox = session.link().outbox();
    let mut bell = pin!(bell(session));
    loop {
        while let Some(message) = socket.messages.pop_front() {
            if let Err(reason) = take(session, message).await {
                return reason;
            }
        }
        let interest =
            if outbox.is_full() { Interest::READABLE | Interest::WRITABLE } else { Interest::READABLE };
        let done = tokio::select! {
            biased;
            () = outbox.changed() => Ok(()),
            ready = socket.stream.ready(interest) => match ready {
                Ok(ready) => {
                    if ready.is_writable() {
                        outbox.flush();
                    }
                    if ready.is_readable() { socket.read() } else { Ok(()) }
                }
                Err(_) => Err(Reason::Lost),
            },
            () = bell.as_mut() => session.rings().await,
        };
        if let Some(reason) = outbox.ended().or(done.err()) {
            return reason;
        }
        if outbox.is_gone() {
            return Reason::Lost;
        }
        set(bell.as_mut(), session);
    }
}

async fn take<H: Handler>(session: &Session<H>, message: reader::Message) -> Result<(), Reason> {
    match message {
        reader::Message::Text(text) => {
            session.take(Packet::parse(&text).map_err(|_| Reason::Malformed)?).await
        }
        reader::Message::Binary(data) => session.take(Packet::Binary(data)).await,
        reader::Message::Ping(data) => {
            session.link().send(&[Frame::pong(&data)]);
            Ok(())
        }
        reader::Message::Pong => Ok(()),
        reader::Message::Close => Err(Reason::Lost),
    }
}

/// Until nothing waits, or nobody takes it.
async fn say_all(outbox: &Arc<Outbox>, stream: &TcpStream) {
    while !outbox.is_over() {
        tokio::select! {
            () = outbox.changed() => {}
            _ = stream.writable(), if outbox.is_full() => outbox.flush(),
        }
    }
}

/// Until the other side has closed. What it says is not heard any more.
async fn closed(stream: &TcpStream) {
    let mut chunk = [0; CHUNK];
    loop {
        let _ = stream.readable().await;
        match stream.try_read(&mut chunk) {
            Ok(0) => return,
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(_) => return,
        }
    }
}
