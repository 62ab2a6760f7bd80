//! Before a sensitive change somebody shows again who they are.

use accounts::{REFRESH_COOKIE, SESSION_COOKIE};
use chrono::TimeDelta;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use testkit::{Answer, Client};

use crate::browser::{me, session_of, with_session};
use crate::house::{House, PASSWORD, migrations};
use crate::kit::{administrator, assert_problem, assert_status, call, enrol, half_way, id_of, text};

const AGAIN: &str = "/api/auth/reauthenticate";
const NO_ID: &str = "00000000-0000-7000-8000-000000000000";

/// A sensitive request of a user to their own account, and what it comes to when it is allowed.
type Sensitive = (Method, String, Value, StatusCode);

fn sensitive_for_everybody() -> Vec<Sensitive> {
    let own = |method, path: &str, body, status| (method, format!("/api/auth/{path}"), body, status);
    vec![
        own(Method::GET, "2fa/setup", Value::Null, StatusCode::OK),
        own(Method::POST, "2fa/enable", json!({ "code": "12345" }), StatusCode::FORBIDDEN),
        own(Method::POST, "2fa/disable", json!({}), StatusCode::CONFLICT),
        own(Method::POST, "2fa/backup-codes", json!({}), StatusCode::CONFLICT),
        own(Method::POST, "passkeys/register/start", json!({}), StatusCode::OK),
        own(
            Method::POST,
            "passkeys/register/finish",
            json!({ "name": "key", "credential": {} }),
            StatusCode::FORBIDDEN,
        ),
        own(Method::DELETE, &format!("passkeys/{NO_ID}"), Value::Null, StatusCode::NOT_FOUND),
        own(
            Method::POST,
            "password",
            json!({ "current_password": PASSWORD, "new_password": "a wholly different sentence", "end_other_sessions": false }),
            StatusCode::NO_CONTENT,
        ),
        own(Method::DELETE, &format!("sessions/{NO_ID}"), Value::Null, StatusCode::NOT_FOUND),
        own(Method::DELETE, "sessions", Value::Null, StatusCode::OK),
        own(Method::POST, "email", json!({ "new_email": "new@example.org" }), StatusCode::ACCEPTED),
        own(
            Method::POST,
            "tokens",
            json!({ "name": "script", "scopes": ["read"], "expires_in_days": 1 }),
            StatusCode::CREATED,
        ),
        own(Method::GET, "export", Value::Null, StatusCode::OK),
        own(Method::DELETE, "account", json!({ "username": "ada" }), StatusCode::NO_CONTENT),
    ]
}

/// What administrators do about a user.
fn sensitive_for_administrators(id: &str) -> Vec<Sensitive> {
    let about =
        |method, path: &str, body, status| (method, format!("/api/admin/users/{id}/{path}"), body, status);
    vec![
        about(Method::POST, "disable", Value::Null, StatusCode::NO_CONTENT),
        about(Method::POST, "enable", Value::Null, StatusCode::NO_CONTENT),
        about(Method::POST, "end-sessions", Value::Null, StatusCode::NO_CONTENT),
        about(Method::POST, "revoke-tokens", Value::Null, StatusCode::NO_CONTENT),
        about(Method::POST, "start-reset", Value::Null, StatusCode::ACCEPTED),
        about(Method::POST, "start-recovery", Value::Null, StatusCode::CONFLICT),
        about(Method::PUT, "role", json!({ "role": "instructor" }), StatusCode::OK),
        (Method::POST, "/api/admin/end-all-sessions".to_owned(), Value::Null, StatusCode::OK),
    ]
}

async fn assert_refused_then_allowed(house: &House, client: &Client, routes: &[Sensitive]) {
    house.clock.advance(TimeDelta::minutes(10));
    for (method, path, body, _) in routes {
        let answer = call(client, method.clone(), path, body).await;
        assert_problem(&answer, StatusCode::FORBIDDEN, "reauthentication_required");
    }
    assert_status(&again(client, PASSWORD, None).await, StatusCode::OK);
    for (method, path, body, status) in routes {
        let answer = call(client, method.clone(), path, body).await;
        assert_eq!(answer.status, *status, "{method} {path}: {answer:?}");
        assert_ne!(answer.code(), "reauthentication_required", "{method} {path}");
    }
}

