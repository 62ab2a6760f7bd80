//! Reads a table on one side, each row written as PostgreSQL's binary COPY writes it.

use futures::TryStreamExt as _;
use sqlx::PgConnection;

use super::cells::Odds;
use super::rows::{RawRow, RowReader};
use super::sums::{Bucket, bucket};
use crate::codec::Codec;
use crate::copy::RowWriter;
use crate::definition::{ColumnDefinition, TableDefinition};
use crate::run::RunError;
use crate::task::Part;
use crate::{Progress, SourceError, SqliteFile, Table, Target};

/// After how many rows progress is told.
const TOLD_EVERY: u64 = 10_000;

/// Whoever looks at rows.
pub(super) trait Collector: Send + 'static {
    fn see(&mut self, row: RawRow<'_>, bucket: Bucket);
}

/// How a table is read.
#[derive(Debug, Clone)]
pub(super) struct Reading {
    name: String,
    source: String,
    target: String,
    definition: TableDefinition,
}

/// How a column is read in PostgreSQL: how many digits a number shows does not change it.
fn compared(column: &ColumnDefinition) -> String {
    match column.plan.codec {
        Codec::Numeric => format!("trim_scale({})", column.name),
        _ => column.name.clone(),
    }
}

impl Reading {
    pub(super) fn of(table: &Table, definition: &TableDefinition) -> Self {
        let columns = &definition.columns;
        let sources: Vec<_> = columns.iter().map(|column| column.source.as_str()).collect();
        let names: Vec<_> = columns.iter().map(compared).collect();
        let rows = format!("(SELECT {} FROM {})", names.join(", "), definition.name);
        Self {
            name: table.name.clone(),
            source: table.select(&sources.join(", "), Part::Whole),
            target: format!("COPY {rows} TO STDOUT (FORMAT binary)"),
            definition: definition.clone(),
        }
    }

    /// Reads it in SQLite. What would not be what it is in PostgreSQL is counted.
    pub(super) fn source(
        &self,
        file: &SqliteFile,
        collector: &mut impl Collector,
        progress: &Progress,
    ) -> Result<Odds, SourceError> {
        let writer = RowWriter::new(self.definition.columns.iter().map(|column| column.plan).collect());
        let mut odds = Odds::default();
        let mut told = Told::new(progress);
        file.read(|connection| {
            let mut statement = connection.prepare(&self.source)?;
            let mut rows = statement.query([])?;
            let (mut written, mut odd) = (Vec::new(), Vec::new());
            while let Some(row) = rows.next()? {
                written.clear();
                odd.clear();
                if writer.row(row, &mut written, |cell| odd.push(cell))? {
                    let row = RawRow(&written[size_of::<i16>()..]);
                    collector.see(row, self.bucket(row));
                    odds.count(&odd);
                } else {
                    odds.stays();
                }
                told.row(written.len());
            }
            Ok(())
        })?;
        Ok(odds)
    }

    /// Reads it in PostgreSQL.
    pub(super) async fn target(
        &self,
        target: &Target,
        unit: &mut PgConnection,
        collector: &mut impl Collector,
        progress: &Progress,
    ) -> Result<(), RunError> {
        let what = format!("to give the rows of {}", self.name);
        let failed = |cause| target.failed(&what, cause);
        let mut pieces = unit.copy_out_raw(&self.target).await.map_err(failed)?;
        let mut reader = RowReader::default();
        let mut told = Told::new(progress);
        while let Some(piece) = pieces.try_next().await.map_err(failed)? {
            let see = |row: RawRow<'_>| {
                collector.see(row, self.bucket(row));
                told.row(row.0.len());
            };
            reader.take(&piece, see).map_err(|error| failed(sqlx::Error::Protocol(error.to_string())))?;
        }
        if !reader.has_ended() {
            return Err(failed(sqlx::Error::Protocol("the rows have no end".to_owned())).into());
        }
        Ok(())
    }

    fn bucket(&self, row: RawRow<'_>) -> Bucket {
        match self.definition.key.as_slice() {
            [place] => bucket(row.0, row.fields().skip(*place).take(1)),
            places => bucket(row.0, places.iter().filter_map(|place| row.fields().nth(*place))),
        }
    }
}

/// Tells of rows now and then.
struct Told<'p> {
    progress: &'p Progress,
    rows: u64,
    bytes: u64,
}

impl<'p> Told<'p> {
    fn new(progress: &'p Progress) -> Self {
        Self { progress, rows: 0, bytes: 0 }
    }

    fn row(&mut self, bytes: usize) {
        self.rows += 1;
        self.bytes += bytes as u64;
        if self.rows == TOLD_EVERY {
            self.tell();
        }
    }

    fn tell(&mut self) {
        self.progress.moved(std::mem::take(&mut self.rows), std::mem::take(&mut self.bytes));
    }
}

impl Drop for Told<'_> {
    fn drop(&mut self) {
        self.tell();
    }
}
