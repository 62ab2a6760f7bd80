//! Which tokens are believed.

use foundation::parse_moment;
use jsonwebtoken::EncodingKey;
use serde_json::json;

use super::super::issuer::{AUDIENCE, EPOCH, ISSUER, Signer, but, claims, set, unsigned};
use super::*;
use crate::config::SigningAlgorithm;

fn config() -> JwtConfig {
    let (issuer, audience) = (ISSUER.to_owned(), vec![AUDIENCE.to_owned(), "second".to_owned()]);
    JwtConfig { issuer, audience, token_type: Some("at+jwt".to_owned()), ..JwtConfig::default() }
}

fn keys(signers: &[&Signer]) -> KeySet {
    KeySet::parse(set(signers).to_string().as_bytes()).expect("keys")
}

/// So many seconds after the tokens begin to count.
fn after(seconds: i64) -> Timestamp {
    let epoch = parse_moment("2027-01-15T08:00:00Z").expect("a moment");
    assert_eq!(epoch.timestamp(), EPOCH);
    Timestamp::from_timestamp(EPOCH + seconds, 0).expect("a moment")
}

fn refused(config: &JwtConfig, signer: &Signer, token: &str) -> Option<Refusal> {
    let told = [ClaimHeader::of_subject()];
    verify(&Rules::new(config, &told), &keys(&[signer]), token, after(60)).err()
}

#[test]
fn a_token_like_our_own_is_believed_and_says_who_it_is() {
    for signer in [Signer::ed25519("a"), Signer::p256("a"), Signer::rsa("a")] {
        let told = ["x-user-id: sub", "x-session: sid"].map(|text| text.parse().expect("a header"));
        let rules = Rules::new(&config(), &told);
        let token = signer.sign(&claims("7"));
        let verified = verify(&rules, &keys(&[&signer]), &token, after(0)).expect("believed");
        let mut headers = HeaderMap::new();
        verified.tell(&mut headers);
        assert_eq!(headers["x-user-id"], "7");
        assert_eq!(headers["x-session"], "01900000-0000-7000-8000-000000000000");
        assert_eq!(verified.key(), Key::named("7"));
        let printed = format!("{verified:?}");
        assert!(!printed.contains("01900000"), "{printed}");
    }
}

// ASVS 9.1.1, 9.1.2, 9.1.3
#[test]
fn the_algorithm_is_ours_to_choose_and_the_key_too() {
    let (signer, other) = (Signer::ed25519("a"), Signer::ed25519("a"));
    let all = claims("7");
    let public = signer.public.try_get_as_bytes().expect("bytes");
    let with_public_key = {
        let mut header = signer.header();
        header.alg = Algorithm::HS256;
        jsonwebtoken::encode(&header, &all, &EncodingKey::from_secret(public)).expect("signed")
    };
    let plain =
        |algorithm: &str| unsigned(&json!({ "alg": algorithm, "typ": "at+jwt", "kid": "a" }), &all, b"");
    let good = signer.sign(&all);
    let (message, signature) = good.rsplit_once('.').expect("parts");
    let (header, _) = message.split_once('.').expect("parts");
    let changed = unsigned(&json!({}), &but(all.clone(), &json!({ "sub": "8" })), b"");
    let payload = changed.split('.').nth(1).expect("a payload");
    let brought_along = {
        let mut header = other.header();
        header.jwk = Some(serde_json::from_value(other.published()).expect("a key"));
        header.jku = Some("https://evil.example/jwks".to_owned());
        other.sign_as(&header, &all)
    };
    for (token, refusal) in [
        (with_public_key, Refusal::Malformed),
        (plain("none"), Refusal::Malformed),
        (plain("None"), Refusal::Malformed),
        (plain("HS256"), Refusal::Malformed),
        (plain("EdDSA"), Refusal::Untrue),
        (other.sign(&all), Refusal::Untrue),
        (brought_along, Refusal::Untrue),
        (format!("{header}.{payload}.{signature}"), Refusal::Untrue),
        (format!("{message}."), Refusal::Untrue),
        (message.to_owned(), Refusal::Malformed),
        (format!("{good}.x"), Refusal::Malformed),
        (format!("{good}="), Refusal::Untrue),
        (String::new(), Refusal::Malformed),
        ("a.b.c".to_owned(), Refusal::Malformed),
        ("🦀.🦀.🦀".to_owned(), Refusal::Malformed),
    ] {
        assert_eq!(refused(&config(), &signer, &token), Some(refusal), "{token}");
    }
    assert_eq!(refused(&config(), &signer, &good), None);
}

#[test]
fn a_key_of_one_kind_verifies_nothing_of_another() {
    let (ed, rsa) = (Signer::ed25519("a"), Signer::rsa("b"));
    let both = keys(&[&ed, &rsa]);
    let rules = Rules::new(&config(), &[]);
    let with_id = |signer: &Signer, id: Option<&str>| {
        let mut header = signer.header();
        header.kid = id.map(str::to_owned);
        verify(&rules, &both, &signer.sign_as(&header, &claims("7")), after(60)).err()
    };
    assert_eq!(with_id(&ed, Some("b")), Some(Refusal::UnknownKey));
    assert_eq!(with_id(&rsa, Some("a")), Some(Refusal::UnknownKey));
    assert_eq!(with_id(&ed, Some("../../dev/null")), Some(Refusal::UnknownKey));
    assert_eq!(with_id(&ed, Some("")), Some(Refusal::UnknownKey));
    assert_eq!(with_id(&ed, None), None);
    let only = JwtConfig { algorithms: vec![SigningAlgorithm::RS256], ..config() };
    assert_eq!(refused(&only, &ed, &ed.sign(&claims("7"))), Some(Refusal::Malformed));
}

