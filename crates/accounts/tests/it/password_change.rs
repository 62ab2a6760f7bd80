//! Changing a password, and which ones are accepted.

use accounts::{Config, PasswordConfig};
use chrono::TimeDelta;
use reqwest::StatusCode;
use serde_json::json;
use testkit::{Answer, Client};

use crate::browser::{me, sign_in, token_in};
use crate::house::{House, PASSWORD, cheap, migrations};
use crate::kit::{assert_problem, assert_status, enrol, enter, half_way};

const NEW: &str = "a wholly different sentence";

async fn change(client: &Client, current: &str, new: &str, end_others: bool) -> Answer {
    let body = json!({ "current_password": current, "new_password": new, "end_other_sessions": end_others });
    client.post("/api/auth/password", &body).await
}

testkit::on_both_databases! {
    migrations: migrations();

    // ASVS 6.2.2
    async fn the_new_password_works_and_the_old_one_does_not(database) {
        let house = House::open(database).await;
        let ada = house.member("ada").await;
        assert_status(&change(&ada, PASSWORD, NEW, false).await, StatusCode::NO_CONTENT);
        assert_eq!(me(&ada).await.as_deref(), Some("ada"));
        assert!(house.accepts("ada@example.org", NEW).await);
        assert!(!house.accepts("ada@example.org", PASSWORD).await);
    }

    // ASVS 6.2.3
    async fn the_change_needs_the_current_one_and_guesses_are_counted(database) {
        let house = House::open(database).await;
        let ada = house.member("ada").await;
        for wrong in ["not the password", "", "CORRECT horse battery", " correct horse battery", "correct horse battery "] {
            assert_problem(&change(&ada, wrong, NEW, true).await, StatusCode::FORBIDDEN, "wrong_password");
        }
        assert_problem(&change(&ada, PASSWORD, NEW, true).await, StatusCode::TOO_MANY_REQUESTS, "too_many_requests");
        assert!(house.accepts("ada@example.org", PASSWORD).await);
        house.clock.advance(TimeDelta::seconds(1));
        assert_status(&change(&ada, PASSWORD, NEW, true).await, StatusCode::NO_CONTENT);
    }

    // ASVS 7.4.3
    async fn it_ends_the_other_sessions_when_asked_to(database) {
        let house = House::open(database).await;
        let (ada, other) = (house.member("ada").await, house.client());
        sign_in(&other, "ada@example.org", PASSWORD).await;
        assert_status(&change(&ada, PASSWORD, NEW, false).await, StatusCode::NO_CONTENT);
        assert_eq!(me(&other).await.as_deref(), Some("ada"), "not asked to");
        assert_status(&change(&ada, NEW, PASSWORD, true).await, StatusCode::NO_CONTENT);
        assert_eq!(me(&other).await, None);
        assert_problem(&other.post("/api/auth/refresh", &json!({})).await, StatusCode::UNAUTHORIZED, "unauthenticated");
        assert_eq!(me(&ada).await.as_deref(), Some("ada"));
        assert_eq!(house.rows("sessions").await, 1);
    }

    // ASVS 6.3.7
    async fn the_owner_is_told(database) {
        let house = House::open(database).await;
        let ada = house.member("ada").await;
        change(&ada, PASSWORD, NEW, false).await;
        let mail = house.mail_about("ada@example.org", "Your password was changed").await.expect("a mail");
        assert!(!mail.contains(NEW) && !mail.contains(PASSWORD) && token_in(&mail).is_none(), "{mail}");
        let entries = ada.get("/api/auth/activity").await.text;
        assert!(entries.contains("password_change") && !entries.contains(NEW), "{entries}");
    }

    // ASVS 6.6.2
    async fn what_was_begun_with_the_old_password_ends(database) {
        let house = House::open(database).await;
        let ada = house.member("ada").await;
        let (app, _) = enrol(&house, &ada).await;
        let thief = half_way(&house, "ada").await;
        ada.post("/api/auth/email", &json!({ "new_email": "thief@example.org" })).await;
        house.client().post("/api/auth/forgot-password", &json!({ "email": "ada@example.org" })).await;
        let address = house.links("thief@example.org").await.pop_first().expect("a link");
        let reset = house.mail_about("ada@example.org", "Choose a new password").await.and_then(|mail| token_in(&mail));
        assert_status(&change(&ada, PASSWORD, NEW, false).await, StatusCode::NO_CONTENT);

        assert_problem(&enter(&thief, &app.code(&house)).await, StatusCode::UNAUTHORIZED, "sign_in_expired");
        let confirmed = house.client().post("/api/auth/email/confirm", &json!({ "token": address })).await;
        assert_problem(&confirmed, StatusCode::NOT_FOUND, "link_invalid");
        let body = json!({ "token": reset.expect("a link"), "new_password": PASSWORD });
        assert_problem(&house.client().post("/api/auth/reset-password", &body).await, StatusCode::NOT_FOUND, "link_invalid");
    }

    // ASVS 6.2.4, 6.2.11, 6.2.12
    async fn weak_passwords_are_refused_and_the_answer_says_why(database) {
        let house = House::open(database).await;
        let ada = house.member("ada-lovelace").await;
        for (weak, code) in [
            ("1234567", "length"),
            (&"x1".repeat(129)[..257], "length"),
            ("password", "too_common"),
            ("Password1", "too_common"),
            ("qwertyuiop", "too_common"),
            ("ada-lovelace", "same_as_identity"),
            ("ADA-Lovelace@example.org", "same_as_identity"),
            ("Lovelace1815", "context_word"),
            ("mainstay2026", "context_word"),
            ("münchen-2026!", "context_word"),
            ("abcdefgh1234", "too_common"),
            ("january2026", "too_guessable"),
        ] {
            let answer = change(&ada, PASSWORD, weak, false).await;
            assert_problem(&answer, StatusCode::BAD_REQUEST, "invalid_input");
            let errors = answer.json()["errors"].clone();
            assert_eq!((&errors[0]["field"], &errors[0]["code"]), (&json!("new_password"), &json!(code)), "{weak}: {errors}");
        }
        assert!(house.accepts("ada-lovelace@example.org", PASSWORD).await);
    }

    // ASVS 6.2.1, 6.2.5, 6.2.8, 6.2.9
    async fn long_and_unusual_passwords_are_taken_exactly_as_typed(database) {
        let house = House::open(database).await;
        let ada = house.member("ada").await;
        let mut current = PASSWORD.to_owned();
        let long: String = "vier Tassen Kaffee am Morgen und ".chars().cycle().take(256).collect();
        // `é` in one and in two characters; spaces at the ends.
        for new in ["gjwkqpxv", &long[..64], &long[..65], &long, "🔑🐘🌧️🎻🍉🧭🪴🚲", "  zwei Leerzeichen  ", "cafe\u{301} au bord du lac", "café au bord du lac", "\u{1f469}\u{200d}\u{1f680} fährt zum Mond", "NUL \u{0} and tab \t inside"] {
            house.clock.advance(TimeDelta::seconds(1));
            let answer = change(&ada, &current, new, false).await;
            assert_eq!(answer.status, StatusCode::NO_CONTENT, "{new:?}: {answer:?}");
            assert!(house.accepts("ada@example.org", new).await, "{new:?}");
            let trimmed = new.trim().to_owned();
            let other = if trimmed == new { new.chars().take(63).collect() } else { trimmed };
            let other = if other == new { format!("{new} ") } else { other };
            assert!(!house.accepts("ada@example.org", &other).await, "{other:?} for {new:?}");
            current = new.to_owned();
        }
        assert!(!house.accepts("ada@example.org", "café au bord du lac").await);
    }

    // ASVS 11.4.2
    async fn a_hash_of_other_parameters_is_renewed_at_the_next_sign_in(database) {
        let house = House::open(database).await;
        house.sign_up_and_verify("ada").await;
        let hash = async || house.text("SELECT password_hash AS t FROM users").await;
        let old = hash().await;
        assert!(old.starts_with("$argon2id$v=19$m=8,t=1,p=1$"), "{old}");
        assert!(house.accepts("ada@example.org", PASSWORD).await);
        assert_eq!(hash().await, old, "nothing to renew");

        let costly = PasswordConfig { memory_kib: 64, passes: 2, ..cheap().password };
        let stronger = house.beside(Config { password: costly, ..cheap() }).await;
        assert!(!stronger.accepts("ada@example.org", "not the password").await);
        assert_eq!(hash().await, old);
        assert!(stronger.accepts("ada@example.org", PASSWORD).await);
        let new = hash().await;
        assert!(new.starts_with("$argon2id$v=19$m=64,t=2,p=1$"), "{new}");
        assert!(stronger.accepts("ada@example.org", PASSWORD).await);
        assert_eq!(hash().await, new, "once");
        assert!(house.accepts("ada@example.org", PASSWORD).await);
    }
}
