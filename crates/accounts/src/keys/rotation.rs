//! Rotating keys: nobody is signed out, and what is sealed is sealed anew in the background.

use audit::{Entry, Source};
use foundation::{Timestamp, Uuid};
use serde::Serialize;
use serde_json::json;
use store::Unit;

use super::{Purpose, Ring};
use crate::entities::keys::Model;
use crate::sessions::delta;
use crate::{Accounts, AccountsError, Actor, actions, queries};

/// How many secrets are sealed anew in one unit of work.
const BATCH: u64 = 200;

/// What became of the secrets up to a user.
struct Batch {
    last: Uuid,
    sealed: u64,
}

/// A key, as far as anybody may know it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KeyInfo {
    /// Its id; tokens name it as `kid`.
    pub id: Uuid,
    /// What it is for.
    pub purpose: Purpose,
    /// When it was made.
    pub created_at: Timestamp,
    /// From when on its signatures count no more; none for the key in use.
    pub retires_at: Option<Timestamp>,
    /// How many secrets are sealed with it; none for keys that sign.
    pub secrets: Option<u64>,
}

impl Accounts {
    /// Every key there is, oldest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn list_keys(&self) -> Result<Vec<KeyInfo>, AccountsError> {
        let mut keys = Vec::new();
        for Model { id, purpose, created_at, retires_at, .. } in
            self.read(|| queries::keys::all(self.store.reader())).await?
        {
            let secrets = match purpose {
                Purpose::Signing => None,
                Purpose::Sealing => {
                    Some(self.read(|| queries::totp::sealed_with(self.store.reader(), id)).await?)
                }
            };
            keys.push(KeyInfo { id, purpose, created_at, retires_at, secrets });
        }
        Ok(keys)
    }

    /// Makes a new key of this purpose, which is used from now on. The one before goes on verifying until the
    /// configured overlap is over.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn rotate_key(&self, who: &Actor, purpose: Purpose) -> Result<Uuid, AccountsError> {
        let key = self.keys.make(purpose, &self.ambient);
        self.retry
            .run(|| async {
                let unit = self.store.begin().await?;
                self.put_into_use(&unit, &key, who.source()).await?;
                Ok::<_, AccountsError>(unit.commit().await?)
            })
            .await?;
        self.keys.forget();
        Ok(key.id)
    }

    /// Rotates what has been in use for as long as the settings allow, for housekeeping. Of several nodes, one does it.
    pub(crate) async fn rotate_aged_keys(&self) -> Result<(), AccountsError> {
        let made_by = self.ambient.now() - delta(self.config.key_lifetime);
        for purpose in [Purpose::Signing, Purpose::Sealing] {
            let key = self.keys.make(purpose, &self.ambient);
            let rotated = self
                .retry
                .run(|| async {
                    let unit = self.store.begin().await?;
                    if !queries::keys::in_use_is_from(&*unit, purpose, made_by).await? {
                        return Ok::<_, AccountsError>(false);
                    }
                    self.put_into_use(&unit, &key, &Source::default()).await?;
                    unit.commit().await?;
                    Ok(true)
                })
                .await?;
            if rotated {
                self.keys.forget();
                tracing::info!(key = %key.id, ?purpose, "a key was rotated, as the one before had grown old");
            }
        }
        Ok(())
    }

    async fn put_into_use(&self, unit: &Unit, key: &Model, source: &Source) -> Result<(), AccountsError> {
        let retires_at = self.ambient.now() + delta(self.config.key_overlap);
        queries::keys::retire_in_use(&**unit, key.purpose, retires_at).await?;
        queries::keys::insert(&**unit, key.clone()).await?;
        self.record_key(unit, actions::KEYS_ROTATE, key, source).await
    }

    /// Ends a key that is not in use, at once: tokens signed by it are refused, and their owners get new ones by their
    /// refresh tokens. A key that still seals something ends when that has been sealed anew, which this does first.
    ///
    /// # Errors
    /// [`AccountsError::KeyInUse`]; [`AccountsError::KeyUnknown`]; when the database fails.
    pub async fn retire_key(&self, who: &Actor, id: Uuid) -> Result<(), AccountsError> {
        self.seal_anew().await?;
        self.retry
            .run(|| async {
                let unit = self.store.begin().await?;
                let key = queries::keys::by_id(&*unit, id).await?.ok_or(AccountsError::KeyUnknown)?;
                if key.retires_at.is_none() || queries::totp::sealed_with(&*unit, id).await? > 0 {
                    return Err(AccountsError::KeyInUse);
                }
                queries::keys::delete(&*unit, id).await?;
                self.record_key(&unit, actions::KEYS_RETIRE, &key, who.source()).await?;
                Ok::<_, AccountsError>(unit.commit().await?)
            })
            .await?;
        self.keys.forget();
        Ok(())
    }

    /// Seals with the key in use whatever is sealed with another; answers how many secrets that were. One that cannot be
    /// opened stays as it is, and the log says whose: it must not hold up the others.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn seal_anew(&self) -> Result<u64, AccountsError> {
        let ring = self.newest_ring().await?;
        let (mut after, mut sealed) = (Uuid::nil(), 0);
        loop {
            let batch = self
                .retry
                .run(|| async {
                    let unit = self.store.begin().await?;
                    let batch = self.seal_batch_anew(&unit, &ring, after).await?;
                    unit.commit().await?;
                    Ok::<_, AccountsError>(batch)
                })
                .await?;
            let Some(batch) = batch else { return Ok(sealed) };
            (after, sealed) = (batch.last, sealed + batch.sealed);
        }
    }

    /// None when there is nothing left to seal.
    async fn seal_batch_anew(
        &self,
        unit: &Unit,
        ring: &Ring,
        after: Uuid,
    ) -> Result<Option<Batch>, AccountsError> {
        let key = ring.sealer().id;
        let others = queries::totp::sealed_with_another(&**unit, key, after, BATCH).await?;
        let Some(last) = others.last().map(|credential| credential.user_id) else { return Ok(None) };
        self.still_seals(unit, ring).await?;
        let mut sealed = 0;
        for credential in &others {
            let user = credential.user_id;
            let Ok(seed) = Self::open_seed(ring, credential) else {
                tracing::error!(%user, "an authenticator app's seed cannot be opened with this root key");
                continue;
            };
            queries::totp::replace_seal(&**unit, user, self.seal_seed(ring, user, &seed), key).await?;
            sealed += 1;
        }
        Ok(Some(Batch { last, sealed }))
    }

    /// Forgets signing keys whose time is over, for housekeeping.
    pub(crate) async fn forget_retired_keys(&self) -> Result<(), AccountsError> {
        let now = self.ambient.now();
        Ok(self.in_one_unit(|unit| Box::pin(queries::keys::delete_retired_signing(&**unit, now))).await?)
    }

    async fn record_key(
        &self,
        unit: &Unit,
        action: audit::Action,
        key: &Model,
        source: &Source,
    ) -> Result<(), AccountsError> {
        let entry = Entry {
            user_id: None,
            action,
            resource: "key",
            resource_id: Some(key.id),
            outcome: audit::Outcome::Success,
            source,
            details: json!({ "purpose": key.purpose }),
        };
        Ok(self.ledger.record(&**unit, entry).await?)
    }
}
