//! Showing again who one is, before a sensitive change.

use audit::Entry;
use foundation::SecretString;

use crate::identity::SignedIn;
use crate::password::PasswordHash;
use crate::sessions::Method;
use crate::sign_in::Welcome;
use crate::visitor::Visitor;
use crate::{Accounts, AccountsError, actions, queries};

impl Accounts {
    /// Begins the session anew for whoever knows the password and, when the user has a second factor, a code: the
    /// tokens so far are worth nothing any more (OWASP ASVS 5.0, 7.2.4).
    ///
    /// # Errors
    /// [`AccountsError::WrongPassword`]; [`AccountsError::WrongCode`], also without a code that is needed;
    /// [`AccountsError::TooSoon`]; when the database fails.
    pub(crate) async fn reauthenticate(
        &self,
        who: &SignedIn,
        password: &SecretString,
        code: Option<&str>,
        visitor: &Visitor,
    ) -> Result<Welcome, AccountsError> {
        let attempt = self.attempt_again(who.user.id).await?;
        let welcome = self.show_again(who, password, code, visitor).await;
        let entry = Entry::of_user(who.user.id, actions::REAUTHENTICATE, &visitor.source);
        let welcome = self.refusal_on_record(welcome, entry).await?;
        self.forgive(attempt).await?;
        self.wake_outbox();
        Ok(welcome)
    }

    async fn show_again(
        &self,
        who: &SignedIn,
        password: &SecretString,
        code: Option<&str>,
        visitor: &Visitor,
    ) -> Result<Welcome, AccountsError> {
        self.check_password(who, password, visitor).await?;
        self.retry
            .run(|| async {
                let unit = self.store.begin().await?;
                let user = queries::users::active(&*unit, who.user.id).await?;
                let user = user.ok_or(AccountsError::SessionOver)?;
                let mut method = Method::Password;
                if user.second_factor_since.is_some() {
                    let code = code.ok_or(AccountsError::WrongCode)?;
                    if !self.use_code(&unit, user.id, code, &visitor.source).await? {
                        return Err(AccountsError::WrongCode);
                    }
                    method = Method::PasswordAndCode;
                }
                let welcome = self.begin_anew(&unit, who, user, method, visitor).await?;
                unit.commit().await?;
                Ok(welcome)
            })
            .await
    }

    /// That somebody who is signed in knows their password.
    pub(crate) async fn check_password(
        &self,
        who: &SignedIn,
        password: &SecretString,
        visitor: &Visitor,
    ) -> Result<(), AccountsError> {
        let user = self.read(|| queries::users::active(self.store.reader(), who.user.id)).await?;
        let hash = user.map(|user| PasswordHash::from_stored(user.password_hash));
        self.passwords.check(password, hash, visitor.source.ip_address).await
    }

    /// A session in the place of this one.
    pub(crate) async fn begin_anew(
        &self,
        unit: &store::Unit,
        who: &SignedIn,
        user: crate::entities::users::Model,
        method: Method,
        visitor: &Visitor,
    ) -> Result<Welcome, AccountsError> {
        if !queries::sessions::end(&**unit, who.session.id).await? {
            return Err(AccountsError::SessionOver);
        }
        let credentials = self.begin_session(unit, &user, method, visitor).await?;
        queries::totp::hand_over(&**unit, who.session.id, credentials.session.id).await?;
        let entry = Entry::of_user(user.id, actions::REAUTHENTICATE, &visitor.source);
        self.ledger.record(&**unit, entry).await?;
        Ok(Welcome { has_second_factor: user.second_factor_since.is_some(), user: user.into(), credentials })
    }
}
