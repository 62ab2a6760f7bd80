//! How seldom a release that is no better than its bound is taken for proven, and how soon a good one is.
//!
//! Until all three rules are proven, behind a canary of 10 % with 1 % of slow and 1 % of unauthorized requests; medians
//! and 95th percentiles of 1,000 runs, in seconds:
//!
//! | errors | at 5/s | at 50/s | at 500/s |
//! |---|---|---|---|
//! | none | 397 / 740 | 40 / 76 | 5 / 8 |
//! | 0.1 % | 434 / 846 | 44 / 86 | 5 / 9 |
//! | 0.5 % | 726 / 2010 | 70 / 193 | 8 / 21 |
//! | 1 % | 2144 / 7318 | 228 / 706 | 24 / 76 |

use edge::judge::{Counts, Second, Signal, Tally};

use super::chance::{Chance, Poisson};
use super::traffic::{Scene, Traffic, judge, proven, quantile};

/// Whether a release that fails exactly as often as it may is proven at any second of an hour.
fn is_misjudged(good: &Poisson, bad: &Poisson, seed: u64) -> bool {
    let (mut chance, mut judge) = (Chance::new(seed), judge());
    (0..3600).any(|_| {
        let errors = Counts { good: good.draw(&mut chance), bad: bad.draw(&mut chance) };
        if errors == Counts::default() {
            return false;
        }
        let mut candidate = Tally::default();
        candidate.count_good(50);
        candidate = with_errors(candidate, errors);
        judge.look(&Second { candidate, ..Second::default() });
        judge.is_proven()
    })
}

/// The same second with other errors: the other signals prove themselves at once.
fn with_errors(second: Tally, errors: Counts) -> Tally {
    let mut tally = Tally::default();
    for signal in Signal::ALL {
        let counts = if signal == Signal::Errors { errors } else { second.of(signal) };
        tally.count(signal, counts);
    }
    tally
}

/// By this rule alone: of 10,000 hours at 5 and at 50 requests a second, 4.3 % and 4.7 %. With all rules, of 4,000 hours,
/// 3.6 % and 4.1 %.
#[test]
fn a_release_at_its_bound_is_proven_in_no_more_than_one_hour_of_twenty() {
    const HOURS: u64 = 800;
    let (good, bad) = (Poisson::of(0.5 * 0.98), Poisson::of(0.5 * 0.02));
    let misjudged = (0..HOURS).filter(|seed| is_misjudged(&good, &bad, *seed)).count();
    // That it is at most 5 % is a theorem, and nearly reached: what is tested is that nothing contradicts it. With 55, one
    // such test in a hundred would fail by chance; with 20, the proof would be so strict that nobody ever gets it.
    assert!((20..=55).contains(&misjudged), "{misjudged} of {HOURS}");
}

#[test]
fn a_good_release_is_proven_within_minutes() {
    for (rate, median, p95) in [(5.0, 450, 900), (50.0, 50, 100), (500.0, 6, 11)] {
        let traffic = Traffic::of(&Scene::healthy(rate, 0.001));
        let times: Vec<_> = (0..100).map(|seed| proven(&traffic, seed, 5000)).collect();
        let (found_median, found_p95) = (quantile(&times, 0.5), quantile(&times, 0.95));
        assert!(found_median <= median && found_p95 <= p95, "at {rate}/s: {found_median} s, {found_p95} s");
    }
}
