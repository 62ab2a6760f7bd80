//! How a release stands at the moment, for whoever looks at it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::cusum::Both;
use super::finding::Stream;
use super::rule::Rule;
use super::tally::PoolUse;
use super::words::percent;

/// How a release stands with all rules.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = GateEvidence)]
pub struct Evidence {
    /// Whose requests were judged.
    pub stream: Stream,
    /// Rule by rule, those that are on.
    pub rules: Vec<Standing>,
    /// The pool, where there is a rule about it and the application tells of it.
    pub pool: Option<PoolUse>,
}

/// How a release stands with one rule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = GateStanding)]
pub struct Standing {
    /// Which rule.
    pub rule: Rule,
    /// Its bound: a share, or a ratio to the incumbent's.
    pub allowed: f64,
    /// Why it says nothing at the moment.
    pub resting: Option<Resting>,
    /// The requests since the step began.
    pub step: Both,
    /// The decimal logarithm of the e-value against the release.
    pub log10_evidence: f64,
    /// Which part of the way to firing is gone, 0 to 1.
    pub to_firing: f64,
    /// The proof that the bound is kept, for rules that need one.
    pub proof: Option<Proving>,
}

impl Standing {
    /// The bound, as people read it: `2 %`, or `1.5 ×` the incumbent's.
    pub fn bound(&self) -> String {
        if self.rule.is_relative() { format!("{} ×", self.allowed) } else { percent(self.allowed) }
    }
}

/// Why a rule says nothing at the moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = GateResting)]
pub enum Resting {
    /// Nobody is sent to the incumbent any more.
    NoIncumbent,
    /// The incumbent has not had enough requests to know how quick it is.
    NoThreshold,
    /// The candidate has only begun to work.
    WarmUp,
    /// The application does not tell of it.
    NoSource,
}

/// How far the proof is that a bound is kept.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = GateProof)]
pub struct Proving {
    /// The decimal logarithm of the e-value for the release.
    pub log10_evidence: f64,
    /// Which part of the way is gone, 0 to 1.
    pub progress: f64,
    /// Whether it is done.
    pub is_proven: bool,
    /// How many more requests it takes if none of them is bad; none where nobody would wait for it.
    pub least_requests: Option<u64>,
    /// How many more requests it takes if they are as bad as those of this step; none where it would never come.
    pub about_requests: Option<u64>,
}

impl Evidence {
    /// Whether every rule that needs a proof has it.
    pub fn is_proven(&self) -> bool {
        self.rules.iter().filter_map(|standing| standing.proof).all(|proof| proof.is_proven)
    }

    /// The rules that are not proven yet.
    pub fn lacking(&self) -> impl Iterator<Item = (Rule, Proving)> {
        let proofs = self.rules.iter().filter_map(|standing| Some((standing.rule, standing.proof?)));
        proofs.filter(|(_, proof)| !proof.is_proven)
    }

    /// How many requests of the candidate were heard since the step began.
    pub fn requests(&self) -> u64 {
        self.rules.iter().map(|standing| standing.step.candidate.requests).max().unwrap_or_default()
    }
}

/// Which part of the way from nothing to a bound is gone.
pub(crate) fn progress(log: f64, bound: f64) -> f64 {
    (log / bound.ln()).clamp(0.0, 1.0)
}
