//! What people and programs may order.

use std::sync::Arc;
use std::time::Duration;

use foundation::Timestamp;
use foundation::config::Period;
use guard::text::Message;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Engine;
use super::folder::FolderError;
use super::record::{Happened, Record};
use super::state::Gate;
use crate::judge::Latencies;
use crate::rollout::{Command, Draft, Order, Plan, Rollout, Slot};
use crate::service::Service;

/// The longest that requests may wait at the gate.
const LONGEST_PAUSE: Duration = Duration::from_mins(10);

/// What to do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
pub enum Deed {
    /// Begin a rollout.
    Start {
        /// Of which service.
        service: String,
        /// To which slot.
        to: Slot,
        /// How.
        #[serde(default)]
        plan: Draft,
    },
    /// Tell a rollout what to do.
    Order {
        /// Of which service.
        service: String,
        /// What.
        order: Order,
    },
    /// Begin maintenance, or say anew until when and why.
    Close {
        /// Of which service.
        service: String,
        /// Until when, presumably.
        until: Option<Timestamp>,
        /// What to tell people.
        message: Option<Message>,
    },
    /// Let requests wait.
    Pause {
        /// Of which service.
        service: String,
        /// For how long at the most.
        limit: Period,
    },
    /// Let requests in again, after a pause or maintenance.
    Open {
        /// Of which service.
        service: String,
    },
}

/// What has been done, in words, and as it was written down.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = GateAnswer)]
pub struct Told {
    /// For people.
    pub sentence: String,
    /// The record.
    pub record: Record,
}

/// Why something was not done, and what to do instead.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[error("{0}")]
pub struct Refused(pub String);

impl Refused {
    pub(super) fn not_kept(error: &FolderError) -> Self {
        let cause = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
        Self(format!("It could not be written down, and may be forgotten after a crash: {error} ({cause})"))
    }

    pub(crate) fn stopping() -> Self {
        Self("The gate is stopping; ask again when it is back.".to_owned())
    }
}

impl Engine {
    pub(super) fn perform(&mut self, deed: Deed, by: String) -> Result<Told, Refused> {
        let (service, happened) = match deed {
            Deed::Start { service, to, plan } => {
                let happened = self.start(&service, to, plan, by)?;
                (service, happened)
            }
            Deed::Order { service, order } => {
                let happened = self.order(&service, Command { order, by })?;
                (service, happened)
            }
            Deed::Close { service, until, message } => {
                let since = self.ambient.now();
                if until.is_some_and(|until| until <= since) {
                    return Err(Refused(
                        "The end of the maintenance is over already; name a later one.".to_owned(),
                    ));
                }
                self.set_gate(&service, Gate::Closed { since, until, message: message.clone() })?;
                (service, Happened::Closed { by, until, message })
            }
            Deed::Pause { service, limit } => {
                let until = self.pause(&service, limit)?;
                (service, Happened::Paused { by, until })
            }
            Deed::Open { service } => {
                self.set_gate(&service, Gate::Open)?;
                (service, Happened::Reopened { by: Some(by) })
            }
        };
        let record = self.record(&service, happened);
        self.publish(&service);
        tracing::info!(service, "{record}");
        Ok(Told { sentence: record.to_string(), record })
    }

    fn start(&mut self, name: &str, to: Slot, draft: Draft, by: String) -> Result<Happened, Refused> {
        let plan = Plan::try_from(draft)
            .map_err(|error| Refused(format!("The plan cannot be followed: {error}.")))?;
        let service = self.service(name)?;
        somebody_runs_in(&service, to)?;
        let (id, now) = (self.ambient.new_id(), self.ambient.now());
        let bounds = service.config.rollout.bounds();
        let state = self.state(name)?;
        if state.rollout.as_ref().is_some_and(Rollout::is_running) {
            return Err(Refused(format!(
                "A rollout of {name} is under way already. Abort it first, or let it end."
            )));
        }
        let live = state.share().live();
        if live == to {
            return Err(Refused(format!(
                "{to} of {name} has all visitors already. Put the new release into {}, and roll that out.",
                to.other()
            )));
        }
        let (rollout, began) = Rollout::begin(id, name, to, plan, &bounds, by, now);
        state.rollout = Some(rollout);
        if let Some(watched) = self.watched.get_mut(name) {
            watched.probed = Latencies::default();
        }
        Ok(Happened::Decided(Box::new(began)))
    }

    fn order(&mut self, name: &str, command: Command) -> Result<Happened, Refused> {
        let now = self.ambient.now();
        let service = self.service(name)?;
        let state = self.state(name)?;
        let none = || Refused(format!("There is no rollout of {name}. Begin one: mainstay rollout start"));
        let rollout = state.rollout.as_mut().ok_or_else(none)?;
        if matches!(command.order, Order::Abort | Order::Back) {
            somebody_runs_in(&service, rollout.incumbent())?;
        }
        let decision = rollout.command(now, command).map_err(|refused| Refused(refused.to_string()))?;
        Ok(Happened::Decided(Box::new(decision)))
    }

    fn pause(&mut self, name: &str, limit: Period) -> Result<Timestamp, Refused> {
        let limit = limit.as_duration();
        if limit.is_zero() || limit > LONGEST_PAUSE {
            return Err(Refused(
                "Requests can wait for 10 minutes at the most. For longer, use maintenance.".to_owned(),
            ));
        }
        if matches!(self.state(name)?.gate, Gate::Closed { .. }) {
            return Err(Refused(format!(
                "{name} is closed for maintenance, and would be open after the pause. Open it first: mainstay edge open"
            )));
        }
        let until = self.ambient.now() + limit;
        self.set_gate(name, Gate::Paused { until })?;
        Ok(until)
    }

    fn set_gate(&mut self, name: &str, gate: Gate) -> Result<(), Refused> {
        self.state(name)?.gate = gate;
        Ok(())
    }

    fn service(&self, name: &str) -> Result<Arc<Service>, Refused> {
        let found = self.registry.all().into_iter().find(|service| &*service.name == name);
        found.ok_or_else(|| self.unknown(name))
    }

    fn state(&mut self, name: &str) -> Result<&mut super::ServiceState, Refused> {
        let unknown = self.unknown(name);
        self.state.services.get_mut(name).ok_or(unknown)
    }

    fn unknown(&self, name: &str) -> Refused {
        let services = self.registry.all();
        let names: Vec<_> = services.iter().map(|service| &*service.name).collect();
        Refused(format!("There is no service {name:?}; there are: {}.", names.join(", ")))
    }
}

/// Whether visitors may be sent to a slot.
fn somebody_runs_in(service: &Service, slot: Slot) -> Result<(), Refused> {
    if service.fleet(slot).targets().is_empty() {
        let name = &service.name;
        return Err(Refused(format!(
            "Nothing is configured to run in {slot} of {name}: write its addresses into edge.services.{name}.{slot}, and \
             start the gate anew."
        )));
    }
    Ok(())
}
