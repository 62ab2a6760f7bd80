//! Connections to a target that wait for the next request.

use std::sync::{Mutex, MutexGuard};
use std::time::{Duration, Instant};

use super::connection::Connection;

/// Node closes an unused connection after five seconds, others later: whoever is earlier than the target never sends a
/// request into a connection that is being closed.
const KEPT: Duration = Duration::from_secs(4);
/// How many wait at the most.
const LARGEST: usize = 512;

/// The newest is taken first, so that the others grow old and are closed.
#[derive(Debug, Default)]
pub(crate) struct Pool(Mutex<Vec<(Connection, Instant)>>);

impl Pool {
    /// One that its target has not closed, as far as we know.
    pub(crate) fn take(&self) -> Option<Connection> {
        loop {
            let (mut connection, since) = self.waiting().pop()?;
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
        let mut waiting = self.waiting();
        if waiting.len() < LARGEST {
            waiting.push((connection, Instant::now()));
        }
    }

    /// Closes those that have waited too long. They are dropped after the lock.
    pub(crate) fn tidy(&self) {
        let mut waiting = self.waiting();
        let old = waiting.partition_point(|(_, since)| since.elapsed() >= KEPT);
        let old: Vec<_> = waiting.drain(..old).collect();
        drop(waiting);
        drop(old);
    }

    fn waiting(&self) -> MutexGuard<'_, Vec<(Connection, Instant)>> {
        self.0.lock().expect("nobody panics with it")
    }
}
