//! Bodies that nobody should send: each gets a clear answer, repeats no secret, and leaves no trace.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use testkit::Answer;

use crate::browser::wish;
use crate::house::{House, migrations};

const SECRET: &str = "hunter2-and-more";

/// Every POST that has a body, and a good one.
fn posts() -> [(&'static str, Value); 5] {
    let mut setup = wish("root@example.org", "root", SECRET);
    setup["token"] = json!(SECRET);
    [
        ("/api/auth/signup", wish("ada@example.org", "ada", SECRET)),
        ("/api/auth/verify-email", json!({ "token": SECRET, "password": SECRET })),
        ("/api/auth/resend-verification", json!({ "email": "ada@example.org" })),
        ("/api/auth/setup", setup),
        ("/api/auth/login", json!({ "email": "ada@example.org", "password": SECRET })),
    ]
}

async fn post(house: &House, path: &str, body: impl Into<Vec<u8>>) -> Answer {
    let client = house.client();
    let request = client.request(Method::POST, path).header("content-type", "application/json");
    client.send(request.body(body.into())).await
}

/// What every refusal has in common.
fn assert_refused(answer: &Answer, status: StatusCode, code: &str, what: &str) {
    assert_eq!((answer.status, answer.code().as_str()), (status, code), "{what}: {answer:?}");
    assert_eq!(answer.header("content-type"), "application/problem+json", "{what}");
    assert_eq!(answer.json()["request_id"], answer.header("x-request-id"), "{what}");
    assert!(!format!("{answer:?}").contains(SECRET), "{what}: {answer:?}");
}

async fn assert_nothing_was_written(house: &House) {
    for table in ["users", "sessions", "one_time_links", "outgoing_mails"] {
        assert_eq!(house.rows(table).await, 0, "{table}");
    }
}

testkit::on_both_databases! {
    migrations: migrations();

    async fn what_is_not_json_is_refused(database) {
        let house = House::open(database).await;
        for (path, good) in posts() {
            let good = good.to_string();
            let invalid_utf8 = [good.as_bytes(), b"\xff"].concat();
            let bodies: [Vec<u8>; 9] = [
                b"".into(),
                b" \n".into(),
                b"{".into(),
                good[..good.len() - 1].into(),
                format!("{good}{good}").into(),
                good.replace('"', "'").into(),
                format!("{good}\0").into(),
                "[".repeat(10_000).into(),
                invalid_utf8,
            ];
            for body in bodies {
                let what = format!("{path} {}", String::from_utf8_lossy(&body[..body.len().min(80)]));
                assert_refused(&post(&house, path, body).await, StatusCode::BAD_REQUEST, "malformed_json", &what);
            }
        }
        assert_nothing_was_written(&house).await;
    }

    // ASVS 1.5.2, 8.2.3, 15.3.3, 15.3.7
    async fn what_has_the_wrong_shape_is_refused(database) {
        let house = House::open(database).await;
        for (path, good) in posts() {
            let names: Vec<String> = good.as_object().expect("an object").keys().cloned().collect();
            let mut bodies = vec![json!(null), json!([]), json!([good]), json!(SECRET), json!(7), json!(true), json!({})];
            for name in &names {
                for wrong in [json!(null), json!(7), json!(true), json!([SECRET]), json!({ SECRET: SECRET })] {
                    let mut body = good.clone();
                    body[name] = wrong;
                    bodies.push(body);
                }
                let mut without = good.clone();
                without.as_object_mut().expect("an object").remove(name);
                bodies.push(without);
            }
            let mut with_more = good.clone();
            with_more["role"] = json!("admin");
            bodies.push(with_more);
            for body in bodies {
                let what = format!("{path} {body}");
                assert_refused(&post(&house, path, body.to_string()).await, StatusCode::BAD_REQUEST, "invalid_input", &what);
            }
            for name in names {
                let twice = good.to_string().replacen('{', &format!("{{\"{name}\":{SECRET:?},"), 1);
                assert_refused(&post(&house, path, twice).await, StatusCode::BAD_REQUEST, "invalid_input", path);
            }
        }
        assert_nothing_was_written(&house).await;
    }

    async fn what_is_too_large_is_refused(database) {
        let house = House::open(database).await;
        for (path, good) in posts() {
            let body = format!("{good}{}", " ".repeat(64 * 1024));
            assert_refused(&post(&house, path, body).await, StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", path);
        }
        assert_nothing_was_written(&house).await;
    }

    async fn what_does_not_say_that_it_is_json_is_refused(database) {
        let house = House::open(database).await;
        for (path, good) in posts() {
            for kind in ["", "text/plain", "application/x-www-form-urlencoded", "application/jsonp", "json"] {
                let client = house.client();
                let request = client.request(Method::POST, path).header("content-type", kind);
                let answer = client.send(request.body(good.to_string())).await;
                assert_refused(&answer, StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", kind);
            }
        }
        assert_nothing_was_written(&house).await;
    }

    // ASVS 2.2.1
    async fn addresses_and_names_that_are_none_are_named(database) {
        let house = House::open(database).await;
        let long = format!("{}@example.org", "a".repeat(250));
        for email in ["", "ada", "ada@", "@example.org", "ada@exa mple.org", &long, "\u{0}"] {
            let answer = post(&house, "/api/auth/signup", wish(email, "ada", SECRET).to_string()).await;
            assert_refused(&answer, StatusCode::BAD_REQUEST, "invalid_input", email);
            assert_eq!(answer.json()["errors"][0]["field"], "email");
            let answer = post(&house, "/api/auth/resend-verification", json!({ "email": email }).to_string()).await;
            assert_refused(&answer, StatusCode::BAD_REQUEST, "invalid_input", email);
        }
        for username in ["", "ad", "a da", "adä", "ada\u{0}", "../ada", &"a".repeat(51)] {
            let answer = post(&house, "/api/auth/signup", wish("ada@example.org", username, SECRET).to_string()).await;
            assert_refused(&answer, StatusCode::BAD_REQUEST, "invalid_input", username);
            assert_eq!(answer.json()["errors"][0]["field"], "username");
        }
        assert_nothing_was_written(&house).await;
    }
}
