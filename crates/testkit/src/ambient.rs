//! Time that moves when told, and chance that repeats itself.

use std::sync::{Arc, Mutex};

use chrono::{DateTime, Duration, Utc};
use foundation::{Ambient, Clock, Randomness, Timestamp};
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng as _, SeedableRng as _};

/// A clock that stands still until it is moved.
#[derive(Debug, Clone)]
pub struct FakeClock(Arc<Mutex<Timestamp>>);

impl FakeClock {
    /// A clock that stands at the given second of the Unix epoch.
    pub fn at(unix_seconds: i64) -> Self {
        let start: DateTime<Utc> = DateTime::from_timestamp(unix_seconds, 0).expect("a date");
        Self(Arc::new(Mutex::new(start)))
    }

    /// Moves the clock forward.
    pub fn advance(&self, by: Duration) {
        *self.0.lock().expect("not poisoned") += by;
    }
}

impl Clock for FakeClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().expect("not poisoned")
    }
}

/// Bytes that look random and are the same in every run.
#[derive(Debug)]
pub struct SeededRandomness(Mutex<ChaCha20Rng>);

impl SeededRandomness {
    /// The bytes that belong to a seed.
    pub fn new(seed: u64) -> Self {
        Self(Mutex::new(ChaCha20Rng::seed_from_u64(seed)))
    }
}

impl Randomness for SeededRandomness {
    fn fill(&self, buffer: &mut [u8]) {
        self.0.lock().expect("not poisoned").fill_bytes(buffer);
    }
}

/// An ambient whose clock a test holds in its hand.
#[derive(Debug, Clone)]
pub struct TestAmbient {
    /// Pass this to what is tested.
    pub ambient: Ambient,
    /// Move this.
    pub clock: FakeClock,
}

impl Default for TestAmbient {
    /// Starts at 2026-01-01T00:00:00Z with seed 1.
    fn default() -> Self {
        let clock = FakeClock::at(1_767_225_600);
        Self { ambient: Ambient::new(clock.clone(), SeededRandomness::new(1)), clock }
    }
}
