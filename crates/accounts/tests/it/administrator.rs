//! The first administrator.

use accounts::SESSION_COOKIE;
use chrono::TimeDelta;
use futures::future::join_all;
use reqwest::StatusCode;
use serde_json::json;
use testkit::{Answer, Client};

use crate::browser::{me, token_in};
use crate::house::{House, PASSWORD, migrations};

/// The token of a fresh setup link; `None` when there is an administrator.
async fn fresh_link(house: &House) -> Option<String> {
    let link = house.accounts.setup_link().await.expect("asks")?;
    let url = link.reveal("http://localhost:8080");
    assert!(url.starts_with("http://localhost:8080/setup#token="), "{url}");
    assert!(!format!("{link:?}").contains(&token_in(&url).expect("a token")), "not in debug output");
    token_in(&url)
}

async fn set_up(client: &Client, token: &str, name: &str) -> Answer {
    let email = format!("{name}@example.org");
    let body = json!({ "token": token, "email": email, "username": name, "password": PASSWORD });
    client.post("/api/auth/setup", &body).await
}

testkit::on_both_databases! {
    migrations: migrations();

    // ASVS 6.3.2
    async fn whoever_follows_the_link_is_administrator_and_signed_in(database) {
        let house = House::open(database).await;
        let (client, token) = (house.client(), fresh_link(&house).await.expect("no administrator"));
        let answer = set_up(&client, &token, "root").await;
        assert_eq!(answer.status, StatusCode::CREATED, "{answer:?}");
        assert_eq!((&answer.json()["role"], &answer.json()["email_verified"]), (&json!("admin"), &json!(true)));
        assert_eq!(me(&client).await.as_deref(), Some("root"));
        assert!(house.accepts("root@example.org", PASSWORD).await);

        let again = set_up(&house.client(), &token, "eve").await;
        assert_eq!((again.status, again.code().as_str()), (StatusCode::GONE, "link_used"));
        assert_eq!(fresh_link(&house).await, None);
        assert_eq!(house.rows("users").await, 1);
    }

    // ASVS 6.4.1
    async fn a_fresh_link_withdraws_the_one_before(database) {
        let house = House::open(database).await;
        let old = fresh_link(&house).await.expect("no administrator");
        let new = fresh_link(&house).await.expect("no administrator");
        assert_eq!(set_up(&house.client(), &old, "eve").await.code(), "link_invalid");
        assert_eq!(set_up(&house.client(), &new, "root").await.status, StatusCode::CREATED);
    }

    // ASVS 6.4.1
    async fn a_setup_link_expires(database) {
        let house = House::open(database).await;
        let token = fresh_link(&house).await.expect("no administrator");
        house.clock.advance(TimeDelta::hours(24));
        assert_eq!(set_up(&house.client(), &token, "root").await.code(), "link_expired");
        assert_eq!(house.rows("users").await, 0);
    }

    // ASVS 2.3.1, 6.3.4
    async fn nobody_becomes_administrator_by_another_link(database) {
        let house = House::open(database).await;
        let confirmation = house.sign_up("eve").await;
        for token in [confirmation.as_str(), "", "garbage", &"A".repeat(43)] {
            let answer = set_up(&house.client(), token, "root").await;
            assert_eq!((answer.status, answer.code().as_str()), (StatusCode::NOT_FOUND, "link_invalid"));
            assert_eq!(answer.header("set-cookie"), "");
        }
        assert_eq!(house.number("SELECT COUNT(*) AS n FROM users WHERE role = 'admin'").await, 0);
    }

    async fn a_taken_address_or_name_is_told_and_leaves_the_link_working(database) {
        let house = House::open(database).await;
        house.sign_up_and_verify("ada").await;
        let token = fresh_link(&house).await.expect("no administrator");
        for (email, username, code) in [
            ("ADA@example.org", "root", "email_taken"),
            ("root@example.org", "ADA", "username_taken"),
        ] {
            let body = json!({ "token": token, "email": email, "username": username, "password": PASSWORD });
            let client = house.client();
            let answer = client.post("/api/auth/setup", &body).await;
            assert_eq!((answer.status, answer.code().as_str()), (StatusCode::CONFLICT, code));
            assert_eq!(client.cookie(SESSION_COOKIE), None);
        }
        assert_eq!(set_up(&house.client(), &token, "root").await.status, StatusCode::CREATED);
    }

    // ASVS 15.4.2
    async fn ten_who_follow_a_setup_link_at_once_make_one_administrator(database) {
        let house = House::open(database).await;
        let token = fresh_link(&house).await.expect("no administrator");
        let tries = (0..10).map(|n| {
            let (house, token) = (&house, &token);
            async move { set_up(&house.client(), token, &format!("root-{n}")).await }
        });
        let answers = join_all(tries).await;
        let count = |status| answers.iter().filter(|answer| answer.status == status).count();
        assert_eq!((count(StatusCode::CREATED), count(StatusCode::GONE)), (1, 9), "{answers:#?}");
        assert_eq!(house.rows("users").await, 1);
        assert_eq!(house.rows("sessions").await, 1);
    }
}
