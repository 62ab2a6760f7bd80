//! Passkeys: a second factor, and a sign-in of their own.

use accounts::SIGN_IN_COOKIE;
use chrono::TimeDelta;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::authenticator::{AGAIN, ALONE, Authenticator, SECOND, add, assert_refused, holder, show, start};
use crate::browser::{me, session_of, sign_in, with_session};
use crate::house::{House, PASSWORD, migrations};
use crate::kit::{assert_problem, assert_status, call, enrol, enter, half_way, id_of, text};

testkit::on_both_databases! {
    migrations: migrations();

    // ASVS 6.3.3
    async fn a_passkey_is_added_with_backup_codes_and_is_a_second_factor(database) {
        let house = House::open(database).await;
        let ada = house.member("ada").await;
        let options = start(&ada, "passkeys/register").await["publicKey"].clone();
        assert_eq!(options["rp"], json!({ "id": "xn--mnchen-3ya.example", "name": "münchen.example" }));
        assert_eq!((&options["user"]["name"], &options["user"]["displayName"]), (&json!("ada@example.org"), &json!("ada")));
        assert_eq!(options["authenticatorSelection"]["userVerification"], "required");
        assert_eq!(options["authenticatorSelection"]["residentKey"], "preferred");
        let mut key = Authenticator::new("ada");
        let answer = add(&ada, &mut key, " my key ").await;
        assert_status(&answer, StatusCode::CREATED);
        assert_eq!(answer.json()["passkey"]["name"], "my key");
        let codes = answer.json()["backup_codes"].as_array().expect("codes").clone();
        assert_eq!(codes.len(), 10);
        assert!(house.mail_about("ada@example.org", "Passkey added").await.is_some());
        assert_eq!(ada.get("/api/auth/passkeys").await.json()["passkeys"].as_array().expect("a list").len(), 1);
        assert_eq!(ada.get("/api/auth/me").await.json()["second_factor"], true);

        let client = house.client();
        let answer = sign_in(&client, "ada@example.org", PASSWORD).await;
        assert_eq!((answer.status, &answer.json()["methods"]), (StatusCode::ACCEPTED, &json!(["passkey", "backup_code"])));
        assert_status(&enter(&client, codes[0].as_str().expect("text")).await, StatusCode::OK);

        let second = add(&ada, &mut Authenticator::new("another"), "another").await;
        assert_eq!((second.status, &second.json()["backup_codes"]), (StatusCode::CREATED, &Value::Null));
        let known = start(&ada, "passkeys/register").await["publicKey"]["excludeCredentials"].as_array().expect("a list").len();
        assert_eq!(known, 2, "the browser is told not to make another on the same key");
        assert_refused(&add(&ada, &mut key, "the same").await);
    }

    // ASVS 6.3.3
    async fn a_passkey_alone_signs_in(database) {
        let house = House::open(database).await;
        let (_, mut key) = holder(&house, "ada").await;
        let client = house.client();
        let options = start(&client, ALONE).await["publicKey"].clone();
        assert_eq!((&options["userVerification"], &options["rpId"]), (&json!("required"), &json!("xn--mnchen-3ya.example")));
        assert_eq!(options["allowCredentials"], json!([]), "it does not say who has one");
        assert_eq!(me(&client).await, None);
        let answer = show(&client, ALONE, &mut key).await;
        assert_eq!((answer.status, &answer.json()["username"]), (StatusCode::OK, &json!("ada")));
        assert_eq!((me(&client).await.as_deref(), client.cookie(SIGN_IN_COOKIE)), (Some("ada"), None));
        let sessions = client.get("/api/auth/sessions").await.json();
        assert!(sessions["sessions"].as_array().expect("a list").iter().any(|s| s["current"] == true && s["signed_in_with"] == "passkey"));
        assert!(client.get("/api/auth/passkeys").await.json()["passkeys"][0]["last_used_at"].is_string());
        assert_status(&client.get("/api/auth/export").await, StatusCode::OK);
    }

    // ASVS 6.3.3
    async fn a_passkey_completes_a_sign_in(database) {
        let house = House::open(database).await;
        let (_, mut key) = holder(&house, "ada").await;
        let client = half_way(&house, "ada").await;
        let answer = show(&client, SECOND, &mut key).await;
        assert_eq!((answer.status, &answer.json()["username"]), (StatusCode::OK, &json!("ada")));
        assert_eq!(me(&client).await.as_deref(), Some("ada"));
        let stranger = house.client();
        let answer = stranger.post("/api/auth/2fa/passkey/start", &json!({})).await;
        assert_problem(&answer, StatusCode::UNAUTHORIZED, "sign_in_expired");
        let grace = house.member("grace").await;
        enrol(&house, &grace).await;
        let answer = half_way(&house, "grace").await.post("/api/auth/2fa/passkey/start", &json!({})).await;
        assert_problem(&answer, StatusCode::CONFLICT, "not_enabled");
    }

    // ASVS 7.2.4, 7.5.1
    async fn a_passkey_shows_again_who_one_is(database) {
        let house = House::open(database).await;
        let (ada, mut key) = holder(&house, "ada").await;
        house.clock.advance(TimeDelta::minutes(10));
        assert_problem(&ada.get("/api/auth/export").await, StatusCode::FORBIDDEN, "reauthentication_required");
        let old = session_of(&ada);
        let answer = show(&ada, AGAIN, &mut key).await;
        assert_status(&answer, StatusCode::OK);
        assert!(answer.json()["reauthenticated_until"].is_string());
        assert_status(&ada.get("/api/auth/export").await, StatusCode::OK);
        assert_eq!(me(&with_session(&house, &old)).await, None);
        let grace = house.member("grace").await;
        let answer = grace.post("/api/auth/reauthenticate/passkey/start", &json!({})).await;
        assert_problem(&answer, StatusCode::CONFLICT, "not_enabled");
    }

    // ASVS 2.3.2
    async fn there_are_twenty_at_most(database) {
        let house = House::open(database).await;
        let ada = house.member("ada").await;
        for n in 0..19 {
            let name = format!("key {n}");
            assert_status(&add(&ada, &mut Authenticator::new(&name), &name).await, StatusCode::CREATED);
        }
        // Two that were begun while there was room for one.
        let first = (start(&ada, "passkeys/register").await, ada.cookie(SIGN_IN_COOKIE).expect("begun"));
        let second = (start(&ada, "passkeys/register").await, ada.cookie(SIGN_IN_COOKIE).expect("begun"));
        let mut statuses = Vec::new();
        for (n, (options, ceremony)) in [first, second].into_iter().enumerate() {
            ada.forge_cookie(SIGN_IN_COOKIE, &ceremony);
            let made = Authenticator::new(&format!("late {n}")).make(&options);
            let body = json!({ "name": "late", "credential": made });
            statuses.push(ada.post("/api/auth/passkeys/register/finish", &body).await.status);
        }
        assert_eq!(statuses, [StatusCode::CREATED, StatusCode::CONFLICT]);
        let answer = ada.post("/api/auth/passkeys/register/start", &json!({})).await;
        assert_problem(&answer, StatusCode::CONFLICT, "too_many");
        assert_eq!(house.rows("passkeys").await, 20);
    }

    async fn backup_codes_stay_while_another_factor_does(database) {
        let house = House::open(database).await;
        let ada = house.member("ada").await;
        let codes = add(&ada, &mut Authenticator::new("ada"), "my key").await.json()["backup_codes"].clone();
        house.clock.advance(TimeDelta::seconds(30));
        let (_, more) = enrol(&house, &ada).await;
        assert!(more.is_empty(), "those that were written down stay good");
        assert_status(&enter(&half_way(&house, "ada").await, codes[0].as_str().expect("text")).await, StatusCode::OK);
        assert_status(&ada.post("/api/auth/2fa/disable", &json!({})).await, StatusCode::NO_CONTENT);
        assert_eq!((house.rows("backup_codes").await, house.rows("passkeys").await), (9, 1));
        half_way(&house, "ada").await;
    }

    // ASVS 8.2.2
    async fn nobody_sees_renames_or_removes_the_passkey_of_another(database) {
        let house = House::open(database).await;
        let (ada, _) = holder(&house, "ada").await;
        let grace = house.member("grace").await;
        let list = ada.get("/api/auth/passkeys").await.json();
        let path = format!("/api/auth/passkeys/{}", text(&list["passkeys"][0], "id"));
        assert_eq!(grace.get("/api/auth/passkeys").await.json(), json!({ "passkeys": [] }));
        for (method, body) in [(Method::PATCH, json!({ "name": "mine" })), (Method::DELETE, Value::Null)] {
            assert_problem(&call(&grace, method, &path, &body).await, StatusCode::NOT_FOUND, "not_found");
        }
        let answer = call(&ada, Method::PATCH, &path, &json!({ "name": " kitchen table " })).await;
        assert_eq!((answer.status, &answer.json()["name"]), (StatusCode::OK, &json!("kitchen table")));
        for wrong in ["", "  ", "two\nlines", &"x".repeat(101)] {
            assert_problem(&call(&ada, Method::PATCH, &path, &json!({ "name": wrong })).await, StatusCode::BAD_REQUEST, "invalid_input");
        }
        assert_eq!(ada.get("/api/auth/passkeys").await.json()["passkeys"][0]["name"], "kitchen table");
        assert_ne!(id_of(&ada).await, id_of(&grace).await);
    }
}
