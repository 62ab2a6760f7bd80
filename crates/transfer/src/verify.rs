//! Whether what is in PostgreSQL is what is in the file: every cell of both sides is read, written in one way, and
//! compared.
//!
//! First the rows of both sides are summed up (see [`sums`]). Only where sums differ, rows are looked at one by one.

mod cells;
pub(crate) mod known;
pub(crate) mod picked;
mod reading;
mod report;
pub(crate) mod rows;
pub(crate) mod sums;

use std::path::{Path, PathBuf};

use sqlx::{Connection as _, PgConnection};

use self::cells::{Noted, Odds};
use self::known::Known;
use self::picked::Picked;
use self::reading::{Collector, Reading};
pub use self::report::{CellLine, Difference, Outcome, Page, Report, TableReport};
use self::sums::{Different, Sums};
use crate::progress::Event;
use crate::run::RunError;
use crate::{Definition, Plan, Progress, Schema, SqliteFile, Target};

/// How many rows of different buckets are looked at one by one at once, of both sides of a table, and of how many bytes.
const LOOKED_AT: u64 = 50_000;
const HELD: u64 = 64 * 1024 * 1024;
/// How many differences of a table are listed.
const LISTED: usize = 100;

/// Compares a file with what was made of it.
#[derive(Debug)]
pub struct Verify {
    source: PathBuf,
    schema: Schema,
    plan: Plan,
    definition: Definition,
    target: Target,
    known: Known,
}

impl Verify {
    /// A comparison by the plan that the file was moved by.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn new(source: &Path, plan: Plan, target: Target) -> Result<Self, RunError> {
        let schema = SqliteFile::open(source)?.schema()?;
        let definition = Definition::of(&schema, &plan);
        let known = Known::default();
        Ok(Self { source: source.to_owned(), schema, plan, definition, target, known })
    }

    /// The same, which tells nothing of differences that are known.
    pub(crate) fn knowing(self, known: Known) -> Self {
        Self { known, ..self }
    }

    /// Compares every cell, at one moment of each side.
    ///
    /// # Errors
    /// When a side cannot be read. What is different is no error.
    pub async fn verify(&self, progress: &Progress) -> Result<Report, RunError> {
        let mut file = SqliteFile::open_snapshot(&self.source, 1)?.pop().expect("one reader");
        let mut control = self.target.connect().await?;
        let failed = |cause| self.target.failed("to be read", cause);
        let begin = "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY";
        let mut unit = control.begin_with(begin).await.map_err(failed)?;
        self.expect_rows(&file, progress)?;
        let noted = Noted::read(&self.target, &self.plan.target, &mut unit).await?;
        let mut tables = Vec::new();
        for place in 0..self.schema.tables.len() {
            let (back, table) = self.table(place, file, &mut unit, &noted, progress).await?;
            file = back;
            tables.push(table);
        }
        let cells = Noted::lines(&self.target, &self.plan.target, &mut unit).await?;
        let left_behind = self.definition.left_behind.clone();
        let source = self.source.display().to_string();
        Ok(Report { source, target: self.target.name().to_owned(), tables, cells, left_behind })
    }

    /// Both sides are read.
    fn expect_rows(&self, file: &SqliteFile, progress: &Progress) -> Result<(), RunError> {
        let mut rows = 0;
        for table in &self.schema.tables {
            rows += 2 * file.count(table)?;
        }
        progress.tell(Event::Expected { rows });
        Ok(())
    }

    async fn table(
        &self,
        place: usize,
        file: SqliteFile,
        unit: &mut PgConnection,
        noted: &Noted,
        progress: &Progress,
    ) -> Result<(SqliteFile, TableReport), RunError> {
        let (table, definition) = (&self.schema.tables[place], &self.definition.tables[place]);
        progress.tell(Event::Began(table.name.clone()));
        let reading = Reading::of(table, definition);
        let both = [Sums::new(), Sums::new()];
        let (file, [here, there], odds) = self.read_both(file, &reading, unit, both, progress).await?;
        let mut report = TableReport {
            name: table.name.clone(),
            rows: [here.rows(), there.rows()],
            checksums: [here.total(), there.total()].map(|sum| format!("{sum:032x}")),
            differences: noted.differences(&table.name, &odds, definition),
            has_more: false,
        };
        let file =
            self.one_by_one(place, file, &reading, unit, &here.differences(&there), &mut report).await?;
        progress.tell(Event::Ended(table.name.clone()));
        Ok((file, report))
    }

    /// Looks at the rows of different buckets, some at a time, until something is found that is not known.
    async fn one_by_one(
        &self,
        place: usize,
        mut file: SqliteFile,
        reading: &Reading,
        unit: &mut PgConnection,
        mut different: &[Different],
        report: &mut TableReport,
    ) -> Result<SqliteFile, RunError> {
        let nobody = Progress::to_nobody();
        while !different.is_empty() {
            let (some, rest) = different.split_at(few(different));
            let both = [Picked::of(some), Picked::of(some)];
            let (back, [here, there], _) = self.read_both(file, reading, unit, both, &nobody).await?;
            file = back;
            let mut found = here.differences(&there, &self.definition.tables[place]);
            found.retain(|difference| !self.known.has(&report.name, difference));
            if !found.is_empty() {
                report.has_more = found.len() > LISTED || !rest.is_empty();
                report.differences.extend(found.into_iter().take(LISTED));
                return Ok(file);
            }
            different = rest;
        }
        Ok(file)
    }

    /// Reads a table on both sides at the same time.
    async fn read_both<C: Collector>(
        &self,
        file: SqliteFile,
        reading: &Reading,
        unit: &mut PgConnection,
        [mut here, mut there]: [C; 2],
        progress: &Progress,
    ) -> Result<(SqliteFile, [C; 2], Odds), RunError> {
        let (ours, told) = (reading.clone(), progress.clone());
        let source = tokio::task::spawn_blocking(move || {
            let odds = ours.source(&file, &mut here, &told);
            (file, here, odds)
        });
        reading.target(&self.target, unit, &mut there, progress).await?;
        let (file, here, odds) = source.await.expect("reading does not panic");
        Ok((file, [here, there], odds?))
    }
}

/// How many of the first buckets hold few rows, which are not large; one at the least.
fn few(different: &[Different]) -> usize {
    let (mut rows, mut bytes) = (0, 0);
    let fits = |more: &&Different| {
        rows += more.rows;
        bytes += more.bytes;
        rows <= LOOKED_AT && bytes <= HELD
    };
    different.iter().take_while(fits).count().max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_rows_are_looked_at_as_can_be_held() {
        let few = |sizes: &[(u64, u64)]| {
            let bucket = sums::bucket(b"", std::iter::empty());
            let different =
                sizes.iter().map(|(rows, bytes)| Different { bucket, rows: *rows, bytes: *bytes });
            few(&different.collect::<Vec<_>>())
        };
        assert_eq!(few(&[(2, 20), (1, 10), (3, 9)]), 3);
        assert_eq!(few(&[(LOOKED_AT - 1, 20), (1, 10), (1, 9)]), 2, "rows");
        assert_eq!(few(&[(2, HELD - 10), (1, 10), (1, 1)]), 2, "bytes");
        assert_eq!(few(&[(LOOKED_AT + 1, HELD + 1), (1, 1)]), 1, "one at the least");
    }
}
