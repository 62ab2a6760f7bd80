//! During maintenance reads go on, and changes wait.

use std::time::Duration;

use axum::Router;
use axum::routing::any;
use foundation::{Ambient, Clock, SystemRandomness, Timestamp};
use guard::text::Message;
use guard::{Closure, Maintenance, Protection, protect};
use http::{Request, StatusCode};

use crate::kit::{Answer, get, protection, request, send};

/// A clock that stands still.
struct NewYear;

impl Clock for NewYear {
    fn now(&self) -> Timestamp {
        "2026-01-01T00:00:00Z".parse().expect("a time")
    }
}

struct House {
    router: Router,
    maintenance: Maintenance,
    ambient: Ambient,
}

fn house() -> House {
    let (maintenance, ambient) = (Maintenance::default(), Ambient::new(NewYear, SystemRandomness));
    let routes = Router::new().route("/api/thing", any(|| async { "done" }));
    let routes = routes.route("/api/going-on", any(|| async { "done" }));
    let protection = protection(guard::Config::default(), ambient.clone());
    let protection = Protection { maintenance: maintenance.clone(), ..protection };
    House { router: protect(routes, protection), maintenance, ambient }
}

impl House {
    fn close(&self, minutes: Option<u64>, message: Option<&str>) {
        let since = self.ambient.now();
        let until = minutes.map(|minutes| since + Duration::from_mins(minutes));
        let message = message.map(|text| Message::parse(text).expect("a message"));
        self.maintenance.set(Some(Closure { since, until, message }));
    }

    async fn change(&self, method: &str, path: &str) -> Answer {
        send(&self.router, request(method, path).body(axum::body::Body::empty()).expect("a request")).await
    }
}

#[tokio::test]
async fn changes_wait_and_reads_go_on() {
    let house = house();
    assert_eq!(house.change("POST", "/api/thing").await.status, StatusCode::OK);
    house.close(Some(5), None);
    for method in ["POST", "PUT", "PATCH", "DELETE"] {
        let answer = house.change(method, "/api/thing").await;
        assert_eq!(
            (answer.status, answer.header("retry-after")),
            (StatusCode::SERVICE_UNAVAILABLE, "300"),
            "{method}"
        );
        assert_eq!(answer.header("content-type"), "application/problem+json");
        assert!(answer.body.contains("\"code\":\"maintenance\""), "{}", answer.body);
    }
    for method in ["GET", "HEAD", "OPTIONS"] {
        assert_eq!(house.change(method, "/api/thing").await.status, StatusCode::OK, "{method}");
    }
    assert_eq!(house.change("POST", "/api/going-on").await.status, StatusCode::OK);
    assert_eq!(house.change("POST", "/api/going-on/").await.status, StatusCode::SERVICE_UNAVAILABLE);
    house.maintenance.set(None);
    assert_eq!(house.change("POST", "/api/thing").await.status, StatusCode::OK);
}

#[tokio::test]
async fn without_an_end_or_after_it_one_asks_again_in_a_minute() {
    let house = house();
    house.close(None, None);
    assert_eq!(house.change("POST", "/api/thing").await.header("retry-after"), "60");
    let since = house.ambient.now();
    house.maintenance.set(Some(Closure {
        since,
        until: Some(since - Duration::from_mins(5)),
        message: None,
    }));
    assert_eq!(house.change("POST", "/api/thing").await.header("retry-after"), "60");
}

#[tokio::test]
async fn nobody_is_told_to_wait_longer_than_a_day() {
    let house = house();
    for (minutes, wait) in [(24 * 60 - 1, "86340"), (24 * 60 + 1, "86400"), (100 * 365 * 24 * 60, "86400")] {
        house.close(Some(minutes), None);
        assert_eq!(house.change("POST", "/api/thing").await.header("retry-after"), wait);
    }
}

#[tokio::test]
async fn what_waits_is_no_failure_in_the_log() {
    let house = house();
    house.close(None, None);
    assert_eq!(house.change("POST", "/api/thing").await.code(), "maintenance");
    let log = crate::log::taken();
    assert!(log.contains("status=503") && !log.contains("ERROR") && !log.contains("WARN"), "{log}");
}

// ASVS 1.2.1
#[tokio::test]
async fn a_form_without_a_script_gets_a_page_for_people() {
    let house = house();
    house.close(
        Some(30),
        Some("Back <b>soon</b> & <img src=x onerror=alert(1)><script>alert(1)</script>better"),
    );
    let form = Request::builder().method("POST").uri("/api/thing").header("host", "localhost:8080");
    let form = form.header("accept", "text/html,application/xhtml+xml").body(axum::body::Body::empty());
    let answer = send(&house.router, form.expect("a request")).await;
    assert_eq!((answer.status, answer.header("retry-after")), (StatusCode::SERVICE_UNAVAILABLE, "1800"));
    assert!(answer.header("content-type").starts_with("text/html"));
    assert!(answer.body.contains("<p>Back <b>soon</b> &amp; better</p>"), "{}", answer.body);
    assert!(answer.body.contains("Until about 2026-01-01 00:30 UTC."), "{}", answer.body);
    assert!(!answer.body.contains("alert"), "{}", answer.body);
}

#[tokio::test]
async fn the_page_is_in_the_language_that_somebody_reads() {
    let house = house();
    house.close(None, None);
    for (languages, lang) in [
        ("de-AT,de;q=0.9,en;q=0.8", "de"),
        ("en-GB,en;q=0.9,de;q=0.8", "en"),
        ("fr, DE;q=0.3", "de"),
        ("fr", "en"),
        ("de;q=0", "en"),
        ("de;q=lots", "en"),
        ("", "en"),
    ] {
        let form = Request::builder().method("POST").uri("/api/thing").header("host", "localhost:8080");
        let form = form.header("accept", "text/html").header("accept-language", languages);
        let answer = send(&house.router, form.body(axum::body::Body::empty()).expect("a request")).await;
        assert!(answer.body.contains(&format!("<html lang=\"{lang}\">")), "{languages}: {}", answer.body);
    }
}

#[tokio::test]
async fn whoever_watches_is_told_of_each_change_once() {
    let house = house();
    let mut watching = house.maintenance.watch();
    assert!(!watching.has_changed().expect("alive"));
    house.close(None, None);
    watching.changed().await.expect("alive");
    assert!(watching.borrow_and_update().is_some());
    house.maintenance.set(house.maintenance.current());
    assert!(!watching.has_changed().expect("alive"), "nothing is new");
    house.maintenance.set(None);
    watching.changed().await.expect("alive");
    assert!(watching.borrow_and_update().is_none());
    assert_eq!(send(&house.router, get("/api/thing")).await.status, StatusCode::OK);
}
