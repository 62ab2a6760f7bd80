//! What an operator can set about the page of metrics.

use garde::Validate;
use ipnet::IpNet;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What the process tells of itself to those who watch it.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(default, deny_unknown_fields)]
pub struct MetricsConfig {
    /// Who may read `/metrics` (the text format of Prometheus), as addresses or networks, for example
    /// `["127.0.0.1", "10.0.0.0/8"]`. They must connect themselves: what a proxy passes on is answered with 404, like
    /// everything else while this is empty. A proxy is known by its `X-Forwarded-For`, `X-Real-IP`, `Forwarded` or
    /// `Via`: one at these addresses that writes none would show the page to everybody.
    #[garde(skip)]
    #[schemars(with = "Vec<String>")]
    #[serde(deserialize_with = "guard::networks")]
    pub allow: Vec<IpNet>,
}
