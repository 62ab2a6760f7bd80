//! What an operator can set about the requests that leave the house.

use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;

use foundation::config::Period;
use garde::Validate;
use ipnet::IpNet;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use url::{Host, Origin, Url};

use super::addresses::Reach;
use crate::config::networks;

const SMALLEST_ANSWER: usize = 1024;
const LARGEST_ANSWER: usize = 64 * 1024 * 1024;

/// Settings of the requests that Mainstay itself sends.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(default, deny_unknown_fields)]
pub struct OutboundConfig {
    /// The hosts that requests may go to, for example `["s3.example.org", "storage.example.net:9000"]`: over https,
    /// unless `http://` stands in front. None but these is ever asked.
    #[garde(custom(within_reach(&self.allow_private)))]
    #[schemars(with = "Vec<String>")]
    pub allow: Vec<AllowedHost>,

    /// The networks that may be reached although they are not open to everybody, for example `["10.1.0.0/16"]` for
    /// storage in the own data centre. A host in `allow` whose name leads to any other such address, to this machine
    /// for example, is not asked.
    #[garde(skip)]
    #[schemars(with = "Vec<String>")]
    #[serde(deserialize_with = "networks")]
    pub allow_private: Vec<IpNet>,

    /// A certificate authority (PEM) to be trusted besides the public ones.
    #[garde(skip)]
    pub tls_ca_file: Option<PathBuf>,

    /// How long it may take to find a host and to connect to it.
    #[garde(custom(|period: &Period, (): &()| period.within(Period::SECOND, Period::MINUTE)))]
    pub connect_timeout: Period,

    /// How long an attempt may take, from looking for the host to the last byte of its answer. What may be repeated
    /// is tried up to four times.
    #[garde(custom(|period: &Period, (): &()| period.within(Period::SECOND, Period::HOUR)))]
    pub timeout: Period,

    /// The largest answer that is taken, in bytes: 1024 (1 KiB) to 67108864 (64 MiB).
    #[garde(custom(|bytes: &usize, (): &()| answer_bytes(*bytes)))]
    pub max_answer_bytes: usize,
}

impl Default for OutboundConfig {
    fn default() -> Self {
        Self {
            allow: Vec::new(),
            allow_private: Vec::new(),
            tls_ca_file: None,
            connect_timeout: Period::from_secs(5),
            timeout: Period::from_secs(30),
            max_answer_bytes: 1024 * 1024,
        }
    }
}

impl OutboundConfig {
    /// To the host of an address that the operator has named, and to no other. It may be anywhere, in the own network too.
    pub fn only(url: &Url) -> Self {
        Self {
            allow: AllowedHost::of(url).into_iter().collect(),
            allow_private: ["0.0.0.0/0", "::/0"].into_iter().filter_map(|all| all.parse().ok()).collect(),
            ..Self::default()
        }
    }
}

/// A host that requests may go to: its scheme, its name and its port.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AllowedHost(Url);

impl AllowedHost {
    /// The host of an address, for what names one in a setting of its own.
    pub fn of(url: &Url) -> Option<Self> {
        let is_web = matches!(url.scheme(), "http" | "https");
        let is_one = !url.host_str()?.contains('*');
        let host = Url::parse(&url.origin().ascii_serialization());
        host.ok().filter(|_| is_web && is_one).map(Self)
    }

    pub(super) fn origin(&self) -> Origin {
        self.0.origin()
    }

    /// The address, where one stands in place of a name.
    fn address(&self) -> Option<IpAddr> {
        literal_address(&self.0)
    }
}

/// The address that stands in a URL in place of a name; nobody would look it up before connecting.
pub(super) fn literal_address(url: &Url) -> Option<IpAddr> {
    match url.host()? {
        Host::Domain(_) => None,
        Host::Ipv4(address) => Some(address.into()),
        Host::Ipv6(address) => Some(address.into()),
    }
}

impl TryFrom<String> for AllowedHost {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let written = if text.contains("://") { text.clone() } else { format!("https://{text}") };
        let url = Url::parse(&written).ok();
        let host = url.as_ref().and_then(Self::of).ok_or_else(|| {
            format!("{text:?} is no host; write it like s3.example.org or s3.example.org:9000")
        })?;
        // What stands beside a host would promise more than is checked; it may be a password and is not repeated.
        if url.as_ref() == Some(&host.0) { Ok(host) } else { Err(format!("write {host} and nothing more")) }
    }
}

impl From<AllowedHost> for String {
    fn from(host: AllowedHost) -> Self {
        host.to_string()
    }
}

impl fmt::Display for AllowedHost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.origin().ascii_serialization())
    }
}

impl fmt::Debug for AllowedHost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// An address that is allowed and cannot be reached is a mistake that shows before the first request.
fn within_reach(named: &[IpNet]) -> impl FnOnce(&Vec<AllowedHost>, &()) -> garde::Result {
    let reach = Reach::new(named);
    move |hosts, ()| {
        let lost = hosts.iter().find(|host| host.address().is_some_and(|address| !reach.admits(address)));
        lost.map_or(Ok(()), |host| {
            Err(garde::Error::new(format!(
                "{host} is in no network that is open to everybody; name its network in allow_private"
            )))
        })
    }
}

fn answer_bytes(bytes: usize) -> garde::Result {
    if (SMALLEST_ANSWER..=LARGEST_ANSWER).contains(&bytes) {
        return Ok(());
    }
    Err(garde::Error::new(format!(
        "must be {SMALLEST_ANSWER} (1 KiB) to {LARGEST_ANSWER} (64 MiB); it is {bytes}"
    )))
}

#[cfg(test)]
mod tests;
