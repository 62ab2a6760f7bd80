//! A rule beside the incumbent: the candidate's requests may be bad at most so many times as often as the incumbent's.
//!
//! Given that a bad event happened, it is the candidate's with a probability of at most r·o / (1 + r·o), where o are the
//! odds of the candidate's requests to the incumbent's and r is the ratio that is allowed (Lindon, Ham, Tingley and
//! Bojinov, "Rapid regression detection in software deployments through sequential testing", 2022). So no guess is
//! needed of how often things go wrong: only of who is concerned when they do.
//!
//! The odds are those of the second in which the event ended. A window of several seconds would smooth them, and be
//! wrong wherever shares change: after a change of weight, while a minute's failures fall into a second of few
//! visitors, when one arm stands still. Within a second both arms lived in the same world. What it costs: a second in
//! which only one arm had requests says nothing, because its bad events could only be that arm's. It takes no special
//! case: both probabilities are then the same, and the ratio is 1. Nor are there infinities, as nothing is divided by
//! the number of one arm's requests alone. Small counts do no harm: to draw bad requests among the few of a second is to
//! draw without putting back, which scatters less than the bets suppose.

use serde::{Deserialize, Serialize};

use super::alternatives::Logs;
use super::bounds::Ratio;
use super::cusum::{Both, Cusum, EVIDENCE_BESIDE};
use super::tally::{Counts, Second, Signal};

/// How many times as often as allowed the bets suppose.
const GUESSES: Logs = [1.5, 2.0, 4.0, 8.0, 20.0, 100.0];

/// Watches one signal of both arms, by an alarm.
///
/// It needs no proof. That a release keeps its own bound is proven; that it is no worse than another one could be proven
/// only by many bad events, and of two releases without any it never could.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Relative {
    signal: Signal,
    allowed: Ratio,
    cusum: Cusum,
    /// Since the step began.
    step: Both,
}

impl Relative {
    pub(crate) fn new(signal: Signal, allowed: Ratio) -> Self {
        Self { signal, allowed, cusum: Cusum::default(), step: Both::default() }
    }

    /// Takes in a second in which people were sent to both arms.
    pub(crate) fn take(&mut self, number: u64, second: &Second) {
        let Some(incumbent) = second.incumbent else { return };
        let (candidate, incumbent) = (second.candidate.of(self.signal), incumbent.of(self.signal));
        self.step.add(candidate, incumbent);
        if candidate.is_empty() || incumbent.is_empty() {
            return;
        }
        let is_bad = candidate.bad > 0 || incumbent.bad > 0;
        if is_bad || self.cusum.is_suspicious() {
            self.cusum.take(number, &self.growth(candidate, incumbent), candidate, incumbent);
        }
    }

    fn growth(&self, candidate: Counts, incumbent: Counts) -> Logs {
        let (of_candidate, of_all) =
            (f64::from(candidate.bad), f64::from(candidate.bad) + f64::from(incumbent.bad));
        if of_all == 0.0 {
            return Logs::default();
        }
        let requests = |counts: Counts| f64::from(counts.good) + f64::from(counts.bad);
        let (candidate, incumbent) = (requests(candidate), requests(incumbent));
        let allowed = f64::from(self.allowed);
        let least = (allowed * candidate + incumbent).ln();
        let mut growth = Logs::default();
        for (growth, guess) in growth.iter_mut().zip(GUESSES) {
            let supposed = guess * allowed * candidate + incumbent;
            *growth = of_candidate * guess.ln() - of_all * (supposed.ln() - least);
        }
        growth
    }

    pub(crate) fn begin_step(&mut self) {
        self.step = Both::default();
    }

    pub(crate) fn fires(&self) -> bool {
        self.cusum().reaches(EVIDENCE_BESIDE)
    }

    pub(crate) fn cusum(&self) -> &Cusum {
        &self.cusum
    }

    pub(crate) fn step(&self) -> Both {
        self.step
    }

    pub(crate) fn allowed(&self) -> Ratio {
        self.allowed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule() -> Relative {
        Relative::new(Signal::Errors, Ratio::try_from(1.5).unwrap())
    }

    fn close(left: f64, right: f64) -> bool {
        (left - right).abs() < 1e-12
    }

    #[test]
    fn it_is_the_ratio_of_the_two_probabilities() {
        let (candidate, incumbent) = (Counts { good: 8, bad: 2 }, Counts { good: 87, bad: 3 });
        let growth = rule().growth(candidate, incumbent);
        for (guess, growth) in GUESSES.into_iter().zip(growth) {
            let share = |ratio: f64| ratio / 9.0 / (1.0 + ratio / 9.0);
            let (supposed, allowed) = (share(1.5 * guess), share(1.5));
            let expected = 2.0 * (supposed / allowed).ln() + 3.0 * ((1.0 - supposed) / (1.0 - allowed)).ln();
            assert!(close(growth, expected), "{growth} {expected}");
        }
    }

    #[test]
    fn one_arm_alone_says_nothing() {
        let bad = Counts { good: 0, bad: 1000 };
        for (candidate, incumbent) in [(bad, Counts::default()), (Counts::default(), bad)] {
            assert!(rule().growth(candidate, incumbent).iter().all(|growth| close(*growth, 0.0)));
        }
        assert!(rule().growth(Counts::default(), Counts::default()).iter().all(|growth| close(*growth, 0.0)));
    }

    /// With everything bad in both arms the odds are those of the requests, and no bet grows.
    #[test]
    fn what_concerns_both_accuses_neither() {
        let growth = rule().growth(Counts { good: 0, bad: 50 }, Counts { good: 0, bad: 450 });
        assert!(growth.iter().all(|growth| *growth < 0.0), "{growth:?}");
    }
}
