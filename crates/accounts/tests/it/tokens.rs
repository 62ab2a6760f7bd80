//! Access tokens: what they say, and what is none of ours.

use accounts::{DEVICE_COOKIE, REFRESH_COOKIE, SESSION_COOKIE, SIGN_IN_COOKIE};
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use chrono::TimeDelta;
use foundation::Uuid;
use reqwest::StatusCode;
use serde_json::{Value, json};
use testkit::Answer;

use crate::browser::{me, refresh, refresh_of, session_of, sign_in, with_session};
use crate::house::{House, PASSWORD, PUBLIC_URL, migrations};
use crate::jwt::{
    authenticated_by, base64, but, is_signed_by, message, presented, public_keys, read, signed_by,
    signing_key,
};
use crate::kit::enrol;

/// The attributes that an answer gives a cookie; none when it does not set it.
fn attributes(answer: &Answer, name: &str) -> Option<String> {
    let cookies = answer.headers.get_all("set-cookie").iter().map(|value| value.to_str().expect("text"));
    let found: Vec<_> = cookies.filter(|cookie| cookie.starts_with(&format!("{name}="))).collect();
    assert!(found.len() <= 1, "{found:?}");
    found.first().map(|cookie| cookie.split_once("; ").expect("attributes").1.to_owned())
}

/// That nobody is let in by a token, neither by cookie nor as a bearer.
async fn assert_nobody(house: &House, what: &str, token: &str) {
    for answer in presented(&house.client(), token).await {
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (StatusCode::UNAUTHORIZED, "unauthenticated"),
            "{what}"
        );
        assert_eq!(answer.header("set-cookie"), "", "{what}");
    }
}

async fn assert_somebody(house: &House, token: &str) {
    for answer in presented(&house.client(), token).await {
        assert_eq!(answer.json()["username"], "ada");
    }
}

/// A key that is none of ours.
fn foreign_key() -> Ed25519KeyPair {
    Ed25519KeyPair::from_seed_unchecked(&[66; 32]).expect("a seed")
}

