//! The street gate, as administrators tell it what to do. It may run in another process, and has a memory of its own; what
//! it decides comes into the audit log by [`follower`].

mod entries;
pub(crate) mod follower;
mod place;

use accounts::User;
use audit::{Entry, Ledger, Source};
use edge::rollout::Order;
use edge::{Control, ControlError, Deed, GateView, SeriesView, Told};
use foundation::{Ambient, Timestamp};
use serde_json::json;
use store::{Retry, Store};

use crate::actions;

/// How many of its records are looked at to fill a page.
const WINDOW: u64 = 200;

/// The gate with this server's data folder. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Gate {
    control: Control,
    store: Store,
    retry: Retry,
    ledger: Ledger,
}

/// Who wants something of the gate.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wisher<'a> {
    /// The administrator.
    pub(crate) admin: &'a User,
    /// Where the wish comes from.
    pub(crate) source: &'a Source,
}

impl Gate {
    pub(crate) fn new(control: Control, store: Store, ambient: Ambient, ledger: Ledger) -> Self {
        Self { control, store, retry: Retry::new(ambient), ledger }
    }

    /// How everything stands; none while no gate is open.
    ///
    /// # Errors
    /// When it does not answer as it should.
    pub(crate) async fn status(&self) -> Result<Option<GateView>, ControlError> {
        match self.control.status().await {
            Ok(view) => Ok(Some(view)),
            Err(ControlError::Closed(..)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// What both slots of an application did, behind a moment; none if there is no such application.
    ///
    /// # Errors
    /// When no gate is open.
    pub(crate) async fn series(
        &self,
        service: &str,
        after: Option<Timestamp>,
    ) -> Result<Option<SeriesView>, ControlError> {
        self.control.series(service, after).await
    }

    /// Has something done, and puts on record who wanted it. What came of it is put on record by [`follower`], too,
    /// whoever wanted it and whatever happens here between the two.
    ///
    /// # Errors
    /// When no gate is open, or it refuses.
    pub(crate) async fn give(&self, who: Wisher<'_>, deed: Deed) -> Result<Told, ControlError> {
        let wish = Wish::of(&deed);
        let told = self.control.give(deed, Some(who.admin.username.clone())).await;
        let refusal = match &told {
            Ok(_) => None,
            Err(ControlError::Refused(refused)) => Some(refused.to_string()),
            Err(_) => return told,
        };
        let Wish { action, service, order } = wish;
        let entry = Entry::of_installation(Some(who.admin.id), action, who.source);
        let entry = match refusal {
            None => entry.with(json!({ "service": service, "order": order })),
            Some(said) => entry.failed().with(json!({ "service": service, "order": order, "said": said })),
        };
        // It is done, or refused, whatever the database says.
        if let Err(error) = self.ledger.record_alone(&self.store, &self.retry, &entry).await {
            let error = &error as &dyn std::error::Error;
            tracing::error!(target: "security", error, "who told the gate what to do was not written into the audit log");
        }
        told
    }

    /// What happened before a record, to one service or to all: the newest first, and how to go on.
    ///
    /// # Errors
    /// When no gate is open.
    pub(crate) async fn history(
        &self,
        service: Option<&str>,
        before: Option<u64>,
        limit: usize,
    ) -> Result<(Vec<Told>, Option<u64>), ControlError> {
        let newest = self.control.history(None).await?;
        let newest = newest.last().map_or(0, |record| record.number);
        let mut end = before.unwrap_or(u64::MAX).min(newest + 1);
        let mut found = Vec::new();
        while end > 1 && found.len() <= limit {
            let begin = end.saturating_sub(WINDOW).max(1);
            let records = place::each_once(self.control.history(Some(begin - 1)).await?);
            if records.first().is_none_or(|record| record.number >= end) {
                // What is older is not kept any more.
                break;
            }
            let records = records.into_iter().filter(|record| record.number < end);
            let records = records.filter(|record| service.is_none_or(|name| record.service == name));
            let mut records: Vec<_> = records.collect();
            records.reverse();
            found.extend(records);
            end = begin;
        }
        let more = found.len() > limit;
        found.truncate(limit);
        let next = found.last().filter(|_| more).map(|record| record.number);
        let told = |record: edge::Record| Told { sentence: record.to_string(), record };
        Ok((found.into_iter().map(told).collect(), next))
    }
}

/// A deed, as it is put on record.
struct Wish {
    action: audit::Action,
    service: String,
    order: &'static str,
}

impl Wish {
    fn of(deed: &Deed) -> Self {
        let (action, service, order) = match deed {
            Deed::Start { service, .. } => (actions::ROLLOUT_ORDER, service, "start"),
            Deed::Order { service, order } => (actions::ROLLOUT_ORDER, service, order_name(*order)),
            Deed::Close { service, .. } => (actions::GATE_ORDER, service, "close"),
            Deed::Pause { service, .. } => (actions::GATE_ORDER, service, "hold"),
            Deed::Open { service } => (actions::GATE_ORDER, service, "open"),
        };
        Self { action, service: service.clone(), order }
    }
}

fn order_name(order: Order) -> &'static str {
    match order {
        Order::Promote => "promote",
        Order::Pause => "pause",
        Order::Resume => "resume",
        Order::Abort => "abort",
        Order::Back => "back",
    }
}
