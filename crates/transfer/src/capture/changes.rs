//! What has changed in a file, read in one transaction: the keys that were noted, and what their rows hold at that moment.

use std::path::Path;
use std::result;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row, Statement, Transaction};

use super::followed::Followed;
use super::install::width;
use super::listing::{expect_unchanged, schema_version};
use super::{Capture, CaptureError, Result};
use crate::sqlite::quoted;

/// How many entries are removed at once: programs that write wait so long at the most.
const PRUNED: i64 = 10_000;

/// A place in the journal, which is an entry: everything up to there has been seen. Numbers can be given again, in an
/// older copy of the file or after the power failed, so an entry is known by a mark of its own as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    number: i64,
    mark: i64,
}

impl Position {
    /// One that was kept somewhere.
    pub const fn new(number: i64, mark: i64) -> Self {
        Self { number, mark }
    }

    /// Its number, to be kept somewhere.
    pub const fn number(self) -> i64 {
        self.number
    }

    /// What tells its entry from another with that number, to be kept with it.
    pub const fn mark(self) -> i64 {
        self.mark
    }
}

/// A row that was written or removed.
#[derive(Debug)]
pub struct Change<'a> {
    /// The place of its table in [`Schema::tables`](crate::Schema::tables).
    pub table: usize,
    /// What its key is, or was: the columns of [`Key::Columns`](crate::Key::Columns), or the rowid.
    pub key: &'a [ValueRef<'a>],
    /// What it holds now; none when there is no row with that key now.
    pub row: Option<&'a Row<'a>>,
}

/// What one reading came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Batch {
    /// Where to go on.
    pub upto: Position,
    /// The last entry there was at that moment: rows may hold already what was written with it.
    pub last: Position,
    /// Whether that is further on.
    pub more: bool,
    /// How many rows were told of.
    pub keys: u64,
}

/// How far behind somebody is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lag {
    /// How many entries of the journal; a row may have several.
    pub entries: u64,
}

impl Capture {
    /// Tells of every row that changed behind a place in the journal, each once, of at most `limit` entries. What is told of it is
    /// what it holds now, so after the last batch all is as it is in the file, though between two batches it may not be.
    /// `columns` are the SQL expressions to read of each table.
    ///
    /// While `see` runs, the file is being read, and in a file that is not in WAL mode nobody can write: it should
    /// take what it is told and wait for nothing.
    ///
    /// # Errors
    /// When the schema has changed, the journal is not the one of that place any more, two rows have one key, the file
    /// cannot be read, or `see` fails.
    pub fn batch<E: From<CaptureError>>(
        &mut self,
        after: Position,
        limit: u32,
        columns: &[Vec<String>],
        see: impl FnMut(Change<'_>) -> result::Result<(), E>,
    ) -> result::Result<Batch, E> {
        let failed = |error| CaptureError::of(&self.path, error);
        let transaction = self.connection.transaction().map_err(failed)?;
        let version = schema_version(&transaction).map_err(failed)?;
        if self.seen != Some(version) {
            expect_unchanged(&self.path, &transaction, &self.tables, &self.listing)?;
        }
        expect_entry(&self.path, &transaction, after)?;
        let upto = upto(&transaction, after.number.saturating_add(limit.into())).map_err(failed)?;
        let last = last(&transaction).map_err(failed)?;
        let mut lookups = Lookups::new(&self.path, &transaction, &self.tables, columns);
        let keys = lookups.run([after.number, upto.number], see)?;
        drop(lookups);
        drop(transaction);
        self.seen = Some(version);
        Ok(Batch { upto, last, more: upto < last, keys })
    }

    /// Makes sure that what was seen once is still there.
    ///
    /// # Errors
    /// When the journal is not the one of that place any more, or the file cannot be read.
    pub fn expect(&self, seen: Position) -> Result<()> {
        expect_entry(&self.path, &self.connection, seen)
    }

    /// How far behind a place in the journal is.
    ///
    /// # Errors
    /// When the journal is not the one of that place any more, or the file cannot be read.
    pub fn lag(&self, after: Position) -> Result<Lag> {
        let moment = self.connection.unchecked_transaction().map_err(|error| self.failed(error))?;
        let [first, last] = ends(&moment).map_err(|error| self.failed(error))?;
        // Whoever only asks may come with a place that has been taken and removed meanwhile.
        if after.number >= first.number {
            expect_entry(&self.path, &moment, after)?;
        }
        Ok(Lag { entries: u64::try_from(last.number - after.number).unwrap_or(0) })
    }

    /// Removes what nobody needs any more, before a place in the journal, a little at a time. The entry at that place
    /// stays, by which the place is known, and so does the last one, from which SQLite goes on counting. Gives how many
    /// went.
    ///
    /// # Errors
    /// When the file cannot be written to.
    pub fn prune(&self, upto: Position) -> Result<u64> {
        let sql = "DELETE FROM mainstay_journal WHERE seq < ?1 AND seq < (SELECT max(seq) FROM mainstay_journal) \
                   AND seq < (SELECT min(seq) FROM mainstay_journal) + ?2";
        let mut removed = 0;
        loop {
            let gone =
                self.connection.execute(sql, [upto.number, PRUNED]).map_err(|error| self.failed(error))?;
            if gone == 0 {
                return Ok(removed);
            }
            removed += u64::try_from(gone).unwrap_or(u64::MAX);
        }
    }
}

/// The last entry of a journal.
pub(super) fn last(connection: &Connection) -> rusqlite::Result<Position> {
    upto(connection, i64::MAX)
}

/// The first entry and the last.
fn ends(connection: &Connection) -> rusqlite::Result<[Position; 2]> {
    let sql = "SELECT seq, mark FROM mainstay_journal ORDER BY seq LIMIT 1";
    Ok([connection.query_row(sql, [], position)?, last(connection)?])
}

/// The last entry up to a number. There is none missing between two: what was taken back leaves no gap, and only the first
/// are ever removed.
fn upto(connection: &Connection, number: i64) -> rusqlite::Result<Position> {
    let sql = "SELECT seq, mark FROM mainstay_journal WHERE seq <= ?1 ORDER BY seq DESC LIMIT 1";
    connection.query_row(sql, [number], position)
}

fn position(row: &Row<'_>) -> rusqlite::Result<Position> {
    Ok(Position::new(row.get(0)?, row.get(1)?))
}

/// Makes sure that a place is still the entry it was: if it is, so is all before it.
fn expect_entry(path: &Path, connection: &Connection, at: Position) -> Result<()> {
    let sql = "SELECT EXISTS (SELECT 1 FROM mainstay_journal WHERE seq = ?1 AND mark = ?2)";
    let is_there = connection.query_row(sql, [at.number, at.mark], |row| row.get(0));
    if is_there.map_err(|error| CaptureError::of(path, error))? {
        Ok(())
    } else {
        Err(CaptureError::OutOfReach { path: path.to_owned(), after: at.number })
    }
}

/// Finds the rows that entries of the journal speak of.
struct Lookups<'c> {
    path: &'c Path,
    transaction: &'c Transaction<'c>,
    tables: &'c [Followed],
    columns: &'c [Vec<String>],
    /// One a table, once it is needed.
    statements: Vec<Option<Statement<'c>>>,
}

