//! Users, as administrators and the operator see them. What these do about users is in [`measures`].

mod measures;

use audit::Source;
use foundation::{Timestamp, Uuid};
use serde::Serialize;
use store::StoreError;
use utoipa::ToSchema;

pub use self::measures::Measure;
use crate::entities::{sessions, users};
use crate::{Accounts, AccountsError, Email, User, queries};

/// What the ledger has in the place of a browser when the operator does something.
const COMMAND_LINE: &str = "command line";

/// Whether something was done at the command line of the server. What a request calls itself does not count: each has
/// an address.
pub fn is_by_operator(record: &audit::Record) -> bool {
    let unnamed = record.user_id.is_none() && record.ip_address.is_none();
    unnamed && record.user_agent.as_deref() == Some(COMMAND_LINE)
}

/// How many ways in somebody has, besides the password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct WaysIn {
    /// Sessions that are alive.
    pub sessions: u64,
    /// Passkeys.
    pub passkeys: u64,
    /// Access tokens.
    pub tokens: u64,
}

/// Who does something about a user.
#[derive(Debug, Clone)]
pub struct Actor {
    /// The administrator; none for the operator at the command line.
    pub(crate) admin: Option<Uuid>,
    /// Where the wish comes from.
    pub(crate) source: Source,
}

impl Actor {
    /// The operator, at the command line of the server.
    pub fn operator() -> Self {
        Self { admin: None, source: Source { ip_address: None, user_agent: Some(COMMAND_LINE.to_owned()) } }
    }
}

impl Actor {
    /// Where the wish comes from.
    pub fn source(&self) -> &Source {
        &self.source
    }
}

/// A user, as administrators see them.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AdminUser {
    /// Who it is.
    #[serde(flatten)]
    pub user: User,
    /// Since when the account is disabled.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub disabled_at: Option<Timestamp>,
    /// Whether there is a second factor.
    pub second_factor: bool,
    /// When the account was last used in a browser, to a few minutes.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_seen_at: Option<Timestamp>,
}

impl Accounts {
    /// Users whose address or name contains `search`, newest first, from those created before `before`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find_users(
        &self,
        search: &str,
        before: Option<Uuid>,
        limit: u64,
    ) -> Result<Vec<AdminUser>, AccountsError> {
        let reader = self.store.reader();
        let rows = self.read(|| queries::users::search(reader, search, before, limit)).await?;
        Ok(rows.into_iter().map(AdminUser::from).collect())
    }

    /// The user of this id.
    ///
    /// # Errors
    /// [`AccountsError::NotFound`]; when the database fails.
    pub async fn user(&self, id: Uuid) -> Result<AdminUser, AccountsError> {
        let reader = self.store.reader();
        let row = self.read(|| queries::users::present(reader, id)).await?.ok_or(AccountsError::NotFound)?;
        Ok(row.into())
    }

    /// The user with this address, name or id.
    ///
    /// # Errors
    /// [`AccountsError::NotFound`]; when the database fails.
    pub async fn user_called(&self, name: &str) -> Result<AdminUser, AccountsError> {
        if let Ok(id) = Uuid::parse_str(name) {
            return self.user(id).await;
        }
        let key = Email::parse(name).map_or_else(|| name.to_ascii_lowercase(), |email| email.key());
        let row = self.read(|| queries::users::called(self.store.reader(), &key)).await?;
        Ok(row.ok_or(AccountsError::NotFound)?.into())
    }

    /// The id of the user who has this address, name or id; or had it, until their account was deleted.
    ///
    /// # Errors
    /// [`AccountsError::NotFound`]; when the database fails.
    pub async fn id_ever_of(&self, name: &str) -> Result<Uuid, AccountsError> {
        if let Ok(id) = Uuid::parse_str(name) {
            let named = self.usernames(&[id]).await?;
            return named.first().map(|(id, _)| *id).ok_or(AccountsError::NotFound);
        }
        match self.user_called(name).await {
            Ok(user) => Ok(user.user.id),
            Err(AccountsError::NotFound) => {
                let key = name.to_ascii_lowercase();
                let left = self.read(|| queries::users::left(self.store.reader(), &key)).await?;
                left.ok_or(AccountsError::NotFound)
            }
            Err(other) => Err(other),
        }
    }

    /// The names of users.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn usernames(&self, ids: &[Uuid]) -> Result<Vec<(Uuid, String)>, AccountsError> {
        Ok(self.read(|| queries::users::names(self.store.reader(), ids)).await?)
    }

    /// How many ways in a user has, besides the password.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn ways_in_of(&self, user: Uuid) -> Result<WaysIn, AccountsError> {
        Ok(self.ways_in_beside(user, &self.sessions_of(user).await?).await?)
    }

    /// The same for somebody whose sessions have been looked up.
    pub(crate) async fn ways_in_beside(
        &self,
        user: Uuid,
        sessions: &[sessions::Model],
    ) -> Result<WaysIn, StoreError> {
        let reader = self.store.reader();
        Ok(WaysIn {
            sessions: sessions.len() as u64,
            passkeys: self.read(|| queries::passkeys::count(reader, user)).await?,
            tokens: self.read(|| queries::access_tokens::count(reader, user)).await?,
        })
    }

    /// What a user did and what was done to their account, newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn history_of(&self, user: Uuid, page: audit::Page) -> Result<audit::Listing, AccountsError> {
        self.audit_log(&audit::Filter::of_person(user), page).await
    }

    /// What happened to anybody, newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn audit_log(
        &self,
        filter: &audit::Filter,
        page: audit::Page,
    ) -> Result<audit::Listing, AccountsError> {
        Ok(self.read(|| audit::find(self.store.reader(), filter, page)).await?)
    }

    /// As [`Self::history_of`], for the user's own eyes: where an administrator was is not theirs to know.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn own_history_of(
        &self,
        user: Uuid,
        page: audit::Page,
    ) -> Result<audit::Listing, AccountsError> {
        let mut listing = self.history_of(user, page).await?;
        for record in &mut listing.records {
            if record.user_id.is_some_and(|by| by != user) {
                (record.ip_address, record.user_agent) = (None, None);
            }
        }
        Ok(listing)
    }
}

impl From<users::Model> for AdminUser {
    fn from(row: users::Model) -> Self {
        let (disabled_at, second_factor) = (row.disabled_at, row.second_factor_since.is_some());
        let last_seen_at = row.last_seen_at;
        Self { user: row.into(), disabled_at, second_factor, last_seen_at }
    }
}
