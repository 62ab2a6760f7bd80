//! Signing in and out.

use audit::Entry;
use foundation::{SecretString, Timestamp, Token};
use serde_json::json;
use store::Unit;

use crate::ceremony::Kind;
use crate::entities::users;
use crate::password::PasswordHash;
use crate::sessions::{Credentials, Method};
use crate::visitor::Visitor;
use crate::{Accounts, AccountsError, Email, User, actions, queries};

/// Somebody who has been let in, and what their browser gets.
pub(crate) struct Welcome {
    pub(crate) user: User,
    pub(crate) has_second_factor: bool,
    pub(crate) credentials: Credentials,
}

/// What a right password came to.
pub(crate) enum SignIn {
    Done(Welcome),
    /// The second factor is missing; the browser gets the token of a sign-in that waits for it.
    SecondStep(SecondStep),
}

/// A sign-in that waits for its second step.
pub(crate) struct SecondStep {
    pub(crate) token: Token,
    pub(crate) expires_at: Timestamp,
    pub(crate) factors: Factors,
}

/// Which second factors somebody has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Factors {
    pub(crate) totp: bool,
    pub(crate) backup_codes: bool,
    pub(crate) passkeys: bool,
}

impl Accounts {
    /// Begins a session for whoever knows the password, or asks for the second factor.
    ///
    /// An unknown address, an unconfirmed or disabled account and a wrong password get the same answer after the same
    /// work: the same looks into the database, one hash, and the same two entries.
    ///
    /// # Errors
    /// [`AccountsError::InvalidCredentials`]; [`AccountsError::TooSoon`]; [`AccountsError::Busy`]; when the database
    /// fails.
    pub(crate) async fn sign_in(
        &self,
        email: &Email,
        password: &SecretString,
        visitor: &Visitor,
    ) -> Result<SignIn, AccountsError> {
        let user = self.read(|| queries::users::verified(self.store.reader(), email)).await?;
        let known = self.known_device(user.as_ref(), visitor).await?;
        let attempt = self.attempt_password(&email.key(), visitor, known).await?;
        let hash = user.as_ref().map(|user| PasswordHash::from_stored(user.password_hash.clone()));
        let right = self.passwords.verify(password, hash, visitor.source.ip_address).await?;
        let Some(user) = user.clone().filter(|user| right && user.disabled_at.is_none()) else {
            self.record_failure(user.as_ref(), visitor).await?;
            return Err(AccountsError::InvalidCredentials);
        };
        self.forgive(attempt).await?;
        let mut renewed = None;
        if self.passwords.is_outdated(&user.password_hash) {
            renewed = Some(self.passwords.hash(password, visitor.source.ip_address).await?);
        }
        let signed_in = self
            .retry
            .run(|| async {
                let unit = self.store.begin().await?;
                let now = queries::users::active(&*unit, user.id).await?;
                // Disabled, or changed the password, while we were hashing.
                let now = now.filter(|now| now.password_hash == user.password_hash);
                let user = now.ok_or(AccountsError::InvalidCredentials)?;
                if let Some(hash) = renewed.clone() {
                    let change = (users::Column::PasswordHash, hash.into_stored().into());
                    queries::users::update(&*unit, &self.ambient, user.id, [change]).await?;
                }
                let step = match user.second_factor_since {
                    Some(_) => SignIn::SecondStep(self.ask_for_second_step(&unit, &user).await?),
                    None => SignIn::Done(self.welcome(&unit, user, Method::Password, visitor).await?),
                };
                unit.commit().await?;
                Ok::<_, AccountsError>(step)
            })
            .await?;
        self.wake_outbox();
        Ok(signed_in)
    }

    /// The browser's token, when it belongs to a browser that this user has signed in with before. Looks it up whether
    /// or not there is such a user.
    async fn known_device<'v>(
        &self,
        user: Option<&users::Model>,
        visitor: &'v Visitor,
    ) -> Result<Option<&'v Token>, AccountsError> {
        let Some(device) = &visitor.device else { return Ok(None) };
        let id = user.map(|user| user.id).unwrap_or_default();
        let known = self.read(|| queries::devices::is_known(self.store.reader(), id, device.hash())).await?;
        Ok(known.then_some(device))
    }

    async fn record_failure(
        &self,
        user: Option<&users::Model>,
        visitor: &Visitor,
    ) -> Result<(), AccountsError> {
        let entry = Entry::of_stranger(user.map(|user| user.id), actions::SIGN_IN, &visitor.source);
        self.write_down(entry.failed()).await
    }

    /// Begins a session and writes down that it did.
    pub(crate) async fn welcome(
        &self,
        unit: &Unit,
        user: users::Model,
        method: Method,
        visitor: &Visitor,
    ) -> Result<Welcome, AccountsError> {
        let credentials = self.begin_session(unit, &user, method, visitor).await?;
        let entry = Entry::of_user(user.id, actions::SIGN_IN, &visitor.source);
        self.ledger.record(&**unit, entry.with(json!({ "method": method }))).await?;
        Ok(Welcome { has_second_factor: user.second_factor_since.is_some(), user: user.into(), credentials })
    }

    async fn ask_for_second_step(
        &self,
        unit: &Unit,
        user: &users::Model,
    ) -> Result<SecondStep, AccountsError> {
        let (token, expires_at) = self.begin_ceremony(unit, Kind::SecondStep, Some(user.id), None).await?;
        let factors = Factors {
            totp: queries::totp::enabled(&**unit, user.id).await?.is_some(),
            backup_codes: queries::backup_codes::count(&**unit, user.id).await? > 0,
            passkeys: queries::passkeys::count(&**unit, user.id).await? > 0,
        };
        Ok(SecondStep { token, expires_at, factors })
    }

    /// Ends the session that a browser presents, if there is one.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn sign_out(&self, visitor: &Visitor) -> Result<(), AccountsError> {
        self.retry
            .run(|| async {
                let unit = self.store.begin().await?;
                if let Some((user, session)) = self.end_session_of(&unit, visitor).await? {
                    let entry = Entry::of_user(user, actions::SIGN_OUT, &visitor.source);
                    let entry = entry.with(json!({ "session": session }));
                    self.ledger.record(&*unit, entry).await?;
                }
                Ok::<_, AccountsError>(unit.commit().await?)
            })
            .await?;
        self.wake_outbox();
        Ok(())
    }
}
