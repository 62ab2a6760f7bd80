//! The whole way in and out, and what a refused sign-in tells.

use accounts::SESSION_COOKIE;
use reqwest::StatusCode;
use serde_json::json;

use crate::house::{House, PASSWORD, assert_alike, me, migrations, session_of, sign_in, with_session};

testkit::on_both_databases! {
    migrations: migrations();

    async fn from_signing_up_to_signing_out(database) {
        let house = House::open(database).await;
        let token = house.sign_up("ada").await;
        assert!(!house.accepts("ada@example.org", PASSWORD).await, "not confirmed yet");
        let verified = house.verify(&token).await;
        assert_eq!(verified.json(), json!({ "email": "ada@example.org", "username": "ada" }));

        let client = house.client();
        let answer = sign_in(&client, " ADA@example.org ", PASSWORD).await;
        assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
        assert!(!answer.text.contains("password"), "{answer:?}");
        let cookies: Vec<_> = answer.headers.get_all("set-cookie").iter().collect();
        assert_eq!(cookies.len(), 1);
        let (value, attributes) = cookies[0].to_str().expect("text").split_once("; ").expect("attributes");
        assert!(value.starts_with("__Host-auth_token="), "{value}");
        assert_eq!(attributes, "HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=604800");

        let answer = client.get("/api/auth/me").await;
        let user = answer.json();
        assert_eq!(user["email"], "ada@example.org");
        assert_eq!((&user["role"], &user["email_verified"]), (&json!("user"), &json!(true)));
        assert!(!answer.text.contains("password"), "{answer:?}");

        let cookie = session_of(&client);
        let answer = client.post("/api/auth/logout", &json!({})).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT);
        assert_eq!(answer.header("clear-site-data"), "\"cache\"");
        assert_eq!(client.cookie(SESSION_COOKIE), None, "the browser was told to forget it");
        assert_eq!(me(&client).await, None);
        assert_eq!(me(&with_session(&house, &cookie)).await, None, "a copy of the cookie is worthless");
        assert_eq!(client.post("/api/auth/logout", &json!({})).await.status, StatusCode::NO_CONTENT);
    }

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

    async fn somebody_else_at_the_same_browser_is_somebody_else(database) {
        let house = House::open(database).await;
        let client = house.member("ada").await;
        house.sign_up_and_verify("grace").await;
        sign_in(&client, "grace@example.org", PASSWORD).await;
        assert_eq!(me(&client).await.as_deref(), Some("grace"));
        assert_eq!(house.rows("sessions").await, 1);
    }

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

    async fn an_address_with_strange_characters_is_only_a_wrong_one(database) {
        let house = House::open(database).await;
        for email in ["\u{0}@example.org", "\"\u{0}\"@example.org", "' OR 1=1 --@example.org", "%@example.org", "ada@[::1]"] {
            let answer = sign_in(&house.client(), email, PASSWORD).await;
            assert_eq!(answer.code(), "invalid_credentials", "{email:?}");
        }
    }

    async fn a_user_who_was_deleted_cannot_sign_in(database) {
        let house = House::open(database).await;
        let client = house.member("ada").await;
        house.execute("UPDATE users SET deleted_at = created_at").await;
        assert_eq!(me(&client).await, None);
        assert!(!house.accepts("ada@example.org", PASSWORD).await);
    }
}
