//! The whole way in and out, and what a refused sign-in tells.

use accounts::{DEVICE_COOKIE, REFRESH_COOKIE, SESSION_COOKIE};
use reqwest::StatusCode;
use serde_json::json;

use crate::browser::{assert_alike, me, refresh, refresh_of, session_of, sign_in, with_session};
use crate::house::{House, PASSWORD, migrations};

testkit::on_both_databases! {
    migrations: migrations();

    // ASVS 2.3.1, 3.3.4, 7.4.1, 8.2.3, 14.3.1, 15.3.1
    async fn from_signing_up_to_signing_out(database) {
        let house = House::open(database).await;
        let token = house.sign_up("ada").await;
        assert!(!house.accepts("ada@example.org", PASSWORD).await, "not confirmed yet");
        let verified = house.verify(&token).await;
        assert_eq!((&verified.json()["email"], &verified.json()["username"]), (&json!("ada@example.org"), &json!("ada")));

        let client = house.client();
        let answer = sign_in(&client, " ADA@example.org ", PASSWORD).await;
        assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
        assert!(!answer.text.contains("password"), "{answer:?}");

        let answer = client.get("/api/auth/me").await;
        let user = answer.json();
        assert_eq!(user["email"], "ada@example.org");
        assert_eq!((&user["role"], &user["email_verified"]), (&json!("user"), &json!(true)));
        assert!(!answer.text.contains("password"), "{answer:?}");

        let (access, refresh_token) = (session_of(&client), refresh_of(&client));
        let answer = client.post("/api/auth/logout", &json!({})).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT);
        assert_eq!(answer.header("clear-site-data"), "\"cache\"");
        for cookie in [SESSION_COOKIE, REFRESH_COOKIE] {
            assert_eq!(client.cookie(cookie), None, "the browser was told to forget it");
        }
        assert!(client.cookie(DEVICE_COOKIE).is_some(), "it is still a browser that was here");
        assert_eq!(me(&client).await, None);
        let copy = with_session(&house, &access);
        assert_eq!(me(&copy).await, None, "a copy of the cookie is worthless");
        copy.forge_cookie(REFRESH_COOKIE, &refresh_token);
        assert_eq!(refresh(&copy).await.code(), "unauthenticated", "and so is one of the other");
        assert_eq!(client.post("/api/auth/logout", &json!({})).await.status, StatusCode::NO_CONTENT);
    }

    // ASVS 7.2.2, 7.2.4
    async fn signing_in_again_ends_the_session_of_this_browser_and_no_other(database) {
        let house = House::open(database).await;
        let (one, other) = (house.member("ada").await, house.client());
        sign_in(&other, "ada@example.org", PASSWORD).await;
        let first = session_of(&one);
        sign_in(&one, "ada@example.org", PASSWORD).await;
        assert_ne!(session_of(&one), first);
        assert_eq!(me(&with_session(&house, &first)).await, None);
        assert_eq!(me(&one).await.as_deref(), Some("ada"));
        assert_eq!(me(&other).await.as_deref(), Some("ada"));

        let refused = sign_in(&one, "ada@example.org", "wrong password").await;
        assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
        assert_eq!(me(&one).await.as_deref(), Some("ada"), "a slip of the finger signs nobody out");

        one.post("/api/auth/logout", &json!({})).await;
        assert_eq!(me(&other).await.as_deref(), Some("ada"));
    }

    // OWASP ASVS 5.0, 6.3.5: told by mail, unless it is the browser that was there before.
    async fn a_sign_in_from_a_new_browser_is_told_by_mail(database) {
        let house = House::open(database).await;
        let known = house.member("ada").await;
        let told = async || {
            let mails = house.mails("ada@example.org").await;
            mails.iter().filter(|mail| mail.subject == "New sign-in to your account").count()
        };
        assert_eq!(told().await, 0, "the first browser of all is not new");
        known.post("/api/auth/logout", &json!({})).await;
        sign_in(&known, "ada@example.org", PASSWORD).await;
        assert_eq!(told().await, 0);
        let new = house.signed_in("ada").await;
        assert_eq!(told().await, 1);
        sign_in(&new, "ada@example.org", PASSWORD).await;
        assert_eq!(told().await, 1);
        sign_in(&house.client(), "ada@example.org", "wrong password").await;
        assert_eq!(told().await, 1);
        house.sign_up_and_verify("grace").await;
        sign_in(&known, "grace@example.org", PASSWORD).await;
        assert_eq!(house.mails("grace@example.org").await.len(), 2, "hers is another account's browser");
    }

    async fn somebody_else_at_the_same_browser_is_somebody_else(database) {
        let house = House::open(database).await;
        let client = house.member("ada").await;
        house.sign_up_and_verify("grace").await;
        sign_in(&client, "grace@example.org", PASSWORD).await;
        assert_eq!(me(&client).await.as_deref(), Some("grace"));
        assert_eq!(house.rows("sessions").await, 1);
    }

    // ASVS 6.3.8
    async fn a_refused_sign_in_does_not_tell_why(database) {
        let house = House::open(database).await;
        house.sign_up_and_verify("ada").await;
        house.sign_up("unconfirmed").await;
        let refusals = [
            sign_in(&house.client(), "ada@example.org", "wrong password").await,
            sign_in(&house.client(), "unconfirmed@example.org", PASSWORD).await,
            sign_in(&house.client(), "nobody@example.org", PASSWORD).await,
            sign_in(&house.client(), "not an address", PASSWORD).await,
            sign_in(&house.client(), "ada@example.org", "").await,
            sign_in(&house.client(), "", "").await,
        ];
        assert_eq!(refusals[0].code(), "invalid_credentials");
        assert_eq!(refusals[0].header("set-cookie"), "");
        for other in &refusals[1..] {
            assert_alike(&refusals[0], other);
        }
        assert_eq!(house.rows("sessions").await, 0);
    }

    // ASVS 1.2.4
    async fn an_address_with_strange_characters_is_only_a_wrong_one(database) {
        let house = House::open(database).await;
        for email in ["\u{0}@example.org", "\"\u{0}\"@example.org", "' OR 1=1 --@example.org", "%@example.org", "ada@[::1]"] {
            let answer = sign_in(&house.client(), email, PASSWORD).await;
            assert_eq!(answer.code(), "invalid_credentials", "{email:?}");
        }
    }

    // ASVS 7.4.2, 8.3.2
    async fn a_user_who_was_deleted_cannot_sign_in(database) {
        let house = House::open(database).await;
        let client = house.member("ada").await;
        house.execute("UPDATE users SET deleted_at = created_at").await;
        assert_eq!(me(&client).await, None);
        assert!(!house.accepts("ada@example.org", PASSWORD).await);
    }
}