// ASVS 9.2.2
#[test]
fn the_kind_of_a_token_is_looked_at() {
    let signer = Signer::ed25519("a");
    let typed = |name: Option<&str>| {
        let mut header = signer.header();
        header.typ = name.map(str::to_owned);
        signer.sign_as(&header, &claims("7"))
    };
    for (name, refusal) in [
        (Some("at+jwt"), None),
        (Some("AT+JWT"), None),
        (Some("application/at+jwt"), None),
        (Some("JWT"), Some(Refusal::Malformed)),
        (None, Some(Refusal::Malformed)),
    ] {
        assert_eq!(refused(&config(), &signer, &typed(name)), refusal, "{name:?}");
        let any = JwtConfig { token_type: None, ..config() };
        assert_eq!(refused(&any, &signer, &typed(name)), None, "{name:?}");
    }
    let mut header = signer.header();
    header.crit = Some(vec!["exp".to_owned()]);
    let critical = signer.sign_as(&header, &claims("7"));
    assert_eq!(refused(&config(), &signer, &critical), Some(Refusal::Malformed));
}

// ASVS 9.2.3
#[test]
fn it_must_be_from_our_issuer_and_for_us() {
    let signer = Signer::ed25519("a");
    for (changes, refusal) in [
        (json!({ "aud": ["x", AUDIENCE] }), None),
        (json!({ "aud": "second" }), None),
        (json!({ "aud": "other" }), Some(Refusal::Untrue)),
        (json!({ "aud": ["x", "y"] }), Some(Refusal::Untrue)),
        (json!({ "aud": [] }), Some(Refusal::Untrue)),
        (json!({ "aud": null }), Some(Refusal::Untrue)),
        (json!({ "aud": 7 }), Some(Refusal::Untrue)),
        (json!({ "iss": "https://evil.example" }), Some(Refusal::Untrue)),
        (json!({ "iss": format!("{ISSUER}/") }), Some(Refusal::Untrue)),
        (json!({ "iss": null }), Some(Refusal::Untrue)),
        (json!({ "sub": null }), Some(Refusal::Untrue)),
        (json!({ "sub": 7 }), Some(Refusal::Untrue)),
        (json!({ "sub": "" }), Some(Refusal::Untrue)),
        (json!({ "sub": " 7" }), Some(Refusal::Untrue)),
        (json!({ "sub": "7\r\nx-role: admin" }), Some(Refusal::Untrue)),
    ] {
        let token = signer.sign(&but(claims("7"), &changes));
        assert_eq!(refused(&config(), &signer, &token), refusal, "{changes}");
    }
}

// ASVS 9.2.1
#[test]
fn its_time_is_judged_by_the_clock_that_is_passed_in() {
    let signer = Signer::ed25519("a");
    let rules = Rules::new(&config(), &[]);
    let keys = keys(&[&signer]);
    let at = |token: &str, seconds| verify(&rules, &keys, token, after(seconds)).err();
    let token = signer.sign(&claims("7"));
    for (seconds, refusal) in [
        (-31, Some(Refusal::NotYet)),
        (-30, None),
        (0, None),
        (929, None),
        (930, Some(Refusal::Expired)),
        (1_000_000, Some(Refusal::Expired)),
    ] {
        assert_eq!(at(&token, seconds), refusal, "{seconds}");
    }
    let without = signer.sign(&but(claims("7"), &json!({ "nbf": null })));
    assert_eq!(at(&without, -1_000_000), None);
    for (changes, refusal) in [
        (json!({ "exp": EPOCH - 30 }), Some(Refusal::Expired)),
        (json!({ "exp": 1_800_000_000.5 }), None),
        (json!({ "exp": 18_446_744_073_709_551_615_u64 }), Some(Refusal::Untrue)),
        (json!({ "exp": i64::MAX }), None),
        (json!({ "exp": -1 }), Some(Refusal::Untrue)),
        (json!({ "exp": "1900000000" }), Some(Refusal::Untrue)),
        (json!({ "exp": null }), Some(Refusal::Untrue)),
        (json!({ "nbf": "soon" }), Some(Refusal::Untrue)),
        (json!({ "nbf": EPOCH + 3600 }), Some(Refusal::NotYet)),
        (json!({ "nbf": i64::MIN }), None),
    ] {
        let token = signer.sign(&but(claims("7"), &changes));
        assert_eq!(at(&token, 0), refusal, "{changes}");
    }
}

/// Claims that may stand there more than once.
struct Doubled(Vec<(String, Value)>);

impl serde::Serialize for Doubled {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

#[test]
fn a_claim_that_stands_twice_is_not_believed() {
    // A reader that takes the first and one that takes the last would know two people.
    let signer = Signer::ed25519("a");
    for twice in ["sub", "exp", "iss", "aud"] {
        let mut all: Vec<_> = claims("7").as_object().expect("claims").clone().into_iter().collect();
        all.insert(0, (twice.to_owned(), claims("8")[twice].clone()));
        let token = jsonwebtoken::encode(&signer.header(), &Doubled(all), &signer.secret).expect("signed");
        assert_eq!(refused(&config(), &signer, &token), Some(Refusal::Untrue), "{twice}");
    }
}
