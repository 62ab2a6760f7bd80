//! What administrators do about users. They never choose or see a password.

use audit::{Entry, Source};
use foundation::{Timestamp, Uuid};
use sea_orm::Value;
use serde::Serialize;
use serde_json::json;
use store::Unit;
use utoipa::ToSchema;

use crate::entities::users;
use crate::link::Purpose;
use crate::mail::{Notice, StartedBy};
use crate::tokens::personal::Scope;
use crate::{Accounts, AccountsError, Email, Role, User, queries};

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

/// Something to be done about a user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// Refuse them everywhere, at once, until they are enabled again.
    Disable,
    /// Let them in again.
    Enable,
    /// End all of their sessions.
    EndSessions,
    /// Revoke all of their access tokens.
    RevokeTokens,
    /// Mail them a link that sets their password anew.
    StartReset,
    /// Mail them a link that, with their password, removes every second factor.
    StartRecovery,
    /// Give them another role.
    SetRole(Role),
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
        let key = name.to_ascii_lowercase();
        let row = self.read(|| queries::users::called(self.store.reader(), &key)).await?;
        self.user(row.ok_or(AccountsError::NotFound)?.id).await
    }

    /// Does something about a user.
    ///
    /// # Errors
    /// [`AccountsError::NotFound`]; [`AccountsError::LastAdministrator`]; [`AccountsError::NotEnabled`] when there is
    /// no second factor to recover; [`AccountsError::Disabled`] when a link would not work; when the database fails.
    pub async fn take_measure(
        &self,
        actor: &Actor,
        user: Uuid,
        measure: Measure,
    ) -> Result<(), AccountsError> {
        self.retry
            .run(|| async {
                let unit = self.store.begin().await?;
                let row = queries::users::present(&*unit, user).await?.ok_or(AccountsError::NotFound)?;
                self.take_measure_in(&unit, actor, row, measure).await?;
                Ok::<_, AccountsError>(unit.commit().await?)
            })
            .await?;
        self.wake_outbox();
        Ok(())
    }

    /// Gives an account another address, for an owner who has lost it to somebody else; ends all sessions, and tells
    /// both addresses. Only for the operator: an administrator who could do this could be anybody.
    ///
    /// # Errors
    /// [`AccountsError::NotFound`]; [`AccountsError::EmailTaken`]; when the database fails.
    pub async fn set_email(&self, user: Uuid, email: &Email) -> Result<(), AccountsError> {
        let actor = Actor::operator();
        self.retry
            .run(|| async {
                let unit = self.store.begin().await?;
                let row = queries::users::present(&*unit, user).await?.ok_or(AccountsError::NotFound)?;
                if queries::users::verified(&*unit, email).await?.is_some_and(|owner| owner.id != user) {
                    return Err(AccountsError::EmailTaken);
                }
                queries::users::delete_unverified_with_address(&*unit, &email.key()).await?;
                queries::links::withdraw_all_of(&*unit, user).await?;
                self.throw_out(&unit, user).await?;
                let before = User::from(row);
                let after = User { email: email.to_string(), ..before.clone() };
                let changes = [
                    (users::Column::Email, email.as_str().into()),
                    (users::Column::EmailKey, email.key().into()),
                ];
                queries::users::update(&*unit, &self.ambient, user, changes).await?;
                let entry = Entry::of_user(user, "email_set_by_operator", &actor.source).by(None);
                let entry = entry.with(json!({ "from": before.email, "to": after.email }));
                audit::record(&*unit, &self.ambient, entry).await?;
                for owner in [&before, &after] {
                    let notice = Notice::AddressSet { new: after.email.clone() };
                    self.notify(&unit, owner, notice, &actor.source).await?;
                }
                Ok(unit.commit().await?)
            })
            .await?;
        self.wake_outbox();
        Ok(())
    }

    async fn take_measure_in(
        &self,
        unit: &Unit,
        actor: &Actor,
        row: users::Model,
        measure: Measure,
    ) -> Result<(), AccountsError> {
        let has_second_factor = row.second_factor_since.is_some();
        let disabled_at = row.disabled_at;
        // Somebody disabled runs nothing: without them there are as many administrators as with them.
        let can_act = disabled_at.is_none();
        let user = User::from(row);
        match measure {
            Measure::StartReset | Measure::StartRecovery if disabled_at.is_some() => {
                return Err(AccountsError::Disabled);
            }
            Measure::StartReset => {
                let email = Email::from_stored(user.email.clone());
                let by = StartedBy::Administrator(actor.admin);
                return self.send_reset_link(unit, &email, Some(user), by, &actor.source).await;
            }
            Measure::StartRecovery if !has_second_factor => return Err(AccountsError::NotEnabled),
            Measure::StartRecovery => {
                return self.send_recovery_link(unit, &user, actor.admin, &actor.source).await;
            }
            Measure::Disable => {
                if can_act {
                    self.spare_last_administrator(unit, &user).await?;
                }
                let since = disabled_at.unwrap_or_else(|| self.ambient.now());
                self.change(unit, &user, users::Column::DisabledAt, Some(since).into()).await?;
                self.throw_out(unit, user.id).await?;
            }
            Measure::Enable => {
                self.change(unit, &user, users::Column::DisabledAt, Value::from(None::<Timestamp>)).await?;
            }
            Measure::EndSessions => self.throw_out(unit, user.id).await?,
            Measure::RevokeTokens => {
                queries::access_tokens::delete_of(&**unit, user.id).await?;
            }
            Measure::SetRole(role) => {
                if role != Role::Admin && can_act {
                    self.spare_last_administrator(unit, &user).await?;
                }
                if role != user.role {
                    // What was made for one role must not wake up when its owner gets that role again.
                    queries::access_tokens::delete_of_scope(&**unit, user.id, Scope::Admin).await?;
                }
                self.change(unit, &user, users::Column::Role, role.into()).await?;
            }
        }
        let (action, details) = match measure {
            Measure::Disable => ("user_disable", serde_json::Value::Null),
            Measure::Enable => ("user_enable", serde_json::Value::Null),
            Measure::SetRole(role) => ("role_change", json!({ "from": user.role, "to": role })),
            Measure::RevokeTokens => ("tokens_revoke_by_admin", serde_json::Value::Null),
            _ => ("sessions_end_by_admin", serde_json::Value::Null),
        };
        let entry = Entry::of_user(user.id, action, &actor.source).by(actor.admin).with(details);
        Ok(audit::record(&**unit, &self.ambient, entry).await?)
    }

    /// Ends a user's sessions, and forgets which browsers were theirs: one of them may be a thief's.
    async fn throw_out(&self, unit: &Unit, user: Uuid) -> Result<(), AccountsError> {
        self.end_sessions(unit, user, None).await?;
        Ok(queries::devices::delete_of(&**unit, user).await?)
    }

    async fn change(
        &self,
        unit: &Unit,
        user: &User,
        column: users::Column,
        value: Value,
    ) -> Result<(), AccountsError> {
        Ok(queries::users::update(&**unit, &self.ambient, user.id, [(column, value)]).await?)
    }

    /// Ends the sessions of everybody but the administrator who asks, and answers how many.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn end_everybodys_sessions(&self, actor: &Actor) -> Result<u64, AccountsError> {
        let admin = actor.admin.unwrap_or_default();
        self.retry
            .run(|| async {
                let unit = self.store.begin().await?;
                queries::users::end_foreign_tokens(&*unit, admin, self.ambient.now()).await?;
                let ended = queries::sessions::end_all_but(&*unit, admin).await?;
                queries::ceremonies::delete_all_but_of(&*unit, admin).await?;
                queries::links::withdraw(&*unit, Purpose::ChangeEmail).await?;
                let entry = Entry::of_user(admin, "sessions_end_by_admin", &actor.source);
                let entry = entry.by(actor.admin).with(json!({ "everybody": true, "ended": ended }));
                audit::record(&*unit, &self.ambient, entry).await?;
                unit.commit().await?;
                Ok(ended)
            })
            .await
    }

    /// How many ways in a user has, besides the password.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn ways_in_of(&self, user: Uuid) -> Result<WaysIn, AccountsError> {
        let reader = self.store.reader();
        Ok(WaysIn {
            sessions: self.sessions_of(user).await?.len() as u64,
            passkeys: self.read(|| queries::passkeys::count(reader, user)).await?,
            tokens: self.read(|| queries::access_tokens::count(reader, user)).await?,
        })
    }

    /// What a user did and what was done to their account, newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn history_of(
        &self,
        user: Uuid,
        page: audit::Page,
    ) -> Result<Vec<audit::Record>, AccountsError> {
        Ok(self.read(|| audit::history(self.store.reader(), user, page)).await?)
    }

    /// As [`Self::history_of`], for the user's own eyes: where an administrator was is not theirs to know.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn own_history_of(
        &self,
        user: Uuid,
        page: audit::Page,
    ) -> Result<Vec<audit::Record>, AccountsError> {
        let mut records = self.history_of(user, page).await?;
        for record in &mut records {
            if record.user_id.is_some_and(|by| by != user) {
                (record.ip_address, record.user_agent) = (None, None);
            }
        }
        Ok(records)
    }
}

impl From<users::Model> for AdminUser {
    fn from(row: users::Model) -> Self {
        let (disabled_at, second_factor) = (row.disabled_at, row.second_factor_since.is_some());
        let last_seen_at = row.last_seen_at;
        Self { user: row.into(), disabled_at, second_factor, last_seen_at }
    }
}
