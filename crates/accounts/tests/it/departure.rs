//! Taking one's data along, and leaving.

use std::fs;
use std::path::Path;

use accounts::REFRESH_COOKIE;
use chrono::TimeDelta;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use store::{Location, Migrations};
use testkit::{Answer, Client, TestDatabase};

use crate::browser::{me, session_of, sign_in, wish};
use crate::house::{House, PASSWORD, migrations};
use crate::kit::{
    administrator, assert_problem, assert_status, bearer, call, enrol, enter, half_way, id_of, member_as,
    text,
};

async fn delete(client: &Client, name: &str) -> Answer {
    call(client, Method::DELETE, "/api/auth/account", &json!({ "username": name })).await
}

/// What is in the files of a database, used or not.
fn bytes_in(folder: &Path) -> Vec<u8> {
    let files = fs::read_dir(folder).expect("a folder");
    files.flat_map(|file| fs::read(file.expect("a file").path()).expect("readable")).collect()
}

// PostgreSQL overwrites what was deleted when it cleans up, in its own time.
#[tokio::test]
async fn whoever_leaves_is_not_in_the_file_s_free_space_either() {
    const BROWSER: &str = "Quagga/7.3 (a browser that one person has)";
    let database = TestDatabase::sqlite(&Migrations::of(migrations())).await;
    let Location::Sqlite(path) = database.location.clone() else { unreachable!("it is SQLite") };
    let folder = path.parent().expect("a folder").to_owned();
    let house = House::open(database).await;
    house.member("grace").await;
    house.sign_up_and_verify("ada").await;
    let ada = house.client();
    let body = json!({ "email": "ada@example.org", "password": PASSWORD });
    for _ in 0..20 {
        let request = ada.request(Method::POST, "/api/auth/login").header("user-agent", BROWSER);
        let request = request.header("sec-fetch-site", "same-origin");
        assert_status(&ada.send(request.json(&body)).await, StatusCode::OK);
        house.clock.advance(TimeDelta::minutes(1));
    }
    let is_there = || bytes_in(&folder).windows(BROWSER.len()).any(|bytes| bytes == BROWSER.as_bytes());
    assert!(is_there());
    assert_status(&delete(&ada, "ada").await, StatusCode::NO_CONTENT);
    house.store.clone().close().await;
    assert!(!is_there());
}

