//! Connections to a target that wait for the next request.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard};
use std::time::{Duration, Instant};

use tokio::runtime::{self, Handle};

use super::connection::Connection;

/// Node closes an unused connection after five seconds, others later: whoever is earlier than the target never sends a
/// request into a connection that is being closed.
const KEPT: Duration = Duration::from_secs(4);
/// How many wait at the most, in each runtime.
const LARGEST: usize = 512;

/// Each runtime has its own; the newest is taken first, so that the others grow old and are closed.
#[derive(Debug, Default)]
pub(crate) struct Pool(Mutex<HashMap<runtime::Id, Vec<Idle>>>);

type Idle = (Connection, Instant);

impl Pool {
    /// One of this runtime that its target has not closed, as far as we know.
    pub(crate) fn take(&self) -> Option<Connection> {
        let here = Handle::current().id();
        loop {
            let (mut connection, since) = self.waiting().get_mut(&here)?.pop()?;
            if since.elapsed() < KEPT && connection.is_ready() {
                return Some(connection);
            }
        }
    }

    /// Keeps it, if it can be used again.
    pub(crate) fn put(&self, mut connection: Connection) {
        if !connection.is_ready() {
            return;
        }
        let mut all = self.waiting();
        let waiting = all.entry(connection.runtime()).or_default();
        if waiting.len() < LARGEST {
            waiting.push((connection, Instant::now()));
        }
    }

    /// Closes those that have waited too long. They are dropped after the lock.
    pub(crate) fn tidy(&self) {
        let mut all = self.waiting();
        let old: Vec<Idle> = all.values_mut().flat_map(take_old).collect();
        all.retain(|_, waiting| !waiting.is_empty());
        drop(all);
        drop(old);
    }

    fn waiting(&self) -> MutexGuard<'_, HashMap<runtime::Id, Vec<Idle>>> {
        self.0.lock().expect("nobody panics with it")
    }
}

/// The oldest stand first.
fn take_old(waiting: &mut Vec<Idle>) -> impl Iterator<Item = Idle> + '_ {
    let old = waiting.partition_point(|(_, since)| since.elapsed() >= KEPT);
    waiting.drain(..old)
}
