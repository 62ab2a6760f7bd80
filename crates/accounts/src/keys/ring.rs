//! The keys in memory.

use std::sync::{Arc, RwLock};

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use chrono::TimeDelta;
use foundation::{Ambient, RoomKey, Timestamp, Uuid};
use jsonwebtoken::{DecodingKey, EncodingKey};
use sea_orm::sea_query::StringLen;
use sea_orm::{DeriveActiveEnum, EnumIter};
use serde::Serialize;
use store::Unit;

use super::{SealError, SealingKey};
use crate::entities::keys::Model;
use crate::{Accounts, AccountsError, queries};

/// How long a node goes on with what it knows before it looks again; a token by a key that it does not know makes it
/// look at once.
const TRUSTED: TimeDelta = TimeDelta::seconds(60);
/// How soon it may look again because of such a token: strangers can make up any number of key ids.
const LOOK_AGAIN: TimeDelta = TimeDelta::seconds(1);

/// What a key is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumIter, DeriveActiveEnum, Serialize)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(20))", rename_all = "lowercase")]
#[serde(rename_all = "lowercase")]
pub enum Purpose {
    /// Signs access tokens (Ed25519).
    Signing,
    /// Seals secrets at rest (AES-256-GCM).
    Sealing,
}

/// A key that signs access tokens.
pub(crate) struct SigningKey {
    pub(crate) id: Uuid,
    pub(crate) encoding: EncodingKey,
    pub(crate) decoding: DecodingKey,
    pub(crate) public: Vec<u8>,
    retires_at: Option<Timestamp>,
}

impl SigningKey {
    pub(crate) fn new(id: Uuid, seed: &[u8; 32], retires_at: Option<Timestamp>) -> Self {
        let pair = Ed25519KeyPair::from_seed_unchecked(seed).expect("32 bytes are a seed");
        let private = pair.to_pkcs8().expect("our own key can be written down");
        let public = pair.public_key().as_ref().to_vec();
        Self {
            id,
            encoding: EncodingKey::from_ed_der(private.as_ref()),
            decoding: DecodingKey::from_ed_der(&public),
            public,
            retires_at,
        }
    }

    fn is_worth_something(&self, now: Timestamp) -> bool {
        self.retires_at.is_none_or(|retires_at| now < retires_at)
    }
}

/// All keys, as they were in the database a moment ago.
pub(crate) struct Ring {
    signing: Vec<SigningKey>,
    sealing: Vec<SealingKey>,
    /// Which of them seals from now on.
    sealer: Option<Uuid>,
    loaded_at: Timestamp,
}

impl Ring {
    /// Opens the rows with the root key; the key in use is the one that is not to retire, whatever the clock showed when
    /// it was made.
    pub(super) fn open(rows: Vec<Model>, root: &SealingKey, now: Timestamp) -> Result<Self, SealError> {
        let mut ring = Self { signing: Vec::new(), sealing: Vec::new(), sealer: None, loaded_at: now };
        for row in rows {
            let bytes = root.open(&place(row.id), &row.sealed)?.try_into().map_err(|_| SealError)?;
            match row.purpose {
                Purpose::Signing => ring.signing.push(SigningKey::new(row.id, &bytes, row.retires_at)),
                Purpose::Sealing => {
                    if row.retires_at.is_none() {
                        ring.sealer = Some(row.id);
                    }
                    ring.sealing.push(SealingKey::new(row.id, &bytes));
                }
            }
        }
        Ok(ring)
    }

    /// The key that signs from now on.
    pub(crate) fn signer(&self) -> &SigningKey {
        let in_use = self.signing.iter().rev().find(|key| key.retires_at.is_none());
        in_use.expect("the room is built with a key of each purpose")
    }

    /// The key of this id, while it is worth something.
    pub(crate) fn verifier(&self, id: Uuid, now: Timestamp) -> Option<&SigningKey> {
        self.signing.iter().find(|key| key.id == id).filter(|key| key.is_worth_something(now))
    }

    /// Whether it was looked up less than so long ago. One from the future was not: the clock was set back.
    fn is_younger(&self, than: TimeDelta, now: Timestamp) -> bool {
        let age = now - self.loaded_at;
        TimeDelta::zero() <= age && age < than
    }

    /// Every key whose signatures count.
    pub(crate) fn verifiers(&self, now: Timestamp) -> impl Iterator<Item = &SigningKey> {
        self.signing.iter().filter(move |key| key.is_worth_something(now))
    }

