//! Days that are not even: tides of visitors, changes of weight, and an outage that concerns both arms.

use std::time::Duration;

use edge::judge::{Bounds, Judge, Latencies, PoolUse, Resting, Rule, Second, Signal, Signals, Stream, Tally};

use super::chance::shows_less_than;
use super::traffic::{Scene, Shares, Traffic, World, found, judge, standing};

/// Whether anything is found while one scene follows the other, each for a minute, as a day goes.
fn is_found_in(minutes: &[Traffic], seed: u64) -> bool {
    let (mut world, mut judge) = (World::new(seed), judge());
    (0_u64..).zip(minutes).any(|(minute, traffic)| {
        (0..60).any(|second| judge.look(&traffic.second(60 * minute + second, &mut world)).is_some())
    })
}

fn are_rarely_found(minutes: &[Scene]) {
    const RUNS: u32 = 600;
    let minutes: Vec<_> = minutes.iter().map(Traffic::of).collect();
    let alarms = (0..RUNS).filter(|seed| is_found_in(&minutes, u64::from(*seed))).count();
    let alarms = u32::try_from(alarms).expect("a few");
    assert!(shows_less_than(0.005, alarms, RUNS), "{alarms} alarms in {RUNS} runs");
}

#[test]
fn a_tide_is_no_finding() {
    let rates = [2.0, 5.0, 20.0, 50.0, 100.0, 100.0, 50.0, 10.0, 3.0, 0.5, 0.0, 30.0];
    are_rarely_found(&rates.map(|rate| Scene::healthy(rate, 0.01)));
}

#[test]
fn a_change_of_weight_is_no_finding() {
    let weights = [0.1, 0.1, 0.5, 0.01, 0.9, 0.25, 1.0, 0.0, 0.5, 0.5];
    are_rarely_found(&weights.map(|weight| Scene { weight, ..Scene::healthy(50.0, 0.01) }));
}

/// What fails in both arms at times, at different shares of the visitors, is nobody's doing. A rule that took its odds
/// from several seconds would blame the arm that had few visitors before.
#[test]
fn bad_minutes_of_both_at_changing_weights_are_no_finding() {
    let minutes = [(0.1, 0.001), (0.5, 0.015), (0.1, 0.001), (0.9, 0.015), (0.1, 0.0), (0.5, 0.015)];
    are_rarely_found(&minutes.map(|(weight, errors)| Scene { weight, ..Scene::healthy(50.0, errors) }));
}

/// A database that is away fails both arms. The rules by themselves fire, and the release is taken back although it did
/// nothing: that is safe, since what was there before is no worse, and one may try again. The rule beside the incumbent
/// accuses nobody.
#[test]
fn an_outage_of_both_takes_the_release_back_by_the_rule_by_itself() {
    let outage = Shares::healthy(0.3);
    let traffic = Traffic::of(&Scene { incumbent: outage, ..Scene::healthy(50.0, 0.0).with(outage) });
    for seed in 0..50 {
        let (seconds, finding) = found(&traffic, seed, 60).unwrap();
        assert!(finding.rule == Rule::Errors, "seed {seed} after {seconds} s: {finding}");
    }
}

#[test]
fn the_pool_is_watched_beside_the_requests() {
    let mut judge = judge();
    let mut good = Tally::default();
    good.count_good(50);
    let mut look = |used| {
        judge.look(&Second { candidate: good, incumbent: None, pool: Some(PoolUse { used, size: 10 }) })
    };
    assert!([9, 10, 10, 9, 10, 10].into_iter().all(|used| look(used).is_none()));
    assert_eq!(look(10).map(|finding| finding.rule), Some(Rule::Pool));
}

#[test]
fn a_step_begins_with_no_proof_and_with_all_that_speaks_against_it() {
    let mut judge = judge();
    let mut tally = Tally::default();
    tally.count_good(1000);
    judge.look(&Second { candidate: tally, ..Second::default() });
    assert!(judge.is_proven());
    let mut bad = Tally::default();
    bad.count(Signal::Errors, edge::judge::Counts { good: 0, bad: 2 });
    assert_eq!(judge.look(&Second { candidate: bad, ..Second::default() }), None);
    judge.begin_step();
    assert!(!judge.is_proven());
    let evidence = judge.evidence();
    assert_eq!(standing(&evidence, Rule::Errors).step.candidate.requests, 0);
    let mut third = Tally::default();
    third.count(Signal::Errors, edge::judge::Counts { good: 0, bad: 1 });
    let found = judge.look(&Second { candidate: third, ..Second::default() });
    assert_eq!(found.map(|finding| finding.rule), Some(Rule::Errors));
}

/// Seconds in which half of the candidate's requests are bad in one way.
fn half_bad(signal: Signal) -> Second {
    let (mut candidate, mut incumbent) = (Tally::default(), Tally::default());
    candidate.count_good(10);
    (0..10).for_each(|_| candidate.count_request(Signals::NONE.with(signal)));
    incumbent.count_good(200);
    Second { candidate, incumbent: Some(incumbent), pool: None }
}

/// After how many such seconds a judge finds which rule broken.
fn found_by(judge: &mut Judge, second: &Second) -> Option<(u32, Rule)> {
    (1..=60).find_map(|number| Some((number, judge.look(second)?.rule)))
}

#[test]
fn who_warms_up_may_be_slow_but_not_broken() {
    let bounds = Bounds { warm_up: 30, ..Bounds::default() };
    let cold = || Judge::new(Stream::Visitors, &bounds);
    let mut judge = cold();
    judge.look(&Second::default());
    assert_eq!(
        found_by(&mut judge, &half_bad(Signal::Slow)),
        Some((31, Rule::Slow)),
        "from the first request on"
    );
    assert_eq!(found_by(&mut cold(), &half_bad(Signal::Errors)), Some((1, Rule::Errors)));
}

#[test]
fn nobody_is_slower_than_what_is_not_known() {
    let mut judge = Judge::new(Stream::Visitors, &Bounds::default());
    let mut latencies = Latencies::default();
    (0..199).for_each(|_| latencies.record(Duration::from_millis(120)));
    judge.freeze_threshold(&latencies);
    assert_eq!((judge.threshold(), found_by(&mut judge, &half_bad(Signal::Slower))), (None, None));
    assert_eq!(standing(&judge.evidence(), Rule::Slower).resting, Some(Resting::NoThreshold));

    latencies.record(Duration::from_millis(120));
    judge.freeze_threshold(&latencies);
    let threshold = judge.threshold().unwrap();
    assert!((120..=128).contains(&threshold.as_millis()), "{threshold:?}");
    assert_eq!(found_by(&mut judge, &half_bad(Signal::Slower)).map(|(_, rule)| rule), Some(Rule::Slower));

    (0..1000).for_each(|_| latencies.record(Duration::from_secs(3)));
    judge.freeze_threshold(&latencies);
    assert_eq!(judge.threshold(), Some(threshold), "it stays as it is");
}

#[test]
fn what_nobody_notices_is_not_slower() {
    let mut judge = Judge::new(Stream::Visitors, &Bounds::default());
    let mut latencies = Latencies::default();
    (0..200).for_each(|_| latencies.record(Duration::from_millis(2)));
    judge.freeze_threshold(&latencies);
    assert_eq!(judge.threshold(), Some(Duration::from_millis(20)));
}
