//! What every answer has in common.

use reqwest::Method;
use serde_json::Value;
use testkit::Answer;

use crate::house::{House, rooms};

const ALWAYS: &[(&str, &str)] = &[
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("cross-origin-embedder-policy", "require-corp"),
];

/// Every method and path of the API, from its own document.
async fn routes(house: &House) -> Vec<(Method, String)> {
    let document = house.client().get("/api/openapi.json").await.json();
    let paths = document["paths"].as_object().expect("paths").clone();
    let methods = |(path, methods): (String, Value)| {
        let methods: Vec<String> = methods.as_object().expect("methods").keys().cloned().collect();
        methods
            .into_iter()
            .map(move |method| (method.to_uppercase().parse().expect("a method"), path.clone()))
    };
    paths.into_iter().flat_map(methods).collect()
}

fn assert_protected(answer: &Answer, what: &str) {
    for (name, value) in ALWAYS {
        assert_eq!(answer.header(name), *value, "{name} of {what}");
    }
    let policy = answer.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'; "), "{what}: {policy}");
    for loophole in ["unsafe-", "*", "http:", "https:"] {
        assert!(!policy.contains(loophole), "{what}: {policy}");
    }
    assert!(answer.header("permissions-policy").contains("camera=()"), "{what}");
    assert!(!answer.header("x-request-id").is_empty(), "{what}");
    assert_eq!(answer.header("strict-transport-security"), "", "plain http promises nothing: {what}");
    for name in ["server", "x-powered-by", "via"] {
        assert_eq!(answer.header(name), "", "{name} of {what}");
    }
    for (name, value) in &answer.headers {
        let line = format!("{name}: {}", String::from_utf8_lossy(value.as_bytes())).to_lowercase();
        for telling in [env!("CARGO_PKG_VERSION"), "axum", "hyper", "mainstay", "tower"] {
            assert!(!line.contains(telling), "{line} of {what}");
        }
    }
}

testkit::on_both_databases! {
    migrations: rooms();

    // ASVS 3.2.1, 3.4.4, 3.4.5, 3.4.8, 4.1.1
    // ASVS 13.4.6 - of the answers' headers
    async fn every_answer_is_protected(database) {
        let house = House::open(database).await;
        let client = house.client();
        let mut asked = routes(&house).await;
        assert!(asked.len() >= 10, "{asked:?}");
        for path in ["/", "/sign-in", "/assets/nothing.js", "/docs/", "/api/openapi.json", "/api", "/api/nothing", "/dev/mail"] {
            for method in ["GET", "HEAD", "POST", "DELETE", "TRACE", "OPTIONS"] {
                asked.push((method.parse().expect("a method"), path.to_owned()));
            }
        }
        for (method, path) in asked {
            let answer = client.send(client.request(method.clone(), &path)).await;
            let what = format!("{method} {path} {}", answer.status);
            assert_protected(&answer, &what);
            assert!(!answer.status.is_server_error() || path == "/" || path == "/sign-in" || path == "/dev/mail", "{what}: {answer:?}");
            if path.starts_with("/api") && answer.status.is_client_error() && method != Method::HEAD {
                assert_eq!(answer.header("content-type"), "application/problem+json", "{what}");
                assert_eq!(answer.json()["request_id"], answer.header("x-request-id"), "{what}");
            }
            if path.starts_with("/api") {
                assert_eq!(answer.header("cache-control"), "no-store", "{what}");
            }
        }
    }

    async fn what_is_not_there_is_a_problem_with_a_code(database) {
        let house = House::open(database).await;
        let client = house.client();
        for path in ["/api", "/api/", "/api/nothing", "/api/auth", "/api/auth/me/", "/api//health"] {
            let answer = client.get(path).await;
            assert_eq!((answer.status.as_u16(), answer.code().as_str()), (404, "not_found"), "{path}");
        }
    }

    // ASVS 3.5.3
    async fn a_wrong_method_names_the_right_ones(database) {
        let house = House::open(database).await;
        let client = house.client();
        for (path, allowed) in [("/api/health", "GET,HEAD"), ("/api/auth/me", "GET,HEAD"), ("/api/auth/login", "POST"), ("/sign-in", "GET, HEAD")] {
            for method in ["DELETE", "PUT", "PATCH", "TRACE", "OPTIONS", "PURGE"] {
                let request = client.request(method.parse().expect("a method"), path);
                let answer = client.send(request.header("sec-fetch-site", "same-origin")).await;
                assert_eq!((answer.status.as_u16(), answer.header("allow")), (405, allowed), "{method} {path}");
                assert_eq!(answer.code(), "method_not_allowed");
            }
        }
    }

    // ASVS 13.4.4
    async fn a_trace_repeats_nothing(database) {
        let house = House::open(database).await;
        let answer = house.exchange("TRACE / HTTP/1.1\r\nHost: a\r\nCookie: hunter2\r\nConnection: close\r\n\r\n").await;
        assert!(answer.starts_with("HTTP/1.1 405 "), "{answer}");
        assert!(!answer.contains("hunter2"), "{answer}");
    }

    // ASVS 3.4.1
    // ASVS 4.1.2 - the API answers as it is asked; nothing redirects, TLS is the proxy's
    async fn transport_security_is_promised_when_people_come_over_tls(database) {
        let house = House::with(database, |config| config.server.public_url = Some("https://a.example".into())).await;
        for path in ["/", "/api/health"] {
            let answer = house.client().get(path).await;
            assert_eq!(answer.header("strict-transport-security"), "max-age=63072000; includeSubDomains");
        }
        let client = house.client();
        let request = client.request(Method::POST, "/api/auth/logout").header("origin", "https://b.example");
        assert_eq!(client.send(request).await.code(), "cross_site_request");
        let request = client.request(Method::POST, "/api/auth/logout").header("origin", "https://a.example");
        assert_eq!(client.send(request).await.status.as_u16(), 204);
    }
}
