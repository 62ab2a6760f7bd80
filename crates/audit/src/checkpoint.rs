//! Checkpoints: what the ledger was at a moment, signed. Kept outside of the database, they are what it cannot deny.

use foundation::Timestamp;
use serde::{Deserialize, Serialize};

use crate::chain::End;
use crate::content::Hash;
use crate::entities::checkpoints::Model;
use crate::hexadecimal as hex;
use crate::{LedgerKeys, PublicKey};

/// What the ledger was at a moment, signed with Ed25519 (RFC 8032).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checkpoint {
    /// How many entries there had been.
    pub sequence: i64,
    /// When it was made.
    pub created_at: Timestamp,
    #[serde(with = "hex::bytes")]
    pub(crate) mac: Hash,
    #[serde(with = "hex::bytes")]
    pub(crate) link: Hash,
    #[serde(with = "hex::bytes")]
    pub(crate) signature: Vec<u8>,
}

impl Checkpoint {
    pub(crate) fn sign(keys: &LedgerKeys, end: &End, now: Timestamp) -> Self {
        let End { sequence, mac, link } = *end;
        let unsigned = Self { sequence, created_at: now, mac, link, signature: Vec::new() };
        Self { signature: keys.sign(&unsigned.message()), ..unsigned }
    }

    /// Something that stands where a checkpoint should.
    pub(crate) fn unsigned(sequence: i64) -> Self {
        let End { mac, link, .. } = End::BEGINNING;
        Self { sequence, created_at: Timestamp::UNIX_EPOCH, mac, link, signature: Vec::new() }
    }

    /// Whether it was signed with the key that belongs to this one.
    pub fn is_signed_by(&self, key: &PublicKey) -> bool {
        key.verifies(&self.message(), &self.signature)
    }

    /// Whether it was made after another one, be it of the same history or of one that was put back.
    pub(crate) fn is_after(&self, other: &Self) -> bool {
        self.sequence > other.sequence || self.created_at > other.created_at
    }

    pub(crate) fn end(&self) -> End {
        End { sequence: self.sequence, mac: self.mac, link: self.link }
    }

    /// What tells it apart from a checkpoint of another history at the same place: 64 hexadecimal digits.
    pub fn fingerprint(&self) -> String {
        ::hex::encode(self.link)
    }

    /// One line of JSON, as files of checkpoints have it.
    pub fn to_line(&self) -> String {
        serde_json::to_string(self).expect("a checkpoint is JSON")
    }

    /// Reads such a line; `None` for anything else.
    pub fn from_line(line: &str) -> Option<Self> {
        serde_json::from_str(line).ok()
    }

    /// What is signed. All parts have a fixed length.
    fn message(&self) -> Vec<u8> {
        let created_at = self.created_at.timestamp_micros();
        [
            b"mainstay audit checkpoint 1".as_slice(),
            &self.sequence.to_be_bytes(),
            &created_at.to_be_bytes(),
            &self.mac,
            &self.link,
        ]
        .concat()
    }
}

impl From<Checkpoint> for Model {
    fn from(checkpoint: Checkpoint) -> Self {
        let Checkpoint { sequence, created_at, mac, link, signature } = checkpoint;
        Self { sequence, created_at, mac: mac.to_vec(), link: link.to_vec(), signature }
    }
}

impl From<Model> for Checkpoint {
    fn from(row: Model) -> Self {
        let Model { sequence, created_at, mac, link, signature } = row;
        // A hash of another length was tampered with; none has zeros only, so that no signature fits.
        let hash = |bytes: Vec<u8>| bytes.try_into().unwrap_or_default();
        Self { sequence, created_at, mac: hash(mac), link: hash(link), signature }
    }
}
