//! What the gateway costs a request. A measurement, not a test: `cargo test --release -p edge -- --ignored costs`.

use std::hint::black_box;
use std::time::Duration;

use http::Request;

use super::jwt::issuer::{AUDIENCE, ISSUER, Signer, but, claims, set};
use super::*;
use crate::config::{JwtConfig, RateLimitConfig};

const REQUESTS: u32 = 200_000;

/// How long this thread has had a processor.
fn used() -> Duration {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").expect("Linux");
    let nanos = text.split(' ').next().and_then(|nanos| nanos.parse().ok());
    Duration::from_nanos(nanos.expect("a number"))
}

/// What a browser sends.
fn head(token: &str) -> Parts {
    let request = Request::get("/api/orders?page=2")
        .header("host", "app.example.org")
        .header("user-agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
        .header("accept", "application/json, text/plain, */*")
        .header("accept-language", "de,en-US;q=0.7,en;q=0.3")
        .header("accept-encoding", "gzip, deflate, br, zstd")
        .header("referer", "https://app.example.org/orders")
        .header("sec-fetch-dest", "empty")
        .header("sec-fetch-mode", "cors")
        .header("sec-fetch-site", "same-origin")
        .header("cookie", "theme=dark; mainstay-visitor=AAAAAAAAAAAAAAAAAAAAAA")
        .header("authorization", format!("Bearer {token}"));
    request.body(()).expect("a request").into_parts().0
}

async fn cost(config: &ServiceConfig, token: &str) -> f64 {
    let gateway = Arc::new(Gateway::new("app", config, &Ambient::system()));
    tokio::spawn(Arc::clone(&gateway).attend());
    let client = "203.0.113.7".parse().expect("an address");
    let arrival = Arrival { client, is_trusted: false, scheme: "https", host: "app.example.org" };
    let whole = head(token);
    let mut spent = [Duration::ZERO; 2];
    // The first time without the gateway: what it takes to make the request and the answer.
    for (with_gateway, spent) in [false, true].into_iter().zip(&mut spent) {
        let before = used();
        for _ in 0..REQUESTS {
            let (mut head, mut leaving) = (whole.clone(), Leaving::default());
            let mut response = Response::new(());
            if with_gateway {
                leaving.of(&gateway, arrival.is_https(&head.headers));
                let admitted = gateway.admit(&arrival, &mut head, &mut leaving).await;
                assert!(matches!(admitted, Ok(Admitted::Passes)), "{admitted:?}");
            }
            leaving.dress(&mut response);
            black_box((head, response));
        }
        *spent = used().saturating_sub(before);
    }
    spent[1].saturating_sub(spent[0]).as_secs_f64() * 1e6 / f64::from(REQUESTS)
}

#[tokio::test]
#[ignore = "measures, and proves nothing"]
async fn costs() {
    let signer = Signer::ed25519("a");
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("jwks.json");
    std::fs::write(&path, set(&[&signer]).to_string()).expect("written");
    let now = Ambient::system().now().timestamp();
    let times = serde_json::json!({ "nbf": now, "iat": now, "exp": now + 900 });
    let token = signer.sign(&but(claims("01900000-0000-7000-8000-000000000000"), &times));

    let quota = |text: &str| serde_json::from_value(text.into()).expect("a quota");
    let bare = ServiceConfig::default();
    let jwt = JwtConfig {
        jwks: Some(path.to_str().expect("text").parse().expect("a source")),
        issuer: ISSUER.to_owned(),
        audience: vec![AUDIENCE.to_owned()],
        token_type: Some("at+jwt".to_owned()),
        ..JwtConfig::default()
    };
    let many = Some(quota("1000000 per 1s"));
    let token_only = ServiceConfig { jwt, ..bare.clone() };
    let address_only =
        ServiceConfig { rate_limits: RateLimitConfig { address: many, user: None }, ..bare.clone() };
    let limits = RateLimitConfig { address: many, user: many };
    let all = ServiceConfig { rate_limits: limits, ..token_only.clone() };
    for (name, config) in [
        ("headers", bare),
        ("and a limit", address_only),
        ("and a token", token_only),
        ("all, two limits", all),
    ] {
        println!("{name:>16}: {:.2} µs", cost(&config, &token).await);
    }
}
