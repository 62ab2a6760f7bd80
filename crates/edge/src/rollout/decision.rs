//! What a rollout has decided, with what it decided by.

use std::fmt;

use foundation::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Slot, Weight};
use crate::judge::{Evidence, Finding, Stream};

/// A decision, as it is stored and audited.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RolloutDecision)]
pub struct Decision {
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// The slot on trial.
    pub candidate: Slot,
    /// What was decided.
    pub what: What,
    /// What the judges knew; empty where it was no matter of evidence.
    pub evidence: Vec<Evidence>,
}

/// What was decided.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = RolloutWhat)]
pub enum What {
    /// A rollout began.
    Began {
        /// Of which service.
        service: String,
        /// By whose order.
        by: String,
    },
    /// Another share of the visitors is sent to the candidate.
    Weight {
        /// Which share it was.
        from: Weight,
        /// Which share it is.
        to: Weight,
        /// Why now.
        why: Why,
    },
    /// The hold is over, and the release is not proven: it holds.
    Holding {
        /// At which share.
        at: Weight,
    },
    /// The hold is over and the release is proven: it waits for a person.
    Gate {
        /// At which share.
        at: Weight,
    },
    /// Too few visitors come to prove anything in time: requests of our own are sent, too.
    Probing {
        /// How many requests of visitors were heard in this step.
        requests: u64,
        /// How many more are needed at the least.
        lacking: u64,
    },
    /// It stands still.
    Paused {
        /// By whose order.
        by: String,
    },
    /// It goes on.
    Resumed {
        /// By whose order.
        by: String,
    },
    /// The release should be taken back, and nothing healthy is there to go back to.
    Blocked {
        /// Why it should.
        reason: Reason,
    },
    /// The release was taken back: nobody is sent there any more.
    RolledBack {
        /// Which share of the visitors it had.
        from: Weight,
        /// Why.
        reason: Reason,
    },
    /// The release has taken the other one's place.
    Completed {
        /// Until when one may go back at once.
        #[schema(value_type = String, format = DateTime)]
        warm_until: Timestamp,
        /// Why now.
        why: Why,
    },
    /// The old slot is not kept any longer.
    LetGo,
    /// Somebody ended it: nobody is sent to the candidate any more.
    Aborted {
        /// Which share of the visitors it had.
        from: Weight,
        /// Who.
        by: String,
    },
}

/// Why a release got more visitors.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = RolloutWhy)]
pub enum Why {
    /// It was healthy.
    Healthy,
    /// It is proven to keep its bounds.
    Proven {
        /// By whose requests.
        by: Stream,
    },
    /// A person wanted it so.
    Promoted {
        /// Who.
        by: String,
        /// Whether it was proven.
        is_proven: bool,
    },
}

/// Why a release was taken back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = RolloutReason)]
pub enum Reason {
    /// A judge found that it breaks a rule.
    Found(Finding),
    /// None of its targets is healthy.
    Down,
    /// It did not become healthy in time.
    NeverHealthy,
    /// A person wanted it so.
    Ordered {
        /// Who.
        by: String,
    },
}

impl What {
    /// What kind of event it is, for programs.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Began { .. } => "rollout.began",
            Self::Weight { .. } => "rollout.weight",
            Self::Holding { .. } => "rollout.holding",
            Self::Gate { .. } => "rollout.gate",
            Self::Probing { .. } => "rollout.probing",
            Self::Paused { .. } => "rollout.paused",
            Self::Resumed { .. } => "rollout.resumed",
            Self::Blocked { .. } => "rollout.blocked",
            Self::RolledBack { .. } => "rollout.rolled_back",
            Self::Completed { .. } => "rollout.completed",
            Self::LetGo => "rollout.let_go",
            Self::Aborted { .. } => "rollout.aborted",
        }
    }

    /// Whether evidence was asked for it.
    pub(crate) fn rests_on_evidence(&self) -> bool {
        !matches!(self, Self::Began { .. } | Self::Paused { .. } | Self::Resumed { .. } | Self::LetGo)
    }
}

impl fmt::Display for Decision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence())
    }
}
