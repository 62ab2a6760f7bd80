//! What a schema consists of, statement by statement, to see whether it is still the same.

use std::path::Path;

use rusqlite::Connection;
use serde::{Deserialize, Serialize};

use super::followed::Followed;
use super::{CaptureError, Result, install};

/// Everything in a schema but what SQLite itself and the fence put there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Listing(Vec<Entry>);

/// A row of `sqlite_schema`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Entry {
    kind: String,
    name: String,
    table: String,
    sql: Option<String>,
}

impl Listing {
    pub(super) fn read(connection: &Connection) -> rusqlite::Result<Self> {
        let sql = "SELECT type, name, tbl_name, sql FROM sqlite_schema \
                   WHERE name NOT GLOB 'sqlite_*' AND name NOT GLOB 'mainstay_fence_*' ORDER BY type <> 'table', type, name";
        let mut statement = connection.prepare(sql)?;
        let entries = statement.query_map([], |row| {
            Ok(Entry { kind: row.get(0)?, name: row.get(1)?, table: row.get(2)?, sql: row.get(3)? })
        })?;
        entries.collect::<rusqlite::Result<_>>().map(Self)
    }

    /// The first thing that is different by now, as a sentence.
    pub(super) fn difference(&self, now: &Self) -> Option<String> {
        let altered = self.0.iter().find(|entry| !now.0.contains(entry));
        let new = || now.0.iter().find(|entry| !self.0.contains(entry));
        altered
            .map(|entry| entry.fate(now))
            .or_else(|| new().map(|entry| format!("{} is new", entry.words())))
    }
}

impl Entry {
    fn words(&self) -> String {
        format!("the {} {}", self.kind, self.name)
    }

    /// What became of something that is no longer what it was.
    fn fate(&self, now: &Listing) -> String {
        let is_same = |other: &&Self| other.kind == self.kind && other.name == self.name;
        match now.0.iter().find(is_same) {
            // When a table is made anew, its triggers go with the old one.
            _ if self.kind == "trigger" && self.name.starts_with("mainstay_") => {
                format!("the table {} was made anew", self.table)
            }
            Some(_) => format!("{} was altered", self.words()),
            None => format!("{} has gone", self.words()),
        }
    }
}

/// Which changes with every change of the schema, that of the fence too, and with VACUUM.
pub(super) fn schema_version(connection: &Connection) -> rusqlite::Result<i64> {
    connection.query_row("SELECT schema_version FROM pragma_schema_version", [], |row| row.get(0))
}

/// Makes sure that all that is written to a file is still captured.
pub(super) fn expect_unchanged(
    path: &Path,
    connection: &Connection,
    tables: &[Followed],
    listing: &Listing,
) -> Result<()> {
    let failed = |error| CaptureError::of(path, error);
    let now = Listing::read(connection).map_err(failed)?;
    if let Some(what) = listing.difference(&now) {
        return Err(CaptureError::SchemaChanged { path: path.to_owned(), what });
    }
    match install::renumbered(connection, tables).map_err(failed)? {
        Some(table) => Err(CaptureError::Renumbered { path: path.to_owned(), table: table.name.clone() }),
        None => Ok(()),
    }
}
