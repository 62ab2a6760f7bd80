//! The one key that is in no database.

use std::fmt;
use std::sync::Arc;

use aws_lc_rs::hkdf::{HKDF_SHA256, KeyType, Prk, Salt};
use aws_lc_rs::hmac;

use crate::{ExposeSecret as _, Secret};

/// 256 secret bits from which all other keys follow (HKDF-SHA-256, RFC 5869): one for each purpose of each room, so
/// that none serves two. Every node of an installation needs the same one.
#[derive(Clone)]
pub struct RootKey(Arc<Secret<[u8; 32]>>);

impl RootKey {
    /// A key of 32 secret bytes that serve no other purpose.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(Arc::new(Secret::new(Box::new(bytes))))
    }

    /// What the keys of a room follow from.
    pub fn of_room(&self, room: &str) -> RoomKey {
        let salt = format!("mainstay {room}");
        RoomKey(Salt::new(HKDF_SHA256, salt.as_bytes()).extract(self.0.expose_secret()))
    }
}

/// What the keys of one room follow from.
pub struct RoomKey(Prk);

impl RoomKey {
    /// The key for a purpose.
    pub fn derive(&self, purpose: &str) -> [u8; 32] {
        let mut key = [0; 32];
        self.0
            .expand(&[purpose.as_bytes()], Length)
            .and_then(|okm| okm.fill(&mut key))
            .expect("32 bytes can be derived");
        key
    }

    /// The key of a message authentication code for a purpose.
    pub fn mac(&self, purpose: &str) -> hmac::Key {
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

impl fmt::Debug for RoomKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RoomKey([REDACTED])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_purpose_of_each_room_and_each_root_has_a_key_of_its_own() {
        let (one, other) = (RootKey::new([1; 32]), RootKey::new([2; 32]));
        let key = one.of_room("accounts").derive("a");
        assert_eq!(one.of_room("accounts").derive("a"), key);
        assert_ne!(one.of_room("accounts").derive("b"), key);
        assert_ne!(one.of_room("audit").derive("a"), key);
        assert_ne!(other.of_room("accounts").derive("a"), key);
        assert_eq!(format!("{one:?} {:?}", one.of_room("a")), "RootKey([REDACTED]) RoomKey([REDACTED])");
    }
}
