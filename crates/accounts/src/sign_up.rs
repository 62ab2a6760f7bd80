//! Signing up: an account that waits for its address to be confirmed.

use audit::Entry;
use foundation::SecretString;
use store::Unit;

use crate::link::Purpose;
use crate::mail::Message;
use crate::queries::users::NewUser;
use crate::throttling::Sort;
use crate::visitor::Visitor;
use crate::{Accounts, AccountsError, Email, Role, Username, actions, entities::users, queries};

impl Accounts {
    /// Creates an account and sends the link that confirms its address.
    ///
    /// For an address that has an account already, the same happens, to the last row written, but for the mail: its
    /// owner gets one that says so, and nobody the link (OWASP ASVS 5.0, 6.3.8). Every sign-up is an account of its
    /// own until one of them is confirmed, so that nobody can sign up for somebody else in advance: each link confirms
    /// the password that was chosen with it. Names belong to whoever confirms first, or a name that is free for one
    /// address and taken for another would tell which address has an account.
    ///
    /// # Errors
    /// [`AccountsError::UsernameTaken`]; [`AccountsError::TooSoon`]; [`AccountsError::Busy`]; when the database fails.
    pub(crate) async fn sign_up(
        &self,
        email: &Email,
        username: &Username,
        password: &SecretString,
        visitor: &Visitor,
    ) -> Result<(), AccountsError> {
        let key = username.key();
        if self.read(|| queries::users::name_is_taken(self.store.reader(), &key)).await? {
            return Err(AccountsError::UsernameTaken);
        }
        self.attempt_mail(Sort::Confirmation, email, visitor).await?;
        let password = self.passwords.hash(password, visitor.source.ip_address).await?;
        self.retry
            .run(|| async {
                let unit = self.store.begin().await?;
                let owner = queries::users::verified(&*unit, email).await?;
                let password = password.clone();
                let new = NewUser { email, username, password, role: Role::User, email_verified: false };
                let user = queries::users::insert(&*unit, &self.ambient, new).await?;
                let link = self.confirmation_link(&unit, &user).await?;
                let lifetime = self.config.verification_lifetime;
                let message = match owner {
                    Some(_) => Message::account_exists(email, username, &self.public_url),
                    None => Message::confirm_address(email, &user.username, &link, lifetime),
                };
                self.enqueue(&unit, message).await?;
                self.ledger
                    .record(&*unit, Entry::of_user(user.id, actions::SIGN_UP, &visitor.source))
                    .await?;
                Ok::<_, AccountsError>(unit.commit().await?)
            })
            .await?;
        self.wake_outbox();
        Ok(())
    }

    /// A link that confirms a user's address.
    pub(crate) async fn confirmation_link(
        &self,
        unit: &Unit,
        user: &users::Model,
    ) -> Result<String, AccountsError> {
        let lifetime = self.config.verification_lifetime;
        self.make_link(unit, Purpose::VerifyEmail, Some(user.id), None, lifetime).await
    }
}