    /// The key that seals from now on.
    pub(crate) fn sealer(&self) -> &SealingKey {
        let in_use = self.sealing.iter().find(|key| self.sealer == Some(key.id));
        in_use.expect("the room is built with a key of each purpose")
    }

    /// The key of this id. Secrets are opened for as long as their key exists.
    pub(crate) fn opener(&self, id: Uuid) -> Result<&SealingKey, SealError> {
        self.sealing.iter().find(|key| key.id == id).ok_or(SealError)
    }
}

/// Where a key is sealed to.
fn place(id: Uuid) -> String {
    format!("keys/{id}")
}

/// The ring, and what opens it.
pub(crate) struct Keys {
    root: SealingKey,
    ring: RwLock<Option<Arc<Ring>>>,
}

impl Keys {
    pub(crate) fn new(root: &RoomKey) -> Self {
        Self { root: SealingKey::new(Uuid::nil(), &root.derive("keys")), ring: RwLock::new(None) }
    }

    fn known(&self) -> Option<Arc<Ring>> {
        self.ring.read().expect("not poisoned").clone()
    }

    /// A new key, sealed.
    pub(super) fn make(&self, purpose: Purpose, ambient: &Ambient) -> Model {
        let (id, bytes) = (ambient.new_id(), ambient.random::<32>());
        let public = match purpose {
            Purpose::Signing => Some(SigningKey::new(id, &bytes, None).public),
            Purpose::Sealing => None,
        };
        let sealed = self.root.seal(ambient, &place(id), &bytes);
        Model { id, purpose, sealed, public, created_at: ambient.now(), retires_at: None }
    }

    /// What is known is to be looked up again.
    pub(super) fn forget(&self) {
        *self.ring.write().expect("not poisoned") = None;
    }
}

impl Accounts {
    /// Makes the keys that do not exist yet, and opens all.
    ///
    /// # Errors
    /// [`AccountsError::Sealed`] when the root key is another one than theirs; when the database fails.
    pub(crate) async fn prepare_keys(&self) -> Result<(), AccountsError> {
        self.make_missing_keys().await?;
        self.load_ring().await.map(drop)
    }

    /// The keys, at most a minute old.
    pub(crate) async fn ring(&self) -> Result<Arc<Ring>, AccountsError> {
        match self.keys.known() {
            Some(ring) if ring.is_younger(TRUSTED, self.ambient.now()) => Ok(ring),
            _ => self.load_ring().await,
        }
    }

    /// The keys, for somebody who met one that the ring does not have.
    pub(crate) async fn newer_ring(&self) -> Result<Arc<Ring>, AccountsError> {
        match self.keys.known() {
            Some(ring) if ring.is_younger(LOOK_AGAIN, self.ambient.now()) => Ok(ring),
            _ => self.load_ring().await,
        }
    }

    /// The keys as they are now, for whoever seals: what is sealed with a key that another node has retired is lost.
    /// That it is still in use is to be seen in the unit that stores what was sealed ([`Self::still_seals`]).
    pub(crate) async fn newest_ring(&self) -> Result<Arc<Ring>, AccountsError> {
        self.load_ring().await
    }

    /// That the key which seals is still in use.
    pub(crate) async fn still_seals(&self, unit: &Unit, ring: &Ring) -> Result<(), AccountsError> {
        let key = queries::keys::by_id(&**unit, ring.sealer().id).await?;
        key.filter(|key| key.retires_at.is_none()).map(drop).ok_or(AccountsError::KeyUnknown)
    }

    async fn load_ring(&self) -> Result<Arc<Ring>, AccountsError> {
        let rows = self.read(|| queries::keys::all(self.store.reader())).await?;
        let ring = Arc::new(Ring::open(rows, &self.keys.root, self.ambient.now())?);
        *self.keys.ring.write().expect("not poisoned") = Some(Arc::clone(&ring));
        Ok(ring)
    }

    async fn make_missing_keys(&self) -> Result<(), AccountsError> {
        self.retry
            .run(|| async {
                let unit = self.store.begin().await?;
                let rows = queries::keys::all(&*unit).await?;
                for purpose in [Purpose::Signing, Purpose::Sealing] {
                    if !has(&rows, purpose) {
                        let key = self.keys.make(purpose, &self.ambient);
                        queries::keys::insert(&*unit, key).await?;
                    }
                }
                Ok::<_, AccountsError>(unit.commit().await?)
            })
            .await
    }
}

fn has(rows: &[Model], purpose: Purpose) -> bool {
    rows.iter().any(|row| row.purpose == purpose && row.retires_at.is_none())
}
