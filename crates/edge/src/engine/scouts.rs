//! What the gate asks on its own behalf while a release is on trial: how full the pool of its database connections is, and,
//! when too few visitors come, requests of our own to both slots.

mod metrics;
mod probes;

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::judge::{Latencies, PoolUse, Tally};
use crate::rollout::Slot;
use crate::service::{Service, Thresholds};

/// What is to be found out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Wanted {
    /// The slot on trial, if there is one.
    pub(super) candidate: Option<Slot>,
    /// Whether requests of our own are needed.
    pub(super) probes: bool,
    /// From when on they count as slow, and as slower than the incumbent's.
    pub(super) thresholds: Thresholds,
}

/// What was found out since the last look.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) pool: Option<PoolUse>,
    /// Blue's and green's.
    pub(super) probes: [Probed; 2],
}

/// What became of our own requests to one slot.
#[derive(Debug, Default)]
pub(super) struct Probed {
    pub(super) tally: Tally,
    pub(super) latencies: Latencies,
}

/// The scouts of one service.
#[derive(Debug)]
pub(super) struct Scouts {
    wanted: watch::Sender<Wanted>,
    found: Arc<Mutex<Found>>,
}

impl Scouts {
    /// Sends them out; they do nothing until something is wanted, and come back at `stop`.
    pub(super) fn send(service: &Arc<Service>, stop: &CancellationToken) -> Self {
        let (wanted, receiver) = watch::channel(Wanted::default());
        let found = Arc::new(Mutex::new(Found::default()));
        let probing = probes::probe(Arc::clone(service), receiver.clone(), Arc::clone(&found));
        tokio::spawn(stop.clone().run_until_cancelled_owned(probing));
        if let Some(path) = service.config.rollout.metrics.clone() {
            let looking = metrics::look(Arc::clone(service), path, receiver, Arc::clone(&found));
            tokio::spawn(stop.clone().run_until_cancelled_owned(looking));
        }
        Self { wanted, found }
    }

    pub(super) fn want(&self, wanted: Wanted) {
        self.wanted.send_if_modified(|before| std::mem::replace(before, wanted) != wanted);
    }

    pub(super) fn take(&self) -> Found {
        std::mem::take(&mut *self.found.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Waits until something is wanted.
async fn until(wanted: &mut watch::Receiver<Wanted>, is_it: impl Fn(&Wanted) -> bool) -> Option<Wanted> {
    wanted.wait_for(is_it).await.ok().map(|wanted| *wanted)
}

fn with_found(found: &Mutex<Found>, change: impl FnOnce(&mut Found)) {
    change(&mut found.lock().unwrap_or_else(PoisonError::into_inner));
}
