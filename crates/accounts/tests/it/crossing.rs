//! Requests that other sites make a browser send.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use testkit::{Answer, Client};

use crate::browser::{me, wish};
use crate::house::{House, PASSWORD, migrations};

/// Every POST of this room.
fn posts() -> [(&'static str, Value); 7] {
    let token = "A".repeat(43);
    let mut setup = wish("root@example.org", "root", PASSWORD);
    setup["token"] = json!(token);
    [
        ("/api/auth/signup", wish("ada@example.org", "ada", PASSWORD)),
        ("/api/auth/verify-email", json!({ "token": token, "password": PASSWORD })),
        ("/api/auth/resend-verification", json!({ "email": "ada@example.org" })),
        ("/api/auth/setup", setup),
        ("/api/auth/login", json!({ "email": "ada@example.org", "password": PASSWORD })),
        ("/api/auth/logout", json!({})),
        ("/api/auth/refresh", json!({})),
    ]
}

async fn post(client: &Client, path: &str, body: &Value, headers: &[(&str, &str)]) -> Answer {
    let request = client.request(Method::POST, path).json(body);
    client.send(headers.iter().fold(request, |request, (name, value)| request.header(*name, *value))).await
}

testkit::on_both_databases! {
    migrations: migrations();

    // ASVS 3.5.1, 16.5.3
    async fn no_other_site_can_post_anything(database) {
        let house = House::open(database).await;
        let client = house.member("grace").await;
        let mails = house.rows("outgoing_mails").await;
        let foreign = ("origin", "https://evil.example");
        for (path, body) in posts() {
            for headers in [
                [("sec-fetch-site", "cross-site")].as_slice(),
                &[("sec-fetch-site", "same-site")],
                &[("sec-fetch-site", "same-origin"), foreign],
                &[foreign],
                &[("origin", "null")],
            ] {
                for client in [&client, &house.client()] {
                    let answer = post(client, path, &body, headers).await;
                    assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path} {headers:?}");
                    assert_eq!(answer.code(), "cross_site_request");
                    assert_eq!(answer.header("set-cookie"), "", "{path}");
                }
            }
        }
        assert_eq!(me(&client).await.as_deref(), Some("grace"), "nobody signed her out");
        assert_eq!((house.rows("users").await, house.rows("outgoing_mails").await), (1, mails));
    }

    // ASVS 3.5.2
    async fn a_form_of_another_site_is_refused_for_its_type_alone(database) {
        let house = House::open(database).await;
        for (path, body) in posts().into_iter().filter(|(_, body)| *body != json!({})) {
            for kind in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"] {
                let client = house.client();
                let request = client.request(Method::POST, path).header("content-type", kind);
                let answer = client.send(request.body(body.to_string())).await;
                assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{path} {kind}");
            }
        }
    }

    async fn an_old_client_needs_the_token_of_its_own_session(database) {
        let house = House::open(database).await;
        let (ada, grace) = (house.member("ada").await, house.member("grace").await);
        let token = async |client: &Client| {
            client.get("/api/auth/csrf").await.json()["token"].as_str().expect("a token").to_owned()
        };
        let (adas, graces) = (token(&ada).await, token(&grace).await);
        assert_ne!(adas, graces);
        for headers in [[].as_slice(), &[("x-csrf-token", graces.as_str())], &[("x-csrf-token", "")], &[("x-csrf-token", "x")]] {
            let answer = post(&ada, "/api/auth/logout", &json!({}), headers).await;
            assert_eq!((answer.status, answer.code().as_str()), (StatusCode::FORBIDDEN, "csrf_token_required"));
        }
        assert_eq!(me(&ada).await.as_deref(), Some("ada"));
        let answer = post(&ada, "/api/auth/logout", &json!({}), &[("x-csrf-token", &adas)]).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT);
        assert_eq!(house.client().get("/api/auth/csrf").await.code(), "unauthenticated");
    }

    async fn a_script_without_a_session_needs_no_token(database) {
        let house = House::open(database).await;
        let answer = post(&house.client(), "/api/auth/signup", &wish("ada@example.org", "ada", PASSWORD), &[]).await;
        assert_eq!(answer.status, StatusCode::ACCEPTED);
    }
}
