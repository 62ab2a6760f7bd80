//! Getting back in without the second factor: an administrator decides, a mail and the password prove who it is,
//! as at the beginning (OWASP ASVS 5.0, 6.4.4).

use audit::{Entry, Source};
use foundation::{SecretString, Token, Uuid};
use store::Unit;

use crate::link::Purpose;
use crate::mail::{Message, Notice};
use crate::password::PasswordHash;
use crate::visitor::Visitor;
use crate::{Accounts, AccountsError, User, actions, queries};

impl Accounts {
    /// Mails a link that, together with the password, removes every second factor.
    pub(crate) async fn send_recovery_link(
        &self,
        unit: &Unit,
        user: &User,
        by: Option<Uuid>,
        source: &Source,
    ) -> Result<(), AccountsError> {
        let lifetime = self.config.reset_lifetime;
        let url = self.make_link(unit, Purpose::Recover, Some(user.id), None, lifetime).await?;
        let entry = Entry::of_user(user.id, actions::RECOVERY_START_BY_ADMIN, source).by(by);
        self.ledger.record(&**unit, entry).await?;
        self.enqueue(unit, Message::recover(user, &url, lifetime)).await
    }

    /// Removes every second factor of whoever has the link and knows the password, and ends their sessions.
    ///
    /// # Errors
    /// [`AccountsError::LinkInvalid`], [`LinkExpired`](AccountsError::LinkExpired) or
    /// [`LinkUsed`](AccountsError::LinkUsed); [`AccountsError::WrongPassword`]; [`AccountsError::TooSoon`]; when the
    /// database fails.
    pub(crate) async fn recover(
        &self,
        link: &Token,
        password: &SecretString,
        visitor: &Visitor,
    ) -> Result<(), AccountsError> {
        let (_, user) = self.read_link(self.store.reader(), link, Purpose::Recover).await?;
        let attempt = self.attempt_again(user.id).await?;
        let hash = PasswordHash::from_stored(user.password_hash.clone());
        let checked = self.passwords.check(password, Some(hash), visitor.source.ip_address).await;
        let entry = Entry::of_stranger(Some(user.id), actions::RECOVERY, &visitor.source);
        self.refusal_on_record(checked, entry).await?;
        self.retry
            .run(|| async {
                let unit = self.store.begin().await?;
                let (found, user) = self.read_link(&*unit, link, Purpose::Recover).await?;
                queries::links::mark_used(&*unit, found.id, self.ambient.now()).await?;
                queries::links::withdraw_all_of(&*unit, user.id).await?;
                self.remove_factors(&unit, user.id).await?;
                self.throw_out(&unit, user.id).await?;
                let (user, source) = (User::from(user), &visitor.source);
                self.announce(&unit, &user, actions::RECOVERY, Notice::SecondFactorRecovered, source).await?;
                Ok::<_, AccountsError>(unit.commit().await?)
            })
            .await?;
        self.forgive(attempt).await?;
        self.wake_outbox();
        Ok(())
    }

    /// Removes every second factor of a user.
    pub(crate) async fn remove_factors(&self, unit: &Unit, user: Uuid) -> Result<(), AccountsError> {
        queries::totp::delete(&**unit, user).await?;
        queries::passkeys::delete_of(&**unit, user).await?;
        self.note_factor(unit, user).await
    }
}
