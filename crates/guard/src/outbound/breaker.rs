//! When a host is left alone, and when it is asked again: pure rules, with no clock of their own.
//!
//! A host that failed several times in a row is given a pause; asking on would cost us time and would not help it up
//! again. When the pause is over one request, the probe, finds out how things stand.

use std::time::{Duration, Instant};

/// So many failures in a row end the confidence.
const FAILURES: u32 = 5;
/// The first pause. Each probe that fails doubles it.
const FIRST: Duration = Duration::from_secs(30);
/// The longest one: soon after a host is back, somebody should notice.
const LONGEST: Duration = Duration::from_mins(5);

/// What is known about one host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Breaker {
    /// Requests pass.
    Closed {
        /// How many failed in a row.
        failures: u32,
    },
    /// None pass until then.
    Open { until: Instant, pause: Duration },
    /// The probe is on its way. If nothing is heard of it until then, because its caller went away, another one goes.
    Probing { until: Instant, pause: Duration },
}

impl Breaker {
    pub(super) const fn new() -> Self {
        Self::Closed { failures: 0 }
    }

    /// Lets a request pass, or says how long none will.
    pub(super) fn admit(&mut self, now: Instant) -> Result<(), Duration> {
        match *self {
            Self::Closed { .. } => Ok(()),
            Self::Open { until, .. } | Self::Probing { until, .. } if now < until => Err(until - now),
            Self::Open { pause, .. } | Self::Probing { pause, .. } => {
                *self = Self::Probing { until: now + pause, pause };
                Ok(())
            }
        }
    }

    /// The host answered, whatever it was asked and whenever. True when this is news.
    pub(super) fn succeeded(&mut self) -> bool {
        let news = !matches!(self, Self::Closed { .. });
        *self = Self::new();
        news
    }

    /// The host did not do its part. The pause, when one begins.
    pub(super) fn failed(&mut self, now: Instant) -> Option<Duration> {
        let pause = match *self {
            Self::Closed { failures } if failures + 1 < FAILURES => {
                *self = Self::Closed { failures: failures + 1 };
                return None;
            }
            Self::Closed { .. } => FIRST,
            Self::Probing { pause, .. } => (pause * 2).min(LONGEST),
            // Sent before the pause began.
            Self::Open { .. } => return None,
        };
        *self = Self::Open { until: now + pause, pause };
        Some(pause)
    }

    /// Whether requests pass as usual.
    pub(super) fn is_closed(&self) -> bool {
        matches!(self, Self::Closed { .. })
    }
}

#[cfg(test)]
mod tests;
