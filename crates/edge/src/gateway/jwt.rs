//! Lets pass who has a token that the named issuer has signed (RFC 7519; RFC 6750; RFC 8725).

mod challenge;
mod claims;
mod credential;
mod key_set;
mod keys;
mod schedule;
mod shelf;
mod source;
mod token;

#[cfg(test)]
#[path = "../../tests/it/issuer.rs"]
pub(super) mod issuer;

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use aws_lc_rs::digest::{SHA256, digest};
use foundation::{Ambient, Code, Problem, Timestamp};
use http::request::Parts;
use moka::sync::Cache;

use super::Leaving;
use super::exempt::Exempt;
use crate::config::{ClaimHeader, JwtConfig, KeySource};
use credential::{Found, Place};
use keys::Keys;
use token::{Refusal, Rules, Verified};

/// How much of what was verified is kept, in bytes.
const KEPT: u64 = 32 * 1024 * 1024;
/// When a client may come back whose token cannot be verified for want of keys.
const PAUSE: Duration = Duration::from_secs(5);

/// Tokens of one application's visitors.
pub(super) struct Tokens {
    rules: Rules,
    place: Place,
    is_required: bool,
    exempt: Exempt,
    keys: Keys,
    /// By the SHA-256 of the token. A signature that was right stays right; the time and the key are looked at each time.
    verified: Cache<[u8; 32], Arc<Verified>>,
    ambient: Ambient,
}

impl Tokens {
    pub(super) fn new(
        service: &str,
        source: &KeySource,
        config: &JwtConfig,
        claims: &[ClaimHeader],
        ambient: Ambient,
    ) -> Self {
        let weight = |_: &[u8; 32], verified: &Arc<Verified>| verified.weight();
        Self {
            rules: Rules::new(config, claims),
            place: Place::new(config.cookie.as_deref()),
            is_required: config.required,
            exempt: Exempt::new(&config.except, config.allow_preflight),
            keys: Keys::new(service, source, config, ambient.clone()),
            verified: Cache::builder().max_capacity(KEPT).weigher(weight).build(),
            ambient,
        }
    }

    pub(super) fn begin(&self, folder: &Path) {
        self.keys.begin(folder);
    }

    pub(super) async fn attend(&self) {
        self.keys.attend().await;
    }

    /// Whose request it is; nobody's where that is allowed.
    ///
    /// # Errors
    /// When there must be a token and is none, or there is one and it is not good.
    pub(super) async fn ask(
        &self,
        head: &Parts,
        leaving: &mut Leaving,
    ) -> Result<Option<Arc<Verified>>, Problem> {
        if self.exempt.covers(head) {
            return Ok(None);
        }
        let refusal = match self.place.find(&head.headers) {
            Found::None if !self.is_required => return Ok(None),
            Found::None => Refusal::Missing,
            Found::Unclear => Refusal::Malformed,
            Found::Token(token) => match self.verify(&token).await {
                Ok(verified) => return Ok(Some(verified)),
                Err(refusal) => refusal,
            },
        };
        if refusal == Refusal::NoKeys {
            let words = "Sign-ins cannot be checked at the moment. Please try again in a moment.";
            return Err(Problem::new(Code::Unavailable, words).retry_after(PAUSE));
        }
        leaving.challenge(challenge::of(refusal));
        Err(Problem::new(Code::Unauthenticated, challenge::words(refusal)))
    }

    async fn verify(&self, token: &str) -> Result<Arc<Verified>, Refusal> {
        if token.len() > token::LONGEST {
            return Err(Refusal::Malformed);
        }
        let now = self.ambient.now();
        let hash: [u8; 32] =
            digest(&SHA256, token.as_bytes()).as_ref().try_into().expect("SHA-256 has 32 bytes");
        if let Some(known) = self.verified.get(&hash) {
            let is_known = self.keys.look(now, |set| set.has(known.signer())).unwrap_or(false);
            if is_known {
                return known.is_of(now).map(|()| known);
            }
        }
        let seen = self.keys.attempts();
        let verified = match self.fresh(token, now) {
            Err(Refusal::UnknownKey | Refusal::NoKeys) => {
                self.keys.renew(seen).await;
                self.fresh(token, now)
            }
            other => other,
        };
        let verified = Arc::new(verified?);
        self.verified.insert(hash, Arc::clone(&verified));
        Ok(verified)
    }

    /// A key that is not known may be one that could not be fetched: then it is not the token's fault.
    fn fresh(&self, token: &str, now: Timestamp) -> Result<Verified, Refusal> {
        let verified = self.keys.look(now, |set| token::verify(&self.rules, set, token, now));
        match verified.unwrap_or(Err(Refusal::NoKeys)) {
            Err(Refusal::UnknownKey) if self.keys.is_failing() => Err(Refusal::NoKeys),
            other => other,
        }
    }
}

/// Neither keys nor what anybody's token says.
impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tokens").field("is_required", &self.is_required).finish_non_exhaustive()
    }
}
