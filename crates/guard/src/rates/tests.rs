//! Who is counted together, and what is told of refusals.

use chrono::TimeDelta;
use testkit::{FakeClock, TestAmbient};

use super::*;

fn network(address: &str) -> Key {
    Key::network(address.parse().expect("an address"))
}

fn limits(quotas: &Quotas) -> (RateLimits, FakeClock) {
    let TestAmbient { ambient, clock } = TestAmbient::default();
    (RateLimits::in_process(*quotas, ambient), clock)
}

#[test]
fn an_ipv6_customer_is_one_network_and_neighbours_are_two() {
    assert_eq!(network("2001:db8:1:2::1"), network("2001:db8:1:2:ffff:ffff:ffff:ffff"));
    assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
    assert_ne!(network("203.0.113.7"), network("203.0.113.8"));
    assert_eq!(network("::ffff:203.0.113.7"), network("203.0.113.7"));
    assert_ne!(network("::"), Key::of_client(None));
    assert_eq!(
        network("2001:db8:1:2::1"),
        Key::of_client(Some(ClientAddress("2001:db8:1:2::9".parse().expect("it"))))
    );
}

#[test]
fn keys_are_written_so_that_operators_recognise_them() {
    assert_eq!(network("203.0.113.7").to_string(), "203.0.113.7");
    assert_eq!(network("2001:db8:1:2:3:4:5:6").to_string(), "2001:db8:1:2::/64");
    assert_eq!(Key::user(Uuid::nil()).to_string(), Uuid::nil().to_string());
    assert_eq!(Key::of_client(None).to_string(), "unknown");
}

#[test]
fn names_of_other_systems_tell_people_apart_and_are_not_repeated() {
    let (alice, bob) = (Key::named("auth0|alice"), Key::named("auth0|bob"));
    assert_ne!(alice, bob);
    assert_eq!(alice, Key::named("auth0|alice"));
    assert_eq!((alice.address(), alice.user_id()), (None, None));
    let printed = format!("{alice} {alice:?}");
    assert!(printed.starts_with("somebody ") && !printed.contains("alice"), "{printed}");
}

#[tokio::test]
async fn what_an_application_says_of_its_own_limits_stays() {
    let (limits, _) = limits(&Quotas { gate: Quota::new(9, Period::MINUTE, 9), ..Quotas::default() });
    let allowance = limits.check(Policy::Gate, network("203.0.113.7")).await.expect("allowed");
    let mut headers = http::HeaderMap::new();
    headers.insert("ratelimit-limit", 5.into());
    headers.insert("ratelimit", http::HeaderValue::from_static("\"own\";r=4;t=1"));
    tell_standing(&mut headers, &[allowance]);
    assert_eq!(headers["ratelimit-limit"], "5");
    assert!(!headers.contains_key("ratelimit-remaining"));
    let all: Vec<_> = headers.get_all("ratelimit").iter().collect();
    assert_eq!(all, ["\"own\";r=4;t=1", "\"gate\";r=8;t=7"]);
}

#[tokio::test]
async fn a_refusal_says_how_long_to_wait_and_waiting_helps() {
    let (limits, clock) = limits(&Quotas::default());
    let key = network("203.0.113.7");
    for remaining in (0..40).rev() {
        let allowance = limits.check(Policy::SignUp, key).await.expect("allowed");
        assert_eq!(allowance.remaining, remaining);
    }
    let refused = limits.check(Policy::SignUp, key).await.expect_err("refused");
    assert_eq!(refused.retry_after, Duration::from_secs(3));
    assert_eq!(refused.allowance.reset_after, Duration::from_mins(2));
    assert_eq!(refused.to_string(), "203.0.113.7 asked more often than sign_up allows (20 per 1m, burst 40)");
    assert!(limits.check(Policy::SignUp, network("203.0.113.8")).await.is_ok());
    assert!(limits.check(Policy::Mail, key).await.is_ok());

    clock.advance(TimeDelta::seconds(3));
    assert!(limits.check(Policy::SignUp, key).await.is_ok());
    assert!(limits.check(Policy::SignUp, key).await.is_err());
}

#[test]
fn a_problem_tells_whole_seconds_that_are_enough() {
    let refused = |key, millis| Refused {
        key,
        allowance: Allowance {
            policy: Policy::Api,
            quota: Quotas::default().api,
            remaining: 0,
            reset_after: Duration::ZERO,
        },
        retry_after: Duration::from_millis(millis),
    };
    for (key, millis, detail, header) in [
        (
            network("203.0.113.7"),
            1,
            "Too many requests came from your network. Please wait 1s and try again.",
            "1",
        ),
        (
            network("::1"),
            90_001,
            "Too many requests came from your network. Please wait 1m 31s and try again.",
            "91",
        ),
        (
            Key::user(Uuid::nil()),
            2000,
            "Too many requests came from your account. Please wait 2s and try again.",
            "2",
        ),
    ] {
        let problem = Problem::from(refused(key, millis));
        assert_eq!(problem.code(), Code::TooManyRequests);
        assert_eq!(problem.document(None).detail, detail);
        assert_eq!(problem.respond(None).headers()["retry-after"], header);
    }
}

fn told(readers: &mut broadcast::Receiver<Refused>) -> Vec<String> {
    std::iter::from_fn(|| readers.try_recv().ok())
        .map(|refused| format!("{} {}", refused.allowance.policy.name(), refused.key))
        .collect()
}

// ASVS 16.3.3 - limits that somebody runs into
#[tokio::test]
async fn each_sender_is_told_of_once_a_minute() {
    let quotas = Quotas { sign_in: Quota::new(1, Period::HOUR, 1), ..Quotas::default() };
    let (limits, clock) = limits(&quotas);
    let mut readers = limits.refusals();
    let ask = async |address: &str| {
        for _ in 0..100 {
            let _ = limits.check(Policy::SignIn, network(address)).await;
        }
    };
    ask("203.0.113.7").await;
    ask("203.0.113.8").await;
    ask("203.0.113.7").await;
    assert_eq!(told(&mut readers), ["sign_in 203.0.113.7", "sign_in 203.0.113.8"]);
    clock.advance(TimeDelta::minutes(1));
    ask("203.0.113.7").await;
    assert_eq!(told(&mut readers), ["sign_in 203.0.113.7"]);
}

#[tokio::test]
async fn a_thousand_senders_do_not_make_a_thousand_lines() {
    let quotas = Quotas { sign_in: Quota::new(1, Period::DAY, 1), ..Quotas::default() };
    let (limits, clock) = limits(&quotas);
    let mut readers = limits.refusals();
    for number in 0..1000_u32 {
        let key = Key::network(std::net::Ipv4Addr::from_bits(number).into());
        for _ in 0..3 {
            let _ = limits.check(Policy::SignIn, key).await;
        }
    }
    assert_eq!(told(&mut readers).len(), 60);
    clock.advance(TimeDelta::minutes(1));
    let _ = limits.check(Policy::SignIn, network("0.0.0.1")).await;
    assert_eq!(told(&mut readers).len(), 1);
}

#[test]
fn debug_output_names_no_one() {
    let (limits, _) = limits(&Quotas::default());
    assert_eq!(format!("{limits:?}"), "RateLimits { backing: Process, .. }");
}
