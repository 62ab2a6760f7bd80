//! Changes by PostgreSQL's own log: a publication says of which tables, a replication slot up to where they were taken.

use std::collections::HashMap;

use futures::TryStreamExt as _;
use serde_json::Value;
use sqlx::{AssertSqlSafe, PgConnection, Row as _};

use super::health::trouble;
use super::pgoutput::{Cell, Message, Relation, Tuple};
use super::{Changes, ChangesError, Lag, Position, Touched, Visible, Watched, at_once, suffix};
use crate::sqlite::quoted;

/// From here on, a publication may have columns.
const WITH_COLUMNS: i32 = 150_000;

/// A slot, and the publication of the same name.
#[derive(Debug, Clone)]
pub(super) struct Slot {
    name: String,
}

impl Slot {
    /// Slots are the whole server's: each schema of each database has one of its own.
    pub(super) async fn of(schema: &str, connection: &mut PgConnection) -> Result<Self, ChangesError> {
        let name = "SELECT 'mainstay_transfer_' || oid || '_' || $1 FROM pg_catalog.pg_database \
                    WHERE datname = current_database()";
        let name = sqlx::query_scalar(name).bind(suffix(schema)).fetch_one(connection).await;
        Ok(Self { name: name.map_err(ChangesError::of("to say which database this is"))? })
    }

    pub(super) async fn install(
        &self,
        tables: &[Watched],
        connection: &mut PgConnection,
    ) -> Result<(), ChangesError> {
        if let Some(slot) = self.found(connection).await? {
            if let Some(why) = trouble(&slot) {
                return Err(ChangesError::Unusable { slot: self.name.clone(), why });
            }
            return if self.published(connection).await? == names(tables) {
                Ok(())
            } else {
                Err(ChangesError::Leftover(self.name.clone()))
            };
        }
        let version = server_version(connection).await?;
        let listed: Vec<_> = tables.iter().map(|table| published(table, version)).collect();
        // The publication comes first: nothing can be read of the log from before it was there.
        let sql = format!(
            "DROP PUBLICATION IF EXISTS {0}; CREATE PUBLICATION {0} FOR TABLE {1} \
             WITH (publish = 'insert, update, delete, truncate')",
            quoted(&self.name),
            listed.join(", ")
        );
        at_once(&sql, connection).await.map_err(ChangesError::of("a publication"))?;
        sqlx::query("SELECT pg_catalog.pg_create_logical_replication_slot($1, 'pgoutput')")
            .bind(&self.name)
            .execute(connection)
            .await
            .map_err(ChangesError::of("a replication slot"))?;
        Ok(())
    }

    /// What PostgreSQL says of it, if it is there.
    async fn found(&self, connection: &mut PgConnection) -> Result<Option<Value>, ChangesError> {
        let sql =
            "SELECT to_jsonb(slot)::text FROM pg_catalog.pg_replication_slots AS slot WHERE slot_name = $1";
        let failed = ChangesError::of("to list its replication slots");
        let query = sqlx::query_scalar::<_, String>(sql).bind(&self.name);
        let found = query.fetch_optional(connection).await.map_err(&failed)?;
        let read = |text: String| serde_json::from_str(&text);
        found.map(read).transpose().map_err(|error| failed(sqlx::Error::Decode(error.into())))
    }

    /// The names of the tables of the publication, in quotes, sorted.
    async fn published(&self, connection: &mut PgConnection) -> Result<Vec<String>, ChangesError> {
        let sql = "SELECT schemaname::text, tablename::text FROM pg_catalog.pg_publication_tables WHERE pubname = $1";
        let rows = sqlx::query(sql).bind(&self.name).fetch_all(connection).await;
        let rows = rows.map_err(ChangesError::of("to list what it publishes"))?;
        let name = |row: &sqlx::postgres::PgRow| qualified(row.get(0), row.get(1));
        let mut names: Vec<_> = rows.iter().map(name).collect();
        names.sort_unstable();
        Ok(names)
    }

