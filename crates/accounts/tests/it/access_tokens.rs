//! Personal access tokens: how programs sign in.

use chrono::TimeDelta;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use testkit::{Answer, Client, TestServer};

use crate::browser::me;
use crate::house::{House, migrations};
use crate::kit::{administrator, assert_problem, assert_status, bearer, call, id_of, member_as, text};

const TOKENS: &str = "/api/auth/tokens";

async fn create(client: &Client, scopes: &[&str], days: i64) -> Answer {
    client.post(TOKENS, &json!({ "name": "a script", "scopes": scopes, "expires_in_days": days })).await
}

async fn token(client: &Client, scopes: &[&str]) -> String {
    created(client, scopes).await.1
}

/// The id and the text of a new token.
pub(crate) async fn created(client: &Client, scopes: &[&str]) -> (String, String) {
    let answer = create(client, scopes, 30).await;
    assert_status(&answer, StatusCode::CREATED);
    let made = answer.json();
    (text(&made, "id").to_owned(), text(&made, "token").to_owned())
}

/// A request of a program to an application.
async fn ask(server: &TestServer, token: &str, method: Method, path: &str) -> Answer {
    bearer(&server.client(), token, method, path, &Value::Null).await
}

async fn works(server: &TestServer, token: &str) -> bool {
    let answer = ask(server, token, Method::GET, "/api/course").await;
    if answer.status != StatusCode::OK {
        assert_problem(&answer, StatusCode::UNAUTHORIZED, "unauthenticated");
    }
    answer.status == StatusCode::OK
}

