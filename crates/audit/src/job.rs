//! The sealer at work, beside everything else.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use foundation::Timestamp;
use store::{Retry, StoreError};
use tokio_util::sync::CancellationToken;

use crate::Sealer;
use crate::witness::{Telling, Witness};

/// How long an entry waits for its place at most.
const INTERVAL: Duration = Duration::from_secs(1);
/// How often the retention is applied.
const DROPPED_EVERY: TimeDelta = TimeDelta::hours(1);

/// What the job remembers from one round to the next.
#[derive(Debug, Default)]
struct Memory {
    /// The longest the chain has been.
    sequence: i64,
    /// How many entries wait in vain for a place.
    foreign: u64,
    dropped_at: Option<Timestamp>,
    /// What does not work at the moment: said once, and once more when it works again.
    troubles: BTreeSet<String>,
}

impl Sealer {
    /// Seals what waits, every second until told to stop, and once more then; tells the witnesses; applies the
    /// retention. Run it once per process.
    pub async fn run(self, witnesses: Vec<Arc<dyn Witness>>, stop: CancellationToken) {
        let retry = Retry::new(self.ledger.ambient.clone());
        let telling =
            witnesses.into_iter().map(|witness| Telling::new(self.store.clone(), retry.clone(), witness));
        let telling: Vec<_> = telling.collect();
        let mut memory = Memory::default();
        loop {
            let last = stop.is_cancelled();
            let round = self.round(&mut memory, &telling, last).await;
            memory.note("the audit log cannot be sealed", round.err());
            if last {
                return;
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(INTERVAL) => {}
            }
        }
    }

    async fn round(&self, memory: &mut Memory, telling: &[Telling], last: bool) -> Result<(), StoreError> {
        let sealed = self.seal().await?;
        if sealed.foreign > memory.foreign {
            tracing::error!(
                target: "security",
                entries = sealed.foreign,
                "the audit log has entries that this installation did not write; see: mainstay audit verify"
            );
        }
        if sealed.sequence < memory.sequence {
            let (before, now) = (memory.sequence, sealed.sequence);
            tracing::error!(target: "security", before, now, "the audit log was cut back; see: mainstay audit verify");
        }
        (memory.sequence, memory.foreign) = (sealed.sequence, sealed.foreign);
        let newest = if last { self.checkpoint().await? } else { self.checkpoint_when_due().await? };
        for telling in telling {
            let Some(newest) = &newest else { break };
            let told = telling.tell(newest.sequence).await;
            memory.note(&format!("{} keeps no checkpoint", telling.witness.name()), told.err());
        }
        let now = self.ledger.ambient.now();
        if memory.dropped_at.is_none_or(|at| now - at >= DROPPED_EVERY) {
            let dropped = self.drop_expired().await?;
            if dropped > 0 {
                tracing::info!(dropped, "old entries of the audit log were dropped");
            }
            memory.dropped_at = Some(now);
        }
        Ok(())
    }
}

impl Memory {
    fn note(&mut self, trouble: &str, error: Option<impl std::fmt::Display>) {
        if let Some(error) = error {
            if self.troubles.insert(trouble.to_owned()) {
                tracing::error!(%error, "{trouble}");
            }
        } else if self.troubles.remove(trouble) {
            tracing::info!("over: {trouble}");
        }
    }
}
