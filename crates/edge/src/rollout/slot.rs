//! The two places a release can be in, and which share of the visitors one has.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use utoipa::ToSchema;

/// One of the two places of a service. They take turns: what is the candidate of this rollout is the incumbent of the
/// next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum Slot {
    /// Blue.
    Blue,
    /// Green.
    Green,
}

impl Slot {
    /// The other one.
    pub const fn other(self) -> Self {
        match self {
            Self::Blue => Self::Green,
            Self::Green => Self::Blue,
        }
    }

    /// By its name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Blue, Self::Green].into_iter().find(|slot| slot.name() == name)
    }

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Blue => "blue",
            Self::Green => "green",
        }
    }
}

impl fmt::Display for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A share of the visitors, in hundredths: 0 to 100.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "u8", into = "u8")]
#[schema(as = GateWeight, maximum = 100)]
pub struct Weight(u8);

impl Weight {
    /// Nobody.
    pub const NONE: Self = Self(0);
    /// Everybody.
    pub const ALL: Self = Self(100);

    /// All the others.
    pub(crate) const fn rest(self) -> Self {
        Self(Self::ALL.0 - self.0)
    }
}

/// More than all, or less than nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("a share of the visitors is 0 to 100 %; {0} is not")]
pub struct NotPercent(u8);

impl TryFrom<u8> for Weight {
    type Error = NotPercent;

    fn try_from(percent: u8) -> Result<Self, NotPercent> {
        if percent > Self::ALL.0 { Err(NotPercent(percent)) } else { Ok(Self(percent)) }
    }
}

impl From<Weight> for u8 {
    fn from(weight: Weight) -> Self {
        weight.0
    }
}

impl fmt::Display for Weight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} %", self.0)
    }
}
