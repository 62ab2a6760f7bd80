//! Limits as a client meets them: what is refused, when, and what the headers say.

use std::time::Duration;

use axum::extract::Extension;
use axum::routing::{get, post};
use axum::{Json, Router};
use chrono::TimeDelta;
use foundation::{Problem, Uuid};
use guard::{ClientAddress, Config, Key, Policy, Quota, Quotas, RateLimits, RateRule, RequestLimits};
use http::{Method, StatusCode};
use serde_json::json;
use testkit::{Connection, FakeClock, TestAmbient, TestServer};

use crate::kit::{Answer, get as asked, limited, request, send};
use crate::log;

fn quota(text: &str) -> Quota {
    serde_json::from_value(json!(text)).expect("a quota")
}

fn rules() -> Vec<RateRule> {
    vec![
        RateRule::new(Method::POST, "/api/login", Policy::SignIn),
        RateRule::new(Method::GET, "/api/people/{id}", Policy::Mail),
        RateRule::new(Method::POST, "/report", Policy::Report),
    ]
}

async fn as_user(Extension(limits): Extension<RequestLimits>) -> Result<&'static str, Problem> {
    limits.check(Policy::ApiUser, Key::user(Uuid::nil())).await?;
    Ok("ok")
}

/// A house in which ten requests may come to the API, three of them to sign in.
fn house() -> (Router, FakeClock) {
    with_proxies(&[])
}

fn with_proxies(trusted: &[&str]) -> (Router, FakeClock) {
    let rate_limits = Quotas {
        api: quota("10 per 10s"),
        api_user: quota("2 per 1h"),
        sign_in: quota("3 per 1m"),
        mail: quota("2 per 1m"),
        report: quota("1 per 1m"),
        ..Quotas::default()
    };
    let trusted_proxies = trusted.iter().map(|network| network.parse().expect("a network")).collect();
    let router = Router::new()
        .route("/", get(async || "<html>"))
        .route("/report", post(async || ""))
        .route("/api/ok", get(async || "ok"))
        .route("/api/people/{id}", get(async || "somebody"))
        .route("/api/user", get(as_user))
        .route("/api/login", post(async |Json(body): Json<serde_json::Value>| body.to_string()));
    let TestAmbient { ambient, clock } = TestAmbient::default();
    let config = Config { rate_limits, trusted_proxies, ..Config::default() };
    (limited(config, rules(), ambient, router), clock)
}

/// The headers about limits: limit, remaining, reset, policies, standings.
fn standing(answer: &Answer) -> [&str; 5] {
    ["ratelimit-limit", "ratelimit-remaining", "ratelimit-reset", "ratelimit-policy", "ratelimit"]
        .map(|name| answer.header(name))
}

fn login() -> axum::extract::Request {
    crate::kit::post_json("/api/login", "{}")
}

fn from(address: &str, mut request: axum::extract::Request) -> axum::extract::Request {
    let peer = std::net::SocketAddr::new(address.parse().expect("an address"), 50_000);
    request.extensions_mut().insert(axum::extract::ConnectInfo(peer));
    request
}

