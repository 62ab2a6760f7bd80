//! Setting an authenticator app up, renewing backup codes, and giving a second factor up.

use audit::Entry;
use chrono::TimeDelta;
use foundation::{Timestamp, Uuid};
use sea_orm::Value;
use store::Unit;

use super::backup_codes::BackupCode;
use super::totp::Seed;
use crate::entities::{totp_credentials, users};
use crate::identity::Reauthenticated;
use crate::mail::Notice;
use crate::visitor::Visitor;
use crate::{Accounts, AccountsError, actions, queries};

/// How long the same seed is shown to somebody who sets an app up; whoever comes later gets another one.
const PENDING: TimeDelta = TimeDelta::minutes(10);

/// A seed that is being set up, and what its app should call the account.
pub(crate) struct Enrolment {
    pub(crate) seed: Seed,
    pub(crate) uri: String,
}

/// Which second factors somebody has.
pub(crate) struct FactorsOverview {
    pub(crate) totp_since: Option<Timestamp>,
    pub(crate) backup_codes_left: u64,
}

impl Accounts {
    /// Which second factors a user has.
    pub(crate) async fn factors_of(&self, user: Uuid) -> Result<FactorsOverview, AccountsError> {
        let reader = self.store.reader();
        let totp = self.read(|| queries::totp::enabled(reader, user)).await?;
        let backup_codes_left = self.read(|| queries::backup_codes::count(reader, user)).await?;
        Ok(FactorsOverview { totp_since: totp.and_then(|totp| totp.enabled_at), backup_codes_left })
    }

    /// The seed to set up. Asked again within ten minutes, by another tab, it is the same; another session is shown
    /// another one, which takes its place: who is signed in elsewhere may be a thief.
    ///
    /// # Errors
    /// [`AccountsError::AlreadyEnabled`]; when the database fails.
    pub(crate) async fn enrol_totp(&self, who: &Reauthenticated) -> Result<Enrolment, AccountsError> {
        let (user, session) = (who.user(), who.0.session.id);
        let ring = self.newest_ring().await?;
        let seed = self
            .retry
            .run(|| async {
                let unit = self.store.begin().await?;
                let now = self.ambient.now();
                if let Some(found) = queries::totp::of(&*unit, user.id).await? {
                    if found.enabled_at.is_some() {
                        return Err(AccountsError::AlreadyEnabled);
                    }
                    if found.session_id == Some(session) && now - found.created_at < PENDING {
                        return Ok(Self::open_seed(&ring, &found)?);
                    }
                }
                self.still_seals(&unit, &ring).await?;
                let seed = Seed::generate(&self.ambient);
                let credential = totp_credentials::Model {
                    user_id: user.id,
                    seed: self.seal_seed(&ring, user.id, &seed),
                    key_id: ring.sealer().id,
                    last_step: 0,
                    created_at: now,
                    enabled_at: None,
                    session_id: Some(session),
                };
                queries::totp::begin(&*unit, credential).await?;
                unit.commit().await?;
                Ok(seed)
            })
            .await?;
        let uri = seed.uri(&self.installation(), &user.email);
        Ok(Enrolment { seed, uri })
    }

    /// Makes the app that was set up a second factor, for whoever shows a code of it; the code is used up. The first
    /// factor comes with backup codes, told this once.
    ///
    /// # Errors
    /// [`AccountsError::WrongCode`]; [`AccountsError::AlreadyEnabled`]; [`AccountsError::NotEnabled`] when nothing was
    /// set up in time; when the database fails.
    pub(crate) async fn enable_totp(
        &self,
        who: &Reauthenticated,
        code: &str,
        visitor: &Visitor,
    ) -> Result<Option<Vec<BackupCode>>, AccountsError> {
        let attempt = self.attempt_again(who.user().id).await?;
        let enabled = self
            .retry
            .run(|| async {
                let unit = self.store.begin().await?;
                let codes = self.enable_totp_in(&unit, who, code, visitor).await?;
                unit.commit().await?;
                Ok::<_, AccountsError>(codes)
            })
            .await;
        let entry = Entry::of_user(who.user().id, actions::SECOND_FACTOR_ENABLE, &visitor.source);
        let codes = self.refusal_on_record(enabled, entry).await?;
        self.forgive(attempt).await?;
        self.wake_outbox();
        Ok(codes)
    }

