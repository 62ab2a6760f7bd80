//! Tests of the delay rule.

use proptest::prelude::*;

use super::*;

impl Tally {
    /// The tally after one more failure, as the statement in `queries::throttles` counts it.
    fn after_failure(before: Option<Self>, now: Timestamp) -> Self {
        let failures = before.filter(|tally| !tally.is_forgotten(now)).map_or(0, |tally| tally.failures);
        Self { failures: failures.saturating_add(1), last_at: now }
    }
}

const KINDS: [Kind; 11] = [
    Kind::Pair,
    Kind::Account,
    Kind::Address,
    Kind::Site,
    Kind::Device,
    Kind::Code,
    Kind::Again,
    Kind::MailPair,
    Kind::Mail,
    Kind::MailAddress,
    Kind::MailSite,
];

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_timestamp(1_800_000_000 + seconds, 0).expect("a date")
}

/// The whole seconds to wait right after so many failures.
fn wait_after(kind: Kind, failures: u32) -> i64 {
    Tally { failures, last_at: at(0) }.wait(kind, at(0)).map_or(0, |wait| wait.num_seconds())
}

#[test]
fn the_free_failures_cost_nothing_and_each_further_one_doubles_the_wait() {
    let waits = |kind, failures: &[u32]| failures.iter().map(|n| wait_after(kind, *n)).collect::<Vec<_>>();
    assert_eq!(waits(Kind::Pair, &[0, 1, 4, 5, 6, 7, 14, 15, 16]), [0, 0, 0, 1, 2, 4, 512, 900, 900]);
    assert_eq!(waits(Kind::Account, &[19, 20, 21, 28, 29]), [0, 1, 2, 256, 300]);
    assert_eq!(waits(Kind::Address, &[49, 50, 51, 60]), [0, 1, 2, 900]);
    assert_eq!(waits(Kind::Site, &[199, 200, 201, 210]), [0, 1, 2, 900]);
    assert_eq!(waits(Kind::Device, &[9, 10, 11, 20]), [0, 1, 2, 900]);
    assert_eq!(waits(Kind::Code, &[4, 5, 6, 15]), [0, 1, 2, 900]);
    assert_eq!(waits(Kind::Again, &[4, 5, 6, 15]), [0, 1, 2, 900]);
    assert_eq!(waits(Kind::MailPair, &[0, 1, 2, 3, 6, 7]), [0, 60, 120, 240, 1920, 3600]);
    assert_eq!(waits(Kind::Mail, &[0, 4, 5, 6, 8, 9]), [0, 0, 60, 120, 480, 900]);
    assert_eq!(waits(Kind::MailAddress, &[9, 10, 11, 16]), [0, 60, 120, 3600]);
}

#[test]
fn a_site_is_what_one_customer_can_rent() {
    let site_of = |address: &str| site(address.parse().expect("an address"));
    assert_eq!(site_of("2001:db8:1:2::5"), site_of("2001:db8:1:ffff::1"));
    assert_ne!(site_of("2001:db8:1::5"), site_of("2001:db8:2::5"));
    assert_ne!(site_of("203.0.113.7"), site_of("203.0.113.8"));
    assert_eq!(site_of("::ffff:203.0.113.7"), site_of("203.0.113.7"));
}

#[test]
fn a_wait_ends_on_time() {
    let tally = Tally { failures: 7, last_at: at(0) };
    assert_eq!(tally.wait(Kind::Pair, at(3)), Some(TimeDelta::seconds(1)));
    assert_eq!(tally.wait(Kind::Pair, at(4)), None);
}

#[test]
fn failures_add_up_and_are_forgotten_after_a_day_without_any() {
    let day = 24 * 3600;
    let once = Tally::after_failure(None, at(0));
    let twice = Tally::after_failure(Some(once), at(day - 1));
    assert_eq!((once.failures, twice.failures, twice.last_at), (1, 2, at(day - 1)));
    assert_eq!(Tally::after_failure(Some(twice), at(2 * day - 1)).failures, 1);
    assert!(!twice.is_forgotten(at(2 * day - 2)) && twice.is_forgotten(at(2 * day - 1)));
}

#[test]
fn a_clock_set_back_keeps_nobody_waiting_and_forgets_no_failure() {
    let tally = Tally { failures: 30, last_at: at(365 * 24 * 3600) };
    assert_eq!(tally.wait(Kind::Pair, at(0)), None);
    let next = Tally::after_failure(Some(tally), at(0));
    assert_eq!((next.failures, next.wait(Kind::Pair, at(0))), (31, Some(TimeDelta::minutes(15))));
}

