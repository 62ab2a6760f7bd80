//! What is noted in the target: which move this is, and which tasks of it are done. A note is written in the transaction
//! of what it is about.

use sqlx::{AssertSqlSafe, Connection as _, PgConnection, Row as _};

use crate::Target;
use crate::sqlite::quoted;
use crate::target::TargetError;

const TABLES: &str = "
CREATE SCHEMA IF NOT EXISTS mainstay_transfer;
CREATE TABLE IF NOT EXISTS mainstay_transfer.moves (
  target text PRIMARY KEY, source text NOT NULL, moment text NOT NULL, plan text NOT NULL,
  began_at timestamptz NOT NULL DEFAULT now(), ended_at timestamptz);
ALTER TABLE mainstay_transfer.moves ADD COLUMN IF NOT EXISTS definition text;
ALTER TABLE mainstay_transfer.moves ADD COLUMN IF NOT EXISTS made_by text NOT NULL DEFAULT '';
CREATE TABLE IF NOT EXISTS mainstay_transfer.tasks (
  target text NOT NULL REFERENCES mainstay_transfer.moves ON DELETE CASCADE, task text NOT NULL,
  rows bigint NOT NULL DEFAULT 0, bytes bigint NOT NULL DEFAULT 0, trouble text, PRIMARY KEY (target, task));
CREATE TABLE IF NOT EXISTS mainstay_transfer.cells (
  target text NOT NULL REFERENCES mainstay_transfer.moves ON DELETE CASCADE, table_name text NOT NULL, key text NOT NULL,
  column_name text NOT NULL, class text NOT NULL, before bytea NOT NULL, after text, rule text NOT NULL);
";

/// How long somebody else may still be at it.
const LOCK_PATIENCE: &str = "5s";

fn is_lock_timeout(cause: &sqlx::Error) -> bool {
    cause.as_database_error().and_then(sqlx::error::DatabaseError::code).is_some_and(|code| code == "55P03")
}

/// A move, as it is noted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Move {
    /// The schema it goes into.
    pub(crate) target: String,
    /// The file it comes from.
    pub(crate) source: String,
    /// Which moment of the file.
    pub(crate) moment: String,
    /// The plan, as TOML.
    pub(crate) plan: String,
    /// What the file was besides its rows, as JSON; none in notes of versions that did not keep it.
    pub(crate) definition: Option<String>,
    /// Which version of this program has begun it.
    pub(crate) made_by: String,
    /// Whether it has come to its end.
    pub(crate) is_complete: bool,
}

/// A task that is done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Done {
    pub(crate) task: String,
    pub(crate) rows: u64,
    pub(crate) bytes: u64,
    /// What did not go as it should, and stopped nothing.
    pub(crate) trouble: Option<String>,
}

/// The notes about one move.
#[derive(Debug, Clone)]
pub(crate) struct Notes {
    target: Target,
    schema: String,
}

type Result<T> = std::result::Result<T, TargetError>;

impl Notes {
    /// About the move into this schema.
    pub(crate) fn new(target: &Target, schema: &str) -> Self {
        Self { target: target.clone(), schema: schema.to_owned() }
    }

    fn failed(&self, cause: sqlx::Error) -> TargetError {
        self.target.failed("to keep notes", cause)
    }

    /// Nobody else moves anything here while the connection lives. Somebody who was killed a moment ago is waited for.
    pub(crate) async fn lock(&self, connection: &mut PgConnection) -> Result<()> {
        let patience = format!("SET lock_timeout = '{LOCK_PATIENCE}'");
        let failed = |cause| self.failed(cause);
        sqlx::raw_sql(AssertSqlSafe(patience)).execute(&mut *connection).await.map_err(failed)?;
        let sql = "SELECT pg_advisory_lock(hashtextextended('mainstay_transfer ' || $1, 0))";
        match sqlx::query(sql).bind(&self.schema).execute(&mut *connection).await {
            Ok(_) => {}
            Err(cause) if is_lock_timeout(&cause) => {
                let (name, schema) = (self.target.name().to_owned(), self.schema.clone());
                return Err(TargetError::Taken { name, schema });
            }
            Err(cause) => return Err(self.failed(cause)),
        }
        sqlx::raw_sql("RESET lock_timeout").execute(connection).await.map_err(failed)?;
        Ok(())
    }

    /// Others may again, at once.
    pub(crate) async fn unlock(&self, connection: &mut PgConnection) -> Result<()> {
        let sql = "SELECT pg_advisory_unlock(hashtextextended('mainstay_transfer ' || $1, 0))";
        let done = sqlx::query(sql).bind(&self.schema).execute(connection).await;
        done.map(|_| ()).map_err(|cause| self.failed(cause))
    }

