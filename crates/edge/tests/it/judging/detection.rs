//! How soon a release that does worse than it may is found, behind a canary of 10 %: medians and 95th percentiles in
//! seconds, of 4,000 runs each (the tests make 1,000). The incumbent fails once in a thousand requests.
//!
//! | candidate | at 5/s | at 50/s | at 500/s |
//! |---|---|---|---|
//! | 20 % errors | 59 / 144 | 7 / 13 | 1 / 2 |
//! | dead | 6 / 13 | 1 / 2 | 1 / 1 |
//! | 30 % slow | | 6 / 12 | 1 / 2 |
//! | 30 % answered with 401 | | 7 / 14 | 1 / 2 |
//! | 1 % errors | | | 29 / 57 |
//! | 10 % slower than the incumbent's 95th percentile | | | 30 / 53 |

use edge::judge::Rule;

use super::traffic::{Scene, Shares, Traffic, found, quantile};

const RUNS: u64 = 1000;
const INCUMBENT: f64 = 0.001;

/// The median and the 95th percentile, in seconds.
fn times(rate: f64, candidate: Shares) -> (u64, u64) {
    let traffic = Traffic::of(&Scene::healthy(rate, INCUMBENT).with(candidate));
    let times: Vec<_> = (0..RUNS).map(|seed| Some(found(&traffic, seed, 600)?.0)).collect();
    (quantile(&times, 0.5), quantile(&times, 0.95))
}

fn are_within(found: (u64, u64), bound: (u64, u64)) {
    assert!(found.0 <= bound.0 && found.1 <= bound.1, "{found:?} is not within {bound:?}");
}

#[test]
fn a_fifth_of_errors() {
    let candidate = Shares::healthy(0.2);
    are_within(times(5.0, candidate), (75, 180));
    are_within(times(50.0, candidate), (8, 15));
    are_within(times(500.0, candidate), (2, 3));
}

#[test]
fn a_dead_release() {
    for rate in [5.0, 50.0, 500.0] {
        are_within(times(rate, Shares::healthy(1.0)), (13, 13));
    }
}

#[test]
fn a_third_of_slow_requests() {
    let candidate = Shares { slow: 0.3, slower: 0.35, ..Shares::healthy(INCUMBENT) };
    are_within(times(50.0, candidate), (8, 15));
    are_within(times(500.0, candidate), (2, 3));
}

#[test]
fn a_third_of_unauthorized_requests() {
    let candidate = Shares { unauthorized: 0.3, ..Shares::healthy(INCUMBENT) };
    are_within(times(50.0, candidate), (8, 15));
    are_within(times(500.0, candidate), (2, 3));
}

#[test]
fn twice_as_often_slower_than_before() {
    let candidate = Shares { slower: 0.1, ..Shares::healthy(INCUMBENT) };
    are_within(times(500.0, candidate), (60, 60));
}

/// Ten times as many errors, and still half of what is allowed: only the rule beside the incumbent finds it.
#[test]
fn one_percent_of_errors_beside_a_thousandth() {
    let candidate = Shares::healthy(0.01);
    are_within(times(500.0, candidate), (60, 60));
    let traffic = Traffic::of(&Scene::healthy(500.0, INCUMBENT).with(candidate));
    let (_, finding) = found(&traffic, 1, 600).unwrap();
    assert_eq!(finding.rule, Rule::MoreErrors, "{finding}");
}