#[test]
fn servers_whose_clocks_differ_a_little_are_no_way_round_the_wait() {
    let tally = Tally { failures: 30, last_at: at(2) };
    assert_eq!(tally.wait(Kind::Pair, at(0)), Some(TimeDelta::minutes(15)));
}

#[test]
fn a_known_browser_is_not_held_against_the_failures_of_outsiders() {
    let outsiders = Kind::of_sign_in(false);
    assert_eq!(outsiders, [Kind::Pair, Kind::Account, Kind::Address, Kind::Site]);
    assert!(Kind::of_sign_in(true).iter().all(|kind| !outsiders.contains(kind)));
}

#[test]
fn keys_differ_by_kind_by_parts_by_where_parts_end_and_by_secret() {
    let secret = hmac::Key::new(hmac::HMAC_SHA256, &[1; 32]);
    let other = hmac::Key::new(hmac::HMAC_SHA256, &[2; 32]);
    let keys = [
        key(Kind::Pair, &[b"ab", b"c"], &secret),
        key(Kind::Pair, &[b"a", b"bc"], &secret),
        key(Kind::Pair, &[b"abc"], &secret),
        key(Kind::Pair, &[b"abc", b""], &secret),
        key(Kind::Account, &[b"abc"], &secret),
        key(Kind::Account, &[b"abc"], &other),
    ];
    for (place, one) in keys.iter().enumerate() {
        assert!(!keys[place + 1..].contains(one), "{place}");
    }
    assert_eq!(keys[0], key(Kind::Pair, &[b"ab", b"c"], &secret));
}

#[test]
fn every_kind_has_a_key_of_its_own() {
    let secret = hmac::Key::new(hmac::HMAC_SHA256, &[1; 32]);
    let keys: std::collections::HashSet<_> = KINDS.iter().map(|kind| key(*kind, &[], &secret)).collect();
    assert_eq!(keys.len(), KINDS.len());
}

#[test]
fn an_ipv6_customer_is_one_network_and_an_ipv4_address_is_itself_however_it_is_written() {
    let network = |text: &str| network(text.parse().expect("an address"));
    assert_eq!(network("2001:db8:1:2::1"), network("2001:db8:1:2:ffff:ffff:ffff:ffff"));
    assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
    assert_ne!(network("192.0.2.1"), network("192.0.2.2"));
    assert_eq!(network("::ffff:192.0.2.1"), network("192.0.2.1"));
}

fn kind() -> impl Strategy<Value = Kind> {
    proptest::sample::select(KINDS.to_vec())
}

fn moment() -> impl Strategy<Value = Timestamp> {
    (-10_000_000_000_i64..10_000_000_000).prop_map(|millis| at(0) + TimeDelta::milliseconds(millis))
}

proptest! {
    #[test]
    fn the_wait_has_a_bound_whatever_the_count_and_the_clock(
        kind in kind(), failures: u32, last_at in moment(), now in moment(),
    ) {
        let wait = Tally { failures, last_at }.wait(kind, now);
        prop_assert!(wait.is_none_or(|wait| wait > TimeDelta::zero() && wait <= kind.limits().longest));
    }

    #[test]
    fn who_waits_as_told_may_go_ahead(kind in kind(), failures in 0..100_u32, now in moment(), past in 0..5_000_i64) {
        let tally = Tally { failures, last_at: now - TimeDelta::seconds(past) };
        let wait = tally.wait(kind, now).unwrap_or_default();
        prop_assert_eq!(tally.wait(kind, now + wait), None);
    }

    #[test]
    fn more_failures_never_mean_a_shorter_wait(
        kind in kind(), failures in 0..u32::MAX, last_at in moment(), now in moment(),
    ) {
        let wait = |failures| Tally { failures, last_at }.wait(kind, now);
        prop_assert!(wait(failures) <= wait(failures + 1));
    }

    #[test]
    fn time_only_shortens_the_wait(
        kind in kind(), failures in 0..100_u32, last_at in moment(), sooner in 0..5_000_i64, later in 0..5_000_i64,
    ) {
        let tally = Tally { failures, last_at };
        let wait = |seconds| tally.wait(kind, last_at + TimeDelta::seconds(seconds));
        prop_assert!(wait(sooner + later) <= wait(sooner));
    }

    #[test]
    fn the_count_never_overflows(failures: u32, last_at in moment(), now in moment()) {
        let next = Tally::after_failure(Some(Tally { failures, last_at }), now);
        prop_assert!(next.failures >= 1 && next.last_at == now);
    }
}
