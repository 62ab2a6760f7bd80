//! What the gate has to remember.

use std::collections::{BTreeMap, VecDeque};

use foundation::Timestamp;
use guard::Closure;
use guard::text::Message;
use serde::{Deserialize, Serialize};

use super::record::Record;
use crate::rollout::{Rollout, Slot, Weight};
use crate::service::{Entrance, Share};

/// Of the format in which it is written.
pub(crate) const VERSION: u32 = 1;

/// All of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct State {
    pub(super) version: u32,
    pub(crate) services: BTreeMap<String, ServiceState>,
    /// The number of the newest record.
    pub(crate) last_number: u64,
    /// What may not have come into the history yet.
    pub(crate) fresh: Vec<Record>,
}

impl Default for State {
    fn default() -> Self {
        Self { version: VERSION, services: BTreeMap::new(), last_number: 0, fresh: Vec::new() }
    }
}

/// Of one service.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ServiceState {
    /// Who answers when there is no rollout.
    pub(crate) live: Slot,
    pub(crate) rollout: Option<Rollout>,
    pub(crate) gate: Gate,
    /// What hooks have yet to be told, the oldest first.
    #[serde(default)]
    pub(crate) untold: VecDeque<Record>,
}

/// Whether requests are let in, as it is kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Gate {
    Open,
    Paused { until: Timestamp },
    Closed { since: Timestamp, until: Option<Timestamp>, message: Option<Message> },
}

impl ServiceState {
    /// Of a service that nobody has told anything.
    pub(crate) fn new(live: Slot) -> Self {
        Self { live, rollout: None, gate: Gate::Open, untold: VecDeque::new() }
    }

    /// How visitors are shared out.
    pub(crate) fn share(&self) -> Share {
        let Some(rollout) = &self.rollout else { return Share::All(self.live) };
        match rollout.weight() {
            Weight::NONE => Share::All(rollout.incumbent()),
            Weight::ALL => Share::All(rollout.candidate()),
            weight => Share::Split { live: rollout.incumbent(), weight, rollout: rollout.id() },
        }
    }

    /// Whether requests are let in.
    pub(crate) fn entrance(&self) -> Entrance {
        match &self.gate {
            Gate::Open => Entrance::Open,
            Gate::Paused { .. } => Entrance::Paused,
            Gate::Closed { since, until, message } => {
                Entrance::Closed(Closure { since: *since, until: *until, message: message.clone() })
            }
        }
    }
}
