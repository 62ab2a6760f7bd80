//! Sends what has been put into outboxes, once for all that was put there meanwhile.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Notify;

use super::outbox::Outbox;

/// Outboxes with something to send.
#[derive(Debug, Default)]
pub(crate) struct Flusher {
    listed: Mutex<Vec<Arc<Outbox>>>,
    wake: Notify,
}

impl Flusher {
    /// Has an outbox flushed soon.
    pub(super) fn list(&self, outbox: Arc<Outbox>) {
        let mut listed = self.listed.lock().unwrap_or_else(PoisonError::into_inner);
        let is_first = listed.is_empty();
        listed.push(outbox);
        drop(listed);
        if is_first {
            self.wake.notify_one();
        }
    }

    /// Flushes, for ever. Whoever else is ready to run goes first: they may have more to send to the same clients.
    pub(crate) async fn run(&self) {
        let mut taken = Vec::new();
        loop {
            self.wake.notified().await;
            tokio::task::yield_now().await;
            std::mem::swap(&mut taken, &mut *self.listed.lock().unwrap_or_else(PoisonError::into_inner));
            for outbox in taken.drain(..) {
                outbox.flush();
            }
        }
    }
}
