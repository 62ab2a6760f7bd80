//! Counting in the memory of this process.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use foundation::Ambient;
use moka::policy::EvictionPolicy;
use moka::sync::Cache;

use super::gcra::{Decision, Micros, decide};
use super::quota::Quota;
use super::{Key, Policy};

/// The counts of those who came last, and no more of them than fit. Whoever is forgotten starts again with a full
/// burst; forgetting those who rested longest makes that the least gain. What is at rest is as good as forgotten.
pub(super) struct Process {
    ambient: Ambient,
    counts: Cache<(Policy, Key), Arc<Mutex<Micros>>>,
}

impl Process {
    /// Room for `capacity` counts, which are at rest after `rest`.
    pub(super) fn new(ambient: Ambient, capacity: u64, rest: Duration) -> Self {
        let counts = Cache::builder()
            .max_capacity(capacity)
            .eviction_policy(EvictionPolicy::lru())
            .time_to_idle(rest)
            .build();
        Self { ambient, counts }
    }

    pub(super) fn decide(&self, quota: Quota, policy: Policy, key: Key) -> Decision {
        #[expect(
            clippy::unwrap_or_default,
            reason = "`or_default` of moka looks and then inserts: of two that come first at once, one would count for nothing"
        )]
        let count = self.counts.entry((policy, key)).or_insert_with(Arc::default).into_value();
        let mut tat = count.lock().unwrap_or_else(PoisonError::into_inner);
        // Asked under the lock, so that for each count time goes only forward.
        let decision = decide(quota.rate(), *tat, micros(&self.ambient));
        *tat = decision.tat;
        decision
    }
}

fn micros(ambient: &Ambient) -> Micros {
    u64::try_from(ambient.now().timestamp_micros()).unwrap_or(0)
}

#[cfg(test)]
mod tests;
