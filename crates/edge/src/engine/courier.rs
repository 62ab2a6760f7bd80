//! Has the hooks of a service told what was decided, one decision after the other, while the engine goes on.

use std::sync::Arc;

use foundation::Ambient;
use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;

use super::record::{Happened, Record};
use super::{Engine, Watched};
use crate::config::HooksConfig;
use crate::hooks::Hooks;

/// How many decisions may wait until hooks have been told those before.
const MOST_UNTOLD: usize = 100;

/// The way to a courier and back.
#[derive(Debug)]
pub(super) struct Courier {
    next: watch::Sender<Option<Arc<Record>>>,
    returned: mpsc::Receiver<Returned>,
}

/// What a courier brings back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Returned {
    /// The number of the record.
    number: u64,
    /// Whether all hooks have taken it.
    is_told: bool,
}

impl Courier {
    /// Waits for something to tell, until `stop`. None where nobody is to be told.
    pub(super) fn engage(config: &HooksConfig, ambient: &Ambient, stop: &CancellationToken) -> Option<Self> {
        let hooks = Hooks::of(config, ambient)?;
        let (next, given) = watch::channel(None);
        let (brought, returned) = mpsc::channel(1);
        tokio::spawn(stop.clone().run_until_cancelled_owned(run(hooks, given, brought)));
        Some(Self { next, returned })
    }

    /// What is to be told now; each record is told once, however often it is given.
    fn give(&self, record: Option<&Record>) {
        let number = |record: &Record| record.number;
        self.next.send_if_modified(|next| {
            let is_other = next.as_deref().map(number) != record.map(number);
            if is_other {
                *next = record.cloned().map(Arc::new);
            }
            is_other
        });
    }

    /// What it has brought back since the last look.
    fn returned(&mut self) -> Option<Returned> {
        self.returned.try_recv().ok()
    }
}

impl Engine {
    /// Lets a decision wait until the hooks have been told those before.
    pub(super) fn tell_hooks(&mut self, record: &Record) {
        let has_hooks = self.watched.get(&record.service).is_some_and(|watched| watched.courier.is_some());
        let is_for_hooks = has_hooks && matches!(record.happened, Happened::Decided(_));
        let Some(state) = self.state.services.get_mut(&record.service).filter(|_| is_for_hooks) else {
            return;
        };
        if state.untold.len() < MOST_UNTOLD {
            state.untold.push_back(record.clone());
            return;
        }
        tracing::warn!(service = record.service, record = record.number, "too many decisions wait for hooks");
        self.record(&record.service, Happened::Untold { record: record.number });
    }

    /// Whether hooks have been told something, or could not be.
    pub(super) fn hear_courier(&mut self, name: &str) -> bool {
        let courier = self.watched.get_mut(name).and_then(|watched| watched.courier.as_mut());
        let Some(Returned { number, is_told }) = courier.and_then(Courier::returned) else { return false };
        if let Some(state) = self.state.services.get_mut(name) {
            state.untold.pop_front_if(|record| record.number == number);
        }
        if !is_told {
            self.record(name, Happened::Untold { record: number });
        }
        true
    }

    /// Gives each courier what is to be told next. It comes after the attempt to write it down: what could not be kept has
    /// happened all the same.
    pub(super) fn send_couriers(&self) {
        for (name, Watched { courier, .. }) in &self.watched {
            let next = self.state.services.get(name).and_then(|state| state.untold.front());
            if let Some(courier) = courier {
                courier.give(next);
            }
        }
    }
}

async fn run(hooks: Hooks, mut given: watch::Receiver<Option<Arc<Record>>>, brought: mpsc::Sender<Returned>) {
    while given.changed().await.is_ok() {
        let Some(record) = given.borrow_and_update().clone() else { continue };
        let is_told = hooks.tell(&record).await;
        let _ = brought.send(Returned { number: record.number, is_told }).await;
    }
}
