//! How a client is told that its token is missing or not good (RFC 6750, 3). It learns what it can do something about.

use http::HeaderValue;

use super::token::Refusal;

/// For `WWW-Authenticate`.
pub(super) fn of(refusal: Refusal) -> HeaderValue {
    HeaderValue::from_static(match refusal {
        Refusal::Missing => "Bearer",
        Refusal::Expired => "Bearer error=\"invalid_token\", error_description=\"The token has expired\"",
        _ => "Bearer error=\"invalid_token\"",
    })
}

/// For people.
pub(super) fn words(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::Missing => "Please sign in first.",
        Refusal::Expired => "This sign-in is over. Please sign in again.",
        _ => "This sign-in is not valid. Please sign in again.",
    }
}
