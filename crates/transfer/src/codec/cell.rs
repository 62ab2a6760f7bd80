//! A cell of SQLite, whose texts need not be UTF-8.

use rusqlite::ToSql;
use rusqlite::types::{ToSqlOutput, Value, ValueRef};

/// A cell of SQLite.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Cell {
    Value(Value),
    /// A text that need not be UTF-8.
    Text(Vec<u8>),
}

impl Cell {
    pub(crate) fn is_text(&self) -> bool {
        matches!(self.as_ref(), ValueRef::Text(_))
    }

    pub(crate) fn as_ref(&self) -> ValueRef<'_> {
        match self {
            Self::Value(value) => ValueRef::from(value),
            Self::Text(text) => ValueRef::Text(text),
        }
    }
}

impl ToSql for Cell {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(self.as_ref()))
    }
}
