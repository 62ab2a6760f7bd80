//! Who must have a second factor, as the operator decides.

use accounts::{Config, MailConfig, SecondFactorPolicy};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use testkit::{Answer, Client, TestDatabase, TestServer};

use crate::browser::session_of;
use crate::house::{House, cheap, migrations};
use crate::kit::{administrator, assert_problem, assert_status, bearer, call, enrol, id_of, text};

async fn with_policy(database: TestDatabase, second_factor: SecondFactorPolicy) -> House {
    House::with(database, Config { second_factor, ..cheap() }, &MailConfig::default()).await
}

/// A request to the application by whoever is signed in with this browser.
async fn in_application(server: &TestServer, browser: &Client, method: Method, path: &str) -> Answer {
    let client = server.client();
    client.forge_cookie(accounts::SESSION_COOKIE, &session_of(browser));
    call(&client, method, path, &Value::Null).await
}

fn assert_enrol_first(answer: &Answer) {
    assert_problem(answer, StatusCode::FORBIDDEN, "second_factor_required");
}

testkit::on_both_databases! {
    migrations: migrations();

    // ASVS 6.3.3
    async fn when_everybody_needs_one_the_applications_wait_for_it(database) {
        let house = with_policy(database, SecondFactorPolicy::Everybody).await;
        let (server, ada) = (house.application().await, house.member("ada").await);
        let me = ada.get("/api/auth/me").await.json();
        assert_eq!((&me["second_factor"], &me["second_factor_required"]), (&json!(false), &json!(true)));
        assert_eq!(ada.get("/api/auth/2fa").await.json()["required"], true);
        for method in [Method::GET, Method::POST] {
            assert_enrol_first(&in_application(&server, &ada, method, "/api/course").await);
        }
        let wish = json!({ "name": "script", "scopes": ["read", "write"], "expires_in_days": 1 });
        assert_enrol_first(&ada.post("/api/auth/tokens", &wish).await);
        // From before the operator wanted one.
        let before = house.beside(cheap()).await;
        let earlier = before.client();
        earlier.forge_cookie(accounts::SESSION_COOKIE, &session_of(&ada));
        let token = earlier.post("/api/auth/tokens", &wish).await.json();
        let by_token = async || bearer(&server.client(), text(&token, "token"), Method::GET, "/api/course", &Value::Null).await;
        assert_enrol_first(&by_token().await);

        enrol(&house, &ada).await;
        for method in [Method::GET, Method::POST] {
            let answer = in_application(&server, &ada, method, "/api/course").await;
            assert_eq!((answer.status, answer.text.as_str()), (StatusCode::OK, "ada"));
        }
        assert_status(&by_token().await, StatusCode::OK);

        ada.post("/api/auth/2fa/disable", &json!({})).await;
        assert_enrol_first(&in_application(&server, &ada, Method::GET, "/api/course").await);
    }

    // ASVS 6.3.3
    async fn when_administrators_need_one_they_run_nothing_without_it(database) {
        let house = with_policy(database, SecondFactorPolicy::Administrators).await;
        let (server, root, ada) = (house.application().await, administrator(&house, "root").await, house.member("ada").await);
        assert_eq!(root.get("/api/auth/me").await.json()["second_factor_required"], true);
        assert_eq!(ada.get("/api/auth/me").await.json()["second_factor_required"], false);
        assert_status(&in_application(&server, &ada, Method::GET, "/api/course").await, StatusCode::OK);
        let id = id_of(&ada).await;
        let routes = [
            (Method::GET, "/api/admin/users".to_owned()),
            (Method::GET, format!("/api/admin/users/{id}")),
            (Method::GET, format!("/api/admin/users/{id}/activity")),
            (Method::POST, format!("/api/admin/users/{id}/end-sessions")),
            (Method::POST, format!("/api/admin/users/{id}/disable")),
            (Method::POST, format!("/api/admin/users/{id}/enable")),
            (Method::POST, format!("/api/admin/users/{id}/start-reset")),
            (Method::POST, format!("/api/admin/users/{id}/start-recovery")),
            (Method::PUT, format!("/api/admin/users/{id}/role")),
            (Method::POST, "/api/admin/end-all-sessions".to_owned()),
        ];
        for (method, path) in &routes {
            let body = if *method == Method::PUT { json!({ "role": "user" }) } else { Value::Null };
            assert_enrol_first(&call(&root, method.clone(), path, &body).await);
        }
        for path in ["/api/course", "/api/running"] {
            assert_enrol_first(&in_application(&server, &root, Method::GET, path).await);
        }
        enrol(&house, &root).await;
        assert_status(&root.get("/api/admin/users").await, StatusCode::OK);
        assert_status(&call(&root, Method::POST, &routes[3].1, &Value::Null).await, StatusCode::NO_CONTENT);
        assert_status(&in_application(&server, &root, Method::GET, "/api/running").await, StatusCode::OK);
    }

    // ASVS 6.3.3
    async fn a_stricter_policy_acts_on_sessions_that_exist(database) {
        let house = House::open(database).await;
        let ada = house.member("ada").await;
        let stricter = house.beside(Config { second_factor: SecondFactorPolicy::Everybody, ..cheap() }).await;
        let answer = in_application(&house.application().await, &ada, Method::GET, "/api/course").await;
        assert_status(&answer, StatusCode::OK);
        let answer = in_application(&stricter.application().await, &ada, Method::GET, "/api/course").await;
        assert_enrol_first(&answer);
    }
}
