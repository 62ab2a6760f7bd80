//! What the algorithm promises, for rates and histories of every kind.

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;

fn rates() -> impl Strategy<Value = Rate> {
    (1..=10_000_000_u64, 1..=50_u32).prop_map(|(interval, burst)| Rate { interval, burst })
}

/// A rate, and pauses between requests that are neither always too short nor always long enough for it.
fn histories() -> impl Strategy<Value = (Rate, Vec<Micros>)> {
    rates().prop_flat_map(|rate| {
        let pause = prop_oneof![Just(0), 0..=rate.interval, 0..=3 * rate.interval, 0..=2 * rate.refill()];
        (Just(rate), vec(pause, 1..200))
    })
}

fn passes(decision: Decision) -> bool {
    matches!(decision.verdict, Verdict::Passes { .. })
}

/// When the requests of a history were let through.
fn let_through(rate: Rate, pauses: &[Micros]) -> Vec<Micros> {
    let (mut tat, mut now) = (0, 1_767_225_600_000_000);
    let mut times = Vec::new();
    for pause in pauses {
        now += pause;
        let decision = decide(rate, tat, now);
        tat = decision.tat;
        if passes(decision) {
            times.push(now);
        }
    }
    times
}

#[test]
fn an_example() {
    let rate = Rate { interval: 2_000_000, burst: 3 };
    let now = 100_000_000;
    let first = decide(rate, 0, now);
    assert_eq!(first.verdict, Verdict::Passes { remaining: 2 });
    assert_eq!((first.reset_after, first.tat), (2_000_000, 102_000_000));
    let second = decide(rate, first.tat, now);
    assert_eq!(second.verdict, Verdict::Passes { remaining: 1 });
    let third = decide(rate, second.tat, now + 500_000);
    assert_eq!(third.verdict, Verdict::Passes { remaining: 0 });
    let fourth = decide(rate, third.tat, now + 500_000);
    assert_eq!(fourth.verdict, Verdict::MustWait { retry_after: 1_500_000 });
    assert_eq!((fourth.reset_after, fourth.tat), (5_500_000, third.tat));
}

proptest! {
    // ASVS 2.4.1 - the rule on paper
    #[test]
    fn no_span_of_time_sees_more_than_the_burst_and_the_rate((rate, pauses) in histories()) {
        let times = let_through(rate, &pauses);
        for (from, begin) in times.iter().enumerate() {
            for (to, end) in times.iter().enumerate().skip(from) {
                let allowed = u64::from(rate.burst) + (end - begin) / rate.interval;
                prop_assert!((to - from + 1) as u64 <= allowed, "{} in {} us", to - from + 1, end - begin);
            }
        }
    }

    #[test]
    fn whoever_comes_evenly_is_never_refused(rate in rates(), count in 1..200_usize) {
        prop_assert_eq!(let_through(rate, &vec![rate.interval; count]).len(), count);
    }

    #[test]
    fn what_remains_can_be_had_at_once_and_no_more(
        rate in rates(),
        now in 0..u64::MAX / 4,
        used in 0..1_000_000_000_u64,
    ) {
        let mut decision = decide(rate, now + used.min(rate.refill()), now);
        while let Verdict::Passes { remaining } = decision.verdict {
            decision = decide(rate, decision.tat, now);
            match decision.verdict {
                Verdict::Passes { remaining: next } => prop_assert_eq!(next + 1, remaining),
                Verdict::MustWait { .. } => prop_assert_eq!(remaining, 0),
            }
        }
    }

    #[test]
    fn waiting_is_just_enough(rate in rates(), now in 0..u64::MAX / 4, used in 0..1_000_000_000_u64) {
        let decision = decide(rate, now + used.min(rate.refill()), now);
        if let Verdict::MustWait { retry_after } = decision.verdict {
            prop_assert!((1..=rate.interval).contains(&retry_after));
            prop_assert!(!passes(decide(rate, decision.tat, now + retry_after - 1)));
            prop_assert!(passes(decide(rate, decision.tat, now + retry_after)));
        }
        let rested = decide(rate, decision.tat, now + decision.reset_after);
        prop_assert_eq!(rested.verdict, Verdict::Passes { remaining: rate.burst - 1 });
    }

    #[test]
    fn a_clock_that_is_set_back_keeps_nobody_waiting_and_gives_one_burst_at_most(
        (rate, pauses) in histories(),
        back in 0..1_700_000_000_000_000_u64,
    ) {
        let before = 1_767_225_600_000_000;
        let tat = pauses.iter().fold(0, |tat, _| decide(rate, tat, before).tat);
        let now = before - back;
        let mut decision = decide(rate, tat, now);
        if back > rate.refill() {
            prop_assert_eq!(decision.verdict, Verdict::Passes { remaining: rate.burst - 1 });
        }
        let mut passed = 0;
        while passes(decision) {
            passed += 1;
            decision = decide(rate, decision.tat, now);
        }
        prop_assert!(passed <= rate.burst);
        prop_assert!(passes(decide(rate, decision.tat, now + rate.interval)));
    }

    #[test]
    fn no_numbers_are_too_large(
        interval in 1..=u64::MAX,
        burst in 1..=u32::MAX,
        tat in any::<u64>(),
        now in any::<u64>(),
    ) {
        let decision = decide(Rate { interval, burst }, tat, now);
        prop_assert_eq!(decision.tat.checked_sub(now), Some(decision.reset_after));
    }
}
