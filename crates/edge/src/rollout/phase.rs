//! How far a rollout has come.

use std::time::Duration;

use foundation::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Reason;

/// Where a rollout is. Pauses are beside it: [`super::Rollout::paused`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = RolloutPhase)]
pub enum Phase {
    /// Nobody is sent to the candidate before it has been healthy for a while.
    Checking {
        /// For how long it has been, without interruption.
        #[schema(value_type = Span)]
        healthy: Duration,
        /// For how long it has been looked at.
        #[schema(value_type = Span)]
        waited: Duration,
    },
    /// A share of the visitors is sent to it. At the last step it is all of them: the soak.
    At {
        /// Which step of the plan, from 0.
        step: usize,
        /// For how long it has been watched here, without pauses.
        #[schema(value_type = Span)]
        held: Duration,
        /// What it waits for.
        holding: Holding,
    },
    /// It has taken the other one's place.
    Completed {
        /// When.
        #[schema(value_type = String, format = DateTime)]
        at: Timestamp,
        /// Until when the old slot is kept, and one may go back at once.
        #[schema(value_type = String, format = DateTime)]
        warm_until: Timestamp,
        /// Whether it still is.
        is_warm: bool,
    },
    /// It was taken back.
    RolledBack {
        /// When.
        #[schema(value_type = String, format = DateTime)]
        at: Timestamp,
        /// Why.
        reason: Reason,
    },
    /// Somebody ended it before it was completed.
    Aborted {
        /// When.
        #[schema(value_type = String, format = DateTime)]
        at: Timestamp,
        /// Who.
        by: String,
    },
}

impl Phase {
    /// Whether the candidate is on trial.
    pub fn is_running(&self) -> bool {
        matches!(self, Self::Checking { .. } | Self::At { .. })
    }

    /// Whether nothing will happen any more by itself.
    pub fn is_over(&self) -> bool {
        matches!(
            self,
            Self::RolledBack { .. } | Self::Aborted { .. } | Self::Completed { is_warm: false, .. }
        )
    }
}

/// A length of time, as it is written down: for whoever describes it.
#[derive(Debug, ToSchema)]
#[schema(as = GateSpan)]
#[expect(dead_code, reason = "the standard library's duration cannot be described, and is written like this")]
pub(crate) struct Span {
    /// Whole seconds.
    secs: u64,
    /// Billionths of a second beyond them.
    nanos: u32,
}

/// What a step waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = RolloutHolding)]
pub enum Holding {
    /// The end of its hold.
    Time,
    /// Evidence: the hold is over, and the release is not proven to keep its bounds.
    Evidence,
    /// A person: all is well, and the plan leaves the decision to somebody.
    Gate,
}
