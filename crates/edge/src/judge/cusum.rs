//! The alarm: bets that are raised anew whenever they have lost, so that a release that fails after hours is found as
//! quickly as one that fails at once.
//!
//! This is an e-detector of the CUSUM kind (Shin, Ramdas and Rinaldo, "E-detectors: a nonparametric framework for
//! sequential change detection", 2024): while the bounds are kept, the time until it fires is 10,000 seconds or more on
//! average at the worst, at the bound itself, and beyond all bounds below it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::alternatives::{Logs, greatest, log_mean};
use super::tally::Counts;

/// How great the evidence must be that a release breaks a rule by itself: 10,000 to 1.
pub const EVIDENCE: f64 = 1e4;

/// How great it must be that it breaks a rule beside the incumbent: 50,000 to 1. Arms that are alike are much nearer to
/// these rules' bounds than a usual release is to the others'. With 10,000 to 1, one healthy canary in 1,200 was taken
/// back within ten minutes at 50 requests a second; so, one in 4,000, and ten times the incumbent's errors are found five
/// seconds later.
pub const EVIDENCE_BESIDE: f64 = 5e4;

/// The requests of one arm over some time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = GateFigures)]
pub struct Figures {
    /// How many were heard.
    pub requests: u64,
    /// Of them, how many were bad.
    pub bad: u64,
}

impl Figures {
    pub(crate) fn add(&mut self, counts: Counts) {
        self.requests += counts.requests();
        self.bad += u64::from(counts.bad);
    }
}

/// The requests of both arms over some time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = GateBoth)]
pub struct Both {
    /// Of the release on trial.
    pub candidate: Figures,
    /// Of the one that was there.
    pub incumbent: Figures,
}

impl Both {
    pub(crate) fn add(&mut self, candidate: Counts, incumbent: Counts) {
        self.candidate.add(candidate);
        self.incumbent.add(incumbent);
    }
}

/// Bets that never fall behind where they began, and what has happened since they began to grow.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Cusum {
    logs: Logs,
    /// The second before the bets began to grow.
    since: u64,
    lately: Both,
}

impl Cusum {
    /// Whether a bet has grown. Without, a second in which nothing was bad changes nothing: all begin anew behind it.
    pub(crate) fn is_suspicious(&self) -> bool {
        greatest(&self.logs) > 0.0
    }

    /// Takes in what a second, by its number, has brought.
    pub(crate) fn take(&mut self, second: u64, growth: &Logs, candidate: Counts, incumbent: Counts) {
        if !self.is_suspicious() {
            (self.since, self.lately) = (second.saturating_sub(1), Both::default());
        }
        self.lately.add(candidate, incumbent);
        for (log, growth) in self.logs.iter_mut().zip(growth) {
            *log = log.max(0.0) + growth;
        }
    }

    /// The natural logarithm of the evidence.
    pub(crate) fn log(&self) -> f64 {
        log_mean(&self.logs)
    }

    /// Whether the evidence is great enough.
    pub(crate) fn reaches(&self, evidence: f64) -> bool {
        let enough = evidence.ln();
        // The mean is not greater than the greatest, and needs no exponentials most of the time.
        greatest(&self.logs) >= enough && self.log() >= enough
    }

    /// In how many seconds, and from which requests, the evidence has come together.
    pub(crate) fn lately(&self, second: u64) -> (u64, Both) {
        (second.saturating_sub(self.since), self.lately)
    }
}
