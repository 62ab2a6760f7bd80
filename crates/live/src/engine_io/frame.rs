//! What a client gets: a packet in the frame of a WebSocket, encoded once for all who get it.

use bytes::Bytes;
use tungstenite::protocol::frame::FrameHeader;
use tungstenite::protocol::frame::coding::{CloseCode, Control, Data, OpCode};

use super::packet::Payload;

/// A frame as a server sends it, unmasked (RFC 6455, 5.2). Cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Frame(Bytes);

const BINARY: u8 = 0x82;

impl Frame {
    /// A text packet, in parts.
    pub(crate) fn text(parts: &[&str]) -> Self {
        Self::new(OpCode::Data(Data::Text), parts.iter().map(|part| part.as_bytes()))
    }

    /// Binary data.
    pub(crate) fn binary(data: &[u8]) -> Self {
        Self::new(OpCode::Data(Data::Binary), [data].into_iter())
    }

    /// The answer to a WebSocket's ping.
    pub(crate) fn pong(data: &[u8]) -> Self {
        Self::new(OpCode::Control(Control::Pong), [data].into_iter())
    }

    /// The last one, and why. The words are cut where they do not fit.
    pub(crate) fn close(code: CloseCode, words: &str) -> Self {
        /// A control frame has no more, and two bytes are the code (RFC 6455, 5.5).
        const LONGEST: usize = 123;
        let words = &words[..words.floor_char_boundary(LONGEST)];
        let code = u16::from(code).to_be_bytes();
        Self::new(OpCode::Control(Control::Close), [code.as_slice(), words.as_bytes()].into_iter())
    }

    fn new<'a>(opcode: OpCode, parts: impl Iterator<Item = &'a [u8]> + Clone) -> Self {
        let length: usize = parts.clone().map(<[u8]>::len).sum();
        let mut frame = Vec::with_capacity(10 + length);
        let header = FrameHeader { opcode, ..FrameHeader::default() };
        header.format(length as u64, &mut frame).expect("memory takes what is written");
        parts.for_each(|part| frame.extend_from_slice(part));
        Self(frame.into())
    }

    /// As it goes over a WebSocket.
    pub(crate) fn wire(&self) -> &[u8] {
        &self.0
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// As it goes into the body of an HTTP answer. Control frames do not.
    pub(crate) fn write_to(&self, payload: &mut Payload) {
        let content = self.content();
        if self.0[0] == BINARY {
            payload.binary(content);
        } else if let Ok(text) = std::str::from_utf8(content) {
            payload.text(text);
        }
    }

    fn content(&self) -> &[u8] {
        let header = match self.0[1] {
            127 => 10,
            126 => 4,
            _ => 2,
        };
        &self.0[header..]
    }
}

#[cfg(test)]
mod tests {
    use super::super::packet::Packet::{self, Binary, Text};
    use super::*;

    #[test]
    fn frames_are_written_as_the_standard_writes_them() {
        // RFC 6455, 5.7
        assert_eq!(Frame::text(&["Hel", "lo"]).wire(), [0x81, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f]);
        assert_eq!(Frame::pong(b"Hello").wire(), [0x8a, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f]);
        assert_eq!(Frame::binary(&[7; 256]).wire()[..4], [0x82, 0x7e, 0x01, 0x00]);
        assert_eq!(Frame::binary(&vec![7; 65536]).wire()[..10], [0x82, 0x7f, 0, 0, 0, 0, 0, 1, 0, 0]);
        assert_eq!(Frame::close(CloseCode::Policy, "no").wire(), [0x88, 0x04, 0x03, 0xf0, b'n', b'o']);
    }

    #[test]
    fn the_last_words_are_short() {
        let frame = Frame::close(CloseCode::Again, &"\u{20ac}".repeat(100));
        assert_eq!(frame.wire()[1], 125);
        let frame = Frame::close(CloseCode::Again, &format!("a{}", "\u{20ac}".repeat(100)));
        assert!(std::str::from_utf8(&frame.wire()[4..]).is_ok());
    }

    #[test]
    fn the_same_frames_go_over_http() {
        for size in [0, 1, 125, 126, 65535, 65536] {
            let (text, data) = ("x".repeat(size), vec![1; size]);
            let mut payload = Payload::default();
            Frame::text(&["4", &text]).write_to(&mut payload);
            Frame::binary(&data).write_to(&mut payload);
            let body = String::from(payload);
            let packets: Vec<_> = Packet::parse_all(&body).collect();
            assert_eq!(packets, [Ok(Text(&text)), Ok(Binary(data.into()))]);
        }
    }
}
