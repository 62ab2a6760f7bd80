//! Changing one's e-mail address: confirmed at the new one, announced to the old one.

use audit::Entry;
use foundation::Token;
use serde_json::json;

use crate::entities::users;
use crate::identity::Reauthenticated;
use crate::link::Purpose;
use crate::mail::{Message, Notice};
use crate::throttling::Sort;
use crate::visitor::Visitor;
use crate::{Accounts, AccountsError, Email, User, actions, queries};

impl Accounts {
    /// Mails a link to the new address, and tells the old one. If somebody else has the new address, they are told
    /// instead, and whoever asks sees no difference.
    ///
    /// # Errors
    /// [`AccountsError::TooSoon`]; when the database fails.
    pub(crate) async fn ask_for_new_address(
        &self,
        who: &Reauthenticated,
        new: &Email,
        visitor: &Visitor,
    ) -> Result<(), AccountsError> {
        self.attempt_mail(Sort::AddressChange, new, visitor).await?;
        let user = who.user();
        let lifetime = self.config.verification_lifetime;
        self.retry
            .run(|| async {
                let unit = self.store.begin().await?;
                let owner = queries::users::verified(&*unit, new).await?;
                let url =
                    self.make_link(&unit, Purpose::ChangeEmail, Some(user.id), Some(new), lifetime).await?;
                let is_anothers = owner.is_some_and(|owner| owner.id != user.id);
                let message = if is_anothers {
                    Message::address_has_account(new, &self.public_url)
                } else {
                    Message::confirm_new_address(new, &user.username, &url, lifetime)
                };
                self.enqueue(&unit, message).await?;
                let notice = Notice::AddressChangeAsked { new: new.to_string() };
                self.announce(&unit, user, actions::EMAIL_CHANGE_REQUEST, notice, &visitor.source).await?;
                Ok::<_, AccountsError>(unit.commit().await?)
            })
            .await?;
        self.wake_outbox();
        Ok(())
    }

    /// Makes the address that a link was mailed to the user's own.
    ///
    /// # Errors
    /// [`AccountsError::LinkInvalid`], [`LinkExpired`](AccountsError::LinkExpired) or
    /// [`LinkUsed`](AccountsError::LinkUsed); [`AccountsError::EmailTaken`] when somebody else has confirmed it
    /// meanwhile; when the database fails.
    pub(crate) async fn confirm_new_address(
        &self,
        token: &Token,
        visitor: &Visitor,
    ) -> Result<String, AccountsError> {
        let email = self
            .retry
            .run(|| async {
                let unit = self.store.begin().await?;
                let (link, user) = self.read_link(&*unit, token, Purpose::ChangeEmail).await?;
                let new = Email::from_stored(link.email.ok_or(AccountsError::LinkInvalid)?);
                if queries::users::verified(&*unit, &new).await?.is_some_and(|owner| owner.id != user.id) {
                    return Err(AccountsError::EmailTaken);
                }
                queries::links::mark_used(&*unit, link.id, self.ambient.now()).await?;
                // Links that were mailed to the old address must not work for who reads it.
                queries::links::withdraw_all_of(&*unit, user.id).await?;
                queries::users::delete_unverified_with_address(&*unit, &new.key()).await?;
                let changes = [
                    (users::Column::Email, new.as_str().into()),
                    (users::Column::EmailKey, new.key().into()),
                ];
                queries::users::update(&*unit, &self.ambient, user.id, changes).await?;
                let old = User::from(user);
                let entry = Entry::of_user(old.id, actions::EMAIL_CHANGE, &visitor.source);
                let entry = entry.with(json!({ "from": old.email, "to": new.as_str() }));
                self.ledger.record(&*unit, entry).await?;
                let notice = Notice::AddressChanged { new: new.to_string() };
                self.notify(&unit, &old, notice, &visitor.source).await?;
                unit.commit().await?;
                Ok(new.to_string())
            })
            .await?;
        self.wake_outbox();
        Ok(email)
    }
}
