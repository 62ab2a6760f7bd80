//! What an operator can set about live connections.

use std::collections::BTreeMap;

use foundation::config::Period;
use garde::Validate;
use guard::Policy;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::documents::DocumentConfig;
use crate::engine_io::Settings;
use crate::rooms::hub::{Keep, Limits};

/// Live connections: Socket.IO.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// How long after its last answer a client is asked again whether it is there.
    #[garde(custom(|period: &Period, (): &()| period.within(Period::from_millis(100), Period::HOUR)))]
    pub ping_interval: Period,

    /// How long a client may take to answer that it is there.
    #[garde(custom(|period: &Period, (): &()| period.within(Period::from_millis(100), Period::HOUR)))]
    pub ping_timeout: Period,

    /// How long a client may stay that does not say who it is.
    #[garde(custom(|period: &Period, (): &()| period.within(Period::from_millis(100), Period::MINUTE)))]
    pub connect_timeout: Period,

    /// The largest message, and the largest piece of binary data, in bytes.
    #[garde(range(min = 1024, max = 16 * 1024 * 1024))]
    pub max_message_bytes: usize,

    /// How much may wait for a client, in bytes. One that does not keep up is disconnected, and goes on where it was when it
    /// comes back.
    #[garde(range(min = 65_536, max = 256 * 1024 * 1024))]
    pub max_queue_bytes: usize,

    /// How many clients may be in a room at a time, over all nodes.
    #[garde(range(min = 1, max = 1_000))]
    pub room_capacity: usize,

    /// How many clients may be connected to one node.
    #[garde(range(min = 1, max = 10_000_000))]
    pub max_connections: usize,

    /// How many clients may be connected that have not said yet who they are.
    #[garde(range(min = 1, max = 1_000_000))]
    pub max_unauthenticated: usize,

    /// What members of a room may say to each other, by the name of the event, and which limit it counts for: `message`,
    /// `typing`, `cursor` or `edit` (`guard.rate_limits.socket_...`). Only what counts as `message` or `edit` is kept for those who come back.
    #[garde(custom(|events: &BTreeMap<String, Budget>, (): &()| names(events)))]
    pub events: BTreeMap<String, Budget>,

    /// Rooms that everybody may enter who is signed in, whatever the applications say: names, or beginnings of names that end
    /// with `*`.
    #[garde(skip)]
    pub open_rooms: Vec<String>,

    /// How often it is asked again whether somebody may be in the rooms they are in.
    #[garde(custom(|period: &Period, (): &()| period.within(Period::from_millis(100), Period::HOUR)))]
    pub review_interval: Period,

    /// Documents that are edited together.
    #[garde(dive)]
    pub documents: DocumentConfig,

    /// Over how long a node that stops sends its clients away, so that they do not all come to the others at once.
    #[garde(custom(|period: &Period, (): &()| period.within(Period::from_millis(0), Period::from_secs(600))))]
    pub drain: Period,
}

/// Which limit something counts for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum Budget {
    /// Something that is said.
    Message,
    /// That somebody types.
    Typing,
    /// Where somebody's cursor is.
    Cursor,
    /// A change of a shared document.
    Edit,
}

impl Budget {
    pub(crate) fn policy(self) -> Policy {
        match self {
            Self::Message => Policy::SocketMessage,
            Self::Typing => Policy::SocketTyping,
            Self::Cursor => Policy::SocketCursor,
            Self::Edit => Policy::SocketEdit,
        }
    }

    pub(crate) fn keep(self) -> Keep {
        match self {
            Self::Message | Self::Edit => Keep::Said,
            Self::Typing | Self::Cursor => Keep::Passing,
        }
    }
}

/// What the protocol, its clients, or this room itself say.
const RESERVED: &[&str] =
    &["connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener", "error"];

fn names(events: &BTreeMap<String, Budget>) -> garde::Result {
    let is_ours = |name: &str| {
        name.split_once(':').is_some_and(|(room, _)| ["room", "user", "session", "document"].contains(&room))
    };
    match events
        .keys()
        .find(|name| RESERVED.contains(&name.as_str()) || is_ours(name) || name.is_empty() || name.len() > 50)
    {
        None => Ok(()),
        Some(name) => Err(garde::Error::new(format!(
            "members cannot say {name:?}: names of up to 50 characters that neither Socket.IO nor the rooms themselves use"
        ))),
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            ping_interval: Period::from_secs(25),
            ping_timeout: Period::from_secs(20),
            connect_timeout: Period::from_secs(5),
            max_message_bytes: 64 * 1024,
            max_queue_bytes: 1024 * 1024,
            room_capacity: 50,
            max_connections: 20_000,
            max_unauthenticated: 1_000,
            events: [("message", Budget::Message), ("typing", Budget::Typing), ("cursor", Budget::Cursor)]
                .map(|(name, budget)| (name.to_owned(), budget))
                .into(),
            open_rooms: Vec::new(),
            review_interval: Period::MINUTE,
            documents: DocumentConfig::default(),
            drain: Period::from_secs(5),
        }
    }
}

impl Config {
    pub(crate) fn rooms(&self) -> Limits {
        // More could not be given at once to somebody who comes back.
        Limits { capacity: self.room_capacity, log_bytes: self.max_queue_bytes / 2 }
    }

    pub(crate) fn engine(&self) -> Settings {
        Settings {
            ping_interval: self.ping_interval.into(),
            ping_timeout: self.ping_timeout.into(),
            max_payload: self.max_message_bytes,
            max_queue: self.max_queue_bytes,
            upgrade_timeout: Period::from_secs(10).into(),
        }
    }
}
