//! Another e-mail address: confirmed at the new one, announced to the old one.

use chrono::TimeDelta;
use reqwest::StatusCode;
use serde_json::json;
use testkit::{Answer, Client};

use crate::browser::{assert_alike, me, token_in};
use crate::house::{House, PASSWORD, PUBLIC_URL, migrations};
use crate::kit::{assert_problem, assert_status};

const NEW: &str = "ada@new.example";

async fn ask(client: &Client, email: &str) -> Answer {
    client.post("/api/auth/email", &json!({ "new_email": email })).await
}

async fn confirm(client: &Client, token: &str) -> Answer {
    client.post("/api/auth/email/confirm", &json!({ "token": token })).await
}

async fn link(house: &House, client: &Client, email: &str) -> String {
    let before = house.links(email).await;
    assert_status(&ask(client, email).await, StatusCode::ACCEPTED);
    let after = house.links(email).await;
    after.difference(&before).next().expect("a link was mailed").clone()
}

testkit::on_both_databases! {
    migrations: migrations();

    // ASVS 6.3.7
    async fn the_address_changes_when_the_new_one_is_confirmed(database) {
        let house = House::open(database).await;
        let ada = house.member("ada").await;
        let token = link(&house, &ada, NEW).await;
        let mail = house.mail_about(NEW, "Confirm your new e-mail address").await.expect("a mail");
        assert!(mail.contains(&format!("{PUBLIC_URL}/confirm-email#token={token}")), "{mail}");
        let told = house.mail_about("ada@example.org", "Your e-mail address is about to change").await.expect("a mail");
        assert!(told.contains(NEW) && token_in(&told).is_none(), "{told}");
        assert!(house.accepts("ada@example.org", PASSWORD).await && !house.accepts(NEW, PASSWORD).await, "not yet");

        let answer = confirm(&house.client(), &token).await;
        assert_eq!((answer.status, answer.json()), (StatusCode::OK, json!({ "email": NEW })));
        assert_eq!(answer.header("set-cookie"), "", "nobody is signed in by it");
        assert!(!house.accepts("ada@example.org", PASSWORD).await && house.accepts(NEW, PASSWORD).await);
        assert_eq!(me(&ada).await.as_deref(), Some("ada"));
        assert_eq!(ada.get("/api/auth/me").await.json()["email"], NEW);
        assert!(house.mail_about("ada@example.org", "Your e-mail address was changed").await.is_some());
        assert_problem(&confirm(&house.client(), &token).await, StatusCode::GONE, "link_used");
        house.sign_up_as("ada@example.org", "somebody", PASSWORD).await;
    }

    // ASVS 6.3.8
    async fn whoever_asks_does_not_learn_whose_an_address_is(database) {
        let house = House::open(database).await;
        let ada = house.member("ada").await;
        house.sign_up_and_verify("grace").await;
        assert_alike(&ask(&ada, NEW).await, &ask(&ada, "grace@example.org").await);
        assert_eq!(house.mails_about("grace@example.org", "This address has an account").await, 1);
        assert_eq!(house.mails_about("grace@example.org", "Confirm your new e-mail address").await, 0);
    }

    async fn an_address_that_somebody_else_confirms_first_is_theirs(database) {
        let house = House::open(database).await;
        let ada = house.member("ada").await;
        let token = link(&house, &ada, NEW).await;
        let theirs = house.sign_up_as(NEW, "grace", PASSWORD).await;
        assert_status(&house.verify(&theirs).await, StatusCode::OK);
        assert_problem(&confirm(&house.client(), &token).await, StatusCode::CONFLICT, "email_taken");
        assert!(house.accepts("ada@example.org", PASSWORD).await);
    }

    async fn sign_ups_with_the_address_that_nobody_confirmed_are_forgotten(database) {
        let house = House::open(database).await;
        let ada = house.member("ada").await;
        let squatters = house.sign_up_as(NEW, "squatter", PASSWORD).await;
        let token = link(&house, &ada, NEW).await;
        assert_status(&confirm(&house.client(), &token).await, StatusCode::OK);
        assert_problem(&house.verify(&squatters).await, StatusCode::NOT_FOUND, "link_invalid");
        assert_eq!(house.rows("users").await, 1);
    }

    // ASVS 6.4.1
    async fn a_link_works_for_a_day_and_for_whoever_may_act(database) {
        let house = House::open(database).await;
        let ada = house.member("ada").await;
        let (one, other) = (link(&house, &ada, NEW).await, link(&house, &ada, "ada@third.example").await);
        house.execute("UPDATE users SET disabled_at = created_at").await;
        assert_problem(&confirm(&house.client(), &one).await, StatusCode::NOT_FOUND, "link_invalid");
        house.execute("UPDATE users SET disabled_at = NULL").await;
        house.clock.advance(TimeDelta::hours(24) - TimeDelta::milliseconds(1));
        assert_status(&confirm(&house.client(), &one).await, StatusCode::OK);
        assert_problem(&confirm(&house.client(), &other).await, StatusCode::NOT_FOUND, "link_invalid");
        let late = link(&house, &{ let c = house.client(); crate::browser::sign_in(&c, NEW, PASSWORD).await; c }, "ada@fourth.example").await;
        house.clock.advance(TimeDelta::hours(24));
        assert_problem(&confirm(&house.client(), &late).await, StatusCode::GONE, "link_expired");
    }

    // ASVS 6.4.1
    async fn links_to_the_old_address_stop_working(database) {
        let house = House::open(database).await;
        let ada = house.member("ada").await;
        house.client().post("/api/auth/forgot-password", &json!({ "email": "ada@example.org" })).await;
        let reset = house.mail_about("ada@example.org", "Choose a new password").await.and_then(|mail| token_in(&mail)).expect("a link");
        let token = link(&house, &ada, NEW).await;
        assert_status(&confirm(&house.client(), &token).await, StatusCode::OK);
        let body = json!({ "token": reset, "new_password": "a wholly different sentence" });
        assert_problem(&house.client().post("/api/auth/reset-password", &body).await, StatusCode::NOT_FOUND, "link_invalid");
    }

    // ASVS 6.3.1
    async fn mails_to_new_addresses_are_counted_and_addresses_checked(database) {
        let house = House::open(database).await;
        let ada = house.member("ada").await;
        for wrong in ["", "ada", "ada@", "a\u{0}b@example.org", "\"ada\"@example.org"] {
            assert_problem(&ask(&ada, wrong).await, StatusCode::BAD_REQUEST, "invalid_input");
        }
        assert_status(&ask(&ada, NEW).await, StatusCode::ACCEPTED);
        assert_problem(&ask(&ada, "ADA@new.example").await, StatusCode::TOO_MANY_REQUESTS, "too_many_requests");
        for n in 1..10 {
            assert_status(&ask(&ada, &format!("other{n}@new.example")).await, StatusCode::ACCEPTED);
        }
        assert_status(&ask(&ada, "eleventh@new.example").await, StatusCode::TOO_MANY_REQUESTS);
    }
}