    /// The move that is noted.
    pub(crate) async fn find(&self, connection: &mut PgConnection) -> Result<Option<Move>> {
        if !self.target.has_table("mainstay_transfer.moves", &mut *connection).await? {
            return Ok(None);
        }
        let sql = "SELECT source, moment, plan, to_jsonb(moves) ->> 'definition' AS definition, \
                   coalesce(to_jsonb(moves) ->> 'made_by', '') AS made_by, ended_at IS NOT NULL AS is_complete \
                   FROM mainstay_transfer.moves WHERE target = $1";
        let row = sqlx::query(sql)
            .bind(&self.schema)
            .fetch_optional(connection)
            .await
            .map_err(|cause| self.failed(cause))?;
        Ok(row.map(|row| Move {
            target: self.schema.clone(),
            source: row.get("source"),
            moment: row.get("moment"),
            plan: row.get("plan"),
            definition: row.get("definition"),
            made_by: row.get("made_by"),
            is_complete: row.get("is_complete"),
        }))
    }

    /// Notes a new move, and makes its tables: `statements`.
    pub(crate) async fn begin(
        &self,
        connection: &mut PgConnection,
        new: &Move,
        statements: &[String],
    ) -> Result<()> {
        let mut unit = connection.begin().await.map_err(|cause| self.failed(cause))?;
        sqlx::raw_sql(TABLES).execute(&mut *unit).await.map_err(|cause| self.failed(cause))?;
        sqlx::query("DELETE FROM mainstay_transfer.moves WHERE target = $1")
            .bind(&new.target)
            .execute(&mut *unit)
            .await
            .map_err(|cause| self.failed(cause))?;
        sqlx::query(
            "INSERT INTO mainstay_transfer.moves (target, source, moment, plan, definition, made_by) \
             VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(&new.target)
        .bind(&new.source)
        .bind(&new.moment)
        .bind(&new.plan)
        .bind(&new.definition)
        .bind(&new.made_by)
        .execute(&mut *unit)
        .await
        .map_err(|cause| self.failed(cause))?;
        let schema = format!("CREATE SCHEMA IF NOT EXISTS {}", quoted(&new.target));
        for sql in std::iter::once(&schema).chain(statements) {
            sqlx::raw_sql(AssertSqlSafe(sql.as_str())).execute(&mut *unit).await.map_err(|cause| {
                let what = sql.lines().next().unwrap_or_default().trim_end_matches('(').trim();
                self.target.failed(what, cause)
            })?;
        }
        unit.commit().await.map_err(|cause| self.failed(cause))
    }

    /// Which tasks are done.
    pub(crate) async fn done(&self, connection: &mut PgConnection) -> Result<Vec<Done>> {
        let sql = "SELECT task, rows, bytes, trouble FROM mainstay_transfer.tasks WHERE target = $1";
        let rows = sqlx::query(sql)
            .bind(&self.schema)
            .fetch_all(connection)
            .await
            .map_err(|cause| self.failed(cause))?;
        let count = |number: i64| u64::try_from(number).unwrap_or_default();
        let done = rows.iter().map(|row| Done {
            task: row.get("task"),
            rows: count(row.get("rows")),
            bytes: count(row.get("bytes")),
            trouble: row.get("trouble"),
        });
        Ok(done.collect())
    }

    /// Claims a task in the transaction that does it: false when it is done already. Waits for whoever is doing it, be
    /// it a connection of a program that is gone.
    pub(crate) async fn claim(&self, unit: &mut PgConnection, task: &str) -> Result<bool> {
        let sql = "INSERT INTO mainstay_transfer.tasks (target, task) VALUES ($1, $2) ON CONFLICT DO NOTHING";
        let done = sqlx::query(sql).bind(&self.schema).bind(task).execute(unit).await;
        Ok(done.map_err(|cause| self.failed(cause))?.rows_affected() == 1)
    }

    /// Takes a task back in the transaction that undoes it: false when it was not done.
    pub(crate) async fn unclaim(&self, unit: &mut PgConnection, task: &str) -> Result<bool> {
        let sql = "DELETE FROM mainstay_transfer.tasks WHERE target = $1 AND task = $2";
        let undone = sqlx::query(sql).bind(&self.schema).bind(task).execute(unit).await;
        Ok(undone.map_err(|cause| self.failed(cause))?.rows_affected() == 1)
    }

    /// Says what a claimed task came to.
    pub(crate) async fn finish(&self, unit: &mut PgConnection, done: &Done) -> Result<()> {
        let sql = "UPDATE mainstay_transfer.tasks SET rows = $3, bytes = $4, trouble = $5 WHERE target = $1 AND task = $2";
        let count = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        sqlx::query(sql)
            .bind(&self.schema)
            .bind(&done.task)
            .bind(count(done.rows))
            .bind(count(done.bytes))
            .bind(&done.trouble)
            .execute(unit)
            .await
            .map_err(|cause| self.failed(cause))?;
        Ok(())
    }

    /// The move is complete.
    pub(crate) async fn end(&self, connection: &mut PgConnection) -> Result<()> {
        let sql = "UPDATE mainstay_transfer.moves SET ended_at = now() WHERE target = $1";
        sqlx::query(sql).bind(&self.schema).execute(connection).await.map_err(|cause| self.failed(cause))?;
        Ok(())
    }
}
