//! Confirming an address: the link in the mail, and sending it again.

use foundation::Token;

use crate::link::Purpose;
use crate::session::delta;
use crate::{Accounts, AccountsError, Email, User, queries};

impl Accounts {
    /// Confirms the address that a link was sent to. From now on its user can sign in.
    ///
    /// # Errors
    /// [`AccountsError::LinkInvalid`], [`LinkExpired`](AccountsError::LinkExpired) or
    /// [`LinkUsed`](AccountsError::LinkUsed); [`UsernameTaken`](AccountsError::UsernameTaken) when somebody else
    /// confirmed the same name first; when the database fails.
    pub async fn verify_email(&self, token: &Token) -> Result<User, AccountsError> {
        self.retry
            .run(|| async {
                let now = self.ambient.now();
                let unit = self.store.begin().await?;
                let link =
                    queries::links::find(&*unit, &token.hash()).await?.ok_or(AccountsError::LinkInvalid)?;
                link.check(Purpose::VerifyEmail, now)?;
                let user_id = link.user_id.ok_or(AccountsError::LinkInvalid)?;
                let user = queries::users::by_id(&*unit, user_id).await?.ok_or(AccountsError::LinkInvalid)?;
                if user.email_verified {
                    return Err(AccountsError::LinkUsed);
                }
                if queries::users::name_is_taken(&*unit, &user.username_key).await? {
                    return Err(AccountsError::UsernameTaken);
                }
                queries::links::mark_used(&*unit, link.id, now).await?;
                queries::users::mark_verified(&*unit, user.id, now).await?;
                queries::users::delete_unverified_with_address(&*unit, &user.email_key).await?;
                unit.commit().await?;
                Ok(User { email_verified: true, ..user.into() })
            })
            .await
    }

    /// Sends the confirmation of the newest sign-up again, unless that happened a moment ago or there is nothing to confirm. Nobody can see
    /// which it was.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn resend_verification(&self, email: &Email) -> Result<(), AccountsError> {
        self.retry
            .run(|| async {
                let unit = self.store.begin().await?;
                if queries::users::verified(&*unit, email).await?.is_some() {
                    return Ok(());
                }
                let Some(user) = queries::users::newest_unverified(&*unit, email).await? else {
                    return Ok(());
                };
                let last = queries::links::newest_of(&*unit, user.id).await?;
                let pause_over = |sent| self.ambient.now() - sent >= delta(self.config.resend_pause);
                if last.is_some_and(|link| !pause_over(link.created_at)) {
                    return Ok(());
                }
                self.send_confirmation(&unit, &user).await?;
                Ok::<_, AccountsError>(unit.commit().await?)
            })
            .await?;
        self.wake_outbox();
        Ok(())
    }
}
