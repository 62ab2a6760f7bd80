//! What one second was like: how many requests each arm had, and how many of them were bad, by signal.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Which of the two releases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Arm {
    /// The one that was there.
    Incumbent,
    /// The one that is on trial.
    Candidate,
}

/// What may be bad about a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Signal {
    /// It failed: 5xx, no connection, time-out.
    Errors,
    /// It was answered with 401.
    Unauthorized,
    /// It took longer than [`Bounds::slow_after`](super::Bounds::slow_after).
    Slow,
    /// It took longer than [`Judge::threshold`](super::Judge::threshold), the incumbent's 95th percentile.
    Slower,
}

impl Signal {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Errors, Self::Unauthorized, Self::Slow, Self::Slower];

    pub(crate) const fn index(self) -> usize {
        match self {
            Self::Errors => 0,
            Self::Unauthorized => 1,
            Self::Slow => 2,
            Self::Slower => 3,
        }
    }
}

/// What was bad about a request: any of the signals, or none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Signals([bool; 4]);

impl Signals {
    /// Nothing was bad.
    pub const NONE: Self = Self([false; 4]);

    /// These and one more.
    pub const fn with(mut self, signal: Signal) -> Self {
        self.0[signal.index()] = true;
        self
    }

    /// These, and one more if it is so.
    pub const fn with_if(self, signal: Signal, is_so: bool) -> Self {
        if is_so { self.with(signal) } else { self }
    }

    /// Whether a signal is among them.
    pub const fn contains(self, signal: Signal) -> bool {
        self.0[signal.index()]
    }
}

/// How many requests were good and how many were bad. They are kept apart so that there are never more bad ones than
/// requests.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counts {
    /// How many were not bad.
    pub good: u32,
    /// How many were bad.
    pub bad: u32,
}

impl Counts {
    /// How many there were.
    pub fn requests(self) -> u64 {
        u64::from(self.good) + u64::from(self.bad)
    }

    pub(crate) fn is_empty(self) -> bool {
        self.good == 0 && self.bad == 0
    }
}

/// The requests of one arm in one second.
///
/// Each signal has a count of its own: who has just had a bad event of one kind is not heard about it for a while
/// ([`Thinning`](super::Thinning)), and about the others is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tally {
    errors: Counts,
    unauthorized: Counts,
    slow: Counts,
    slower: Counts,
}

impl Tally {
    /// Counts requests that were good or bad in one way.
    pub fn count(&mut self, signal: Signal, counts: Counts) {
        let counted = self.of_mut(signal);
        counted.good = counted.good.saturating_add(counts.good);
        counted.bad = counted.bad.saturating_add(counts.bad);
    }

    /// Counts one request, whoever made it. For probes, none of which repeats another; for others there is
    /// [`Thinning`](super::Thinning).
    pub fn count_request(&mut self, bad: Signals) {
        for signal in Signal::ALL {
            let is_bad = bad.contains(signal);
            self.count(signal, Counts { good: u32::from(!is_bad), bad: u32::from(is_bad) });
        }
    }

    /// Counts requests about which nothing was bad.
    pub fn count_good(&mut self, requests: u32) {
        for signal in Signal::ALL {
            self.count(signal, Counts { good: requests, bad: 0 });
        }
    }

    /// Adds what somebody else has counted in the same second.
    pub fn add(&mut self, other: &Self) {
        for signal in Signal::ALL {
            self.count(signal, other.of(signal));
        }
    }

    /// What was counted about one signal.
    pub fn of(&self, signal: Signal) -> Counts {
        match signal {
            Signal::Errors => self.errors,
            Signal::Unauthorized => self.unauthorized,
            Signal::Slow => self.slow,
            Signal::Slower => self.slower,
        }
    }

    fn of_mut(&mut self, signal: Signal) -> &mut Counts {
        match signal {
            Signal::Errors => &mut self.errors,
            Signal::Unauthorized => &mut self.unauthorized,
            Signal::Slow => &mut self.slow,
            Signal::Slower => &mut self.slower,
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        Signal::ALL.into_iter().all(|signal| self.of(signal).is_empty())
    }
}

/// The connections of the application's pool, at one look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = GatePool)]
pub struct PoolUse {
    /// How many were in use.
    pub used: u32,
    /// How many there may be.
    pub size: u32,
}

impl PoolUse {
    /// Which share was in use; none of a pool without connections.
    pub fn share(self) -> f64 {
        if self.size == 0 { 0.0 } else { f64::from(self.used) / f64::from(self.size) }
    }
}

/// All that a judge is shown of one second.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Second {
    /// The requests of the release on trial.
    pub candidate: Tally,
    /// The requests of the one that was there; none when nobody is sent there any more, and nothing is compared.
    pub incumbent: Option<Tally>,
    /// The candidate's pool, where the application tells of it.
    pub pool: Option<PoolUse>,
}
