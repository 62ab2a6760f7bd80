//! The rows of a table as PostgreSQL's binary COPY
//! (<https://www.postgresql.org/docs/current/sql-copy.html#id-1.9.3.55.9.4>). Pure.

use rusqlite::Row;
use rusqlite::types::ValueRef;

use crate::codec::{Codec, Encoded};

const SIGNATURE: &[u8] = b"PGCOPY\n\xff\r\n\0";
/// No flags, and nothing more in the header.
const REST_OF_HEADER: [u8; 8] = [0; 8];
/// Instead of a number of fields: there are no more rows.
const TRAILER: [u8; 2] = (-1_i16).to_be_bytes();

/// Writes rows.
pub(crate) struct RowWriter {
    codecs: Vec<Codec>,
    buffer: Vec<u8>,
}

/// A cell that does not stand in its column as it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Odd {
    /// Which of the columns.
    pub(crate) column: usize,
    pub(crate) became: Encoded,
}

impl RowWriter {
    /// Rows of these columns.
    pub(crate) fn new(codecs: Vec<Codec>) -> Self {
        Self { codecs, buffer: [SIGNATURE, &REST_OF_HEADER].concat() }
    }

    /// Writes a row. `odd` is told of cells that will not come back as they were, or that could not be written: then
    /// there is NULL in their place.
    pub(crate) fn row(&mut self, row: &Row<'_>, mut odd: impl FnMut(Odd)) -> rusqlite::Result<()> {
        let fields = i16::try_from(self.codecs.len()).expect("PostgreSQL has 1,600 columns at the most");
        self.buffer.extend_from_slice(&fields.to_be_bytes());
        for (column, codec) in self.codecs.iter().enumerate() {
            let became = codec.encode(row.get_ref(column)?, &mut self.buffer);
            if became == Encoded::Misfit {
                codec.encode(ValueRef::Null, &mut self.buffer);
            }
            if became != Encoded::Exactly {
                odd(Odd { column, became });
            }
        }
        Ok(())
    }

    /// How many bytes wait.
    pub(crate) fn len(&self) -> usize {
        self.buffer.len()
    }

    /// What was written since the last time.
    pub(crate) fn take(&mut self) -> Vec<u8> {
        let capacity = self.buffer.capacity();
        std::mem::replace(&mut self.buffer, Vec::with_capacity(capacity))
    }

    /// The rest, and the end.
    pub(crate) fn end(mut self) -> Vec<u8> {
        self.buffer.extend_from_slice(&TRAILER);
        self.buffer
    }
}
