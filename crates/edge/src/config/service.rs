//! What an operator can set about one application behind the gate.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use foundation::config::{Mistake, Period};
use garde::Validate;
use ipnet::IpNet;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::gateway::{ClaimHeader, ForwardAuthConfig, JwtConfig, RateLimitConfig, SecurityHeaderConfig};
use super::{Address, HooksConfig, RolloutConfig};
use crate::rollout::Slot;

/// An application behind the gate.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(default, deny_unknown_fields)]
pub struct ServiceConfig {
    /// The hosts whose requests are for it, for example `["vault.example.org", "*.vault.example.org"]`. When empty, all
    /// that no other service names.
    #[garde(custom(|list: &Vec<String>, (): &()| all(list, a_host)))]
    pub hosts: Vec<String>,

    /// The path below which requests are for it. Of several services at a host the longest path that fits counts.
    #[garde(custom(|text: &String, (): &()| a_path(text)))]
    pub path: String,

    /// Where the blue release listens.
    #[garde(skip)]
    pub blue: Vec<Address>,

    /// Where the green release listens.
    #[garde(skip)]
    pub green: Vec<Address>,

    /// Which slot answers before the first rollout. Afterwards that is kept in the data folder.
    #[garde(skip)]
    pub live: Slot,

    /// How it is found out whether a target works.
    #[garde(dive)]
    pub health: HealthConfig,

    /// By what a new release is judged.
    #[garde(dive)]
    pub rollout: RolloutConfig,

    /// Programs that are told what rollouts decide.
    #[garde(dive)]
    pub hooks: HooksConfig,

    /// How long a connection to a target may take to be made.
    #[garde(custom(|period: &Period, (): &()| period.within(Period::SECOND, Period::MINUTE)))]
    pub connect_timeout: Period,

    /// How long a target may take until its answer begins.
    #[garde(custom(|period: &Period, (): &()| period.within(Period::SECOND, Period::HOUR)))]
    pub answer_timeout: Period,

    /// How long a target may be silent in the middle of an answer, or both sides of a WebSocket connection.
    #[garde(custom(|period: &Period, (): &()| period.within(Period::SECOND, Period::DAY)))]
    pub silence_timeout: Period,

    /// How long requests wait at the gate while it is paused, before they are told to come back.
    #[garde(custom(|period: &Period, (): &()| period.within(Period::SECOND, Period::HOUR)))]
    pub pause_timeout: Period,

    /// The largest request body that is passed on, in bytes.
    #[garde(skip)]
    pub max_body_bytes: u64,

    /// The addresses of testers: they may choose a slot by the header `x-mainstay-slot` or the cookie `mainstay-slot`
    /// (`blue` or `green`), and come in during maintenance.
    #[garde(skip)]
    #[schemars(with = "Vec<String>")]
    #[serde(deserialize_with = "guard::networks")]
    pub testers: Vec<IpNet>,

    /// How often it may be asked.
    #[garde(dive, custom(needs_tokens(self.jwt.jwks.is_some())))]
    pub rate_limits: RateLimitConfig,

    /// Security headers for answers that have none of their own.
    #[garde(dive)]
    pub security_headers: SecurityHeaderConfig,

    /// The headers by which the application is told whose request it is, each with the claim of the token that it tells,
    /// for example `["x-user-id: sub", "x-user-email: email"]`; `*` is all claims, as JSON in base64url. What a client
    /// sends under these names, or under ones that applications take for them (`x_user_id`), is removed, whether tokens
    /// are verified or not.
    #[garde(skip)]
    pub identity_headers: Vec<ClaimHeader>,

    /// Verification of tokens (JWT) before requests are passed on.
    #[garde(dive, custom(|jwt: &JwtConfig, (): &()| jwt.check()))]
    pub jwt: JwtConfig,

    /// A server that is asked about each request before it is passed on.
    #[garde(dive, custom(only_one(self.jwt.jwks.is_some())))]
    pub forward_auth: ForwardAuthConfig,
}

