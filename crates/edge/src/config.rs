//! What an operator can set about the street gate.

mod address;
mod gateway;
mod hooks;
mod rollout;
mod service;
mod tls;

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};

use foundation::config::{Mistake, Period};
use garde::Validate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use address::Address;
pub use gateway::{
    AuthUrl, ClaimHeader, ForwardAuthConfig, Frames, JwtConfig, KeySource, PassedHeader, RateLimitConfig,
    SecurityHeaderConfig, SigningAlgorithm,
};
pub use hooks::HooksConfig;
pub(crate) use hooks::{webhook_secret, webhook_url};
pub use rollout::RolloutConfig;
pub use service::{HealthConfig, ServiceConfig};
pub use tls::{AcmeConfig, CertificateFiles, TlsConfig};

/// The street gate: `mainstay edge`.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Where to listen for plain HTTP.
    #[garde(skip)]
    #[schemars(with = "Vec<String>")]
    pub listen: Vec<SocketAddr>,

    /// How many connections may be open at the same time, on each address that is listened on.
    #[garde(range(min = 1, max = 1_000_000))]
    pub max_connections: usize,

    /// How long a client may take to send a request's headers, and how long an unused connection stays open.
    #[garde(custom(|period: &Period, (): &()| period.within(Period::SECOND, Period::HOUR)))]
    pub header_timeout: Period,

    /// How long a client may take to send the next KiB of a body, or to take something of an answer.
    #[garde(custom(|period: &Period, (): &()| period.within(Period::SECOND, Period::HOUR)))]
    pub stall_timeout: Period,

    /// How long requests under way may take to finish after the order to stop.
    #[garde(custom(|period: &Period, (): &()| period.within(Period::SECOND, Period::HOUR)))]
    pub shutdown_timeout: Period,

    /// How long WebSocket connections live on in the old process after an upgrade.
    #[garde(custom(|period: &Period, (): &()| period.within(Period::SECOND, Period::DAY)))]
    pub upgrade_timeout: Period,

    /// HTTPS.
    #[garde(dive)]
    pub tls: TlsConfig,

    /// The applications behind the gate, each with a name of its own.
    #[garde(dive)]
    pub services: BTreeMap<String, ServiceConfig>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: vec![SocketAddr::from((Ipv4Addr::LOCALHOST, 8000))],
            max_connections: 10_000,
            header_timeout: Period::from_secs(20),
            stall_timeout: Period::from_secs(60),
            shutdown_timeout: Period::from_secs(30),
            upgrade_timeout: Period::HOUR,
            tls: TlsConfig::default(),
            services: BTreeMap::new(),
        }
    }
}

impl Config {
    /// What is fine alone and wrong together.
    pub fn contradictions(&self) -> Vec<Mistake> {
        let mut mistakes = self.tls.contradictions(&self.listen);
        mistakes.extend(service::contradictions(&self.services));
        let own: Vec<_> = self.listen.iter().chain(&self.tls.listen).copied().collect();
        mistakes.extend(self.services.iter().flat_map(|(name, service)| service.dead_ends(name, &own)));
        mistakes
    }
}
