//! Changing a password, and setting it anew by a link.

use audit::{Entry, Source};
use foundation::{SecretString, Token, Uuid};
use store::Unit;

use super::PasswordHash;
use crate::entities::users;
use crate::identity::Reauthenticated;
use crate::link::Purpose;
use crate::mail::{Message, Notice, StartedBy};
use crate::throttling::Sort;
use crate::visitor::Visitor;
use crate::{Accounts, AccountsError, Email, User, actions, queries};

impl Accounts {
    /// Changes the password of somebody who knows the one so far.
    ///
    /// # Errors
    /// [`AccountsError::WrongPassword`]; [`AccountsError::TooSoon`]; [`AccountsError::Busy`]; when the database fails.
    pub(crate) async fn change_password(
        &self,
        who: &Reauthenticated,
        (current, new): (&SecretString, &SecretString),
        end_others: bool,
        visitor: &Visitor,
    ) -> Result<(), AccountsError> {
        let user = who.user();
        let attempt = self.attempt_again(user.id).await?;
        let checked = self.check_password(&who.0, current, visitor).await;
        let entry = Entry::of_user(user.id, actions::PASSWORD_CHANGE, &visitor.source);
        self.refusal_on_record(checked, entry).await?;
        self.forgive(attempt).await?;
        let hash = self.passwords.hash(new, visitor.source.ip_address).await?;
        self.retry
            .run(|| async {
                let unit = self.store.begin().await?;
                self.store_password(&unit, user.id, hash.clone()).await?;
                // Whoever knew the old one may have asked for a link: to another address, for example.
                queries::links::withdraw_all_of(&*unit, user.id).await?;
                if end_others {
                    self.end_sessions(&unit, user.id, Some(who.0.session.id)).await?;
                }
                let source = &visitor.source;
                self.announce(&unit, user, actions::PASSWORD_CHANGE, Notice::PasswordChanged, source).await?;
                Ok::<_, AccountsError>(unit.commit().await?)
            })
            .await?;
        self.wake_outbox();
        Ok(())
    }

    /// Mails a link that sets the password anew. Somebody without an account gets a mail that says so: the work is the
    /// same, and so is the answer.
    ///
    /// # Errors
    /// [`AccountsError::TooSoon`]; when the database fails.
    pub(crate) async fn forgot_password(
        &self,
        email: &Email,
        visitor: &Visitor,
    ) -> Result<(), AccountsError> {
        self.attempt_mail(Sort::Reset, email, visitor).await?;
        self.retry
            .run(|| async {
                let unit = self.store.begin().await?;
                let owner = queries::users::verified(&*unit, email).await?;
                let owner = owner.filter(|user| user.disabled_at.is_none());
                let owner = owner.map(User::from);
                self.send_reset_link(&unit, email, owner, StartedBy::Owner, &visitor.source).await?;
                Ok::<_, AccountsError>(unit.commit().await?)
            })
            .await?;
        self.wake_outbox();
        Ok(())
    }

    /// A link for the owner of this address, and a mail about it; without an owner, a link that is good for nothing
    /// and stays here, and a mail that says that there is no account.
    pub(crate) async fn send_reset_link(
        &self,
        unit: &Unit,
        email: &Email,
        owner: Option<User>,
        started_by: StartedBy,
        source: &Source,
    ) -> Result<(), AccountsError> {
        let (id, lifetime) = (owner.as_ref().map(|user| user.id), self.config.reset_lifetime);
        let url = self.make_link(unit, Purpose::ResetPassword, id, None, lifetime).await?;
        let message = match &owner {
            Some(user) => Message::reset_password(user, &url, lifetime, started_by),
            None => Message::no_account(email, &self.public_url),
        };
        let (action, by) = match started_by {
            StartedBy::Owner => (actions::PASSWORD_RESET_REQUEST, None),
            StartedBy::Administrator(by) => (actions::RESET_START_BY_ADMIN, by),
        };
        self.ledger.record(&**unit, Entry::of_stranger(id, action, source).by(by)).await?;
        self.enqueue(unit, message).await
    }

    /// Sets the password of whoever has the link, and ends every session. A second factor stays as it is. Of the
    /// browsers only this one is known from now on, by the token in the answer: so nobody who tries passwords of the
    /// account keeps its owner out. Ask [`Self::owner_of_reset_link`] first: a guesser should not cost us the slow hash.
    ///
    /// # Errors
    /// [`AccountsError::LinkInvalid`], [`LinkExpired`](AccountsError::LinkExpired) or
    /// [`LinkUsed`](AccountsError::LinkUsed); [`AccountsError::Busy`]; when the database fails.
    pub(crate) async fn reset_password(
        &self,
        link: &Token,
        new: &SecretString,
        visitor: &Visitor,
    ) -> Result<Token, AccountsError> {
        let hash = self.passwords.hash(new, visitor.source.ip_address).await?;
        let device = self
            .retry
            .run(|| async {
                let unit = self.store.begin().await?;
                let (found, user) = self.read_link(&*unit, link, Purpose::ResetPassword).await?;
                queries::links::mark_used(&*unit, found.id, self.ambient.now()).await?;
                queries::links::withdraw_all_of(&*unit, user.id).await?;
                self.store_password(&unit, user.id, hash.clone()).await?;
                self.throw_out(&unit, user.id).await?;
                let device = self.make_known(&unit, user.id, visitor).await?;
                let (user, source) = (User::from(user), &visitor.source);
                self.announce(&unit, &user, actions::PASSWORD_RESET, Notice::PasswordReset, source).await?;
                unit.commit().await?;
                Ok::<_, AccountsError>(device)
            })
            .await?;
        self.wake_outbox();
        Ok(device)
    }

    /// Whom a reset link is for: the password rules want to know whose address and name to refuse.
    pub(crate) async fn owner_of_reset_link(&self, link: &Token) -> Result<User, AccountsError> {
        let found = self.read_link(self.store.reader(), link, Purpose::ResetPassword).await?;
        Ok(found.1.into())
    }

    pub(crate) async fn store_password(
        &self,
        unit: &Unit,
        user: Uuid,
        hash: PasswordHash,
    ) -> Result<(), AccountsError> {
        // A sign-in that is half-way through was begun with the old one.
        queries::ceremonies::delete_of(&**unit, user).await?;
        let change = (users::Column::PasswordHash, hash.into_stored().into());
        Ok(queries::users::update(&**unit, &self.ambient, user, [change]).await?)
    }

    /// Ends all of a user's sessions, and forgets which browsers were theirs: one of them may be a thief's.
    pub(crate) async fn throw_out(&self, unit: &Unit, user: Uuid) -> Result<(), AccountsError> {
        self.end_sessions(unit, user, None).await?;
        Ok(queries::devices::delete_of(&**unit, user, None).await?)
    }

    /// Ends a user's sessions, all but one, with everything else that would sign them in without a password.
    pub(crate) async fn end_sessions(
        &self,
        unit: &Unit,
        user: Uuid,
        but: Option<Uuid>,
    ) -> Result<u64, AccountsError> {
        queries::ceremonies::delete_of(&**unit, user).await?;
        // Asked for in one of these sessions: whoever is thrown out must not have the account's address in a day.
        queries::links::withdraw_of(&**unit, user, Purpose::ChangeEmail).await?;
        let change = (users::Column::TokensValidAfter, Some(self.ambient.now()).into());
        queries::users::update(&**unit, &self.ambient, user, [change]).await?;
        // Those who are here by a token of a former application.
        queries::ended_credentials::note(&**unit, vec![user]).await?;
        Ok(queries::sessions::end_all_of(&**unit, user, but).await?)
    }
}
