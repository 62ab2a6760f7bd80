//! Sending the confirmation again.

use chrono::TimeDelta;
use reqwest::StatusCode;
use serde_json::json;
use testkit::{Answer, Client};

use crate::browser::{assert_alike, wish};
use crate::house::{House, PASSWORD, migrations};

async fn ask(client: &Client, email: &str) -> Answer {
    client.post("/api/auth/resend-verification", &json!({ "email": email })).await
}

/// From an address of its own.
async fn resend(house: &House, email: &str) -> Answer {
    let answer = ask(&house.client(), email).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED, "{answer:?}");
    answer
}

fn assert_too_soon(answer: &Answer, wait: &str) {
    assert_eq!((answer.status, answer.code().as_str()), (StatusCode::TOO_MANY_REQUESTS, "too_many_requests"));
    assert_eq!(answer.header("retry-after"), wait);
}

testkit::on_both_databases! {
    migrations: migrations();

    async fn a_new_link_comes_after_a_pause_and_works(database) {
        let house = House::open(database).await;
        let client = house.client();
        client.post("/api/auth/signup", &wish("ada@example.org", "ada", PASSWORD)).await;
        let first = house.links("ada@example.org").await.pop_first().expect("a link");
        house.clock.advance(TimeDelta::seconds(59));
        assert_too_soon(&ask(&client, "ada@example.org").await, "1");
        assert_eq!(house.links("ada@example.org").await.len(), 1);
        house.clock.advance(TimeDelta::seconds(1));
        assert_eq!(ask(&client, "ADA@example.org").await.status, StatusCode::ACCEPTED);
        assert_too_soon(&ask(&client, "ada@example.org").await, "120");
        let mut links = house.links("ada@example.org").await;
        assert_eq!(links.len(), 2);
        links.remove(&first);
        let second = links.pop_first().expect("a second link");
        assert_eq!(house.verify(&second).await.status, StatusCode::OK);
        assert!(house.accepts("ada@example.org", PASSWORD).await);
        assert_eq!(house.verify(&first).await.code(), "link_used");
    }

    // What is to be found out is in the letter box alone, for whoever it belongs to.
    // ASVS 6.3.8
    async fn nobody_sees_whether_there_is_something_to_confirm(database) {
        let house = House::open(database).await;
        house.sign_up_and_verify("verified").await;
        house.sign_up("waiting").await;
        let cases = [
            ("waiting@example.org", "Confirm your e-mail address"),
            ("verified@example.org", "Your address is confirmed"),
            ("unknown@example.org", "There is no account with this address"),
        ];
        let mut answers = Vec::new();
        for (email, subject) in cases {
            let (client, before) = (house.client(), house.rows("outgoing_mails").await);
            answers.push((ask(&client, email).await, ask(&client, email).await));
            assert_eq!(house.rows("outgoing_mails").await, before + 1);
            let mails = house.mails(email).await;
            assert!(mails.iter().any(|mail| mail.subject == subject), "{subject} in {mails:?}");
        }
        assert_eq!(answers[0].0.status, StatusCode::ACCEPTED);
        assert_too_soon(&answers[0].1, "60");
        for (answer, too_soon) in &answers[1..] {
            assert_alike(&answers[0].0, answer);
            assert_alike(&answers[0].1, too_soon);
        }
    }

    // ASVS 2.3.2
    async fn a_letter_box_is_not_filled_from_many_networks(database) {
        let house = House::open(database).await;
        for _ in 0..5 {
            resend(&house, "ada@example.org").await;
        }
        assert_too_soon(&ask(&house.client(), "ada@example.org").await, "60");
        resend(&house, "grace@example.org").await;
        assert_eq!(house.mails("ada@example.org").await.len(), 5);
    }

    async fn many_letter_boxes_are_not_filled_from_one_network(database) {
        let house = House::open(database).await;
        let client = house.client();
        for n in 0..10 {
            assert_eq!(ask(&client, &format!("user-{n}@example.org")).await.status, StatusCode::ACCEPTED);
        }
        assert_too_soon(&ask(&client, "one-more@example.org").await, "60");
        resend(&house, "one-more@example.org").await;
        assert_eq!(house.rows("outgoing_mails").await, 11);
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
        assert_eq!(house.verify_with(fresh, "the first password").await.code(), "wrong_password");
        assert_eq!(house.verify_with(fresh, "the second password").await.status, StatusCode::OK);
        assert!(house.accepts("ada@example.org", "the second password").await);
        assert!(!house.accepts("ada@example.org", "the first password").await);
    }
}
