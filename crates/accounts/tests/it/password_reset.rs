//! A forgotten password.

use chrono::TimeDelta;
use futures::future::join_all;
use reqwest::StatusCode;
use serde_json::json;
use testkit::Answer;

use crate::browser::{assert_alike, me, sign_in, token_in};
use crate::house::{House, PASSWORD, PUBLIC_URL, migrations};
use crate::kit::{assert_problem, assert_status, enrol, enter};

const NEW: &str = "a wholly different sentence";
const ADA: &str = "ada@example.org";
const SUBJECT: &str = "Choose a new password";

async fn forgot(house: &House, email: &str) -> Answer {
    house.client().post("/api/auth/forgot-password", &json!({ "email": email })).await
}

/// Asks for a link and reads it in the mail.
async fn link(house: &House, email: &str) -> String {
    let before = house.links(email).await;
    assert_status(&forgot(house, email).await, StatusCode::ACCEPTED);
    let after = house.links(email).await;
    after.difference(&before).next().expect("a link was mailed").clone()
}

async fn reset(house: &House, token: &str, password: &str) -> Answer {
    let body = json!({ "token": token, "new_password": password });
    house.client().post("/api/auth/reset-password", &body).await
}

testkit::on_both_databases! {
    migrations: migrations();

    // ASVS 6.3.8
    async fn the_answer_is_the_same_whoever_has_an_account(database) {
        let house = House::open(database).await;
        house.sign_up_and_verify("ada").await;
        house.sign_up_and_verify("grace").await;
        house.sign_up("unconfirmed").await;
        house.execute("UPDATE users SET disabled_at = created_at WHERE username = 'grace'").await;
        let known = forgot(&house, " ADA@example.org ").await;
        assert_status(&known, StatusCode::ACCEPTED);
        for nobody in ["nobody@example.org", "grace@example.org", "unconfirmed@example.org"] {
            assert_alike(&known, &forgot(&house, nobody).await);
            let mails = house.mails(nobody).await;
            let told = mails.iter().find(|mail| mail.subject == "There is no account with this address");
            assert!(told.is_some_and(|mail| token_in(&mail.text).is_none()), "{mails:?}");
            assert_eq!(house.mails_about(nobody, SUBJECT).await, 0);
        }
        assert_eq!(house.mails_about(ADA, SUBJECT).await, 1);
        assert_problem(&forgot(&house, "no address").await, StatusCode::BAD_REQUEST, "invalid_input");
    }

    // ASVS 6.4.1
    async fn a_link_sets_the_password_once_and_ends_every_session(database) {
        let house = House::open(database).await;
        let (ada, other) = (house.member("ada").await, house.client());
        sign_in(&other, ADA, PASSWORD).await;
        let token = link(&house, ADA).await;
        let mail = house.mail_about(ADA, SUBJECT).await.expect("a mail");
        assert!(mail.contains(&format!("{PUBLIC_URL}/reset-password#token={token}")), "{mail}");
        assert!(mail.contains("10 minutes") && !mail.contains("administrator"), "{mail}");
        assert_eq!(me(&ada).await.as_deref(), Some("ada"), "asking changes nothing");

        assert_status(&reset(&house, &token, NEW).await, StatusCode::NO_CONTENT);
        for client in [&ada, &other] {
            assert_eq!(me(client).await, None);
            assert_problem(&client.post("/api/auth/refresh", &json!({})).await, StatusCode::UNAUTHORIZED, "unauthenticated");
        }
        assert_eq!(house.rows("sessions").await, 0, "nobody is signed in by it either");
        assert!(house.accepts(ADA, NEW).await && !house.accepts(ADA, PASSWORD).await);
        assert_problem(&reset(&house, &token, PASSWORD).await, StatusCode::GONE, "link_used");
        let told = house.mail_about(ADA, "Your password was reset").await.expect("a mail");
        assert!(!told.contains(NEW) && token_in(&told).is_none(), "{told}");
    }

    // ASVS 6.5.5
    async fn a_link_works_for_ten_minutes(database) {
        let house = House::open(database).await;
        house.sign_up_and_verify("ada").await;
        let (one, other) = (link(&house, ADA).await, { house.clock.advance(TimeDelta::minutes(1)); link(&house, ADA).await });
        house.clock.advance(TimeDelta::minutes(9));
        assert_problem(&reset(&house, &one, NEW).await, StatusCode::GONE, "link_expired");
        house.clock.advance(TimeDelta::milliseconds(59_999));
        assert_status(&reset(&house, &other, NEW).await, StatusCode::NO_CONTENT);
    }

    // ASVS 6.4.1
    async fn the_other_links_of_the_account_are_withdrawn(database) {
        let house = House::open(database).await;
        let ada = house.member("ada").await;
        ada.post("/api/auth/email", &json!({ "new_email": "thief@example.org" })).await;
        let address = house.links("thief@example.org").await.pop_first().expect("a link");
        let (one, other) = (link(&house, ADA).await, link(&house, ADA).await);
        assert_status(&reset(&house, &one, NEW).await, StatusCode::NO_CONTENT);
        assert_problem(&reset(&house, &other, PASSWORD).await, StatusCode::NOT_FOUND, "link_invalid");
        let confirmed = house.client().post("/api/auth/email/confirm", &json!({ "token": address })).await;
        assert_problem(&confirmed, StatusCode::NOT_FOUND, "link_invalid");
    }

    // ASVS 6.4.1
    async fn of_many_who_use_a_link_at_the_same_time_one_sets_the_password(database) {
        let house = House::open(database).await;
        house.sign_up_and_verify("ada").await;
        let token = link(&house, ADA).await;
        let passwords: Vec<_> = (0..10).map(|n| format!("sentence number {n} of many")).collect();
        let answers = join_all(passwords.iter().map(|password| reset(&house, &token, password))).await;
        let done: Vec<_> = answers.iter().zip(&passwords).filter(|(answer, _)| answer.status == StatusCode::NO_CONTENT).collect();
        let late = answers.iter().filter(|answer| answer.code() == "link_used").count();
        assert_eq!((done.len(), late), (1, 9), "{answers:#?}");
        assert!(house.accepts(ADA, done[0].1).await);
    }

    // ASVS 6.4.3
    async fn the_second_factor_stays(database) {
        let house = House::open(database).await;
        let (app, codes) = enrol(&house, &house.member("ada").await).await;
        let token = link(&house, ADA).await;
        assert_status(&reset(&house, &token, NEW).await, StatusCode::NO_CONTENT);
        let client = house.client();
        assert_status(&sign_in(&client, ADA, NEW).await, StatusCode::ACCEPTED);
        assert_problem(&enter(&client, &app.wrong_code(&house)).await, StatusCode::FORBIDDEN, "wrong_code");
        assert_status(&enter(&client, &app.code(&house)).await, StatusCode::OK);
        assert_eq!(house.rows("backup_codes").await, i64::try_from(codes.len()).expect("ten"));
    }

    // ASVS 6.4.1
    async fn a_link_does_nothing_for_somebody_disabled_or_for_another_purpose(database) {
        let house = House::open(database).await;
        let ada = house.member("ada").await;
        let token = link(&house, ADA).await;
        for (path, body) in [
            ("verify-email", json!({ "token": token, "password": PASSWORD })),
            ("email/confirm", json!({ "token": token })),
            ("recover", json!({ "token": token, "password": PASSWORD })),
        ] {
            let answer = house.client().post(&format!("/api/auth/{path}"), &body).await;
            assert_problem(&answer, StatusCode::NOT_FOUND, "link_invalid");
        }
        house.execute("UPDATE users SET disabled_at = created_at").await;
        assert_problem(&reset(&house, &token, NEW).await, StatusCode::NOT_FOUND, "link_invalid");
        house.execute("UPDATE users SET disabled_at = NULL").await;
        for wrong in ["", "x", &token[1..], &token.to_uppercase(), "\u{0}"] {
            assert_problem(&reset(&house, wrong, NEW).await, StatusCode::NOT_FOUND, "link_invalid");
        }
        assert_eq!(me(&ada).await.as_deref(), Some("ada"));
        assert_status(&reset(&house, &token, NEW).await, StatusCode::NO_CONTENT);
    }

    // ASVS 6.2.4, 6.2.11
    async fn the_new_password_has_to_be_a_good_one(database) {
        let house = House::open(database).await;
        house.sign_up_and_verify("ada-lovelace").await;
        let token = link(&house, "ada-lovelace@example.org").await;
        for (weak, code) in [("1234567", "length"), ("password", "too_common"), ("ada-lovelace", "same_as_identity"), ("lovelace1815", "context_word"), ("january2026", "too_guessable")] {
            let answer = reset(&house, &token, weak).await;
            assert_problem(&answer, StatusCode::BAD_REQUEST, "invalid_input");
            assert_eq!(answer.json()["errors"][0]["code"], code, "{answer:?}");
        }
        assert_status(&reset(&house, &token, NEW).await, StatusCode::NO_CONTENT);
    }

    // ASVS 6.3.1
    async fn nobody_fills_a_letter_box(database) {
        let house = House::open(database).await;
        house.sign_up_and_verify("ada").await;
        let client = house.client();
        let ask = async |client: &testkit::Client, email: &str| client.post("/api/auth/forgot-password", &json!({ "email": email })).await;
        for email in [ADA, "nobody@example.org"] {
            assert_status(&ask(&client, email).await, StatusCode::ACCEPTED);
            let answer = ask(&client, email).await;
            assert_problem(&answer, StatusCode::TOO_MANY_REQUESTS, "too_many_requests");
            assert_eq!(answer.header("retry-after"), "60");
        }
        for _ in 0..4 {
            assert_status(&ask(&house.client(), ADA).await, StatusCode::ACCEPTED);
        }
        assert_status(&ask(&house.client(), ADA).await, StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(house.mails_about(ADA, SUBJECT).await, 5);
    }
}
