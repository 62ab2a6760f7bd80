//! Who passes with a token, and who does not.

use edge::JwtConfig;
use serde_json::json;

use super::kit::{Answer, Published, Standing, believing, gate, with_token};
use crate::gate::{Gate, client};
use crate::issuer::{Signer, but, claims};

async fn believer(signer: &Signer, clock: &Standing, change: impl FnOnce(&mut JwtConfig)) -> Gate {
    let issuer = Published::of(&[signer]).await;
    let mut jwt = believing(&issuer.url());
    change(&mut jwt);
    gate(clock, |service| {
        service.jwt = jwt;
        service.identity_headers =
            ["x-user-id: sub", "x-session: sid"].map(|text| text.parse().expect("it")).into();
    })
    .await
}

#[tokio::test]
async fn with_a_good_token_the_application_is_told_who_it_is() {
    let (signer, clock) = (Signer::ed25519("a"), Standing::new());
    let gate = believer(&signer, &clock, |_| {}).await;
    // The second time it is known already.
    for _ in 0..2 {
        let answer = with_token(&gate, &signer.sign(&claims("7"))).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        assert_eq!(answer.got("x-user-id"), ["7"]);
        assert_eq!(answer.got("x-session"), ["01900000-0000-7000-8000-000000000000"]);
        assert_eq!(answer.got("authorization").len(), 1);
    }
    gate.close().await;
}

#[tokio::test]
async fn without_a_token_nobody_passes_and_is_told_how_to() {
    let (signer, clock) = (Signer::ed25519("a"), Standing::new());
    let gate = believer(&signer, &clock, |_| {}).await;
    let answer = Answer::to(client().get(gate.url("/"))).await;
    assert_eq!((answer.status, answer.code().as_str()), (401, "unauthenticated"));
    assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
    let upgrade = "GET / HTTP/1.1\r\nhost: a\r\nconnection: upgrade, close\r\nupgrade: websocket\r\n\r\n";
    assert!(gate.raw(upgrade).await.starts_with("HTTP/1.1 401 "));
}

// ASVS 9.2.1
#[tokio::test]
async fn a_token_that_was_good_is_refused_when_its_time_is_over() {
    let (signer, clock) = (Signer::ed25519("a"), Standing::new());
    let gate = believer(&signer, &clock, |_| {}).await;
    let token = signer.sign(&claims("7"));
    assert_eq!(with_token(&gate, &token).await.status, 200);
    clock.advance(15 * 60);
    let answer = with_token(&gate, &token).await;
    assert_eq!((answer.status, answer.code().as_str()), (401, "unauthenticated"));
    let challenge = "Bearer error=\"invalid_token\", error_description=\"The token has expired\"";
    assert_eq!(answer.header("www-authenticate"), Some(challenge));
}

#[tokio::test]
async fn a_token_that_is_not_good_is_refused_and_not_repeated() {
    let (signer, clock) = (Signer::ed25519("a"), Standing::new());
    let (strict, lenient) = (
        believer(&signer, &clock, |_| {}).await,
        believer(&signer, &clock, |jwt| jwt.required = false).await,
    );
    let mut confused = signer.header();
    confused.alg = jsonwebtoken::Algorithm::HS256;
    let secret = jsonwebtoken::EncodingKey::from_secret(signer.public.try_get_as_bytes().expect("bytes"));
    let confused = jsonwebtoken::encode(&confused, &claims("7"), &secret).expect("signed");
    for token in [
        confused,
        Signer::ed25519("a").sign(&claims("7")),
        signer.sign(&but(claims("7"), &json!({ "aud": "other" }))),
        signer.sign(&but(claims("7"), &json!({ "iss": "other" }))),
        signer.sign(&but(claims("7"), &json!({ "exp": crate::issuer::EPOCH }))),
        signer.sign(&but(claims("7"), &json!({ "nbf": crate::issuer::EPOCH + 600 }))),
        "x".repeat(8193),
        signer.sign(&but(claims("7"), &json!({ "filling": "x".repeat(8192) }))),
        "a.b.c".to_owned(),
    ] {
        for gate in [&strict, &lenient] {
            let answer = with_token(gate, &token).await;
            assert_eq!((answer.status, answer.code().as_str()), (401, "unauthenticated"), "{token}");
            let challenge = answer.header("www-authenticate").expect("a challenge");
            assert!(challenge.starts_with("Bearer error=\"invalid_token\""), "{challenge}");
            let part = token.rsplit('.').next().expect("a part");
            assert!(part.len() < 9 || !answer.text.contains(part), "{}", answer.text);
        }
    }
}

