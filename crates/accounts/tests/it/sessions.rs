//! How long a session lasts, and what is no session.

use chrono::TimeDelta;
use reqwest::{Method, StatusCode};
use serde_json::json;

use accounts::{DEVICE_COOKIE, SESSION_COOKIE};

use crate::browser::{me, me_refreshed, refresh, refresh_of, session_of, with_session};
use crate::house::{House, migrations};

const SEEN: &str = "SELECT COUNT(*) AS n FROM sessions WHERE last_seen_at > created_at";

testkit::on_both_databases! {
    migrations: migrations();

    // ASVS 7.3.1
    async fn a_session_ends_when_it_is_not_used_for_a_week(database) {
        let house = House::open(database).await;
        let client = house.member("ada").await;
        house.clock.advance(TimeDelta::days(7) - TimeDelta::seconds(1));
        assert_eq!(me_refreshed(&client).await.as_deref(), Some("ada"));
        house.clock.advance(TimeDelta::days(7));
        assert_eq!(me_refreshed(&client).await, None);
        assert_eq!(client.get("/api/auth/csrf").await.code(), "unauthenticated");
    }

    // ASVS 7.3.2, 10.4.8
    async fn a_session_that_is_used_twice_a_day_ends_after_a_month(database) {
        let house = House::open(database).await;
        let client = house.member("ada").await;
        for _ in 1..30 * 2 {
            house.clock.advance(TimeDelta::hours(12));
            assert_eq!(me_refreshed(&client).await.as_deref(), Some("ada"));
        }
        house.clock.advance(TimeDelta::hours(12) - TimeDelta::seconds(1));
        assert_eq!(me_refreshed(&client).await.as_deref(), Some("ada"));
        house.clock.advance(TimeDelta::seconds(1));
        assert_eq!(me_refreshed(&client).await, None);
    }

    // ASVS 7.5.2
    async fn only_sessions_that_are_worth_something_are_listed(database) {
        let house = House::open(database).await;
        house.member("ada").await;
        house.clock.advance(TimeDelta::days(6));
        house.signed_in("ada").await;
        let client = house.signed_in("ada").await;
        let listed = async || client.get("/api/auth/sessions").await.json()["sessions"].as_array().map(Vec::len);
        assert_eq!(listed().await, Some(3));
        house.clock.advance(TimeDelta::days(1));
        assert_eq!(refresh(&client).await.status, StatusCode::OK);
        assert_eq!(listed().await, Some(2), "the first was not used for a week");
    }

    async fn when_it_was_used_is_noted_every_five_minutes(database) {
        let house = House::open(database).await;
        let client = house.member("ada").await;
        house.clock.advance(TimeDelta::minutes(5) - TimeDelta::seconds(1));
        me(&client).await;
        assert_eq!(house.number(SEEN).await, 0);
        house.clock.advance(TimeDelta::seconds(1));
        me(&client).await;
        assert_eq!(house.number(SEEN).await, 1);
    }

    // ASVS 1.2.4, 7.2.1, 8.2.1, 8.3.1
    async fn what_is_no_session_of_ours_is_nobody(database) {
        let house = House::open(database).await;
        let session = session_of(&house.member("ada").await);
        let (long, cut) = (session.repeat(100), &session[..42]);
        let other_case: String = session.chars().map(|c| if c.is_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() }).collect();
        for value in ["", "garbage", &"A".repeat(43), &long, cut, &other_case, "' OR 1=1 --", &format!("\"{session}\"x")] {
            assert_eq!(me(&with_session(&house, value)).await, None, "{value:?}");
        }
        assert_eq!(me(&with_session(&house, &session)).await.as_deref(), Some("ada"));

        let elsewhere = house.client();
        elsewhere.forge_cookie("auth_token", &session);
        assert_eq!(me(&elsewhere).await, None, "only the cookie that browsers protect counts");
    }

    // ASVS 15.3.7
    async fn two_session_cookies_are_not_believed(database) {
        let house = House::open(database).await;
        let session = session_of(&house.member("ada").await);
        let client = house.client();
        let twice = format!("{SESSION_COOKIE}={session}; {SESSION_COOKIE}={session}");
        let answer = client.send(client.request(Method::GET, "/api/auth/me").header("cookie", twice)).await;
        assert_eq!((answer.status, answer.code().as_str()), (StatusCode::BAD_REQUEST, "malformed_request"));
    }

    async fn signing_out_with_garbage_ends_nobody_s_session(database) {
        let house = House::open(database).await;
        let client = house.member("ada").await;
        for value in ["", "garbage", &"A".repeat(43)] {
            let answer = with_session(&house, value).post("/api/auth/logout", &json!({})).await;
            assert_eq!(answer.status, StatusCode::NO_CONTENT);
        }
        assert_eq!(me(&client).await.as_deref(), Some("ada"));
    }

    // ASVS 11.5.1, 14.2.4
    async fn the_database_holds_neither_token_nor_link_nor_password(database) {
        let house = House::open(database).await;
        let client = house.member("ada").await;
        let (refresh, device) = (refresh_of(&client), client.cookie(DEVICE_COOKIE).expect("known"));
        let link = house.sign_up("grace").await;
        house.execute("DELETE FROM outgoing_mails").await;
        for table in ["refresh_tokens", "known_devices", "one_time_links"] {
            let column = "token_hash";
            assert_ne!(house.rows(table).await, 0);
            for secret in [&refresh, &device, &link] {
                let as_bytes: String = secret.bytes().fold(String::new(), |hex, b| format!("{hex}{b:02x}"));
                let literal = match house.store.backend() {
                    store::sea_orm::DbBackend::Sqlite => format!("x'{as_bytes}'"),
                    _ => format!("'\\x{as_bytes}'::bytea"),
                };
                let found = house.number(&format!("SELECT COUNT(*) AS n FROM {table} WHERE {column} = {literal}")).await;
                assert_eq!(found, 0);
            }
        }
        let hashed = "SELECT COUNT(*) AS n FROM users WHERE password_hash LIKE '$argon2id$%'";
        assert_eq!(house.number(hashed).await, 2);
    }
}
