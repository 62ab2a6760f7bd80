//! Leaving: the export of one's data, and the deletion of one's account.

use audit::Entry;
use foundation::Uuid;
use sea_orm::Value;
use serde_json::json;
use store::Unit;

use crate::entities::users;
use crate::identity::Reauthenticated;
use crate::mail::Notice;
use crate::visitor::Visitor;
use crate::{Accounts, AccountsError, Role, User, actions, queries};

/// How many entries of the ledger an export has at most, the newest ones.
const EXPORTED_ENTRIES: u64 = 10_000;

impl Accounts {
    /// Everything that this room knows about a user and may tell them, as JSON. No secrets: no hash, no seed.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn export(
        &self,
        who: &Reauthenticated,
        visitor: &Visitor,
    ) -> Result<serde_json::Value, AccountsError> {
        let user = who.user();
        let (reader, now) = (self.store.reader(), self.ambient.now());
        let entry = Entry::of_user(user.id, actions::DATA_EXPORT, &visitor.source);
        self.write_down(entry).await?;
        let sessions = self.sessions_of(user.id).await?;
        let passkeys = self.read(|| queries::passkeys::of(reader, user.id)).await?;
        let tokens = self.read(|| queries::access_tokens::of(reader, user.id)).await?;
        let factors = self.factors_of(user.id).await?;
        let page = audit::Page { before: None, limit: EXPORTED_ENTRIES };
        let history = self.own_history_of(user.id, page).await?.records;
        Ok(json!({
            "exported_at": now,
            "user": user,
            "second_factor": {
                "authenticator_app_since": factors.totp_since,
                "backup_codes_left": factors.backup_codes_left,
            },
            "sessions": sessions.iter().map(|row| json!({
                "id": row.id, "method": row.method, "created_at": row.created_at, "last_seen_at": row.last_seen_at,
                "expires_at": row.expires_at, "ip_address": row.ip_address, "user_agent": row.user_agent,
            })).collect::<Vec<_>>(),
            "passkeys": passkeys.iter().map(|row| json!({
                "id": row.id, "name": row.name, "created_at": row.created_at, "last_used_at": row.last_used_at,
            })).collect::<Vec<_>>(),
            "access_tokens": tokens.iter().map(|row| json!({
                "id": row.id, "name": row.name, "scopes": row.scopes, "created_at": row.created_at,
                "expires_at": row.expires_at, "last_used_at": row.last_used_at,
            })).collect::<Vec<_>>(),
            "activity": history.iter().map(|row| json!({
                "at": row.created_at, "action": row.action, "outcome": row.outcome, "details": row.details,
                "ip_address": row.ip_address, "user_agent": row.user_agent,
            })).collect::<Vec<_>>(),
        }))
    }

    /// Deletes a user's account: everything that is about the person goes, the name stays reserved.
    ///
    /// # Errors
    /// [`AccountsError::LastAdministrator`]; when the database fails.
    pub(crate) async fn delete_account(
        &self,
        who: &Reauthenticated,
        visitor: &Visitor,
    ) -> Result<(), AccountsError> {
        let user = who.user();
        self.retry
            .run(|| async {
                let unit = self.store.begin().await?;
                self.spare_last_administrator(&unit, user).await?;
                self.erase(&unit, user.id).await?;
                self.announce(&unit, user, actions::ACCOUNT_DELETE, Notice::AccountDeleted, &visitor.source)
                    .await?;
                // Last, so that this entry does not tell either where the person was.
                self.ledger.forget_person(&*unit, user.id).await?;
                Ok::<_, AccountsError>(unit.commit().await?)
            })
            .await?;
        self.wake_outbox();
        Ok(())
    }

    async fn erase(&self, unit: &Unit, user: Uuid) -> Result<(), AccountsError> {
        self.throw_out(unit, user).await?;
        self.remove_factors(unit, user).await?;
        queries::access_tokens::delete_of(&**unit, user).await?;
        queries::links::delete_of(&**unit, user).await?;
        let nobody = format!("deleted-{user}@invalid");
        let changes = [
            (users::Column::Email, nobody.clone().into()),
            (users::Column::EmailKey, nobody.into()),
            // No password has such a hash.
            (users::Column::PasswordHash, String::new().into()),
            (users::Column::LegacyId, Value::from(None::<String>)),
            (users::Column::DeletedAt, Some(self.ambient.now()).into()),
        ];
        Ok(queries::users::update(&**unit, &self.ambient, user, changes).await?)
    }

    /// Refuses what would leave an installation without anybody to run it.
    pub(crate) async fn spare_last_administrator(
        &self,
        unit: &Unit,
        user: &User,
    ) -> Result<(), AccountsError> {
        let last = user.role == Role::Admin && queries::users::count_administrators(&**unit).await? <= 1;
        if last { Err(AccountsError::LastAdministrator) } else { Ok(()) }
    }
}
