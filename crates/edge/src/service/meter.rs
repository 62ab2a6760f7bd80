//! What became of the requests to a service, arm by arm, counted until the engine asks, once a second.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use super::{Outcome, Thresholds};
use crate::judge::{self, Latencies, Signal, Tally, Thinning};
use crate::rollout::Slot;

/// So many threads seldom wait for each other.
const SHARDS: usize = 8;
/// In microseconds.
const NEVER: u64 = u64::MAX;

/// What one arm did since the last look.
#[derive(Debug, Clone, Default)]
pub(crate) struct Counted {
    /// As the judge counts: nobody is heard twice in ten seconds about what was bad.
    pub(crate) tally: Tally,
    /// All that were answered.
    pub(crate) latencies: Latencies,
    pub(crate) requests: u64,
    pub(crate) errors: u64,
    pub(crate) unauthorized: u64,
}

/// Counts; shared by all connections.
#[derive(Debug)]
pub(crate) struct Meter {
    began: Instant,
    shards: [Mutex<Shard>; SHARDS],
    slow_after: AtomicU64,
    /// In microseconds; none is so slow while nobody knows how slow that is.
    slower_after: AtomicU64,
}

#[derive(Debug, Default)]
struct Shard {
    thinning: Thinning,
    blue: Counted,
    green: Counted,
}

impl Meter {
    pub(crate) fn new(began: Instant) -> Self {
        let never = || AtomicU64::new(NEVER);
        Self { began, shards: Default::default(), slow_after: never(), slower_after: never() }
    }

    /// From when on requests count as slow, and as slower than the incumbent's.
    pub(crate) fn set_thresholds(&self, Thresholds { slow, slower }: Thresholds) {
        self.slow_after.store(micros(slow), Ordering::Relaxed);
        self.slower_after.store(slower.map_or(NEVER, micros), Ordering::Relaxed);
    }

    /// Counts a request of a client, known by a well mixed hash.
    pub(crate) fn count(&self, slot: Slot, client: u64, outcome: Outcome, now: Instant) {
        let second = now.saturating_duration_since(self.began).as_secs();
        let bad = outcome.signals(self.thresholds());
        let index = usize::try_from(client % SHARDS as u64).unwrap_or_default();
        let mut shard = self.shards[index].lock().expect("nobody panics with it");
        let Shard { thinning, blue, green } = &mut *shard;
        let (arm, counted) = match slot {
            Slot::Blue => (judge::Arm::Incumbent, blue),
            Slot::Green => (judge::Arm::Candidate, green),
        };
        thinning.count(second, arm, client, bad, &mut counted.tally);
        counted.requests += 1;
        counted.errors += u64::from(bad.contains(Signal::Errors));
        counted.unauthorized += u64::from(bad.contains(Signal::Unauthorized));
        if let Outcome::Answered(_, after) = outcome {
            counted.latencies.record(after);
        }
    }

    fn thresholds(&self) -> Thresholds {
        let slower = self.slower_after.load(Ordering::Relaxed);
        Thresholds {
            slow: Duration::from_micros(self.slow_after.load(Ordering::Relaxed)),
            slower: (slower < NEVER).then(|| Duration::from_micros(slower)),
        }
    }

    /// What both arms did since the last look: blue's and green's.
    pub(crate) fn take(&self) -> [Counted; 2] {
        let mut both = [Counted::default(), Counted::default()];
        for shard in &self.shards {
            let mut shard = shard.lock().expect("nobody panics with it");
            let taken = [std::mem::take(&mut shard.blue), std::mem::take(&mut shard.green)];
            drop(shard);
            for (all, some) in both.iter_mut().zip(&taken) {
                all.add(some);
            }
        }
        both
    }
}

impl Counted {
    pub(crate) fn add(&mut self, other: &Self) {
        self.tally.add(&other.tally);
        self.latencies.add(&other.latencies);
        self.requests += other.requests;
        self.errors += other.errors;
        self.unauthorized += other.unauthorized;
    }
}

fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(NEVER)
}

#[cfg(test)]
mod tests {
    use http::StatusCode;

    use super::*;

    #[test]
    fn what_is_counted_is_given_once() {
        let now = Instant::now();
        let meter = Meter::new(now);
        let (slow, slower) = (Duration::from_secs(1), Some(Duration::from_millis(100)));
        meter.set_thresholds(Thresholds { slow, slower });
        let answered = |status, millis| Outcome::Answered(status, Duration::from_millis(millis));
        for client in 0..100 {
            meter.count(Slot::Blue, client, answered(StatusCode::OK, 10), now);
        }
        meter.count(Slot::Green, 1, Outcome::Lost, now);
        meter.count(Slot::Green, 2, answered(StatusCode::BAD_GATEWAY, 1001), now);
        meter.count(Slot::Green, 3, answered(StatusCode::UNAUTHORIZED, 101), now);
        meter.count(Slot::Green, 3, answered(StatusCode::UNAUTHORIZED, 101), now);
        let [blue, green] = meter.take();
        assert_eq!((blue.requests, blue.errors, blue.latencies.requests()), (100, 0, 100));
        assert_eq!((green.requests, green.errors, green.unauthorized), (4, 2, 2));
        let bad = Signal::ALL.map(|signal| green.tally.of(signal).bad);
        assert_eq!(bad, [2, 1, 1, 2], "errors, unauthorized, slow, slower; the fourth was not heard again");
        assert!(meter.take().iter().all(|counted| counted.requests == 0));
    }
}
