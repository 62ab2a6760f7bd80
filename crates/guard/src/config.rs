//! What an operator can set about the gatehouse.

use std::net::IpAddr;

use foundation::config::Period;
use garde::Validate;
use ipnet::IpNet;
use schemars::JsonSchema;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

use crate::outbound::OutboundConfig;
use crate::{Quotas, origin};

const SMALLEST_BODY: usize = 1024;
const LARGEST_BODY: usize = 16 * 1024 * 1024;

/// Settings of everything that stands between the network and the application.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// The addresses under which people reach this installation, as the browser's address bar shows them, for
    /// example `https://learn.example.org`. Requests that change something are refused when a browser says they come
    /// from anywhere else. When empty, `server.public_url`; without that too, a page may only talk to the host it was
    /// loaded from, which is right for development.
    #[garde(custom(|list: &Vec<String>, (): &()| origin::check_all(list).map_err(garde::Error::new)))]
    pub origins: Vec<String>,

    /// The proxies in front whose word about a client's address (`X-Forwarded-For`) is believed, as addresses or
    /// networks, for example `["10.0.0.0/8", "127.0.0.1", "::1"]`. When empty, the client is whoever connects.
    #[garde(skip)]
    #[schemars(with = "Vec<String>")]
    #[serde(deserialize_with = "networks")]
    pub trusted_proxies: Vec<IpNet>,

    /// The largest request body that is accepted, in bytes: 1024 (1 KiB) to 16777216 (16 MiB).
    #[garde(custom(|bytes: &usize, (): &()| body_bytes(*bytes)))]
    pub max_body_bytes: usize,

    /// How long a request may take, from its first byte to the beginning of the answer.
    #[garde(custom(|period: &Period, (): &()| period.within(Period::SECOND, Period::HOUR)))]
    pub request_timeout: Period,

    /// The requests that Mainstay itself sends.
    #[garde(dive)]
    pub outbound: OutboundConfig,
    /// How often things may be asked for.
    #[garde(dive)]
    pub rate_limits: Quotas,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            origins: Vec::new(),
            trusted_proxies: Vec::new(),
            max_body_bytes: 64 * 1024,
            request_timeout: Period::from_secs(30),
            outbound: OutboundConfig::default(),
            rate_limits: Quotas::default(),
        }
    }
}

/// Reads networks; an address is the network of itself.
///
/// # Errors
/// What is neither, and how to write it.
pub fn networks<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<IpNet>, D::Error> {
    let network = |text: &String| {
        let network = text.parse().or_else(|_| text.parse().map(IpAddr::into));
        let wrong = |_| format!("{text:?} is no address (10.0.0.7) and no network (10.0.0.0/8)");
        network.map_err(wrong).map_err(D::Error::custom)
    };
    Vec::<String>::deserialize(deserializer)?.iter().map(network).collect()
}

fn body_bytes(bytes: usize) -> garde::Result {
    if (SMALLEST_BODY..=LARGEST_BODY).contains(&bytes) {
        return Ok(());
    }
    Err(garde::Error::new(format!(
        "must be {SMALLEST_BODY} (1 KiB) to {LARGEST_BODY} (16 MiB); it is {bytes}"
    )))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use foundation::config::{Settings, Sources, read};

    use super::*;

    impl Settings for Config {}

    fn mistakes(file: &str) -> String {
        let sources = Sources { file: Some(file.into()), environment: BTreeMap::new() };
        read::<Config>(&sources, &[]).expect_err("mistakes").to_string()
    }

    #[test]
    fn the_defaults_are_valid() {
        assert_eq!(Config::default().validate().map_err(|report| report.to_string()), Ok(()));
    }

    #[test]
    fn every_mistake_says_what_would_be_right() {
        let file = r#"
            origins = ["https://good.example", "https://learn.example.org/", "learn.example.org"]
            max_body_bytes = 100
            request_timeout = "0s"
        "#;
        insta::assert_snapshot!(mistakes(file), @r#"
        the configuration has 3 mistakes:
          - max_body_bytes: must be 1024 (1 KiB) to 16777216 (16 MiB); it is 100
          - origins: write "https://learn.example.org" instead of "https://learn.example.org/"; "learn.example.org" is not the address of a site, write it like https://learn.example.org
          - request_timeout: must be 1s to 1h; it is 0s
        "#);
    }

    #[test]
    fn proxies_are_named_by_address_or_network() {
        let sources = |list: &str| Sources {
            file: Some(format!("trusted_proxies = {list}")),
            environment: BTreeMap::new(),
        };
        let config =
            read::<Config>(&sources(r#"["10.0.0.7", "::1", "10.1.0.0/16"]"#), &[]).expect("a configuration");
        let networks: Vec<_> = config.trusted_proxies.iter().map(ToString::to_string).collect();
        assert_eq!(networks, ["10.0.0.7/32", "::1/128", "10.1.0.0/16"]);
        let wrong = mistakes(r#"trusted_proxies = ["proxy.example.org"]"#);
        assert!(wrong.contains(r#""proxy.example.org" is no address (10.0.0.7) and no network"#), "{wrong}");
    }

    #[test]
    fn the_bounds_themselves_are_allowed() {
        for bytes in [SMALLEST_BODY, LARGEST_BODY] {
            let config = Config { max_body_bytes: bytes, ..Config::default() };
            assert!(config.validate().is_ok(), "{bytes}");
        }
        for bytes in [SMALLEST_BODY - 1, LARGEST_BODY + 1] {
            let config = Config { max_body_bytes: bytes, ..Config::default() };
            assert!(config.validate().is_err(), "{bytes}");
        }
    }
}
