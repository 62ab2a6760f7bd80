//! Rate limits as the installation sets them, and who ran into them, on record.

use reqwest::StatusCode;
use serde_json::{Value, json};
use testkit::{Client, until};
use tokio_util::task::TaskTracker;

use crate::house::{House, rooms};
use crate::reference::committed;

/// A quota, as in the settings.
fn quota(text: &str) -> guard::Quota {
    serde_json::from_value(json!(text)).expect("a quota")
}

/// A house behind a proxy, so that visitors come from many addresses.
async fn behind_a_proxy(database: testkit::TestDatabase, change: impl FnOnce(&mut guard::Quotas)) -> House {
    let house = House::with(database, |config| {
        config.guard.trusted_proxies = vec!["127.0.0.0/8".parse().expect("a network")];
        change(&mut config.guard.rate_limits);
    });
    let house = house.await;
    house.app.start_jobs(&TaskTracker::new(), &house.stop);
    house
}

/// The entries about limits that somebody ran into, as soon as there are as many.
async fn hits(root: &Client, number: usize) -> Vec<Value> {
    until("the refusals to be on record", async || {
        let page = root.get("/api/admin/audit?action=rate_limit_hit").await.json();
        page["entries"].as_array().filter(|entries| entries.len() == number).cloned()
    })
    .await
}

testkit::on_both_databases! {
    migrations: rooms();

    // ASVS 2.4.1 - by network
    async fn what_has_a_limit_of_its_own_is_a_route_and_tells_of_it(database) {
        let house = House::open(database).await;
        let client = house.client();
        for rule in accounts::RATE_RULES {
            let (method, path) = (rule.method(), rule.path());
            let known = &committed()["paths"][path][method.as_str().to_lowercase()];
            assert!(known.is_object(), "{method} {path} is not in the document");
            let answer = client.send(client.request(method.clone(), path)).await;
            let policies = answer.header("ratelimit-policy");
            for name in ["api", rule.policy().name()] {
                assert!(policies.contains(&format!("\"{name}\";q=")), "{method} {path}: {policies:?}");
            }
        }
    }

    // With nothing configured, and a clock that stands still, so that nothing comes back.
    // ASVS 2.4.1
    async fn programs_that_go_on_and_on_are_stopped_by_the_limits_as_they_are(database) {
        let house = House::open(database).await;
        let client = house.client();
        for (method, path, at_once) in [
            ("POST", "/api/auth/login", 120),
            ("POST", "/api/auth/signup", 40),
            ("POST", "/api/auth/forgot-password", 30),
            ("POST", "/api/csp-report", 30),
            ("GET", "/api/app", 500 - 120 - 40 - 30 - 30 - 4),
            // Not one of those: a load balancer must not believe that the program is down.
            ("GET", "/api/health", 100),
        ] {
            let ask = || client.request(method.parse().expect("a method"), path).header("sec-fetch-site", "same-origin");
            for number in 0..at_once {
                let answer = client.send(ask()).await;
                assert_ne!(answer.status.as_u16(), 429, "{method} {path}, number {number}: {answer:?}");
            }
            let refused = client.send(ask()).await;
            assert_eq!((refused.status.as_u16(), refused.code().as_str()), (429, "too_many_requests"), "{method} {path}");
            assert_ne!(refused.header("retry-after"), "", "{method} {path}: {refused:?}");
        }
    }

    // ASVS 2.4.1, 16.3.3
    async fn a_storm_of_sign_ins_is_refused_and_on_record_once(database) {
        let house = behind_a_proxy(database, |_| ()).await;
        let root = house.administrator().await;
        let storm = house.client().at("203.0.113.7");
        // The answer does not matter, and a body that is refused at once costs no hash.
        for _ in 0..120 {
            let answer = storm.post("/api/auth/login", &json!({})).await;
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{answer:?}");
        }
        for _ in 0..5 {
            let answer = storm.post("/api/auth/login", &json!({})).await;
            assert_eq!((answer.status, answer.code().as_str()), (StatusCode::TOO_MANY_REQUESTS, "too_many_requests"));
            assert_eq!(answer.header("retry-after"), "1");
        }
        let elsewhere = house.client().at("203.0.113.8").post("/api/auth/login", &json!({})).await;
        assert_eq!(elsewhere.status, StatusCode::BAD_REQUEST, "others are let in");
        let entry = &hits(&root, 1).await[0];
        assert_eq!((&entry["outcome"], &entry["by"], &entry["ip_address"]), (&json!("failure"), &Value::Null, &json!("203.0.113.7")), "{entry}");
        assert_eq!(entry["details"], json!({ "limit": "sign_in", "allowed": "60 per 1m, burst 120" }));
    }

    // ASVS 2.4.1
    async fn one_person_has_one_limit_wherever_they_are(database) {
        let house = behind_a_proxy(database, |quotas| quotas.api_user = quota("5 per 1h")).await;
        let root = house.administrator().await;
        let cookie = root.cookie(accounts::SESSION_COOKIE).expect("signed in");
        let from = |address: &str| {
            let client = house.client().at(address);
            client.forge_cookie(accounts::SESSION_COOKIE, &cookie);
            client
        };
        for (visit, expected) in [200, 200, 200, 200, 200, 429].into_iter().enumerate() {
            let answer = from(&format!("203.0.113.{visit}")).get("/api/auth/me").await;
            assert_eq!(answer.status.as_u16(), expected, "{answer:?}");
            assert!(answer.header("ratelimit-policy").contains(r#""api_user";q=5;w=3600"#), "{answer:?}");
        }
        // Asked at the database: the administrator is the one who may not ask now.
        let sql = "SELECT action FROM audit_logs WHERE action = 'rate_limit_hit' AND user_id IS NOT NULL AND ip_address IS NULL";
        until("the refusal to be on record", async || {
            (crate::house::texts(&house.database, sql).await.len() == 1).then_some(())
        })
        .await;
    }
}
