//! Where a target listens, as people write it: `127.0.0.1:5000`, `app.internal:8080`, `[::1]:5000`.

use std::borrow::Cow;
use std::fmt;
use std::net::SocketAddr;
use std::str::FromStr;

use http::uri::Authority;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

/// A host and a port. A name is looked up for each connection.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Address(String);

impl Address {
    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether who connects to it comes to a listener, as far as that can be known without looking names up.
    pub(super) fn is_at(&self, listener: SocketAddr) -> bool {
        let local = self.0.strip_prefix("localhost:").map(|port| format!("127.0.0.1:{port}"));
        let target = local.as_deref().unwrap_or(&self.0).parse::<SocketAddr>();
        target.is_ok_and(|target| {
            let (to, at) = (target.ip().to_canonical(), listener.ip().to_canonical());
            // Who connects to no address in particular comes to this machine.
            let is_local = to.is_loopback() || to.is_unspecified();
            let is_met =
                to == at || is_local && at.is_unspecified() || to.is_unspecified() && at.is_loopback();
            is_met && target.port() == listener.port()
        })
    }
}

impl FromStr for Address {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let is_whole = |authority: &Authority| {
            !authority.host().is_empty()
                && authority.port_u16().is_some_and(|port| port > 0)
                && !text.contains('@')
        };
        match text.parse::<Authority>() {
            Ok(authority) if is_whole(&authority) => Ok(Self(text.to_ascii_lowercase())),
            _ => Err(format!(
                "{text:?} is no address of a target; write a host and a port, without http://, like 127.0.0.1:5000"
            )),
        }
    }
}

impl TryFrom<String> for Address {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Address> for String {
    fn from(address: Address) -> Self {
        address.0
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl JsonSchema for Address {
    fn schema_name() -> Cow<'static, str> {
        "Address".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "examples": ["127.0.0.1:5000"] })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_a_host_and_a_port() {
        for good in ["127.0.0.1:5000", "[::1]:5000", "App.internal:80"] {
            assert_eq!(good.parse::<Address>().map(String::from), Ok(good.to_ascii_lowercase()));
        }
        for bad in [
            "127.0.0.1",
            "http://127.0.0.1:5000",
            "a@b:80",
            "",
            ":80",
            "host:99999",
            "host:0",
            "host:80/path",
        ] {
            let error = bad.parse::<Address>().expect_err(bad);
            assert!(error.contains("like 127.0.0.1:5000"), "{error}");
        }
    }

    #[test]
    fn an_address_is_that_of_a_listener_by_any_of_its_names() {
        let is_at = |target: &str, listener: &str| {
            target.parse::<Address>().expect("an address").is_at(listener.parse().expect("a listener"))
        };
        for target in [
            "127.0.0.1:80",
            "localhost:80",
            "127.0.0.2:80",
            "[::1]:80",
            "0.0.0.0:80",
            "[::ffff:127.0.0.1]:80",
        ] {
            assert!(is_at(target, "0.0.0.0:80") && is_at(target, "[::]:80"), "{target}");
        }
        for target in ["127.0.0.1:80", "localhost:80", "0.0.0.0:80", "[::ffff:127.0.0.1]:80"] {
            assert!(is_at(target, "127.0.0.1:80"), "{target}");
        }
        assert!(!is_at("127.0.0.1:81", "0.0.0.0:80") && !is_at("192.0.2.1:80", "0.0.0.0:80"));
        assert!(!is_at("127.0.0.2:80", "127.0.0.1:80") && !is_at("app.internal:80", "0.0.0.0:80"));
    }
}
