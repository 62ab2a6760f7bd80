//! A moment of the database, at which rows can be looked up.

use std::collections::BTreeSet;

use sqlx::error::DatabaseError;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, Postgres, Transaction};

use super::{ChangesError, Watched};

/// How values are written as texts, whatever the database, the role or the server says; and that no policy hides a row
/// without a word.
pub(super) const SETTINGS: &str = "SET LOCAL datestyle = 'ISO, YMD'; SET LOCAL timezone = 'UTC'; \
     SET LOCAL intervalstyle = 'postgres'; SET LOCAL bytea_output = 'hex'; SET LOCAL extra_float_digits = 1; \
     SET LOCAL row_security = off; SET LOCAL search_path = pg_catalog; SET LOCAL statement_timeout = 0; \
     SET LOCAL idle_in_transaction_session_timeout = 0";

/// Waiting for somebody who waits for us ends before PostgreSQL looks for that, and makes the other one fail.
const PATIENCE: &str = "SET LOCAL lock_timeout = '500ms'";

/// What PostgreSQL calls a table that does not exist, and a lock that somebody else has.
const UNDEFINED_TABLE: &str = "42P01";
const LOCK_NOT_AVAILABLE: &str = "55P03";

/// A moment of the database. Its tables cannot be changed in their columns while it lasts: until it is [ended](Self::end),
/// or, when it is only dropped, until its connection is used again.
#[derive(Debug)]
pub struct Snapshot<'c>(Transaction<'c, Postgres>);

impl<'c> Snapshot<'c> {
    pub(super) async fn begin(
        connection: &'c mut PgConnection,
        tables: &[Watched],
    ) -> Result<Self, ChangesError> {
        let failed = ChangesError::of("to hold a moment of the database");
        let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY";
        let mut transaction = connection.begin_with(begin).await.map_err(&failed)?;
        // The locks come before the moment does: what ALTER TABLE rewrites is empty for whoever looked before it.
        let names: Vec<_> = tables.iter().map(|table| table.name.as_str()).collect();
        let lock = match names.as_slice() {
            [] => String::new(),
            names => format!("LOCK TABLE ONLY {} IN ACCESS SHARE MODE", names.join(", ONLY ")),
        };
        let sql = format!("{SETTINGS}; {PATIENCE}; {lock}");
        let locked = sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut *transaction).await;
        let Err(error) = locked else { return Ok(Self(transaction)) };
        transaction.rollback().await.map_err(&failed)?;
        let refusal = error.as_database_error();
        match refusal.and_then(DatabaseError::code).as_deref() {
            Some(UNDEFINED_TABLE) => Err(ChangesError::Gone(error.to_string())),
            Some(LOCK_NOT_AVAILABLE) => Err(ChangesError::Busy),
            _ => Err(failed(error)),
        }
    }

    /// Where the rows are.
    pub fn connection(&mut self) -> &mut PgConnection {
        &mut self.0
    }

    /// Ends it.
    ///
    /// # Errors
    /// When the connection is lost.
    pub async fn end(self) -> Result<(), ChangesError> {
        self.0.commit().await.map_err(ChangesError::of("to let go of a moment of the database"))
    }

    pub(super) async fn visible(&mut self) -> Result<Visible, ChangesError> {
        let said: String = sqlx::query_scalar("SELECT pg_current_snapshot()::text")
            .fetch_one(self.connection())
            .await
            .map_err(ChangesError::of("to say which transactions have ended"))?;
        Ok(Visible::read(&said).expect("a snapshot is written as its manual says"))
    }
}

/// Which transactions have happened, at a moment. One may be in the log, and not have happened yet.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Visible {
    /// The first that had not begun.
    next: u64,
    /// Those that had not ended.
    running: BTreeSet<u64>,
}

impl Visible {
    /// `10:20:10,14,15`
    fn read(said: &str) -> Option<Self> {
        let mut parts = said.split(':');
        let (_, next, running) = (parts.next()?, parts.next()?, parts.next()?);
        let running = running.split(',').filter(|xid| !xid.is_empty()).map(str::parse);
        Some(Self { next: next.parse().ok()?, running: running.collect::<Result<_, _>>().ok()? })
    }

    /// Whether a transaction has happened, of which only the lower half of its number is known.
    pub(super) fn has(&self, xid: u32) -> bool {
        // The nearest to those that are running: no two that are about live are further apart than half of all.
        let ahead = xid.wrapping_sub(lower_half(self.next)).cast_signed();
        let full = self.next.checked_add_signed(i64::from(ahead));
        full.is_none_or(|full| full < self.next && !self.running.contains(&full))
    }
}

fn lower_half(xid: u64) -> u32 {
    let [.., a, b, c, d] = xid.to_be_bytes();
    u32::from_be_bytes([a, b, c, d])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn transactions_that_run_have_not_happened() {
        let visible = Visible::read("10:20:10,14").expect("a snapshot");
        let have: Vec<u32> = (8..23).filter(|xid| visible.has(*xid)).collect();
        assert_eq!(have, [8, 9, 11, 12, 13, 15, 16, 17, 18, 19]);
        assert_eq!(Visible::read("7:7:"), Some(Visible { next: 7, running: BTreeSet::new() }));
    }

    #[test]
    fn numbers_go_round() {
        let round = 1_u64 << 32;
        let visible = Visible { next: round + 5, running: BTreeSet::from([round - 2]) };
        assert!(visible.has(4) && visible.has(u32::MAX) && !visible.has(u32::MAX - 1) && !visible.has(5));
    }
}