async fn again(client: &Client, password: &str, code: Option<&str>) -> Answer {
    let body = match code {
        Some(code) => json!({ "password": password, "code": code }),
        None => json!({ "password": password }),
    };
    client.post(AGAIN, &body).await
}

/// Whether this browser may make sensitive changes now; the answer of `me` says the same.
async fn is_fresh(client: &Client) -> bool {
    let answer = client.get("/api/auth/export").await;
    let told = client.get("/api/auth/me").await.json()["session"]["reauthenticated_until"].clone();
    match answer.status {
        StatusCode::OK => assert!(told.is_string(), "{told}"),
        _ => assert_problem(&answer, StatusCode::FORBIDDEN, "reauthentication_required"),
    }
    assert_eq!(answer.status == StatusCode::OK, !told.is_null());
    !told.is_null()
}

testkit::on_both_databases! {
    migrations: migrations();

    // ASVS 7.5.1
    async fn every_sensitive_change_to_ones_own_account_needs_it(database) {
        let house = House::open(database).await;
        let ada = house.member("ada").await;
        assert_refused_then_allowed(&house, &ada, &sensitive_for_everybody()).await;
        assert_eq!(me(&ada).await, None, "the last one deleted the account");
    }

    // ASVS 7.5.1
    async fn everything_that_administrators_do_to_people_needs_it(database) {
        let house = House::open(database).await;
        let (root, ada) = (administrator(&house, "root").await, house.member("ada").await);
        let routes = sensitive_for_administrators(&id_of(&ada).await);
        assert_refused_then_allowed(&house, &root, &routes).await;
    }

    async fn what_is_not_sensitive_needs_nothing(database) {
        let house = House::open(database).await;
        let root = administrator(&house, "root").await;
        house.clock.advance(TimeDelta::minutes(11));
        for path in ["auth/me", "auth/2fa", "auth/passkeys", "auth/sessions", "auth/tokens", "auth/activity", "admin/users"] {
            assert_status(&root.get(&format!("/api/{path}")).await, StatusCode::OK);
        }
        assert_problem(&root.delete(&format!("/api/auth/tokens/{NO_ID}")).await, StatusCode::NOT_FOUND, "not_found");
    }

    // ASVS 7.5.1
    async fn it_lasts_for_ten_minutes_to_the_second(database) {
        let house = House::open(database).await;
        let ada = house.member("ada").await;
        house.clock.advance(TimeDelta::milliseconds(599_999));
        assert!(is_fresh(&ada).await);
        house.clock.advance(TimeDelta::milliseconds(1));
        assert!(!is_fresh(&ada).await);
        assert_status(&again(&ada, PASSWORD, None).await, StatusCode::OK);
        assert!(is_fresh(&ada).await);
        // Use does not prolong it, nor does a new access token.
        house.clock.advance(TimeDelta::minutes(5));
        assert!(is_fresh(&ada).await);
        assert_status(&ada.post("/api/auth/refresh", &json!({})).await, StatusCode::OK);
        house.clock.advance(TimeDelta::minutes(5));
        assert!(!is_fresh(&ada).await);
    }

    // ASVS 7.5.1
    async fn a_clock_that_was_set_back_does_not_prolong_it(database) {
        let house = House::open(database).await;
        let ada = house.member("ada").await;
        house.clock.advance(TimeDelta::seconds(-20));
        assert!(is_fresh(&ada).await, "servers' clocks differ a little");
        house.clock.advance(TimeDelta::minutes(5));
        assert_status(&again(&ada, PASSWORD, None).await, StatusCode::OK);
        house.clock.advance(TimeDelta::minutes(-5));
        // Its access token is not valid yet; one that is shows a session from the future.
        assert_eq!(me(&ada).await, None);
        assert_status(&ada.post("/api/auth/refresh", &json!({})).await, StatusCode::OK);
        assert!(!is_fresh(&ada).await);
    }

    // ASVS 7.2.4
    async fn it_begins_the_session_anew_and_ends_the_old_tokens(database) {
        let house = House::open(database).await;
        let ada = house.member("ada").await;
        let (access, refresh) = (session_of(&ada), ada.cookie(REFRESH_COOKIE).expect("signed in"));
        let (sessions, id) = (house.rows("sessions").await, session_id(&ada).await);
        let answer = again(&ada, PASSWORD, None).await;
        assert_status(&answer, StatusCode::OK);
        assert!(answer.json()["reauthenticated_until"].is_string());
        assert_ne!(session_id(&ada).await, id);
        assert_ne!((session_of(&ada), ada.cookie(REFRESH_COOKIE).expect("signed in")), (access.clone(), refresh.clone()));
        assert_eq!(house.rows("sessions").await, sessions);

        assert_eq!(me(&with_session(&house, &access)).await, None);
        let thief = house.client();
        thief.forge_cookie(REFRESH_COOKIE, &refresh);
        assert_problem(&thief.post("/api/auth/refresh", &json!({})).await, StatusCode::UNAUTHORIZED, "unauthenticated");
        assert_eq!(me(&ada).await.as_deref(), Some("ada"), "nor does the thief end the new one");
    }

    async fn two_tabs_that_do_it_at_the_same_time_leave_the_browser_signed_in(database) {
        let house = House::open(database).await;
        let ada = house.member("ada").await;
        let (one, other) = futures::join!(again(&ada, PASSWORD, None), again(&ada, PASSWORD, None));
        let late = if one.status == StatusCode::OK { other } else { one };
        if late.status != StatusCode::OK {
            assert_problem(&late, StatusCode::UNAUTHORIZED, "unauthenticated");
            assert_eq!(late.header("set-cookie"), "", "it takes nothing from the browser");
        }
        assert_eq!(me(&ada).await.as_deref(), Some("ada"));
        assert!(is_fresh(&ada).await);
    }

    // ASVS 7.5.3
    async fn whoever_has_a_second_factor_shows_it(database) {
        let house = House::open(database).await;
        let ada = house.member("ada").await;
        let (app, codes) = enrol(&house, &ada).await;
        house.clock.advance(TimeDelta::minutes(10));
        let shown = app.code(&house);
        for (password, code, problem) in [
            (PASSWORD, None, "wrong_code"),
            (PASSWORD, Some(app.wrong_code(&house)), "wrong_code"),
            ("not the password", Some(shown.clone()), "wrong_password"),
        ] {
            assert_problem(&again(&ada, password, code.as_deref()).await, StatusCode::FORBIDDEN, problem);
            assert!(!is_fresh(&ada).await);
        }
        assert_status(&again(&ada, PASSWORD, Some(&shown)).await, StatusCode::OK);
        assert!(is_fresh(&ada).await);
        assert_problem(&again(&ada, PASSWORD, Some(&shown)).await, StatusCode::FORBIDDEN, "wrong_code");
        assert_status(&again(&ada, PASSWORD, Some(&codes[0])).await, StatusCode::OK);
        assert_problem(&again(&ada, PASSWORD, Some(&codes[0])).await, StatusCode::FORBIDDEN, "wrong_code");
    }

    // ASVS 6.3.1
    async fn wrong_passwords_wait_longer_and_longer(database) {
        let house = House::open(database).await;
        let ada = house.member("ada").await;
        for _ in 0..5 {
            assert_problem(&again(&ada, "not the password", None).await, StatusCode::FORBIDDEN, "wrong_password");
        }
        let answer = again(&ada, PASSWORD, None).await;
        assert_problem(&answer, StatusCode::TOO_MANY_REQUESTS, "too_many_requests");
        assert_eq!(answer.header("retry-after"), "1");
        house.clock.advance(TimeDelta::seconds(1));
        assert_status(&again(&ada, PASSWORD, None).await, StatusCode::OK);
        let entries = ada.get("/api/auth/activity?limit=50").await.json()["entries"].clone();
        let refused = |e: &&Value| e["action"] == "reauthenticate" && e["outcome"] == "failure";
        assert_eq!(entries.as_array().expect("a list").iter().filter(refused).count(), 5);
    }

    async fn somebody_who_is_not_signed_in_cannot(database) {
        let house = House::open(database).await;
        let ada = house.member("ada").await;
        enrol(&house, &ada).await;
        for client in [house.client(), half_way(&house, "ada").await] {
            assert_problem(&again(&client, PASSWORD, None).await, StatusCode::UNAUTHORIZED, "unauthenticated");
            assert_eq!(client.cookie(SESSION_COOKIE), None);
        }
    }
}

async fn session_id(client: &Client) -> String {
    text(&client.get("/api/auth/me").await.json()["session"], "id").to_owned()
}
