//! What can be wrong with a source, in sentences for whoever wants to move it.

use std::io;
use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;
use rusqlite::ffi::{SQLITE_CANTOPEN_DIRTYWAL, SQLITE_READONLY_RECOVERY, SQLITE_READONLY_ROLLBACK};
use thiserror::Error;

/// Why a SQLite database cannot be read.
#[derive(Debug, Error)]
pub enum SourceError {
    /// There is none.
    #[error("there is no file {}", .0.display())]
    Missing(PathBuf),
    /// It cannot be opened.
    #[error("{} cannot be read", path.display())]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It is something else.
    #[error("{} is no SQLite database, or it is encrypted: it does not begin as one", .0.display())]
    NoDatabase(PathBuf),
    /// Its pages contradict each other.
    #[error(
        "{path} is damaged ({detail}). `sqlite3 {path} .recover` saves what can be saved, into another file; move that one",
        path = path.display()
    )]
    Damaged {
        /// Which.
        path: PathBuf,
        /// What SQLite says.
        detail: String,
    },
    /// Another program does not let go of it.
    #[error(
        "{} is locked: another program is writing to it and does not come to an end. Try again when it has", .0.display()
    )]
    Locked(PathBuf),
    /// A program crashed while it wrote.
    #[error(
        "a program crashed while it wrote to {path}: its last transaction has to be taken back first, which would change \
         the file. Let the program that owns it do that, or `sqlite3 {path} 'SELECT count(*) FROM sqlite_schema'`",
        path = .0.display()
    )]
    Unfinished(PathBuf),
    /// SQLite keeps a statement that nobody can read.
    #[error("the definition of {name} cannot be understood: {detail}")]
    Definition {
        /// Of what.
        name: String,
        /// Where it goes wrong.
        detail: String,
    },
    /// Anything else.
    #[error("{} cannot be read", path.display())]
    Sqlite {
        /// Which.
        path: PathBuf,
        /// Why.
        source: rusqlite::Error,
    },
}

impl SourceError {
    /// What an error of SQLite means for this file.
    pub(crate) fn of(path: &Path, error: rusqlite::Error) -> Self {
        let path = path.to_owned();
        let Some(code) = error.sqlite_error() else { return Self::Sqlite { path, source: error } };
        match (code.code, code.extended_code) {
            (_, SQLITE_READONLY_ROLLBACK | SQLITE_READONLY_RECOVERY | SQLITE_CANTOPEN_DIRTYWAL) => {
                Self::Unfinished(path)
            }
            (ErrorCode::NotADatabase, _) => Self::NoDatabase(path),
            (ErrorCode::DatabaseCorrupt, _) => Self::Damaged { path, detail: error.to_string() },
            (ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked, _) => Self::Locked(path),
            _ => Self::Sqlite { path, source: error },
        }
    }
}
