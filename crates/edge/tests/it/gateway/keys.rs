//! Keys change, and where they are published is not always there.

use std::sync::Arc;

use edge::JwtConfig;
use foundation::config::Period;
use http::StatusCode;
use serde_json::json;
use tempfile::TempDir;

use super::kit::{Answer, Published, Says, Standing, believing, gate, gate_with, with_token};
use crate::gate::{client, until};
use crate::issuer::{EPOCH, Signer, but, claims, set};

/// Good for a year.
fn lasting(user: &str) -> serde_json::Value {
    but(claims(user), &json!({ "exp": EPOCH + 365 * 86_400 }))
}

async fn believer(issuer: &Published, clock: &Standing) -> crate::gate::Gate {
    gate(clock, |service| service.jwt = believing(&issuer.url())).await
}

#[tokio::test]
async fn a_new_key_counts_at_once_and_an_old_one_no_more() {
    let (old, new, clock) = (Signer::ed25519("old"), Signer::ed25519("new"), Standing::new());
    let issuer = Published::of(&[&old]).await;
    let gate = believer(&issuer, &clock).await;
    let token = old.sign(&claims("7"));
    assert_eq!(with_token(&gate, &token).await.status, 200);
    issuer.publish(&[&new]);
    assert_eq!(with_token(&gate, &new.sign(&claims("7"))).await.status, 200);
    // It was verified before, and its key does not count any more.
    let answer = with_token(&gate, &token).await;
    assert_eq!((answer.status, answer.code().as_str()), (401, "unauthenticated"));
}

#[tokio::test]
async fn made_up_keys_do_not_make_a_nuisance_of_us() {
    let (signer, clock) = (Signer::ed25519("a"), Standing::new());
    let issuer = Published::of(&[&signer]).await;
    let gate = believer(&issuer, &clock).await;
    assert_eq!(with_token(&gate, &signer.sign(&claims("7"))).await.status, 200);
    for number in 0..50 {
        let token = Signer::ed25519(&format!("made up {number}")).sign(&claims("7"));
        assert_eq!(with_token(&gate, &token).await.status, 401);
    }
    // Once at the start, and once since a key was unknown.
    assert_eq!(issuer.visits(), 2);
    assert_eq!(with_token(&gate, &signer.sign(&claims("8"))).await.status, 200);
}

// ASVS 16.5.2
#[tokio::test]
async fn while_the_source_is_down_the_last_keys_count() {
    let (signer, clock) = (Signer::ed25519("a"), Standing::new());
    let issuer = Published::of(&[&signer]).await;
    let gate = believer(&issuer, &clock).await;
    assert_eq!(with_token(&gate, &signer.sign(&claims("7"))).await.status, 200);
    issuer.goes_down().await;
    let unknown = Signer::ed25519("b").sign(&claims("7"));
    // It may be good: nobody can tell at the moment.
    let answer = with_token(&gate, &unknown).await;
    assert_eq!((answer.status, answer.code().as_str()), (503, "unavailable"));
    assert_eq!(answer.header("retry-after"), Some("5"));
    assert_eq!(with_token(&gate, &signer.sign(&claims("8"))).await.status, 200);
    let wrong = signer.sign(&but(claims("7"), &json!({ "aud": "other" })));
    assert_eq!(with_token(&gate, &wrong).await.status, 401);
}

