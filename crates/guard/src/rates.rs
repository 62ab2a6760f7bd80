//! How often something may be asked for: named limits ([`Policy`]) in one table, counted by network or by person.
//!
//! They are the cheap gate in front, whatever a route does behind it: they keep the machine usable and slow down who
//! tries things out. Wrong passwords are counted elsewhere, and longer. Where there is a Redis, all nodes count
//! together; without it, and while it is away, each counts alone.

mod gcra;
mod layer;
mod policy;
mod process;
mod quota;
mod redis;
mod refusals;

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::Arc;
use std::time::Duration;

use aws_lc_rs::digest::{SHA256, digest};
use foundation::config::Period;
use foundation::{Ambient, Code, Problem, Uuid};
use tokio::sync::broadcast;

use self::gcra::{Decision, Verdict};
use self::process::Process;
use self::redis::Redis;
use self::refusals::Refusals;
use crate::ClientAddress;

pub(crate) use layer::{Gate, count};
pub use layer::{RateRule, RequestLimits, tell_standing};
pub use policy::{By, Policy, Quotas};
pub use quota::Quota;

/// How many counts a node keeps, about 40 MB when all are taken.
const CAPACITY: u64 = 100_000;

/// Whose requests are counted together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Key(Who);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Who {
    /// An IPv4 address, or the first address of a /64.
    Network(IpAddr),
    User(Uuid),
    /// A person whom somebody else's system calls by any name: the beginning of its SHA-256.
    Named([u8; 16]),
    /// All whose address is not known.
    Unknown,
    /// All that there are.
    Everybody,
}

impl Key {
    const EVERYBODY: Self = Self(Who::Everybody);

    /// The network of an address: all of an IPv4 address, and of an IPv6 address the first 64 bits, the least that a
    /// customer is given (RFC 6177). An IPv4 address in IPv6's clothes is the IPv4 address.
    pub fn network(address: IpAddr) -> Self {
        let network = match address.to_canonical() {
            IpAddr::V4(address) => address.into(),
            IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).into(),
        };
        Self(Who::Network(network))
    }

    /// The network of a client. Those whose address is not known share one count: nobody gets round a limit by hiding.
    pub fn of_client(address: Option<ClientAddress>) -> Self {
        address.map_or(Self(Who::Unknown), |ClientAddress(address)| Self::network(address))
    }

    /// A person.
    pub fn user(id: Uuid) -> Self {
        Self(Who::User(id))
    }

    /// A person who is known by a name that another system gives. Of the name no more is kept than tells people apart.
    pub fn named(name: &str) -> Self {
        let mut beginning = [0; 16];
        beginning.copy_from_slice(&digest(&SHA256, name.as_bytes()).as_ref()[..16]);
        Self(Who::Named(beginning))
    }

    /// The network, by its first address; none for people, and where no address is known.
    pub fn address(self) -> Option<IpAddr> {
        match self.0 {
            Who::Network(address) => Some(address),
            Who::User(_) | Who::Named(_) | Who::Unknown | Who::Everybody => None,
        }
    }

    /// The person; none for networks.
    pub fn user_id(self) -> Option<Uuid> {
        match self.0 {
            Who::User(id) => Some(id),
            Who::Network(_) | Who::Named(_) | Who::Unknown | Who::Everybody => None,
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Who::Network(IpAddr::V4(address)) => address.fmt(f),
            Who::Network(IpAddr::V6(address)) => write!(f, "{address}/64"),
            Who::User(id) => id.fmt(f),
            Who::Named(hash) => write!(f, "somebody {}", Uuid::from_bytes(hash).simple()),
            Who::Unknown => f.write_str("unknown"),
            Who::Everybody => f.write_str("everybody"),
        }
    }
}

/// How somebody stands with a limit after a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowance {
    /// Which limit.
    pub policy: Policy,
    /// What it allows.
    pub quota: Quota,
    /// How many more requests may come at this moment.
    pub remaining: u32,
    /// How long until as many may come as ever.
    pub reset_after: Duration,
}

