//! A rule by itself: no more than a share of the candidate's requests may be bad.

use serde::{Deserialize, Serialize};

use super::alternatives::Stakes;
use super::bounds::Share;
use super::cusum::{Both, Cusum, EVIDENCE};
use super::proof::Proof;
use super::tally::{Counts, Second, Signal};

/// Watches one signal of the candidate, by an alarm and a proof.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(from = "Saved", into = "Saved")]
pub(crate) struct Absolute {
    saved: Saved,
    alarm: Stakes,
    trust: Stakes,
}

/// What of it is written down; the rest follows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Saved {
    signal: Signal,
    allowed: Share,
    cusum: Cusum,
    proof: Proof,
    /// Since the step began.
    step: Both,
}

impl From<Saved> for Absolute {
    fn from(saved: Saved) -> Self {
        let bound = saved.allowed.into();
        Self { alarm: Stakes::above(bound), trust: Stakes::below(bound), saved }
    }
}

impl From<Absolute> for Saved {
    fn from(absolute: Absolute) -> Self {
        absolute.saved
    }
}

impl Absolute {
    pub(crate) fn new(signal: Signal, allowed: Share) -> Self {
        let (cusum, proof, step) = Default::default();
        Saved { signal, allowed, cusum, proof, step }.into()
    }

    /// Takes a second in. One without requests of the candidate says nothing about it.
    pub(crate) fn take(&mut self, number: u64, second: &Second) {
        let candidate = second.candidate.of(self.saved.signal);
        let incumbent = second.incumbent.map_or(Counts::default(), |tally| tally.of(self.saved.signal));
        self.saved.step.add(candidate, incumbent);
        if candidate.is_empty() {
            return;
        }
        self.saved.proof.take(&self.trust.growth(candidate));
        if candidate.bad > 0 || self.saved.cusum.is_suspicious() {
            self.saved.cusum.take(number, &self.alarm.growth(candidate), candidate, incumbent);
        }
    }

    /// Another share of the visitors: what is to be proven must be proven anew. The alarm goes on.
    pub(crate) fn begin_step(&mut self) {
        (self.saved.proof, self.saved.step) = Default::default();
    }

    pub(crate) fn fires(&self) -> bool {
        self.cusum().reaches(EVIDENCE)
    }

    pub(crate) fn cusum(&self) -> &Cusum {
        &self.saved.cusum
    }

    pub(crate) fn proof(&self) -> &Proof {
        &self.saved.proof
    }

    pub(crate) fn step(&self) -> Both {
        self.saved.step
    }

    pub(crate) fn allowed(&self) -> Share {
        self.saved.allowed
    }

    /// How many more requests are needed for the proof if this share of them is bad.
    pub(crate) fn lacking(&self, share: f64) -> Option<u64> {
        self.saved.proof.lacking(&self.trust, share)
    }
}