// ASVS 2.4.1
#[tokio::test]
async fn every_answer_tells_how_its_sender_stands() {
    let (house, clock) = house();
    let first = send(&house, asked("/api/ok")).await;
    assert_eq!(standing(&first), ["10", "9", "1", r#""api";q=10;w=10"#, r#""api";r=9;t=1"#]);

    let second = send(&house, login()).await;
    assert_eq!(second.status, StatusCode::OK, "{second:?}");
    let policies = r#""api";q=10;w=10, "sign_in";q=3;w=60"#;
    assert_eq!(standing(&second), ["3", "2", "20", policies, r#""api";r=8;t=2, "sign_in";r=2;t=20"#]);
    send(&house, login()).await;
    send(&house, login()).await;

    let refused = send(&house, login()).await;
    assert_eq!((refused.status.as_u16(), refused.code().as_str()), (429, "too_many_requests"));
    assert_eq!(refused.header("retry-after"), "20");
    assert_eq!(standing(&refused)[..3], ["3", "0", "60"]);
    assert!(refused.body.contains("from your network. Please wait 20s and try again."), "{refused:?}");
    assert_ne!(refused.header("content-security-policy"), "", "{refused:?}");

    clock.advance(TimeDelta::seconds(20));
    assert_eq!(send(&house, login()).await.status, StatusCode::OK);
    assert_eq!(send(&house, login()).await.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn everything_below_the_api_counts_together_and_pages_do_not() {
    let (house, _) = house();
    for path in ["/api/ok", "/api/nowhere", "/api", "/api/", "/api/ok?a=b"] {
        send(&house, asked(path)).await;
        send(&house, request("HEAD", path).body("".into()).expect("a request")).await;
    }
    assert_eq!(send(&house, asked("/api/ok")).await.code(), "too_many_requests");
    for path in ["/", "/nowhere", "/apix"] {
        let page = send(&house, asked(path)).await;
        assert_ne!(page.status, StatusCode::TOO_MANY_REQUESTS, "{path}");
        assert_eq!(standing(&page), [""; 5], "{path}");
    }
}

#[tokio::test]
async fn a_rule_knows_a_route_however_its_path_is_written() {
    let (house, _) = house();
    let people = async |uri: &str| send(&house, asked(uri)).await.status.as_u16();
    assert_eq!([people("/api/people/1").await, people("/api/people/2?x=/").await], [200, 200]);
    let head = request("HEAD", "/api/people/3").body("".into()).expect("a request");
    assert_eq!(send(&house, head).await.status.as_u16(), 429, "HEAD is a GET");
    for path in
        ["/api/people/4", "/api/people/%34", "/api/people/4?", "http://learn.example.org/api/people/4"]
    {
        assert_eq!(people(path).await, 429, "{path}");
    }
}

// ASVS 2.4.1 - no spelling gets round a limit
#[tokio::test]
async fn what_is_spelled_in_another_way_reaches_no_handler() {
    let (house, _) = house();
    for path in [
        "/api/%6Cogin",
        "/%61pi/login",
        "/api//login",
        "//api/login",
        "/api/./login",
        "/API/login",
        "/api/login/",
    ] {
        let answer = send(&house, crate::kit::post_json(path, "{}")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn a_rule_holds_outside_the_api_too() {
    let (house, _) = house();
    let report = || request("POST", "/report").body("".into()).expect("a request");
    let first = send(&house, report()).await;
    assert_eq!(standing(&first), ["1", "0", "60", r#""report";q=1;w=60"#, r#""report";r=0;t=60"#]);
    assert_eq!(send(&house, report()).await.code(), "too_many_requests");
}

// ASVS 15.2.2 - what is refused costs no body
#[tokio::test]
async fn the_gate_is_shut_before_the_body_and_before_questions_of_origin() {
    let (house, _) = house();
    let foreign = || {
        let login = request("POST", "/api/login").header("sec-fetch-site", "cross-site");
        login.body("".into()).expect("a request")
    };
    for _ in 0..3 {
        assert_eq!(send(&house, foreign()).await.code(), "cross_site_request");
    }
    assert_eq!(send(&house, foreign()).await.code(), "too_many_requests", "what another site sent counts");
    let large = request("POST", "/api/login").header("content-length", "999999999");
    let large = send(&house, large.body("".into()).expect("a request")).await;
    assert_eq!(large.code(), "too_many_requests");
}

// ASVS 15.2.2 - what is refused does not wait for its body
#[tokio::test]
async fn through_a_real_server_a_refusal_comes_before_the_body() {
    let server = TestServer::start(house().0).await;
    let address = server.url().trim_start_matches("http://").parse().expect("an address");
    let head = async |body: &str| {
        let mut connection = Connection::to(address).await;
        let headers = "host: x\r\ncontent-type: application/json\r\ncontent-length: 2";
        connection.send(format!("POST /api/login HTTP/1.1\r\n{headers}\r\n\r\n{body}")).await;
        connection.until("\r\n\r\n").await
    };
    for _ in 0..3 {
        let head = head("{}").await;
        assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    }
    let head = head("").await;
    assert!(head.starts_with("HTTP/1.1 429"), "{head}");
    for header in ["retry-after: 20", "ratelimit-limit: 3", "ratelimit-remaining: 0", "ratelimit-reset: 60"] {
        assert!(head.contains(&format!("{header}\r\n")), "{header} not in {head}");
    }
}

#[tokio::test]
async fn networks_are_counted_apart_and_an_ipv6_customer_is_one() {
    let (house, _) = house();
    for (address, expected) in [
        ("2001:db8:1:2::1", 200),
        ("2001:db8:1:2::2", 200),
        ("2001:db8:1:2:ffff::1", 200),
        ("2001:db8:1:2::4", 429),
        ("2001:db8:1:3::1", 200),
        ("203.0.113.7", 200),
        ("203.0.113.7", 200),
        ("::ffff:203.0.113.7", 200),
        ("203.0.113.7", 429),
        ("203.0.113.8", 200),
    ] {
        assert_eq!(send(&house, from(address, login())).await.status.as_u16(), expected, "{address}");
    }
}

#[tokio::test]
async fn those_without_an_address_share_one_count() {
    let (house, _) = house();
    for expected in [200, 200, 200, 429] {
        assert_eq!(send(&house, login()).await.status.as_u16(), expected);
    }
    assert_eq!(send(&house, from("203.0.113.7", login())).await.status.as_u16(), 200);
}

// ASVS 2.4.1, 15.3.4 - who writes a header does not choose whom it counts against
#[tokio::test]
async fn a_made_up_address_changes_nothing() {
    let forwarded = |number: usize| {
        let mut login = from("203.0.113.7", login());
        let value = format!("198.51.100.{number}").parse().expect("a value");
        login.headers_mut().insert("x-forwarded-for", value);
        login
    };
    let (stranger, _) = house();
    let (proxy, _) = with_proxies(&["203.0.113.7/32"]);
    for number in 0..5 {
        let believed = send(&proxy, forwarded(number)).await.status.as_u16();
        let not_believed = send(&stranger, forwarded(number)).await.status.as_u16();
        assert_eq!((believed, not_believed), (200, if number < 3 { 200 } else { 429 }), "{number}");
    }
}

#[tokio::test]
async fn what_stands_outside_is_not_answered() {
    let router = Router::new().route(
        "/api/user",
        get(async |request: axum::extract::Request| {
            RequestLimits::of(request.extensions()).map(|_| "counted")
        }),
    );
    assert_eq!(send(&router, asked("/api/user")).await.status, StatusCode::INTERNAL_SERVER_ERROR);
}

#[tokio::test]
async fn a_handler_counts_a_person() {
    let (house, _) = house();
    for expected in [200, 200, 429] {
        let answer = send(&house, asked("/api/user")).await;
        assert_eq!(answer.status.as_u16(), expected, "{answer:?}");
    }
    let refused = send(&house, asked("/api/user")).await;
    assert!(refused.body.contains("from your account. Please wait 30m and try again."), "{refused:?}");
    assert_eq!(refused.header("retry-after"), "1800");
    assert_eq!(refused.header("ratelimit-policy"), r#""api";q=10;w=10, "api_user";q=2;w=3600"#);
    assert_eq!(refused.header("ratelimit-remaining"), "0");
}

// ASVS 16.3.3 - limits that somebody runs into
// ASVS 16.2.1
#[tokio::test]
async fn one_line_tells_of_a_thousand_refusals() {
    let (house, clock) = house();
    for _ in 0..1000 {
        send(&house, from("203.0.113.7", login())).await;
    }
    clock.advance(TimeDelta::minutes(1));
    for _ in 0..5 {
        send(&house, from("203.0.113.7", login())).await;
    }
    let log = log::taken();
    let lines: Vec<&str> = log.lines().filter(|line| line.contains("security")).collect();
    assert_eq!(lines.len(), 3, "sign_in, api, and a minute later again: {lines:#?}");
    for part in ["INFO", r#"policy="sign_in""#, "by=203.0.113.7", "quota=3 per 1m", "untold=0", "request_id="]
    {
        assert!(lines[0].contains(part), "{part} not in {}", lines[0]);
    }
    assert!(lines[1].contains(r#"policy="api""#) && lines[1].contains("untold=6"), "{}", lines[1]);
    assert!(lines[2].contains("untold=989"), "{}", lines[2]);
}

#[test]
#[should_panic(expected = "a rule counts networks")]
fn a_rule_cannot_count_people() {
    let _ = RateRule::new(Method::GET, "/api/me", Policy::ApiUser);
}

#[tokio::test]
async fn the_address_a_handler_sees_is_the_one_that_counts() {
    let limits = RateLimits::in_process(
        Quotas { sign_in: quota("1 per 1m"), ..Quotas::default() },
        TestAmbient::default().ambient,
    );
    let address = ClientAddress("203.0.113.7".parse().expect("an address"));
    assert!(limits.check(Policy::SignIn, Key::of_client(Some(address))).await.is_ok());
    let refused = limits.check(Policy::SignIn, Key::network(address.0)).await.expect_err("refused");
    assert_eq!(refused.retry_after, Duration::from_mins(1));
}
