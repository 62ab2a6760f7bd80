//! The way to a client, for those who speak with it.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::time::Instant;

use super::Reason;
use super::flusher::Flusher;
use super::frame::Frame;
use super::outbox::Outbox;

/// The way to one client.
pub(crate) struct Link {
    id: Arc<str>,
    outbox: Arc<Outbox>,
    alarm: Mutex<Option<Instant>>,
}

/// Not the id.
impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Link").field("ended", &self.outbox.ended()).finish_non_exhaustive()
    }
}

impl Link {
    pub(super) fn new(id: Arc<str>, max_queue: usize, flusher: Arc<Flusher>) -> Self {
        Self { id, outbox: Arc::new(Outbox::new(max_queue, flusher)), alarm: Mutex::default() }
    }

    /// The session's id. Whoever knows it can speak in the client's name.
    pub(super) fn id(&self) -> &Arc<str> {
        &self.id
    }

    pub(super) fn outbox(&self) -> &Arc<Outbox> {
        &self.outbox
    }

    /// Sends these together, after all that was sent before.
    pub(crate) fn send(&self, frames: &[Frame]) {
        self.outbox.send(frames);
    }

    /// Ends the session once all has been sent. The first reason counts.
    pub(crate) fn end(&self, reason: Reason) {
        self.outbox.end(reason);
    }

    /// Has the handler woken at this time instead of another one.
    pub(crate) fn wake_at(&self, time: Option<Instant>) {
        let before = std::mem::replace(&mut *self.alarm.lock().unwrap_or_else(PoisonError::into_inner), time);
        if before != time {
            self.outbox.look_again();
        }
    }

    pub(super) fn alarm(&self) -> Option<Instant> {
        *self.alarm.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the handler is to be woken. It is once.
    pub(super) fn rings(&self, now: Instant) -> bool {
        self.alarm.lock().unwrap_or_else(PoisonError::into_inner).take_if(|time| *time <= now).is_some()
    }
}
