//! Whether a release does worse than it may: sequential tests, looked at each second. Pure: no clock, no chance, nothing
//! that goes in or out.
//!
//! A [`Judge`] is shown each [`Second`]: how many requests each arm had, and how many were bad. Who repeats a bad event is
//! not heard ([`Thinning`]). It answers with a [`Finding`] as soon as the evidence that a [`Rule`] is broken reaches
//! 10,000 to 1 ([`EVIDENCE`]; 50,000 where it compares, [`EVIDENCE_BESIDE`]), however often it was asked before, and says by its [`Evidence`] whether the release is proven to keep its
//! bounds. The tests are valid whenever one looks, so there is no schedule, no least sample and no waiting.

mod absolute;
mod alternatives;
mod bounds;
mod cusum;
mod evidence;
mod finding;
mod latencies;
mod pool;
mod proof;
mod relative;
mod rule;
mod standings;
mod tally;
mod thinning;
pub(crate) mod words;

use std::time::Duration;

use serde::{Deserialize, Serialize};

pub use self::bounds::{Bounds, OutOfRange, Ratio, Share};
pub use self::cusum::{Both, EVIDENCE, EVIDENCE_BESIDE, Figures};
pub use self::evidence::{Evidence, Proving, Resting, Standing};
pub use self::finding::{Finding, Grounds, Stream};
pub use self::latencies::Latencies;
pub use self::rule::Rule;
pub use self::tally::{Arm, Counts, PoolUse, Second, Signal, Signals, Tally};
pub use self::thinning::{QUIET_SECONDS, Thinning};

use self::absolute::Absolute;
use self::pool::Pool;
use self::relative::Relative;

/// How many requests of the incumbent tell how quick it is.
pub const BASELINE_REQUESTS: u64 = 200;

/// Judges a release by one stream of requests. All that it knows is written down with it, so that it goes on after a
/// crash as if nothing had been.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Judge {
    stream: Stream,
    /// What it has been shown, in seconds.
    second: u64,
    /// Seconds since the candidate's first request.
    warm: u32,
    warm_up: u32,
    /// Whether people are still sent to the incumbent, too.
    is_compared: bool,
    threshold: Option<Duration>,
    slow_after: Duration,
    slower_least: Duration,
    errors: Absolute,
    unauthorized: Option<Absolute>,
    slow: Option<Absolute>,
    more_errors: Option<Relative>,
    slower: Option<Relative>,
    pool: Option<Pool>,
}

impl Judge {
    /// Begins, with no evidence. Whatever happens to the configuration, a release is judged by the bounds it began with.
    pub fn new(stream: Stream, bounds: &Bounds) -> Self {
        let absolute = |signal| move |allowed| Absolute::new(signal, allowed);
        let relative = |signal| move |allowed| Relative::new(signal, allowed);
        Self {
            stream,
            second: 0,
            warm: 0,
            warm_up: bounds.warm_up,
            is_compared: true,
            threshold: None,
            slow_after: bounds.slow_after(),
            slower_least: bounds.slower_least(),
            errors: Absolute::new(Signal::Errors, bounds.errors),
            unauthorized: bounds.unauthorized.map(absolute(Signal::Unauthorized)),
            slow: bounds.slow.map(absolute(Signal::Slow)),
            more_errors: bounds.more_errors.map(relative(Signal::Errors)),
            slower: bounds.slower.map(relative(Signal::Slower)),
            pool: bounds.pool.map(Pool::new),
        }
    }

    /// From when on a request is [`Signal::Slow`].
    pub fn slow_after(&self) -> Duration {
        self.slow_after
    }

    /// From when on a request is [`Signal::Slower`]: the incumbent's 95th percentile, once it is known. Until then no
    /// request is.
    pub fn threshold(&self) -> Option<Duration> {
        self.threshold
    }

    /// Takes the incumbent's 95th percentile from its latencies, if there are enough, and keeps it for good: a threshold
    /// that follows the incumbent would follow a database that the candidate slows down.
    pub fn freeze_threshold(&mut self, incumbent: &Latencies) {
        if self.threshold.is_some() || incumbent.requests() < BASELINE_REQUESTS {
            return;
        }
        self.threshold = incumbent.p95().map(|p95| p95.max(self.slower_least));
    }

    /// Takes a second in, and says what is wrong by now: of several findings the strongest.
    pub fn look(&mut self, second: &Second) -> Option<Finding> {
        self.take(second);
        if !self.is_anything_wrong() {
            return None;
        }
        self.findings().max_by(|left, right| left.strength().total_cmp(&right.strength()))
    }

    /// Whether every rule that needs a proof has it.
    pub fn is_proven(&self) -> bool {
        self.absolutes().all(|(_, rule)| rule.proof().is_enough())
    }

    /// Another share of the visitors is sent to the candidate: what is to be proven must be proven anew. What speaks
    /// against it is not forgotten.
    pub fn begin_step(&mut self) {
        self.absolutes_mut().for_each(Absolute::begin_step);
        self.more_errors.iter_mut().chain(&mut self.slower).for_each(Relative::begin_step);
    }

    fn take(&mut self, second: &Second) {
        self.second += 1;
        self.is_compared = second.incumbent.is_some();
        if self.warm > 0 || !second.candidate.is_empty() {
            self.warm = self.warm.saturating_add(1);
        }
        let number = self.second;
        self.errors.take(number, second);
        self.unauthorized.iter_mut().for_each(|rule| rule.take(number, second));
        self.more_errors.iter_mut().for_each(|rule| rule.take(number, second));
        self.pool.iter_mut().for_each(|rule| rule.take(second.pool));
        if self.is_warming_up() {
            return;
        }
        self.slow.iter_mut().for_each(|rule| rule.take(number, second));
        if self.threshold.is_some() {
            self.slower.iter_mut().for_each(|rule| rule.take(number, second));
        }
    }

    /// The same as whether there are findings, and quickly said, as there are none most of the time.
    fn is_anything_wrong(&self) -> bool {
        let absolute = |rule: &Option<Absolute>| rule.as_ref().is_some_and(Absolute::fires);
        let relative = |rule: &Option<Relative>| rule.as_ref().is_some_and(Relative::fires);
        let by_itself = self.errors.fires() || absolute(&self.unauthorized) || absolute(&self.slow);
        let beside = self.is_compared && (relative(&self.more_errors) || relative(&self.slower));
        by_itself || beside || self.pool.as_ref().is_some_and(|pool| pool.fires().is_some())
    }

    fn is_warming_up(&self) -> bool {
        self.warm <= self.warm_up
    }

    fn absolutes_mut(&mut self) -> impl Iterator<Item = &mut Absolute> {
        std::iter::once(&mut self.errors).chain(&mut self.unauthorized).chain(&mut self.slow)
    }
}