impl<'c> Lookups<'c> {
    fn new(
        path: &'c Path,
        transaction: &'c Transaction<'c>,
        tables: &'c [Followed],
        columns: &'c [Vec<String>],
    ) -> Self {
        let statements = tables.iter().map(|_| None).collect();
        Self { path, transaction, tables, columns, statements }
    }

    /// Tells of each key once, with what its row holds; gives how many there were.
    fn run<E: From<CaptureError>>(
        &mut self,
        [after, upto]: [i64; 2],
        mut see: impl FnMut(Change<'_>) -> result::Result<(), E>,
    ) -> result::Result<u64, E> {
        let path = self.path;
        let failed = |error| CaptureError::of(path, error);
        let mut statement = self.transaction.prepare(&noted(width(self.tables))).map_err(failed)?;
        let mut entries = statement.query([after, upto]).map_err(failed)?;
        let mut keys = 0;
        while let Some(entry) = entries.next().map_err(failed)? {
            self.tell(entry, &mut see)?;
            keys += 1;
        }
        Ok(keys)
    }

    fn tell<E: From<CaptureError>>(
        &mut self,
        entry: &Row<'_>,
        see: &mut impl FnMut(Change<'_>) -> result::Result<(), E>,
    ) -> result::Result<(), E> {
        let path = self.path;
        let failed = |error| CaptureError::of(path, error);
        let (table, seq): (u16, i64) = (entry.get(0).map_err(failed)?, entry.get(1).map_err(failed)?);
        let table = usize::from(table);
        let followed = &self.tables[table];
        let parts = (0..followed.identity.names().len()).map(|place| entry.get_ref(2 + place));
        let key = parts.collect::<rusqlite::Result<Vec<_>>>().map_err(failed)?;
        let mut rows = self.statement(table).and_then(|statement| statement.query([seq])).map_err(failed)?;
        let row = rows.next().map_err(failed)?;
        if row.is_some() && key.contains(&ValueRef::Null) {
            return Err(CaptureError::NullKey { table: followed.name.clone() }.into());
        }
        see(Change { table, key: &key, row })?;
        match rows.next().map_err(failed)? {
            None => Ok(()),
            Some(_) => Err(followed.not_unique().into()),
        }
    }

    fn statement(&mut self, table: usize) -> rusqlite::Result<&mut Statement<'c>> {
        let statement = &mut self.statements[table];
        if let Some(statement) = statement {
            return Ok(statement);
        }
        let Followed { name, identity, .. } = &self.tables[table];
        let columns = self.columns[table].join(", ");
        let sql = format!("SELECT {columns} FROM {} WHERE {}", quoted(name), identity.is_of_entry());
        Ok(statement.insert(self.transaction.prepare(&sql)?))
    }
}

/// Each key once, by its last entry. 1 and 1.0 are the same for GROUP BY, and two keys.
fn noted(width: usize) -> String {
    let columns: Vec<_> = (0..width).map(|place| format!("k{place}")).collect();
    let groups: Vec<_> = columns.iter().map(|column| format!("typeof({column}), {column}")).collect();
    format!(
        "SELECT t, max(seq), {} FROM mainstay_journal WHERE seq > ?1 AND seq <= ?2 GROUP BY t, {}",
        columns.join(", "),
        groups.join(", ")
    )
}
