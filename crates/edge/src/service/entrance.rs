//! Whether requests are let in.

use std::time::Duration;

use foundation::{Code, Problem, Timestamp};
use guard::Closure;

/// When a client should ask again if nobody said how long it takes.
const USUAL_WAIT: Duration = Duration::from_mins(1);
/// The longest that a client is told to wait.
const LONGEST_WAIT: Duration = Duration::from_hours(24);

/// Whether requests are let in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) enum Entrance {
    /// They are.
    #[default]
    Open,
    /// They wait at the gate, for a little while.
    Paused,
    /// They are sent away, but for testers'.
    Closed(Closure),
}

/// What programs are told during maintenance.
pub(crate) fn closed(closure: &Closure, now: Timestamp) -> Problem {
    let wait = closure.until.and_then(|until| (until - now).to_std().ok()).unwrap_or(USUAL_WAIT);
    let words = "The site is being worked on. Please try again later.";
    Problem::new(Code::Maintenance, words).retry_after(wait.min(LONGEST_WAIT))
}

/// What is said to who has waited at the gate in vain.
pub(crate) fn still_paused() -> Problem {
    let words =
        "The site is busy with a change that takes longer than expected. Please try again in a moment.";
    Problem::new(Code::Unavailable, words).retry_after(Duration::from_secs(5))
}
