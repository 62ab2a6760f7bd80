//! What happened to an account, told to its owner and to administrators.

use chrono::TimeDelta;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use testkit::Client;

use crate::browser::{session_of, sign_in};
use crate::house::{House, PASSWORD, migrations};
use crate::kit::{administrator, assert_problem, assert_status, call, enrol, enter, half_way, id_of, text};

const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

async fn entries(client: &Client, path: &str) -> Vec<Value> {
    let answer = client.get(path).await;
    assert_status(&answer, StatusCode::OK);
    answer.json()["entries"].as_array().expect("a list").clone()
}

fn actions(entries: &[Value]) -> Vec<&str> {
    entries.iter().map(|entry| text(entry, "action")).collect()
}

testkit::on_both_databases! {
    migrations: migrations();

    // ASVS 16.2.1, 16.3.1
    async fn it_tells_what_when_and_from_where(database) {
        let house = House::open(database).await;
        let ada = house.member("ada").await;
        house.clock.advance(TimeDelta::seconds(1));
        let body = json!({ "email": "ada@example.org", "password": PASSWORD });
        let client = house.client().at("192.0.2.7");
        let request = client.request(Method::POST, "/api/auth/login").header("sec-fetch-site", "same-origin").header("user-agent", FIREFOX);
        assert_status(&client.send(request.json(&body)).await, StatusCode::OK);
        house.clock.advance(TimeDelta::seconds(1));
        sign_in(&house.client().at("203.0.113.9"), "ada@example.org", "a wrong guess").await;
        let found = entries(&ada, "/api/auth/activity").await;
        let id = id_of(&ada).await;
        let (guess, entry) = (&found[0], &found[1]);
        assert_eq!((&guess["action"], &guess["outcome"], &guess["by"], &guess["ip_address"]), (&json!("sign_in"), &json!("failure"), &Value::Null, &json!("203.0.113.9")));
        assert_eq!((&entry["action"], &entry["outcome"], &entry["at"]), (&json!("sign_in"), &json!("success"), &json!("2026-01-01T00:00:01Z")));
        assert_eq!(entry["by"], json!({ "id": id, "username": "ada" }));
        assert_eq!((&entry["ip_address"], &entry["browser"], &entry["system"]), (&json!("192.0.2.7"), &json!("Firefox"), &json!("Linux")));
        assert_eq!(entry["details"], json!({ "method": "password" }));
    }

    // ASVS 16.3.1, 16.3.3
    async fn everything_that_matters_is_written_down_and_no_secret(database) {
        let house = House::open(database).await;
        let root = administrator(&house, "root").await;
        let ada = house.member("ada").await;
        let id = id_of(&ada).await;
        let new = "a wholly different sentence";
        let (app, codes) = enrol(&house, &ada).await;
        let client = half_way(&house, "ada").await;
        enter(&client, &app.wrong_code(&house)).await;
        enter(&client, &codes[0]).await;
        ada.post("/api/auth/reauthenticate", &json!({ "password": PASSWORD, "code": app.code(&house) })).await;
        ada.post("/api/auth/reauthenticate", &json!({ "password": "not the password" })).await;
        ada.post("/api/auth/2fa/backup-codes", &json!({})).await;
        let token = ada.post("/api/auth/tokens", &json!({ "name": "x", "scopes": ["read"], "expires_in_days": 1 })).await.json();
        ada.delete(&format!("/api/auth/tokens/{}", text(&token, "id"))).await;
        ada.get("/api/auth/export").await;
        let other = text(&ada.get("/api/auth/sessions").await.json()["sessions"].as_array().expect("a list").iter().find(|s| s["current"] == false).cloned().expect("one"), "id").to_owned();
        ada.delete(&format!("/api/auth/sessions/{other}")).await;
        ada.delete("/api/auth/sessions").await;
        ada.post("/api/auth/email", &json!({ "new_email": "ada@second.example" })).await;
        let link = house.links("ada@second.example").await.pop_first().expect("a link");
        house.client().post("/api/auth/email/confirm", &json!({ "token": link })).await;
        ada.post("/api/auth/password", &json!({ "current_password": PASSWORD, "new_password": new, "end_other_sessions": true })).await;
        ada.post("/api/auth/2fa/disable", &json!({})).await;
        house.client().post("/api/auth/forgot-password", &json!({ "email": "ada@second.example" })).await;
        let reset = house.mail_about("ada@second.example", "Choose a new password").await.and_then(|mail| crate::browser::token_in(&mail)).expect("a link");
        house.client().post("/api/auth/reset-password", &json!({ "token": reset, "new_password": PASSWORD })).await;
        for what in ["end-sessions", "start-reset", "disable", "enable"] {
            call(&root, Method::POST, &format!("/api/admin/users/{id}/{what}"), &Value::Null).await;
        }
        call(&root, Method::PUT, &format!("/api/admin/users/{id}/role"), &json!({ "role": "instructor" })).await;
        sign_in(&ada, "ada@second.example", PASSWORD).await;
        let session = session_of(&ada);
        let own = entries(&ada, "/api/auth/activity?limit=100").await;
        ada.post("/api/auth/logout", &json!({})).await;

        let answer = root.get(&format!("/api/admin/users/{id}/activity?limit=100")).await;
        let seen = answer.json()["entries"].as_array().expect("a list").clone();
        let seen: BTreeSet<_> = actions(&seen).into_iter().collect();
        for action in [
            "sign_up", "email_confirm", "sign_in", "sign_in_second_step", "second_factor_enable", "backup_code_use", "reauthenticate",
            "backup_codes_renew", "token_create", "token_revoke", "data_export", "session_end", "sessions_end_others",
            "email_change_request", "email_change", "password_change", "second_factor_disable", "password_reset_request",
            "password_reset", "sessions_end_by_admin", "reset_start_by_admin", "user_disable", "user_enable", "role_change", "sign_out",
        ] {
            assert!(seen.contains(action), "{action} in {seen:?}");
        }
        let own_actions: BTreeSet<_> = actions(&own).into_iter().collect();
        assert_eq!(own_actions.len() + 1, seen.len(), "all but the sign-out");
        for secret in [PASSWORD, new, &codes[0], &codes[1], text(&token, "token"), &link, &reset, &session, &app.seed_in_hex()] {
            assert!(!answer.text.contains(secret), "{secret}");
        }
    }

    async fn it_comes_in_pages(database) {
        let house = House::open(database).await;
        let ada = house.member("ada").await;
        for _ in 0..30 {
            house.clock.advance(TimeDelta::seconds(1));
            ada.get("/api/auth/export").await;
        }
        let total = house.rows("audit_logs").await;
        let first = ada.get("/api/auth/activity").await.json();
        assert_eq!(first["entries"].as_array().expect("a list").len(), 20);
        assert_eq!(first["entries"][0]["at"], "2026-01-01T00:00:30Z", "newest first");
        let (mut seen, mut next) = (BTreeSet::new(), None::<String>);
        loop {
            let after = next.as_ref().map_or_else(String::new, |next| format!("&after={next}"));
            let page = ada.get(&format!("/api/auth/activity?limit=7{after}")).await.json();
            let list = page["entries"].as_array().expect("a list").clone();
            assert!(!list.is_empty() && list.len() <= 7);
            seen.extend(list.iter().map(|entry| text(entry, "id").to_owned()));
            match page["next"].as_str() {
                Some(more) => next = Some(more.to_owned()),
                None => break,
            }
        }
        assert_eq!(i64::try_from(seen.len()).expect("few"), total);
        for (limit, length) in [("0", 1), ("1", 1), ("100", seen.len()), ("18446744073709551615", seen.len())] {
            assert_eq!(entries(&ada, &format!("/api/auth/activity?limit={limit}")).await.len(), length, "{limit}");
        }
        for wrong in ["limit=-1", "limit=", "after=x", "after=", "user=root"] {
            let answer = ada.get(&format!("/api/auth/activity?{wrong}")).await;
            assert_eq!((answer.status, answer.header("content-type")), (StatusCode::BAD_REQUEST, "application/problem+json"), "{wrong}");
        }
    }

    async fn what_the_log_cannot_be_narrowed_to_is_named(database) {
        let house = House::open(database).await;
        let root = administrator(&house, "root").await;
        for (query, field) in [
            ("action=a%00b", "action"),
            ("action=", "action"),
            ("action=Sign_in", "action"),
            ("from=-262143-01-01T00:00:00Z", "from"),
            ("from=0000-12-31", "from"),
            ("until=-9999-01-01T00:00:00Z", "until"),
            ("until=%2B262142-12-31T00:00:00Z", "until"),
            ("until=soon", "until"),
        ] {
            let answer = root.get(&format!("/api/admin/audit?{query}")).await;
            assert_problem(&answer, StatusCode::BAD_REQUEST, "invalid_input");
            let error = &answer.json()["errors"][0];
            let advice = if field == "action" { "such as sign_in" } else { "like 2026-11-22 or 2026-11-22T12:00:00Z" };
            assert!(error["field"] == field && text(error, "message").ends_with(advice), "{query}: {answer:?}");
        }
        let long = format!("action={}", "a".repeat(101));
        assert_problem(&root.get(&format!("/api/admin/audit?{long}")).await, StatusCode::BAD_REQUEST, "invalid_input");
    }

    async fn the_log_is_narrowed_to_days_and_moments(database) {
        let house = House::open(database).await;
        administrator(&house, "root").await;
        house.clock.advance(TimeDelta::days(1));
        let root = house.client();
        sign_in(&root, "root@example.org", PASSWORD).await;
        let log = async |query: &str| entries(&root, &format!("/api/admin/audit?{query}")).await.len();
        let all = log("").await;
        assert!(all > 1);
        for (query, some) in [
            ("from=0001-01-01&until=9999-12-31T23:59:59Z", all),
            ("from=2026-01-02", 1),
            ("from=2026-01-02T00:00:00.000001Z", 0),
            ("until=2026-01-02", all - 1),
            ("from=2026-01-02&action=sign_in", 1),
            (&format!("action={}", "a".repeat(100)), 0),
        ] {
            assert_eq!(log(query).await, some, "{query}");
        }
    }

    // ASVS 8.2.2
    async fn nobody_sees_what_happened_to_another(database) {
        let house = House::open(database).await;
        let (ada, grace) = (house.member("ada").await, house.member("grace").await);
        sign_in(&house.client(), "ada@example.org", "a wrong guess").await;
        let id = id_of(&ada).await;
        assert!(entries(&ada, "/api/auth/activity").await.iter().any(|entry| entry["outcome"] == "failure"));
        let seen = grace.get("/api/auth/activity?limit=100").await.text;
        assert!(!seen.contains("failure") && !seen.contains(&id) && !seen.contains("\"ada\""), "{seen}");
        // The mark of another's page is only a place in time.
        let mark = entries(&ada, "/api/auth/activity").await[0]["id"].as_str().expect("an id").to_owned();
        let seen = grace.get(&format!("/api/auth/activity?after={mark}")).await.text;
        assert!(!seen.contains(&id), "{seen}");
        assert_problem(&grace.get(&format!("/api/admin/users/{id}/activity")).await, StatusCode::FORBIDDEN, "forbidden");
    }
}
