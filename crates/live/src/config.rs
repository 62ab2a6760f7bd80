//! What an operator can set about live connections.

use foundation::config::Period;
use garde::Validate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::engine_io::Settings;

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
}

impl Default for Config {
    fn default() -> Self {
        Self {
            ping_interval: Period::from_secs(25),
            ping_timeout: Period::from_secs(20),
            connect_timeout: Period::from_secs(5),
            max_message_bytes: 64 * 1024,
            max_queue_bytes: 1024 * 1024,
        }
    }
}

impl Config {
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
