//! How far a rollout has come.

use std::time::Duration;

use foundation::Timestamp;
use serde::{Deserialize, Serialize};

use super::Reason;

/// Where a rollout is. Pauses are beside it: [`super::Rollout::paused`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Phase {
    /// Nobody is sent to the candidate before it has been healthy for a while.
    Checking {
        /// For how long it has been, without interruption.
        healthy: Duration,
        /// For how long it has been looked at.
        waited: Duration,
    },
    /// A share of the visitors is sent to it. At the last step it is all of them: the soak.
    At {
        /// Which step of the plan, from 0.
        step: usize,
        /// For how long it has been watched here, without pauses.
        held: Duration,
        /// What it waits for.
        holding: Holding,
    },
    /// It has taken the other one's place.
    Completed {
        /// When.
        at: Timestamp,
        /// Until when the old slot is kept, and one may go back at once.
        warm_until: Timestamp,
        /// Whether it still is.
        is_warm: bool,
    },
    /// It was taken back.
    RolledBack {
        /// When.
        at: Timestamp,
        /// Why.
        reason: Reason,
    },
    /// Somebody ended it before it was completed.
    Aborted {
        /// When.
        at: Timestamp,
        /// Who.
        by: String,
    },
}

impl Phase {
    /// Whether nothing will happen any more by itself.
    pub fn is_over(&self) -> bool {
        matches!(
            self,
            Self::RolledBack { .. } | Self::Aborted { .. } | Self::Completed { is_warm: false, .. }
        )
    }
}

/// What a step waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Holding {
    /// The end of its hold.
    Time,
    /// Evidence: the hold is over, and the release is not proven to keep its bounds.
    Evidence,
    /// A person: all is well, and the plan leaves the decision to somebody.
    Gate,
}
