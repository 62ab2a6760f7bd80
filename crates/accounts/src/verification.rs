//! Confirming an address: the link in the mail, and sending it again.

use audit::Entry;
use foundation::{SecretString, Token, Uuid};

use crate::entities::users;
use crate::link::Purpose;
use crate::mail::Message;
use crate::password::PasswordHash;
use crate::sessions::Method;
use crate::sign_in::Welcome;
use crate::throttling::Sort;
use crate::visitor::Visitor;
use crate::{Accounts, AccountsError, Email, actions, queries};

impl Accounts {
    /// Confirms the address that a link was sent to, for whoever knows the password that was chosen with it, and signs
    /// them in.
    ///
    /// The password is what tells one's own sign-up from another's with the same address and name: whoever follows the
    /// link of somebody else's would confirm somebody else's password.
    ///
    /// # Errors
    /// [`AccountsError::LinkInvalid`], [`LinkExpired`](AccountsError::LinkExpired) or
    /// [`LinkUsed`](AccountsError::LinkUsed); [`WrongPassword`](AccountsError::WrongPassword);
    /// [`UsernameTaken`](AccountsError::UsernameTaken) when somebody else confirmed the same name first;
    /// [`TooSoon`](AccountsError::TooSoon); when the database fails.
    pub(crate) async fn verify_email(
        &self,
        token: &Token,
        password: &SecretString,
        visitor: &Visitor,
    ) -> Result<Welcome, AccountsError> {
        let (_, user) = self.unconfirmed(self.store.reader(), token).await?;
        let attempt = self.attempt_code(user.id).await?;
        let hash = PasswordHash::from_stored(user.password_hash);
        let checked = self.passwords.check(password, Some(hash), visitor.source.ip_address).await;
        let entry = Entry::of_stranger(Some(user.id), actions::EMAIL_CONFIRM, &visitor.source);
        self.refusal_on_record(checked, entry).await?;
        let welcome = self
            .retry
            .run(|| async {
                let unit = self.store.begin().await?;
                let (link, mut user) = self.unconfirmed(&*unit, token).await?;
                if queries::users::name_is_taken(&*unit, &user.username_key).await? {
                    return Err(AccountsError::UsernameTaken);
                }
                let now = self.ambient.now();
                queries::links::mark_used(&*unit, link, now).await?;
                queries::users::mark_verified(&*unit, user.id, now).await?;
                queries::users::delete_unverified_with_address(&*unit, &user.email_key).await?;
                self.ledger
                    .record(&*unit, Entry::of_user(user.id, actions::EMAIL_CONFIRM, &visitor.source))
                    .await?;
                user.email_verified = true;
                let welcome = self.welcome(&unit, user, Method::Confirmation, visitor).await?;
                unit.commit().await?;
                Ok(welcome)
            })
            .await?;
        self.forgive(attempt).await?;
        Ok(welcome)
    }

    /// A confirmation link that works now, and who signed up with it.
    async fn unconfirmed(
        &self,
        db: &impl sea_orm::ConnectionTrait,
        token: &Token,
    ) -> Result<(Uuid, users::Model), AccountsError> {
        let link = queries::links::find(db, &token.hash()).await?.ok_or(AccountsError::LinkInvalid)?;
        link.check(Purpose::VerifyEmail, self.ambient.now())?;
        let user_id = link.user_id.ok_or(AccountsError::LinkInvalid)?;
        let user = queries::users::by_id(db, user_id).await?.ok_or(AccountsError::LinkInvalid)?;
        if user.email_verified {
            return Err(AccountsError::LinkUsed);
        }
        // Somebody has confirmed this address since, or had done so before.
        match queries::users::verified(db, &Email::from_stored(user.email.clone())).await? {
            None => Ok((link.id, user)),
            // Between this look and the one before: by this very link.
            Some(owner) if owner.id == user.id => Err(AccountsError::LinkUsed),
            Some(_) => Err(AccountsError::LinkInvalid),
        }
    }

    /// Sends the confirmation of the newest sign-up again. Whoever has nothing to confirm gets a mail that says so:
    /// nobody can see which it was.
    ///
    /// # Errors
    /// [`AccountsError::TooSoon`]; when the database fails.
    pub(crate) async fn resend_verification(
        &self,
        email: &Email,
        visitor: &Visitor,
    ) -> Result<(), AccountsError> {
        self.attempt_mail(Sort::Confirmation, email, visitor).await?;
        self.retry
            .run(|| async {
                let unit = self.store.begin().await?;
                let owner = queries::users::verified(&*unit, email).await?;
                let newest = queries::users::newest_unverified(&*unit, email).await?;
                let message = match (owner, newest) {
                    (None, Some(user)) => {
                        let link = self.confirmation_link(&unit, &user).await?;
                        Message::confirm_address(
                            email,
                            &user.username,
                            &link,
                            self.config.verification_lifetime,
                        )
                    }
                    (Some(_), _) => Message::nothing_to_confirm(email, &self.public_url),
                    (None, None) => Message::no_account(email, &self.public_url),
                };
                self.enqueue(&unit, message).await?;
                Ok::<_, AccountsError>(unit.commit().await?)
            })
            .await?;
        self.wake_outbox();
        Ok(())
    }
}
