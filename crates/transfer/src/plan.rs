//! What becomes of a database: of each table how its rows are told apart, of each column its type, and what to do with
//! cells that do not fit it. Pure.

use crate::{Choice, Codec, ColumnProfile, Schema, Table};

/// What becomes of a database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The schema in PostgreSQL that it goes into.
    pub target: String,
    /// Its tables, in the order of [`Schema::tables`].
    pub tables: Vec<TablePlan>,
}

/// What becomes of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TablePlan {
    /// By what its rows are told apart on both sides.
    pub key: Key,
    /// Its columns, in order.
    pub columns: Vec<ColumnPlan>,
}

/// By what the rows of a table are told apart on both sides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Key {
    /// These columns: no two rows have the same in them, and none has NULL.
    Columns(Vec<usize>),
    /// SQLite's rowid, which becomes a column of its own.
    Rowid,
}

/// What becomes of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ColumnPlan {
    /// Its type, and how cells stand in it.
    pub codec: Codec,
    /// What becomes of cells that do not fit.
    pub misfits: Misfits,
}

/// What becomes of cells that do not fit the type of their column.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Misfits {
    /// Nobody has said it: the move stops.
    #[default]
    Stop,
    /// They are made into what SQLite's CAST would make of them; where that is nothing of the type, the move stops.
    Cast,
    /// NULL stands in their place.
    Null,
    /// Their rows stay behind.
    Reject,
}

impl Plan {
    /// The plan that loses nothing: each column gets the narrowest type that keeps every cell.
    pub fn lossless(schema: &Schema, profiles: &[Vec<ColumnProfile>], target: &str) -> Self {
        let tables = schema.tables.iter().zip(profiles);
        let tables = tables.map(|(table, profiles)| TablePlan::lossless(table, profiles)).collect();
        Self { target: target.to_owned(), tables }
    }
}

impl TablePlan {
    fn lossless(table: &Table, profiles: &[ColumnProfile]) -> Self {
        let columns = table.columns.iter().zip(profiles).map(|(column, profile)| {
            let Choice { codec, .. } = Choice::of(column, table.is_strict, profile);
            ColumnPlan { codec, misfits: Misfits::Stop }
        });
        Self { key: Key::of(table, profiles), columns: columns.collect() }
    }
}

impl Key {
    /// The primary key, unless it holds NULL, which SQLite allows by an old mistake
    /// (<https://sqlite.org/quirks.html#primary_keys_can_sometimes_contain_nulls>).
    fn of(table: &Table, profiles: &[ColumnProfile]) -> Self {
        let has_no_null = |column: &usize| profiles[*column].nulls == 0;
        match table.primary_key.as_slice() {
            [] => Self::Rowid,
            columns if columns.iter().all(has_no_null) => Self::Columns(columns.to_vec()),
            _ => Self::Rowid,
        }
    }
}

/// What became of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Placed {
    /// It comes back as it was.
    Exactly,
    /// It comes back as something else that means the same.
    Remembered,
    /// What SQLite's CAST makes of it stands there.
    Cast,
    /// NULL stands in its place.
    Null,
    /// Its row has to stay behind.
    Reject,
    /// Nobody has said what becomes of it.
    Stop,
}

impl ColumnPlan {
    /// Appends a cell as a field of binary COPY, by the rule of this column.
    pub fn place(&self, cell: rusqlite::types::ValueRef<'_>, to: &mut Vec<u8>) -> Placed {
        match self.codec.encode(cell, to) {
            crate::Encoded::Exactly => Placed::Exactly,
            crate::Encoded::AsAnotherClass => Placed::Remembered,
            crate::Encoded::Misfit => {
                self.codec.encode(rusqlite::types::ValueRef::Null, to);
                match self.misfits {
                    Misfits::Null => Placed::Null,
                    Misfits::Reject => Placed::Reject,
                    _ => Placed::Stop,
                }
            }
        }
    }
}
