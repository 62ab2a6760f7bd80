//! HTTP/2 by hand, for what no well-behaved client would send.

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;

use crate::authority::Authority;
use crate::gate::{FOREVER, Gate};

pub(crate) const DATA: u8 = 0;
pub(crate) const HEADERS: u8 = 1;
pub(crate) const RST_STREAM: u8 = 3;
pub(crate) const SETTINGS: u8 = 4;
pub(crate) const GOAWAY: u8 = 7;
pub(crate) const CONTINUATION: u8 = 9;

pub(crate) const END_STREAM: u8 = 1;
pub(crate) const END_HEADERS: u8 = 4;
const ACK: u8 = 1;

/// A client that sends whatever it is told to.
pub(crate) struct Frames(pub(crate) TlsStream<TcpStream>);

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Frame {
    pub(crate) kind: u8,
    pub(crate) flags: u8,
    pub(crate) stream: u32,
    pub(crate) payload: Vec<u8>,
}

impl Frames {
    /// With settings of its own, as numbers and values.
    pub(crate) async fn connect(authority: &Authority, gate: &Gate, settings: &[(u16, u32)]) -> Self {
        let mut stream = authority.connect(gate, "app.example", &["h2"]).await;
        stream.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").await.expect("sent");
        let setting =
            |(number, value): &(u16, u32)| [&number.to_be_bytes()[..], &value.to_be_bytes()].concat();
        let mut frames = Self(stream);
        frames.send(SETTINGS, 0, 0, &settings.iter().map(setting).collect::<Vec<_>>().concat()).await;
        frames
    }

    /// Whoever has closed the connection hears it no more; what it said before can still be read.
    pub(crate) async fn send(&mut self, kind: u8, flags: u8, stream: u32, payload: &[u8]) {
        let length = u32::try_from(payload.len()).expect("short").to_be_bytes();
        let mut frame = [&length[1..], &[kind, flags], &stream.to_be_bytes()].concat();
        frame.extend(payload);
        let _ = self.0.write_all(&frame).await;
    }

    /// The head of a request, in one frame.
    pub(crate) async fn request(&mut self, stream: u32, headers: &[(&str, &str)], is_all: bool) {
        let flags = if is_all { END_HEADERS | END_STREAM } else { END_HEADERS };
        self.send(HEADERS, flags, stream, &block(headers)).await;
    }

    /// The next frame; none when the connection is closed. Settings and pings are answered on the way.
    pub(crate) async fn next(&mut self) -> Option<Frame> {
        let reading = tokio::time::timeout(FOREVER, self.read());
        reading.await.expect("a frame, or the end")
    }

    async fn read(&mut self) -> Option<Frame> {
        loop {
            let mut head = [0; 9];
            self.0.read_exact(&mut head).await.ok()?;
            let [a, b, c, kind, flags, id @ ..] = head;
            let mut payload = vec![0; u32::from_be_bytes([0, a, b, c]) as usize];
            self.0.read_exact(&mut payload).await.ok()?;
            let frame = Frame { kind, flags, stream: u32::from_be_bytes(id), payload };
            match kind {
                SETTINGS if flags & ACK == 0 => self.send(SETTINGS, ACK, 0, &[]).await,
                6 if flags & ACK == 0 => self.send(6, ACK, 0, &frame.payload).await,
                SETTINGS | 6 | 8 => {}
                _ => return Some(frame),
            }
        }
    }

    /// What becomes of a request: the kind of the frame that says it, and its status or error.
    pub(crate) async fn outcome(&mut self, stream: u32) -> Outcome {
        while let Some(frame) = self.next().await {
            match frame.kind {
                HEADERS if frame.stream == stream => return Outcome::Answer(status(&frame.payload)),
                RST_STREAM if frame.stream == stream => return Outcome::Reset(number(&frame.payload)),
                GOAWAY if number(&frame.payload[4..]) != 0 => return Outcome::Closed,
                _ => {}
            }
        }
        Outcome::Closed
    }

    /// Whether the connection is closed within this time. Whatever else comes is read.
    pub(crate) async fn is_closed_within(&mut self, limit: Duration) -> bool {
        tokio::time::timeout(limit, async { while self.read().await.is_some() {} }).await.is_ok()
    }
}

/// What becomes of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    Answer(u16),
    Reset(u32),
    Closed,
}

/// Names and values as they are, none of them in a table (RFC 7541, 6.2.2).
pub(crate) fn block(headers: &[(&str, &str)]) -> Vec<u8> {
    let mut block = Vec::new();
    for (name, value) in headers {
        block.push(0);
        for text in [name, value] {
            length(text.len(), &mut block);
            block.extend(text.as_bytes());
        }
    }
    block
}

/// RFC 7541, 5.1, behind a bit that says that the text is not compressed.
fn length(mut length: usize, block: &mut Vec<u8>) {
    if length < 127 {
        return block.push(u8::try_from(length).expect("small"));
    }
    block.push(127);
    length -= 127;
    while length >= 128 {
        block.push(u8::try_from(length % 128 + 128).expect("small"));
        length /= 128;
    }
    block.push(u8::try_from(length).expect("small"));
}

/// The status stands first, behind what changes the size of the table. The usual ones have numbers of their own (RFC
/// 7541, appendix A), of the others the digits follow (appendix B).
fn status(block: &[u8]) -> u16 {
    let place = block.iter().position(|byte| byte & 0xe0 != 0x20).expect("a status");
    match block[place] {
        byte @ 0x88..=0x8e => [200, 204, 206, 304, 400, 404, 500][usize::from(byte - 0x88)],
        _ => digits(&block[place + 1..]),
    }
}

fn digits(text: &[u8]) -> u16 {
    let length = usize::from(text[0] & 0x7f);
    let text = &text[1..=length];
    let mut bits = text.iter().flat_map(|byte| (0..8).rev().map(move |bit| u16::from(byte >> bit & 1)));
    let mut take = |count: usize| bits.by_ref().take(count).fold(0, |number, bit| number * 2 + bit);
    (0..3).fold(0, |status, _| {
        let digit = match take(5) {
            small @ 0..=2 => small,
            // Six bits: from 3 on, which is 011001.
            large => large * 2 + take(1) - 0b01_1001 + 3,
        };
        status * 10 + digit
    })
}

fn number(bytes: &[u8]) -> u32 {
    u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])
}
