//! Whether every cell that is not what it was has been noted, and what has been noted.

use std::collections::BTreeMap;

use sqlx::{PgConnection, Row as _};

use super::report::{CellLine, Difference};
use crate::copy::Odd;
use crate::definition::TableDefinition;
use crate::run::RunError;
use crate::{Placed, Target, ledger, sqlite};

/// Where notes are.
const TABLE: &str = "mainstay_transfer.cells";
/// How many notes are read for a report.
const LISTED: i64 = 100_000;

/// How many cells of each column came to what.
#[derive(Debug, Default)]
pub(super) struct Odds {
    cells: BTreeMap<(usize, &'static str), u64>,
    /// How many rows stay behind.
    rows: u64,
}

impl Odds {
    /// The cells of a row that arrives.
    pub(super) fn count(&mut self, odd: &[Odd]) {
        for odd in odd {
            *self.cells.entry((odd.column, ledger::rule(odd.placed))).or_default() += 1;
        }
    }

    /// A row stays behind.
    pub(super) fn stays(&mut self) {
        self.rows += 1;
    }
}

/// How many notes there are, by table, column and rule.
#[derive(Debug, Default)]
pub(super) struct Noted(BTreeMap<(String, String, String), u64>);

impl Noted {
    pub(super) async fn read(
        target: &Target,
        schema: &str,
        unit: &mut PgConnection,
    ) -> Result<Self, RunError> {
        if !target.has_table(TABLE, unit).await? {
            return Ok(Self::default());
        }
        let sql = "SELECT table_name, column_name, rule, count(*) FROM mainstay_transfer.cells WHERE target = $1 \
                   GROUP BY table_name, column_name, rule";
        let rows = sqlx::query(sql).bind(schema).fetch_all(unit).await;
        let rows = rows.map_err(|cause| target.failed("to give its notes", cause))?;
        let count = |number: i64| u64::try_from(number).unwrap_or_default();
        let noted = rows.iter().map(|row| ((row.get(0), row.get(1), row.get(2)), count(row.get(3))));
        Ok(Self(noted.collect()))
    }

    /// The notes themselves.
    pub(super) async fn lines(
        target: &Target,
        schema: &str,
        unit: &mut PgConnection,
    ) -> Result<Vec<CellLine>, RunError> {
        if !target.has_table(TABLE, unit).await? {
            return Ok(Vec::new());
        }
        let sql = "SELECT table_name, key, column_name, class, before, after, rule FROM mainstay_transfer.cells \
                   WHERE target = $1 ORDER BY table_name, column_name, rule, key LIMIT $2";
        let rows = sqlx::query(sql).bind(schema).bind(LISTED).fetch_all(unit).await;
        let rows = rows.map_err(|cause| target.failed("to give its notes", cause))?;
        let line = |row: &sqlx::postgres::PgRow| CellLine {
            table: row.get(0),
            key: row.get(1),
            column: row.get(2),
            class: row.get(3),
            before: ledger::read(row.get(3), row.get(4)),
            after: row.get(5),
            rule: row.get(6),
        };
        Ok(rows.iter().map(line).collect())
    }

    /// Where there are more or fewer notes than cells. Of a row that stays behind, every cell has been noted.
    pub(super) fn differences(
        &self,
        table: &str,
        odds: &Odds,
        definition: &TableDefinition,
    ) -> Vec<Difference> {
        let column = |place: usize| sqlite::unquoted(&definition.columns[place].source);
        let reject = ledger::rule(Placed::Reject);
        let mut counts: BTreeMap<(String, String), [u64; 2]> = BTreeMap::new();
        for ((place, rule), count) in &odds.cells {
            counts.entry((column(*place), (*rule).to_owned())).or_default()[0] += count;
        }
        for filled in definition.filled().filter(|_| odds.rows > 0) {
            counts.entry((sqlite::unquoted(&filled.source), reject.to_owned())).or_default()[0] += odds.rows;
        }
        for ((_, column, rule), count) in self.0.iter().filter(|((of, _, _), _)| of == table) {
            counts.entry((column.clone(), rule.clone())).or_default()[1] += count;
        }
        let different = counts.into_iter().filter(|(_, [cells, notes])| cells != notes);
        different
            .map(|((column, rule), [cells, notes])| Difference::Unnoted { column, rule, cells, notes })
            .collect()
    }
}
