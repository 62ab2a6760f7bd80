//! Who may call what, and whose things are whose.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::browser::me;
use crate::house::{House, migrations};
use crate::kit::{administrator, assert_problem, assert_status, bearer, call, enrol, id_of, member_as, text};

/// Every route of administrators, about this user.
fn administration(id: &str) -> Vec<(Method, String, Value)> {
    let about = |method, path: &str| (method, format!("/api/admin/users/{id}{path}"), Value::Null);
    vec![
        (Method::GET, "/api/admin/users".to_owned(), Value::Null),
        (Method::GET, "/api/admin/users?search=a&limit=5".to_owned(), Value::Null),
        about(Method::GET, ""),
        about(Method::GET, "/activity"),
        about(Method::POST, "/disable"),
        about(Method::POST, "/enable"),
        about(Method::POST, "/end-sessions"),
        about(Method::POST, "/revoke-tokens"),
        about(Method::POST, "/start-reset"),
        about(Method::POST, "/start-recovery"),
        (Method::PUT, format!("/api/admin/users/{id}/role"), json!({ "role": "admin" })),
        (Method::POST, "/api/admin/end-all-sessions".to_owned(), Value::Null),
    ]
}

/// Every route of one's own account.
const OWN: [(Method, &str); 23] = [
    (Method::GET, "me"),
    (Method::GET, "csrf"),
    (Method::GET, "2fa"),
    (Method::GET, "2fa/setup"),
    (Method::POST, "2fa/enable"),
    (Method::POST, "2fa/disable"),
    (Method::POST, "2fa/backup-codes"),
    (Method::GET, "passkeys"),
    (Method::POST, "passkeys/register/start"),
    (Method::POST, "passkeys/register/finish"),
    (Method::PATCH, "passkeys/00000000-0000-7000-8000-000000000000"),
    (Method::DELETE, "passkeys/00000000-0000-7000-8000-000000000000"),
    (Method::POST, "reauthenticate"),
    (Method::POST, "reauthenticate/passkey/start"),
    (Method::POST, "reauthenticate/passkey/finish"),
    (Method::POST, "password"),
    (Method::GET, "sessions"),
    (Method::DELETE, "sessions"),
    (Method::POST, "email"),
    (Method::GET, "tokens"),
    (Method::POST, "tokens"),
    (Method::GET, "activity"),
    (Method::GET, "export"),
];

