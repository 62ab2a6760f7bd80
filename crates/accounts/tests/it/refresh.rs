//! Refresh tokens: exchanged at every use, shared by tabs for a moment, and the end of the session when stolen.

use std::collections::BTreeSet;

use accounts::{Config, MailConfig, REFRESH_COOKIE, SESSION_COOKIE};
use chrono::TimeDelta;
use foundation::config::Period;
use futures::future::join_all;
use reqwest::StatusCode;
use serde_json::json;
use testkit::{Answer, Client};

use crate::browser::{me, me_refreshed, refresh, refresh_of, session_of};
use crate::house::{House, cheap, migrations};

const UNUSED: &str = "SELECT COUNT(*) AS n FROM refresh_tokens WHERE used_at IS NULL";

/// What a refresh with this token is answered, and the browser that sent it.
async fn refresh_with(house: &House, token: &str) -> (Answer, Client) {
    let client = house.client();
    client.forge_cookie(REFRESH_COOKIE, token);
    (refresh(&client).await, client)
}

fn assert_over(answer: &Answer) {
    assert_eq!((answer.status, answer.code().as_str()), (StatusCode::UNAUTHORIZED, "unauthenticated"));
    let cookies: Vec<_> =
        answer.headers.get_all("set-cookie").iter().map(|c| c.to_str().expect("text")).collect();
    for name in [SESSION_COOKIE, REFRESH_COOKIE] {
        let forgotten =
            cookies.iter().any(|c| c.starts_with(&format!("{name}=;")) && c.ends_with("Max-Age=0"));
        assert!(forgotten, "the browser is told to forget {name}: {cookies:?}");
    }
}

/// That all these browsers went on with one session, and one line of tokens.
async fn assert_one_session(house: &House, browsers: &[Client]) {
    let newest: BTreeSet<_> = browsers.iter().map(refresh_of).collect();
    assert_eq!(newest.len(), 1, "all have the same successor");
    let mut sessions = BTreeSet::new();
    for browser in browsers {
        let answer = browser.get("/api/auth/me").await;
        sessions.insert(answer.json()["session"]["id"].as_str().expect("signed in").to_owned());
    }
    assert_eq!(sessions.len(), 1);
    assert_eq!(
        (house.rows("sessions").await, house.number(UNUSED).await, house.rows("refresh_tokens").await),
        (1, 1, 2)
    );
}

/// How often a user was told that a session was ended, by mail and in the list of what happened.
async fn told(house: &House, session: &str) -> (usize, usize) {
    let mails = house.mails("ada@example.org").await;
    let mails = mails.iter().filter(|mail| mail.subject == "We ended a session of your account").count();
    let activity = house.signed_in("ada").await.get("/api/auth/activity").await.json();
    let entries = activity["entries"].as_array().expect("a list").clone();
    let replays: Vec<_> = entries.iter().filter(|entry| entry["action"] == "refresh_replay").collect();
    for replay in &replays {
        assert_eq!((&replay["outcome"], &replay["by"]), (&json!("failure"), &json!(null)));
        assert_eq!(replay["details"], json!({ "session": session }));
    }
    (mails, replays.len())
}

async fn session_id(client: &Client) -> String {
    client.get("/api/auth/me").await.json()["session"]["id"].as_str().expect("signed in").to_owned()
}

