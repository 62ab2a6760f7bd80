//! What became of a request, and what that says of whoever was asked. Pure.

use std::time::Duration;

use http::StatusCode;

use crate::judge::{Signal, Signals};

/// What became of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The target has answered, after so long.
    Answered(StatusCode, Duration),
    /// It has not.
    Lost,
}

/// From when on a request counts as slow, and as slower than the incumbent's; as the latter never, while nobody knows how
/// slow that is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Thresholds {
    pub(crate) slow: Duration,
    pub(crate) slower: Option<Duration>,
}

impl Outcome {
    /// What of it is bad.
    pub(crate) fn signals(self, thresholds: Thresholds) -> Signals {
        let Self::Answered(status, after) = self else {
            return Signals::NONE.with(Signal::Errors);
        };
        Signals::NONE
            .with_if(Signal::Errors, status.is_server_error())
            .with_if(Signal::Unauthorized, status == StatusCode::UNAUTHORIZED)
            .with_if(Signal::Slow, after > thresholds.slow)
            .with_if(Signal::Slower, thresholds.slower.is_some_and(|slower| after > slower))
    }
}
