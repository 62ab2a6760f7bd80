//! An application behind the gate: two slots, and who is sent to which.

mod fleet;
mod meter;
mod target;

use std::sync::Arc;

use crate::config::{ServiceConfig, Slot};
pub(crate) use fleet::Fleet;
pub(crate) use meter::{Meter, Outcome};
pub(crate) use target::{Target, Turn};

/// What runs in a slot.
#[derive(Debug, Default)]
pub(crate) struct Arm {
    pub(crate) fleet: Fleet,
    pub(crate) meter: Meter,
}

/// An application as it stands at this moment. What changes makes a new one; arms live on.
#[derive(Debug, Clone)]
pub(crate) struct Service {
    pub(crate) name: Arc<str>,
    pub(crate) config: Arc<ServiceConfig>,
    blue: Arc<Arm>,
    green: Arc<Arm>,
    pub(crate) share: Share,
}

/// How visitors are shared out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Share {
    /// All to one slot.
    All(Slot),
    /// So many of a hundred to the other slot.
    Split { live: Slot, weight: u8, salt: u64 },
}

impl Share {
    /// The slot that everybody gets who is not chosen.
    pub(crate) fn live(self) -> Slot {
        match self {
            Self::All(slot) | Self::Split { live: slot, .. } => slot,
        }
    }
}

impl Service {
    pub(crate) fn new(name: &str, config: ServiceConfig, blue: Arc<Arm>, green: Arc<Arm>) -> Self {
        let share = Share::All(config.live);
        Self { name: name.into(), config: Arc::new(config), blue, green, share }
    }

    /// What runs in a slot.
    pub(crate) fn arm(&self, slot: Slot) -> &Arc<Arm> {
        match slot {
            Slot::Blue => &self.blue,
            Slot::Green => &self.green,
        }
    }
}
