//! What has happened to a service, as it is kept.

use std::fmt;

use foundation::Timestamp;
use guard::text::Message;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::rollout::Decision;

/// One line of the history.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = GateRecord)]
pub struct Record {
    /// Counts all records of a gate, from 1.
    pub number: u64,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// To which service.
    pub service: String,
    /// What.
    pub happened: Happened,
}

/// What has happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = GateEvent)]
pub enum Happened {
    /// A rollout has decided something.
    Decided(Box<Decision>),
    /// Maintenance has begun, or something else is said about it.
    Closed {
        /// By whose order.
        by: String,
        /// Until when, presumably.
        #[schema(value_type = Option<String>, format = DateTime)]
        until: Option<Timestamp>,
        /// What people are told.
        message: Option<Message>,
    },
    /// Requests wait at the gate.
    Paused {
        /// By whose order.
        by: String,
        /// Until when at the most.
        #[schema(value_type = String, format = DateTime)]
        until: Timestamp,
    },
    /// Requests are let in again.
    Reopened {
        /// By whose order; none when the time of a pause was over.
        by: Option<String>,
    },
    /// Hooks could not be told what was decided.
    Untold {
        /// The number of the record that they were not told.
        record: u64,
    },
}

impl Happened {
    /// What kind of event it is, for programs.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Decided(decision) => decision.what.name(),
            Self::Closed { .. } => "service.closed",
            Self::Paused { .. } => "service.paused",
            Self::Reopened { .. } => "service.reopened",
            Self::Untold { .. } => "hooks.untold",
        }
    }
}

impl fmt::Display for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.happened {
            Happened::Decided(decision) => decision.fmt(f),
            Happened::Closed { by, until: None, .. } => write!(f, "{by} began maintenance."),
            Happened::Closed { by, until: Some(until), .. } => {
                write!(f, "{by} began maintenance, until about {}.", until.format("%F %H:%M UTC"))
            }
            Happened::Paused { by, until } => {
                write!(f, "{by} paused requests, until {} at the most.", until.format("%H:%M:%S UTC"))
            }
            Happened::Reopened { by: Some(by) } => write!(f, "{by} let requests in again."),
            Happened::Reopened { by: None } => f.write_str("The pause was over: requests are let in again."),
            Happened::Untold { record } => {
                write!(f, "Not all hooks took what was decided in record {record}; the log says why.")
            }
        }
    }
}
