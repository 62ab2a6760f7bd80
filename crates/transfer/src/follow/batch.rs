//! What changed in the file, read at one moment and written as PostgreSQL takes it.

use rusqlite::Row;
use rusqlite::types::ValueRef;

use super::FollowError;
use crate::capture::{Capture, Change, Position};
use crate::copy::{self, RowWriter, TRAILER};
use crate::definition::TableDefinition;
use crate::ledger::{self, Ledger};
use crate::load::write;
use crate::verify::sums::Sum;
use crate::{Definition, Placed, RunError, Schema};

/// So many bytes are held at the most, unless one step has to be taken at once.
const MOST: usize = 64 * 1024 * 1024;

/// How rows are read and written.
#[derive(Debug, Clone)]
pub(super) struct Reader {
    pub(super) schema: Schema,
    pub(super) definition: Definition,
    /// The schema in PostgreSQL.
    pub(super) target: String,
}

/// What changed.
#[derive(Debug)]
pub(super) struct Batch {
    pub(super) tables: Vec<Touched>,
    pub(super) ledger: Ledger,
    pub(super) upto: Position,
    /// Rows may hold what was written up to there.
    pub(super) last: Position,
    pub(super) keys: u64,
}

/// What changed in a table.
#[derive(Debug)]
pub(super) struct Touched {
    /// The keys, as binary COPY.
    pub(super) keys: Vec<u8>,
    /// The same as the ledger has them.
    pub(super) names: Vec<String>,
    /// The rows that there are, as binary COPY.
    pub(super) rows: Vec<u8>,
    /// What these rows come to.
    pub(super) held: Sum,
}

/// Why a batch was not read.
#[derive(Debug)]
pub(super) enum Unread {
    /// It is too large to be held.
    TooMuch,
    Failed(FollowError),
}

impl<E: Into<FollowError>> From<E> for Unread {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

impl Reader {
    /// Reads what changed behind a place in the journal, about `limit` entries of it.
    pub(super) fn read(&self, capture: &mut Capture, after: Position, limit: u32) -> Result<Batch, Unread> {
        let columns: Vec<Vec<String>> = self
            .definition
            .tables
            .iter()
            .map(|table| table.filled().map(|column| column.source.clone()).collect())
            .collect();
        let mut collector = Collector::new(self);
        let read = capture.batch(after, limit, &columns, |change| collector.see(&change, limit))?;
        let tables = collector.tables.into_iter().map(Touched::ended).collect();
        let ledger = collector.ledger;
        Ok(Batch { tables, ledger, upto: read.upto, last: read.last, keys: read.keys })
    }
}

struct Collector<'r> {
    reader: &'r Reader,
    writers: Vec<RowWriter>,
    tables: Vec<Touched>,
    ledger: Ledger,
    bytes: usize,
}

impl<'r> Collector<'r> {
    fn new(reader: &'r Reader) -> Self {
        let tables = &reader.definition.tables;
        let writer =
            |table: &TableDefinition| RowWriter::new(table.filled().map(|column| column.plan).collect());
        Self {
            reader,
            writers: tables.iter().map(writer).collect(),
            tables: tables.iter().map(|_| Touched::new()).collect(),
            ledger: Ledger::new(&reader.target),
            bytes: 0,
        }
    }

    fn see(&mut self, change: &Change<'_>, limit: u32) -> Result<(), Unread> {
        let definition = &self.reader.definition.tables[change.table];
        let touched = &mut self.tables[change.table];
        let before = touched.keys.len() + touched.rows.len();
        touched.key(definition, change.key);
        if let Some(row) = change.row {
            self.row(change.table, row)?;
        }
        let touched = &self.tables[change.table];
        self.bytes += touched.keys.len() + touched.rows.len() - before;
        if self.bytes > MOST && limit > 1 && limit < u32::MAX { Err(Unread::TooMuch) } else { Ok(()) }
    }

    fn row(&mut self, table: usize, row: &Row<'_>) -> Result<(), Unread> {
        let definition = &self.reader.definition.tables[table];
        let name = &self.reader.schema.tables[table].name;
        let touched = &mut self.tables[table];
        let failed = |error| crate::SourceError::of(std::path::Path::new(name), error);
        let start = touched.rows.len();
        let written = write(&self.writers[table], name, definition, row, &mut touched.rows, &mut self.ledger);
        let arrives = written.map_err(failed)?.map_err(|misfit| RunError::Misfit(Box::new(misfit)))?;
        if arrives {
            touched.held.add(&touched.rows[start + size_of::<i16>()..]);
        }
        Ok(())
    }
}

impl Touched {
    fn new() -> Self {
        Self { keys: copy::head(), names: Vec::new(), rows: copy::head(), held: Sum::default() }
    }

    /// A key that does not fit its columns was never in PostgreSQL.
    fn key(&mut self, definition: &TableDefinition, key: &[ValueRef<'_>]) {
        let start = self.keys.len();
        let fields = i16::try_from(key.len()).expect("a key has few columns");
        self.keys.extend_from_slice(&fields.to_be_bytes());
        for (place, cell) in definition.key.iter().zip(key) {
            let placed = definition.columns[*place].plan.place(*cell, &mut self.keys);
            if matches!(placed, Placed::Stop | Placed::Null | Placed::Reject) {
                self.keys.truncate(start);
                break;
            }
        }
        self.names.push(ledger::key_of(key.iter().copied()));
    }

    fn ended(mut self) -> Self {
        self.keys.extend_from_slice(&TRAILER);
        self.rows.extend_from_slice(&TRAILER);
        self
    }
}
