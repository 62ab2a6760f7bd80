//! Signing up: an account that waits for its address to be confirmed.

use foundation::{SecretString, Token};
use store::{StoreError, Unit};

use crate::link::Purpose;
use crate::mail::Message;
use crate::password::PasswordHash;
use crate::queries::links::NewLink;
use crate::queries::users::NewUser;
use crate::session::delta;
use crate::{Accounts, AccountsError, Email, Role, Username, entities::users, queries};

impl Accounts {
    /// Creates an account and sends the link that confirms its address.
    ///
    /// For an address that has an account already, the same happens as far as anybody can see, and its owner gets a
    /// mail that says so (OWASP ASVS 5.0, 6.3.8).
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
                let namesake = queries::users::by_username(&*unit, username).await?;
                if queries::users::verified(&*unit, email).await?.is_some() {
                    if namesake.is_some() {
                        return Err(AccountsError::UsernameTaken);
                    }
                    self.enqueue(&unit, Message::account_exists(email, username, &self.public_url)).await?;
                } else {
                    let user = match namesake {
                        None => insert(self, &unit, email, username, &password).await?,
                        // Signing up again, perhaps with another password: each link brings the password along that
                        // was chosen with it.
                        Some(again) if !again.email_verified && again.email_key == email.key() => again,
                        Some(_) => return Err(AccountsError::UsernameTaken),
                    };
                    self.send_confirmation(&unit, &user, password.clone()).await?;
                }
                Ok(unit.commit().await?)
            })
            .await?;
        self.wake_outbox();
        Ok(())
    }

    /// Sends a link that confirms a user's address and sets the password chosen with it.
    pub(crate) async fn send_confirmation(
        &self,
        unit: &Unit,
        user: &users::Model,
        password: PasswordHash,
    ) -> Result<(), AccountsError> {
        let (purpose, lifetime) = (Purpose::VerifyEmail, delta(self.config.verification_lifetime));
        let token = Token::generate(&self.ambient);
        let link =
            NewLink { purpose, token: &token, user_id: Some(user.id), password: Some(password), lifetime };
        queries::links::insert(&**unit, &self.ambient, link).await?;
        let url = purpose.url(&self.public_url, &token);
        let email = Email::from_stored(user.email.clone());
        self.enqueue(unit, Message::confirm_address(&email, &user.username, &url, lifetime.num_hours())).await
    }
}

async fn insert(
    accounts: &Accounts,
    unit: &Unit,
    email: &Email,
    username: &Username,
    password: &PasswordHash,
) -> Result<users::Model, AccountsError> {
    let new =
        NewUser { email, username, password: password.clone(), role: Role::User, email_verified: false };
    match queries::users::insert(&**unit, &accounts.ambient, new).await.map_err(StoreError::from) {
        // Somebody took the name between our look and our insert.
        Err(StoreError::Duplicate(_)) => Err(AccountsError::UsernameTaken),
        other => Ok(other?),
    }
}
