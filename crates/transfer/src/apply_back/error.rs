//! Why changes do not get back into a file, in sentences for whoever wants to go back.

use thiserror::Error;

use crate::{ChangesError, SourceError};

/// Why changes do not get back into a file.
#[derive(Debug, Error)]
pub enum ApplyBackError {
    /// Nothing tells rows apart.
    #[error("nothing tells the rows of {0} apart")]
    NoKey(String),
    /// The file.
    #[error(transparent)]
    File(#[from] SourceError),
    /// PostgreSQL's changes.
    #[error(transparent)]
    Changes(#[from] ChangesError),
    /// PostgreSQL's rows.
    #[error("the rows of {table} cannot be read in PostgreSQL")]
    Rows {
        /// Of what.
        table: String,
        /// Why.
        source: sqlx::Error,
    },
    /// SQLite does not take a row.
    #[error(
        "SQLite does not take the row {key} of {table}, which PostgreSQL has: {constraint}. Change it in PostgreSQL, or drop \
         the constraint in SQLite; nothing of what came with it was written"
    )]
    Refused {
        /// The table.
        table: String,
        /// What tells the row apart.
        key: String,
        /// What SQLite says.
        constraint: String,
        /// Whether it may be because another row, which is in the way, has changed as well.
        may_pass: bool,
    },
    /// A table is not any more what it was when it was moved.
    #[error("PostgreSQL's tables have changed since the move: {}. Change them back, or stay", .0.join("; "))]
    SchemaChanged(Vec<String>),
}

impl ApplyBackError {
    /// Whether taking all changes at once may help.
    pub(super) fn may_pass(&self) -> bool {
        matches!(self, Self::Refused { may_pass: true, .. })
    }
}
