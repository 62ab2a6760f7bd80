//! What PostgreSQL's `pgoutput` says, protocol version 1
//! (<https://www.postgresql.org/docs/current/protocol-logicalrep-message-formats.html>). Pure.

use thiserror::Error;

/// Why a message cannot be understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Malformed {
    /// It ends too early.
    #[error("it ends in the middle")]
    Cut,
    /// Something is behind its end.
    #[error("it is longer than it says")]
    TooLong,
    /// It is of a kind that this protocol does not have: it might be a change.
    #[error("its kind {0:#04x} is not known")]
    Kind(u8),
    /// A part of it is of a kind that this protocol does not have.
    #[error("a part of it is of the kind {0:#04x}, which is not known")]
    Part(u8),
    /// A name in it is no text.
    #[error("a name in it is no UTF-8")]
    Name,
}

/// A message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Message<'m> {
    /// A transaction begins.
    Begin { xid: u32 },
    /// It ends here.
    Commit { end: u64 },
    /// What the next messages call by a number.
    Relation(Relation<'m>),
    /// A row is new.
    Insert { relation: u32, new: Tuple<'m> },
    /// A row has changed. `old` is its key, if that has changed, or all of it.
    Update { relation: u32, old: Option<Tuple<'m>>, new: Tuple<'m> },
    /// A row is gone. `old` is its key, or all of it.
    Delete { relation: u32, old: Tuple<'m> },
    /// Tables are empty.
    Truncate { relations: Vec<u32> },
    /// Where it comes from, a type, or what somebody wrote into the log: nothing that changes a row.
    Aside,
}

/// A table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Relation<'m> {
    pub(crate) id: u32,
    pub(crate) namespace: &'m str,
    pub(crate) name: &'m str,
    pub(crate) columns: Vec<&'m str>,
}

/// The cells of a row, in the order of its table's columns.
pub(crate) type Tuple<'m> = Vec<Cell<'m>>;

/// A cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cell<'m> {
    Null,
    /// It is long, and as it was.
    Unchanged,
    Text(&'m [u8]),
    /// As the type's own binary form, which somebody has to ask for.
    Binary(&'m [u8]),
}

impl<'m> Message<'m> {
    /// Reads a message.
    pub(crate) fn read(message: &'m [u8]) -> Result<Self, Malformed> {
        let mut rest = Rest(message);
        let read = match rest.u8()? {
            b'B' => {
                let (_end, _at) = (rest.u64()?, rest.u64()?);
                Self::Begin { xid: rest.u32()? }
            }
            b'C' => {
                let (_flags, _start) = (rest.u8()?, rest.u64()?);
                let end = rest.u64()?;
                rest.u64()?;
                Self::Commit { end }
            }
            b'R' => Self::Relation(rest.relation()?),
            b'I' => Self::Insert { relation: rest.u32()?, new: rest.new_tuple()? },
            b'U' => rest.update()?,
            b'D' => Self::Delete { relation: rest.u32()?, old: rest.old_tuple()? },
            b'T' => rest.truncate()?,
            b'O' | b'Y' | b'M' => return Ok(Self::Aside),
            kind => return Err(Malformed::Kind(kind)),
        };
        if rest.0.is_empty() { Ok(read) } else { Err(Malformed::TooLong) }
    }
}

/// What is still to be read.
struct Rest<'m>(&'m [u8]);

impl<'m> Rest<'m> {
    fn take(&mut self, length: usize) -> Result<&'m [u8], Malformed> {
        let (taken, rest) = self.0.split_at_checked(length).ok_or(Malformed::Cut)?;
        self.0 = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Malformed> {
        let (taken, rest) = self.0.split_first_chunk().ok_or(Malformed::Cut)?;
        self.0 = rest;
        Ok(*taken)
    }

    fn u8(&mut self) -> Result<u8, Malformed> {
        self.array().map(u8::from_be_bytes)
    }

    fn u16(&mut self) -> Result<u16, Malformed> {
        self.array().map(u16::from_be_bytes)
    }

    fn u32(&mut self) -> Result<u32, Malformed> {
        self.array().map(u32::from_be_bytes)
    }

    fn u64(&mut self) -> Result<u64, Malformed> {
        self.array().map(u64::from_be_bytes)
    }

    /// A name, which ends with a zero.
    fn name(&mut self) -> Result<&'m str, Malformed> {
        let length = self.0.iter().position(|byte| *byte == 0).ok_or(Malformed::Cut)?;
        let name = self.take(length)?;
        self.u8()?;
        std::str::from_utf8(name).map_err(|_| Malformed::Name)
    }

    fn relation(&mut self) -> Result<Relation<'m>, Malformed> {
        let (id, namespace, name) = (self.u32()?, self.name()?, self.name()?);
        let _identity = self.u8()?;
        let count = self.u16()?;
        let columns = (0..count).map(|_| self.column()).collect::<Result<_, _>>()?;
        Ok(Relation { id, namespace, name, columns })
    }

    fn column(&mut self) -> Result<&'m str, Malformed> {
        let _flags = self.u8()?;
        let name = self.name()?;
        let (_type, _modifier) = (self.u32()?, self.u32()?);
        Ok(name)
    }

    fn update(&mut self) -> Result<Message<'m>, Malformed> {
        let relation = self.u32()?;
        let has_old = self.0.first() != Some(&b'N');
        let old = if has_old { Some(self.old_tuple()?) } else { None };
        Ok(Message::Update { relation, old, new: self.new_tuple()? })
    }

    fn truncate(&mut self) -> Result<Message<'m>, Malformed> {
        let (count, _options) = (self.u32()?, self.u8()?);
        let relations = (0..count).map(|_| self.u32()).collect::<Result<_, _>>()?;
        Ok(Message::Truncate { relations })
    }

    fn new_tuple(&mut self) -> Result<Tuple<'m>, Malformed> {
        match self.u8()? {
            b'N' => self.tuple(),
            kind => Err(Malformed::Part(kind)),
        }
    }

    fn old_tuple(&mut self) -> Result<Tuple<'m>, Malformed> {
        match self.u8()? {
            b'K' | b'O' => self.tuple(),
            kind => Err(Malformed::Part(kind)),
        }
    }

    fn tuple(&mut self) -> Result<Tuple<'m>, Malformed> {
        let count = self.u16()?;
        (0..count).map(|_| self.cell()).collect()
    }

    fn cell(&mut self) -> Result<Cell<'m>, Malformed> {
        match self.u8()? {
            b'n' => Ok(Cell::Null),
            b'u' => Ok(Cell::Unchanged),
            b't' => self.value().map(Cell::Text),
            b'b' => self.value().map(Cell::Binary),
            kind => Err(Malformed::Part(kind)),
        }
    }

    fn value(&mut self) -> Result<&'m [u8], Malformed> {
        let length = usize::try_from(self.u32()?).map_err(|_| Malformed::Cut)?;
        self.take(length)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cells(cells: &[Cell<'_>]) -> Vec<u8> {
        let mut bytes = u16::try_from(cells.len()).expect("few").to_be_bytes().to_vec();
        for cell in cells {
            let (kind, value) = match cell {
                Cell::Null => (b'n', None),
                Cell::Unchanged => (b'u', None),
                Cell::Text(text) => (b't', Some(text)),
                Cell::Binary(binary) => (b'b', Some(binary)),
            };
            bytes.push(kind);
            if let Some(value) = value {
                bytes.extend(u32::try_from(value.len()).expect("short").to_be_bytes());
                bytes.extend(*value);
            }
        }
        bytes
    }

    fn update() -> Vec<u8> {
        let old = cells(&[Cell::Text(b"1"), Cell::Null]);
        let new = cells(&[Cell::Text(b"2"), Cell::Unchanged]);
        [b"U\0\0\0\x07K".as_slice(), &old, b"N", &new].concat()
    }

    #[test]
    fn messages_are_read() {
        let begin = [b"B".as_slice(), &[0; 16], &9_u32.to_be_bytes()].concat();
        assert_eq!(Message::read(&begin), Ok(Message::Begin { xid: 9 }));
        let commit = [b"C\0".as_slice(), &[0; 8], &77_u64.to_be_bytes(), &[0; 8]].concat();
        assert_eq!(Message::read(&commit), Ok(Message::Commit { end: 77 }));
        let column = b"\x01id\0\0\0\0\x17\xff\xff\xff\xff";
        let relation = [b"R\0\0\0\x07public\0t\0d\0\x01".as_slice(), column].concat();
        let expected = Relation { id: 7, namespace: "public", name: "t", columns: vec!["id"] };
        assert_eq!(Message::read(&relation), Ok(Message::Relation(expected)));
        assert_eq!(
            Message::read(&update()),
            Ok(Message::Update {
                relation: 7,
                old: Some(vec![Cell::Text(b"1"), Cell::Null]),
                new: vec![Cell::Text(b"2"), Cell::Unchanged],
            })
        );
        let truncate = b"T\0\0\0\x02\x01\0\0\0\x07\0\0\0\x08";
        assert_eq!(Message::read(truncate), Ok(Message::Truncate { relations: vec![7, 8] }));
        assert_eq!(Message::read(b"Osomewhere"), Ok(Message::Aside));
    }

    #[test]
    fn what_is_not_known_is_refused() {
        assert_eq!(Message::read(b""), Err(Malformed::Cut));
        assert_eq!(Message::read(b"Z"), Err(Malformed::Kind(b'Z')));
        assert_eq!(Message::read(b"I\0\0\0\x07X"), Err(Malformed::Part(b'X')));
        assert_eq!(Message::read(&[update(), vec![0]].concat()), Err(Malformed::TooLong));
        // As many as there could be, and none there.
        assert_eq!(Message::read(b"T\xff\xff\xff\xff\0"), Err(Malformed::Cut));
    }

    proptest! {
        #[test]
        fn whatever_comes_nothing_panics(kind in prop::sample::select(b"BCRIUDTOYM?".to_vec()), bytes in prop::collection::vec(any::<u8>(), 0..64)) {
            let _ = Message::read(&[vec![kind], bytes].concat());
        }

        #[test]
        fn what_is_cut_is_never_read(length in 0_usize..64) {
            let whole = update();
            if length < whole.len() {
                prop_assert!(Message::read(&whole[..length]).is_err());
            }
        }
    }
}
