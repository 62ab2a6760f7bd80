//! Whether the time an answer takes tells who has an account: a comparison of two distributions, measured in turns.
//! No duration is asserted; both kinds of tries suffer the same noise.

use std::time::Instant;

use chrono::TimeDelta;
use reqwest::StatusCode;

use crate::browser::sign_in;
use crate::house::{House, PASSWORD, migrations};

/// Accounts of each kind, and how often each is tried: within the free failures of an account.
const ACCOUNTS: usize = 50;
const TRIES: usize = 20;

/// How likely a try of the first kind takes longer than one of the second (Mann and Whitney 1947): 0.5 when the kinds
/// cannot be told apart. With 1,000 of each, chance moves it by 0.013 (one standard error).
fn share_of_slower(first: &[f64], second: &[f64]) -> f64 {
    let mut all: Vec<(f64, bool)> =
        first.iter().map(|t| (*t, true)).chain(second.iter().map(|t| (*t, false))).collect();
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut seconds_so_far, mut wins) = (0.0, 0.0);
    for (_, is_first) in all {
        if is_first {
            wins += seconds_so_far;
        } else {
            seconds_so_far += 1.0;
        }
    }
    wins / count(first.len()) / count(second.len())
}

fn count(number: usize) -> f64 {
    f64::from(u32::try_from(number).expect("not many"))
}

/// How long a refused sign-in with this address takes, in seconds.
async fn try_once(house: &House, email: &str) -> f64 {
    let client = house.client();
    let begin = Instant::now();
    let answer = sign_in(&client, email, "not the password").await;
    let elapsed = begin.elapsed().as_secs_f64();
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{answer:?}");
    elapsed
}

testkit::on_both_databases! {
    migrations: migrations();

    // ASVS 6.3.8
    async fn two_thousand_tries_do_not_tell_who_has_an_account(database) {
        let house = House::open(database).await;
        for n in 0..ACCOUNTS {
            house.sign_up_as(&format!("known-{n}@example.org"), &format!("known-{n}"), PASSWORD).await;
        }
        house.execute("DELETE FROM one_time_links").await;
        house.execute("UPDATE users SET email_verified = TRUE").await;
        let (mut known, mut unknown, mut malformed) = (Vec::new(), Vec::new(), Vec::new());
        for n in 0..ACCOUNTS * TRIES {
            let (mine, nobodys) = (format!("known-{}@example.org", n % ACCOUNTS), format!("other-{}@example.org", n % ACCOUNTS));
            // In turns, and each kind first as often as the other.
            if n % 2 == 0 {
                known.push(try_once(&house, &mine).await);
                unknown.push(try_once(&house, &nobodys).await);
            } else {
                unknown.push(try_once(&house, &nobodys).await);
                known.push(try_once(&house, &mine).await);
            }
            if n % 10 == 0 {
                malformed.push(try_once(&house, "no address at all").await);
            }
        }
        let share = share_of_slower(&known, &unknown);
        assert!((share - 0.5).abs() < 0.07, "known accounts are slower in {share} of all comparisons");
        // The instrument sees a difference where there is one: what cannot be an address is refused without any work.
        let control = share_of_slower(&known, &malformed);
        assert!(control > 0.9, "{control}");
    }

    // ASVS 6.2.10
    async fn a_password_is_good_for_years(database) {
        let house = House::open(database).await;
        house.sign_up_and_verify("ada").await;
        house.clock.advance(TimeDelta::days(1_000));
        assert!(house.accepts("ada@example.org", PASSWORD).await);
    }
}
