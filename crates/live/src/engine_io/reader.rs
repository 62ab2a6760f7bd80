//! Reads what comes over a WebSocket (RFC 6455): frames in, messages out. No I/O.
//!
//! tungstenite's own reader keeps a buffer for each connection, as large as the largest message that has come. This one
//! keeps nothing for those who have sent whole messages, which is what connections do almost all the time.

use std::io::Cursor;

use bytes::Bytes;
use tungstenite::protocol::frame::FrameHeader;
use tungstenite::protocol::frame::coding::{Control, Data, OpCode};

use super::Reason;

/// What a client said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Message {
    Text(String),
    Binary(Bytes),
    Ping(Bytes),
    Pong,
    Close,
}

/// What is against the standard, or larger than it may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Violation {
    #[error("a message is larger than it may be")]
    TooLarge,
    #[error("text is not UTF-8")]
    NoText,
    #[error("a frame is not as RFC 6455 has it")]
    Protocol,
}

impl From<Violation> for Reason {
    fn from(violation: Violation) -> Self {
        match violation {
            Violation::TooLarge => Self::TooLarge,
            Violation::NoText | Violation::Protocol => Self::Malformed,
        }
    }
}

/// What has come of a message so far.
#[derive(Debug)]
pub(crate) struct Reader {
    /// In bytes.
    largest: usize,
    /// The beginning of a frame.
    rest: Vec<u8>,
    /// The fragments that came of a message, and whether it is text.
    fragments: Option<(bool, Vec<u8>)>,
}

impl Reader {
    /// For messages of no more bytes than `largest`.
    pub(crate) fn new(largest: usize) -> Self {
        Self { largest, rest: Vec::new(), fragments: None }
    }

    /// Takes what came, and says which messages it completes. After a violation nothing more is to be read.
    pub(crate) fn take(
        &mut self,
        arrived: &[u8],
        messages: &mut impl Extend<Message>,
    ) -> Result<(), Violation> {
        if self.rest.is_empty() {
            let read = self.read(arrived, messages)?;
            self.rest.extend_from_slice(&arrived[read..]);
            return Ok(());
        }
        let mut all = std::mem::take(&mut self.rest);
        all.extend_from_slice(arrived);
        let read = self.read(&all, messages)?;
        if read < all.len() {
            all.drain(..read);
            self.rest = all;
        }
        Ok(())
    }

    /// Reads whole frames, and says how many bytes they had.
    fn read(&mut self, bytes: &[u8], messages: &mut impl Extend<Message>) -> Result<usize, Violation> {
        let mut cursor = Cursor::new(bytes);
        let mut read = 0;
        while let Some((header, length)) = FrameHeader::parse(&mut cursor).map_err(|_| Violation::Protocol)? {
            let mask = self.check(&header, length)?;
            let start = usize::try_from(cursor.position()).map_err(|_| Violation::TooLarge)?;
            let end = start + usize::try_from(length).map_err(|_| Violation::TooLarge)?;
            let Some(payload) = bytes.get(start..end) else { break };
            messages.extend(self.complete(&header, unmask(payload, mask))?);
            cursor.set_position(end as u64);
            read = end;
        }
        Ok(read)
    }

    /// Looks at a frame before its content has come. Says its mask, which each frame of a client has.
    fn check(&self, header: &FrameHeader, length: u64) -> Result<[u8; 4], Violation> {
        let is_fine = match header.opcode {
            OpCode::Control(_) => header.is_final && length <= 125,
            OpCode::Data(kind) => (kind == Data::Continue) == self.fragments.is_some(),
        };
        if !is_fine || header.rsv1 || header.rsv2 || header.rsv3 {
            return Err(Violation::Protocol);
        }
        let so_far = self.fragments.as_ref().map_or(0, |(_, data)| data.len());
        if matches!(header.opcode, OpCode::Data(_)) && length > (self.largest - so_far) as u64 {
            return Err(Violation::TooLarge);
        }
        header.mask.ok_or(Violation::Protocol)
    }

    /// The message that a frame completes.
    fn complete(&mut self, header: &FrameHeader, payload: Vec<u8>) -> Result<Option<Message>, Violation> {
        match header.opcode {
            OpCode::Control(Control::Ping) => Ok(Some(Message::Ping(payload.into()))),
            OpCode::Control(Control::Pong) => Ok(Some(Message::Pong)),
            OpCode::Control(_) => Ok(Some(Message::Close)),
            OpCode::Data(kind) => self.data(kind, header.is_final, payload),
        }
    }

    fn data(&mut self, kind: Data, is_final: bool, payload: Vec<u8>) -> Result<Option<Message>, Violation> {
        let (is_text, content) = match self.fragments.take() {
            Some((is_text, mut content)) => {
                content.extend_from_slice(&payload);
                (is_text, content)
            }
            None => (kind == Data::Text, payload),
        };
        if !is_final {
            self.fragments = Some((is_text, content));
            return Ok(None);
        }
        let message = if is_text {
            Message::Text(String::from_utf8(content).map_err(|_| Violation::NoText)?)
        } else {
            Message::Binary(content.into())
        };
        Ok(Some(message))
    }
}

/// RFC 6455, 5.3.
fn unmask(payload: &[u8], mask: [u8; 4]) -> Vec<u8> {
    let mut content = payload.to_vec();
    let mut words = content.chunks_exact_mut(4);
    for word in &mut words {
        word.iter_mut().zip(mask).for_each(|(byte, mask)| *byte ^= mask);
    }
    words.into_remainder().iter_mut().zip(mask).for_each(|(byte, mask)| *byte ^= mask);
    content
}

#[cfg(test)]
mod tests;
