//! What pages' content security policies forbade: reported by anybody, kept in bounds, read by administrators.

use std::ops::Range;

use chrono::TimeDelta;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use testkit::{Answer, Client, TestAmbient};

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

/// Reports of as many pages, as somebody makes them up.
async fn flood(house: &House, pages: Range<usize>) {
    let one = |n: usize| {
        json!({ "type": "csp-violation", "body": {
        "documentURL": format!("http://{}/page-{n}", house.address), "effectiveDirective": "img-src", "blockedURL": "inline",
    } })
    };
    for start in pages.step_by(50) {
        let many: Vec<_> = (start..start + 50).map(one).collect();
        let answer = report(house, "application/reports+json", &json!(many)).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT, "{answer:?}");
    }
}

/// How often a kind was seen, if it is listed.
fn seen(list: &[Value], field: &str, value: &str) -> Option<i64> {
    list.iter().find(|kind| kind[field] == value)?["seen"].as_i64()
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
        let TestAmbient { ambient, clock } = TestAmbient::default();
        let house = House::at(ambient, database, |_| ()).await;
        let root = house.administrator().await;
        flood(&house, 0..1000).await;
        clock.advance(TimeDelta::minutes(1));
        flood(&house, 1000..1050).await;
        let list = listed(&root).await;
        assert_eq!((list.len(), seen(&list, "directive", "others")), (1001, Some(50)));
        for n in 1000..1050 {
            assert_eq!(seen(&list, "page", &format!("/page-{n}")), Some(1), "the oldest make room: {n}");
        }
    }

    async fn a_flood_hides_no_report_that_comes_again(database) {
        let TestAmbient { ambient, clock } = TestAmbient::default();
        let house = House::at(ambient, database, |_| ()).await;
        let root = house.administrator().await;
        flood(&house, 0..1000).await;
        let honest = violation(&house, "/account", "https://evil.example/x.js");
        for _ in 0..2 {
            report(&house, "application/csp-report", &honest).await;
        }
        clock.advance(TimeDelta::minutes(1));
        flood(&house, 1000..2000).await;
        let list = listed(&root).await;
        assert_eq!((list.len(), seen(&list, "page", "/account")), (1001, Some(2)));
        assert_eq!(seen(&list, "directive", "others"), Some(1001), "nothing is lost");
    }

    async fn a_kind_that_was_not_seen_for_ninety_days_is_forgotten(database) {
        let TestAmbient { ambient, clock } = TestAmbient::default();
        let house = House::at(ambient, database, |_| ()).await;
        let kind = async |page: &str| report(&house, "application/csp-report", &violation(&house, page, "inline")).await;
        kind("/old").await;
        clock.advance(TimeDelta::days(90));
        kind("/new").await;
        let kinds = async || number(&house.database, "SELECT COUNT(*) AS n FROM csp_reports").await;
        assert_eq!(kinds().await, 2);
        clock.advance(TimeDelta::seconds(1));
        kind("/newer").await;
        assert_eq!(kinds().await, 2);
        assert_eq!(number(&house.database, "SELECT COUNT(*) AS n FROM csp_reports WHERE page = '/old'").await, 0);
    }
}
