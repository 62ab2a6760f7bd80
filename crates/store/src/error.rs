//! What can go wrong between us and the database, and whether trying again is safe.

use std::path::PathBuf;

use sea_orm::{DbErr, RuntimeErr, SqlErr};
use thiserror::Error;

use crate::LocationError;

/// Something went wrong between us and the database.
#[derive(Debug, Error)]
pub enum StoreError {
    /// The URL names no database we can use.
    #[error(transparent)]
    Location(#[from] LocationError),
    /// The folder of a SQLite file cannot be used.
    #[error(
        "the folder {folder} cannot be used: {source}; make it writable for this user or choose another with --data"
    )]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// What the operating system says.
        source: std::io::Error,
    },
    /// The SQLite file cannot be used.
    #[error("{database} cannot be opened: {}; choose another file, or restore this one from a backup", said(.cause))]
    Unreadable {
        /// Which database.
        database: String,
        /// What the driver says. Part of the sentence, and therefore not a source of its own.
        cause: sqlx::Error,
    },
    /// The PostgreSQL server does not let us in.
    #[error("{database} cannot be reached: {}; is it running, and are address, name and password right?", said(.cause))]
    Unreachable {
        /// Which database, without secrets.
        database: String,
        /// What the driver says. Part of the sentence, and therefore not a source of its own.
        cause: sqlx::Error,
    },
    /// The database has been migrated by a newer release.
    #[error(
        "the database was used by a newer version of Mainstay: it has migrations this version does not know ({}). \
         Start that version, or use it to take them back with `mainstay db rollback`", .unknown.join(", ")
    )]
    NewerSchema {
        /// The migrations we do not know.
        unknown: Vec<String>,
    },
    /// No connection became free in time.
    #[error("no database connection became free in time")]
    Busy,
    /// The transaction met another one and was undone; nothing of it happened.
    #[error("the transaction was undone because of another one")]
    Serialisation(#[source] DbErr),
    /// The connection broke before the commit was sent; nothing of the unit happened.
    #[error("the connection to the database was lost")]
    ConnectionLost(#[source] DbErr),
    /// The connection broke while the commit was on its way: it may or may not have happened.
    #[error("the connection to the database was lost during a commit; it may or may not have happened")]
    CommitUnknown(#[source] DbErr),
    /// A row with the same key exists already.
    #[error("a row with the same key exists already")]
    Duplicate(#[source] DbErr),
    /// Anything else the database says.
    #[error("the database refused a statement")]
    Statement(#[source] DbErr),
}

impl StoreError {
    /// Whether nothing of the failed unit happened and the whole of it may be tried again.
    pub fn is_safe_to_retry(&self) -> bool {
        matches!(self, Self::Serialisation(_) | Self::ConnectionLost(_))
    }

    /// Whether this is about load or an outage, not about the request.
    pub fn is_outage(&self) -> bool {
        matches!(
            self,
            Self::Busy
                | Self::Unreachable { .. }
                | Self::Serialisation(_)
                | Self::ConnectionLost(_)
                | Self::CommitUnknown(_)
        )
    }

    /// The error of a `COMMIT`: a connection lost now leaves the outcome open.
    pub(crate) fn of_commit(error: DbErr) -> Self {
        match Self::from(error) {
            Self::ConnectionLost(error) => Self::CommitUnknown(error),
            other => other,
        }
    }
}

/// PostgreSQL: `serialization_failure` and `deadlock_detected`. SQLite: `SQLITE_BUSY`, `SQLITE_BUSY_SNAPSHOT`, `SQLITE_LOCKED`.
const UNDONE: &[&str] = &["40001", "40P01", "5", "517", "6"];
/// PostgreSQL shutting down, crashing or still starting (class 57P) and connection exceptions (class 08).
const LOST: &[&str] = &["57P01", "57P02", "57P03", "08000", "08003", "08006"];

impl From<DbErr> for StoreError {
    fn from(error: DbErr) -> Self {
        if matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))) {
            return Self::Duplicate(error);
        }
        let code = match driver_error(&error) {
            Some(sqlx::Error::PoolTimedOut) => return Self::Busy,
            Some(
                sqlx::Error::Io(_)
                | sqlx::Error::PoolClosed
                | sqlx::Error::WorkerCrashed
                | sqlx::Error::Tls(_),
            ) => {
                return Self::ConnectionLost(error);
            }
            Some(sqlx::Error::Database(database)) => database.code().map(std::borrow::Cow::into_owned),
            _ => None,
        };
        match code.as_deref() {
            Some(code) if UNDONE.contains(&code) => Self::Serialisation(error),
            Some(code) if LOST.contains(&code) => Self::ConnectionLost(error),
            _ if matches!(error, DbErr::ConnectionAcquire(_)) => Self::Busy,
            _ => Self::Statement(error),
        }
    }
}

/// What the driver says, without the line of PostgreSQL's own source that it came from.
fn said(cause: &sqlx::Error) -> String {
    match cause {
        sqlx::Error::Database(database) => database.message().to_owned(),
        other => other.to_string(),
    }
}

fn driver_error(error: &DbErr) -> Option<&sqlx::Error> {
    match error {
        DbErr::Conn(RuntimeErr::SqlxError(inner))
        | DbErr::Exec(RuntimeErr::SqlxError(inner))
        | DbErr::Query(RuntimeErr::SqlxError(inner)) => Some(inner),
        _ => None,
    }
}
