//! The keys that hold the chain together and sign its checkpoints. They follow from the root key and are in no database.

use std::fmt;
use std::sync::Arc;

use aws_lc_rs::hmac;
use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};
use foundation::RootKey;

use crate::chain::End;
use crate::content::Hash;

/// The keys of the ledger. Cheap to clone.
#[derive(Clone)]
pub struct LedgerKeys(Arc<Inner>);

struct Inner {
    entries: hmac::Key,
    chain: hmac::Key,
    end: hmac::Key,
    signing: Ed25519KeyPair,
}

impl LedgerKeys {
    /// The keys that follow from the root key.
    pub fn new(root: &RootKey) -> Self {
        let keys = root.of_room("audit");
        let seed = keys.derive("checkpoints");
        Self(Arc::new(Inner {
            entries: keys.mac("entries"),
            chain: keys.mac("chain"),
            end: keys.mac("end"),
            signing: Ed25519KeyPair::from_seed_unchecked(&seed).expect("32 bytes are a seed"),
        }))
    }

    /// What checks the signatures of checkpoints. It is no secret: give it to whoever shall be able to verify an export
    /// without being able to write one.
    pub fn public(&self) -> PublicKey {
        let bytes = self.0.signing.public_key().as_ref();
        PublicKey(bytes.try_into().expect("an Ed25519 key has 32 bytes"))
    }

    pub(crate) fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.0.signing.sign(message).as_ref().to_vec()
    }

    /// Proves that an entry which is not in the chain yet was written by us.
    pub(crate) fn mac_of_entry(&self, digest: &Hash) -> Hash {
        mac(&self.0.entries, digest)
    }

    /// Proves that an entry stands at its place, behind the one before.
    pub(crate) fn mac_in_chain(&self, sequence: i64, before: &Hash, digest: &Hash) -> Hash {
        mac(&self.0.chain, &in_chain(sequence, before, digest))
    }

    /// Proves that we noted that the chain ends here.
    pub(crate) fn mac_of_end(&self, end: &End) -> Hash {
        mac(&self.0.end, &noted(end))
    }

    pub(crate) fn is_mac_of_end(&self, mac: &[u8], end: &End) -> bool {
        hmac::verify(&self.0.end, &noted(end), mac).is_ok()
    }

    pub(crate) fn is_mac_of_entry(&self, mac: &[u8], digest: &Hash) -> bool {
        hmac::verify(&self.0.entries, digest, mac).is_ok()
    }

    pub(crate) fn is_mac_in_chain(&self, mac: &[u8], sequence: i64, before: &Hash, digest: &Hash) -> bool {
        hmac::verify(&self.0.chain, &in_chain(sequence, before, digest), mac).is_ok()
    }
}

fn mac(key: &hmac::Key, message: &[u8]) -> Hash {
    hmac::sign(key, message).as_ref().try_into().expect("HMAC-SHA-256 has 32 bytes")
}

/// All three have a fixed length.
fn in_chain(sequence: i64, before: &Hash, digest: &Hash) -> Vec<u8> {
    [sequence.to_be_bytes().as_slice(), before, digest].concat()
}

/// All three have a fixed length.
fn noted(end: &End) -> Vec<u8> {
    [end.sequence.to_be_bytes().as_slice(), &end.mac, &end.link].concat()
}

impl fmt::Debug for LedgerKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LedgerKeys([REDACTED])")
    }
}

/// An Ed25519 public key (RFC 8032), as 64 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PublicKey([u8; 32]);

impl PublicKey {
    /// Reads a key.
    ///
    /// # Errors
    /// What is wrong with the text, in words.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let mut bytes = [0; 32];
        match hex::decode_to_slice(text.trim(), &mut bytes) {
            Ok(()) => Ok(Self(bytes)),
            Err(_) => Err("this is no public key; `mainstay audit key` prints it: 64 hexadecimal digits"),
        }
    }

    pub(crate) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&ED25519, &self.0).verify(message, signature).is_ok()
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}
