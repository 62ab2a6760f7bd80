//! Why changes are not told, in sentences for whoever wants to go back.

use thiserror::Error;

use super::Malformed;

/// Why changes are not told.
#[derive(Debug, Error)]
pub enum ChangesError {
    /// Nothing tells rows apart.
    #[error("nothing tells the rows of {0} apart: give it a primary key, or its changes cannot be followed")]
    NoKey(String),
    /// A change does not say which row it is about.
    #[error(
        "PostgreSQL does not say which row of {0} was changed: its REPLICA IDENTITY is not that of its primary key any \
         more. Set it back (`ALTER TABLE … REPLICA IDENTITY DEFAULT`) and take everything anew"
    )]
    NoRow(String),
    /// A table is not there.
    #[error("a table that is watched is gone: {0}")]
    Gone(String),
    /// Somebody keeps a table to himself.
    #[error(
        "a table that is watched is locked: another session truncates or alters it and does not come to an end. Try again \
         when it has"
    )]
    Busy,
    /// It is of another move.
    #[error(
        "there is a replication slot {0} of an earlier move already. It keeps PostgreSQL's log for tables that are not \
         these: remove it first (`SELECT pg_drop_replication_slot('{0}')`)"
    )]
    Leftover(String),
    /// It is there, and of no use.
    #[error(
        "the replication slot {slot} cannot be used: {why}. Remove it (`SELECT pg_drop_replication_slot('{slot}')`), and do this again"
    )]
    Unusable {
        /// Which.
        slot: String,
        /// What is wrong with it.
        why: String,
    },
    /// What has been changed is not known any more.
    #[error(
        "the replication slot {0} is gone, or PostgreSQL has thrown away what it had not told yet: take everything anew"
    )]
    Lost(String),
    /// A message is not what was agreed upon.
    #[error("PostgreSQL's log cannot be understood")]
    Malformed(#[from] Malformed),
    /// Anything else.
    #[error("PostgreSQL refuses {what}")]
    Postgres {
        /// What it was asked for.
        what: &'static str,
        /// Why.
        source: sqlx::Error,
    },
}

impl ChangesError {
    /// What an error of PostgreSQL means.
    pub(super) fn of(what: &'static str) -> impl Fn(sqlx::Error) -> Self {
        move |source| Self::Postgres { what, source }
    }
}
