//! What pages' content security policies forbade: reported by anybody, kept in bounds, read by administrators.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use testkit::{Answer, Client};

use crate::house::{House, number, rooms};

async fn report(house: &House, kind: &str, body: &Value) -> Answer {
    let client = house.client();
    client
        .send(
            client
                .request(Method::POST, "/api/csp-report")
                .header("content-type", kind)
                .body(body.to_string()),
        )
        .await
}

fn violation(house: &House, page: &str, blocked: &str) -> Value {
    let document = format!("http://{}{page}", house.address);
    json!({ "csp-report": { "document-uri": document, "effective-directive": "script-src-elem", "blocked-uri": blocked } })
}

async fn listed(root: &Client) -> Vec<Value> {
    let answer = root.get("/api/admin/csp-reports").await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    answer.json()["reports"].as_array().expect("a list").clone()
}

testkit::on_both_databases! {
    migrations: rooms();

    // ASVS 3.4.7
    async fn reports_are_counted_by_kind_and_shown_to_administrators(database) {
        let house = House::open(database).await;
        let root = house.administrator().await;
        for _ in 0..3 {
            let answer = report(&house, "application/csp-report", &violation(&house, "/account?token=hunter2", "https://evil.example/x.js")).await;
            assert_eq!(answer.status, StatusCode::NO_CONTENT, "{answer:?}");
        }
        report(&house, "application/csp-report", &violation(&house, "/login", "inline")).await;
        let list = listed(&root).await;
        assert_eq!(list.len(), 2, "{list:?}");
        let first = list.iter().find(|kind| kind["page"] == "/account").expect("the page");
        assert_eq!((&first["blocked"], &first["seen"], &first["directive"]), (&json!("https://evil.example"), &json!(3), &json!("script-src-elem")));
        assert!(!format!("{list:?}").contains("hunter2"));
        let client = house.client();
        assert_eq!(client.get("/api/admin/csp-reports").await.status, StatusCode::UNAUTHORIZED);
        assert_eq!(client.delete("/api/admin/csp-reports").await.status, StatusCode::UNAUTHORIZED);
        assert_eq!(root.delete("/api/admin/csp-reports").await.status, StatusCode::NO_CONTENT);
        assert!(listed(&root).await.is_empty());
        assert_eq!(number(&house.database, "SELECT COUNT(*) AS n FROM audit_logs WHERE action = 'csp_reports_clear'").await, 1);
    }

    async fn what_is_no_report_is_refused_and_what_is_not_ours_is_left_out(database) {
        let house = House::open(database).await;
        let root = house.administrator().await;
        let good = violation(&house, "/", "inline");
        assert_eq!(report(&house, "text/plain", &good).await.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
        assert_eq!(report(&house, "application/csp-report", &json!({})).await.code(), "malformed_request");
        let foreign = json!({ "csp-report": { "document-uri": "https://elsewhere.example/", "effective-directive": "img-src" } });
        assert_eq!(report(&house, "application/csp-report", &foreign).await.status, StatusCode::NO_CONTENT);
        assert!(listed(&root).await.is_empty());
    }

    async fn nobody_fills_the_database_with_reports(database) {
        let house = House::open(database).await;
        let root = house.administrator().await;
        let one = |n: usize| json!({ "type": "csp-violation", "body": {
            "documentURL": format!("http://{}/page-{n}", house.address), "effectiveDirective": "img-src", "blockedURL": "inline",
        } });
        for start in (0..1050).step_by(50) {
            let many: Vec<_> = (start..start + 50).map(one).collect();
            assert_eq!(report(&house, "application/reports+json", &json!(many)).await.status, StatusCode::NO_CONTENT);
        }
        let list = listed(&root).await;
        assert_eq!(list.len(), 1001);
        let others = list.iter().find(|kind| kind["directive"] == "others").expect("the rest");
        assert_eq!(others["seen"], 50);
    }
}
