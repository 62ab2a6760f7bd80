//! The one key that is in no database.

use std::fmt;

use aws_lc_rs::hkdf::{HKDF_SHA256, KeyType, Salt};
use aws_lc_rs::hmac;
use foundation::{ExposeSecret as _, Secret};

/// 256 secret bits from which the others follow (HKDF-SHA-256, RFC 5869): one for each purpose, so that none serves
/// two. Every node of an installation needs the same one.
#[derive(Clone)]
pub struct RootKey(std::sync::Arc<Secret<[u8; 32]>>);

impl RootKey {
    /// A key of 32 secret bytes that serve no other purpose.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(std::sync::Arc::new(Secret::new(Box::new(bytes))))
    }

    /// The key for a purpose.
    pub(crate) fn derive(&self, purpose: &str) -> [u8; 32] {
        let mut key = [0; 32];
        let extracted = Salt::new(HKDF_SHA256, b"mainstay accounts").extract(self.0.expose_secret());
        extracted
            .expand(&[purpose.as_bytes()], Length)
            .and_then(|okm| okm.fill(&mut key))
            .expect("32 bytes can be derived");
        key
    }

    /// The key of a message authentication code for a purpose.
    pub(crate) fn mac(&self, purpose: &str) -> hmac::Key {
        hmac::Key::new(hmac::HMAC_SHA256, &self.derive(purpose))
    }
}

struct Length;

impl KeyType for Length {
    fn len(&self) -> usize {
        32
    }
}

impl fmt::Debug for RootKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RootKey([REDACTED])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_purpose_and_each_root_has_a_key_of_its_own() {
        let (one, other) = (RootKey::new([1; 32]), RootKey::new([2; 32]));
        assert_eq!(one.derive("a"), one.derive("a"));
        assert_ne!(one.derive("a"), one.derive("b"));
        assert_ne!(one.derive("a"), other.derive("a"));
        assert_eq!(format!("{one:?}"), "RootKey([REDACTED])");
    }
}
