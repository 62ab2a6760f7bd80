//! Tokens of a former application, for a while.

use accounts::{Config, LegacyTokens, MailConfig};
use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use chrono::TimeDelta;
use foundation::Clock as _;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use testkit::{Answer, TestDatabase, TestServer};

use crate::house::{House, PASSWORD, cheap, migrations};
use crate::kit::{administrator, assert_problem, assert_status, bearer, call, id_of};

const SECRET: &str = "the secret of the former application, long enough";

fn settings(house_until: TimeDelta) -> LegacyTokens {
    LegacyTokens {
        secret: Some(SECRET.into()),
        until: Some(testkit::TestAmbient::default().clock.now() + house_until),
        subject_claim: "userId".to_owned(),
        issuer: None,
        audience: None,
    }
}

async fn with(database: TestDatabase, legacy: LegacyTokens) -> House {
    let config = Config { legacy_tokens: legacy, ..cheap() };
    House::with(database, config, &MailConfig::default()).await
}

/// A member who had the id `cuid-ada` in the former application.
async fn moved(house: &House, name: &str) -> testkit::Client {
    let client = house.member(name).await;
    house.execute(&format!("UPDATE users SET legacy_id = 'cuid-{name}' WHERE username = '{name}'")).await;
    client
}

fn signed(algorithm: Algorithm, secret: &str, claims: &Value) -> String {
    encode(&Header::new(algorithm), claims, &EncodingKey::from_secret(secret.as_bytes())).expect("signs")
}

/// Claims about somebody, issued now, for an hour.
fn claims(house: &House, subject: &str) -> Value {
    let now = house.clock.now().timestamp();
    json!({ "userId": subject, "iat": now, "exp": now + 3600 })
}

fn token(house: &House, subject: &str) -> String {
    signed(Algorithm::HS256, SECRET, &claims(house, subject))
}

async fn ask(server: &TestServer, token: &str, method: Method) -> Answer {
    bearer(&server.client(), token, method, "/api/course", &Value::Null).await
}

/// Whom an application takes the bearer for.
async fn bearer_of(server: &TestServer, token: &str) -> Option<String> {
    let answer = ask(server, token, Method::GET).await;
    if answer.status == StatusCode::OK {
        return Some(answer.text);
    }
    assert_problem(&answer, StatusCode::UNAUTHORIZED, "unauthenticated");
    None
}

