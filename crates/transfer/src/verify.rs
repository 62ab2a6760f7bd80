//! Whether what is in PostgreSQL is what is in the file: every cell of both sides is read, written in one way, and
//! compared.
//!
//! First the rows of both sides are summed up (see [`sums`]). Only where sums differ, rows are looked at one by one.

mod cells;
mod picked;
mod reading;
mod report;
pub(crate) mod rows;
pub(crate) mod sums;

use std::path::{Path, PathBuf};

use sqlx::{Connection as _, PgConnection};

use self::cells::{Noted, Odds};
use self::picked::Picked;
use self::reading::{Collector, Reading};
pub use self::report::{CellLine, Difference, Outcome, Page, Report, TableReport};
use self::sums::{Bucket, Sums};
use crate::progress::Event;
use crate::run::RunError;
use crate::{Definition, Plan, Progress, Schema, SqliteFile, Target};

/// How many rows of different buckets are looked at one by one, of both sides of a table.
const LOOKED_AT: u64 = 50_000;
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
}

impl Verify {
    /// A comparison by the plan that the file was moved by.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn new(source: &Path, plan: Plan, target: Target) -> Result<Self, RunError> {
        let schema = SqliteFile::open(source)?.schema()?;
        let definition = Definition::of(&schema, &plan);
        Ok(Self { source: source.to_owned(), schema, plan, definition, target })
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
        let different = here.differences(&there);
        let looked_at = few(&different);
        let is_complete = looked_at.len() == different.len();
        let mut report = TableReport {
            name: table.name.clone(),
            rows: [here.rows(), there.rows()],
            checksums: [here.total(), there.total()].map(|sum| format!("{sum:032x}")),
            differences: noted.differences(&table.name, &odds, definition),
            has_more: !is_complete,
        };
        if looked_at.is_empty() {
            progress.tell(Event::Ended(table.name.clone()));
            return Ok((file, report));
        }
        let both = [Picked::of(&looked_at), Picked::of(&looked_at)];
        let nobody = Progress::to_nobody();
        let (file, [here, there], _) = self.read_both(file, &reading, unit, both, &nobody).await?;
        let found = here.differences(&there, definition);
        report.has_more |= found.len() > LISTED;
        report.differences.extend(found.into_iter().take(LISTED));
        progress.tell(Event::Ended(table.name.clone()));
        Ok((file, report))
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

/// The first buckets, as many as hold few rows; one at the least.
fn few(different: &[(Bucket, u64)]) -> Vec<Bucket> {
    let mut rows = 0;
    let fits = |(_, more): &&(Bucket, u64)| {
        rows += more;
        rows <= LOOKED_AT || rows == *more
    };
    different.iter().take_while(fits).map(|(bucket, _)| *bucket).collect()
}