impl Default for ServiceConfig {
    fn default() -> Self {
        Self {
            hosts: Vec::new(),
            path: "/".to_owned(),
            blue: Vec::new(),
            green: Vec::new(),
            live: Slot::Blue,
            health: HealthConfig::default(),
            rollout: RolloutConfig::default(),
            hooks: HooksConfig::default(),
            connect_timeout: Period::from_secs(3),
            answer_timeout: Period::from_secs(60),
            silence_timeout: Period::from_secs(600),
            pause_timeout: Period::from_secs(30),
            max_body_bytes: 64 * 1024 * 1024,
            testers: Vec::new(),
            rate_limits: RateLimitConfig::default(),
            security_headers: SecurityHeaderConfig::default(),
            identity_headers: vec![ClaimHeader::of_subject()],
            jwt: JwtConfig::default(),
            forward_auth: ForwardAuthConfig::default(),
        }
    }
}

/// Services of which one could never be reached.
pub(super) fn contradictions(services: &BTreeMap<String, ServiceConfig>) -> Vec<Mistake> {
    let mut taken = BTreeMap::new();
    let mut mistakes = Vec::new();
    for (name, service) in services {
        let path = service.path.trim_end_matches('/');
        let hosts = if service.hosts.is_empty() {
            vec![""]
        } else {
            service.hosts.iter().map(String::as_str).collect()
        };
        for host in hosts {
            if let Some(other) = taken.insert((host, path), name) {
                let words = format!(
                    "has the same host and path as the service {other}; one of them would never be asked"
                );
                mistakes.push(Mistake::new(format!("edge.services.{name}.path"), words));
            }
        }
    }
    mistakes
}

impl ServiceConfig {
    /// Where requests would lead nowhere, or back to us, who listen at `own`.
    pub(super) fn dead_ends(&self, name: &str, own: &[SocketAddr]) -> Vec<Mistake> {
        let slots = [(Slot::Blue, &self.blue), (Slot::Green, &self.green)];
        let at = |slot: Slot| format!("edge.services.{name}.{}", slot.name());
        let is_anywhere = slots.iter().any(|(_, targets)| !targets.is_empty());
        let mut mistakes = Vec::new();
        for (slot, targets) in slots {
            if is_anywhere && targets.is_empty() && slot == self.live {
                let words =
                    format!("has no address; write one, or make the other slot edge.services.{name}.live");
                mistakes.push(Mistake::new(at(slot), words));
            }
            for target in targets.iter().filter(|target| own.iter().any(|own| target.is_at(*own))) {
                let words = format!(
                    "{} is where the gate itself listens; name the application's address",
                    target.as_str()
                );
                mistakes.push(Mistake::new(at(slot), words));
            }
        }
        for target in self.green.iter().filter(|target| self.blue.contains(target)) {
            let words =
                format!("{} is blue's, too: a release would be compared with itself", target.as_str());
            mistakes.push(Mistake::new(at(Slot::Green), words));
        }
        mistakes
    }
}

/// How it is found out whether a target works.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(default, deny_unknown_fields)]
pub struct HealthConfig {
    /// What is asked for, by GET; each answer from 200 to 399 is a good one. Without it, a connection that can be made
    /// is enough.
    #[garde(inner(custom(|text: &String, (): &()| a_path(text))))]
    pub path: Option<String>,
    /// How often.
    #[garde(custom(|period: &Period, (): &()| period.within(Period::SECOND, Period::HOUR)))]
    pub every: Period,
    /// How long the answer may take.
    #[garde(custom(|period: &Period, (): &()| period.within(Period::SECOND, Period::MINUTE)))]
    pub timeout: Period,
    /// How long a target that has never answered may take to start before it counts as broken.
    #[garde(custom(|period: &Period, (): &()| period.within(Period::SECOND, Period::HOUR)))]
    pub start_up: Period,
}

impl Default for HealthConfig {
    fn default() -> Self {
        Self {
            path: None,
            every: Period::from_secs(2),
            timeout: Period::from_secs(2),
            start_up: Period::from_secs(60),
        }
    }
}

/// A limit that counts nobody would be taken for one that counts.
fn needs_tokens(verifies_tokens: bool) -> impl FnOnce(&RateLimitConfig, &()) -> garde::Result {
    move |rate_limits, ()| {
        if rate_limits.user.is_some() && !verifies_tokens {
            return Err(garde::Error::new("people are known by their tokens; user needs jwt.jwks"));
        }
        Ok(())
    }
}

