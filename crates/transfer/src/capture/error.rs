//! What can go wrong while a file is followed, in sentences for whoever follows it.

use std::io;
use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;
use rusqlite::ffi::SQLITE_READONLY_DBMOVED;
use thiserror::Error;

use crate::SourceError;

/// Why changes cannot be captured. Where nothing else is said, nothing was changed.
#[derive(Debug, Error)]
pub enum CaptureError {
    /// The file cannot be read.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// Somebody does already.
    #[error(
        "{} is being followed already, since {since}. Let that come to its end, or give it up before another begins",
        path.display()
    )]
    AlreadyFollowed {
        /// Which.
        path: PathBuf,
        /// Since when, as it was said then.
        since: String,
    },
    /// Nobody does.
    #[error("{} is not being followed: nothing keeps account of what changes in it", .0.display())]
    NotFollowed(PathBuf),
    /// Something of the app's would be taken for ours.
    #[error(
        "{} has something of its own that is called {name}: names that begin with mainstay_ are needed to follow it. \
         Rename that",
        path.display()
    )]
    NameTaken {
        /// Of which file.
        path: PathBuf,
        /// What.
        name: String,
    },
    /// Nothing tells the rows of a table apart.
    #[error(
        "the rows of {table} cannot be told apart: it has no primary key, and columns called rowid, oid and _rowid_ hide the \
         number that SQLite gives each. Rename one of them"
    )]
    NoRowid {
        /// The table.
        table: String,
    },
    /// REPLACE could remove rows without a trace.
    #[error(
        "what REPLACE removes from {table} by its unique index {index} would not be seen, because {because}. Drop the \
         index, or move the database while nobody writes"
    )]
    Unseen {
        /// The table.
        table: String,
        /// Its index.
        index: String,
        /// Why.
        because: &'static str,
    },
    /// What was captured may not be all.
    #[error("the schema of {} has changed since it is followed: {what}. Begin the move anew", path.display())]
    SchemaChanged {
        /// Of which file.
        path: PathBuf,
        /// What is different, as a sentence.
        what: String,
    },
    /// What told rows apart does so no longer.
    #[error(
        "{} was made compact (VACUUM), which gave the rows of {table} other numbers, and nothing else tells them apart. Begin \
         the move anew",
        path.display()
    )]
    Renumbered {
        /// Which.
        path: PathBuf,
        /// The table.
        table: String,
    },
    /// A primary key without a value, which SQLite allows.
    #[error(
        "a row of {table} has NULL in its primary key, which tells it from no other. Give it a value, or begin the move anew: \
         the table is then moved by the numbers that SQLite gives its rows"
    )]
    NullKey {
        /// The table.
        table: String,
    },
    /// A key of the plan's that is none.
    #[error(
        "two rows of {table} have the same {key}, by which the plan tells its rows apart: one of them would be lost. Name \
         columns there in which no two rows are the same, or \"rowid\", and begin the move anew: mainstay transfer stop, then \
         mainstay transfer follow --existing drop"
    )]
    NotUnique {
        /// The table.
        table: String,
        /// The columns of that key.
        key: String,
    },
    /// The entry of the journal behind which one wants to go on is not there any more.
    #[error(
        "{} is not what it was when it was read last: entry {after} of its journal is gone, or is another one now. The file was \
         restored from an older copy, or lost in a power cut what was written last, or somebody has emptied the journal. So \
         PostgreSQL holds what the file does not, and which rows those are is not known. Begin the move anew: mainstay transfer \
         stop, then mainstay transfer follow --existing drop",
        path.display()
    )]
    OutOfReach {
        /// Of which file.
        path: PathBuf,
        /// Behind which entry.
        after: i64,
    },
    /// Another program does not let go of it.
    #[error(
        "{} is locked: another program is writing to it, or reading from it, and does not come to an end. Try again when it has",
        .0.display()
    )]
    Busy(PathBuf),
    /// It may not be written to.
    #[error("{} or its folder cannot be written to by this user, and to follow it something is added to it", .0.display())]
    ReadOnly(PathBuf),
    /// The disk is full.
    #[error("there is no room left on the disk of {}", .0.display())]
    Full(PathBuf),
    /// Another file has its name now.
    #[error("{} was moved or replaced while it was followed: what was open is another file now", .0.display())]
    Replaced(PathBuf),
    /// There is something where a copy should go.
    #[error("{} exists already: a copy is never written over anything", .0.display())]
    Exists(PathBuf),
    /// A copy cannot be written.
    #[error("the copy {} cannot be written", path.display())]
    Unwritable {
        /// Where to.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Anything else.
    #[error("{} cannot be followed", path.display())]
    Sqlite {
        /// Which.
        path: PathBuf,
        /// Why.
        source: rusqlite::Error,
    },
}

impl CaptureError {
    /// What an error of SQLite means for a file that is written to.
    pub(crate) fn of(path: &Path, error: rusqlite::Error) -> Self {
        let code = error.sqlite_error().map(|code| (code.code, code.extended_code));
        let path = path.to_owned();
        match code {
            Some((_, SQLITE_READONLY_DBMOVED)) => Self::Replaced(path),
            Some((ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked, _)) => Self::Busy(path),
            // That it is there was seen before: what cannot be opened is the journal beside it.
            Some((ErrorCode::ReadOnly | ErrorCode::CannotOpen, _)) => Self::ReadOnly(path),
            Some((ErrorCode::DiskFull, _)) => Self::Full(path),
            Some((ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase, _)) => {
                SourceError::of(&path, error).into()
            }
            _ => Self::Sqlite { path, source: error },
        }
    }
}

#[cfg(test)]
mod tests {
    use rusqlite::ffi;

    use super::*;

    #[test]
    fn what_a_disk_or_a_user_cannot_do_is_said() {
        for (code, said) in [
            (ffi::SQLITE_FULL, "there is no room left on the disk of app.db"),
            (
                ffi::SQLITE_READONLY_DIRECTORY,
                "app.db or its folder cannot be written to by this user, and to follow it something is added to it",
            ),
            (
                SQLITE_READONLY_DBMOVED,
                "app.db was moved or replaced while it was followed: what was open is another file now",
            ),
        ] {
            let error = rusqlite::Error::SqliteFailure(ffi::Error::new(code), None);
            assert_eq!(CaptureError::of(Path::new("app.db"), error).to_string(), said);
        }
    }
}