testkit::on_both_databases! {
    migrations: migrations();

    async fn a_session_goes_on_with_new_tokens(database) {
        let house = House::open(database).await;
        let client = house.member("ada").await;
        let (access, token) = (session_of(&client), refresh_of(&client));
        house.clock.advance(TimeDelta::minutes(15));
        assert_eq!(me(&client).await, None);
        let answer = refresh(&client).await;
        assert_eq!(answer.json(), json!({
            "access_expires_at": house.now() + TimeDelta::minutes(15),
            "session_expires_at": house.now() + TimeDelta::days(30) - TimeDelta::minutes(15),
        }));
        assert!(session_of(&client) != access && refresh_of(&client) != token);
        assert_eq!(me(&client).await.as_deref(), Some("ada"));
        for token in [&token, &refresh_of(&client)] {
            assert!(!answer.text.contains(token.as_str()), "scripts never see a token");
        }
    }

    async fn fifty_tabs_that_wake_up_together_share_one_successor(database) {
        let house = House::open(database).await;
        let client = house.member("ada").await;
        let tabs: Vec<_> = (0..50).map(|_| house.copy_of(&client)).collect();
        let answers = join_all(tabs.iter().map(refresh)).await;
        let refused: Vec<_> = answers.iter().filter(|answer| answer.status != StatusCode::OK).collect();
        assert!(refused.is_empty(), "{refused:#?}");
        assert_one_session(&house, &tabs).await;
    }

    async fn fifty_tabs_at_two_nodes_share_one_successor(database) {
        let house = House::open(database).await;
        let (client, node) = (house.member("ada").await, house.node().await);
        let tabs: Vec<_> =
            (0..50).map(|n| if n % 2 == 0 { house.copy_of(&client) } else { node.copy_of(&client) }).collect();
        let answers = join_all(tabs.iter().map(refresh)).await;
        let refused: Vec<_> = answers.iter().filter(|answer| answer.status != StatusCode::OK).collect();
        assert!(refused.is_empty(), "{refused:#?}");
        assert_one_session(&house, &tabs).await;
    }

    async fn a_late_tab_gets_the_newest_token_of_the_line(database) {
        let house = House::open(database).await;
        let client = house.member("ada").await;
        let first = refresh_of(&client);
        let mut line = vec![first.clone()];
        for _ in 0..4 {
            house.clock.advance(TimeDelta::seconds(2));
            refresh(&client).await;
            line.push(refresh_of(&client));
        }
        assert_eq!(line.iter().collect::<BTreeSet<_>>().len(), 5);
        for token in &line[..4] {
            let (answer, late) = refresh_with(&house, token).await;
            assert_eq!((answer.status, &refresh_of(&late)), (StatusCode::OK, &line[4]));
        }
        assert_eq!((house.rows("refresh_tokens").await, house.number(UNUSED).await), (5, 1));
        // The first was used six seconds ago.
        house.clock.advance(TimeDelta::seconds(3));
        assert_eq!(refresh_with(&house, &first).await.0.status, StatusCode::OK);
        house.clock.advance(TimeDelta::seconds(1));
        assert_over(&refresh_with(&house, &first).await.0);
    }

    async fn a_tab_that_refreshes_without_end_keeps_its_session(database) {
        let house = House::open(database).await;
        let client = house.member("ada").await;
        let first = refresh_of(&client);
        for _ in 0..40 {
            assert_eq!(refresh(&client).await.status, StatusCode::OK);
        }
        let (answer, late) = refresh_with(&house, &first).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(refresh(&late).await.status, StatusCode::OK, "further than the line is followed, in two steps");
        assert_eq!(refresh(&client).await.status, StatusCode::OK);
        assert_eq!((house.rows("sessions").await, house.number(UNUSED).await), (1, 1));
    }

    // ASVS 10.4.5
    async fn a_token_used_again_after_a_while_ends_the_session_and_is_told(database) {
        let house = House::open(database).await;
        let client = house.member("ada").await;
        let (session, stolen) = (session_id(&client).await, refresh_of(&client));
        refresh(&client).await;
        house.clock.advance(TimeDelta::seconds(9));
        assert_eq!(refresh_with(&house, &stolen).await.0.status, StatusCode::OK, "a tab, so far");
        house.clock.advance(TimeDelta::seconds(2));
        assert_eq!(me(&client).await.as_deref(), Some("ada"));

        let (answer, thief) = refresh_with(&house, &stolen).await;
        assert_over(&answer);
        assert_eq!((me(&thief).await, me(&client).await), (None, None), "access tokens end as well");
        assert_over(&refresh(&client).await);
        assert_eq!((house.rows("sessions").await, house.rows("refresh_tokens").await), (0, 0));
        assert_eq!(told(&house, &session).await, (1, 1));
        assert_over(&refresh_with(&house, &stolen).await.0);
        assert_eq!(told(&house, &session).await, (1, 1), "once");
    }

    // ASVS 10.4.5
    async fn a_thief_who_is_faster_is_thrown_out_by_the_owner(database) {
        let house = House::open(database).await;
        let (client, node) = (house.member("ada").await, house.node().await);
        let elsewhere = house.signed_in("ada").await;
        let (session, thief) = (session_id(&client).await, node.copy_of(&client));
        assert_eq!(refresh(&thief).await.status, StatusCode::OK);
        assert_eq!(me(&thief).await.as_deref(), Some("ada"));
        house.clock.advance(TimeDelta::seconds(11));
        assert_over(&refresh(&client).await);
        assert_eq!(me(&thief).await, None);
        assert_over(&refresh(&thief).await);
        assert_eq!(told(&house, &session).await, (1, 1));
        assert_eq!(me(&elsewhere).await.as_deref(), Some("ada"), "her other session is untouched");
    }

    // ASVS 7.3.2
    async fn a_refresh_token_expires(database) {
        let config = Config { refresh_lifetime: Period::DAY, ..cheap() };
        let house = House::with(database, config, &MailConfig::default()).await;
        let client = house.member("ada").await;
        house.clock.advance(TimeDelta::hours(24) - TimeDelta::seconds(1));
        assert_eq!(refresh(&client).await.status, StatusCode::OK);
        house.clock.advance(TimeDelta::hours(24));
        assert_over(&refresh(&client).await);
        assert_eq!(me(&client).await, None);
    }

    // ASVS 7.3.1
    async fn a_session_that_is_not_used_cannot_be_refreshed(database) {
        let config = Config { session_idle_timeout: Period::DAY, ..cheap() };
        let house = House::with(database, config, &MailConfig::default()).await;
        let client = house.member("ada").await;
        house.clock.advance(TimeDelta::hours(24) - TimeDelta::seconds(1));
        assert_eq!(refresh(&client).await.status, StatusCode::OK, "which is a use");
        house.clock.advance(TimeDelta::hours(24) - TimeDelta::seconds(1));
        assert_eq!(refresh(&client).await.status, StatusCode::OK);
        house.clock.advance(TimeDelta::hours(24));
        assert_over(&refresh(&client).await);
        assert_eq!(client.cookie(SESSION_COOKIE), None);
        assert_eq!(house.number("SELECT COUNT(*) AS n FROM audit_logs WHERE action = 'refresh_replay'").await, 0);
    }

    // ASVS 7.3.2, 10.4.8
    async fn no_refresh_outlasts_the_session(database) {
        let house = House::open(database).await;
        let client = house.member("ada").await;
        let end = house.now() + TimeDelta::days(30);
        for _ in 1..30 {
            house.clock.advance(TimeDelta::days(1));
            assert_eq!(refresh(&client).await.json()["session_expires_at"], json!(end));
        }
        house.clock.advance(TimeDelta::hours(24) - TimeDelta::minutes(5));
        let answer = refresh(&client).await;
        assert_eq!(answer.json()["access_expires_at"], json!(end), "no access token does, either");
        assert!(answer.headers.get_all("set-cookie").iter().all(|c| c.to_str().expect("text").ends_with("Max-Age=300")
            || c.to_str().expect("text").ends_with("Max-Age=0")), "{answer:?}");
        house.clock.advance(TimeDelta::minutes(5));
        assert_eq!(me(&client).await, None);
        assert_over(&refresh(&client).await);
    }

    // ASVS 7.2.1
    async fn what_is_no_refresh_token_refreshes_nothing(database) {
        let house = House::open(database).await;
        let client = house.member("ada").await;
        assert_over(&refresh(&house.client()).await);
        let (access, token) = (session_of(&client), refresh_of(&client));
        let other_case: String =
            token.chars().map(|c| if c.is_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() }).collect();
        let (long, twice, padded) = ("A".repeat(10_000), token.repeat(2), format!("{token}="));
        for value in ["", "garbage", &"A".repeat(43), &long, &twice, &padded, &other_case, &access, &token[1..], "' OR 1=1 --"] {
            assert_over(&refresh_with(&house, value).await.0);
        }
        // The one cookie does not do for the other.
        let confused = house.client();
        confused.forge_cookie(SESSION_COOKIE, &token);
        assert_eq!(me(&confused).await, None);
        assert_over(&refresh(&confused).await);
        assert_eq!((house.rows("sessions").await, house.number(UNUSED).await), (1, 1));
        assert_eq!(refresh(&client).await.status, StatusCode::OK);
    }

    async fn a_clock_that_is_set_back_signs_nobody_out_and_helps_no_thief(database) {
        let house = House::open(database).await;
        let (honest, robbed) = (house.member("ada").await, house.signed_in("ada").await);
        house.clock.advance(TimeDelta::hours(2));
        let stolen = refresh_of(&robbed);
        for client in [&honest, &robbed] {
            assert_eq!(refresh(client).await.status, StatusCode::OK);
        }
        house.clock.advance(-TimeDelta::hours(1));
        for _ in 0..3 {
            assert_eq!(me_refreshed(&honest).await.as_deref(), Some("ada"));
            house.clock.advance(TimeDelta::minutes(20));
        }
        // It is exactly the time again at which the token was used.
        house.clock.advance(-TimeDelta::minutes(30));
        assert_over(&refresh_with(&house, &stolen).await.0);
        assert_eq!(me_refreshed(&robbed).await, None);
        house.clock.advance(TimeDelta::minutes(30));
        assert_over(&refresh_with(&house, &stolen).await.0);
        assert_eq!(me_refreshed(&honest).await.as_deref(), Some("ada"));
    }
}