testkit::on_both_databases! {
    migrations: migrations();

    // ASVS 8.2.3
    async fn an_export_has_everything_but_secrets(database) {
        let house = House::open(database).await;
        let ada = house.member("ada").await;
        house.member("grace").await;
        let (app, codes) = enrol(&house, &ada).await;
        let wish = json!({ "name": "my script", "scopes": ["read"], "expires_in_days": 1 });
        let token = ada.post("/api/auth/tokens", &wish).await.json();
        let answer = ada.get("/api/auth/export").await;
        assert_status(&answer, StatusCode::OK);
        assert_eq!(answer.header("content-disposition"), "attachment; filename=\"account.json\"");
        assert_eq!((answer.header("content-type"), answer.header("cache-control")), ("application/json", "no-store"));
        let export = answer.json();
        assert_eq!((&export["user"]["email"], &export["user"]["username"]), (&json!("ada@example.org"), &json!("ada")));
        assert_eq!(export["sessions"].as_array().expect("a list").len(), 1);
        assert_eq!(export["access_tokens"][0]["name"], "my script");
        assert_eq!(export["second_factor"]["backup_codes_left"], 10);
        let activity = export["activity"].as_array().expect("a list");
        for action in ["sign_up", "sign_in", "second_factor_enable", "token_create", "data_export"] {
            assert!(activity.iter().any(|entry| entry["action"] == action), "{action} in {activity:?}");
        }
        let hash = house.text("SELECT password_hash AS t FROM users WHERE username = 'ada'").await;
        let secrets = [PASSWORD.to_owned(), hash, app.seed_in_hex(), codes[0].clone(), text(&token, "token").to_owned(), session_of(&ada), ada.cookie(REFRESH_COOKIE).expect("one")];
        for secret in secrets {
            assert!(!answer.text.contains(&secret), "{secret}");
        }
        for word in ["argon2", "hash", "seed", "grace"] {
            assert!(!answer.text.contains(word), "{word} in {}", answer.text);
        }
    }

    // ASVS 7.4.2
    async fn whoever_leaves_is_refused_everywhere_at_once(database) {
        let house = House::open(database).await;
        let (ada, other) = (house.member("ada").await, house.client());
        sign_in(&other, "ada@example.org", PASSWORD).await;
        let wish = json!({ "name": "script", "scopes": ["read"], "expires_in_days": 1 });
        let token = ada.post("/api/auth/tokens", &wish).await.json();
        let (app, _) = enrol(&house, &ada).await;
        let waiting = half_way(&house, "ada").await;
        house.client().post("/api/auth/forgot-password", &json!({ "email": "ada@example.org" })).await;
        let reset = house.mail_about("ada@example.org", "Choose a new password").await.and_then(|mail| crate::browser::token_in(&mail)).expect("a link");
        let copy = house.client();
        copy.forge_cookie(accounts::SESSION_COOKIE, &session_of(&ada));

        let answer = delete(&ada, "ada").await;
        assert_status(&answer, StatusCode::NO_CONTENT);
        assert_eq!(answer.header("clear-site-data"), "\"cache\", \"storage\"");
        assert_eq!((ada.cookie(accounts::SESSION_COOKIE), ada.cookie(REFRESH_COOKIE)), (None, None));
        for client in [&copy, &other] {
            assert_eq!(me(client).await, None);
        }
        assert_problem(&other.post("/api/auth/refresh", &json!({})).await, StatusCode::UNAUTHORIZED, "unauthenticated");
        let by_token = bearer(&house.client(), text(&token, "token"), Method::GET, "/api/auth/me", &Value::Null).await;
        assert_problem(&by_token, StatusCode::UNAUTHORIZED, "unauthenticated");
        assert_problem(&enter(&waiting, &app.code(&house)).await, StatusCode::UNAUTHORIZED, "sign_in_expired");
        let body = json!({ "token": reset, "new_password": "a wholly different sentence" });
        assert_problem(&house.client().post("/api/auth/reset-password", &body).await, StatusCode::NOT_FOUND, "link_invalid");
        assert!(!house.accepts("ada@example.org", PASSWORD).await);
        assert!(!house.accepts("ada@example.org", "").await);
        assert_eq!(house.mails_about("ada@example.org", "Your account was deleted").await, 1);
    }

    async fn what_was_about_the_person_is_gone(database) {
        let house = House::open(database).await;
        let ada = house.member("ada").await;
        sign_in(&house.client(), "ada@example.org", "a wrong guess").await;
        enrol(&house, &ada).await;
        let wish = json!({ "name": "script", "scopes": ["read"], "expires_in_days": 1 });
        ada.post("/api/auth/tokens", &wish).await;
        ada.post("/api/auth/email", &json!({ "new_email": "ada@second.example" })).await;
        let link = house.links("ada@second.example").await.pop_first().expect("a link");
        assert_status(&house.client().post("/api/auth/email/confirm", &json!({ "token": link })).await, StatusCode::OK);
        house.client().post("/api/auth/forgot-password", &json!({ "email": "ada@second.example" })).await;
        let entries = house.rows("audit_logs").await;

        assert_status(&delete(&ada, "ada").await, StatusCode::NO_CONTENT);
        for table in ["sessions", "refresh_tokens", "totp_credentials", "backup_codes", "passkeys", "access_tokens", "known_devices", "ceremonies", "one_time_links"] {
            assert_eq!(house.rows(table).await, 0, "{table}");
        }
        assert_eq!(house.rows("audit_logs").await, entries + 2, "that something happened stays, and who was forgotten");
        let traces = "SELECT COUNT(*) AS n FROM audit_logs WHERE ip_address IS NOT NULL OR user_agent IS NOT NULL OR details IS NOT NULL OR (action <> 'person_forget' AND (origin_salt IS NOT NULL OR details_salt IS NOT NULL))";
        assert_eq!(house.number(traces).await, 0);
        let left = "SELECT COUNT(*) AS n FROM users WHERE email LIKE '%ada%' OR email_key LIKE '%ada%' OR password_hash <> '' OR second_factor_since IS NOT NULL OR legacy_id IS NOT NULL OR deleted_at IS NULL";
        assert_eq!(house.number(left).await, 0);
    }

    async fn what_an_administrator_did_to_others_stays_told(database) {
        let house = House::open(database).await;
        let (root, ada) = (administrator(&house, "root").await, house.member("ada").await);
        member_as(&house, "second", "admin").await;
        let path = format!("/api/admin/users/{}/role", id_of(&ada).await);
        assert_status(&call(&root, Method::PUT, &path, &json!({ "role": "instructor" })).await, StatusCode::OK);
        let told = async || {
            let entries = ada.get("/api/auth/activity").await.json()["entries"].as_array().expect("a list").clone();
            entries.into_iter().find(|entry| entry["action"] == "role_change").expect("an entry")
        };
        let entry = told().await;
        assert_eq!((&entry["by"]["username"], &entry["about"]), (&json!("root"), &Value::Null));
        let of_root = root.get("/api/auth/activity").await.json();
        let done = of_root["entries"].as_array().expect("a list").iter().find(|entry| entry["action"] == "role_change").cloned().expect("an entry");
        assert_eq!(done["about"]["username"], "ada", "what an administrator did is told as done to somebody");
        assert_eq!((&entry["ip_address"], &entry["browser"]), (&Value::Null, &Value::Null), "not hers to know");
        let export = ada.get("/api/auth/export").await.json();
        let exported = export["activity"].as_array().expect("a list").iter().find(|entry| entry["action"] == "role_change").cloned().expect("an entry");
        assert_eq!((&exported["ip_address"], &exported["user_agent"]), (&Value::Null, &Value::Null));
        let of_role_changes = "SELECT COUNT(*) AS n FROM audit_logs WHERE action = 'role_change' AND ip_address IS NOT NULL";
        assert_eq!(house.number(of_role_changes).await, 1, "but written down");
        assert_status(&delete(&root, "root").await, StatusCode::NO_CONTENT);
        assert_eq!(told().await["details"], json!({ "from": "user", "to": "instructor" }));
        assert_eq!(house.number(of_role_changes).await, 0);
    }

    async fn the_name_stays_reserved_and_the_address_is_free_again(database) {
        let house = House::open(database).await;
        let ada = house.member("ada").await;
        let id = house.accounts.id_ever_of("ada").await.expect("somebody");
        assert_status(&delete(&ada, "ada").await, StatusCode::NO_CONTENT);
        for name in ["ada", "ADA", &id.to_string()] {
            assert_eq!(house.accounts.id_ever_of(name).await.expect("somebody who has left"), id, "{name}");
        }
        assert!(house.accounts.id_ever_of("nobody").await.is_err());
        let eve = house.client().post("/api/auth/signup", &wish("eve@example.org", "Ada", PASSWORD)).await;
        assert_problem(&eve, StatusCode::CONFLICT, "username_taken");
        let token = house.sign_up_as("ada@example.org", "ada-again", PASSWORD).await;
        assert_status(&house.verify(&token).await, StatusCode::OK);
        assert!(house.accepts("ada@example.org", PASSWORD).await);
    }

    async fn another_name_typed_deletes_nothing(database) {
        let house = House::open(database).await;
        let ada = house.member("ada").await;
        house.sign_up_and_verify("grace").await;
        for wrong in ["", "Ada", "grace", "ada ", "ada\u{0}"] {
            assert_problem(&delete(&ada, wrong).await, StatusCode::BAD_REQUEST, "invalid_input");
        }
        assert_eq!(me(&ada).await.as_deref(), Some("ada"));
        assert!(house.accepts("grace@example.org", PASSWORD).await);
    }

    // ASVS 2.3.2
    async fn the_last_administrator_cannot_leave(database) {
        let house = House::open(database).await;
        let root = administrator(&house, "root").await;
        assert_problem(&delete(&root, "root").await, StatusCode::CONFLICT, "last_administrator");
        let second = member_as(&house, "second", "admin").await;
        // One who is disabled runs nothing.
        house.execute("UPDATE users SET disabled_at = created_at WHERE username = 'second'").await;
        assert_problem(&delete(&root, "root").await, StatusCode::CONFLICT, "last_administrator");
        house.execute("UPDATE users SET disabled_at = NULL").await;
        assert_status(&delete(&root, "root").await, StatusCode::NO_CONTENT);
        assert_problem(&delete(&second, "second").await, StatusCode::CONFLICT, "last_administrator");
    }

    async fn of_two_administrators_who_leave_at_the_same_time_one_stays(database) {
        let house = House::open(database).await;
        let (root, second) = (administrator(&house, "root").await, member_as(&house, "second", "admin").await);
        let (one, other) = futures::join!(delete(&root, "root"), delete(&second, "second"));
        let mut answers = [one.status, other.status];
        answers.sort();
        assert_eq!(answers, [StatusCode::NO_CONTENT, StatusCode::CONFLICT]);
    }
}
