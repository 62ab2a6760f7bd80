//! The chain: what follows from an entry and the one before. Pure.
//!
//! Two threads run through it. The *codes* (HMAC) need the ledger's key, and hold each entry at its place: whoever has
//! no key cannot change one, nor put one in, and which one it was can be told. The *links* (SHA-256) need none: whoever
//! has only the public key computes them anew, and compares them where a checkpoint has signed them.

use crate::LedgerKeys;
use crate::content::{Framed, Hash};

/// Where the chain ends, or ended at some entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct End {
    /// How many entries there were until here.
    pub(crate) sequence: i64,
    /// The authentication code of the last one.
    pub(crate) mac: Hash,
    /// The hash of all of them.
    pub(crate) link: Hash,
}

impl End {
    /// Before the first entry.
    pub(crate) const BEGINNING: Self = Self { sequence: 0, mac: [0; 32], link: [0; 32] };

    /// Where the chain ends when an entry with this digest comes next.
    pub(crate) fn followed_by(&self, keys: &LedgerKeys, digest: &Hash) -> Self {
        let sequence = self.sequence + 1;
        let mac = keys.mac_in_chain(sequence, &self.mac, digest);
        Self { sequence, mac, link: link(&self.link, sequence, digest, &mac) }
    }
}

/// What the database says of where the chain ends, and the code without which nobody is believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Note {
    pub(crate) end: End,
    code: Vec<u8>,
}

impl Note {
    /// What a new database says.
    const UNTOUCHED: Self = Self { end: End::BEGINNING, code: Vec::new() };

    /// What we say.
    pub(crate) fn of(end: End, keys: &LedgerKeys) -> Self {
        Self { end, code: keys.mac_of_end(&end).to_vec() }
    }

    pub(crate) fn new(end: End, code: Vec<u8>) -> Self {
        Self { end, code }
    }

    pub(crate) fn into_parts(self) -> (End, Vec<u8>) {
        (self.end, self.code)
    }

    pub(crate) fn is_by(&self, keys: &LedgerKeys) -> bool {
        keys.is_mac_of_end(&self.code, &self.end)
    }

    /// Whether nothing has ever been sealed here.
    pub(crate) fn is_untouched(&self) -> bool {
        *self == Self::UNTOUCHED
    }
}

/// The hash of everything up to an entry, from the hash of everything before.
pub(crate) fn link(before: &Hash, sequence: i64, digest: &Hash, mac: &[u8]) -> Hash {
    let place = sequence.to_be_bytes();
    Framed::new("mainstay audit link 1").field(before).field(&place).field(digest).field(mac).finish()
}
