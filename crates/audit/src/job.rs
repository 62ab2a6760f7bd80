//! The sealer at work, beside everything else.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use chrono::TimeDelta;
use foundation::{Timestamp, with_causes};
use store::StoreError;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::witness::{Telling, Witness};
use crate::{Checkpoint, Sealed, Sealer};

/// How long an entry waits for its place at most.
const INTERVAL: Duration = Duration::from_secs(1);
/// How often the retention is applied.
const DROPPED_EVERY: TimeDelta = TimeDelta::hours(1);
/// How long sealing may go wrong before it counts as such: a database may restart meanwhile.
const PATIENCE: TimeDelta = TimeDelta::seconds(30);
/// How long witnesses may take for the last checkpoint, when the program ends. They hear of it when it begins again.
const LAST_WORDS: Duration = Duration::from_secs(5);

/// When everything that waited had its place, last. Clones tell the same.
#[derive(Debug, Clone)]
pub(crate) struct Pulse(Arc<AtomicI64>);

impl Pulse {
    pub(crate) fn begin(now: Timestamp) -> Self {
        Self(Arc::new(AtomicI64::new(now.timestamp_micros())))
    }

    fn beat(&self, now: Timestamp) {
        self.0.store(now.timestamp_micros(), Ordering::Relaxed);
    }

    fn last(&self) -> Timestamp {
        Timestamp::from_timestamp_micros(self.0.load(Ordering::Relaxed)).unwrap_or_default()
    }
}

/// What does not work at the moment: said once, and once more when it works again.
#[derive(Debug, Default)]
pub(crate) struct Troubles(BTreeSet<String>);

impl Troubles {
    pub(crate) fn note(&mut self, trouble: &str, error: Option<impl std::fmt::Display>) {
        if let Some(error) = error {
            if self.0.insert(trouble.to_owned()) {
                tracing::error!(%error, "{trouble}");
            }
        } else if self.0.remove(trouble) {
            tracing::info!("over: {trouble}");
        }
    }
}

/// What the job remembers from one round to the next.
#[derive(Debug, Default)]
struct Memory {
    /// How many entries there were in the chain at the end of the last round.
    sequence: i64,
    /// How many entries wait in vain for a place.
    foreign: u64,
    /// From where to where the chain was cut back, last.
    cut: Option<(i64, i64)>,
    dropped_at: Option<Timestamp>,
    troubles: Troubles,
}

/// Whether what a round had sealed was still there in the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Held {
    Firmly,
    /// Somebody took it back.
    CutBack,
}

impl Memory {
    fn compare(&mut self, sealed: &Sealed) -> Held {
        let cut = (sealed.before < self.sequence).then_some((self.sequence, sealed.before));
        if let Some((before, now)) = cut.filter(|_| self.cut != cut) {
            tracing::error!(target: "security", before, now, "the audit log was cut back; see: mainstay audit verify");
        }
        (self.sequence, self.foreign, self.cut) = (sealed.sequence, sealed.foreign, cut);
        if cut.is_some() { Held::CutBack } else { Held::Firmly }
    }
}

impl Sealer {
    /// Seals what waits, every second until told to stop, and once more then; tells the witnesses; applies the
    /// retention. Run it once per process.
    pub async fn run(self, witnesses: Vec<Arc<dyn Witness>>, stop: CancellationToken) {
        let (signed, newest) = watch::channel(None);
        let mut telling = JoinSet::new();
        for witness in witnesses {
            let (store, retry) = (self.store.clone(), self.retry.clone());
            let telling_it = Telling::new(store, retry, self.public_key(), witness);
            telling.spawn(telling_it.run(newest.clone()));
        }
        tokio::select! {
            () = self.seal_until(&stop, &signed) => {}
            // Those end with this one: before, only by a panic, which is this one's too.
            Some(Err(panicked)) = telling.join_next() => std::panic::resume_unwind(panicked.into_panic()),
        }
        drop(signed);
        if tokio::time::timeout(LAST_WORDS, telling.join_all()).await.is_err() {
            tracing::warn!(
                "not every witness heard of the last checkpoint; they will when this begins again"
            );
        }
    }

    /// Whether entries have waited for their place for longer than they should, as far as this process knows.
    pub fn is_behind(&self) -> bool {
        let since = self.ledger.ambient.now() - self.pulse.last();
        // Where the clock was put back, the next round tells.
        since > PATIENCE || since < TimeDelta::zero()
    }

    async fn seal_until(&self, stop: &CancellationToken, signed: &watch::Sender<Option<Checkpoint>>) {
        let mut memory = Memory::default();
        loop {
            let last = stop.is_cancelled();
            let round = self.round(&mut memory, signed, last).await;
            // Who takes back what was sealed, again and again, must not be taken for nobody.
            if matches!(round, Ok(Held::Firmly)) {
                self.pulse.beat(self.ledger.ambient.now());
            }
            memory
                .troubles
                .note("the audit log cannot be sealed", round.err().map(|error| with_causes(&error)));
            if last {
                return;
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(INTERVAL) => {}
            }
        }
    }

    async fn round(
        &self,
        memory: &mut Memory,
        signed: &watch::Sender<Option<Checkpoint>>,
        last: bool,
    ) -> Result<Held, StoreError> {
        let sealed = self.seal().await?;
        if sealed.foreign > memory.foreign {
            tracing::error!(
                target: "security",
                entries = sealed.foreign,
                "the audit log has entries that this installation did not write; see: mainstay audit verify"
            );
        }
        let held = memory.compare(&sealed);
        let told = signed.borrow().clone();
        let newest = self.sign(told, last).await?;
        // A database that loses the newest one takes nothing back of what was signed.
        signed.send_if_modified(|told| {
            let is_new =
                newest.as_ref().is_some_and(|newest| told.as_ref().is_none_or(|told| newest.is_after(told)));
            if is_new {
                told.clone_from(&newest);
            }
            is_new
        });
        let now = self.ledger.ambient.now();
        if memory.dropped_at.is_none_or(|at| now - at >= DROPPED_EVERY) {
            let dropped = self.drop_expired().await?;
            if dropped > 0 {
                tracing::info!(dropped, "old entries of the audit log were dropped");
            }
            memory.dropped_at = Some(now);
        }
        Ok(held)
    }

    /// Signs when it is time, or at the last: but never twice the same, whatever the database keeps of it.
    async fn sign(&self, told: Option<Checkpoint>, last: bool) -> Result<Option<Checkpoint>, StoreError> {
        let end = self.end().await?;
        if told.is_some_and(|told| told.end() == end) {
            return Ok(None);
        }
        if last { self.checkpoint().await } else { self.checkpoint_when_due().await }
    }
}
