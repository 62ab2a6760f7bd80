//! Telling of refusals: the log, and whoever else wants to know, hear of each sender once in a while. Whoever sends a
//! thousand requests too many must not get a thousand lines for them.

use std::sync::atomic::{AtomicU64, Ordering};

use foundation::Ambient;
use foundation::config::Period;
use tokio::sync::broadcast;

use super::gcra::Verdict;
use super::process::Process;
use super::quota::Quota;
use super::{Key, Policy, Refused};

/// How often each policy tells of each sender.
const OF_EACH: Quota = Quota::new(1, Period::MINUTE, 1);

/// How often each policy tells of all senders together: somebody may be many.
const OF_ALL: Quota = Quota::new(60, Period::MINUTE, 60);

/// How many senders are kept in mind. Of more, some are told of again too soon, within the bound for all.
const CAPACITY: u64 = 10_000;

/// How many refusals are kept for a slow reader.
const WAITING: usize = 256;

pub(super) struct Refusals {
    told: Process,
    /// How many nobody was told of since the last that was told.
    untold: AtomicU64,
    readers: broadcast::Sender<Refused>,
}

impl Refusals {
    pub(super) fn new(ambient: Ambient) -> Self {
        let told = Process::new(ambient, CAPACITY, Period::MINUTE.as_duration());
        Self { told, untold: AtomicU64::new(0), readers: broadcast::Sender::new(WAITING) }
    }

    pub(super) fn subscribe(&self) -> broadcast::Receiver<Refused> {
        self.readers.subscribe()
    }

    pub(super) fn tell(&self, refused: Refused) {
        let policy = refused.allowance.policy;
        if !(self.may(OF_EACH, policy, refused.key) && self.may(OF_ALL, policy, Key::EVERYBODY)) {
            self.untold.fetch_add(1, Ordering::Relaxed);
            return;
        }
        tracing::info!(
            target: "security",
            policy = policy.name(),
            by = %refused.key,
            quota = %refused.allowance.quota,
            untold = self.untold.swap(0, Ordering::Relaxed),
            "too many requests: refused"
        );
        // Nobody needs to listen.
        let _ = self.readers.send(refused);
    }

    fn may(&self, quota: Quota, policy: Policy, key: Key) -> bool {
        matches!(self.told.decide(quota, policy, key).verdict, Verdict::Passes { .. })
    }
}
