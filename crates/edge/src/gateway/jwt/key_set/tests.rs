//! Which keys are taken, and which is found for a token.

use serde_json::{Value, json};

use super::super::issuer::{Signer, set};
use super::*;

fn parse(set: &Value) -> Result<KeySet, NoKeys> {
    KeySet::parse(set.to_string().as_bytes())
}

fn found(keys: &KeySet, id: Option<&str>, algorithm: Algorithm) -> bool {
    keys.find(id, algorithm).is_some()
}

#[test]
fn a_key_is_found_by_its_id_and_only_for_its_algorithm() {
    let (ed, ec, rsa) = (Signer::ed25519("a"), Signer::p256("b"), Signer::rsa("c"));
    let keys = parse(&set(&[&ed, &ec, &rsa])).expect("keys");
    assert_eq!(keys.len(), 3);
    for (id, algorithm) in [("a", Algorithm::EdDSA), ("b", Algorithm::ES256), ("c", Algorithm::RS256)] {
        assert!(found(&keys, Some(id), algorithm), "{id}");
        assert!(found(&keys, None, algorithm), "{id}");
    }
    for (id, algorithm) in [("a", Algorithm::ES256), ("b", Algorithm::EdDSA), ("c", Algorithm::PS256)] {
        assert!(!found(&keys, Some(id), algorithm), "{id}");
    }
    assert!(!found(&keys, Some("d"), Algorithm::EdDSA));
}

#[test]
fn without_an_id_there_must_be_no_choice() {
    let keys = parse(&set(&[&Signer::ed25519("a"), &Signer::ed25519("b")])).expect("keys");
    assert!(!found(&keys, None, Algorithm::EdDSA));
}

#[test]
fn an_rsa_key_that_does_not_say_what_for_is_for_all_that_rsa_can() {
    let mut key = Signer::rsa("a").published();
    key.as_object_mut().expect("a key").remove("alg");
    let keys = parse(&json!({ "keys": [key] })).expect("keys");
    assert!(found(&keys, Some("a"), Algorithm::RS512) && found(&keys, Some("a"), Algorithm::PS256));
    assert!(!found(&keys, Some("a"), Algorithm::ES256));
}

// ASVS 9.1.2
#[test]
fn what_is_no_key_for_signatures_is_left_out() {
    let good = Signer::ed25519("good");
    let with = |name: &str, value: Value| {
        let mut key = Signer::ed25519("bad").published();
        key[name] = value;
        key
    };
    for bad in [
        json!({ "kty": "oct", "k": "c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0", "alg": "HS256", "kid": "bad" }),
        json!({ "kty": "oct", "k": "c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0", "kid": "bad" }),
        json!({ "kty": "RSA", "n": "AQAB", "e": "AQAB", "alg": "RS256", "kid": "bad" }),
        json!({ "kty": "AKP", "pub": "x", "alg": "ML-DSA-44", "kid": "bad" }),
        json!({ "kty": "EC", "crv": "P-521", "x": "AQAB", "y": "AQAB", "kid": "bad" }),
        with("use", "enc".into()),
        with("key_ops", json!(["encrypt"])),
        with("alg", "RS256".into()),
        with("alg", "HS256".into()),
        with("x", "AQAB".into()),
        with("x", "not base64!".into()),
        json!("key"),
        json!(null),
    ] {
        let keys = parse(&json!({ "keys": [bad, good.published()] })).expect("keys");
        assert_eq!(keys.len(), 1, "{bad}");
        assert!(parse(&json!({ "keys": [bad] })).is_err(), "{bad}");
    }
}

#[test]
fn garbage_is_no_set_of_keys() {
    for text in ["", "<html>", "[]", "{}", r#"{"keys":{}}"#, r#"{"keys":[]}"#, "null", "\0"] {
        assert!(KeySet::parse(text.as_bytes()).is_err(), "{text}");
    }
}

#[test]
fn a_key_is_known_again_whatever_it_is_called() {
    let mut key = Signer::ed25519("a").published();
    let before = parse(&json!({ "keys": [key] })).expect("keys");
    key["kid"] = "other".into();
    let after = parse(&json!({ "keys": [key, Signer::p256("b").published()] })).expect("keys");
    let thumbprint = before.find(None, Algorithm::EdDSA).expect("the key").thumbprint().clone();
    assert!(after.has(&thumbprint));
    assert!(!parse(&set(&[&Signer::ed25519("a")])).expect("keys").has(&thumbprint));
}
