//! Counting in memory: by many at once, and by more than there is room for.

use std::net::Ipv4Addr;

use foundation::config::Period;
use testkit::TestAmbient;

use super::super::gcra::Verdict;
use super::*;

const POLICY: Policy = Policy::SignIn;

fn process(capacity: u64) -> (Process, testkit::FakeClock) {
    let TestAmbient { ambient, clock } = TestAmbient::default();
    (Process::new(ambient, capacity, Duration::from_hours(1)), clock)
}

fn passes(process: &Process, quota: Quota, number: u32) -> bool {
    let key = Key::network(Ipv4Addr::from_bits(number).into());
    matches!(process.decide(quota, POLICY, key).verdict, Verdict::Passes { .. })
}

#[test]
fn a_rest_gives_back_what_was_used() {
    let (process, clock) = process(10);
    let quota = Quota::new(2, Period::MINUTE, 2);
    let ask = || passes(&process, quota, 1);
    assert_eq!([ask(), ask(), ask()], [true, true, false]);
    clock.advance(chrono::TimeDelta::seconds(30));
    assert_eq!([ask(), ask()], [true, false]);
    clock.advance(chrono::TimeDelta::days(-30));
    assert_eq!([ask(), ask(), ask()], [true, true, false], "nobody waits until the old time has come again");
}

#[test]
fn keys_and_policies_are_counted_apart() {
    let (process, _) = process(10);
    let quota = Quota::new(1, Period::MINUTE, 1);
    assert!(passes(&process, quota, 1) && passes(&process, quota, 2));
    assert!(!passes(&process, quota, 1));
    let key = Key::network(Ipv4Addr::from_bits(1).into());
    let other = process.decide(quota, Policy::SignUp, key);
    assert!(matches!(other.verdict, Verdict::Passes { .. }));
}

// ASVS 15.4.1, 15.4.2 - limits within one process
#[test]
fn eight_at_once_get_no_more_than_one_would() {
    let (process, _) = process(10);
    let quota = Quota::new(1, Period::MINUTE, 1000);
    let passed: usize = std::thread::scope(|scope| {
        let ask = || (0..1000).filter(|_| passes(&process, quota, 1)).count();
        let askers: Vec<_> = (0..8).map(|_| scope.spawn(ask)).collect();
        askers.into_iter().map(|asker| asker.join().expect("no panic")).sum()
    });
    assert_eq!(passed, 1000);
}

// ASVS 15.2.2 - memory
#[test]
fn a_million_addresses_take_no_more_room_than_there_is() {
    let (process, _) = process(1000);
    let quota = Quota::new(1, Period::MINUTE, 1);
    let mut most = 0;
    for number in 0..1_000_000 {
        assert!(passes(&process, quota, number));
        if number % 100_000 == 0 {
            most = most.max(process.counts.iter().count());
        }
    }
    // What is thrown out goes in batches.
    assert!(most < 2000, "{most}");
    process.counts.run_pending_tasks();
    assert_eq!(process.counts.entry_count(), 1000);
}

#[test]
fn who_goes_on_asking_is_not_forgotten_among_many() {
    let (process, _) = process(1000);
    let quota = Quota::new(1, Period::MINUTE, 1);
    assert!(passes(&process, quota, 0));
    for number in 1..100_000 {
        assert!(passes(&process, quota, number));
        if number % 100 == 0 {
            assert!(!passes(&process, quota, 0), "forgotten after {number} others");
        }
    }
}
