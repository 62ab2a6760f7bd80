//! What became of the requests of an arm, counted until somebody asks.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use http::StatusCode;

/// What became of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The target has answered.
    Answered { status: StatusCode, after: Duration },
    /// It has not.
    Lost,
}

/// Counts since the last look.
#[derive(Debug, Default)]
pub(crate) struct Meter {
    requests: AtomicU32,
    errors: AtomicU32,
}

impl Meter {
    /// Counts a request.
    pub(crate) fn count(&self, outcome: Outcome) {
        self.requests.fetch_add(1, Ordering::Relaxed);
        let is_error = match outcome {
            Outcome::Answered { status, .. } => status.is_server_error(),
            Outcome::Lost => true,
        };
        if is_error {
            self.errors.fetch_add(1, Ordering::Relaxed);
        }
    }
}