/// It was once too often.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refused {
    /// Whose request it was.
    pub key: Key,
    /// Which limit refused it, and how the sender stands with it: nothing remains.
    pub allowance: Allowance,
    /// How long until the next request may come.
    pub retry_after: Duration,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { key, allowance: Allowance { policy, quota, .. }, .. } = self;
        write!(f, "{key} asked more often than {} allows ({quota})", policy.name())
    }
}

impl std::error::Error for Refused {}

impl From<Refused> for Problem {
    fn from(refused: Refused) -> Self {
        let source = match refused.key.0 {
            Who::User(_) | Who::Named(_) => "your account",
            _ => "your network",
        };
        let wait = whole_seconds(refused.retry_after);
        let words = Period::from_secs(wait);
        let detail = format!("Too many requests came from {source}. Please wait {words} and try again.");
        Self::new(Code::TooManyRequests, detail).retry_after(Duration::from_secs(wait)).because(refused)
    }
}

/// Seconds for headers and sentences, so that whoever waits that long has waited long enough.
fn whole_seconds(duration: Duration) -> u64 {
    duration.as_secs() + u64::from(duration.subsec_nanos() > 0)
}

/// Where requests are counted at present.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backing {
    /// In this process, as configured.
    Process,
    /// In Redis, for all nodes together.
    Redis,
    /// In this process until Redis answers again: with so many nodes, so many times as much is allowed.
    ProcessWhileRedisIsAway,
}

/// All limits and what has been counted. Cheap to clone; all clones count together.
#[derive(Clone)]
pub struct RateLimits(Arc<Inner>);

struct Inner {
    quotas: Quotas,
    process: Process,
    redis: Option<Arc<Redis>>,
    refusals: Refusals,
}

impl RateLimits {
    /// Limits that this process counts alone.
    pub fn in_process(quotas: Quotas, ambient: Ambient) -> Self {
        Self::build(&quotas, ambient, None)
    }

    /// Limits that all processes count together which use the same Redis. If it does not answer now, this process
    /// counts alone until it does.
    pub async fn in_redis(quotas: Quotas, ambient: Ambient, client: ::redis::Client) -> Self {
        Self::build(&quotas, ambient, Some(Redis::connect(client).await))
    }

    fn build(quotas: &Quotas, ambient: Ambient, redis: Option<Arc<Redis>>) -> Self {
        let rests = Policy::ALL.iter().map(|policy| quotas.of(*policy).refill());
        let process = Process::new(ambient.clone(), CAPACITY, rests.max().unwrap_or_default());
        Self(Arc::new(Inner { quotas: *quotas, process, redis, refusals: Refusals::new(ambient) }))
    }

    /// Counts a request.
    ///
    /// # Errors
    /// When it is once too often; such a request is not counted.
    pub async fn check(&self, policy: Policy, key: Key) -> Result<Allowance, Refused> {
        let Inner { quotas, process, redis, refusals } = &*self.0;
        let quota = quotas.of(policy);
        let shared = match redis {
            Some(redis) => redis.decide(quota, policy, key).await,
            None => None,
        };
        let Decision { verdict, reset_after, .. } =
            shared.unwrap_or_else(|| process.decide(quota, policy, key));
        let reset_after = Duration::from_micros(reset_after);
        match verdict {
            Verdict::Passes { remaining } => Ok(Allowance { policy, quota, remaining, reset_after }),
            Verdict::MustWait { retry_after } => {
                let allowance = Allowance { policy, quota, remaining: 0, reset_after };
                let refused = Refused { key, allowance, retry_after: Duration::from_micros(retry_after) };
                refusals.tell(refused);
                Err(refused)
            }
        }
    }

    /// Where requests are counted at present.
    pub fn backing(&self) -> Backing {
        match &self.0.redis {
            None => Backing::Process,
            Some(redis) if redis.is_away() => Backing::ProcessWhileRedisIsAway,
            Some(_) => Backing::Redis,
        }
    }

    /// Refusals from now on: the first of each policy and key in every minute, and of all together no more than the
    /// log gets. Who reads too slowly misses some.
    pub fn refusals(&self) -> broadcast::Receiver<Refused> {
        self.0.refusals.subscribe()
    }
}

impl fmt::Debug for RateLimits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RateLimits").field("backing", &self.backing()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
