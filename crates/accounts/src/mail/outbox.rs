//! Hands stored mail over: at once when there is some, again later when the server did not take it.

use std::error::Error;
use std::time::Duration;

use chrono::TimeDelta;
use foundation::with_causes;
use futures::future::try_join_all;
use store::{StoreError, Unit};
use tokio_util::sync::CancellationToken;

use super::{Delivery, Message};
use crate::entities::outgoing_mails::Model;
use crate::{Accounts, AccountsError, queries};

/// How often the outbox is looked through for mail whose next attempt is due.
const PATROL: Duration = Duration::from_secs(30);
/// How many mails are looked up at a time.
const BATCH: u64 = 48;
/// How many are handed over at the same time, so that one slow conversation does not hold up all others.
const AT_ONCE: usize = 4;

/// The most characters of what a server said that are logged.
const LOGGED: usize = 500;

/// An error with its causes, for the log: a text, which is quoted there. A server may answer anything.
fn said(error: &dyn Error) -> String {
    with_causes(error).chars().take(LOGGED).collect()
}

/// The pause before the next attempt: one minute, doubled each time, at most four hours.
fn pause_before_next(attempts: i32) -> TimeDelta {
    let doublings = u32::try_from(attempts).unwrap_or(0).min(8);
    TimeDelta::minutes((1_i64 << doublings).min(240))
}

impl Accounts {
    /// Promises a mail as part of a unit of work. Call [`Self::wake_outbox`] after its commit.
    pub(crate) async fn enqueue(&self, unit: &Unit, message: Message) -> Result<(), AccountsError> {
        Ok(queries::mails::insert(&**unit, &self.ambient, message).await?)
    }

    pub(crate) fn wake_outbox(&self) {
        self.mail_waiting.notify_one();
    }

    /// Delivers mail until told to stop. Run it once per process.
    ///
    /// A delivery under way is abandoned then; its mail is tried again after the next start, so that in the worst case
    /// somebody gets it twice.
    pub async fn run_outbox(self, stop: CancellationToken) {
        stop.run_until_cancelled(async {
            loop {
                if let Err(error) = self.deliver_due_mail().await {
                    tracing::warn!(error = &error as &dyn Error, "the outbox cannot be read");
                }
                tokio::select! {
                    () = self.mail_waiting.notified() => {}
                    () = tokio::time::sleep(PATROL) => {}
                }
            }
        })
        .await;
    }

    /// Delivers everything that is due now.
    ///
    /// # Errors
    /// When the database fails; a mail that is not taken is no error, it is tried again later.
    pub async fn deliver_due_mail(&self) -> Result<(), AccountsError> {
        loop {
            let due = queries::mails::due(self.store.reader(), self.ambient.now(), BATCH).await?;
            if due.is_empty() {
                return Ok(());
            }
            for few in due.chunks(AT_ONCE) {
                try_join_all(few.iter().map(|mail| self.deliver(mail))).await?;
            }
        }
    }

    async fn deliver(&self, mail: &Model) -> Result<(), StoreError> {
        let next = self.ambient.now() + pause_before_next(mail.attempts);
        let claimed = self
            .in_one_unit(|unit| Box::pin(queries::mails::claim(&**unit, mail.id, mail.attempts, next)))
            .await?;
        if !claimed {
            return Ok(());
        }
        if let Err(error) = self.delivery.deliver(mail).await {
            let error = said(&error);
            tracing::warn!(error, mail.id = %mail.id, mail.attempts, %next, "a mail was not taken; it will be tried again");
            return Ok(());
        }
        match self.delivery {
            // What was handed over is nobody's business any more, least of all the links in it.
            Delivery::Smtp { .. } => {
                self.in_one_unit(|unit| Box::pin(queries::mails::delete(&**unit, mail.id))).await
            }
            Delivery::Mailbox => {
                let now = self.ambient.now();
                self.in_one_unit(|unit| Box::pin(queries::mails::mark_delivered(&**unit, mail.id, now))).await
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attempts_become_rarer_but_never_stop() {
        let minutes: Vec<i64> = [0, 1, 2, 7, 8, 100].map(|n| pause_before_next(n).num_minutes()).to_vec();
        assert_eq!(minutes, [1, 2, 4, 128, 240, 240]);
    }
}
