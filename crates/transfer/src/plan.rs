//! What becomes of a database: of each table how its rows are told apart, of each column its type, and what to do with
//! cells that do not fit it. Pure.

mod describe;
mod fit;
mod read;
mod words;
mod write;

use rusqlite::types::{Value, ValueRef};

pub use self::read::PlanError;

use crate::{Choice, Codec, ColumnProfile, Encoded, KeyKind, Schema, Table};

/// What becomes of a database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The schema in PostgreSQL that it goes into.
    pub target: String,
    /// What becomes of columns that take capitals and small letters for the same.
    pub no_case: NoCase,
    /// Its tables, in the order of [`Schema::tables`].
    pub tables: Vec<TablePlan>,
}

/// What becomes of columns that take capitals and small letters for the same (`COLLATE NOCASE`).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum NoCase {
    /// They are texts, and their indexes are over their small letters. As in SQLite, only letters of ASCII have any.
    #[default]
    ExpressionIndex,
    /// They are of the type `citext`, of the extension of that name: PostgreSQL itself compares them so, all letters by
    /// the locale of the database.
    Citext,
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
    /// The bytes of the longest text or blob that was seen in it, where that matters: above [`ColumnPlan::SHORT`].
    pub longest: usize,
    /// Whether it may hold NULL though it is declared NOT NULL: by mistakes that SQLite does not look for, it can.
    pub holds_null: bool,
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

/// What became of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Placed {
    /// It comes back as it was.
    Exactly,
    /// It comes back as something else that means the same, and has to be remembered.
    Remembered,
    /// It does not fit. What [`Codec::cast`] makes of it stands there.
    Cast,
    /// It does not fit. NULL stands in its place.
    Null,
    /// It does not fit. NULL stands in its place, and its row has to stay behind.
    Reject,
    /// It does not fit. NULL stands in its place, and nobody has said what becomes of it.
    Stop,
}

impl Plan {
    /// The plan that loses nothing: each column gets the narrowest type that keeps every cell.
    pub fn lossless(schema: &Schema, profiles: &[Vec<ColumnProfile>], target: &str) -> Self {
        let choices = Choice::of_all(schema, profiles);
        let tables = schema.tables.iter().zip(profiles).zip(&choices);
        let tables = tables
            .map(|((table, profiles), choices)| TablePlan::lossless(table, profiles, choices))
            .collect();
        Self { target: target.to_owned(), no_case: NoCase::default(), tables }
    }
}

impl TablePlan {
    fn lossless(table: &Table, profiles: &[ColumnProfile], choices: &[Choice]) -> Self {
        let columns = table.columns.iter().zip(choices).zip(profiles);
        let columns = columns.map(|((column, choice), profile)| ColumnPlan {
            codec: choice.codec,
            misfits: Misfits::Stop,
            longest: ColumnPlan::worth_noting(profile.texts.longest.max(profile.blobs.longest)),
            holds_null: column.is_not_null && profile.nulls > 0,
        });
        Self { key: Key::of(table, profiles, choices), columns: columns.collect() }
    }
}

impl Key {
    /// The primary key, unless it holds NULL, which SQLite allows by an old mistake
    /// (<https://sqlite.org/quirks.html#primary_keys_can_sometimes_contain_nulls>), or cells that are the same in
    /// PostgreSQL only. Without rowids there is no other.
    fn of(table: &Table, profiles: &[ColumnProfile], choices: &[Choice]) -> Self {
        let tells_apart =
            |column: &usize| profiles[*column].nulls == 0 && !choices[*column].merges(&profiles[*column]);
        match table.primary_key.as_slice() {
            [] => Self::Rowid,
            columns if table.key == KeyKind::PrimaryKey || columns.iter().all(tells_apart) => {
                Self::Columns(columns.to_vec())
            }
            _ => Self::Rowid,
        }
    }
}

impl Misfits {
    /// What each is called in a plan that somebody writes.
    const WORDS: [(Self, &'static str); 4] =
        [(Self::Stop, "stop"), (Self::Cast, "cast"), (Self::Null, "null"), (Self::Reject, "reject")];

    fn word(self) -> &'static str {
        let said = Self::WORDS.into_iter().find(|(misfits, _)| *misfits == self);
        said.expect("each has a word").1
    }
}

impl Key {
    /// Whether a column must not become NULL, because rows are told apart by it or because it says so itself.
    fn forbids_null(&self, table: &Table, column: usize, plan: ColumnPlan) -> bool {
        table.columns[column].is_not_null && !plan.holds_null
            || matches!(self, Self::Columns(columns) if columns.contains(&column))
    }
}

impl NoCase {
    /// What each is called in a plan that somebody writes.
    const WORDS: [(Self, &'static str); 2] =
        [(Self::ExpressionIndex, "expression index"), (Self::Citext, "citext")];

    fn word(self) -> &'static str {
        let said = Self::WORDS.into_iter().find(|(no_case, _)| *no_case == self);
        said.expect("each has a word").1
    }
}

impl ColumnPlan {
    /// So short are values that fit into any index: PostgreSQL's have 32 columns and some 2,600 bytes at the most.
    pub const SHORT: usize = 80;

    /// A length, unless it is short.
    pub(crate) fn worth_noting(length: usize) -> usize {
        if length > Self::SHORT { length } else { 0 }
    }

    /// Appends a cell as a field of binary COPY, by the rule for those that do not fit. It is always one field, and for
    /// equal cells always the same.
    pub fn place(&self, cell: ValueRef<'_>, to: &mut Vec<u8>) -> Placed {
        match self.codec.encode(cell, to) {
            Encoded::Exactly => Placed::Exactly,
            Encoded::AsAnotherClass => Placed::Remembered,
            Encoded::Misfit => self.place_misfit(cell, to),
        }
    }

    /// The same of a cell that [`Codec::encode`] has not written.
    pub(crate) fn place_misfit(&self, cell: ValueRef<'_>, to: &mut Vec<u8>) -> Placed {
        let cast = if self.misfits == Misfits::Cast { self.codec.cast(cell) } else { None };
        let is_cast = cast.is_some();
        self.codec.encode(ValueRef::from(&cast.unwrap_or(Value::Null)), to);
        match self.misfits {
            Misfits::Cast if is_cast => Placed::Cast,
            Misfits::Cast | Misfits::Stop => Placed::Stop,
            Misfits::Null => Placed::Null,
            Misfits::Reject => Placed::Reject,
        }
    }
}

#[cfg(test)]
mod tests;
