//! Differences that are no surprise: of cells that SQLite cannot hold as PostgreSQL has them. They are noted in PostgreSQL,
//! so that whoever comes later knows of them, too.

use std::collections::BTreeSet;

use sqlx::{PgConnection, Row as _};

use super::report::Difference;
use crate::{Target, TargetError};

const TABLE: &str = "CREATE TABLE IF NOT EXISTS mainstay_transfer.unfit (
  target text NOT NULL REFERENCES mainstay_transfer.moves ON DELETE CASCADE, table_name text NOT NULL,
  difference text NOT NULL)";

/// Notes differences of tables, each once, of the move into this schema.
pub(crate) async fn note(
    schema: &str,
    differences: &[(&str, &Difference)],
    connection: &mut PgConnection,
) -> Result<(), sqlx::Error> {
    if differences.is_empty() {
        return Ok(());
    }
    sqlx::raw_sql(TABLE).execute(&mut *connection).await?;
    let sql = "INSERT INTO mainstay_transfer.unfit (target, table_name, difference) SELECT $1, t, d FROM (\
                 SELECT t, d FROM unnest($2::text[], $3::text[]) AS found (t, d) \
                 EXCEPT SELECT table_name, difference FROM mainstay_transfer.unfit WHERE target = $1) AS new";
    let tables: Vec<_> = differences.iter().map(|(table, _)| *table).collect();
    let texts: Vec<_> = differences.iter().map(|(_, difference)| written(difference)).collect();
    sqlx::query(sql).bind(schema).bind(tables).bind(texts).execute(connection).await.map(drop)
}

/// What has been noted of a move. What is not true any more is found nowhere, and hides nothing.
#[derive(Debug, Default)]
pub(crate) struct Known(BTreeSet<(String, String)>);

impl Known {
    /// Of the move into this schema.
    pub(crate) async fn read(
        target: &Target,
        schema: &str,
        connection: &mut PgConnection,
    ) -> Result<Self, TargetError> {
        if !target.has_table("mainstay_transfer.unfit", &mut *connection).await? {
            return Ok(Self::default());
        }
        let sql = "SELECT table_name, difference FROM mainstay_transfer.unfit WHERE target = $1";
        let rows = sqlx::query(sql).bind(schema).fetch_all(connection).await;
        let rows = rows.map_err(|cause| target.failed("to give its notes", cause))?;
        Ok(Self(rows.iter().map(|row| (row.get(0), row.get(1))).collect()))
    }

    /// Whether exactly this was noted.
    pub(super) fn has(&self, table: &str, difference: &Difference) -> bool {
        !self.0.is_empty() && self.0.contains(&(table.to_owned(), written(difference)))
    }
}

/// Every part of it, apart from the others.
fn written(difference: &Difference) -> String {
    serde_json::json!(difference).to_string()
}
