//! What a token says, and whether it is to be believed. Pure: keys and time are passed in.

use std::fmt;

use foundation::Timestamp;
use guard::Key;
use http::{HeaderMap, HeaderName, HeaderValue};
use jsonwebtoken::{Algorithm, Validation, decode, decode_header};
use serde_json::{Map, Value};
use thiserror::Error;

use super::claims;
use super::key_set::{KeySet, Thumbprint};
use crate::config::{ClaimHeader, JwtConfig};

/// The longest token that is looked at, in bytes. Browsers send no longer cookies, and servers take no longer headers.
pub(super) const LONGEST: usize = 8 * 1024;

/// What a token must be like.
#[derive(Debug)]
pub(super) struct Rules {
    algorithms: Vec<Algorithm>,
    token_type: Option<String>,
    validation: Validation,
    /// In seconds.
    skew: i64,
    told: Vec<ClaimHeader>,
}

impl Rules {
    pub(super) fn new(config: &JwtConfig, told: &[ClaimHeader]) -> Self {
        let mut validation = Validation::default();
        validation.set_issuer(&[&config.issuer]);
        validation.set_audience(&config.audience);
        validation.set_required_spec_claims(&["iss", "aud", "sub", "exp"]);
        // The library would ask the machine for the time.
        (validation.validate_exp, validation.validate_nbf) = (false, false);
        Self {
            algorithms: config.algorithms.iter().copied().map(Algorithm::from).collect(),
            token_type: config.token_type.clone(),
            validation,
            skew: i64::try_from(config.clock_skew.as_duration().as_secs()).unwrap_or(0),
            told: told.to_vec(),
        }
    }
}

/// Why a token is not believed. The client is told little of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub(super) enum Refusal {
    #[error("there is no token")]
    Missing,
    #[error("it is no token of the form that is expected")]
    Malformed,
    #[error("it is signed with a key that is not known")]
    UnknownKey,
    #[error("no keys are known")]
    NoKeys,
    #[error("another signature, issuer or audience")]
    Untrue,
    #[error("too early")]
    NotYet,
    #[error("too late")]
    Expired,
}

/// Who somebody is, according to a token that is believed.
pub(in crate::gateway) struct Verified {
    signer: Thumbprint,
    key: Key,
    /// In seconds since 1970; the clocks' difference is in them.
    from: i64,
    until: i64,
    headers: Vec<(HeaderName, HeaderValue)>,
}

impl Verified {
    /// The key that has signed it.
    pub(super) fn signer(&self) -> &Thumbprint {
        &self.signer
    }

    /// Whom their requests are counted by.
    pub(in crate::gateway) fn key(&self) -> Key {
        self.key
    }

    /// Whether its time is now.
    pub(super) fn is_of(&self, now: Timestamp) -> Result<(), Refusal> {
        let now = now.timestamp();
        if now < self.from {
            return Err(Refusal::NotYet);
        }
        if now < self.until { Ok(()) } else { Err(Refusal::Expired) }
    }

    /// Tells an application who it is. What a client has said there is gone by now.
    pub(in crate::gateway) fn tell(&self, headers: &mut HeaderMap) {
        for (name, value) in &self.headers {
            headers.insert(name, value.clone());
        }
    }

    /// About how many bytes it takes to keep it.
    pub(super) fn weight(&self) -> u32 {
        let headers = self.headers.iter().map(|(name, value)| 100 + name.as_str().len() + value.len());
        u32::try_from(300 + headers.sum::<usize>()).unwrap_or(u32::MAX)
    }
}

/// The signature comes first: nothing of what an unsigned text says decides anything but which of the keys to check it
/// with.
pub(super) fn verify(rules: &Rules, keys: &KeySet, token: &str, now: Timestamp) -> Result<Verified, Refusal> {
    let header = decode_header(token).map_err(|_| Refusal::Malformed)?;
    // Somebody means something by it that we do not understand (RFC 7515, 4.1.11).
    if header.crit.is_some() || !rules.algorithms.contains(&header.alg) {
        return Err(Refusal::Malformed);
    }
    let is_type = |wanted: &String| header.typ.as_ref().is_some_and(|said| is_same_type(said, wanted));
    if !rules.token_type.as_ref().is_none_or(is_type) {
        return Err(Refusal::Malformed);
    }
    let key = keys.find(header.kid.as_deref(), header.alg).ok_or(Refusal::UnknownKey)?;
    let validation = Validation { algorithms: vec![header.alg], ..rules.validation.clone() };
    let decoded = decode::<Map<String, Value>>(token, &key.decoding, &validation);
    let claims = decoded.map_err(|_| Refusal::Untrue)?.claims;
    let subject = claims.get("sub").and_then(Value::as_str).filter(|subject| claims::fits(subject));
    let subject = subject.ok_or(Refusal::Untrue)?;
    let until = claims.get("exp").and_then(seconds).ok_or(Refusal::Untrue)?;
    let from = claims.get("nbf").map_or(Some(0), seconds).ok_or(Refusal::Untrue)?;
    let payload = token.split('.').nth(1).unwrap_or_default();
    let verified = Verified {
        signer: key.thumbprint().clone(),
        key: Key::named(subject),
        from: from.saturating_sub(rules.skew),
        until: until.saturating_add(rules.skew),
        headers: claims::headers(&rules.told, &claims, payload),
    };
    verified.is_of(now).map(|()| verified)
}

/// Without regard to case, and with or without `application/` (RFC 7515, 4.1.9).
fn is_same_type(said: &str, wanted: &str) -> bool {
    let short = |name: &str| name.to_ascii_lowercase().trim_start_matches("application/").to_owned();
    short(said) == short(wanted)
}

/// A moment in seconds, which may have a fraction (RFC 7519, 2: `NumericDate`).
fn seconds(value: &Value) -> Option<i64> {
    /// Beyond it, numbers with a fraction are no longer exact; it is 285 million years away.
    const FAR: f64 = 9_007_199_254_740_992.0;
    let whole = value.as_i64();
    whole.or_else(|| {
        let number = value.as_f64().filter(|number| (0.0..=FAR).contains(number))?;
        #[expect(clippy::cast_possible_truncation, reason = "it is within the bounds above")]
        Some(number as i64)
    })
}

/// Nothing of what it says.
impl fmt::Debug for Verified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verified").field("until", &self.until).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