testkit::on_both_databases! {
    migrations: migrations();

    // ASVS 7.2.2, 9.2.1, 9.2.2, 9.2.3, 9.2.4
    async fn a_token_says_who_and_where_and_for_how_long_and_nothing_else(database) {
        let house = House::open(database).await;
        let client = house.member("ada").await;
        let user = client.get("/api/auth/me").await.json();
        let (header, claims) = read(&session_of(&client));
        let (kid, now) = (public_keys(&client).await[0].0.clone(), house.now().timestamp());
        assert_eq!(header, json!({ "alg": "EdDSA", "typ": "at+jwt", "kid": kid }));
        assert_eq!(claims, json!({
            "iss": PUBLIC_URL, "aud": format!("{PUBLIC_URL}/api"), "sub": user["id"], "sid": user["session"]["id"],
            "iat": now, "nbf": now, "exp": now + 15 * 60,
        }));
        let once = session_of(&client);
        house.clock.advance(TimeDelta::seconds(1));
        refresh(&client).await;
        assert_ne!(session_of(&client), once);
    }

    // ASVS 7.2.1, 9.1.1
    async fn others_can_verify_a_token_by_the_published_keys(database) {
        let house = House::open(database).await;
        let client = house.member("ada").await;
        let answer = house.client().get("/.well-known/jwks.json").await;
        assert_eq!((answer.status, answer.header("cache-control")), (StatusCode::OK, "public, max-age=300"));
        let key = answer.json()["keys"][0].clone();
        let fields = ["kty", "crv", "alg", "use"].map(|field| key[field].clone());
        assert_eq!(fields, ["OKP", "Ed25519", "EdDSA", "sig"].map(|value| json!(value)));
        assert_eq!(key.as_object().expect("a key").len(), 6, "no private part: {key}");
        let public = key["x"].as_str().expect("text");
        assert!(is_signed_by(&session_of(&client), public));
        let (header, claims) = read(&session_of(&client));
        assert!(!is_signed_by(&signed_by(&foreign_key(), &header, &claims), public));
    }

    // ASVS 7.2.3, 11.5.1
    async fn cookies_are_out_of_reach_of_scripts_and_of_other_sites(database) {
        let house = House::open(database).await;
        let client = house.member("ada").await;
        enrol(&house, &client).await;
        house.sign_up_and_verify("grace").await;
        let new = house.client();
        let answer = sign_in(&new, "grace@example.org", PASSWORD).await;
        for (name, expected) in [
            (SESSION_COOKIE, "HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=900"),
            (REFRESH_COOKIE, "HttpOnly; SameSite=Strict; Secure; Path=/; Max-Age=604800"),
            (DEVICE_COOKIE, "HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=31536000"),
            (SIGN_IN_COOKIE, "HttpOnly; SameSite=Strict; Secure; Path=/; Max-Age=0"),
        ] {
            assert_eq!(attributes(&answer, name).as_deref(), Some(expected), "{name}");
            assert!(name.starts_with("__Host-"), "{name}");
        }
        let answer = sign_in(&house.client(), "ada@example.org", PASSWORD).await;
        assert_eq!(answer.status, StatusCode::ACCEPTED, "{answer:?}");
        let expected = "HttpOnly; SameSite=Strict; Secure; Path=/; Max-Age=300";
        assert_eq!(attributes(&answer, SIGN_IN_COOKIE).as_deref(), Some(expected));
        for name in [SESSION_COOKIE, REFRESH_COOKIE, DEVICE_COOKIE] {
            assert_eq!(attributes(&answer, name), None, "{name}");
        }
        for secret in [refresh_of(&new), new.cookie(DEVICE_COOKIE).expect("known")] {
            assert_eq!(secret.len(), 43, "256 bits in base64url");
        }
    }

    // ASVS 9.1.1, 9.1.2, 9.1.3
    async fn what_others_signed_or_nobody_is_nobody_s(database) {
        let house = House::open(database).await;
        let token = session_of(&house.member("ada").await);
        let (header, claims) = read(&token);
        let public = public_keys(&house.client()).await[0].1.clone();
        let mine = foreign_key();
        let jwk = json!({ "kty": "OKP", "crv": "Ed25519", "x": base64(mine.public_key()) });
        let signature = token.rsplit_once('.').expect("three parts").1;
        let with = |change: Value| but(&header, change);

        for alg in ["none", "None", "NONE", "nOnE", ""] {
            let message = message(&with(json!({ "alg": alg })), &claims);
            assert_nobody(&house, alg, &format!("{message}.")).await;
            assert_nobody(&house, alg, &message).await;
            assert_nobody(&house, alg, &format!("{message}.{signature}")).await;
        }
        // The public key, in every form that somebody might take for a secret.
        let raw = crate::jwt::from_base64(&public);
        for secret in [raw.as_slice(), public.as_bytes(), jwk.to_string().as_bytes(), b""] {
            let forged = authenticated_by(secret, &with(json!({ "alg": "HS256" })), &claims);
            assert_nobody(&house, "HS256", &forged).await;
        }
        for alg in ["RS256", "PS256", "ES256", "HS512", "Ed448", "EdDSA "] {
            assert_nobody(&house, alg, &signed_by(&mine, &with(json!({ "alg": alg })), &claims)).await;
        }
        let elsewhere = "https://evil.example/keys.json";
        for change in [
            json!({}),
            json!({ "kid": null }),
            json!({ "kid": Uuid::from_u128(7).to_string() }),
            json!({ "kid": "../../x" }),
            json!({ "kid": "/dev/null" }),
            json!({ "kid": elsewhere }),
            json!({ "kid": "' UNION SELECT 'x' --" }),
            json!({ "kid": 7 }),
            json!({ "jwk": jwk }),
            json!({ "jwk": jwk, "kid": null }),
            json!({ "jku": elsewhere }),
            json!({ "jku": "http://127.0.0.1/keys.json", "kid": Uuid::from_u128(7).to_string() }),
            json!({ "x5u": elsewhere, "x5c": [base64("certificate")] }),
            json!({ "crit": ["b64"], "b64": false }),
        ] {
            let what = change.to_string();
            assert_nobody(&house, &what, &signed_by(&mine, &with(change), &claims)).await;
        }
        assert_somebody(&house, &token).await;
    }

    // Everything is right but one thing, the signature included.
    // ASVS 9.2.1, 9.2.2, 9.2.3
    async fn what_we_signed_for_something_else_is_nobody_s(database) {
        let house = House::open(database).await;
        let (ada, grace) = (session_of(&house.member("ada").await), session_of(&house.member("grace").await));
        let ((header, claims), (_, graces)) = (read(&ada), read(&grace));
        let ours = signing_key(&house).await;
        assert_somebody(&house, &signed_by(&ours, &header, &claims)).await;
        let now = house.now().timestamp();
        for change in [
            json!({ "typ": "JWT" }),
            json!({ "typ": "id+jwt" }),
            json!({ "typ": "" }),
            json!({ "typ": null }),
            json!({ "kid": null }),
            json!({ "alg": "HS256" }),
            json!({ "alg": "none" }),
        ] {
            let what = change.to_string();
            assert_nobody(&house, &what, &signed_by(&ours, &but(&header, change), &claims)).await;
        }
        for change in [
            json!({ "aud": format!("{PUBLIC_URL}/other") }),
            json!({ "aud": PUBLIC_URL }),
            json!({ "aud": null }),
            json!({ "aud": "" }),
            json!({ "iss": "https://evil.example" }),
            json!({ "iss": format!("{PUBLIC_URL}/") }),
            json!({ "iss": null }),
            json!({ "exp": now }),
            json!({ "exp": now - 1 }),
            json!({ "exp": null }),
            json!({ "exp": "tomorrow" }),
            json!({ "exp": -1 }),
            json!({ "nbf": now + 31 }),
            json!({ "nbf": now + 31, "exp": now + 10_000 }),
            json!({ "nbf": null }),
            json!({ "sub": graces["sub"] }),
            json!({ "sub": Uuid::from_u128(7).to_string() }),
            json!({ "sub": null }),
            json!({ "sub": "ada" }),
            json!({ "sid": graces["sid"] }),
            json!({ "sid": Uuid::from_u128(7).to_string() }),
            json!({ "sid": null }),
        ] {
            let what = change.to_string();
            assert_nobody(&house, &what, &signed_by(&ours, &header, &but(&claims, change))).await;
        }
    }

    // ASVS 9.2.1
    async fn a_token_is_good_for_a_quarter_of_an_hour_and_not_before_its_time(database) {
        let house = House::open(database).await;
        let client = house.member("ada").await;
        let token = session_of(&client);
        house.clock.advance(TimeDelta::minutes(15) - TimeDelta::seconds(1));
        assert_somebody(&house, &token).await;
        house.clock.advance(TimeDelta::seconds(1));
        assert_nobody(&house, "expired", &token).await;
        // Thirty seconds are allowed, for the clocks of several nodes.
        house.clock.advance(-TimeDelta::minutes(15) - TimeDelta::seconds(30));
        assert_somebody(&house, &token).await;
        house.clock.advance(-TimeDelta::seconds(1));
        assert_nobody(&house, "not yet", &token).await;
    }

    // ASVS 9.1.1
    async fn a_damaged_token_is_nobody_s(database) {
        let house = House::open(database).await;
        let token = session_of(&house.member("ada").await);
        for position in (0..token.len()).step_by(20) {
            assert_nobody(&house, "cut", &token[..position]).await;
            let mut changed = token.clone().into_bytes();
            changed[position] = if changed[position] == b'A' { b'B' } else { b'A' };
            assert_nobody(&house, "changed", &String::from_utf8(changed).expect("text")).await;
        }
        let parts: Vec<_> = token.split('.').collect();
        for (what, damaged) in [
            ("doubled", token.repeat(2)),
            ("twice", format!("{token}.{token}")),
            ("without dots", token.replace('.', "")),
            ("without one dot", token.replacen('.', "", 1)),
            ("a fourth part", format!("{token}.")),
            ("dots alone", "..".to_owned()),
            ("without signature", format!("{}.{}.", parts[0], parts[1])),
            ("without claims", format!("{}..{}", parts[0], parts[2])),
            ("without header", format!(".{}.{}", parts[1], parts[2])),
            ("turned around", format!("{}.{}.{}", parts[1], parts[0], parts[2])),
            ("padded", format!("{token}==")),
            ("longer", format!("{token}A")),
            ("long", "A".repeat(8_000)),
            ("long parts", format!("{}.{}.{}", parts[0], "A".repeat(8_000), parts[2])),
        ] {
            assert_nobody(&house, what, &damaged).await;
        }
        for answer in presented(&house.client(), &"A".repeat(100_000)).await {
            assert!([401, 431].contains(&answer.status.as_u16()), "{}", answer.status);
        }
        assert_somebody(&house, &token).await;
    }

    // ASVS 7.2.4
    async fn a_new_sign_in_makes_the_tokens_before_it_worthless(database) {
        let house = House::open(database).await;
        let client = house.member("ada").await;
        let (access, refresh_token) = (session_of(&client), refresh_of(&client));
        sign_in(&client, "ada@example.org", PASSWORD).await;
        assert_eq!(me(&with_session(&house, &access)).await, None);
        let stale = house.client();
        stale.forge_cookie(REFRESH_COOKIE, &refresh_token);
        assert_eq!(refresh(&stale).await.code(), "unauthenticated");

        let (access, refresh_token) = (session_of(&client), refresh_of(&client));
        let answer = client.post("/api/auth/reauthenticate", &json!({ "password": PASSWORD })).await;
        assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
        assert_eq!(me(&client).await.as_deref(), Some("ada"));
        assert_eq!(me(&with_session(&house, &access)).await, None);
        stale.forge_cookie(REFRESH_COOKIE, &refresh_token);
        assert_eq!(refresh(&stale).await.code(), "unauthenticated");
        assert_eq!(house.rows("sessions").await, 1);
    }
}
