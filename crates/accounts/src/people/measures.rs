//! What administrators and the operator do about users. They never choose or see a password.

use audit::Entry;
use foundation::{Timestamp, Uuid};
use sea_orm::Value;
use serde_json::json;
use store::Unit;

use super::Actor;
use crate::entities::users;
use crate::link::Purpose;
use crate::mail::{Notice, StartedBy};
use crate::tokens::personal::Scope;
use crate::{Accounts, AccountsError, Email, Role, User, actions, queries};

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
                let entry = Entry::of_user(user, actions::EMAIL_SET_BY_OPERATOR, &actor.source).by(None);
                let entry = entry.with(json!({ "from": before.email, "to": after.email }));
                self.ledger.record(&*unit, entry).await?;
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
            // Nothing changes, so there is nothing to write down.
            Measure::SetRole(role) if role == user.role => return Ok(()),
            Measure::SetRole(role) => {
                if role != Role::Admin && can_act {
                    self.spare_last_administrator(unit, &user).await?;
                }
                // What was made for one role must not wake up when its owner gets that role again.
                queries::access_tokens::delete_of_scope(&**unit, user.id, Scope::Admin).await?;
                self.change(unit, &user, users::Column::Role, role.into()).await?;
            }
        }
        let (action, details) = match measure {
            Measure::Disable => (actions::USER_DISABLE, serde_json::Value::Null),
            Measure::Enable => (actions::USER_ENABLE, serde_json::Value::Null),
            Measure::SetRole(role) => (actions::ROLE_CHANGE, json!({ "from": user.role, "to": role })),
            Measure::RevokeTokens => (actions::TOKENS_REVOKE_BY_ADMIN, serde_json::Value::Null),
            _ => (actions::SESSIONS_END_BY_ADMIN, serde_json::Value::Null),
        };
        let entry = Entry::of_user(user.id, action, &actor.source).by(actor.admin).with(details);
        Ok(self.ledger.record(&**unit, entry).await?)
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
                let entry = Entry::of_user(admin, actions::SESSIONS_END_BY_ADMIN, &actor.source);
                let entry = entry.by(actor.admin).with(json!({ "everybody": true, "ended": ended }));
                self.ledger.record(&*unit, entry).await?;
                unit.commit().await?;
                Ok(ended)
            })
            .await
    }
}
