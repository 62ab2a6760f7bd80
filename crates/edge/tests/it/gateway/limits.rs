//! How often an application may be asked.

use edge::RateLimitConfig;
use guard::Quota;
use serde::Deserialize as _;
use serde::de::IntoDeserializer as _;
use serde::de::value::Error;

use super::kit::{Answer, Published, Standing, believing, gate, with_token};
use crate::gate::client;
use crate::issuer::{Signer, claims};

fn quota(text: &str) -> Quota {
    let read: Result<_, Error> = Quota::deserialize(text.into_deserializer());
    read.expect("a quota")
}

#[tokio::test]
async fn a_network_that_asks_too_often_has_to_wait() {
    let clock = Standing::new();
    let gate = gate(&clock, |service| service.rate_limits.address = Some(quota("2 per 1m"))).await;
    let ask = async || Answer::to(client().get(gate.url("/")).header("x-forwarded-for", "6.6.6.6")).await;
    for remaining in ["1", "0"] {
        let answer = ask().await;
        assert_eq!((answer.status, answer.header("ratelimit-remaining")), (200, Some(remaining)));
        assert_eq!(answer.header("ratelimit-policy"), Some("\"gate\";q=2;w=60"));
    }
    let answer = ask().await;
    assert_eq!((answer.status, answer.code().as_str()), (429, "too_many_requests"));
    assert_eq!(answer.header("retry-after"), Some("30"));
    assert_eq!(answer.header("ratelimit"), Some("\"gate\";r=0;t=60"));
    clock.advance(30);
    assert_eq!(ask().await.status, 200);
    assert_eq!(ask().await.status, 429);
}

#[tokio::test]
async fn a_thousand_people_at_one_address_do_not_share_a_limit() {
    let (signer, clock) = (Signer::ed25519("a"), Standing::new());
    let issuer = Published::of(&[&signer]).await;
    let gate = gate(&clock, |service| {
        service.jwt = believing(&issuer.url());
        service.rate_limits =
            RateLimitConfig { address: Some(quota("1000000 per 1s")), user: Some(quota("1 per 1h")) };
    })
    .await;
    let client = client();
    let ask = async |user: u32| {
        Answer::to(client.get(gate.url("/")).bearer_auth(signer.sign(&claims(&user.to_string()))))
            .await
            .status
    };
    for user in 0..1000 {
        assert_eq!(ask(user).await, 200, "{user}");
    }
    assert_eq!(ask(7).await, 429);
    let answer = with_token(&gate, &signer.sign(&claims("7"))).await;
    assert!(answer.text.contains("from your account"), "{}", answer.text);
    assert_eq!(answer.header("retry-after"), Some("3600"));
    assert_eq!(answer.header("ratelimit-policy"), Some("\"gate\";q=1000000;w=1, \"gate_user\";q=1;w=3600"));
}

#[tokio::test]
async fn who_is_not_known_spends_nobodys_allowance() {
    let (signer, clock) = (Signer::ed25519("a"), Standing::new());
    let issuer = Published::of(&[&signer]).await;
    let gate = gate(&clock, |service| {
        service.jwt = believing(&issuer.url());
        service.rate_limits.user = Some(quota("1 per 1h"));
    })
    .await;
    for _ in 0..5 {
        assert_eq!(with_token(&gate, &Signer::ed25519("a").sign(&claims("7"))).await.status, 401);
    }
    assert_eq!(with_token(&gate, &signer.sign(&claims("7"))).await.status, 200);
}
