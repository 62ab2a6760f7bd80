//! The proof that a release keeps a bound: the mirrored test. Nothing is promoted because nothing was seen.
//!
//! The hypothesis to be rejected is that the bound is reached or exceeded, at a level of 5 %: whoever looks every second
//! for as long as they like is misled at most once in twenty times (Ville's inequality; Howard, Ramdas et al. 2021).

use serde::{Deserialize, Serialize};

use super::alternatives::{Logs, Stakes, greatest, log_mean};

/// How great the evidence must be: 1 / 0.05.
pub(crate) const PROOF: f64 = 20.0;

/// More than this is not kept, so that a release that was good for hours loses its proof soon after it turns bad. Giving
/// gains away does not make a test less strict.
const KEPT: f64 = 1e4;

/// More requests than anybody waits for.
const MANY: u32 = 10_000_000;

/// Bets that a release keeps its bound. They are not raised anew: what was lost must be won back.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Proof {
    logs: Logs,
}

impl Proof {
    pub(crate) fn take(&mut self, growth: &Logs) {
        for (log, growth) in self.logs.iter_mut().zip(growth) {
            *log = (*log + growth).min(KEPT.ln());
        }
    }

    /// The natural logarithm of the evidence.
    pub(crate) fn log(&self) -> f64 {
        log_mean(&self.logs)
    }

    pub(crate) fn is_enough(&self) -> bool {
        greatest(&self.logs) >= PROOF.ln() && self.log() >= PROOF.ln()
    }

    /// How many more requests are needed for the proof, if this share of them is bad. None when it would never come, or
    /// nobody would wait for it.
    pub(crate) fn lacking(&self, stakes: &Stakes, share: f64) -> Option<u64> {
        if self.is_enough() {
            return Some(0);
        }
        let drift = stakes.drift(share);
        let log_after = |requests: u32| {
            let after = |at: usize| self.logs[at] + drift[at] * f64::from(requests);
            log_mean(&std::array::from_fn(after))
        };
        // The logarithm of a sum of exponentials is convex: it may fall first, but once it is enough it stays so.
        let is_lacking = |requests: u32| log_after(requests) < PROOF.ln();
        if is_lacking(MANY) {
            return None;
        }
        let (mut least, mut most) = (0, MANY);
        while least < most {
            let middle = least + (most - least) / 2;
            if is_lacking(middle) {
                least = middle + 1;
            } else {
                most = middle;
            }
        }
        Some(least.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::Counts;

    fn after(stakes: &Stakes, good: u32, bad: u32) -> Proof {
        let mut proof = Proof::default();
        for _ in 0..good {
            proof.take(&stakes.growth(Counts { good: 1, bad: 0 }));
        }
        for _ in 0..bad {
            proof.take(&stakes.growth(Counts { good: 0, bad: 1 }));
        }
        proof
    }

    #[test]
    fn what_is_lacking_is_enough_and_not_too_much() {
        let stakes = Stakes::below(0.02);
        let lacking = Proof::default().lacking(&stakes, 0.0).unwrap();
        assert_eq!(lacking, 179);
        assert!(after(&stakes, 179, 0).is_enough());
        assert!(!after(&stakes, 178, 0).is_enough());
        assert_eq!(after(&stakes, 179, 0).lacking(&stakes, 0.0), Some(0));
    }

    #[test]
    fn a_release_at_its_bound_is_on_no_way_to_be_proven() {
        let stakes = Stakes::below(0.02);
        assert_eq!(Proof::default().lacking(&stakes, 0.02), None);
        assert_eq!(Proof::default().lacking(&stakes, 0.3), None);
        let at_half = Proof::default().lacking(&stakes, 0.01).unwrap();
        assert!(at_half > 1000, "{at_half}");
    }

    #[test]
    fn a_proof_of_hours_is_lost_soon_after() {
        let stakes = Stakes::below(0.02);
        let mut proof = after(&stakes, 100_000, 0);
        assert!(proof.is_enough());
        let until = (1..100).find(|_| {
            proof.take(&stakes.growth(Counts { good: 19, bad: 1 }));
            !proof.is_enough()
        });
        assert!(until.is_some_and(|bad| bad < 40), "{until:?}");
    }
}
