//! Secrets at rest: encrypted and bound to their place (AES-256-GCM, NIST SP 800-38D).

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use foundation::{Ambient, Uuid};
use thiserror::Error;

/// Why something sealed cannot be opened. Deliberately no more than this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("what was sealed cannot be opened: another key, another place, or damaged")]
pub(crate) struct SealError;

/// A key that seals. Nonces are random: 96 bits are safe for 2^32 messages under one key, far beyond what is sealed
/// here before the key is rotated.
pub(crate) struct SealingKey {
    pub(crate) id: Uuid,
    key: LessSafeKey,
}

impl SealingKey {
    pub(crate) fn new(id: Uuid, bytes: &[u8; 32]) -> Self {
        let key = UnboundKey::new(&AES_256_GCM, bytes).expect("32 bytes are an AES-256 key");
        Self { id, key: LessSafeKey::new(key) }
    }

    /// Seals a secret that belongs at `place` and can be opened nowhere else: a row swapped for another is noticed.
    pub(crate) fn seal(&self, ambient: &Ambient, place: &str, secret: &[u8]) -> Vec<u8> {
        let nonce: [u8; NONCE_LEN] = ambient.random();
        let mut sealed = secret.to_vec();
        self.key
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(place), &mut sealed)
            .expect("secrets are short");
        [&nonce[..], &sealed].concat()
    }

    /// Opens what was sealed for `place`.
    pub(crate) fn open(&self, place: &str, sealed: &[u8]) -> Result<Vec<u8>, SealError> {
        let (nonce, sealed) = sealed.split_at_checked(NONCE_LEN).ok_or(SealError)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| SealError)?;
        let mut buffer = sealed.to_vec();
        let opened = self.key.open_in_place(nonce, Aad::from(place), &mut buffer).map_err(|_| SealError)?;
        Ok(opened.to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(byte: u8) -> SealingKey {
        SealingKey::new(Uuid::nil(), &[byte; 32])
    }

    #[test]
    fn only_the_same_key_opens_at_the_same_place() {
        let sealed = key(1).seal(&Ambient::system(), "here", b"a secret");
        assert_eq!(key(1).open("here", &sealed).as_deref(), Ok(&b"a secret"[..]));
        assert_eq!(key(2).open("here", &sealed), Err(SealError));
        assert_eq!(key(1).open("there", &sealed), Err(SealError));
        assert!(!sealed.windows(6).any(|part| part == b"secret"));
    }

    // ASVS 11.3.3
    #[test]
    fn every_change_of_every_byte_is_noticed() {
        let sealed = key(1).seal(&Ambient::system(), "here", b"a secret");
        for position in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[position] ^= 1;
            assert_eq!(key(1).open("here", &changed), Err(SealError), "{position}");
        }
        for length in 0..sealed.len() {
            assert_eq!(key(1).open("here", &sealed[..length]), Err(SealError), "{length}");
        }
    }

    #[test]
    fn the_same_secret_never_looks_the_same() {
        let ambient = Ambient::system();
        assert_ne!(key(1).seal(&ambient, "here", b"a secret"), key(1).seal(&ambient, "here", b"a secret"));
    }
}
