//! Takes what changed into PostgreSQL: what is there by the touched keys goes, what the file has by them comes, and is
//! read again. All in one transaction, with the place in the journal it goes up to.

use futures::TryStreamExt as _;
use sqlx::{AssertSqlSafe, PgConnection};

use super::FollowError;
use super::batch::{Batch, Reader, Touched};
use crate::Target;
use crate::definition::TableDefinition;
use crate::target::TargetError;
use crate::verify::rows::{RawRow, RowReader};
use crate::verify::sums::Sum;

/// Takes a batch into the transaction.
pub(super) async fn apply(
    target: &Target,
    reader: &Reader,
    batch: Batch,
    unit: &mut PgConnection,
) -> Result<(), FollowError> {
    let Batch { tables, ledger, .. } = batch;
    for (place, touched) in tables.into_iter().enumerate().filter(|(_, touched)| !touched.names.is_empty()) {
        let (table, keys) = (&reader.definition.tables[place], format!("mainstay_keys_{place}"));
        let writing = Writing { target, table, keys };
        let name = &reader.schema.tables[place].name;
        writing.forget_cells(&reader.target, name, &touched.names, unit).await?;
        writing.replace(touched, unit).await?;
    }
    Ok(ledger.send(target, unit).await?)
}

/// A table that is written to.
struct Writing<'w> {
    target: &'w Target,
    table: &'w TableDefinition,
    /// A table of this session that holds the touched keys.
    keys: String,
}

impl Writing<'_> {
    fn failed(&self, cause: sqlx::Error) -> TargetError {
        self.target.failed(&format!("the rows of {}", self.table.name), cause)
    }

    async fn replace(&self, touched: Touched, unit: &mut PgConnection) -> Result<(), FollowError> {
        let Self { table, keys, .. } = self;
        let columns = table.key.iter().enumerate();
        let keyed: Vec<_> =
            columns.map(|(nth, place)| format!("{} AS k{nth}", table.columns[*place].name)).collect();
        let same = self.same_key();
        let (name, listed) = (&table.name, keyed.join(", "));
        let make = format!(
            "CREATE TEMPORARY TABLE IF NOT EXISTS {keys} ON COMMIT DELETE ROWS AS SELECT {listed} FROM {name} WITH NO DATA"
        );
        self.execute(&make, unit).await?;
        self.copy_in(&format!("COPY {keys} FROM STDIN (FORMAT binary)"), touched.keys, unit).await?;
        self.execute(&format!("DELETE FROM {name} AS there USING {keys} AS gone WHERE {same}"), unit).await?;
        self.copy_in(&table.copy_in(), touched.rows, unit).await?;
        let names: Vec<_> = table.filled().map(|column| format!("there.{}", column.name)).collect();
        let found = format!(
            "COPY (SELECT {} FROM {name} AS there, {keys} AS gone WHERE {same}) TO STDOUT (FORMAT binary)",
            names.join(", ")
        );
        let held = self.held(&found, unit).await?;
        self.execute(&format!("TRUNCATE {keys}"), unit).await?;
        if held == touched.held { Ok(()) } else { Err(FollowError::NotHeld(self.table.name.clone())) }
    }

    fn same_key(&self) -> String {
        let columns = self.table.key.iter().enumerate();
        let same: Vec<_> = columns
            .map(|(nth, place)| {
                let column = &self.table.columns[*place];
                let name = &column.name;
                // The index finds it by its type; of those it finds, only the one that is meant counts.
                let exactly = format!(" AND there.{name}::text = gone.k{nth}::text");
                format!("there.{name} = gone.k{nth}{}", if column.folds() { &exactly } else { "" })
            })
            .collect();
        same.join(" AND ")
    }

    async fn held(&self, copy: &str, unit: &mut PgConnection) -> Result<Sum, TargetError> {
        let mut held = Sum::default();
        let mut reader = RowReader::default();
        let mut pieces = unit.copy_out_raw(copy).await.map_err(|cause| self.failed(cause))?;
        while let Some(piece) = pieces.try_next().await.map_err(|cause| self.failed(cause))? {
            let read = reader.take(&piece, |row: RawRow<'_>| held.add(row.0));
            read.map_err(|error| self.failed(sqlx::Error::Protocol(error.to_string())))?;
        }
        Ok(held)
    }

    async fn execute(&self, sql: &str, unit: &mut PgConnection) -> Result<(), TargetError> {
        let done = sqlx::raw_sql(AssertSqlSafe(sql)).execute(unit).await;
        done.map(|_| ()).map_err(|cause| self.failed(cause))
    }

    async fn copy_in(&self, sql: &str, bytes: Vec<u8>, unit: &mut PgConnection) -> Result<(), TargetError> {
        let mut copy = unit.copy_in_raw(sql).await.map_err(|cause| self.failed(cause))?;
        copy.send(bytes).await.map_err(|cause| self.failed(cause))?;
        copy.finish().await.map(|_| ()).map_err(|cause| self.failed(cause))
    }

    /// What was noted of cells in these rows is about what they were before.
    async fn forget_cells(
        &self,
        schema: &str,
        table: &str,
        keys: &[String],
        unit: &mut PgConnection,
    ) -> Result<(), TargetError> {
        let sql =
            "DELETE FROM mainstay_transfer.cells WHERE target = $1 AND table_name = $2 AND key = ANY($3)";
        let query = sqlx::query(sql).bind(schema).bind(table).bind(keys);
        query.execute(unit).await.map(|_| ()).map_err(|cause| self.failed(cause))
    }
}
