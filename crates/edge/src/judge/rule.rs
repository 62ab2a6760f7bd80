//! The rules by which a release is judged.

use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::tally::Signal;

/// What a release must not do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = GateRule)]
pub enum Rule {
    /// Fail more often than a share of its requests.
    Errors,
    /// Answer more than a share of its requests with 401.
    Unauthorized,
    /// Be slow more often than in a share of its requests.
    Slow,
    /// Fail more often than the incumbent does.
    MoreErrors,
    /// Be slower than the incumbent's 95th percentile more often than the incumbent is.
    Slower,
    /// Use up the connections of its database pool.
    Pool,
}

impl Rule {
    /// What requests are counted as bad by it; none for the pool.
    pub fn signal(self) -> Option<Signal> {
        match self {
            Self::Errors | Self::MoreErrors => Some(Signal::Errors),
            Self::Unauthorized => Some(Signal::Unauthorized),
            Self::Slow => Some(Signal::Slow),
            Self::Slower => Some(Signal::Slower),
            Self::Pool => None,
        }
    }

    /// Whether it compares with the incumbent.
    pub fn is_relative(self) -> bool {
        matches!(self, Self::MoreErrors | Self::Slower)
    }

    /// What a release did with its bad requests: "green *failed* 7 of 41 requests".
    pub(crate) fn deed(self) -> &'static str {
        match self {
            Self::Errors | Self::MoreErrors => "failed",
            Self::Unauthorized => "answered 401 to",
            Self::Slow => "was slow in",
            Self::Slower => "was slower than before in",
            Self::Pool => "held",
        }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Errors => "errors",
            Self::Unauthorized => "401",
            Self::Slow => "slow",
            Self::MoreErrors => "more errors",
            Self::Slower => "slower",
            Self::Pool => "pool",
        })
    }
}
