//! Telling people what happened: in the ledger, and by mail.

use audit::{Entry, Source};
use store::Unit;

use crate::mail::{Message, Notice};
use crate::{Accounts, AccountsError, User};

impl Accounts {
    /// Writes down something that stands alone, such as a refusal.
    pub(crate) async fn write_down(&self, entry: Entry<'_>) -> Result<(), AccountsError> {
        Ok(self.ledger.record_alone(&self.store, &self.retry, &entry).await?)
    }

    /// Hands on how something ended; when what was shown did not do, it is on record as failed.
    pub(crate) async fn refusal_on_record<T>(
        &self,
        outcome: Result<T, AccountsError>,
        entry: Entry<'_>,
    ) -> Result<T, AccountsError> {
        use AccountsError::{PasskeyRefused, WrongCode, WrongPassword};
        if let Err(WrongPassword | WrongCode | PasskeyRefused) = outcome {
            self.write_down(entry.failed()).await?;
        }
        outcome
    }

    /// Mails a user what happened to their account, once the unit commits.
    pub(crate) async fn notify(
        &self,
        unit: &Unit,
        user: &User,
        notice: Notice,
        source: &Source,
    ) -> Result<(), AccountsError> {
        let message = Message::notice(user, &notice, source, self.ambient.now(), &self.public_url);
        self.enqueue(unit, message).await
    }

    /// Writes down something that a user did to their own account, and mails them that it was done.
    pub(crate) async fn announce(
        &self,
        unit: &Unit,
        user: &User,
        action: audit::Action,
        notice: Notice,
        source: &Source,
    ) -> Result<(), AccountsError> {
        self.ledger.record(&**unit, Entry::of_user(user.id, action, source)).await?;
        self.notify(unit, user, notice, source).await
    }
}
