//! A process that answers requests.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::config::Address;
use crate::health::{Condition, Health};
use crate::upstream::Pool;

/// Where it listens, what is known about it, and the connections to it.
#[derive(Debug)]
pub(crate) struct Target {
    pub(crate) address: Address,
    pub(crate) pool: Pool,
    health: Mutex<Health>,
    under_way: AtomicU32,
}

impl Target {
    pub(crate) fn new(address: Address, now: Instant, start_up: Duration) -> Self {
        let health = Mutex::new(Health::starting(now, start_up));
        Self { address, pool: Pool::default(), health, under_way: AtomicU32::new(0) }
    }

    /// How busy it is, measured by what it can be given; none if it is to be given nothing.
    pub(crate) fn load(&self, now: Instant) -> Option<f64> {
        let share = self.health().share(now)?;
        Some(f64::from(self.under_way.load(Ordering::Relaxed) + 1) / share)
    }

    pub(crate) fn condition(&self, now: Instant) -> Condition {
        self.health().condition(now)
    }

    /// Whether it has never answered, and need not yet.
    pub(crate) fn is_starting(&self) -> bool {
        self.condition(Instant::now()) == Condition::Starting
    }

    /// Whether its checks succeed, however many requests it loses.
    pub(crate) fn passes_checks(&self) -> bool {
        !matches!(self.condition(Instant::now()), Condition::Starting | Condition::Broken)
    }

    /// How many requests it is answering.
    pub(crate) fn under_way(&self) -> u32 {
        self.under_way.load(Ordering::Relaxed)
    }

    pub(crate) fn checked(&self, is_good: bool, now: Instant) {
        self.health().checked(is_good, now);
    }

    pub(crate) fn asked(&self, has_answered: bool, now: Instant) {
        self.health().asked(has_answered, now);
    }

    fn health(&self) -> std::sync::MutexGuard<'_, Health> {
        self.health.lock().expect("nobody panics with it")
    }
}

/// A request to a target: it counts as under way until this is dropped.
#[derive(Debug)]
pub(crate) struct Turn(pub(crate) Arc<Target>);

impl Turn {
    pub(crate) fn of(target: Arc<Target>) -> Self {
        target.under_way.fetch_add(1, Ordering::Relaxed);
        Self(target)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.0.under_way.fetch_sub(1, Ordering::Relaxed);
    }
}