testkit::on_both_databases! {
    migrations: migrations();

    // ASVS 8.2.1
    async fn only_administrators_run_the_installation(database) {
        let house = House::open(database).await;
        let root = administrator(&house, "root").await;
        let (ada, ivy) = (house.member("ada").await, member_as(&house, "ivy", "instructor").await);
        enrol(&house, &ivy).await;
        let token = ada.post("/api/auth/tokens", &json!({ "name": "x", "scopes": ["read", "write"], "expires_in_days": 1 })).await.json();
        let before = house.rows("one_time_links").await;
        for id in [id_of(&ada).await, id_of(&root).await] {
            for (method, path, body) in administration(&id) {
                for client in [&ada, &ivy] {
                    let answer = call(client, method.clone(), &path, &body).await;
                    assert_problem(&answer, StatusCode::FORBIDDEN, "forbidden");
                }
                let answer = bearer(&house.client(), text(&token, "token"), method.clone(), &path, &body).await;
                assert_problem(&answer, StatusCode::FORBIDDEN, "forbidden");
                let answer = call(&house.client(), method.clone(), &path, &body).await;
                assert_problem(&answer, StatusCode::UNAUTHORIZED, "unauthenticated");
            }
        }
        assert_eq!(house.number("SELECT COUNT(*) AS n FROM users WHERE disabled_at IS NOT NULL").await, 0, "nothing was done");
        assert_eq!(house.rows("one_time_links").await, before);
        for client in [&root, &ada, &ivy] {
            assert!(me(client).await.is_some());
        }
        assert_eq!(house.number("SELECT COUNT(*) AS n FROM users WHERE role = 'admin'").await, 1);
    }

    // ASVS 8.2.1
    async fn nobody_looks_after_an_account_without_being_signed_in(database) {
        let house = House::open(database).await;
        let client = house.client();
        for (method, path) in OWN {
            let body = if method == Method::GET { Value::Null } else { json!({}) };
            let answer = call(&client, method.clone(), &format!("/api/auth/{path}"), &body).await;
            assert_eq!((answer.status, answer.code().as_str()), (StatusCode::UNAUTHORIZED, "unauthenticated"), "{method} {path}: {answer:?}");
        }
        let answer = call(&client, Method::DELETE, "/api/auth/account", &json!({ "username": "ada" })).await;
        assert_problem(&answer, StatusCode::UNAUTHORIZED, "unauthenticated");
    }

    // ASVS 8.2.2
    async fn the_sessions_of_others_are_as_if_they_did_not_exist(database) {
        let house = House::open(database).await;
        let (ada, grace) = (house.member("ada").await, house.member("grace").await);
        for name in ["ada", "grace"] {
            house.signed_in(name).await;
        }
        let sessions = ada.get("/api/auth/sessions").await.json()["sessions"].as_array().expect("a list").clone();
        assert_eq!(sessions.len(), 2);
        let seen = grace.get("/api/auth/sessions").await.text;
        for session in &sessions {
            let id = text(session, "id");
            assert!(!seen.contains(id));
            let answer = grace.delete(&format!("/api/auth/sessions/{id}")).await;
            assert_problem(&answer, StatusCode::NOT_FOUND, "not_found");
        }
        assert_eq!(me(&ada).await.as_deref(), Some("ada"));
        assert_eq!(grace.delete("/api/auth/sessions").await.json(), json!({ "ended": 1 }), "her own other one");
        assert_eq!(ada.get("/api/auth/sessions").await.json()["sessions"].as_array().expect("a list").len(), 2);
    }

    // ASVS 8.2.2
    async fn what_an_administrator_asks_about_nobody_is_not_found(database) {
        let house = House::open(database).await;
        let root = administrator(&house, "root").await;
        house.sign_up("unconfirmed").await;
        let gone = house.member("gone").await;
        let gone_id = id_of(&gone).await;
        call(&gone, Method::DELETE, "/api/auth/account", &json!({ "username": "gone" })).await;
        for id in ["00000000-0000-7000-8000-000000000000", gone_id.as_str()] {
            let about_them = |path: &str| path.contains(id) && !path.ends_with("/activity");
            for (method, path, body) in administration(id).into_iter().filter(|(_, path, _)| about_them(path)) {
                let answer = call(&root, method.clone(), &path, &body).await;
                assert_eq!((answer.status, answer.code().as_str()), (StatusCode::NOT_FOUND, "not_found"), "{method} {path}: {answer:?}");
            }
        }
        for id in ["x", "%00", "0", "..", "00000000-0000-7000-8000-00000000000g"] {
            let answer = root.get(&format!("/api/admin/users/{id}")).await;
            assert!(answer.status.is_client_error(), "{id}: {answer:?}");
            assert_eq!(answer.header("content-type"), "application/problem+json", "{id}: {answer:?}");
        }
    }

    // ASVS 8.2.3
    async fn nobody_writes_a_field_that_is_not_theirs_to_write(database) {
        let house = House::open(database).await;
        let ada = house.member("ada").await;
        for (path, body) in [
            ("/api/auth/signup", json!({ "email": "eve@example.org", "username": "eve", "password": crate::house::PASSWORD, "role": "admin" })),
            ("/api/auth/password", json!({ "current_password": crate::house::PASSWORD, "new_password": "a wholly different sentence", "end_other_sessions": false, "user": "root" })),
            ("/api/auth/email", json!({ "new_email": "new@example.org", "email_verified": true })),
            ("/api/auth/tokens", json!({ "name": "x", "scopes": ["read"], "expires_in_days": 1, "user_id": "x" })),
        ] {
            assert_problem(&ada.post(path, &body).await, StatusCode::BAD_REQUEST, "invalid_input");
        }
        assert_status(&ada.get("/api/auth/me").await, StatusCode::OK);
        assert_eq!(house.number("SELECT COUNT(*) AS n FROM users WHERE role <> 'user'").await, 0);
    }
}
