//! Signing up: an account that waits for its address to be confirmed.

use foundation::{SecretString, Token};
use store::Unit;

use crate::link::Purpose;
use crate::mail::Message;
use crate::queries::links::NewLink;
use crate::queries::users::NewUser;
use crate::session::delta;
use crate::{Accounts, AccountsError, Email, Role, Username, entities::users, queries};

impl Accounts {
    /// Creates an account and sends the link that confirms its address.
    ///
    /// For an address that has an account already, the same happens as far as anybody can see, and its owner gets a
    /// mail that says so (OWASP ASVS 5.0, 6.3.8). Every sign-up is an account of its own until one of them is
    /// confirmed, so that nobody can sign up for somebody else in advance: each link confirms the password that was
    /// chosen with it. Names belong to whoever confirms first, or a name that is free for one address and taken for
    /// another would tell which address has an account.
    ///
    /// # Errors
    /// [`AccountsError::UsernameTaken`]; [`AccountsError::Busy`]; when the database fails.
    pub async fn sign_up(
        &self,
        email: &Email,
        username: &Username,
        password: &SecretString,
    ) -> Result<(), AccountsError> {
        let password = self.passwords.hash(password).await?;
        self.retry
            .run(|| async {
                let unit = self.store.begin().await?;
                if queries::users::name_is_taken(&*unit, &username.key()).await? {
                    return Err(AccountsError::UsernameTaken);
                }
                if let Some(owner) = queries::users::verified(&*unit, email).await? {
                    let owners = Email::from_stored(owner.email);
                    self.enqueue(&unit, Message::account_exists(&owners, username, &self.public_url)).await?;
                } else {
                    let password = password.clone();
                    let new = NewUser { email, username, password, role: Role::User, email_verified: false };
                    let user = queries::users::insert(&*unit, &self.ambient, new).await?;
                    self.send_confirmation(&unit, &user).await?;
                }
                Ok(unit.commit().await?)
            })
            .await?;
        self.wake_outbox();
        Ok(())
    }

    /// Sends a link that confirms a user's address.
    pub(crate) async fn send_confirmation(
        &self,
        unit: &Unit,
        user: &users::Model,
    ) -> Result<(), AccountsError> {
        let (purpose, lifetime) = (Purpose::VerifyEmail, delta(self.config.verification_lifetime));
        let token = Token::generate(&self.ambient);
        let link = NewLink { purpose, token: &token, user_id: Some(user.id), lifetime };
        queries::links::insert(&**unit, &self.ambient, link).await?;
        let url = purpose.url(&self.public_url, &token);
        let email = Email::from_stored(user.email.clone());
        self.enqueue(
            unit,
            Message::confirm_address(&email, &user.username, &url, self.config.verification_lifetime),
        )
        .await
    }
}
