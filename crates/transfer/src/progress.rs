//! What a long work tells of itself, to whoever watches.

use std::fmt;
use std::sync::Arc;

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// How much there is to do, as far as is known.
    Expected {
        /// Rows.
        rows: u64,
    },
    /// Rows went by.
    Moved {
        /// How many.
        rows: u64,
        /// Of how many bytes.
        bytes: u64,
    },
    /// Something begins that takes its time.
    Began(String),
    /// It is done.
    Ended(String),
}

/// Whoever watches. Told from several threads.
#[derive(Clone)]
pub struct Progress(Arc<dyn Fn(Event) + Send + Sync>);

impl Progress {
    /// Tells this.
    pub fn to(watcher: impl Fn(Event) + Send + Sync + 'static) -> Self {
        Self(Arc::new(watcher))
    }

    /// Tells nobody.
    pub fn to_nobody() -> Self {
        Self::to(|_| ())
    }

    pub(crate) fn tell(&self, event: Event) {
        (self.0)(event);
    }

    pub(crate) fn moved(&self, rows: u64, bytes: u64) {
        self.tell(Event::Moved { rows, bytes });
    }
}

impl fmt::Debug for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Progress")
    }
}
