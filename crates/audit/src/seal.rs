//! The sealer: gives entries their place in the chain, and drops what has been kept long enough.
//!
//! An entry is written with an authentication code of its own by whoever does what it tells of, and waits for nobody.
//! Its place in the chain it gets here, within a second, together with all others that were committed meanwhile.

use chrono::TimeDelta;
use foundation::Timestamp;
use sea_orm::{ConnectionTrait, DbErr};
use store::{Retry, Store, StoreError};

use crate::chain::Note;
use crate::content::{digest, personal};
use crate::entities::entries::Model;
use crate::job::Pulse;
use crate::{Checkpoint, Config, Ledger, PublicKey, queries};

/// How many entries get their place in one unit.
const BATCH: u64 = 500;

/// Gives entries their place in the chain. Every node may run one: they take turns.
#[derive(Debug, Clone)]
pub struct Sealer {
    pub(crate) ledger: Ledger,
    pub(crate) store: Store,
    pub(crate) retry: Retry,
    pub(crate) pulse: Pulse,
    pub(crate) config: Config,
}

/// What sealing found.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Sealed {
    /// How many entries there had been in the chain before.
    pub before: i64,
    /// How many entries there have been in the chain.
    pub sequence: i64,
    /// How many entries waited and got no place: nobody with the ledger's key wrote them, or somebody without it has
    /// changed them since.
    pub foreign: u64,
}

/// How far the ledger is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// How many entries there have been in the chain.
    pub sequence: i64,
    /// How many entries wait for their place.
    pub waiting: u64,
    /// The newest checkpoint.
    pub checkpoint: Option<Checkpoint>,
}

/// A part of what waits.
struct Batch {
    sequence: i64,
    seen: usize,
    foreign: u64,
}

impl Sealer {
    /// A sealer of the ledger in this database.
    pub fn new(ledger: Ledger, store: Store, config: Config) -> Self {
        let retry = Retry::new(ledger.ambient.clone());
        let pulse = Pulse::begin(ledger.ambient.now());
        Self { ledger, store, retry, pulse, config }
    }

    /// How far the ledger is, and how far a signature holds it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn progress(&self) -> Result<Progress, StoreError> {
        let reader = self.store.reader();
        let sequence = self.end().await?.sequence;
        Ok(Progress {
            sequence,
            waiting: self.retry.read(|| queries::chain::count_unsealed(reader)).await?,
            checkpoint: self.newest_checkpoint(sequence).await?,
        })
    }

    /// What checks the signatures of its checkpoints.
    pub fn public_key(&self) -> PublicKey {
        self.ledger.public_key()
    }

    /// Gives everything that waits its place. Writes nothing when nothing waits.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn seal(&self) -> Result<Sealed, StoreError> {
        let reader = self.store.reader();
        let before = self.mended_end().await?.sequence;
        let mut sealed = Sealed { before, sequence: before, foreign: 0 };
        let waiting = self.retry.read(|| queries::chain::count_unsealed(reader)).await?;
        // What comes meanwhile waits for the next time: this ends, even if something takes places back.
        for _ in 0..waiting.div_ceil(BATCH) {
            // What gets a place waits no longer; what gets none stays in front.
            let batch = self.seal_batch(sealed.foreign).await?;
            sealed = Sealed { before, sequence: batch.sequence, foreign: sealed.foreign + batch.foreign };
            if batch.seen == 0 {
                break;
            }
        }
        Ok(sealed)
    }

    async fn seal_batch(&self, skipped: u64) -> Result<Batch, StoreError> {
        self.retry
            .run(|| async {
                // Whoever holds the end sees all that was committed before, and disturbs no unit that writes entries.
                let unit = self.store.begin_counting().await?;
                let mut end = self.hold_end(&*unit).await?;
                let waiting = queries::chain::unsealed(&*unit, skipped, BATCH).await?;
                let began = self.began(&*unit).await?;
                let is_ours = |entry: &&Model| Some(entry.created_at) > began && self.is_genuine(entry);
                let genuine = waiting.iter().flatten().filter(is_ours);
                let mut places = Vec::with_capacity(waiting.len());
                for entry in genuine {
                    end = end.followed_by(&self.ledger.keys, &digest(entry));
                    places.push((entry.id, end.sequence, end.mac));
                }
                if !places.is_empty() {
                    queries::chain::seal(&*unit, &places).await?;
                    queries::chain::put_note(&*unit, Note::of(end, &self.ledger.keys)).await?;
                }
                unit.commit().await?;
                let foreign = (waiting.len() - places.len()) as u64;
                Ok(Batch { sequence: end.sequence, seen: waiting.len(), foreign })
            })
            .await
    }

    /// Until when entries have been dropped. One from before was in the chain already, and somebody has put it back.
    async fn began(&self, unit: &impl ConnectionTrait) -> Result<Option<Timestamp>, DbErr> {
        let start = queries::chain::start(unit).await?;
        let start = start.filter(|start| start.is_signed_by(&self.ledger.public_key()));
        Ok(start.map(|start| start.created_at))
    }

    pub(crate) fn is_genuine(&self, entry: &Model) -> bool {
        !personal(entry).is_changed() && self.ledger.keys.is_mac_of_entry(&entry.mac, &digest(entry))
    }

    /// Drops what is older than the retention, and writes down that it did. Everything goes up to the newest checkpoint
    /// that was signed long enough ago: what an entry says of its own time is not asked. Answers how many entries went.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn drop_expired(&self) -> Result<u64, StoreError> {
        let Some(retention) = self.config.retention else { return Ok(0) };
        let retention = TimeDelta::from_std(retention.into()).unwrap_or(TimeDelta::MAX);
        let Some(limit) = self.ledger.ambient.now().checked_sub_signed(retention) else { return Ok(0) };
        self.retry
            .run(|| async {
                let unit = self.store.begin_counting().await?;
                let end = self.hold_end(&*unit).await?;
                let first = queries::chain::first(&*unit).await?;
                let checkpoint = self.signed_until(&*unit, end.sequence, limit).await?;
                let Some(through) = checkpoint.map(|checkpoint| checkpoint.sequence) else { return Ok(0) };
                if first.is_none_or(|first| first > through) {
                    return Ok(0);
                }
                let dropped = queries::chain::drop_until(&*unit, through).await?;
                queries::checkpoints::drop_before(&*unit, through).await?;
                self.ledger.record_drop(&*unit, through).await?;
                unit.commit().await?;
                Ok(dropped)
            })
            .await
    }
}
