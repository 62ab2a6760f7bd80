//! Access tokens: signed statements of who somebody is, for a quarter of an hour (JWT, RFC 7519; RFC 9068; RFC 8725).
//!
//! Other programs can verify them with the keys at `/.well-known/jwks.json`. This one looks the session up as well,
//! so that one that has ended is refused at once.

use aws_lc_rs::digest::{SHA256, digest};
use chrono::TimeDelta;
use foundation::{SecretString, Timestamp, Uuid};
use jsonwebtoken::{Algorithm, Header, Validation, decode, decode_header, encode};
use moka::sync::Cache;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::keys::{Ring, SigningKey};

/// What the header must call the token, so that no other kind of token passes for one (RFC 9068 section 2.1).
const TYPE: &str = "at+jwt";
/// Ours have about 500 characters.
const LONGEST: usize = 2_048;
/// How far the clocks of two nodes may be apart before one refuses what the other has just signed.
const CLOCK_SKEW: TimeDelta = TimeDelta::seconds(30);

/// What an access token says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Claims {
    /// Who signed: this installation.
    pub(crate) iss: String,
    /// For whom: this installation's API.
    pub(crate) aud: String,
    /// Whom it is about.
    pub(crate) sub: Uuid,
    /// Their session.
    pub(crate) sid: Uuid,
    pub(crate) iat: i64,
    pub(crate) nbf: i64,
    pub(crate) exp: i64,
}

/// What a token that was believed says of interest, and by which key it is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Verified {
    key: Uuid,
    pub(crate) user: Uuid,
    pub(crate) session: Uuid,
    nbf: i64,
    exp: i64,
}

impl Verified {
    /// Until when it is believed.
    pub(crate) fn expires_at(self) -> Timestamp {
        Timestamp::from_timestamp(self.exp, 0).unwrap_or_default()
    }

    /// Whether the token is good now: its time is now, and its key still worth something.
    fn now(self, ring: &Ring, now: Timestamp) -> Result<Self, Refusal> {
        ring.verifier(self.key, now).ok_or(Refusal::UnknownKey)?;
        let now = now.timestamp();
        if now < self.nbf - CLOCK_SKEW.num_seconds() || self.exp <= now {
            return Err(Refusal::OutOfTime);
        }
        Ok(self)
    }
}

/// Tokens whose signature was verified a moment ago, by their SHA-256. A signature that was right stays right; the time
/// and the key are looked at again each time. Saves a seventh of what a session check costs.
pub(crate) struct VerifiedTokens(Cache<[u8; 32], Verified>);

impl VerifiedTokens {
    /// How many: one for each browser that is active, for a quarter of an hour.
    const MOST: u64 = 20_000;

    pub(crate) fn new() -> Self {
        Self(Cache::new(Self::MOST))
    }

    /// As [`verify`], which is asked only once for each token.
    pub(crate) fn verify(
        &self,
        ring: &Ring,
        parties: &Parties,
        token: &str,
        now: Timestamp,
    ) -> Result<Verified, Refusal> {
        let hash: [u8; 32] =
            digest(&SHA256, token.as_bytes()).as_ref().try_into().expect("SHA-256 has 32 bytes");
        if let Some(known) = self.0.get(&hash) {
            return known.now(ring, now);
        }
        let verified = verify(ring, parties, token, now)?;
        self.0.insert(hash, verified);
        Ok(verified)
    }
}

/// Why a token is not believed. The client is told none of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub(crate) enum Refusal {
    #[error("no token of this installation's form")]
    Malformed,
    #[error("signed by a key that is unknown or has retired")]
    UnknownKey,
    #[error("another signature, issuer or audience")]
    Untrue,
    #[error("too late, or too early")]
    OutOfTime,
}

/// Who signs, and for whom.
#[derive(Debug, Clone)]
pub(crate) struct Parties {
    pub(crate) issuer: String,
    pub(crate) audience: String,
}

impl Parties {
    pub(crate) fn of(public_url: &str) -> Self {
        Self { issuer: public_url.to_owned(), audience: format!("{public_url}/api") }
    }
}

/// A token that says: this user, by this session, for so long.
pub(crate) fn issue(
    key: &SigningKey,
    parties: &Parties,
    (user, session): (Uuid, Uuid),
    now: Timestamp,
    expires_at: Timestamp,
) -> SecretString {
    let mut header = Header::new(Algorithm::EdDSA);
    header.typ = Some(TYPE.to_owned());
    header.kid = Some(key.id.to_string());
    let claims = Claims {
        iss: parties.issuer.clone(),
        aud: parties.audience.clone(),
        sub: user,
        sid: session,
        iat: now.timestamp(),
        nbf: now.timestamp(),
        exp: expires_at.timestamp(),
    };
    encode(&header, &claims, &key.encoding).expect("our own claims can be signed").into()
}

/// What a token says, if it is one of ours and its time is now.
///
/// The signature comes first: nothing of what an unsigned text says decides anything but which key to check it with.
pub(crate) fn verify(
    ring: &Ring,
    parties: &Parties,
    token: &str,
    now: Timestamp,
) -> Result<Verified, Refusal> {
    if token.len() > LONGEST {
        return Err(Refusal::Malformed);
    }
    let header = decode_header(token).map_err(|_| Refusal::Malformed)?;
    if header.typ.as_deref() != Some(TYPE) || header.alg != Algorithm::EdDSA {
        return Err(Refusal::Malformed);
    }
    let kid = header.kid.and_then(|kid| Uuid::parse_str(&kid).ok()).ok_or(Refusal::Malformed)?;
    let key = ring.verifier(kid, now).ok_or(Refusal::UnknownKey)?;
    let claims = decode::<Claims>(token, &key.decoding, &rules(parties)).map_err(|_| Refusal::Untrue)?.claims;
    let Claims { sub, sid, nbf, exp, .. } = claims;
    Verified { key: kid, user: sub, session: sid, nbf, exp }.now(ring, now)
}

/// One algorithm, one issuer, one audience. The times are judged by our own clock.
fn rules(parties: &Parties) -> Validation {
    let mut rules = Validation::new(Algorithm::EdDSA);
    rules.set_issuer(&[&parties.issuer]);
    rules.set_audience(&[&parties.audience]);
    rules.set_required_spec_claims(&["iss", "aud", "sub", "exp", "nbf"]);
    (rules.validate_exp, rules.validate_nbf) = (false, false);
    rules
}
