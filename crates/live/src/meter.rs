//! What is counted.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::engine_io::Reason;

/// What has been counted since the start.
#[derive(Debug, Default)]
pub(crate) struct Meter {
    messages: AtomicU64,
    deliveries: AtomicU64,
    limits: AtomicU64,
    refusals: AtomicU64,
    dropped: AtomicU64,
    ends: [AtomicU64; Reason::ALL.len()],
}

/// A moment's counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// What clients said.
    pub messages: u64,
    /// What clients were given of what others said in rooms: once for each who was.
    pub deliveries: u64,
    /// How often somebody said more than is allowed.
    pub limits: u64,
    /// How often somebody was not let in.
    pub refusals: u64,
    /// Messages that waited for Redis for so long that other nodes do not get them any more. Their clients come to know.
    pub dropped: u64,
    /// Sessions that ended, by their reasons.
    pub ends: Vec<(Reason, u64)>,
}

impl Meter {
    pub(crate) fn said(&self) {
        self.messages.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn delivered(&self, count: usize) {
        self.deliveries.fetch_add(count as u64, Ordering::Relaxed);
    }

    pub(crate) fn limited(&self) {
        self.limits.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn refused(&self) {
        self.refusals.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn dropped(&self, count: usize) {
        self.dropped.fetch_add(count as u64, Ordering::Relaxed);
    }

    pub(crate) fn ended(&self, reason: Reason) {
        self.ends[reason as usize].fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn read(&self) -> Counts {
        let read = |count: &AtomicU64| count.load(Ordering::Relaxed);
        Counts {
            messages: read(&self.messages),
            deliveries: read(&self.deliveries),
            limits: read(&self.limits),
            refusals: read(&self.refusals),
            dropped: read(&self.dropped),
            ends: Reason::ALL.iter().map(|reason| (*reason, read(&self.ends[*reason as usize]))).collect(),
        }
    }
}
