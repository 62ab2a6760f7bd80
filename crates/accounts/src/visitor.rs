//! Who sends a request, before anybody believes anything of it.

use audit::Source;
use axum::extract::FromRequestParts;
use foundation::{SecretString, Token};
use guard::ClientAddress;
use http::request::Parts;
use http::{HeaderMap, header};
use std::convert::Infallible;

use crate::{DEVICE_COOKIE, REFRESH_COOKIE, SESSION_COOKIE, SIGN_IN_COOKIE, device};

/// Where a request comes from, and what its browser presents.
#[derive(Debug, Default)]
pub(crate) struct Visitor {
    pub(crate) source: Source,
    /// The access token of its session.
    pub(crate) access: Option<SecretString>,
    /// The refresh token of its session.
    pub(crate) refresh: Option<Token>,
    /// The token of a ceremony it is in the middle of.
    pub(crate) ceremony: Option<Token>,
    /// What tells the browser apart from others.
    pub(crate) device: Option<Token>,
}

impl<S: Sync> FromRequestParts<S> for Visitor {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        let token = |name| guard::cookie(&parts.headers, name).and_then(|value| Token::parse(&value));
        Ok(Self {
            source: source(parts),
            access: access(&parts.headers),
            refresh: token(REFRESH_COOKIE),
            ceremony: token(SIGN_IN_COOKIE),
            device: token(DEVICE_COOKIE),
        })
    }
}

/// Where a request comes from, for what is written down outside of this room.
#[derive(Debug)]
pub struct RequestSource(pub Source);

impl<S: Sync> FromRequestParts<S> for RequestSource {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        Ok(Self(source(parts)))
    }
}

/// From the header `Authorization` or else the cookie, as [`crate::identity`] does.
fn access(headers: &HeaderMap) -> Option<SecretString> {
    match headers.get(header::AUTHORIZATION) {
        Some(value) => Some(guard::bearer(value.to_str().ok()?)?.into()),
        None => Some(guard::cookie(headers, SESSION_COOKIE)?.into_owned().into()),
    }
}

/// Where a request comes from.
pub(crate) fn source(parts: &Parts) -> Source {
    Source {
        ip_address: parts.extensions.get::<ClientAddress>().map(|client| client.0),
        user_agent: user_agent(&parts.headers),
    }
}

fn user_agent(headers: &HeaderMap) -> Option<String> {
    let text = headers.get(header::USER_AGENT)?.to_str().ok()?;
    let kept = device::clean(text);
    (!kept.trim().is_empty()).then_some(kept)
}
