//! Telling a witness what it does not know yet, in its own time: one that is slow holds up nothing else.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use store::{Retry, Store, StoreError};
use tokio::sync::watch;

use super::{Kept, Witness, WitnessError};
use crate::job::Troubles;
use crate::{Checkpoint, PublicKey, queries};

/// How many checkpoints a witness is told in one go.
const BATCH: u64 = 100;
/// How long after a failure it is told again.
const AGAIN: Duration = Duration::from_secs(1);

/// Tells one witness.
pub(crate) struct Telling {
    store: Store,
    retry: Retry,
    key: PublicKey,
    witness: Arc<dyn Witness>,
    /// What it was told last; none until it was told something.
    last: Option<Checkpoint>,
}

/// How a witness took what it was told.
#[derive(Debug)]
enum TellError {
    Witness(WitnessError),
    Store(StoreError),
}

impl Telling {
    /// What this key has signed is told, and nothing else.
    pub(crate) fn new(store: Store, retry: Retry, key: PublicKey, witness: Arc<dyn Witness>) -> Self {
        Self { store, retry, key, witness, last: None }
    }

    /// Tells of each checkpoint that is the newest, until there will be no more, and of the last one once.
    pub(crate) async fn run(mut self, mut newest: watch::Receiver<Option<Checkpoint>>) {
        let (mut troubles, mut failing) = (Troubles::default(), false);
        let trouble = format!("{} keeps no checkpoint", self.witness.name());
        loop {
            let ended = tokio::select! {
                changed = newest.changed() => changed.is_err(),
                () = tokio::time::sleep(AGAIN), if failing => false,
            };
            let checkpoint = newest.borrow_and_update().clone();
            if let Some(checkpoint) = checkpoint {
                let told = self.tell(&checkpoint).await;
                failing = told.is_err();
                troubles.note(&trouble, told.err());
            }
            if ended {
                return;
            }
        }
    }

    /// Tells everything up to the newest checkpoint: what was just signed, whatever the database says.
    async fn tell(&mut self, newest: &Checkpoint) -> Result<(), TellError> {
        let mut told = match &self.last {
            Some(last) if last == newest => return Ok(()),
            // The log was put back, and goes on differently: the witness hears of that as well.
            Some(last) => last.sequence.min(newest.sequence - 1),
            None => self.told_before(newest).await?,
        };
        while told < newest.sequence {
            for checkpoint in self.next(told, newest).await? {
                self.witness.keep(&checkpoint).await.map_err(TellError::Witness)?;
                told = checkpoint.sequence;
                self.last = Some(checkpoint);
            }
            if self.witness.kept() == Kept::Unknown {
                self.note_told(told).await?;
            }
        }
        self.last = Some(newest.clone());
        Ok(())
    }

    /// How far the witness was told in former times. If it knows of what the ledger does not, it is told the newest all
    /// the same: the two then contradict each other for everybody to see.
    async fn told_before(&self, newest: &Checkpoint) -> Result<i64, StoreError> {
        let (told, is_known) = match self.witness.kept() {
            Kept::Nothing => (0, true),
            Kept::Last(last) => {
                (last.sequence, self.at(last.sequence).await?.is_none_or(|it| it.link == last.link))
            }
            // The newest is told again: the note of how far it was told is in the database, too.
            Kept::Unknown => (self.read_told().await?.min(newest.sequence - 1), true),
        };
        if told <= newest.sequence && is_known {
            return Ok(told);
        }
        tracing::error!(
            target: "security",
            witness = self.witness.name(),
            told,
            entries = newest.sequence,
            "a witness was told of entries that the audit log does not have; see: mainstay audit verify"
        );
        Ok(told.min(newest.sequence - 1))
    }

    /// What comes next, up to the newest checkpoint, which is the last whatever the database has in its place.
    async fn next(&self, after: i64, newest: &Checkpoint) -> Result<Vec<Checkpoint>, StoreError> {
        let reader = self.store.reader();
        let until = newest.sequence;
        let mut next = self.retry.read(|| queries::checkpoints::between(reader, after, until, BATCH)).await?;
        let is_all = (next.len() as u64) < BATCH;
        next.retain(|it| it.sequence > after && it.is_signed_by(&self.key));
        // Among many that nobody has signed there may be no other.
        if (is_all || next.is_empty()) && next.last() != Some(newest) {
            tracing::error!(
                target: "security",
                sequence = until,
                "the database does not have the checkpoint that was just signed; see: mainstay audit verify"
            );
            next.retain(|checkpoint| checkpoint.sequence < until);
            next.push(newest.clone());
        }
        Ok(next)
    }

    async fn at(&self, sequence: i64) -> Result<Option<Checkpoint>, StoreError> {
        let reader = self.store.reader();
        self.retry.read(|| queries::checkpoints::at(reader, sequence)).await
    }

    async fn read_told(&self) -> Result<i64, StoreError> {
        let reader = self.store.reader();
        self.retry.read(|| queries::witnesses::told(reader, self.witness.name())).await
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
