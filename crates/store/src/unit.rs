//! The store itself, and units of work that end in one visible commit.

use std::ops::Deref;

use sea_orm::{
    AccessMode, ConnectionTrait as _, DatabaseConnection, DatabaseTransaction, DbBackend, IsolationLevel,
    SqliteTransactionMode, TransactionOptions, TransactionTrait as _,
};

use crate::connect::{self, Connections};
use crate::{Config, Location, PoolState, StoreError, pool};

/// A database, SQLite or PostgreSQL. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Store {
    writer: DatabaseConnection,
    reader: DatabaseConnection,
}

impl Store {
    /// Opens the database that `location` means. `production` decides what [`crate::TlsPolicy::Auto`] does.
    ///
    /// # Errors
    /// When the database cannot be reached; the message says what to look at.
    pub async fn build(location: &Location, config: &Config, production: bool) -> Result<Self, StoreError> {
        let Connections { writer, reader } = match location {
            Location::Sqlite(path) => connect::sqlite(path, &config.sqlite).await?,
            Location::Postgres { url, schema, local, .. } => {
                let verify = connect::verifies_tls(config.postgres.tls, *local, production);
                connect::postgres(&location.name(), url, schema.as_deref(), verify, &config.postgres).await?
            }
        };
        Ok(Self { writer, reader })
    }

    /// Which of the two databases this is. Rooms should not need to know.
    pub fn backend(&self) -> DbBackend {
        self.writer.get_database_backend()
    }

    /// Reads outside of any unit of work: each statement sees the newest committed state.
    pub fn reader(&self) -> &DatabaseConnection {
        &self.reader
    }

    /// Reads many times from one state, whatever is committed meanwhile, and disturbs no unit. Let it go soon: the
    /// database keeps what it replaces for as long.
    ///
    /// # Errors
    /// [`StoreError::Busy`] when no connection becomes free in time.
    pub async fn snapshot(&self) -> Result<Snapshot, StoreError> {
        let options = match self.backend() {
            // A deferred transaction sees one state, from its first statement on.
            DbBackend::Sqlite => TransactionOptions::default(),
            _ => TransactionOptions {
                isolation_level: Some(IsolationLevel::RepeatableRead),
                access_mode: Some(AccessMode::ReadOnly),
                ..TransactionOptions::default()
            },
        };
        Ok(Snapshot(self.reader.begin_with_options(options).await?))
    }

    /// Begins a unit of work. Dropping it without [`Unit::commit`] undoes it.
    ///
    /// Units are serialisable on both databases: each behaves as if it ran alone. On PostgreSQL one of two that meet
    /// is undone with [`StoreError::Serialisation`]; wrap the whole in [`crate::Retry`].
    ///
    /// # Errors
    /// [`StoreError::Busy`] when no connection becomes free in time.
    pub async fn begin(&self) -> Result<Unit, StoreError> {
        self.begin_at(IsolationLevel::Serializable).await
    }

    /// Begins a unit for counting: each statement sees the newest committed numbers, and rows it writes wait for each
    /// other instead of being undone. Only for statements that are right one by one (on SQLite a unit like any other).
    ///
    /// # Errors
    /// [`StoreError::Busy`] when no connection becomes free in time.
    pub async fn begin_counting(&self) -> Result<Unit, StoreError> {
        self.begin_at(IsolationLevel::ReadCommitted).await
    }

    /// Begins a unit of work at a weaker isolation (on PostgreSQL; SQLite has only one).
    pub(crate) async fn begin_at(&self, isolation: IsolationLevel) -> Result<Unit, StoreError> {
        let options = match self.backend() {
            // Takes the write lock at once: a unit never has to give up half-way because another one wrote first.
            DbBackend::Sqlite => TransactionOptions {
                sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
                ..TransactionOptions::default()
            },
            _ => TransactionOptions { isolation_level: Some(isolation), ..TransactionOptions::default() },
        };
        Ok(Unit(self.writer.begin_with_options(options).await?))
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// What the database, or its absence, says.
    pub async fn ping(&self) -> Result<(), StoreError> {
        Ok(self.reader.execute_unprepared("SELECT 1").await.map(drop)?)
    }

    /// How full the pools of connections are at this moment. Asks nobody: a full pool tells it, too.
    pub fn pools(&self) -> Vec<PoolState> {
        pool::states(&self.writer, &self.reader)
    }

    /// Closes all connections after the statements under way.
    pub async fn close(self) {
        // Both ends are best effort: the process is on its way out.
        let _ = self.reader.close().await;
        let _ = self.writer.close().await;
    }
}

/// A unit of work: all of it happens at its commit, or nothing.
#[derive(Debug)]
pub struct Unit(DatabaseTransaction);

impl Unit {
    /// Makes everything in this unit happen.
    ///
    /// # Errors
    /// [`StoreError::Serialisation`] when nothing happened; [`StoreError::CommitUnknown`] when the connection broke
    /// while the commit was on its way.
    pub async fn commit(self) -> Result<(), StoreError> {
        self.0.commit().await.map_err(StoreError::of_commit)
    }
}

impl Deref for Unit {
    type Target = DatabaseTransaction;

    fn deref(&self) -> &DatabaseTransaction {
        &self.0
    }
}

/// One state of the database, for reading.
#[derive(Debug)]
pub struct Snapshot(DatabaseTransaction);

impl Deref for Snapshot {
    type Target = DatabaseTransaction;

    fn deref(&self) -> &DatabaseTransaction {
        &self.0
    }
}
