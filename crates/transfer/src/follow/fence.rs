//! Closes PostgreSQL's tables to everybody but ourselves.

use std::time::Duration;

use sqlx::{Connection as _, PgConnection};

use crate::codec::quoted_text;
use crate::target::TargetError;
use crate::{TableDefinition, Target};

/// Refuses whatever is written to a table, before it has any effect. Our own sessions say who they are.
const FUNCTION: &str = "
CREATE OR REPLACE FUNCTION mainstay_transfer.fence() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('mainstay.direct', true) IS DISTINCT FROM 'yes' THEN
    RAISE EXCEPTION USING MESSAGE = TG_ARGV[0], ERRCODE = 'read_only_sql_transaction';
  END IF;
  RETURN NULL;
END $$";

/// The tables of a schema, which can be closed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fence<'f> {
    pub(super) target: &'f Target,
    pub(super) schema: &'f str,
}

impl Fence<'_> {
    /// Whoever writes to these tables is told so, be it as a replica. Whoever has written something in a transaction is
    /// waited for.
    pub(super) async fn close(
        self,
        tables: &[TableDefinition],
        message: &str,
        patience: Duration,
        connection: &mut PgConnection,
    ) -> Result<(), TargetError> {
        let message = quoted_text(message);
        // None at all would be for ever.
        let wait = format!("SET LOCAL lock_timeout = {}", patience.as_millis().max(1));
        let fences = tables.iter().map(|table| {
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

    /// Opens whatever is closed.
    pub(super) async fn open(self, connection: &mut PgConnection) -> Result<(), TargetError> {
        let closed = self.closed(connection).await?;
        if closed.is_empty() {
            return Ok(());
        }
        let drop = |table: &String| format!("DROP TRIGGER IF EXISTS mainstay_fence ON {table}");
        self.at_once(&closed.iter().map(drop).collect::<Vec<_>>(), connection).await
    }

    pub(super) async fn is_closed(self, connection: &mut PgConnection) -> Result<bool, TargetError> {
        Ok(!self.closed(connection).await?.is_empty())
    }

    /// The tables that are closed, in quotes and with their schema.
    async fn closed(self, connection: &mut PgConnection) -> Result<Vec<String>, TargetError> {
        let sql = "SELECT format('%I.%I', nspname, relname) FROM pg_trigger \
                   JOIN pg_class ON pg_class.oid = tgrelid JOIN pg_namespace ON pg_namespace.oid = relnamespace \
                   WHERE tgname = 'mainstay_fence' AND nspname = $1 ORDER BY relname";
        let found = sqlx::query_scalar(sql).bind(self.schema).fetch_all(connection).await;
        found.map_err(|cause| self.target.failed("to list its triggers", cause))
    }

    async fn at_once(self, statements: &[String], connection: &mut PgConnection) -> Result<(), TargetError> {
        let failed = |cause| self.target.failed("a transaction", cause);
        let mut unit = connection.begin().await.map_err(failed)?;
        crate::run::execute(self.target, &mut unit, statements).await?;
        unit.commit().await.map_err(failed)
    }
}
