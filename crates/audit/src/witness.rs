//! Witnesses: what keeps checkpoints outside of the database, so that whoever owns it cannot deny what was in it.
//!
//! Each is told every checkpoint at least once and in order, also after it was away.

mod file;
mod syslog;

use std::fmt;
use std::sync::Arc;

use futures::future::BoxFuture;
use store::{Retry, Store, StoreError};

pub use self::file::{CheckpointFile, read_checkpoints};
pub use self::syslog::{Syslog, SyslogAddress};
use crate::{Checkpoint, queries};

/// How many checkpoints a witness is told in one go.
const BATCH: u64 = 100;

/// What keeps checkpoints.
pub trait Witness: Send + Sync + 'static {
    /// What to call it in messages, and in the note of how far it has been told. No secrets.
    fn name(&self) -> &str;

    /// The last checkpoint it knows, when it can tell; otherwise the database remembers.
    fn remembers(&self) -> Option<i64> {
        None
    }

    /// Keeps a checkpoint. The same one may come twice.
    fn keep<'a>(&'a self, checkpoint: &'a Checkpoint) -> BoxFuture<'a, Result<(), WitnessError>>;
}

/// Why a witness does not keep a checkpoint, in words for the operator.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct WitnessError(pub String);

/// Tells a witness what it does not know yet.
#[derive(Clone)]
pub(crate) struct Telling {
    store: Store,
    retry: Retry,
    pub(crate) witness: Arc<dyn Witness>,
}

/// How a witness took what it was told.
#[derive(Debug)]
pub(crate) enum TellError {
    Witness(WitnessError),
    Store(StoreError),
}

impl Telling {
    pub(crate) fn new(store: Store, retry: Retry, witness: Arc<dyn Witness>) -> Self {
        Self { store, retry, witness }
    }

    /// Tells everything up to `newest`.
    pub(crate) async fn tell(&self, newest: i64) -> Result<(), TellError> {
        let mut told = match self.witness.remembers() {
            Some(told) => told,
            None => self.read_told().await?,
        };
        while told < newest {
            let checkpoints = self.next(told, newest).await?;
            let Some(last) = checkpoints.last().map(|checkpoint| checkpoint.sequence) else { return Ok(()) };
            for checkpoint in &checkpoints {
                self.witness.keep(checkpoint).await.map_err(TellError::Witness)?;
            }
            if self.witness.remembers().is_none() {
                self.note_told(last).await?;
            }
            told = last;
        }
        Ok(())
    }

    async fn read_told(&self) -> Result<i64, StoreError> {
        let reader = self.store.reader();
        self.retry.run(|| async { Ok(queries::witnesses::told(reader, self.witness.name()).await?) }).await
    }

    async fn next(&self, after: i64, until: i64) -> Result<Vec<Checkpoint>, StoreError> {
        let reader = self.store.reader();
        self.retry
            .run(|| async { Ok(queries::checkpoints::between(reader, after, until, BATCH).await?) })
            .await
    }

    async fn note_told(&self, sequence: i64) -> Result<(), StoreError> {
        self.retry
            .run(|| async {
                let unit = self.store.begin_counting().await?;
                queries::witnesses::note_told(&*unit, self.witness.name(), sequence).await?;
                unit.commit().await
            })
            .await
    }
}

impl From<StoreError> for TellError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl fmt::Display for TellError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Witness(error) => error.fmt(f),
            Self::Store(error) => error.fmt(f),
        }
    }
}
