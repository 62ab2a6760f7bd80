//! Values that must never be printed, and random tokens that are stored only as their hash.

use std::fmt;

use aws_lc_rs::digest::{SHA256, digest};
use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
pub use secrecy::{ExposeSecret, SecretBox as Secret, SecretString};

use crate::Ambient;

/// A bearer secret of 256 random bits, written as 43 characters of base64url (RFC 4648 section 5).
///
/// Whoever holds it may do what it stands for, so it is redacted in `Debug`, wiped from memory when dropped,
/// and only its [`hash`](Token::hash) is stored.
pub struct Token(SecretString);

impl Token {
    const BYTES: usize = 32;
    const CHARACTERS: usize = 43;

    /// A fresh token.
    pub fn generate(ambient: &Ambient) -> Self {
        let bytes: [u8; Self::BYTES] = ambient.random();
        Self(BASE64_URL_SAFE_NO_PAD.encode(bytes).into())
    }

    /// Reads a token that a client presented; `None` for anything that cannot be one of ours.
    pub fn parse(text: &str) -> Option<Self> {
        let plausible = text.len() == Self::CHARACTERS
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        plausible.then(|| Self(text.into()))
    }

    /// The token as text, to hand to its one owner.
    pub fn reveal(&self) -> &str {
        self.0.expose_secret()
    }

    /// What is stored and looked up. Plain SHA-256 is enough: 256 random bits cannot be guessed, so there is
    /// nothing for a slow hash to slow down.
    pub fn hash(&self) -> TokenHash {
        let hash = digest(&SHA256, self.reveal().as_bytes());
        TokenHash(hash.as_ref().try_into().expect("SHA-256 has 32 bytes"))
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token([REDACTED])")
    }
}

/// The SHA-256 of a [`Token`], safe to store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TokenHash([u8; 32]);

impl TokenHash {
    /// The hash as stored in the database.
    pub fn to_vec(self) -> Vec<u8> {
        self.0.to_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // ASVS 11.5.1
    #[test]
    fn a_token_survives_the_way_to_the_client_and_back() {
        let token = Token::generate(&Ambient::system());
        let presented = Token::parse(token.reveal()).expect("our own token is plausible");
        assert_eq!(presented.hash(), token.hash());
    }

    // ASVS 7.2.3, 11.2.3, 11.5.1 - 43 characters of base64url: 256 bits
    #[test]
    fn what_cannot_be_a_token_is_refused_before_any_lookup() {
        for text in ["", "short", &"a".repeat(44), &"ä".repeat(22), &format!("{}=", "a".repeat(42))] {
            assert!(Token::parse(text).is_none(), "{text:?}");
        }
    }

    #[test]
    fn debug_output_must_not_contain_the_secret() {
        let token = Token::generate(&Ambient::system());
        let secret = SecretString::from("hunter2-and-more");
        let printed = format!("{token:?} {secret:?}");
        assert!(!printed.contains(token.reveal()));
        assert!(!printed.contains("hunter2"));
        assert!(printed.contains("REDACTED"));
    }

    /// Whether a type can be compared with `==`, which stops at the first difference and so tells how long the guess was
    /// right.
    struct Compares<T>(std::marker::PhantomData<T>);

    impl<T: PartialEq> Compares<T> {
        const CAN: bool = true;
    }

    trait CannotCompare {
        const CAN: bool = false;
    }

    impl<T> CannotCompare for Compares<T> {}

    // ASVS 11.2.4
    #[test]
    fn secrets_cannot_be_compared_by_accident() {
        const { assert!(!Compares::<Token>::CAN && !Compares::<SecretString>::CAN) };
        // Of what is looked up by its hash, only the hash is compared: whoever guesses cannot aim at it.
        const { assert!(Compares::<TokenHash>::CAN) };
    }
}
