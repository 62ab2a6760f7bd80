//! Why following stops.

use thiserror::Error;

use crate::{ApplyBackError, CaptureError, ChangesError, RunError, SourceError, TargetError};

/// Why following stops. What has been taken so far stays, and can be gone on from.
#[derive(Debug, Error)]
pub enum FollowError {
    /// The first move, and PostgreSQL.
    #[error(transparent)]
    Run(#[from] RunError),
    /// The SQLite file.
    #[error(transparent)]
    Capture(#[from] CaptureError),
    /// What is written to PostgreSQL.
    #[error(transparent)]
    Changes(#[from] ChangesError),
    /// What goes back into the file.
    #[error(transparent)]
    Back(#[from] ApplyBackError),
    /// Nothing tells rows apart.
    #[error(
        "the rows of {0} cannot be told apart: it has no primary key, and its columns hide the rowid; move the database while \
         nobody writes to it"
    )]
    NoKey(String),
    /// What tells rows apart need not.
    #[error(
        "the key of {0} in the plan is not unique in SQLite, so rows could be lost: name its primary key there, or the columns \
         of a UNIQUE index, or leave the key out"
    )]
    NotUnique(String),
    /// PostgreSQL does not hold what it was given.
    #[error(
        "{0} in PostgreSQL does not hold what was just written into it: a trigger or a rule there changes rows, or somebody \
         else writes to it. Take that away; nothing of this step was kept"
    )]
    NotHeld(String),
    /// Not now.
    #[error("{0}")]
    Phase(&'static str),
    /// It took longer than it may.
    #[error(
        "{0} was not done in time, and everything is open again as it was: programs go on writing where they did"
    )]
    TooSlow(&'static str),
    /// A command of the operator failed.
    #[error("the command `{command}` failed: {detail}. {undone}")]
    Hook {
        /// Which.
        command: String,
        /// How.
        detail: String,
        /// What that means.
        undone: &'static str,
    },
    /// Something failed, and taking back what had been done as well.
    #[error("{first}. And then: {then}")]
    Twice {
        /// Why it was to be taken back.
        first: Box<FollowError>,
        /// Why it could not be, or not all of it.
        then: Box<FollowError>,
    },
    /// The two sides are not the same.
    #[error(
        "SQLite and PostgreSQL do not hold the same: {0}. Nothing was switched; look at it with: mainstay transfer verify"
    )]
    Different(String),
}

impl From<SourceError> for FollowError {
    fn from(error: SourceError) -> Self {
        Self::Run(error.into())
    }
}

impl From<TargetError> for FollowError {
    fn from(error: TargetError) -> Self {
        Self::Run(error.into())
    }
}
