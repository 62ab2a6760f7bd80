//! The second step of a sign-in: a code, by whoever gave the right password a moment ago.

use audit::Entry;
use foundation::Uuid;

use crate::ceremony::Kind;
use crate::entities::ceremonies;
use crate::mail::Notice;
use crate::sessions::Method;
use crate::sign_in::Welcome;
use crate::visitor::Visitor;
use crate::{Accounts, AccountsError, actions, queries};

/// After so many wrong codes in a row the owner is told: who enters them knows the password.
const SUSPICIOUS: u32 = 5;

impl Accounts {
    /// The sign-in that a browser is in the middle of, and whose it is.
    pub(crate) async fn pending_sign_in(
        &self,
        visitor: &Visitor,
    ) -> Result<(ceremonies::Model, Uuid), AccountsError> {
        let ceremony = self.ceremony(Kind::SecondStep, visitor).await?;
        let user = ceremony.user_id.ok_or(AccountsError::SignInOver)?;
        Ok((ceremony, user))
    }

    /// Completes a sign-in with a code of the authenticator app or a backup code.
    ///
    /// # Errors
    /// [`AccountsError::SignInOver`]; [`AccountsError::WrongCode`]; [`AccountsError::TooSoon`]; when the database
    /// fails.
    pub(crate) async fn sign_in_with_code(
        &self,
        code: &str,
        visitor: &Visitor,
    ) -> Result<Welcome, AccountsError> {
        let (ceremony, user) = self.pending_sign_in(visitor).await?;
        let attempt = self.attempt_code(user).await?;
        let welcome = self
            .retry
            .run(|| async {
                let unit = self.store.begin().await?;
                if !self.use_code(&unit, user, code, &visitor.source).await? {
                    let entry = Entry::of_user(user, actions::SIGN_IN_SECOND_STEP, &visitor.source).by(None);
                    self.ledger.record(&*unit, entry.failed()).await?;
                    if attempt.failures == SUSPICIOUS
                        && let Some(user) = queries::users::active(&*unit, user).await?
                    {
                        self.notify(&unit, &user.into(), Notice::CodesGuessed, &visitor.source).await?;
                    }
                    unit.commit().await?;
                    return Ok::<_, AccountsError>(None);
                }
                let user = queries::users::active(&*unit, user).await?.ok_or(AccountsError::SignInOver)?;
                self.end_ceremony(&unit, &ceremony).await?;
                let welcome = self.welcome(&unit, user, Method::PasswordAndCode, visitor).await?;
                unit.commit().await?;
                Ok(Some(welcome))
            })
            .await?;
        self.wake_outbox();
        let welcome = welcome.ok_or(AccountsError::WrongCode)?;
        self.forgive(attempt).await?;
        Ok(welcome)
    }
}
