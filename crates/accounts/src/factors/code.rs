//! Codes that somebody types: of an authenticator app, or one of the backup codes. Each works once.

use audit::{Entry, Source};
use foundation::Uuid;
use store::Unit;

use super::backup_codes::{BackupCode, looks_like_backup_code};
use super::totp::Seed;
use crate::entities::totp_credentials::Model;
use crate::keys::{Ring, SealError};
use crate::mail::Notice;
use crate::{Accounts, AccountsError, actions, queries};

impl Accounts {
    /// Uses up a code of either kind; whether it was right.
    pub(crate) async fn use_code(
        &self,
        unit: &Unit,
        user: Uuid,
        code: &str,
        source: &Source,
    ) -> Result<bool, AccountsError> {
        if looks_like_backup_code(code) {
            return self.use_backup_code(unit, user, code, source).await;
        }
        let Some(credential) = queries::totp::enabled(&**unit, user).await? else { return Ok(false) };
        self.use_totp_code(unit, &credential, code).await
    }

    /// Uses up the code of an authenticator app: its time step, and with it all before.
    pub(crate) async fn use_totp_code(
        &self,
        unit: &Unit,
        credential: &Model,
        code: &str,
    ) -> Result<bool, AccountsError> {
        let mut ring = self.ring().await?;
        if ring.opener(credential.key_id).is_err() {
            // Another node has sealed it anew, with a key that this one has not heard of yet.
            ring = self.newest_ring().await?;
        }
        let seed = Self::open_seed(&ring, credential)?;
        match seed.matching_step(code, self.ambient.now(), Some(credential.last_step)) {
            Some(step) => Ok(queries::totp::use_step(&**unit, credential.user_id, step).await?),
            None => Ok(false),
        }
    }

    async fn use_backup_code(
        &self,
        unit: &Unit,
        user: Uuid,
        code: &str,
        source: &Source,
    ) -> Result<bool, AccountsError> {
        let Some(code) = BackupCode::parse(code) else { return Ok(false) };
        if !queries::backup_codes::use_up(&**unit, user, code.hash().to_vec()).await? {
            return Ok(false);
        }
        self.ledger.record(&**unit, Entry::of_user(user, actions::BACKUP_CODE_USE, source)).await?;
        let left = queries::backup_codes::count(&**unit, user).await?;
        if let Some(user) = queries::users::active(&**unit, user).await? {
            self.notify(unit, &user.into(), Notice::BackupCodeUsed { left }, source).await?;
        }
        Ok(true)
    }

    /// The seed of a credential.
    pub(crate) fn open_seed(ring: &Ring, credential: &Model) -> Result<Seed, SealError> {
        let bytes = ring.opener(credential.key_id)?.open(&place(credential.user_id), &credential.seed)?;
        Seed::from_bytes(&bytes).ok_or(SealError)
    }

    /// A seed as it is stored.
    pub(crate) fn seal_seed(&self, ring: &Ring, user: Uuid, seed: &Seed) -> Vec<u8> {
        ring.sealer().seal(&self.ambient, &place(user), seed.bytes())
    }
}

/// Where a seed is sealed to: copied to another user's row, it opens nothing.
fn place(user: Uuid) -> String {
    format!("totp_credentials/{user}")
}
