//! Witnesses: what keeps checkpoints outside of the database, so that whoever owns it cannot deny what was in it.
//!
//! Each is told every checkpoint at least once and in order, also after it was away (`telling`).

mod file;
mod syslog;
mod telling;

use futures::future::BoxFuture;

pub use self::file::{CheckpointFile, KeptCheckpoints, read_checkpoints};
pub use self::syslog::{Syslog, SyslogAddress};
pub(crate) use self::telling::Telling;
use crate::Checkpoint;

/// What a witness can say of what it has kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kept {
    /// It cannot tell: the database remembers how far it was told.
    Unknown,
    /// Nothing.
    Nothing,
    /// This was the last.
    Last(Checkpoint),
}

/// What keeps checkpoints.
pub trait Witness: Send + Sync + 'static {
    /// What to call it in messages, and in the note of how far it has been told. No secrets.
    fn name(&self) -> &str;

    /// What it has kept.
    fn kept(&self) -> Kept {
        Kept::Unknown
    }

    /// Keeps a checkpoint. The same one may come twice.
    fn keep<'a>(&'a self, checkpoint: &'a Checkpoint) -> BoxFuture<'a, Result<(), WitnessError>>;
}

/// Why a witness does not keep a checkpoint, in words for the operator.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct WitnessError(pub String);
