//! A release on its way from no visitor to all of them: steps, holds, and what ends it. Pure: whoever ticks it brings the
//! time and what was seen, carries out what it decides, and writes it down.
//!
//! ```text
//! checking ──► step 1 ──► step 2 ──► … ──► 100 %, the soak ──► completed, the old slot warm ──► completed
//!    │            └──────────┴───────────────┘                        │
//!    ▼            ▼                          ▼                        ▼
//!  rolled back, or aborted: no visitor any more
//! ```
//!
//! A step ends when its hold is over *and* the release is proven to keep its bounds ([`crate::judge`]); if it is not proven,
//! it holds. No time passes it. So does the soak, after which the old slot is let go. A person may promote a release that
//! is not proven, and that is written down.

mod assignment;
mod command;
mod decision;
mod phase;
mod plan;
mod progress;
mod saying;
mod slot;

use std::time::Duration;

use foundation::{Timestamp, Uuid};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::judge::{Bounds, Evidence, Finding, Judge, Latencies, Second, Stream};

pub use self::assignment::{assign, client};
pub use self::command::{Command, Order, Refused};
pub use self::decision::{Decision, Reason, What, Why};
pub use self::phase::{Holding, Phase};
pub use self::plan::{Draft, Plan, PlanError, Step};
pub use self::slot::{NotPercent, Slot, Weight};

/// How one release takes another's place, and how far it has come. With its judges it is one value, so that what is
/// written down is never a step of one moment and the evidence of another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rollout {
    id: Uuid,
    service: String,
    to: Slot,
    plan: Plan,
    phase: Phase,
    paused: Option<Paused>,
    visitors: Judge,
    probes: Judge,
    /// Whether this step has too few requests of visitors.
    is_probing: bool,
    /// Why the release is to be taken back, when nothing healthy is there to go back to.
    blocked: Option<Reason>,
    last: Timestamp,
}

/// Since when a rollout stands still, and by whose order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RolloutPaused)]
pub struct Paused {
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    pub since: Timestamp,
    /// By whose order.
    pub by: String,
}

/// Whether a slot can serve.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Health {
    /// One of its targets is healthy, at the least.
    Healthy,
    /// None is.
    Down,
}

/// What was seen since the last tick, which is about a second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// The slot on trial.
    pub candidate: Health,
    /// The one that was there.
    pub incumbent: Health,
    /// The requests of visitors, without those of testers who chose their slot.
    pub visitors: Second,
    /// The requests of our own, if any were sent.
    pub probes: Option<Second>,
}

/// What a rollout needs from whoever runs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Needs {
    /// Too few visitors come: requests of our own, to both slots.
    Probes,
}

impl Rollout {
    /// Begins: the release in the slot `to` shall take the place of the other one. The `id` is new.
    pub fn begin(
        id: Uuid,
        service: impl Into<String>,
        to: Slot,
        plan: Plan,
        bounds: &Bounds,
        by: impl Into<String>,
        now: Timestamp,
    ) -> (Self, Decision) {
        let rollout = Self {
            id,
            service: service.into(),
            to,
            plan,
            phase: Phase::Checking { healthy: Duration::ZERO, waited: Duration::ZERO },
            paused: None,
            visitors: Judge::new(Stream::Visitors, bounds),
            probes: Judge::new(Stream::Probes, bounds),
            is_probing: false,
            blocked: None,
            last: now,
        };
        let began = rollout.decide(now, What::Began { service: rollout.service.clone(), by: by.into() });
        (rollout, began)
    }

    /// The rollout's own name, with which visitors are drawn.
    pub fn id(&self) -> Uuid {
        self.id
    }

    /// What is rolled out.
    pub fn service(&self) -> &str {
        &self.service
    }

    /// The slot on trial.
    pub fn candidate(&self) -> Slot {
        self.to
    }

    /// The slot that was there.
    pub fn incumbent(&self) -> Slot {
        self.to.other()
    }

    /// The steps and holds.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// How far it has come.
    pub fn phase(&self) -> &Phase {
        &self.phase
    }

    /// Whether the candidate is on trial.
    pub fn is_running(&self) -> bool {
        self.phase.is_running()
    }

    /// Since when it stands still, if it does.
    pub fn paused(&self) -> Option<&Paused> {
        self.paused.as_ref()
    }

    /// Why the release is to be taken back, while nothing healthy is there to go back to.
    pub fn blocked(&self) -> Option<&Reason> {
        self.blocked.as_ref()
    }

    /// The candidate's share of the visitors now.
    pub fn weight(&self) -> Weight {
        match self.phase {
            Phase::Checking { .. } | Phase::RolledBack { .. } | Phase::Aborted { .. } => Weight::NONE,
            Phase::At { step, .. } => self.plan.weight(step),
            Phase::Completed { .. } => Weight::ALL,
        }
    }

    /// What it needs from whoever runs it.
    pub fn needs(&self) -> Option<Needs> {
        let is_judged = matches!(self.phase, Phase::At { .. });
        (is_judged && self.is_probing).then_some(Needs::Probes)
    }

    /// What the judges know: of the visitors, and of the probes while there are any.
    pub fn evidence(&self) -> Vec<Evidence> {
        let probes = self.is_probing.then(|| self.probes.evidence());
        std::iter::once(self.visitors.evidence()).chain(probes).collect()
    }

    /// The judge of a stream, who says from when on a request is slow.
    pub fn judge(&self, stream: Stream) -> &Judge {
        match stream {
            Stream::Visitors => &self.visitors,
            Stream::Probes => &self.probes,
        }
    }

    /// Shows a judge how quick the incumbent is to answer its stream: [`Judge::freeze_threshold`].
    pub fn freeze_threshold(&mut self, stream: Stream, incumbent: &Latencies) {
        match stream {
            Stream::Visitors => self.visitors.freeze_threshold(incumbent),
            Stream::Probes => self.probes.freeze_threshold(incumbent),
        }
    }

    fn decide(&self, at: Timestamp, what: What) -> Decision {
        let evidence = if what.rests_on_evidence() { self.evidence() } else { Vec::new() };
        Decision { at, candidate: self.to, what, evidence }
    }

    fn look(&mut self, seen: &Seen) -> Option<Finding> {
        let is_all = self.weight() == Weight::ALL;
        // With all visitors on one side, who is left on the other is nobody to compare with.
        let compared = |second: &Second| if is_all { Second { incumbent: None, ..*second } } else { *second };
        let by_visitors = self.visitors.look(&compared(&seen.visitors));
        let by_probes = seen.probes.and_then(|second| self.probes.look(&compared(&second)));
        by_visitors.or(by_probes)
    }
}

#[cfg(test)]
mod tests;
