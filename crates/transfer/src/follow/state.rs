//! What is noted of following, in PostgreSQL: how far it is, and who is the master.

use std::path::{Path, PathBuf};

use sqlx::postgres::PgArguments;
use sqlx::query::Query;
use sqlx::{PgConnection, Postgres, Row as _};

use super::FollowError;
use super::fence::Fence;
use crate::capture::Position;
use crate::target::TargetError;
use crate::{Definition, Plan, Schema, SqliteFile, Target, Way};

const OTHER_SCHEMA: &str = "the schema of the SQLite database has changed since it is followed. Begin anew: mainstay transfer stop, \
                            then mainstay transfer follow --existing drop";

/// Notes the beginning; run in the transaction that begins the move.
pub(super) const TABLE: &str = "
CREATE TABLE IF NOT EXISTS mainstay_transfer.follows (
  target text PRIMARY KEY REFERENCES mainstay_transfer.moves ON DELETE CASCADE, id text NOT NULL, source text NOT NULL, copy text NOT NULL,
  position bigint NOT NULL, position_mark bigint NOT NULL, seen bigint NOT NULL, seen_mark bigint NOT NULL, phase text NOT NULL DEFAULT 'following', way text, wants_over boolean NOT NULL DEFAULT false)";

/// Who is the master.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// SQLite is; PostgreSQL follows it.
    Following,
    /// Writing is closed, and the application is being switched over.
    Switching,
    /// PostgreSQL is.
    Switched,
    /// Writing to PostgreSQL is closed, and the application is being switched back.
    Returning,
    /// SQLite is again, with all that PostgreSQL had.
    Returned,
}

impl Phase {
    const WORDS: [(Self, &'static str); 5] = [
        (Self::Following, "following"),
        (Self::Switching, "switching"),
        (Self::Switched, "switched"),
        (Self::Returning, "returning"),
        (Self::Returned, "returned"),
    ];

    /// What it is called.
    pub fn word(self) -> &'static str {
        let known = Self::WORDS.into_iter().find(|(phase, _)| *phase == self);
        known.expect("each has a word").1
    }

    fn read(word: &str) -> Option<Self> {
        Self::WORDS.into_iter().find(|(_, known)| *known == word).map(|(phase, _)| phase)
    }
}

/// How far it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct State {
    /// By whom the file is followed, as it says itself.
    pub(super) id: String,
    pub(super) source: PathBuf,
    pub(super) copy: PathBuf,
    pub(super) position: Position,
    /// What was written up to there may be in PostgreSQL already: there were more changes than were taken.
    pub(super) seen: Position,
    pub(super) phase: Phase,
    /// How PostgreSQL's changes are told, once it is the master.
    pub(super) way: Option<Way>,
    /// Whether somebody waits to take over.
    pub(super) wants_over: bool,
}

/// A file that is followed, by the plan that was noted.
#[derive(Debug)]
pub(super) struct Noted {
    pub(super) schema: Schema,
    pub(super) plan: Plan,
    pub(super) definition: Definition,
    /// Whether its copy has been moved completely.
    pub(super) is_moved: bool,
}

/// Reads and writes it.
#[derive(Debug, Clone)]
pub(crate) struct States {
    pub(super) target: Target,
    pub(super) schema: String,
}

type Result<T> = std::result::Result<T, TargetError>;

impl States {
    pub(crate) fn new(target: &Target, schema: &str) -> Self {
        Self { target: target.clone(), schema: schema.to_owned() }
    }

    fn failed(&self, cause: sqlx::Error) -> TargetError {
        self.target.failed("to keep notes", cause)
    }

    /// None when nothing is followed.
    pub(crate) async fn find(&self, connection: &mut PgConnection) -> Result<Option<State>> {
        if !self.target.has_table("mainstay_transfer.follows", &mut *connection).await? {
            return Ok(None);
        }
        let sql = "SELECT id, source, copy, position, position_mark, seen, seen_mark, phase, way, wants_over FROM mainstay_transfer.follows \
                   WHERE target = $1";
        let row = sqlx::query(sql).bind(&self.schema).fetch_optional(connection).await;
        let Some(row) = row.map_err(|cause| self.failed(cause))? else { return Ok(None) };
        let phase = Phase::read(row.get("phase"));
        let unknown =
            || self.failed(sqlx::Error::Protocol("a newer Mainstay has made these notes".to_owned()));
        Ok(Some(State {
            id: row.get("id"),
            source: row.get::<String, _>("source").into(),
            copy: row.get::<String, _>("copy").into(),
            position: Position::new(row.get("position"), row.get("position_mark")),
            seen: Position::new(row.get("seen"), row.get("seen_mark")),
            phase: phase.ok_or_else(unknown)?,
            way: row.get::<Option<String>, _>("way").map(|way| match way.as_str() {
                "slot" => Way::Slot,
                _ => Way::Triggers,
            }),
            wants_over: row.get("wants_over"),
        }))
    }

