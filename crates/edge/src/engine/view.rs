//! How everything stands, for people and programs who ask.

use std::time::Instant;

use foundation::{Timestamp, Uuid};
use guard::text::Message;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Engine;
use super::series::SeriesView;
use super::state::Gate;
use crate::health::Condition;
use crate::judge::Evidence;
use crate::rollout::{Draft, Paused, Phase, Reason, Rollout, Slot, Weight};
use crate::service::Service;

/// The gate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GateView {
    /// When one has looked.
    pub at: Timestamp,
    /// All services, by name.
    pub services: Vec<ServiceView>,
}

/// A service.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ServiceView {
    /// Its name.
    pub name: String,
    /// The slot that everybody gets who is not drawn for the other one.
    pub live: Slot,
    /// Whether requests are let in: `open`, `paused` or `closed`.
    pub gate: String,
    /// Until when they are not, as far as anybody knows.
    pub gate_until: Option<Timestamp>,
    /// What people are told during maintenance.
    pub gate_message: Option<Message>,
    /// Both slots.
    pub slots: Vec<SlotView>,
    /// The newest rollout.
    pub rollout: Option<RolloutView>,
}

/// A slot.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = GateSlot)]
pub struct SlotView {
    /// Which.
    pub slot: Slot,
    /// Which share of the visitors it gets.
    pub weight: Weight,
    /// Who answers there.
    pub targets: Vec<TargetView>,
}

/// A target.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = GateTarget)]
pub struct TargetView {
    /// Where it listens.
    pub address: String,
    /// How it is.
    pub condition: Condition,
    /// How many requests it is answering.
    pub under_way: u32,
}

/// A rollout.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = Rollout)]
pub struct RolloutView {
    /// Its own name.
    pub id: Uuid,
    /// The slot on trial.
    pub candidate: Slot,
    /// Its share of the visitors.
    pub weight: Weight,
    /// Its steps and holds.
    pub plan: Draft,
    /// How far it has come.
    pub phase: Phase,
    /// Since when it stands still, if it does.
    pub paused: Option<Paused>,
    /// Why it should be taken back, while there is nothing healthy to go back to.
    pub blocked: Option<Reason>,
    /// What the judges know.
    pub evidence: Vec<Evidence>,
}

impl Engine {
    pub(super) fn view(&self) -> GateView {
        let services = self.registry.all();
        GateView {
            at: self.ambient.now(),
            services: services.iter().map(|service| self.view_of(service)).collect(),
        }
    }

    /// What a service did lately, behind a moment; none if there is no such service.
    pub(super) fn series(&self, name: &str, after: Option<Timestamp>) -> Option<SeriesView> {
        self.watched.get(name).map(|watched| watched.series.view(after))
    }

    fn view_of(&self, service: &Service) -> ServiceView {
        let state = self.state.services.get(&*service.name);
        let (gate, gate_until, gate_message) = match state.map(|state| &state.gate) {
            None | Some(Gate::Open) => ("open", None, None),
            Some(Gate::Paused { until }) => ("paused", Some(*until), None),
            Some(Gate::Closed { until, message, .. }) => ("closed", *until, message.clone()),
        };
        let slot = |(slot, fleet): (Slot, &crate::service::Fleet)| {
            let now = Instant::now();
            let target = |target: &std::sync::Arc<crate::service::Target>| TargetView {
                address: target.address.to_string(),
                condition: target.condition(now),
                under_way: target.under_way(),
            };
            SlotView {
                slot,
                weight: service.share.weight(slot),
                targets: fleet.targets().iter().map(target).collect(),
            }
        };
        ServiceView {
            name: service.name.to_string(),
            live: service.share.live(),
            gate: gate.to_owned(),
            gate_until,
            gate_message,
            slots: service.fleets().map(slot).into(),
            rollout: state.and_then(|state| state.rollout.as_ref()).map(RolloutView::of),
        }
    }
}

impl RolloutView {
    /// Whether the candidate is on trial.
    pub fn is_running(&self) -> bool {
        self.phase.is_running()
    }

    fn of(rollout: &Rollout) -> Self {
        Self {
            id: rollout.id(),
            candidate: rollout.candidate(),
            weight: rollout.weight(),
            plan: rollout.plan().clone().into(),
            phase: rollout.phase().clone(),
            paused: rollout.paused().cloned(),
            blocked: rollout.blocked().cloned(),
            evidence: rollout.evidence(),
        }
    }
}
