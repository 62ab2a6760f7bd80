//! Changes by triggers, where PostgreSQL's log must not be read: they write the keys of what they see into a journal.
//!
//! Entries get their numbers when they are written, and can be seen when their transaction ends: a low number may appear
//! after a high one was taken. So whatever can be seen is taken, and exactly that is removed.

use std::fmt::Write as _;

use sqlx::{AssertSqlSafe, PgConnection, Row as _};

use super::{Changes, ChangesError, Lag, Position, RowKey, Touched, Watched};
use crate::codec::quoted_text;

/// The journal.
#[derive(Debug, Clone, Copy)]
pub(super) struct Triggers;

/// An entry without a key is about all rows.
const JOURNAL: &str = "CREATE SCHEMA IF NOT EXISTS mainstay_transfer;
CREATE TABLE IF NOT EXISTS mainstay_transfer.journal (
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  relation text NOT NULL,
  key text[]
);
CREATE OR REPLACE FUNCTION mainstay_transfer.emptied() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO mainstay_transfer.journal (relation) VALUES (TG_ARGV[0]);
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION mainstay_transfer.emptied() FROM PUBLIC;
";

/// What may hold other things of ours goes when it is empty.
const REMOVE: &str = "DROP FUNCTION IF EXISTS mainstay_transfer.emptied() CASCADE;
DROP TABLE IF EXISTS mainstay_transfer.journal;
DO $$ BEGIN
  DROP SCHEMA IF EXISTS mainstay_transfer;
EXCEPTION WHEN dependent_objects_still_exist THEN NULL;
END $$;
";

impl Triggers {
    pub(super) async fn install(
        self,
        tables: &[Watched],
        connection: &mut PgConnection,
    ) -> Result<(), ChangesError> {
        let mut sql = JOURNAL.to_owned();
        for (place, table) in tables.iter().enumerate() {
            sql.push_str(&watch(place, table));
        }
        run(sql, connection).await.map_err(ChangesError::of("triggers"))
    }

    pub(super) async fn read(
        self,
        tables: &[Watched],
        limit: Option<u32>,
        connection: &mut PgConnection,
    ) -> Result<Changes, ChangesError> {
        let sql = "SELECT seq, relation, key FROM mainstay_transfer.journal ORDER BY seq LIMIT $1";
        let rows = sqlx::query(sql).bind(limit.map(i64::from)).fetch_all(connection).await;
        let rows = rows.map_err(ChangesError::of("to read the journal"))?;
        let mut changes = Changes::none(tables.len());
        for row in &rows {
            let relation: &str = row.get(1);
            // Tables of an earlier move are nobody's any more.
            let Some(place) = tables.iter().position(|table| table.name == relation) else { continue };
            match row.get::<Option<RowKey>, _>(2) {
                None => changes.tables[place] = Touched::All,
                Some(key) if key.len() == tables[place].key.len() => changes.tables[place].add(key),
                Some(_) => return Err(ChangesError::NoRow(relation.to_owned())),
            }
        }
        if !rows.is_empty() {
            changes.position = Position::Entries(rows.iter().map(|row| row.get(0)).collect());
        }
        Ok(changes)
    }

    pub(super) async fn forget(
        self,
        seen: &[i64],
        connection: &mut PgConnection,
    ) -> Result<(), ChangesError> {
        let sql = "DELETE FROM mainstay_transfer.journal WHERE seq = ANY($1)";
        let done = sqlx::query(sql).bind(seen).execute(connection).await;
        done.map(drop).map_err(ChangesError::of("to forget what was taken"))
    }

    pub(super) async fn skip(self, connection: &mut PgConnection) -> Result<(), ChangesError> {
        let done = sqlx::query("DELETE FROM mainstay_transfer.journal").execute(connection).await;
        done.map(drop).map_err(ChangesError::of("to forget what was known"))
    }

