//! Throws away what has served its time.

use std::time::Duration;

use chrono::TimeDelta;
use tokio_util::sync::CancellationToken;

use crate::throttle::Tally;
use crate::{Accounts, AccountsError, queries};

const INTERVAL: Duration = Duration::from_hours(1);
/// How many abandoned sign-ups are forgotten in one go.
const ABANDONED_AT_ONCE: u64 = 500;
/// How long a dead link is kept, so that whoever follows it is told that it has expired, not that it never was.
const DEAD_LINKS_KEPT: TimeDelta = TimeDelta::days(30);
/// How long a browser that is not used is known; its cookie lasts as long.
pub(crate) const DEVICES_KEPT: TimeDelta = TimeDelta::days(365);
/// How many ended sessions and tokens are known. Nodes look at them twice a second.
const ENDINGS_KEPT: i64 = 10_000;
/// How long a mail that no server takes is tried (RFC 5321 section 4.5.4.1: at least four or five days).
const MAIL_TRIED: TimeDelta = TimeDelta::days(5);
/// How long the development mailbox keeps mail.
const MAIL_KEPT: TimeDelta = TimeDelta::days(7);

impl Accounts {
    /// Cleans up every hour until told to stop. Run it once per process.
    pub async fn run_housekeeping(self, stop: CancellationToken) {
        loop {
            if let Err(error) = self.clean_up().await {
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    "housekeeping failed; it will be tried again"
                );
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(INTERVAL) => {}
            }
        }
    }

    /// Rotates keys that have grown old, seals anew what is not sealed with the key in use, and deletes expired sessions
    /// and tokens, long dead links, sign-ups that were never confirmed, and old development mail.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn clean_up(&self) -> Result<(), AccountsError> {
        self.rotate_aged_keys().await?;
        self.seal_anew().await?;
        self.forget_retired_keys().await?;
        self.retry
            .run(|| async {
                let now = self.ambient.now();
                let unit = self.store.begin().await?;
                let sessions = queries::sessions::delete_expired(&*unit, now).await?;
                let abandoned = queries::users::abandoned(&*unit, now, ABANDONED_AT_ONCE).await?;
                queries::users::delete(&*unit, &abandoned).await?;
                for user in &abandoned {
                    self.ledger.forget_person(&*unit, *user).await?;
                }
                let refresh_tokens = queries::refresh_tokens::delete_expired(&*unit, now).await?;
                queries::access_tokens::delete_expired(&*unit, now).await?;
                let endings = queries::ended_credentials::last(&*unit).await?;
                queries::ended_credentials::delete_before(&*unit, endings - ENDINGS_KEPT).await?;
                queries::ceremonies::delete_expired(&*unit, now).await?;
                queries::devices::delete_unseen_since(&*unit, now - DEVICES_KEPT).await?;
                queries::throttles::delete_older(&*unit, now - Tally::FORGOTTEN_AFTER).await?;
                let links = queries::links::delete_expired_before(&*unit, now - DEAD_LINKS_KEPT).await?;
                queries::mails::delete_delivered_before(&*unit, now, MAIL_KEPT).await?;
                let given_up = queries::mails::delete_undelivered_before(&*unit, now - MAIL_TRIED).await?;
                unit.commit().await?;
                if given_up > 0 {
                    tracing::error!(given_up, "mail was given up: the server has not taken it for days");
                }
                let users = abandoned.len();
                tracing::debug!(sessions, refresh_tokens, users, links, "housekeeping done");
                Ok(())
            })
            .await
    }
}
