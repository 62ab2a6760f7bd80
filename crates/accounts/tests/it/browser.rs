//! What browsers do and keep, and what answers have in common.

use accounts::{REFRESH_COOKIE, SESSION_COOKIE};
use reqwest::StatusCode;
use serde_json::{Value, json};
use testkit::{Answer, Client};

use crate::house::House;

/// The token of the link in a text.
pub(crate) fn token_in(text: &str) -> Option<String> {
    let (_, token) = text.split_once("#token=")?;
    token.split_whitespace().next().map(str::to_owned)
}

/// The body of a sign-up.
pub(crate) fn wish(email: &str, username: &str, password: &str) -> Value {
    json!({ "email": email, "username": username, "password": password })
}

/// Follows a confirmation link.
pub(crate) async fn verify_in(client: &Client, token: &str, password: &str) -> Answer {
    client.post("/api/auth/verify-email", &json!({ "token": token, "password": password })).await
}

pub(crate) async fn refresh(client: &Client) -> Answer {
    client.post("/api/auth/refresh", &json!({})).await
}

/// Who a browser is signed in as, after what a page does first when an access token has expired.
pub(crate) async fn me_refreshed(client: &Client) -> Option<String> {
    if let Some(name) = me(client).await {
        return Some(name);
    }
    match refresh(client).await.status {
        StatusCode::OK => me(client).await,
        _ => None,
    }
}

pub(crate) async fn sign_in(client: &Client, email: &str, password: &str) -> Answer {
    client.post("/api/auth/login", &json!({ "email": email, "password": password })).await
}

/// Who a browser is signed in as; nobody when it is not.
pub(crate) async fn me(client: &Client) -> Option<String> {
    let answer = client.get("/api/auth/me").await;
    match answer.status {
        StatusCode::OK => answer.json()["username"].as_str().map(str::to_owned),
        StatusCode::UNAUTHORIZED => {
            assert_eq!(answer.code(), "unauthenticated");
            None
        }
        _ => panic!("{answer:?}"),
    }
}

/// A browser that presents this session.
pub(crate) fn with_session(house: &House, value: &str) -> Client {
    let client = house.client();
    client.forge_cookie(SESSION_COOKIE, value);
    client
}

/// The access token that a browser keeps.
pub(crate) fn session_of(client: &Client) -> String {
    client.cookie(SESSION_COOKIE).expect("signed in")
}

/// The refresh token that a browser keeps.
pub(crate) fn refresh_of(client: &Client) -> String {
    client.cookie(REFRESH_COOKIE).expect("signed in")
}

/// That two answers differ in nothing but the ids of their requests, the time and how many more may come.
pub(crate) fn assert_alike(one: &Answer, other: &Answer) {
    let headers = |answer: &Answer| {
        let own = ["x-request-id", "date", "ratelimit", "ratelimit-remaining", "ratelimit-reset"];
        let mut headers: Vec<_> = answer.headers.iter().map(|(n, v)| (n.to_string(), v.clone())).collect();
        headers.iter_mut().filter(|(name, _)| own.contains(&name.as_str())).for_each(|(_, v)| {
            *v = "…".parse().unwrap_or_else(|_| "x".parse().expect("a value"));
        });
        headers.sort_by(|a, b| a.0.cmp(&b.0));
        headers
    };
    let id = |answer: &Answer| answer.header("x-request-id").to_owned();
    assert_ne!(id(one), id(other), "each request has an id of its own");
    assert_eq!(one.status, other.status);
    assert_eq!(headers(one), headers(other));
    assert_eq!(one.text.replace(&id(one), "ID"), other.text.replace(&id(other), "ID"));
}
