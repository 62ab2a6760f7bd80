//! Thinning: who is heard, and who is not.

use super::*;

const FAILED: Signals = Signals::NONE.with(Signal::Errors);
const CLIENT: u64 = 7;

fn errors(tally: &Tally) -> (u32, u32) {
    let Counts { good, bad } = tally.of(Signal::Errors);
    (good, bad)
}

#[test]
fn a_burst_of_one_client_is_one_bad_event_and_its_good_requests_are_not_heard_either() {
    let (mut thinning, mut tally) = (Thinning::default(), Tally::default());
    for second in 100..110 {
        thinning.count(second, Arm::Candidate, CLIENT, FAILED, &mut tally);
        thinning.count(second, Arm::Candidate, CLIENT, Signals::NONE, &mut tally);
    }
    assert_eq!(errors(&tally), (0, 1));
    let unauthorized = tally.of(Signal::Unauthorized);
    assert_eq!(unauthorized, Counts { good: 20, bad: 0 }, "about the other signals it is heard");
    thinning.count(110, Arm::Candidate, CLIENT, FAILED, &mut tally);
    assert_eq!(errors(&tally), (0, 2), "ten seconds later it is heard again");
}

#[test]
fn others_and_the_other_arm_are_heard() {
    let (mut thinning, mut tally) = (Thinning::default(), Tally::default());
    for (arm, client) in [(Arm::Candidate, 1), (Arm::Candidate, 2), (Arm::Incumbent, 1), (Arm::Candidate, 0)]
    {
        thinning.count(5, arm, client, FAILED, &mut tally);
    }
    assert_eq!(errors(&tally), (0, 4));
}

/// All traffic from behind one address, of which a fifth fails: a fifth of what is heard is bad, however seldom that is.
#[test]
fn the_share_of_bad_requests_of_a_heavy_client_stays_what_it_is() {
    let (mut thinning, mut tally) = (Thinning::default(), Tally::default());
    let mut chance = 1_u64;
    for second in 0..100_000 {
        for _ in 0..5 {
            chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let bad = Signals::NONE.with_if(Signal::Errors, (chance >> 33).is_multiple_of(5));
            thinning.count(second, Arm::Candidate, CLIENT, bad, &mut tally);
        }
    }
    let (good, bad) = errors(&tally);
    let share = f64::from(bad) / f64::from(good + bad);
    assert!((0.19..0.21).contains(&share), "{bad} of {}", good + bad);
}

#[test]
fn beyond_its_memory_it_counts() {
    let (mut thinning, mut tally) = (Thinning::default(), Tally::default());
    for client in 0..100_000 {
        thinning.count(5, Arm::Candidate, client, FAILED, &mut tally);
    }
    assert_eq!(errors(&tally), (0, 100_000));
    assert_eq!(thinning.buckets.len() * size_of::<[Quiet; WAYS]>(), 640 * 1024);
}

#[test]
fn few_are_forgotten_early() {
    let (mut thinning, mut tally) = (Thinning::default(), Tally::default());
    for client in (0..2000).chain(0..2000) {
        thinning.count(5, Arm::Candidate, client, FAILED, &mut tally);
    }
    assert_eq!(errors(&tally), (0, 2000));
}

#[test]
fn a_clock_that_is_set_back_silences_nobody_for_long() {
    let (mut thinning, mut tally) = (Thinning::default(), Tally::default());
    thinning.count(1_000_000, Arm::Candidate, CLIENT, FAILED, &mut tally);
    thinning.count(1000, Arm::Candidate, CLIENT, FAILED, &mut tally);
    assert_eq!(errors(&tally), (0, 2));
}
