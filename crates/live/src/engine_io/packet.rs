//! The packets of Engine.IO 4, as they are written in text: a digit for the kind, then what is in it.
//!
//! <https://github.com/socketio/socket.io/blob/main/docs/engine.io-protocol/v4-current.md>

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;

/// Between packets of one HTTP body.
const SEPARATOR: char = '\x1e';
/// Before binary data in an HTTP body.
const BINARY: char = 'b';

/// What a client may send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Packet<'a> {
    /// It goes.
    Close,
    /// It asks whether another way works, in these words.
    Ping(&'a str),
    /// It is there.
    Pong,
    /// It takes the other way from now on.
    Upgrade,
    Text(&'a str),
    Binary(Bytes),
}

/// What no client that speaks Engine.IO 4 would send.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no packet of Engine.IO 4")]
pub(crate) struct NoPacket;

impl<'a> Packet<'a> {
    /// The packet of a text frame.
    pub(crate) fn parse(text: &'a str) -> Result<Self, NoPacket> {
        let mut rest = text.chars();
        let kind = rest.next().ok_or(NoPacket)?;
        let content = rest.as_str();
        match (kind, content) {
            ('1', "") => Ok(Self::Close),
            ('2', _) => Ok(Self::Ping(content)),
            ('3', _) => Ok(Self::Pong),
            ('4', _) => Ok(Self::Text(content)),
            ('5', "") => Ok(Self::Upgrade),
            _ => Err(NoPacket),
        }
    }

    /// The packets of an HTTP body, in which binary data is written in base64.
    pub(crate) fn parse_all(body: &'a str) -> impl Iterator<Item = Result<Self, NoPacket>> {
        body.split(SEPARATOR).map(|text| match text.strip_prefix(BINARY) {
            Some(data) => STANDARD.decode(data).map(|data| Self::Binary(data.into())).map_err(|_| NoPacket),
            None => Self::parse(text),
        })
    }
}

/// Writes packets into one HTTP body.
#[derive(Debug, Default)]
pub(crate) struct Payload(String);

impl Payload {
    pub(crate) fn text(&mut self, packet: &str) {
        self.separate();
        self.0.push_str(packet);
    }

    pub(crate) fn binary(&mut self, data: &[u8]) {
        self.separate();
        self.0.push(BINARY);
        STANDARD.encode_string(data, &mut self.0);
    }

    fn separate(&mut self) {
        if !self.0.is_empty() {
            self.0.push(SEPARATOR);
        }
    }
}

impl From<Payload> for String {
    fn from(payload: Payload) -> Self {
        payload.0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn packets_are_read_as_the_protocol_writes_them() {
        let table = [
            ("1", Packet::Close),
            ("2probe", Packet::Ping("probe")),
            ("3", Packet::Pong),
            ("4hello", Packet::Text("hello")),
            ("4", Packet::Text("")),
            ("4\u{20ac}", Packet::Text("\u{20ac}")),
            ("5", Packet::Upgrade),
        ];
        for (text, packet) in table {
            assert_eq!(Packet::parse(text), Ok(packet), "{text}");
        }
    }

    #[test]
    fn what_only_a_server_sends_or_nobody_is_refused() {
        for text in ["", "0", "0{}", "1x", "5x", "6", "7", "abc", "\u{20ac}", " 4", "b"] {
            assert_eq!(Packet::parse(text), Err(NoPacket), "{text}");
        }
    }

    #[test]
    fn a_body_has_many_packets() {
        let packets: Vec<_> = Packet::parse_all("4hello\x1ebAQIDBA==\x1e3").collect();
        let data = Bytes::from_static(&[1, 2, 3, 4]);
        assert_eq!(packets, [Ok(Packet::Text("hello")), Ok(Packet::Binary(data)), Ok(Packet::Pong)]);
        for body in ["", "4a\x1e", "\x1e4a", "4a\x1e\x1e4b", "bAQ", "b!", "4a\x1e6"] {
            assert!(Packet::parse_all(body).any(|packet| packet.is_err()), "{body:?}");
        }
    }

    #[test]
    fn a_body_is_written_as_it_is_read() {
        let mut payload = Payload::default();
        payload.text("4hello");
        payload.binary(&[1, 2, 3, 4]);
        payload.text("2");
        assert_eq!(String::from(payload), "4hello\x1ebAQIDBA==\x1e2");
    }

    proptest! {
        #[test]
        fn nothing_that_is_sent_makes_it_panic(body in any::<String>()) {
            Packet::parse_all(&body).for_each(drop);
        }

        #[test]
        fn what_is_written_is_read(messages in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..50), 1..9)) {
            let mut payload = Payload::default();
            for data in &messages {
                payload.binary(data);
            }
            let body = String::from(payload);
            let read: Vec<_> = Packet::parse_all(&body).collect();
            let sent: Vec<_> = messages.into_iter().map(|data| Ok(Packet::Binary(data.into()))).collect();
            prop_assert_eq!(read, sent);
        }
    }
}
