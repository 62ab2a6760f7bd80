//! Fills a part of a table: one thread reads and encodes, and what it has written is sent meanwhile, a little at a time.

use rusqlite::types::ValueRef;
use rusqlite::{Row, Rows};
use sqlx::PgConnection;
use tokio::sync::mpsc::{Sender, channel};
use tokio::task::spawn_blocking;

use crate::copy::{self, Odd, RowWriter};
use crate::definition::TableDefinition;
use crate::ledger::{self, Ledger};
use crate::run::{Misfit, RunError};
use crate::task::Part;
use crate::{Placed, Progress, SqliteFile, Table, Target};

/// How many bytes are sent at once.
const PIECE: usize = 256 * 1024;
/// How many pieces wait to be sent at the most: whoever reads faster waits.
const PIECES: usize = 4;

/// What filling a part of a table came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Filled {
    pub(crate) rows: u64,
    pub(crate) bytes: u64,
    /// What did not go as it should, and stopped nothing.
    pub(crate) trouble: Option<String>,
}

/// A part of a table, and how it is read.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    /// The name of the table in SQLite.
    pub(crate) table: String,
    pub(crate) definition: TableDefinition,
    /// Reads it.
    pub(crate) sql: String,
}

impl Source {
    /// A part of a table.
    pub(crate) fn of(table: &Table, definition: &TableDefinition, part: Part) -> Self {
        let columns: Vec<_> = definition.filled().map(|column| column.source.as_str()).collect();
        let sql = table.select(&columns.join(", "), part);
        Self { table: table.name.clone(), definition: definition.clone(), sql }
    }
}

/// Sends a part of a table by one COPY, and gives the file back.
pub(crate) async fn fill(
    file: SqliteFile,
    source: Source,
    mut ledger: Ledger,
    target: &Target,
    unit: &mut PgConnection,
    progress: &Progress,
) -> Result<(SqliteFile, Filled), RunError> {
    let what = format!("the rows of {}", source.table);
    let failed = |cause| RunError::from(target.failed(&what, cause));
    let copy_in = source.definition.copy_in();
    let (pieces, mut written) = channel(PIECES);
    let told = progress.clone();
    let reading = spawn_blocking(move || {
        let read = read(&file, &source, &mut ledger, &pieces, &told);
        (file, ledger, read)
    });
    let mut copy = unit.copy_in_raw(&copy_in).await.map_err(failed)?;
    while let Some(piece) = written.recv().await {
        copy.send(piece).await.map_err(failed)?;
    }
    let (file, ledger, filled) = reading.await.expect("reading does not panic");
    let filled = match filled {
        Ok(filled) => filled,
        Err(error) => {
            copy.abort("the source cannot be read").await.map_err(failed)?;
            return Err(error);
        }
    };
    copy.finish().await.map_err(failed)?;
    ledger.send(target, unit).await?;
    Ok((file, filled))
}

fn read(
    file: &SqliteFile,
    source: &Source,
    ledger: &mut Ledger,
    to: &Sender<Vec<u8>>,
    progress: &Progress,
) -> Result<Filled, RunError> {
    let mut stopped = None;
    let filled = file.read(|connection| {
        let mut statement = connection.prepare(&source.sql)?;
        let mut sending = Sending { source, ledger, to, progress, filled: Filled::default() };
        stopped = sending.all(statement.query([])?)?;
        Ok(sending.filled)
    })?;
    stopped.map_or(Ok(filled), Err)
}

struct Sending<'s> {
    source: &'s Source,
    ledger: &'s mut Ledger,
    to: &'s Sender<Vec<u8>>,
    progress: &'s Progress,
    filled: Filled,
}

impl Sending<'_> {
    /// Sends all rows; stops at a cell that nobody has said anything about.
    fn all(&mut self, mut rows: Rows<'_>) -> rusqlite::Result<Option<RunError>> {
        let Source { table, definition, .. } = self.source;
        let writer = RowWriter::new(definition.filled().map(|column| column.plan).collect());
        let mut buffer = copy::head();
        let mut waiting = 0;
        while let Some(row) = rows.next()? {
            match write(&writer, table, definition, row, &mut buffer, self.ledger)? {
                Ok(arrives) => waiting += u64::from(arrives),
                Err(misfit) => return Ok(Some(RunError::Misfit(Box::new(misfit)))),
            }
            if buffer.len() >= PIECE {
                let next = Vec::with_capacity(PIECE + PIECE / 8);
                // Nobody receives any more when PostgreSQL has refused: then it has said why.
                if !self.send(std::mem::replace(&mut buffer, next), &mut waiting) {
                    return Ok(None);
                }
            }
        }
        buffer.extend_from_slice(&copy::TRAILER);
        self.send(buffer, &mut waiting);
        Ok(None)
    }

    fn send(&mut self, piece: Vec<u8>, rows: &mut u64) -> bool {
        let bytes = piece.len() as u64;
        self.filled.rows += *rows;
        self.filled.bytes += bytes;
        self.progress.moved(std::mem::take(rows), bytes);
        self.to.blocking_send(piece).is_ok()
    }
}

/// Appends a row of a table, and notes its odd cells: whether it arrives, or at which cell everything has to stop.
pub(crate) fn write(
    writer: &RowWriter,
    table: &str,
    definition: &TableDefinition,
    row: &Row<'_>,
    to: &mut Vec<u8>,
    ledger: &mut Ledger,
) -> rusqlite::Result<Result<bool, Misfit>> {
    let mut odd = Vec::new();
    let arrives = writer.row(row, to, |cell| odd.push(cell))?;
    if odd.is_empty() {
        return Ok(Ok(arrives));
    }
    if let Some(stop) = odd.iter().find(|cell| cell.placed == Placed::Stop) {
        return misfit(table, definition, row, *stop).map(Err);
    }
    ledger.note_all(table, definition, row, odd, arrives)?;
    Ok(Ok(arrives))
}

/// A cell that nobody has said anything about.
fn misfit(table: &str, definition: &TableDefinition, row: &Row<'_>, cell: Odd) -> rusqlite::Result<Misfit> {
    let column = definition.filled().nth(cell.column).expect("a column that was read");
    let shown = ledger::shown(row.get_ref(cell.column)?);
    Ok(Misfit {
        table: table.to_owned(),
        column: crate::sqlite::unquoted(&column.source),
        key: ledger::key(definition, row)?,
        class: class(row.get_ref(cell.column)?),
        cell: shown.chars().take(60).collect(),
        type_name: column.plan.codec.type_name(),
    })
}

fn class(cell: ValueRef<'_>) -> &'static str {
    match cell {
        ValueRef::Null => "NULL",
        ValueRef::Integer(_) => "an integer",
        ValueRef::Real(_) => "a real",
        ValueRef::Text(_) => "a text",
        ValueRef::Blob(_) => "a blob",
    }
}
