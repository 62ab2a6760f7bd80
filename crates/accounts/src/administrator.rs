//! The first administrator: made by whoever reads the server's terminal, never by default.

use audit::Entry;
use chrono::TimeDelta;
use foundation::{SecretString, Token};

use crate::link::Purpose;
use crate::queries::links::NewLink;
use crate::queries::users::NewUser;
use crate::sessions::Method;
use crate::sign_in::Welcome;
use crate::visitor::Visitor;
use crate::{Accounts, AccountsError, Email, Role, Username, actions, queries};

/// How long the link on the terminal works; a new start makes a new one.
const SETUP_LIFETIME: TimeDelta = TimeDelta::hours(24);

/// A link that creates the first administrator. To be shown once, on the operator's terminal.
#[derive(Debug)]
pub struct SetupLink(Token);

impl SetupLink {
    /// The whole link, to be printed and nowhere kept.
    pub fn reveal(&self, public_url: &str) -> String {
        Purpose::CreateAdministrator.url(public_url, &self.0)
    }
}

impl Accounts {
    /// A fresh link that creates the first administrator, and withdraws the one before; `None` when there is an
    /// administrator.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn setup_link(&self) -> Result<Option<SetupLink>, AccountsError> {
        let token = Token::generate(&self.ambient);
        let needed = self
            .retry
            .run(|| async {
                let unit = self.store.begin().await?;
                if queries::users::administrator_exists(&*unit).await? {
                    return Ok(false);
                }
                let purpose = Purpose::CreateAdministrator;
                queries::links::withdraw(&*unit, purpose).await?;
                let link =
                    NewLink { purpose, token: &token, user_id: None, email: None, lifetime: SETUP_LIFETIME };
                queries::links::insert(&*unit, &self.ambient, link).await?;
                unit.commit().await?;
                Ok::<_, AccountsError>(true)
            })
            .await?;
        Ok(needed.then_some(SetupLink(token)))
    }

    /// Creates the first administrator and signs them in. Their address counts as confirmed: who reads the server's
    /// terminal needs no further proof.
    ///
    /// # Errors
    /// [`AccountsError::LinkInvalid`], [`LinkExpired`](AccountsError::LinkExpired) or
    /// [`LinkUsed`](AccountsError::LinkUsed); [`AccountsError::UsernameTaken`] or
    /// [`EmailTaken`](AccountsError::EmailTaken); when the database fails.
    pub(crate) async fn create_administrator(
        &self,
        link: &Token,
        email: &Email,
        username: &Username,
        password: &SecretString,
        visitor: &Visitor,
    ) -> Result<Welcome, AccountsError> {
        // Before the slow hash: a guesser should cost us nothing.
        let presented = link.hash();
        self.check_setup_link(self.store.reader(), &presented).await?;
        let password = self.passwords.hash(password, visitor.source.ip_address).await?;
        self.retry
            .run(|| async {
                let unit = self.store.begin().await?;
                let link_id = self.check_setup_link(&*unit, &presented).await?;
                if queries::users::verified(&*unit, email).await?.is_some() {
                    return Err(AccountsError::EmailTaken);
                }
                if queries::users::name_is_taken(&*unit, &username.key()).await? {
                    return Err(AccountsError::UsernameTaken);
                }
                let password = password.clone();
                let new = NewUser { email, username, password, role: Role::Admin, email_verified: true };
                let user = queries::users::insert(&*unit, &self.ambient, new).await?;
                queries::links::mark_used(&*unit, link_id, self.ambient.now()).await?;
                queries::users::delete_unverified_with_address(&*unit, &user.email_key).await?;
                let entry = Entry::of_user(user.id, actions::ADMINISTRATOR_CREATE, &visitor.source);
                self.ledger.record(&*unit, entry).await?;
                let welcome = self.welcome(&unit, user, Method::SetupLink, visitor).await?;
                unit.commit().await?;
                Ok(welcome)
            })
            .await
    }

    async fn check_setup_link(
        &self,
        db: &impl sea_orm::ConnectionTrait,
        presented: &foundation::TokenHash,
    ) -> Result<foundation::Uuid, AccountsError> {
        let link = queries::links::find(db, presented).await?.ok_or(AccountsError::LinkInvalid)?;
        link.check(Purpose::CreateAdministrator, self.ambient.now())?;
        Ok(link.id)
    }
}
