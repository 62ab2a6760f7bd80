//! What has happened to a service, as it is kept.

use std::fmt;

use foundation::Timestamp;
use guard::text::Message;
use serde::{Deserialize, Serialize};

use crate::rollout::Decision;

/// One line of the history.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// Counts all records of a gate, from 1.
    pub number: u64,
    /// When.
    pub at: Timestamp,
    /// To which service.
    pub service: String,
    /// What.
    pub happened: Happened,
}

/// What has happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Happened {
    /// A rollout has decided something.
    Decided(Box<Decision>),
    /// Maintenance has begun, or something else is said about it.
    Closed {
        /// By whose order.
        by: String,
        /// Until when, presumably.
        until: Option<Timestamp>,
        /// What people are told.
        message: Option<Message>,
    },
    /// Requests wait at the gate.
    Paused {
        /// By whose order.
        by: String,
        /// Until when at the most.
        until: Timestamp,
    },
    /// Requests are let in again.
    Reopened {
        /// By whose order; none when the time of a pause was over.
        by: Option<String>,
    },
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
        }
    }
}
