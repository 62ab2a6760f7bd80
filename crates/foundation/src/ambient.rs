//! Time and chance as values: the rest of the program never asks the machine for either.

use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, SubsecRound, Utc};
use uuid::Uuid;

/// A moment in UTC, to the microsecond (the finest both databases keep).
pub type Timestamp = DateTime<Utc>;

/// Where the present comes from.
pub trait Clock: Send + Sync {
    /// The present moment.
    fn now(&self) -> Timestamp;
}

/// Where chance comes from.
pub trait Randomness: Send + Sync {
    /// Fills `buffer` with unpredictable bytes.
    fn fill(&self, buffer: &mut [u8]);
}

/// The machine's own clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that asks the machine for the time")]
    fn now(&self) -> Timestamp {
        Utc::now().trunc_subsecs(6)
    }
}

/// The operating system's cryptographically secure generator.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemRandomness;

impl Randomness for SystemRandomness {
    #[expect(clippy::disallowed_methods, reason = "the one place that asks the machine for chance")]
    fn fill(&self, buffer: &mut [u8]) {
        // Without randomness no secret can be made; going on would be worse than stopping.
        getrandom::fill(buffer).expect("the operating system provides randomness");
    }
}

/// The time and the chance a program runs in. Cheap to clone.
#[derive(Clone)]
pub struct Ambient {
    clock: Arc<dyn Clock>,
    randomness: Arc<dyn Randomness>,
}

impl Ambient {
    /// An ambient of the given clock and randomness.
    pub fn new(clock: impl Clock + 'static, randomness: impl Randomness + 'static) -> Self {
        Self { clock: Arc::new(clock), randomness: Arc::new(randomness) }
    }

    /// The machine's own time and chance.
    pub fn system() -> Self {
        Self::new(SystemClock, SystemRandomness)
    }

    /// The present moment.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// `N` unpredictable bytes.
    pub fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.randomness.fill(&mut bytes);
        bytes
    }

    /// A new time-ordered id (`UUIDv7`, RFC 9562 section 5.7).
    ///
    /// # Panics
    /// If the clock stands before 1970.
    pub fn new_id(&self) -> Uuid {
        let millis = u64::try_from(self.now().timestamp_millis()).expect("the clock stands after 1970");
        uuid::Builder::from_unix_timestamp_millis(millis, &self.random()).into_uuid()
    }
}

impl fmt::Debug for Ambient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ambient").field("now", &self.now()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct At(i64);

    impl Clock for At {
        fn now(&self) -> Timestamp {
            DateTime::from_timestamp_millis(self.0).expect("valid")
        }
    }

    // ASVS 11.5.1 - ids are never secrets
    #[test]
    fn ids_are_version_7_and_sort_by_time() {
        let ambient = Ambient::system();
        let id = ambient.new_id();
        assert_eq!(id.get_version_num(), 7);

        let early = Ambient::new(At(1_000), SystemRandomness).new_id();
        let late = Ambient::new(At(2_000), SystemRandomness).new_id();
        assert!(early < late);
    }

    #[test]
    fn the_present_has_no_more_than_microseconds() {
        assert_eq!(SystemClock.now().timestamp_subsec_nanos() % 1_000, 0);
    }
}
