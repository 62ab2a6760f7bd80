//! Public keys as an issuer publishes them (RFC 7517), and which of them a token may be verified with. Pure.

use std::fmt;

use jsonwebtoken::jwk::{
    AlgorithmParameters, EllipticCurve, Jwk, KeyOperations, PublicKeyUse, ThumbprintHash,
};
use jsonwebtoken::{Algorithm, DecodingKey, DecodingKeyKind};
use serde::Deserialize;
use serde_json::Value;

/// More than any issuer has; each is looked at for every token.
const MOST: usize = 100;
/// Shorter RSA keys are not safe (NIST SP 800-131A), and longer ones take long.
const RSA_BYTES: std::ops::RangeInclusive<usize> = 256..=1024;

/// Keys that can be used.
pub(super) struct KeySet {
    keys: Vec<Key>,
}

/// What a token is verified with.
pub(super) struct Key {
    id: Option<String>,
    algorithms: Vec<Algorithm>,
    pub(super) decoding: DecodingKey,
    thumbprint: Thumbprint,
}

/// What a key is told by, whatever its issuer calls it (RFC 7638).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Thumbprint(String);

/// Why there are no keys.
#[derive(Debug, thiserror::Error)]
pub(super) enum NoKeys {
    #[error("it is no JSON Web Key Set")]
    Garbled(#[source] serde_json::Error),
    #[error("none of its {0} keys can be used to verify tokens")]
    NoneUsable(usize),
}

#[derive(Deserialize)]
struct Published {
    keys: Vec<Value>,
}

impl KeySet {
    /// Reads what is published. Keys that are for something else, or of a kind that is not known, are left out (RFC 7517,
    /// 5), and so are secrets that somebody has published.
    pub(super) fn parse(text: &[u8]) -> Result<Self, NoKeys> {
        let published: Published = serde_json::from_slice(text).map_err(NoKeys::Garbled)?;
        let number = published.keys.len();
        let keys: Vec<_> = published.keys.into_iter().filter_map(Key::read).take(MOST).collect();
        if keys.is_empty() { Err(NoKeys::NoneUsable(number)) } else { Ok(Self { keys }) }
    }

    /// The key that a token says it is signed with. Where it says nothing, there must be no choice.
    pub(super) fn find(&self, id: Option<&str>, algorithm: Algorithm) -> Option<&Key> {
        let mut fitting = self.keys.iter().filter(|key| key.algorithms.contains(&algorithm));
        match id {
            Some(id) => fitting.find(|key| key.id.as_deref() == Some(id)),
            None => fitting.next().filter(|_| fitting.next().is_none()),
        }
    }

    /// Whether a key still counts.
    pub(super) fn has(&self, thumbprint: &Thumbprint) -> bool {
        self.keys.iter().any(|key| key.thumbprint == *thumbprint)
    }

    pub(super) fn len(&self) -> usize {
        self.keys.len()
    }
}

impl Key {
    fn read(value: Value) -> Option<Self> {
        let jwk: Jwk = serde_json::from_value(value).ok()?;
        let algorithms = algorithms(&jwk);
        let is_usable = is_for_signatures(&jwk) && !algorithms.is_empty();
        let decoding = is_usable.then(|| DecodingKey::from_jwk(&jwk).ok()).flatten()?;
        let thumbprint = Thumbprint(jwk.thumbprint(ThumbprintHash::SHA256).ok()?);
        is_whole(&jwk, &decoding).then_some(Self { id: jwk.common.key_id, algorithms, decoding, thumbprint })
    }

    pub(super) fn thumbprint(&self) -> &Thumbprint {
        &self.thumbprint
    }
}

fn is_for_signatures(jwk: &Jwk) -> bool {
    let is_use = jwk.common.public_key_use.as_ref().is_none_or(|purpose| *purpose == PublicKeyUse::Signature);
    let operations = jwk.common.key_operations.as_ref();
    is_use && operations.is_none_or(|operations| operations.contains(&KeyOperations::Verify))
}

/// What a key can be used for: what it says, or all that its kind can. Nothing with a shared secret, which whoever reads
/// the set could sign with.
fn algorithms(jwk: &Jwk) -> Vec<Algorithm> {
    use Algorithm::{ES256, ES384, EdDSA, PS256, PS384, PS512, RS256, RS384, RS512};
    let mut possible = match &jwk.algorithm {
        AlgorithmParameters::OctetKeyPair(key) if key.curve == EllipticCurve::Ed25519 => vec![EdDSA],
        AlgorithmParameters::EllipticCurve(key) if key.curve == EllipticCurve::P256 => vec![ES256],
        AlgorithmParameters::EllipticCurve(key) if key.curve == EllipticCurve::P384 => vec![ES384],
        AlgorithmParameters::RSA(_) => vec![PS256, PS384, PS512, RS256, RS384, RS512],
        _ => Vec::new(),
    };
    if let Some(said) = jwk.common.key_algorithm {
        possible.retain(|algorithm| Algorithm::try_from(said).is_ok_and(|said| said == *algorithm));
    }
    possible
}

/// Whether it has as many bytes as it should.
fn is_whole(jwk: &Jwk, key: &DecodingKey) -> bool {
    let bytes = key.try_get_as_bytes().map(<[u8]>::len).unwrap_or_default();
    match (&jwk.algorithm, key.kind()) {
        (_, DecodingKeyKind::RsaModulusExponent { n, .. }) => {
            RSA_BYTES.contains(&n.iter().skip_while(|byte| **byte == 0).count())
        }
        (AlgorithmParameters::EllipticCurve(key), _) if key.curve == EllipticCurve::P256 => bytes == 65,
        (AlgorithmParameters::EllipticCurve(_), _) => bytes == 97,
        _ => bytes == 32,
    }
}

impl fmt::Debug for KeySet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeySet").field("keys", &self.len()).finish()
    }
}

#[cfg(test)]
mod tests;