    /// By whom a file is followed into this schema, when that begins: the same for the same PostgreSQL, whichever address it
    /// is reached by; where it does not say which it is, for the same address.
    pub(super) async fn new_id(&self, connection: &mut PgConnection) -> Result<String> {
        let may = "SELECT has_function_privilege('pg_catalog.pg_control_system()', 'EXECUTE')";
        let may: bool =
            sqlx::query_scalar(may).fetch_one(&mut *connection).await.map_err(|cause| self.failed(cause))?;
        if !may {
            return Ok(format!("{} {}", self.target.name(), self.schema));
        }
        let sql = "SELECT system_identifier || ' ' || oid || ' ' || $1 FROM pg_catalog.pg_control_system(), pg_catalog.pg_database \
                   WHERE datname = current_database()";
        let id = sqlx::query_scalar(sql).bind(&self.schema).fetch_one(connection).await;
        id.map_err(|cause| self.failed(cause))
    }

    /// By which plan a file is followed, and what that makes of it.
    pub(super) async fn noted(
        &self,
        source: &Path,
        connection: &mut PgConnection,
    ) -> std::result::Result<Noted, FollowError> {
        let schema = SqliteFile::open(source)?.schema()?;
        let noted = crate::run::noted(&self.target, &self.schema, connection).await?;
        let plan = Plan::from_toml(&noted.plan, &schema).map_err(|_| FollowError::Phase(OTHER_SCHEMA))?;
        let definition = Definition::of(&schema, &plan);
        Ok(Noted { schema, plan, definition, is_moved: noted.is_complete })
    }

    /// What closes PostgreSQL's tables.
    pub(super) fn fence(&self) -> Fence<'_> {
        Fence { target: &self.target, schema: &self.schema }
    }

    pub(super) async fn set_position(
        &self,
        unit: &mut PgConnection,
        position: Position,
        seen: Position,
    ) -> Result<()> {
        let sql = "UPDATE mainstay_transfer.follows SET position = $2, position_mark = $3, seen = $4, seen_mark = $5 \
                   WHERE target = $1 AND phase = 'following'";
        let query = sqlx::query(sql).bind(&self.schema).bind(position.number()).bind(position.mark());
        self.run(query.bind(seen.number()).bind(seen.mark()), unit).await
    }

    pub(super) async fn set_phase(&self, unit: &mut PgConnection, phase: Phase) -> Result<()> {
        let sql = "UPDATE mainstay_transfer.follows SET phase = $2 WHERE target = $1";
        self.run(sqlx::query(sql).bind(&self.schema).bind(phase.word()), unit).await
    }

    /// None when PostgreSQL's changes are not told any more.
    pub(super) async fn set_way(&self, unit: &mut PgConnection, way: Option<Way>) -> Result<()> {
        let word = way.map(|way| match way {
            Way::Slot => "slot",
            Way::Triggers => "triggers",
        });
        let sql = "UPDATE mainstay_transfer.follows SET way = $2 WHERE target = $1";
        self.run(sqlx::query(sql).bind(&self.schema).bind(word), unit).await
    }

    /// Nothing is followed any more.
    pub(super) async fn forget(&self, connection: &mut PgConnection) -> Result<()> {
        if self.find(connection).await?.is_none() {
            return Ok(());
        }
        let sql = "DELETE FROM mainstay_transfer.follows WHERE target = $1";
        self.run(sqlx::query(sql).bind(&self.schema), connection).await
    }

    /// Whoever waited to take over has.
    pub(super) async fn took_over(&self, connection: &mut PgConnection) -> Result<()> {
        let sql = "UPDATE mainstay_transfer.follows SET wants_over = false WHERE target = $1";
        self.run(sqlx::query(sql).bind(&self.schema), connection).await
    }

    /// Asks whoever follows now to let go.
    pub(super) async fn ask_over(&self, connection: &mut PgConnection) -> Result<()> {
        let sql = "UPDATE mainstay_transfer.follows SET wants_over = true WHERE target = $1";
        self.run(sqlx::query(sql).bind(&self.schema), connection).await
    }

    async fn run(
        &self,
        query: Query<'_, Postgres, PgArguments>,
        connection: &mut PgConnection,
    ) -> Result<()> {
        let done = query.execute(connection).await.map_err(|cause| self.failed(cause))?;
        if done.rows_affected() == 1 {
            return Ok(());
        }
        Err(self
            .failed(sqlx::Error::Protocol("somebody else has gone on from here, or stopped it".to_owned())))
    }
}