testkit::on_both_databases! {
    migrations: migrations();

    // ASVS 7.2.2, 7.2.3
    async fn a_token_is_shown_once_and_stored_as_a_hash(database) {
        let house = House::open(database).await;
        let ada = house.member("ada").await;
        let answer = ada.post(TOKENS, &json!({ "name": " a script ", "scopes": ["write", "read", "read"], "expires_in_days": 30 })).await;
        assert_status(&answer, StatusCode::CREATED);
        assert_eq!(answer.header("cache-control"), "no-store");
        let made = answer.json();
        let secret = text(&made, "token").strip_prefix("mst_").expect("the prefix").to_owned();
        assert_eq!(secret.len(), 43, "256 bits in base64url");
        assert_eq!((&made["name"], &made["scopes"], &made["last_used_at"]), (&json!("a script"), &json!(["read", "write"]), &Value::Null));
        let list = ada.get(TOKENS).await;
        assert!(!list.text.contains(&secret) && !list.text.contains("hash"), "{list:?}");
        assert_eq!(list.json()["tokens"][0]["id"], made["id"]);
        let stored = house.bytes("SELECT token_hash AS b FROM access_tokens").await;
        assert_eq!(stored.len(), 32);
        assert!(!stored.windows(8).any(|part| secret.as_bytes().windows(8).any(|s| s == part)));
        assert!(!ada.get("/api/auth/activity").await.text.contains(&secret));
        let mail = house.mail_about("ada@example.org", "New API token").await.expect("a mail");
        assert!(mail.contains("a script") && !mail.contains(&secret), "{mail}");
    }

    // ASVS 8.2.1
    async fn scopes_allow_what_they_say_and_no_more(database) {
        let house = House::open(database).await;
        let (server, ada) = (house.application().await, house.member("ada").await);
        for (scopes, reads, writes) in [(vec!["read"], true, false), (vec!["write"], false, true), (vec!["read", "write"], true, true)] {
            let token = token(&ada, &scopes).await;
            for (method, allowed) in [(Method::GET, reads), (Method::HEAD, reads), (Method::POST, writes)] {
                let answer = ask(&server, &token, method.clone(), "/api/course").await;
                let expected = if allowed { StatusCode::OK } else { StatusCode::FORBIDDEN };
                assert_eq!(answer.status, expected, "{method} with {scopes:?}: {answer:?}");
                if !allowed && method != Method::HEAD {
                    assert_eq!(answer.code(), "insufficient_scope");
                }
            }
            let me = ask(&server, &token, Method::GET, "/api/running").await;
            assert_problem(&me, StatusCode::FORBIDDEN, "forbidden");
        }
        let me = bearer(&house.client(), &token(&ada, &["read"]).await, Method::GET, "/api/auth/me", &Value::Null).await;
        assert_eq!((&me.json()["username"], &me.json()["session"]), (&json!("ada"), &Value::Null));
        let me = bearer(&house.client(), &token(&ada, &["write"]).await, Method::GET, "/api/auth/me", &Value::Null).await;
        assert_problem(&me, StatusCode::FORBIDDEN, "insufficient_scope");
    }

    // ASVS 6.3.4
    async fn no_token_manages_an_account(database) {
        let house = House::open(database).await;
        let root = administrator(&house, "root").await;
        let token = token(&root, &["read", "write", "admin"]).await;
        let id = id_of(&house.member("ada").await).await;
        let program = house.client();
        let wish = json!({ "name": "another", "scopes": ["read"], "expires_in_days": 30 });
        let routes = [
            (Method::GET, "auth/2fa", Value::Null),
            (Method::GET, "auth/2fa/setup", Value::Null),
            (Method::POST, "auth/2fa/enable", json!({ "code": "123456" })),
            (Method::POST, "auth/2fa/disable", json!({})),
            (Method::POST, "auth/2fa/backup-codes", json!({})),
            (Method::GET, "auth/passkeys", Value::Null),
            (Method::POST, "auth/passkeys/register/start", json!({})),
            (Method::DELETE, &format!("auth/passkeys/{id}"), Value::Null),
            (Method::PATCH, &format!("auth/passkeys/{id}"), json!({ "name": "x" })),
            (Method::POST, "auth/reauthenticate", json!({ "password": crate::house::PASSWORD })),
            (Method::POST, "auth/reauthenticate/passkey/start", json!({})),
            (Method::POST, "auth/password", json!({ "current_password": crate::house::PASSWORD, "new_password": "a wholly different sentence", "end_other_sessions": true })),
            (Method::GET, "auth/sessions", Value::Null),
            (Method::DELETE, "auth/sessions", Value::Null),
            (Method::DELETE, &format!("auth/sessions/{id}"), Value::Null),
            (Method::POST, "auth/email", json!({ "new_email": "x@example.org" })),
            (Method::GET, "auth/tokens", Value::Null),
            (Method::POST, "auth/tokens", wish),
            (Method::DELETE, &format!("auth/tokens/{id}"), Value::Null),
            (Method::GET, "auth/activity", Value::Null),
            (Method::GET, "auth/export", Value::Null),
            (Method::DELETE, "auth/account", json!({ "username": "root" })),
            (Method::POST, &format!("admin/users/{id}/disable"), Value::Null),
            (Method::POST, &format!("admin/users/{id}/start-recovery"), Value::Null),
            (Method::PUT, &format!("admin/users/{id}/role"), json!({ "role": "admin" })),
            (Method::POST, "admin/end-all-sessions", Value::Null),
        ];
        for (method, path, body) in routes {
            let answer = bearer(&program, &token, method.clone(), &format!("/api/{path}"), &body).await;
            assert_eq!((answer.status, answer.code().as_str()), (StatusCode::FORBIDDEN, "forbidden"), "{method} {path}: {answer:?}");
        }
    }

    async fn the_scope_admin_is_for_administrators_and_goes_with_the_role(database) {
        let house = House::open(database).await;
        let (server, root) = (house.application().await, administrator(&house, "root").await);
        for (name, role) in [("ada", "user"), ("ivy", "instructor")] {
            let somebody = member_as(&house, name, role).await;
            assert_problem(&create(&somebody, &["read", "admin"], 1).await, StatusCode::FORBIDDEN, "forbidden");
        }
        let second = member_as(&house, "second", "admin").await;
        let all = token(&second, &["read", "admin"]).await;
        let read = token(&second, &["read", "write"]).await;
        for path in ["/api/admin/users".to_owned(), format!("/api/admin/users/{}", id_of(&root).await)] {
            assert_status(&bearer(&house.client(), &all, Method::GET, &path, &Value::Null).await, StatusCode::OK);
            assert_problem(&bearer(&house.client(), &read, Method::GET, &path, &Value::Null).await, StatusCode::FORBIDDEN, "insufficient_scope");
        }
        let path = format!("/api/admin/users/{}/role", id_of(&second).await);
        assert_status(&call(&root, Method::PUT, &path, &json!({ "role": "user" })).await, StatusCode::OK);
        assert_problem(&ask(&server, &all, Method::GET, "/api/running").await, StatusCode::UNAUTHORIZED, "unauthenticated");
        assert!(works(&server, &read).await, "what was not made for administrators goes on");
        assert_status(&call(&root, Method::PUT, &path, &json!({ "role": "admin" })).await, StatusCode::OK);
        assert_problem(&ask(&server, &all, Method::GET, "/api/running").await, StatusCode::UNAUTHORIZED, "unauthenticated");
    }

    async fn an_administrator_revokes_all_tokens_of_a_user(database) {
        let house = House::open(database).await;
        let (server, root, ada) = (house.application().await, administrator(&house, "root").await, house.member("ada").await);
        let (one, two) = (token(&ada, &["read"]).await, token(&ada, &["read", "write"]).await);
        let of_another = token(&house.member("grace").await, &["read"]).await;
        house.clock.advance(TimeDelta::seconds(1));
        let path = format!("/api/admin/users/{}/revoke-tokens", id_of(&ada).await);
        assert_status(&call(&root, Method::POST, &path, &Value::Null).await, StatusCode::NO_CONTENT);
        assert_eq!((works(&server, &one).await, works(&server, &two).await, works(&server, &of_another).await), (false, false, true));
        assert_eq!(me(&ada).await.as_deref(), Some("ada"), "sessions are another matter");
        let entries = ada.get("/api/auth/activity").await.json();
        assert_eq!((&entries["entries"][0]["action"], &entries["entries"][0]["by"]["username"]), (&json!("tokens_revoke_by_admin"), &json!("root")));
    }

    // ASVS 7.4.1
    async fn a_token_ends_when_it_expires_or_is_revoked(database) {
        let house = House::open(database).await;
        let (server, ada) = (house.application().await, house.member("ada").await);
        let answer = create(&ada, &["read"], 1).await.json();
        let (short, id) = (text(&answer, "token"), text(&answer, "id"));
        let long = token(&ada, &["read"]).await;
        assert!(works(&server, short).await && works(&server, &long).await);
        house.clock.advance(TimeDelta::days(1) - TimeDelta::milliseconds(1));
        assert!(works(&server, short).await);
        house.clock.advance(TimeDelta::milliseconds(1));
        assert!(!works(&server, short).await && works(&server, &long).await);
        house.clock.advance(TimeDelta::days(-1));

        assert_status(&ada.delete(&format!("{TOKENS}/{id}")).await, StatusCode::NO_CONTENT);
        assert!(!works(&server, short).await && works(&server, &long).await);
        assert_problem(&ada.delete(&format!("{TOKENS}/{id}")).await, StatusCode::NOT_FOUND, "not_found");
    }

    // ASVS 7.4.2
    async fn a_token_is_worth_nothing_while_its_owner_is_disabled(database) {
        let house = House::open(database).await;
        let (server, ada) = (house.application().await, house.member("ada").await);
        let token = token(&ada, &["read"]).await;
        house.execute("UPDATE users SET disabled_at = created_at").await;
        assert!(!works(&server, &token).await);
        house.execute("UPDATE users SET disabled_at = NULL").await;
        assert!(works(&server, &token).await);
    }

    async fn its_last_use_is_noted_to_a_few_minutes(database) {
        let house = House::open(database).await;
        let (server, ada) = (house.application().await, house.member("ada").await);
        let token = token(&ada, &["read"]).await;
        let used = async || ada.get(TOKENS).await.json()["tokens"][0]["last_used_at"].clone();
        assert_eq!(used().await, Value::Null);
        works(&server, &token).await;
        assert_eq!(used().await, "2026-01-01T00:00:00Z");
        house.clock.advance(TimeDelta::minutes(4));
        works(&server, &token).await;
        assert_eq!(used().await, "2026-01-01T00:00:00Z");
        house.clock.advance(TimeDelta::minutes(1));
        works(&server, &token).await;
        assert_eq!(used().await, "2026-01-01T00:05:00Z");
    }

    // ASVS 7.2.1
    async fn what_is_no_token_is_refused(database) {
        let house = House::open(database).await;
        let (server, ada) = (house.application().await, house.member("ada").await);
        let token = token(&ada, &["read"]).await;
        let secret = token.strip_prefix("mst_").expect("the prefix");
        let other = if token.ends_with('A') { "E" } else { "A" };
        for wrong in [secret.to_owned(), format!("MST_{secret}"), format!("mst_{token}"), format!("{}{other}", &token[..token.len() - 1]), "mst_".to_owned(), "x".repeat(5_000)] {
            assert!(!works(&server, &wrong).await, "{wrong}");
        }
        // A header that names nobody is not made good by a cookie.
        let request = ada.request(Method::GET, "/api/auth/me").header("authorization", "Basic YWRhOng=");
        assert_problem(&ada.send(request).await, StatusCode::UNAUTHORIZED, "unauthenticated");
        // Nor does a token work as a cookie.
        let client = server.client();
        client.forge_cookie(accounts::SESSION_COOKIE, &token);
        assert_status(&client.get("/api/course").await, StatusCode::UNAUTHORIZED);
    }

    // ASVS 2.3.2
    async fn there_are_fifty_at_most_and_each_is_named_and_limited(database) {
        let house = House::open(database).await;
        let ada = house.member("ada").await;
        for (name, scopes, days) in [
            (json!(""), json!(["read"]), json!(1)),
            (json!("x".repeat(101)), json!(["read"]), json!(1)),
            (json!("two\nlines"), json!(["read"]), json!(1)),
            (json!("x"), json!([]), json!(1)),
            (json!("x"), json!(["everything"]), json!(1)),
            (json!("x"), json!(["read"]), json!(0)),
            (json!("x"), json!(["read"]), json!(367)),
            (json!("x"), json!(["read"]), json!(-1)),
        ] {
            let answer = ada.post(TOKENS, &json!({ "name": name, "scopes": scopes, "expires_in_days": days })).await;
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{answer:?}");
        }
        for _ in 0..48 {
            token(&ada, &["read"]).await;
        }
        let answers = futures::future::join_all((0..6).map(|_| create(&ada, &["read"], 1))).await;
        let made = answers.iter().filter(|answer| answer.status == StatusCode::CREATED).count();
        let refused = answers.iter().filter(|answer| answer.code() == "too_many").count();
        assert_eq!((made, refused), (2, 4), "{answers:#?}");
        assert_eq!(house.rows("access_tokens").await, 50);
    }

    // ASVS 8.2.2
    async fn nobody_sees_or_revokes_the_token_of_another(database) {
        let house = House::open(database).await;
        let (ada, grace) = (house.member("ada").await, house.member("grace").await);
        let id = text(&create(&ada, &["read"], 1).await.json(), "id").to_owned();
        assert_eq!(grace.get(TOKENS).await.json(), json!({ "tokens": [] }));
        assert_problem(&grace.delete(&format!("{TOKENS}/{id}")).await, StatusCode::NOT_FOUND, "not_found");
        assert_eq!(house.rows("access_tokens").await, 1);
    }
}
