//! An application behind the gate: two slots, and who is sent to which.

pub(crate) mod entrance;
mod fleet;
mod meter;
mod outcome;
mod target;

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Instant;

use foundation::{Ambient, Uuid};

use crate::config::ServiceConfig;
use crate::gateway::Gateway;
use crate::rollout::{Slot, Weight};
pub(crate) use entrance::Entrance;
pub(crate) use fleet::Fleet;
pub(crate) use meter::{Counted, Meter};
pub(crate) use outcome::{Outcome, Thresholds};
pub(crate) use target::{Target, Turn};

/// An application as it stands at this moment. What changes makes a new one; fleets and the meter live on.
#[derive(Debug, Clone)]
pub(crate) struct Service {
    pub(crate) name: Arc<str>,
    pub(crate) config: Arc<ServiceConfig>,
    pub(crate) gateway: Arc<Gateway>,
    blue: Arc<Fleet>,
    green: Arc<Fleet>,
    pub(crate) meter: Arc<Meter>,
    pub(crate) share: Share,
    pub(crate) entrance: Entrance,
}

/// How visitors are shared out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Share {
    /// All to one slot.
    All(Slot),
    /// A share of them to the other slot, drawn by the name of a rollout.
    Split { live: Slot, weight: Weight, rollout: Uuid },
}

impl Share {
    /// The slot that everybody gets who is not chosen.
    pub(crate) fn live(self) -> Slot {
        match self {
            Self::All(slot) | Self::Split { live: slot, .. } => slot,
        }
    }

    /// Which share of the visitors a slot gets.
    pub(crate) fn weight(self, slot: Slot) -> Weight {
        match self {
            Self::All(live) if live == slot => Weight::ALL,
            Self::All(_) => Weight::NONE,
            Self::Split { live, weight, .. } if live == slot => weight.rest(),
            Self::Split { weight, .. } => weight,
        }
    }
}

impl Service {
    /// One that is open, and whose visitors all go to the slot that the settings name.
    pub(crate) fn new(name: &str, config: ServiceConfig, ambient: &Ambient, now: Instant) -> Self {
        let fleet = |addresses| Arc::new(Fleet::starting(addresses, now, config.health.start_up.into()));
        let (blue, green) = (fleet(&config.blue), fleet(&config.green));
        let share = Share::All(config.live);
        let meter = Arc::new(Meter::new(now));
        let gateway = Arc::new(Gateway::new(name, &config, ambient));
        Self {
            name: name.into(),
            gateway,
            config: Arc::new(config),
            blue,
            green,
            meter,
            share,
            entrance: Entrance::Open,
        }
    }

    /// What runs in a slot.
    pub(crate) fn fleet(&self, slot: Slot) -> &Fleet {
        match slot {
            Slot::Blue => &self.blue,
            Slot::Green => &self.green,
        }
    }

    /// Both slots and what runs there.
    pub(crate) fn fleets(&self) -> [(Slot, &Fleet); 2] {
        [(Slot::Blue, &*self.blue), (Slot::Green, &*self.green)]
    }

    /// All that runs in both.
    pub(crate) fn targets(&self) -> impl Iterator<Item = &Arc<Target>> {
        self.blue.targets().iter().chain(self.green.targets())
    }

    /// The slot that visitors are sent to although nothing is configured to run there.
    pub(crate) fn forsaken(&self) -> Option<Slot> {
        let is_forsaken = |(slot, fleet): &(Slot, &Fleet)| {
            self.share.weight(*slot) != Weight::NONE && fleet.targets().is_empty()
        };
        self.fleets().into_iter().find(is_forsaken).map(|(slot, _)| slot)
    }

    /// Whether an address is a tester's.
    pub(crate) fn is_tester(&self, address: IpAddr) -> bool {
        self.config.testers.iter().any(|network| network.contains(&address))
    }
}
