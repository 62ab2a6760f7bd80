//! Telling people what happened: in the ledger, and by mail.

use audit::{Entry, Source};
use store::Unit;

use crate::mail::{Message, Notice};
use crate::{Accounts, AccountsError, User};

impl Accounts {
    /// Writes down something that stands alone, such as a refusal.
    pub(crate) async fn write_down(&self, entry: Entry<'_>) -> Result<(), AccountsError> {
        self.retry
            .run(|| async {
                let unit = self.store.begin().await?;
                audit::record(&*unit, &self.ambient, entry.clone()).await?;
                Ok::<_, AccountsError>(unit.commit().await?)
            })
            .await
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
        action: &'static str,
        notice: Notice,
        source: &Source,
    ) -> Result<(), AccountsError> {
        audit::record(&**unit, &self.ambient, Entry::of_user(user.id, action, source)).await?;
        self.notify(unit, user, notice, source).await
    }
}
