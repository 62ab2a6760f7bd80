//! Maintenance of the whole installation: one row in the database, which every node looks at.

use std::time::Duration;

use accounts::Actor;
use audit::{Entry, Ledger, Source};
use chrono::{SubsecRound as _, TimeDelta};
use foundation::{Ambient, Timestamp, Uuid};
use guard::text::Message;
use guard::{Closure, Maintenance};
use serde_json::json;
use store::{Retry, Store, StoreError};
use tokio_util::sync::CancellationToken;

use crate::actions;
use crate::queries::maintenance::{self as queries, Model};

/// How long after it was begun at one node it begins at the others, at most.
const LOOKED_AT_EVERY: Duration = Duration::from_secs(1);

/// How far ahead the end may be.
const FARTHEST: TimeDelta = TimeDelta::days(366);

/// Until when maintenance goes on, presumably: still to come, and within a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Until(Timestamp);

impl Until {
    /// Takes a moment as the end of maintenance.
    ///
    /// # Errors
    /// Words that follow the name of the field.
    fn new(moment: Timestamp, now: Timestamp) -> Result<Self, &'static str> {
        if moment > now && moment <= now + FARTHEST {
            Ok(Self(moment.trunc_subsecs(6)))
        } else {
            Err("must be still to come, and within a year")
        }
    }
}

impl From<Until> for Timestamp {
    fn from(Until(moment): Until) -> Self {
        moment
    }
}

/// Begins and ends maintenance, for every node. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Upkeep {
    store: Store,
    retry: Retry,
    ambient: Ambient,
    ledger: Ledger,
    switch: Maintenance,
}

/// Who begins or ends it.
#[derive(Debug, Clone)]
pub(crate) struct Initiator {
    /// The administrator; none for the operator at the command line.
    pub(crate) admin: Option<Uuid>,
    /// Where the wish comes from.
    pub(crate) source: Source,
}

impl Initiator {
    /// The operator at the command line.
    pub(crate) fn operator() -> Self {
        Self { admin: None, source: Actor::operator().source().clone() }
    }
}

impl Upkeep {
    pub(crate) fn new(store: Store, ambient: Ambient, ledger: Ledger) -> Self {
        let retry = Retry::new(ambient.clone());
        Self { store, retry, ambient, ledger, switch: Maintenance::default() }
    }

    /// The switch of this node.
    pub(crate) fn switch(&self) -> &Maintenance {
        &self.switch
    }

    /// Takes a moment as the end of maintenance.
    ///
    /// # Errors
    /// Words that follow the name of the field.
    pub(crate) fn until(&self, moment: Timestamp) -> Result<Until, &'static str> {
        Until::new(moment, self.ambient.now())
    }

    /// Begins maintenance, or says anew until when and why.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn start(
        &self,
        who: &Initiator,
        message: Option<Message>,
        until: Option<Until>,
    ) -> Result<Option<Closure>, StoreError> {
        let until = until.map(|Until(moment)| moment);
        // Nothing to say is no message.
        let text = message.as_ref().map(|message| message.as_str().trim().to_owned());
        let text = text.filter(|text| !text.is_empty());
        self.retry
            .run(|| async {
                let unit = self.store.begin().await?;
                let row = Model { id: 1, since: self.ambient.now(), until, message: text.clone() };
                queries::start(&*unit, row).await?;
                let entry = Entry::of_installation(who.admin, actions::MAINTENANCE_START, &who.source);
                let entry = entry.with(json!({ "until": until, "message": text }));
                self.ledger.record(&*unit, entry).await?;
                unit.commit().await
            })
            .await?;
        self.look().await?;
        Ok(self.switch.current())
    }

    /// Ends maintenance; answers whether there was any.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn end(&self, who: &Initiator) -> Result<bool, StoreError> {
        let ended = self
            .retry
            .run(|| async {
                let unit = self.store.begin().await?;
                let ends = queries::end(&*unit).await?;
                if ends {
                    let entry = Entry::of_installation(who.admin, actions::MAINTENANCE_END, &who.source);
                    self.ledger.record(&*unit, entry).await?;
                }
                unit.commit().await?;
                Ok::<_, StoreError>(ends)
            })
            .await?;
        self.look().await?;
        Ok(ended)
    }

    /// Does at this node what the database says.
    ///
    /// # Errors
    /// When the database fails; what held goes on.
    pub(crate) async fn look(&self) -> Result<(), StoreError> {
        let row = self.retry.read(|| queries::current(self.store.reader())).await?;
        self.switch.set(row.map(Closure::from));
        Ok(())
    }

    /// Looks every second until told to stop. Run it once per process.
    pub(crate) async fn run(self, stop: CancellationToken) {
        let mut failing = false;
        loop {
            let looked = self.look().await;
            if let Err(error) = &looked
                && !failing
            {
                let error = error as &dyn std::error::Error;
                tracing::warn!(error, "whether there is maintenance cannot be found out; what held goes on");
            }
            failing = looked.is_err();
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(LOOKED_AT_EVERY) => {}
            }
        }
    }
}

impl From<Model> for Closure {
    fn from(row: Model) -> Self {
        // Made safe again, should somebody have changed the row.
        let message = row.message.and_then(|text| Message::parse(&text).ok());
        Self { since: row.since, until: row.until, message }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_is_still_to_come_and_within_a_year() {
        let now: Timestamp = "2026-11-22T12:00:00Z".parse().expect("a time");
        for (after, may_be) in [
            (TimeDelta::days(-1), false),
            (TimeDelta::zero(), false),
            (TimeDelta::microseconds(1), true),
            (FARTHEST, true),
            (FARTHEST + TimeDelta::microseconds(1), false),
        ] {
            assert_eq!(Until::new(now + after, now).is_ok(), may_be, "{after}");
        }
        for far in [Timestamp::MIN_UTC, Timestamp::MAX_UTC] {
            assert!(Until::new(far, now).is_err(), "{far}");
        }
    }
}