    /// What the log says up to where it is on disk. It may tell more than has happened for whoever looks now: what comes
    /// from the first such transaction on is told again.
    pub(super) async fn read(
        &self,
        tables: &[Watched],
        visible: &Visible,
        limit: Option<u32>,
        connection: &mut PgConnection,
    ) -> Result<Changes, ChangesError> {
        let failed = |error| self.failed(error);
        let end: String = sqlx::query_scalar("SELECT pg_catalog.pg_current_wal_flush_lsn()::text")
            .fetch_one(&mut *connection)
            .await
            .map_err(failed)?;
        let sql = "SELECT data FROM pg_catalog.pg_logical_slot_peek_binary_changes($1, NULL, $2, \
                   'proto_version', '1', 'publication_names', $3)";
        let limit = limit.map(|limit| i32::try_from(limit).unwrap_or(i32::MAX));
        let query = sqlx::query_scalar::<_, Vec<u8>>(sql);
        let mut messages = query.bind(&self.name).bind(limit).bind(quoted(&self.name)).fetch(connection);
        let mut collector = Collector::new(tables, visible);
        let mut is_silent = true;
        while let Some(message) = messages.try_next().await.map_err(failed)? {
            collector.take(&message)?;
            is_silent = false;
        }
        if is_silent {
            // Others may have written a lot: it need not be looked through again.
            collector.changes.position = lsn(&end).map_or(Position::Unmoved, Position::Log);
        }
        Ok(collector.changes)
    }

    pub(super) async fn forget(&self, end: u64, connection: &mut PgConnection) -> Result<(), ChangesError> {
        let sql = "SELECT pg_catalog.pg_replication_slot_advance(slot_name, $2::text::pg_catalog.pg_lsn) \
                   FROM pg_catalog.pg_replication_slots \
                   WHERE slot_name = $1 AND confirmed_flush_lsn < $2::text::pg_catalog.pg_lsn";
        let place = format!("{:X}/{:X}", end >> 32, end & u64::from(u32::MAX));
        let done = sqlx::query(sql).bind(&self.name).bind(place).execute(connection).await;
        done.map(drop).map_err(ChangesError::of("to forget what was taken"))
    }

    /// The log is written to disk up to a commit, and this is one.
    pub(super) async fn flush(&self, connection: &mut PgConnection) -> Result<(), ChangesError> {
        let sql = "SET LOCAL synchronous_commit = local; \
                   SELECT pg_catalog.pg_logical_emit_message(true, 'mainstay_transfer', '')";
        at_once(sql, connection).await.map_err(ChangesError::of("to write its log to disk"))
    }

    pub(super) async fn skip(&self, connection: &mut PgConnection) -> Result<(), ChangesError> {
        self.flush(connection).await?;
        let sql = "SELECT pg_catalog.pg_replication_slot_advance($1, pg_catalog.pg_current_wal_flush_lsn())";
        let done = sqlx::query(sql).bind(&self.name).execute(connection).await;
        done.map(drop).map_err(ChangesError::of("to forget what was known"))
    }

    pub(super) async fn lag(&self, connection: &mut PgConnection) -> Result<Lag, ChangesError> {
        let sql = "SELECT pg_catalog.pg_wal_lsn_diff(now.at, confirmed_flush_lsn)::bigint, \
                          pg_catalog.pg_wal_lsn_diff(now.at, restart_lsn)::bigint \
                   FROM pg_catalog.pg_replication_slots, pg_catalog.pg_current_wal_insert_lsn() AS now (at) \
                   WHERE slot_name = $1 AND restart_lsn IS NOT NULL";
        let row = sqlx::query(sql).bind(&self.name).fetch_optional(connection).await;
        let row = row.map_err(ChangesError::of("to list its replication slots"))?;
        let row = row.ok_or_else(|| ChangesError::Lost(self.name.clone()))?;
        let bytes = |place| u64::try_from(row.get::<i64, _>(place)).unwrap_or_default();
        Ok(Lag::Log { behind: bytes(0), retained: bytes(1) })
    }

    pub(super) async fn remove(&self, connection: &mut PgConnection) -> Result<(), ChangesError> {
        let sql = "SELECT pg_catalog.pg_drop_replication_slot(slot_name) \
                   FROM pg_catalog.pg_replication_slots WHERE slot_name = $1";
        let done = sqlx::query(sql).bind(&self.name).execute(&mut *connection).await;
        done.map_err(ChangesError::of("to drop a replication slot"))?;
        let sql = format!("DROP PUBLICATION IF EXISTS {}", quoted(&self.name));
        let done = sqlx::raw_sql(AssertSqlSafe(sql)).execute(connection).await;
        done.map(drop).map_err(ChangesError::of("to drop a publication"))
    }

    fn failed(&self, error: sqlx::Error) -> ChangesError {
        // No such slot, or one whose log was thrown away.
        let is_lost = |code: &str| ["42704", "55000", "58P01"].contains(&code);
        match &error {
            sqlx::Error::Database(refusal) if refusal.code().is_some_and(|code| is_lost(&code)) => {
                ChangesError::Lost(self.name.clone())
            }
            _ => ChangesError::of("to say what was changed")(error),
        }
    }
}

