//! Changes by triggers, where PostgreSQL's log must not be read: they write the keys of what they see into a journal.
//!
//! Entries get their numbers when they are written, and can be seen when their transaction ends: a low number may appear
//! after a high one was taken. So whatever can be seen is taken, and exactly that is removed.

use sqlx::{AssertSqlSafe, PgConnection, Row as _};

use super::{Changes, ChangesError, Lag, Position, RowKey, Touched, Watched, at_once, suffix};
use crate::codec::quoted_text;

/// What is made for one schema.
#[derive(Debug, Clone)]
pub(super) struct Triggers {
    suffix: String,
}

impl Triggers {
    pub(super) fn of(schema: &str) -> Self {
        Self { suffix: suffix(schema) }
    }

    pub(super) async fn install(
        &self,
        tables: &[Watched],
        connection: &mut PgConnection,
    ) -> Result<(), ChangesError> {
        let mut sql = self.made();
        for (place, table) in tables.iter().enumerate() {
            sql.push_str(&self.watch(place, table));
        }
        at_once(&sql, connection).await.map_err(ChangesError::of("triggers"))
    }

    pub(super) async fn read(
        &self,
        tables: &[Watched],
        limit: Option<u32>,
        connection: &mut PgConnection,
    ) -> Result<Changes, ChangesError> {
        let sql = format!("SELECT seq, relation, key FROM {} ORDER BY seq LIMIT $1", self.journal());
        let query = sqlx::query(AssertSqlSafe(sql)).bind(limit.map(i64::from));
        let rows = query.fetch_all(connection).await.map_err(ChangesError::of("to read the journal"))?;
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
        &self,
        seen: &[i64],
        connection: &mut PgConnection,
    ) -> Result<(), ChangesError> {
        let sql = format!("DELETE FROM {} WHERE seq = ANY($1)", self.journal());
        let done = sqlx::query(AssertSqlSafe(sql)).bind(seen).execute(connection).await;
        done.map(drop).map_err(ChangesError::of("to forget what was taken"))
    }

    pub(super) async fn skip(&self, connection: &mut PgConnection) -> Result<(), ChangesError> {
        let sql = format!("DELETE FROM {}", self.journal());
        let done = sqlx::query(AssertSqlSafe(sql)).execute(connection).await;
        done.map(drop).map_err(ChangesError::of("to forget what was known"))
    }

    pub(super) async fn lag(&self, connection: &mut PgConnection) -> Result<Lag, ChangesError> {
        let sql = format!("SELECT count(*) FROM {}", self.journal());
        let count: i64 = sqlx::query_scalar(AssertSqlSafe(sql))
            .fetch_one(connection)
            .await
            .map_err(ChangesError::of("to read the journal"))?;
        Ok(Lag::Entries(u64::try_from(count).unwrap_or_default()))
    }

    /// Whatever tables there are, or were.
    pub(super) async fn remove(&self, connection: &mut PgConnection) -> Result<(), ChangesError> {
        let Self { suffix } = self;
        // With a function go its triggers.
        let sql = format!(
            "DO $$ DECLARE made regprocedure; BEGIN
  FOR made IN SELECT oid FROM pg_catalog.pg_proc WHERE pronamespace = to_regnamespace('mainstay_transfer')
    AND (proname ~ '^touched_{suffix}_[0-9]+$' OR proname = 'emptied_{suffix}')
  LOOP EXECUTE 'DROP FUNCTION ' || made || ' CASCADE'; END LOOP;
END $$;
DROP TABLE IF EXISTS {};
{REMOVE_SCHEMA}",
            self.journal()
        );
        at_once(&sql, connection).await.map_err(ChangesError::of("to remove triggers"))
    }
}

/// What may hold other things of ours, and be somebody else's, goes when it is empty.
const REMOVE_SCHEMA: &str = "DO $$ BEGIN
  DROP SCHEMA IF EXISTS mainstay_transfer;
EXCEPTION WHEN dependent_objects_still_exist OR insufficient_privilege THEN NULL;
END $$";

/// The statements.
impl Triggers {
    fn journal(&self) -> String {
        format!("mainstay_transfer.journal_{}", self.suffix)
    }

    /// The function that notes the rows of a table.
    fn touched(&self, place: usize) -> String {
        format!("mainstay_transfer.touched_{}_{place}", self.suffix)
    }

    /// The function that notes that a table was emptied.
    fn emptied(&self) -> String {
        format!("mainstay_transfer.emptied_{}", self.suffix)
    }

    /// An entry without a key is about all rows.
    fn made(&self) -> String {
        let (journal, emptied) = (self.journal(), self.emptied());
        format!(
            "CREATE SCHEMA IF NOT EXISTS mainstay_transfer;
CREATE TABLE IF NOT EXISTS {journal} (
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  relation text NOT NULL,
  key text[]
);
CREATE OR REPLACE FUNCTION {emptied}() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO {journal} (relation) VALUES (TG_ARGV[0]);
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION {emptied}() FROM PUBLIC;
"
        )
    }

    /// Watches a table. Whoever writes to it needs no right on the journal, and cannot be without the triggers by being a
    /// replica.
    fn watch(&self, place: usize, table: &Watched) -> String {
        let function = self.touched(place);
        let relation = quoted_text(&table.name);
        let body = quoted_text(&self.body(table));
        let settings = settings(table);
        let touched = format!("{function}()");
        let touched =
            trigger(table, "mainstay_transfer_touched", "INSERT OR UPDATE OR DELETE", "ROW", &touched);
        let emptied = format!("{}({relation})", self.emptied());
        let emptied = trigger(table, "mainstay_transfer_emptied", "TRUNCATE", "STATEMENT", &emptied);
        format!(
            "CREATE OR REPLACE FUNCTION {function}() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp {settings} AS {body};
REVOKE ALL ON FUNCTION {function}() FROM PUBLIC;
{touched}{emptied}"
        )
    }

    fn body(&self, table: &Watched) -> String {
        let listed = |row: &str, cast: &str| {
            let columns = table.key.iter().map(|(name, _)| format!("{row}.{name}{cast}"));
            columns.collect::<Vec<_>>().join(", ")
        };
        let note = |row: &str| {
            format!(
                "INSERT INTO {} (relation, key) VALUES ({}, ARRAY[{}])",
                self.journal(),
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
}

/// A trigger that the next of its name takes the place of.
fn trigger(table: &Watched, name: &str, when: &str, each: &str, function: &str) -> String {
    let on = &table.name;
    format!(
        "DROP TRIGGER IF EXISTS {name} ON {on};
CREATE TRIGGER {name} AFTER {when} ON {on} FOR EACH {each} EXECUTE FUNCTION {function};
ALTER TABLE {on} ENABLE ALWAYS TRIGGER {name};
"
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
