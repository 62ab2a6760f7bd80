//! Why there is no copy, in sentences.

use std::io;
use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;
use thiserror::Error;

use crate::{SourceError, TargetError};

/// Why there is no copy. Then there is no file either.
#[derive(Debug, Error)]
pub enum ExtractError {
    /// PostgreSQL.
    #[error(transparent)]
    Postgres(TargetError),
    /// It went away while we were at it.
    #[error("the connection to {name} was lost: {detail}. There is no copy; begin again")]
    Lost {
        /// Which, without secrets.
        name: String,
        /// What the driver says.
        detail: String,
    },
    /// There is nothing to copy.
    #[error("{name} has no schema {schema}, or this user may not see it")]
    NoSchema {
        /// Which database.
        name: String,
        /// The schema.
        schema: String,
    },
    /// The file is there already.
    #[error("{} is there already, and stays as it is: name another file, or move that one away", .0.display())]
    Exists(PathBuf),
    /// Somebody else makes it, or did.
    #[error("{path} is there: another copy is being made, or one was cut off; in that case remove it", path = .0.display())]
    Unfinished(PathBuf),
    /// The file cannot be made.
    #[error("{} cannot be written: {source}", path.display())]
    Unwritable {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// There is no space for the file.
    #[error("there is no space left for {}; make some, and begin again", .0.display())]
    Full(PathBuf),
    /// SQLite does not take a row.
    #[error("a row of {table} cannot stand in SQLite: {detail}")]
    Row {
        /// Of which table.
        table: String,
        /// What SQLite says.
        detail: String,
    },
    /// SQLite does not take something else.
    #[error("SQLite refused {what} in {}: {source}", path.display())]
    Refused {
        /// What.
        what: String,
        /// In which file.
        path: PathBuf,
        /// What it says.
        source: rusqlite::Error,
    },
    /// What was made cannot be read.
    #[error(transparent)]
    File(#[from] SourceError),
    /// The notes of the move are not what was noted.
    #[error("what the move noted about the schema {schema} cannot be read: {detail}")]
    Notes {
        /// Which.
        schema: String,
        /// What is wrong.
        detail: String,
    },
}

impl From<TargetError> for ExtractError {
    fn from(error: TargetError) -> Self {
        match error {
            TargetError::Lost { name, cause } => Self::Lost { name, detail: TargetError::said(&cause) },
            error => Self::Postgres(error),
        }
    }
}

impl ExtractError {
    /// What an error of SQLite means that came while `what` was done.
    pub(super) fn of(path: &Path, what: &str, source: rusqlite::Error) -> Self {
        let path = path.to_owned();
        match source.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full(path),
            _ => Self::Refused { what: what.to_owned(), path, source },
        }
    }
}