async fn server_version(connection: &mut PgConnection) -> Result<i32, ChangesError> {
    let sql = "SELECT pg_catalog.current_setting('server_version_num')::int";
    let version = sqlx::query_scalar(sql).fetch_one(connection).await;
    version.map_err(ChangesError::of("to say which version it is"))
}

/// A table as a publication lists it: where it may, only with its key.
fn published(table: &Watched, version: i32) -> String {
    let columns: Vec<_> = table.key.iter().map(|(name, _)| name.as_str()).collect();
    let of = if version < WITH_COLUMNS { String::new() } else { format!(" ({})", columns.join(", ")) };
    format!("ONLY {}{of}", table.name)
}

fn names(tables: &[Watched]) -> Vec<String> {
    let mut names: Vec<_> = tables.iter().map(|table| table.name.clone()).collect();
    names.sort_unstable();
    names
}

fn qualified(namespace: &str, name: &str) -> String {
    format!("{}.{}", quoted(namespace), quoted(name))
}

/// `1A/2B3C`
fn lsn(text: &str) -> Option<u64> {
    let (high, low) = text.split_once('/')?;
    Some(u64::from(u32::from_str_radix(high, 16).ok()?) << 32 | u64::from(u32::from_str_radix(low, 16).ok()?))
}

/// What messages come to.
struct Collector<'t> {
    tables: &'t [Watched],
    visible: &'t Visible,
    changes: Changes,
    /// By their numbers: which table it is, and where the columns of its key are.
    relations: HashMap<u32, (usize, Vec<usize>)>,
    /// Whether every transaction so far has happened.
    has_happened: bool,
}

impl<'t> Collector<'t> {
    fn new(tables: &'t [Watched], visible: &'t Visible) -> Self {
        let changes = Changes::none(tables.len());
        Self { tables, visible, changes, relations: HashMap::new(), has_happened: true }
    }

    fn take(&mut self, message: &[u8]) -> Result<(), ChangesError> {
        match Message::read(message)? {
            Message::Begin { xid } => self.has_happened &= self.visible.has(xid),
            Message::Commit { end } if self.has_happened => self.changes.position = Position::Log(end),
            Message::Commit { .. } | Message::Aside => {}
            Message::Relation(relation) => self.relation(&relation)?,
            Message::Insert { relation, new } => self.touch(relation, &new, None)?,
            Message::Delete { relation, old } => self.touch(relation, &old, None)?,
            Message::Update { relation, old, new } => {
                if let Some(old) = &old {
                    self.touch(relation, old, None)?;
                }
                self.touch(relation, &new, old.as_ref())?;
            }
            Message::Truncate { relations } => {
                for (place, _) in relations.iter().filter_map(|id| self.relations.get(id)) {
                    self.changes.tables[*place] = Touched::All;
                }
            }
        }
        Ok(())
    }

    fn relation(&mut self, relation: &Relation<'_>) -> Result<(), ChangesError> {
        let name = qualified(relation.namespace, relation.name);
        // Somebody may have added a table to the publication.
        let Some(place) = self.tables.iter().position(|table| table.name == name) else {
            self.relations.remove(&relation.id);
            return Ok(());
        };
        let column = |(name, _): &(String, _)| relation.columns.iter().position(|it| quoted(it) == *name);
        let key: Option<Vec<_>> = self.tables[place].key.iter().map(column).collect();
        self.relations.insert(relation.id, (place, key.ok_or(ChangesError::NoRow(name))?));
        Ok(())
    }

    /// Notes the row that these cells are of. What is long and did not change stands in `before`.
    fn touch(
        &mut self,
        relation: u32,
        row: &Tuple<'_>,
        before: Option<&Tuple<'_>>,
    ) -> Result<(), ChangesError> {
        let Some((place, key)) = self.relations.get(&relation) else { return Ok(()) };
        let cell = |column: &usize| match row.get(*column)? {
            Cell::Text(text) => Some(text),
            Cell::Unchanged => match before?.get(*column)? {
                Cell::Text(text) => Some(text),
                _ => None,
            },
            Cell::Null | Cell::Binary(_) => None,
        };
        let text = |column| String::from_utf8(cell(column)?.to_vec()).ok();
        let key: Option<Vec<_>> = key.iter().map(text).collect();
        let key = key.ok_or_else(|| ChangesError::NoRow(self.tables[*place].name.clone()))?;
        self.changes.tables[*place].add(key);
        Ok(())
    }
}
