//! A field as PostgreSQL sends it. Pure.

use rusqlite::types::ValueRef;

use crate::codec::{Cell, Codec};

/// A field as PostgreSQL sends it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Field {
    /// Its binary form; none for NULL.
    pub(super) bytes: Option<Vec<u8>>,
    /// PostgreSQL's own text of it, where it [may be needed](Codec::needs_text).
    pub(super) text: Option<String>,
}

impl Field {
    /// The cell that is exactly this, if there is one.
    pub(super) fn exactly(&self, codec: Codec) -> Option<Cell> {
        codec.exactly(self.bytes.as_deref())
    }

    /// Whether a cell is this.
    pub(super) fn is(&self, codec: Codec, cell: ValueRef<'_>) -> bool {
        codec.is(cell, self.bytes.as_deref())
    }

    /// For people, and for columns that hold nothing better.
    pub(super) fn shown(&self, codec: Codec) -> String {
        match (&self.bytes, &self.text) {
            (None, _) => "NULL".to_owned(),
            (_, Some(text)) => text.clone(),
            (Some(bytes), None) => codec.shown(bytes),
        }
    }
}
