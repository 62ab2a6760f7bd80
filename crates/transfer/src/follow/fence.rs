//! Closes PostgreSQL's tables, for a turn back.

use std::time::Duration;

use sqlx::{Connection as _, PgConnection};

use crate::codec::quoted_text;
use crate::target::TargetError;
use crate::{Definition, Target};

/// Refuses whatever is written to a table, before it has any effect.
const FUNCTION: &str = "
CREATE OR REPLACE FUNCTION mainstay_transfer.fence() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION USING MESSAGE = TG_ARGV[0], ERRCODE = 'read_only_sql_transaction'; END $$";

/// The tables of a move, which can be closed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fence<'f> {
    pub(super) target: &'f Target,
    pub(super) definition: &'f Definition,
}

impl Fence<'_> {
    /// Whoever writes to them is told so, be it as a replica. Whoever has written something in a transaction is waited for.
    pub(super) async fn close(
        self,
        message: &str,
        patience: Duration,
        connection: &mut PgConnection,
    ) -> Result<(), TargetError> {
        let message = quoted_text(message);
        // None at all would be for ever.
        let wait = format!("SET LOCAL lock_timeout = {}", patience.as_millis().max(1));
        let fences = self.definition.tables.iter().map(|table| {
            format!(
                "CREATE OR REPLACE TRIGGER mainstay_fence BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON {0} \
                 FOR EACH STATEMENT EXECUTE FUNCTION mainstay_transfer.fence({message}); \
                 ALTER TABLE {0} ENABLE ALWAYS TRIGGER mainstay_fence",
                table.name
            )
        });
        let statements: Vec<_> = [wait, FUNCTION.to_owned()].into_iter().chain(fences).collect();
        self.at_once(&statements, connection).await
    }

    /// Opens them again.
    pub(super) async fn open(self, connection: &mut PgConnection) -> Result<(), TargetError> {
        let tables = self.definition.tables.iter();
        let statements: Vec<_> =
            tables.map(|table| format!("DROP TRIGGER IF EXISTS mainstay_fence ON {}", table.name)).collect();
        self.at_once(&statements, connection).await
    }

    pub(super) async fn is_closed(self, connection: &mut PgConnection) -> Result<bool, TargetError> {
        let sql = "SELECT EXISTS (SELECT FROM pg_trigger WHERE tgname = 'mainstay_fence' AND tgrelid = to_regclass($1))";
        let Some(table) = self.definition.tables.first() else { return Ok(false) };
        let found = sqlx::query_scalar(sql).bind(&table.name).fetch_one(connection).await;
        found.map_err(|cause| self.target.failed("to list its triggers", cause))
    }

    async fn at_once(self, statements: &[String], connection: &mut PgConnection) -> Result<(), TargetError> {
        let failed = |cause| self.target.failed("a transaction", cause);
        let mut unit = connection.begin().await.map_err(failed)?;
        crate::run::execute(self.target, &mut unit, statements).await?;
        unit.commit().await.map_err(failed)
    }
}