#[tokio::test]
async fn what_is_no_key_set_changes_nothing() {
    for says in [
        Says::Text(StatusCode::OK, "<html>Welcome</html>"),
        Says::Text(StatusCode::OK, r#"{"keys":[]}"#),
        Says::Text(StatusCode::NOT_FOUND, "{}"),
        Says::Text(StatusCode::INTERNAL_SERVER_ERROR, ""),
        Says::Text(StatusCode::FOUND, ""),
        Says::Keys(json!({ "keys": [{ "kty": "oct", "k": "c2VjcmV0", "kid": "b", "alg": "HS256" }] })),
        Says::Keys(json!({ "keys": [], "filling": "x".repeat(300_000) })),
    ] {
        let (signer, clock) = (Signer::ed25519("a"), Standing::new());
        let issuer = Published::of(&[&signer]).await;
        let gate = believer(&issuer, &clock).await;
        assert_eq!(with_token(&gate, &signer.sign(&claims("7"))).await.status, 200);
        issuer.say(says);
        assert_eq!(with_token(&gate, &Signer::ed25519("b").sign(&claims("7"))).await.status, 503);
        assert_eq!(with_token(&gate, &signer.sign(&claims("8"))).await.status, 200);
    }
}

// ASVS 16.5.3
#[tokio::test]
async fn without_any_key_nobody_passes_who_needs_one() {
    let (signer, clock) = (Signer::ed25519("a"), Standing::new());
    let issuer = Published::of(&[]).await;
    issuer.goes_down().await;
    for (is_required, status_without) in [(true, 401), (false, 200)] {
        let jwt = JwtConfig { required: is_required, ..believing(&issuer.url()) };
        let gate = gate(&clock, |service| service.jwt = jwt).await;
        let answer = with_token(&gate, &signer.sign(&claims("7"))).await;
        assert_eq!((answer.status, answer.code().as_str()), (503, "unavailable"));
        assert_eq!(Answer::to(client().get(gate.url("/"))).await.status, status_without);
    }
}

#[tokio::test]
async fn a_gate_that_starts_while_the_source_is_down_knows_the_last_keys() {
    let (signer, clock) = (Signer::ed25519("a"), Standing::new());
    let issuer = Published::of(&[&signer]).await;
    let folder = Arc::new(TempDir::new().expect("a folder"));
    let open = async |folder: &Arc<TempDir>, keep: Period| {
        let jwt = JwtConfig { keep, ..believing(&issuer.url()) };
        gate_with(&clock, Arc::clone(folder), |service| service.jwt = jwt).await
    };
    let first = open(&folder, Period::HOUR).await;
    assert_eq!(with_token(&first, &signer.sign(&claims("7"))).await.status, 200);
    let is_kept = async || {
        let mut files = std::fs::read_dir(folder.path()).expect("a folder");
        files.any(|file| {
            let path = file.expect("a file").path();
            path.to_string_lossy().contains("jwks-") && path.extension().is_some_and(|kind| kind == "json")
        })
    };
    until(is_kept).await;
    first.close().await;
    issuer.goes_down().await;

    let token = signer.sign(&lasting("7"));
    let second = open(&folder, Period::HOUR).await;
    assert_eq!(with_token(&second, &token).await.status, 200);
    // Keys that nobody could take back would count for ever.
    clock.advance(3601);
    let answer = with_token(&second, &token).await;
    assert_eq!((answer.status, answer.code().as_str()), (503, "unavailable"));
    second.close().await;

    let patient = open(&folder, Period::DAY).await;
    assert_eq!(with_token(&patient, &token).await.status, 200);
    let without = open(&Arc::new(TempDir::new().expect("a folder")), Period::DAY).await;
    assert_eq!(with_token(&without, &token).await.status, 503);
}

#[tokio::test]
async fn a_slow_source_is_waited_for_by_those_who_need_it() {
    let (signer, clock) = (Signer::ed25519("a"), Standing::new());
    let issuer = Published::saying(Says::Nothing).await;
    let jwt = JwtConfig { required: false, ..believing(&issuer.url()) };
    let gate = gate(&clock, |service| service.jwt = jwt).await;
    until(async || issuer.visits() == 1).await;
    let asked = client().get(gate.url("/")).bearer_auth(signer.sign(&claims("7")));
    let waiting = tokio::spawn(Answer::to(asked));
    assert_eq!(Answer::to(client().get(gate.url("/"))).await.status, 200);
    issuer.publish(&[&signer]);
    let answer = waiting.await.expect("answered");
    assert_eq!((answer.status, answer.got("x-user-id")), (200, vec!["7"]));
    assert_eq!(issuer.visits(), 1);
}

#[tokio::test]
async fn keys_may_stand_in_a_file() {
    let (old, new, clock) = (Signer::ed25519("old"), Signer::p256("new"), Standing::new());
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("jwks.json");
    std::fs::write(&path, set(&[&old]).to_string()).expect("written");
    let jwt = believing(path.to_str().expect("text"));
    let gate = gate(&clock, |service| service.jwt = jwt).await;
    assert_eq!(with_token(&gate, &old.sign(&claims("7"))).await.status, 200);
    std::fs::write(&path, set(&[&old, &new]).to_string()).expect("written");
    assert_eq!(with_token(&gate, &new.sign(&claims("7"))).await.status, 200);
    std::fs::remove_file(&path).expect("removed");
    assert_eq!(with_token(&gate, &old.sign(&claims("8"))).await.status, 200);
}
