//! Sending the confirmation again.

use chrono::TimeDelta;
use reqwest::StatusCode;
use serde_json::json;
use testkit::Answer;

use crate::house::{House, PASSWORD, assert_alike, migrations};

async fn resend(house: &House, email: &str) -> Answer {
    let answer = house.client().post("/api/auth/resend-verification", &json!({ "email": email })).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED, "{answer:?}");
    answer
}

testkit::on_both_databases! {
    migrations: migrations();

    async fn a_new_link_comes_after_a_pause_and_works(database) {
        let house = House::open(database).await;
        let first = house.sign_up("ada").await;
        house.clock.advance(TimeDelta::seconds(59));
        resend(&house, "ada@example.org").await;
        assert_eq!(house.links("ada@example.org").await.len(), 1);
        house.clock.advance(TimeDelta::seconds(1));
        resend(&house, "ADA@example.org").await;
        resend(&house, "ada@example.org").await;
        let mut links = house.links("ada@example.org").await;
        assert_eq!(links.len(), 2);
        links.remove(&first);
        let second = links.pop_first().expect("a second link");
        assert_eq!(house.verify(&second).await.status, StatusCode::OK);
        assert!(house.accepts("ada@example.org", PASSWORD).await);
        assert_eq!(house.verify(&first).await.code(), "link_used");
    }

    async fn nobody_sees_whether_there_is_something_to_confirm(database) {
        let house = House::open(database).await;
        house.sign_up_and_verify("verified").await;
        house.sign_up("waiting").await;
        house.clock.advance(TimeDelta::minutes(2));
        let mails = async || house.rows("outgoing_mails").await;
        let before = mails().await;
        let waiting = resend(&house, "waiting@example.org").await;
        assert_eq!(mails().await, before + 1);
        let verified = resend(&house, "verified@example.org").await;
        let unknown = resend(&house, "unknown@example.org").await;
        let too_soon = resend(&house, "waiting@example.org").await;
        assert_eq!(mails().await, before + 1);
        for other in [verified, unknown, too_soon] {
            assert_alike(&waiting, &other);
        }
    }

    async fn a_new_link_keeps_a_sign_up_from_being_forgotten(database) {
        let house = House::open(database).await;
        house.sign_up("ada").await;
        house.clock.advance(TimeDelta::hours(23));
        resend(&house, "ada@example.org").await;
        house.clock.advance(TimeDelta::hours(23));
        house.accounts.clean_up().await.expect("cleans up");
        assert_eq!(house.rows("users").await, 1);
    }

    // Whoever signs up twice and asks for the mail again means the password they chose last.
    async fn a_link_that_is_sent_again_brings_the_password_chosen_last(database) {
        let house = House::open(database).await;
        house.sign_up_as("ada@example.org", "ada", "the first password").await;
        house.clock.advance(TimeDelta::minutes(2));
        house.sign_up_as("ada@example.org", "ada", "the second password").await;
        let before = house.links("ada@example.org").await;
        house.clock.advance(TimeDelta::minutes(2));
        resend(&house, "ada@example.org").await;
        let after = house.links("ada@example.org").await;
        let fresh = after.difference(&before).next().expect("a third link");
        assert_eq!(house.verify(fresh).await.status, StatusCode::OK);
        assert!(house.accepts("ada@example.org", "the second password").await);
        assert!(!house.accepts("ada@example.org", "the first password").await);
    }
}