/// Of two who decide, one would not know of the other.
fn only_one(verifies_tokens: bool) -> impl FnOnce(&ForwardAuthConfig, &()) -> garde::Result {
    move |forward_auth, ()| {
        if forward_auth.url.is_some() && verifies_tokens {
            let words = "is an alternative to jwt; set forward_auth.url or jwt.jwks, not both";
            return Err(garde::Error::new(words));
        }
        Ok(())
    }
}

fn all(list: &[String], check: fn(&str) -> garde::Result) -> garde::Result {
    list.iter().try_for_each(|text| check(text))
}

fn a_host(text: &str) -> garde::Result {
    let name = text.strip_prefix("*.").unwrap_or(text);
    let is_small = !name.bytes().any(|byte| byte.is_ascii_uppercase());
    if is_small && !name.ends_with('.') && guard::is_name_or_address(name) {
        return Ok(());
    }
    Err(garde::Error::new(format!(
        "{text:?} is no host; write it without scheme, port and path, in small letters, like vault.example.org"
    )))
}

pub(super) fn a_path(text: &str) -> garde::Result {
    if text.starts_with('/') && !text.contains(['?', '#', ' ']) {
        return Ok(());
    }
    Err(garde::Error::new(format!("{text:?} is no path; write it like /api")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn service(hosts: &[&str], path: &str) -> ServiceConfig {
        let hosts = hosts.iter().map(ToString::to_string).collect();
        let blue = vec!["127.0.0.1:1".parse().expect("an address")];
        ServiceConfig { hosts, path: path.to_owned(), blue, ..ServiceConfig::default() }
    }

    #[test]
    fn each_place_belongs_to_one_service() {
        let found = |one, other| {
            let both = [("one".to_owned(), one), ("other".to_owned(), other)].into();
            contradictions(&both).iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        assert!(found(service(&["x.org"], "/"), service(&["y.org"], "/")).is_empty());
        assert!(found(service(&["x.org"], "/"), service(&[], "/")).is_empty());
        assert!(found(service(&["x.org"], "/"), service(&["x.org"], "/api")).is_empty());
        for (one, other) in [
            (service(&[], "/"), service(&[], "/")),
            (service(&["x.org", "y.org"], "/api"), service(&["z.org", "y.org"], "/api/")),
        ] {
            let found = found(one, other);
            assert!(found.len() == 1 && found[0].contains("one of them would never be asked"), "{found:?}");
        }
    }

    #[test]
    fn a_host_has_no_port() {
        for host in ["x.org", "*.x.org", "127.0.0.1", "[::1]"] {
            assert!(a_host(host).is_ok(), "{host}");
        }
        for host in ["", "x.org.", "a..b", "x.org:80", "http://x.org", "X.org", "::1", "[::1]:80", "x/y"] {
            assert!(a_host(host).is_err(), "{host}");
        }
    }

    #[test]
    fn what_leads_nowhere_or_back_is_named() {
        let own = ["127.0.0.1:8000".parse().expect("a listener")];
        let found = |blue: &[&str], green: &[&str]| {
            let addresses = |all: &[&str]| all.iter().map(|one| one.parse().expect("an address")).collect();
            let service =
                ServiceConfig { blue: addresses(blue), green: addresses(green), ..ServiceConfig::default() };
            service.dead_ends("app", &own).iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        assert!(found(&[], &[]).is_empty() && found(&["127.0.0.1:5000"], &[]).is_empty());
        let nowhere = found(&[], &["127.0.0.1:5000"]);
        assert!(nowhere.len() == 1 && nowhere[0].starts_with("edge.services.app.blue"), "{nowhere:?}");
        let back = found(&["127.0.0.1:5000", "localhost:8000"], &[]);
        assert!(back.len() == 1 && back[0].contains("where the gate itself listens"), "{back:?}");
        let same = found(&["a:1", "a:2"], &["a:2", "a:3"]);
        assert!(same.len() == 1 && same[0].contains("a:2 is blue's, too"), "{same:?}");
    }
}