testkit::on_both_databases! {
    migrations: migrations();

    async fn they_name_users_by_their_former_or_their_present_id(database) {
        let house = with(database, settings(TimeDelta::days(30))).await;
        let server = house.application().await;
        moved(&house, "ada").await;
        let grace = house.member("grace").await;
        assert_eq!(bearer_of(&server, &token(&house, "cuid-ada")).await.as_deref(), Some("ada"));
        assert_eq!(bearer_of(&server, &token(&house, &id_of(&grace).await)).await.as_deref(), Some("grace"));
        assert_status(&ask(&server, &token(&house, "cuid-ada"), Method::POST).await, StatusCode::OK);
        let me = bearer(&house.client(), &token(&house, "cuid-ada"), Method::GET, "/api/auth/me", &Value::Null).await.json();
        assert_eq!((&me["username"], &me["session"]), (&json!("ada"), &Value::Null));
        for nobody in ["cuid-nobody", "", "ada", "ada@example.org", "cuid-ada\u{0}"] {
            assert_eq!(bearer_of(&server, &token(&house, nobody)).await, None, "{nobody:?}");
        }
        let claims = json!({ "userId": 7, "exp": house.clock.now().timestamp() + 60 });
        assert_eq!(bearer_of(&server, &signed(Algorithm::HS256, SECRET, &claims)).await, None);
    }

    // ASVS 9.2.1
    async fn a_time_that_cannot_be_read_has_not_come(database) {
        let house = with(database, settings(TimeDelta::days(30))).await;
        let server = house.application().await;
        moved(&house, "ada").await;
        let now = house.clock.now().timestamp();
        for (name, time) in [("nbf", json!(now + 60)), ("nbf", json!(9e15)), ("nbf", json!("soon")), ("iat", json!(now + 60)), ("iat", json!(1.5)), ("exp", json!("2030"))] {
            let mut claims = claims(&house, "cuid-ada");
            claims[name] = time;
            assert_eq!(bearer_of(&server, &signed(Algorithm::HS256, SECRET, &claims)).await, None, "{claims}");
        }
    }

    // ASVS 9.1.1, 9.1.2
    async fn only_hs256_with_the_right_secret_is_believed(database) {
        let house = with(database, settings(TimeDelta::days(30))).await;
        let server = house.application().await;
        moved(&house, "ada").await;
        let claims = claims(&house, "cuid-ada");
        let part = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
        let good = signed(Algorithm::HS256, SECRET, &claims);
        let signature = good.rsplit_once('.').expect("three parts").1;
        let forged = [
            signed(Algorithm::HS512, SECRET, &claims),
            signed(Algorithm::HS384, SECRET, &claims),
            signed(Algorithm::HS256, "another secret", &claims),
            signed(Algorithm::HS256, "", &claims),
            format!("{}.{}.", part(&json!({ "alg": "none", "typ": "JWT" })), part(&claims)),
            format!("{}.{}.{signature}", part(&json!({ "alg": "none" })), part(&claims)),
            format!("{}.{}.{signature}", part(&json!({ "alg": "RS256" })), part(&claims)),
            format!("{}.{}.{signature}", part(&json!({ "alg": "EdDSA" })), part(&claims)),
            format!("{}.{}.{signature}", part(&json!({ "alg": "HS256" })), part(&json!({ "userId": "cuid-root", "exp": 9_999_999_999_i64 }))),
            good[..good.len() - 2].to_owned(),
            format!("{good}x"),
            format!("{good}."),
        ];
        for token in &forged {
            assert_eq!(bearer_of(&server, token).await, None, "{token}");
        }
        assert_eq!(bearer_of(&server, &good).await.as_deref(), Some("ada"));
    }

    // ASVS 9.2.1
    async fn they_have_an_end_of_their_own(database) {
        let house = with(database, settings(TimeDelta::days(30))).await;
        let server = house.application().await;
        moved(&house, "ada").await;
        let now = house.clock.now().timestamp();
        for claims in [
            json!({ "userId": "cuid-ada", "iat": now }),
            json!({ "userId": "cuid-ada", "exp": now }),
            json!({ "userId": "cuid-ada", "exp": now - 1 }),
            json!({ "userId": "cuid-ada", "exp": "never" }),
            json!({ "userId": "cuid-ada", "exp": null }),
            json!({ "userId": "cuid-ada", "exp": now + 60, "nbf": now + 30 }),
        ] {
            assert_eq!(bearer_of(&server, &signed(Algorithm::HS256, SECRET, &claims)).await, None, "{claims}");
        }
        let token = token(&house, "cuid-ada");
        house.clock.advance(TimeDelta::seconds(3599));
        assert_eq!(bearer_of(&server, &token).await.as_deref(), Some("ada"));
        house.clock.advance(TimeDelta::seconds(1));
        assert_eq!(bearer_of(&server, &token).await, None);
    }

    async fn after_the_move_none_is_accepted_any_more(database) {
        let house = with(database, settings(TimeDelta::minutes(30))).await;
        let server = house.application().await;
        moved(&house, "ada").await;
        let token = token(&house, "cuid-ada");
        house.clock.advance(TimeDelta::minutes(30) - TimeDelta::milliseconds(1));
        assert_eq!(bearer_of(&server, &token).await.as_deref(), Some("ada"));
        house.clock.advance(TimeDelta::milliseconds(1));
        assert_eq!(bearer_of(&server, &token).await, None);
    }

    async fn without_settings_none_is_accepted(database) {
        let house = House::open(database).await;
        moved(&house, "ada").await;
        assert_eq!(bearer_of(&house.application().await, &token(&house, "cuid-ada")).await, None);
    }

    // ASVS 9.2.3
    async fn issuer_and_audience_are_checked_where_they_are_known(database) {
        let legacy = LegacyTokens { issuer: Some("https://former.example".to_owned()), audience: Some("courses".to_owned()), subject_claim: "sub".to_owned(), ..settings(TimeDelta::days(1)) };
        let house = with(database, legacy).await;
        let server = house.application().await;
        moved(&house, "ada").await;
        let exp = house.clock.now().timestamp() + 60;
        let right = json!({ "sub": "cuid-ada", "exp": exp, "iss": "https://former.example", "aud": ["other", "courses"] });
        assert_eq!(bearer_of(&server, &signed(Algorithm::HS256, SECRET, &right)).await.as_deref(), Some("ada"));
        for (name, value) in [("iss", json!("https://other.example")), ("iss", Value::Null), ("aud", json!("other")), ("aud", Value::Null), ("sub", Value::Null)] {
            let mut wrong = right.clone();
            match value {
                Value::Null => { wrong.as_object_mut().expect("claims").remove(name); }
                value => wrong[name] = value,
            }
            assert_eq!(bearer_of(&server, &signed(Algorithm::HS256, SECRET, &wrong)).await, None, "{wrong}");
        }
    }

    // ASVS 7.4.2
    async fn whoever_is_disabled_or_gone_is_refused(database) {
        let house = with(database, settings(TimeDelta::days(30))).await;
        let server = house.application().await;
        let ada = moved(&house, "ada").await;
        let tokens = [token(&house, "cuid-ada"), token(&house, &id_of(&ada).await)];
        house.execute("UPDATE users SET disabled_at = created_at").await;
        for token in &tokens {
            assert_eq!(bearer_of(&server, token).await, None);
        }
        house.execute("UPDATE users SET disabled_at = NULL").await;
        assert_eq!(bearer_of(&server, &tokens[0]).await.as_deref(), Some("ada"));
        assert_status(&call(&ada, Method::DELETE, "/api/auth/account", &json!({ "username": "ada" })).await, StatusCode::NO_CONTENT);
        for token in &tokens {
            assert_eq!(bearer_of(&server, token).await, None);
        }
    }

    // ASVS 7.4.1
    async fn ending_sessions_ends_the_tokens_from_before(database) {
        let house = with(database, settings(TimeDelta::days(30))).await;
        let server = house.application().await;
        let (ada, grace) = (moved(&house, "ada").await, house.member("grace").await);
        let (old, graces) = (token(&house, "cuid-ada"), token(&house, &id_of(&grace).await));
        let undated = json!({ "userId": "cuid-ada", "exp": house.clock.now().timestamp() + 3600 });
        let undated = signed(Algorithm::HS256, SECRET, &undated);
        assert_eq!(bearer_of(&server, &undated).await.as_deref(), Some("ada"));
        house.clock.advance(TimeDelta::seconds(2));
        assert_status(&ada.delete("/api/auth/sessions").await, StatusCode::OK);
        for token in [&old, &undated] {
            assert_eq!(bearer_of(&server, token).await, None);
        }
        assert_eq!(bearer_of(&server, &graces).await.as_deref(), Some("grace"));
        house.clock.advance(TimeDelta::seconds(1));
        let new = token(&house, "cuid-ada");
        assert_eq!(bearer_of(&server, &new).await.as_deref(), Some("ada"));

        let root = administrator(&house, "root").await;
        house.clock.advance(TimeDelta::seconds(1));
        assert_status(&call(&root, Method::POST, "/api/admin/end-all-sessions", &Value::Null).await, StatusCode::OK);
        for token in [&new, &graces] {
            assert_eq!(bearer_of(&server, token).await, None);
        }
    }

    // ASVS 6.3.4
    async fn they_never_manage_an_account_nor_run_the_installation(database) {
        let house = with(database, settings(TimeDelta::days(30))).await;
        administrator(&house, "root").await;
        house.execute("UPDATE users SET legacy_id = 'cuid-root'").await;
        let token = token(&house, "cuid-root");
        for (method, path, body) in [
            (Method::GET, "auth/sessions", Value::Null),
            (Method::DELETE, "auth/sessions", Value::Null),
            (Method::GET, "auth/tokens", Value::Null),
            (Method::POST, "auth/tokens", json!({ "name": "x", "scopes": ["read"], "expires_in_days": 1 })),
            (Method::GET, "auth/2fa/setup", Value::Null),
            (Method::POST, "auth/password", json!({ "current_password": PASSWORD, "new_password": PASSWORD, "end_other_sessions": true })),
            (Method::POST, "auth/email", json!({ "new_email": "x@example.org" })),
            (Method::POST, "auth/reauthenticate", json!({ "password": PASSWORD })),
            (Method::GET, "auth/activity", Value::Null),
            (Method::GET, "auth/export", Value::Null),
            (Method::DELETE, "auth/account", json!({ "username": "root" })),
            (Method::GET, "admin/users", Value::Null),
            (Method::POST, "admin/end-all-sessions", Value::Null),
        ] {
            let answer = bearer(&house.client(), &token, method.clone(), &format!("/api/{path}"), &body).await;
            assert_eq!((answer.status, answer.code().as_str()), (StatusCode::FORBIDDEN, "forbidden"), "{method} {path}: {answer:?}");
        }
        let client = house.client();
        client.forge_cookie(accounts::SESSION_COOKIE, &token);
        assert_status(&client.get("/api/auth/me").await, StatusCode::UNAUTHORIZED);
    }
}
