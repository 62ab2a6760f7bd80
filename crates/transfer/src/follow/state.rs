//! What is noted of following, in PostgreSQL: how far it is, and who is the master.

use std::path::PathBuf;

use sqlx::{PgConnection, Row as _};

use crate::capture::Position;
use crate::target::TargetError;
use crate::{Target, Way};

/// Notes the beginning; run in the transaction that begins the move.
pub(super) const TABLE: &str = "
CREATE TABLE IF NOT EXISTS mainstay_transfer.follows (
  target text PRIMARY KEY REFERENCES mainstay_transfer.moves ON DELETE CASCADE, source text NOT NULL, copy text NOT NULL,
  position bigint NOT NULL, position_mark bigint NOT NULL, phase text NOT NULL DEFAULT 'following', way text, wants_over boolean NOT NULL DEFAULT false)";

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
pub(super) struct State {
    pub(super) source: PathBuf,
    pub(super) copy: PathBuf,
    pub(super) position: Position,
    pub(super) phase: Phase,
    /// How PostgreSQL's changes are told, once it is the master.
    pub(super) way: Option<Way>,
    /// Whether somebody waits to take over.
    pub(super) wants_over: bool,
}

/// Reads and writes it.
#[derive(Debug, Clone)]
pub(super) struct States {
    pub(super) target: Target,
    pub(super) schema: String,
}

type Result<T> = std::result::Result<T, TargetError>;

impl States {
    fn failed(&self, cause: sqlx::Error) -> TargetError {
        self.target.failed("to keep notes", cause)
    }

    /// None when nothing is followed.
    pub(super) async fn find(&self, connection: &mut PgConnection) -> Result<Option<State>> {
        let exists = "SELECT to_regclass('mainstay_transfer.follows') IS NOT NULL";
        let row = sqlx::query(exists).fetch_one(&mut *connection).await;
        if !row.map_err(|cause| self.failed(cause))?.get::<bool, _>(0) {
            return Ok(None);
        }
        let sql = "SELECT source, copy, position, position_mark, phase, way, wants_over FROM mainstay_transfer.follows \
                   WHERE target = $1";
        let row = sqlx::query(sql).bind(&self.schema).fetch_optional(connection).await;
        let Some(row) = row.map_err(|cause| self.failed(cause))? else { return Ok(None) };
        let phase = Phase::read(row.get("phase"));
        let unknown =
            || self.failed(sqlx::Error::Protocol("a newer Mainstay has made these notes".to_owned()));
        Ok(Some(State {
            source: row.get::<String, _>("source").into(),
            copy: row.get::<String, _>("copy").into(),
            position: Position::new(row.get("position"), row.get("position_mark")),
            phase: phase.ok_or_else(unknown)?,
            way: row.get::<Option<String>, _>("way").map(|way| match way.as_str() {
                "slot" => Way::Slot,
                _ => Way::Triggers,
            }),
            wants_over: row.get("wants_over"),
        }))
    }

    pub(super) async fn set_position(&self, unit: &mut PgConnection, position: Position) -> Result<()> {
        let sql = "UPDATE mainstay_transfer.follows SET position = $2, position_mark = $3 WHERE target = $1";
        let query = sqlx::query(sql).bind(&self.schema).bind(position.number()).bind(position.mark());
        query.execute(unit).await.map_err(|cause| self.failed(cause))?;
        Ok(())
    }

    pub(super) async fn set_phase(&self, unit: &mut PgConnection, phase: Phase) -> Result<()> {
        let sql = "UPDATE mainstay_transfer.follows SET phase = $2, wants_over = false WHERE target = $1";
        let query = sqlx::query(sql).bind(&self.schema).bind(phase.word());
        query.execute(unit).await.map_err(|cause| self.failed(cause))?;
        Ok(())
    }

    pub(super) async fn set_way(&self, unit: &mut PgConnection, way: Way) -> Result<()> {
        let word = match way {
            Way::Slot => "slot",
            Way::Triggers => "triggers",
        };
        let sql = "UPDATE mainstay_transfer.follows SET way = $2 WHERE target = $1";
        let query = sqlx::query(sql).bind(&self.schema).bind(word);
        query.execute(unit).await.map_err(|cause| self.failed(cause))?;
        Ok(())
    }

    /// PostgreSQL's changes are not told any more.
    pub(super) async fn forget_way(&self, connection: &mut PgConnection) -> Result<()> {
        let sql = "UPDATE mainstay_transfer.follows SET way = NULL WHERE target = $1";
        let query = sqlx::query(sql).bind(&self.schema);
        query.execute(connection).await.map_err(|cause| self.failed(cause))?;
        Ok(())
    }

    /// Nothing is followed any more.
    pub(super) async fn forget(&self, connection: &mut PgConnection) -> Result<()> {
        if self.find(connection).await?.is_some() {
            let sql = "DELETE FROM mainstay_transfer.follows WHERE target = $1";
            let query = sqlx::query(sql).bind(&self.schema);
            query.execute(connection).await.map_err(|cause| self.failed(cause))?;
        }
        Ok(())
    }

    /// Asks whoever follows now to let go.
    pub(super) async fn ask_over(&self, connection: &mut PgConnection) -> Result<()> {
        let sql = "UPDATE mainstay_transfer.follows SET wants_over = true WHERE target = $1";
        let query = sqlx::query(sql).bind(&self.schema);
        query.execute(connection).await.map_err(|cause| self.failed(cause))?;
        Ok(())
    }
}