    pub(super) async fn lag(self, connection: &mut PgConnection) -> Result<Lag, ChangesError> {
        let sql = "SELECT count(*) FROM mainstay_transfer.journal";
        let count: i64 = sqlx::query_scalar(sql)
            .fetch_one(connection)
            .await
            .map_err(ChangesError::of("to read the journal"))?;
        Ok(Lag::Entries(u64::try_from(count).unwrap_or_default()))
    }

    pub(super) async fn remove(
        self,
        tables: &[Watched],
        connection: &mut PgConnection,
    ) -> Result<(), ChangesError> {
        let mut sql = String::new();
        for place in 0..tables.len() {
            // With it go its triggers.
            let _ = writeln!(sql, "DROP FUNCTION IF EXISTS {} CASCADE;", function(place));
        }
        sql.push_str(REMOVE);
        run(sql, connection).await.map_err(ChangesError::of("to remove triggers"))
    }
}

/// All of it, or nothing.
async fn run(sql: String, connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    // Such as that something is there already.
    let sql = format!("BEGIN; SET LOCAL client_min_messages = warning; {sql} COMMIT");
    match sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut *connection).await {
        Ok(_) => Ok(()),
        Err(error) => {
            sqlx::raw_sql("ROLLBACK").execute(connection).await?;
            Err(error)
        }
    }
}

fn function(place: usize) -> String {
    format!("mainstay_transfer.touched_{place}()")
}

/// Watches a table. Whoever writes to it needs no right on the journal, and cannot be without the triggers by being a
/// replica.
fn watch(place: usize, table: &Watched) -> String {
    let (function, name) = (function(place), &table.name);
    let relation = quoted_text(name);
    let body = quoted_text(&body(table));
    let settings = settings(table);
    let trigger = |name: &str, when: &str, each: &str, function: &str| {
        let on = &table.name;
        format!(
            "DROP TRIGGER IF EXISTS {name} ON {on};
CREATE TRIGGER {name} AFTER {when} ON {on} FOR EACH {each} EXECUTE FUNCTION {function};
ALTER TABLE {on} ENABLE ALWAYS TRIGGER {name};
"
        )
    };
    let touched = trigger("mainstay_transfer_touched", "INSERT OR UPDATE OR DELETE", "ROW", &function);
    let emptied = format!("mainstay_transfer.emptied({relation})");
    let emptied = trigger("mainstay_transfer_emptied", "TRUNCATE", "STATEMENT", &emptied);
    format!(
        "CREATE OR REPLACE FUNCTION {function} RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp {settings} AS {body};
REVOKE ALL ON FUNCTION {function} FROM PUBLIC;
{touched}{emptied}"
    )
}

fn body(table: &Watched) -> String {
    let listed = |row: &str, cast: &str| {
        let columns = table.key.iter().map(|(name, _)| format!("{row}.{name}{cast}"));
        columns.collect::<Vec<_>>().join(", ")
    };
    let note = |row: &str| {
        format!(
            "INSERT INTO mainstay_transfer.journal (relation, key) VALUES ({}, ARRAY[{}])",
            quoted_text(&table.name),
            listed(row, "::text")
        )
    };
    format!(
        "BEGIN
  IF TG_OP <> 'INSERT' THEN {}; END IF;
  IF TG_OP = 'INSERT' OR (TG_OP = 'UPDATE' AND ROW({}) IS DISTINCT FROM ROW({})) THEN {}; END IF;
  RETURN NULL;
END",
        note("OLD"),
        listed("OLD", ""),
        listed("NEW", ""),
        note("NEW"),
    )
}

/// How keys are written as texts, whatever the session says that writes them. Each setting costs time with each row.
fn settings(table: &Watched) -> String {
    let has = |types: &[&str]| table.key.iter().any(|(_, type_name)| types.contains(type_name));
    let mut settings = Vec::new();
    if has(&["date", "timestamp", "timestamptz"]) {
        settings.extend(["SET datestyle = 'ISO, YMD'", "SET timezone = 'UTC'"]);
    }
    if has(&["bytea"]) {
        settings.push("SET bytea_output = 'hex'");
    }
    if has(&["double precision"]) {
        settings.push("SET extra_float_digits = 1");
    }
    settings.join(" ")
}