#[tokio::test]
async fn where_a_token_is_optional_who_has_none_is_nobody() {
    let (signer, clock) = (Signer::ed25519("a"), Standing::new());
    let gate = believer(&signer, &clock, |jwt| jwt.required = false).await;
    let answer = Answer::to(client().get(gate.url("/")).header("x-user-id", "1")).await;
    assert_eq!((answer.status, answer.got("x-user-id").len()), (200, 0));
    assert_eq!(with_token(&gate, &signer.sign(&claims("7"))).await.got("x-user-id"), ["7"]);
}

#[tokio::test]
async fn some_paths_need_no_token_and_have_no_names() {
    let (signer, clock) = (Signer::ed25519("a"), Standing::new());
    let gate = believer(&signer, &clock, |jwt| {
        jwt.except = vec!["/login".to_owned()];
        jwt.allow_preflight = true;
    })
    .await;
    for (path, status) in
        [("/login", 200), ("/login/x?y", 200), ("/", 401), ("/login/..%2f", 401), ("/loginx", 401)]
    {
        let answer =
            Answer::to(client().get(gate.url(path)).header("x-user-id", "1").bearer_auth("stale")).await;
        assert_eq!(answer.status, status, "{path}");
        assert_eq!(answer.got("x-user-id").len(), 0);
    }
    let preflight = client().request(http::Method::OPTIONS, gate.url("/"));
    let preflight =
        preflight.header("origin", "https://a.example").header("access-control-request-method", "PUT");
    assert_eq!(Answer::to(preflight).await.status, 200);
}

// ASVS 15.3.7
#[tokio::test]
async fn a_token_in_a_cookie_counts_where_that_is_wanted() {
    let (signer, clock) = (Signer::ed25519("a"), Standing::new());
    let gate = believer(&signer, &clock, |jwt| jwt.cookie = Some("session".to_owned())).await;
    let (one, other) = (signer.sign(&claims("7")), signer.sign(&claims("8")));
    let ask = async |cookie: String| Answer::to(client().get(gate.url("/")).header("cookie", cookie)).await;
    assert_eq!(ask(format!("a=1; session={one}")).await.got("x-user-id"), ["7"]);
    assert_eq!(ask(format!("other={one}")).await.status, 401);
    for twice in [format!("session={one}; session={other}"), format!("session={one}; session={one}")] {
        assert_eq!(ask(twice).await.status, 401);
    }
}

// ASVS 15.3.7
#[tokio::test]
async fn of_two_authorizations_neither_is_believed() {
    let (signer, clock) = (Signer::ed25519("a"), Standing::new());
    let gate = believer(&signer, &clock, |jwt| jwt.required = false).await;
    let (one, other) = (signer.sign(&claims("7")), signer.sign(&claims("8")));
    let both = client().get(gate.url("/")).bearer_auth(one).bearer_auth(other);
    let answer = Answer::to(both).await;
    assert_eq!((answer.status, answer.code().as_str()), (400, "malformed_request"));
}

// ASVS 4.1.3
#[tokio::test]
async fn nobody_gives_themselves_a_name() {
    let (signer, clock) = (Signer::ed25519("a"), Standing::new());
    let believer = believer(&signer, &clock, |_| {}).await;
    let open = gate(&clock, |_| {}).await;
    let token = signer.sign(&claims("7"));
    for (gate, names) in [(&believer, vec!["7"]), (&open, vec![])] {
        for forged in ["x-user-id", "x_user_id", "X-User_ID", "x.user.id"] {
            let asked = client().get(gate.url("/")).bearer_auth(&token);
            let answer = Answer::to(asked.header(forged, "1").header(forged, "2")).await;
            let got: Vec<_> = ["x-user-id", "x_user_id", "x-user_id", "x.user.id"]
                .iter()
                .flat_map(|name| answer.got(name))
                .collect();
            assert_eq!(got, names, "{forged}");
        }
    }
    // What `Connection` names is not passed on: ours must not be gone with it.
    let raw = format!(
        "GET / HTTP/1.1\r\nhost: a\r\nauthorization: Bearer {token}\r\nx-user-id: 1\r\nconnection: x-user-id, close\r\n\r\n"
    );
    let answer = believer.raw(raw).await;
    assert!(answer.contains("\nx-user-id: 7\n"), "{answer}");
}