    async fn enable_totp_in(
        &self,
        unit: &Unit,
        who: &Reauthenticated,
        code: &str,
        visitor: &Visitor,
    ) -> Result<Option<Vec<BackupCode>>, AccountsError> {
        let (user, now) = (who.user(), self.ambient.now());
        let found = queries::totp::of(&**unit, user.id).await?.ok_or(AccountsError::NotEnabled)?;
        if found.enabled_at.is_some() {
            return Err(AccountsError::AlreadyEnabled);
        }
        if found.session_id != Some(who.0.session.id) || now - found.created_at >= PENDING {
            return Err(AccountsError::NotEnabled);
        }
        if !self.use_totp_code(unit, &found, code).await? {
            return Err(AccountsError::WrongCode);
        }
        queries::totp::enable(&**unit, user.id, now).await?;
        let codes = self.note_new_factor(unit, who).await?;
        self.announce(unit, user, actions::SECOND_FACTOR_ENABLE, Notice::TotpEnabled, &visitor.source)
            .await?;
        Ok(codes)
    }

    /// Notes a factor that was just set up. The first one comes with backup codes, and ends all other sessions: who is
    /// signed in there has never shown a factor, and may be whom it is meant to keep out.
    pub(super) async fn note_new_factor(
        &self,
        unit: &Unit,
        who: &Reauthenticated,
    ) -> Result<Option<Vec<BackupCode>>, AccountsError> {
        let user = who.user().id;
        let before = queries::users::by_id(&**unit, user).await?;
        self.note_factor(unit, user).await?;
        if before.is_none_or(|before| before.second_factor_since.is_some()) {
            return Ok(None);
        }
        let codes = BackupCode::set(&self.ambient);
        self.store_backup_codes(unit, user, &codes).await?;
        self.end_sessions(unit, user, Some(who.0.session.id)).await?;
        Ok(Some(codes.into()))
    }

    /// Gives the authenticator app up; the backup codes too, unless there is a passkey.
    ///
    /// # Errors
    /// [`AccountsError::NotEnabled`]; when the database fails.
    pub(crate) async fn disable_totp(
        &self,
        who: &Reauthenticated,
        visitor: &Visitor,
    ) -> Result<(), AccountsError> {
        let user = who.user();
        self.retry
            .run(|| async {
                let unit = self.store.begin().await?;
                if queries::totp::enabled(&*unit, user.id).await?.is_none() {
                    return Err(AccountsError::NotEnabled);
                }
                queries::totp::delete(&*unit, user.id).await?;
                self.note_factor(&unit, user.id).await?;
                self.announce(
                    &unit,
                    user,
                    actions::SECOND_FACTOR_DISABLE,
                    Notice::TotpDisabled,
                    &visitor.source,
                )
                .await?;
                Ok::<_, AccountsError>(unit.commit().await?)
            })
            .await?;
        self.wake_outbox();
        Ok(())
    }

    /// New backup codes in the place of the old ones.
    ///
    /// # Errors
    /// [`AccountsError::NotEnabled`] without a second factor; when the database fails.
    pub(crate) async fn renew_backup_codes(
        &self,
        who: &Reauthenticated,
        visitor: &Visitor,
    ) -> Result<Vec<BackupCode>, AccountsError> {
        if !who.0.has_second_factor {
            return Err(AccountsError::NotEnabled);
        }
        let user = who.user();
        let codes = BackupCode::set(&self.ambient);
        self.retry
            .run(|| async {
                let unit = self.store.begin().await?;
                self.store_backup_codes(&unit, user.id, &codes).await?;
                self.announce(
                    &unit,
                    user,
                    actions::BACKUP_CODES_RENEW,
                    Notice::BackupCodesRenewed,
                    &visitor.source,
                )
                .await?;
                Ok::<_, AccountsError>(unit.commit().await?)
            })
            .await?;
        self.wake_outbox();
        Ok(codes.into())
    }

    pub(crate) async fn store_backup_codes(
        &self,
        unit: &Unit,
        user: Uuid,
        codes: &[BackupCode],
    ) -> Result<(), AccountsError> {
        let hashes = codes.iter().map(|code| code.hash().to_vec());
        Ok(queries::backup_codes::replace(&**unit, &self.ambient, user, hashes).await?)
    }

    /// Keeps `second_factor_since` true to what there is. Without any factor, backup codes are worth nothing.
    pub(crate) async fn note_factor(&self, unit: &Unit, user: Uuid) -> Result<(), AccountsError> {
        let has_totp = queries::totp::enabled(&**unit, user).await?.is_some();
        let has_any = has_totp || queries::passkeys::count(&**unit, user).await? > 0;
        let since = queries::users::by_id(&**unit, user).await?.and_then(|user| user.second_factor_since);
        let since = has_any.then(|| since.unwrap_or_else(|| self.ambient.now()));
        if !has_any {
            queries::backup_codes::delete_of(&**unit, user).await?;
        }
        let change = (users::Column::SecondFactorSince, Value::from(since));
        Ok(queries::users::update(&**unit, &self.ambient, user, [change]).await?)
    }
}
