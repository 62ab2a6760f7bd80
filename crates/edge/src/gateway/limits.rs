//! How often an application may be asked: by one network, and by one person.

use std::net::IpAddr;

use foundation::{Ambient, Problem};
use guard::{Key, Policy, Quotas, RateLimits};

use super::Leaving;
use crate::config::RateLimitConfig;

/// The limits of one application.
#[derive(Debug)]
pub(super) struct Limits {
    counts: RateLimits,
    of_address: bool,
    of_user: bool,
}

impl Limits {
    pub(super) fn new(config: &RateLimitConfig, ambient: Ambient) -> Self {
        let mut quotas = Quotas::default();
        quotas.gate = config.address.unwrap_or(quotas.gate);
        quotas.gate_user = config.user.unwrap_or(quotas.gate_user);
        let counts = RateLimits::in_process(quotas, ambient);
        Self { counts, of_address: config.address.is_some(), of_user: config.user.is_some() }
    }

    /// Counts a request from an address.
    ///
    /// # Errors
    /// When it is once too often.
    pub(super) async fn of_address(&self, address: IpAddr, leaving: &mut Leaving) -> Result<(), Problem> {
        if self.of_address { self.count(Policy::Gate, Key::network(address), leaving).await } else { Ok(()) }
    }

    /// Counts a request of a person.
    ///
    /// # Errors
    /// When it is once too often.
    pub(super) async fn of_user(&self, user: Key, leaving: &mut Leaving) -> Result<(), Problem> {
        if self.of_user { self.count(Policy::GateUser, user, leaving).await } else { Ok(()) }
    }

    async fn count(&self, policy: Policy, key: Key, leaving: &mut Leaving) -> Result<(), Problem> {
        match self.counts.check(policy, key).await {
            Ok(allowance) => {
                leaving.stands_at(allowance);
                Ok(())
            }
            Err(refused) => {
                leaving.stands_at(refused.allowance);
                Err(refused.into())
            }
        }
    }
}
