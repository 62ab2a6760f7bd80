//! How long requests took, in few numbers.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// A histogram whose buckets grow with what they hold: sixteen for each doubling, so that a percentile is at most 1/16
/// too long, from a microsecond to more than an hour, in 464 buckets at the most.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Latencies {
    /// How many were in a bucket, by its number.
    buckets: BTreeMap<u32, u64>,
}

/// Numbers below this one have a bucket each; every doubling above has as many.
const PARTS: u32 = 16;

impl Latencies {
    /// One request.
    pub fn record(&mut self, took: Duration) {
        let micros = u32::try_from(took.as_micros()).unwrap_or(u32::MAX);
        *self.buckets.entry(bucket(micros)).or_default() += 1;
    }

    /// What somebody else recorded.
    pub fn add(&mut self, other: &Self) {
        for (bucket, count) in &other.buckets {
            *self.buckets.entry(*bucket).or_default() += count;
        }
    }

    /// How many requests were recorded.
    pub fn requests(&self) -> u64 {
        self.buckets.values().sum()
    }

    /// A time that 95 of 100 requests did not exceed, at most 1/16 too long; none without requests.
    pub fn p95(&self) -> Option<Duration> {
        let requests = self.requests();
        // What is left must not be more than one in twenty.
        let within = requests - requests / 20;
        let mut seen = 0;
        let found = self.buckets.iter().find(|&(_, count)| {
            seen += count;
            seen >= within
        });
        found.map(|(bucket, _)| Duration::from_micros(end(*bucket)))
    }
}

/// The number of the bucket that holds this many microseconds.
fn bucket(micros: u32) -> u32 {
    if micros < PARTS {
        return micros;
    }
    let doublings = micros.ilog2() - PARTS.ilog2();
    // Its first five bits: the first is set, and the other four say which of the sixteen parts it is.
    (doublings << PARTS.ilog2()) + (micros >> doublings)
}

/// The longest time in a bucket, in microseconds.
fn end(bucket: u32) -> u64 {
    let last = bucket.saturating_sub(PARTS) / PARTS;
    let first_bits = u64::from(bucket - last * PARTS) + 1;
    // A state that somebody edited may name a bucket that there is not.
    (first_bits << last.min(u32::BITS)) - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_hold_what_is_at_most_a_sixteenth_less_than_their_end() {
        let ends = (0..32).flat_map(|bit| [1_u32 << bit, (1_u32 << bit) - 1, (1_u32 << bit) | 1]);
        for micros in ends.chain([1000, 12_345, 999_999, u32::MAX]) {
            let longest = end(bucket(micros));
            let micros = u64::from(micros);
            assert!(longest >= micros && longest <= micros + micros / 16, "{micros}: {longest}");
        }
        assert_eq!(bucket(u32::MAX), 463);
    }

    #[test]
    fn the_95th_percentile_is_what_one_in_twenty_exceeds() {
        let mut latencies = Latencies::default();
        assert_eq!(latencies.p95(), None);
        for millis in 1..=200 {
            latencies.record(Duration::from_millis(millis));
        }
        let p95 = latencies.p95().unwrap();
        assert!(p95 >= Duration::from_millis(190) && p95 < Duration::from_millis(202), "{p95:?}");
        let mut twice = latencies.clone();
        twice.add(&latencies);
        assert_eq!((twice.requests(), twice.p95()), (400, Some(p95)));
    }

    #[test]
    fn what_is_written_down_is_read_again() {
        let mut latencies = Latencies::default();
        latencies.record(Duration::from_millis(30));
        latencies.record(Duration::from_hours(2));
        let text = serde_json::to_string(&latencies).unwrap();
        assert_eq!(serde_json::from_str::<Latencies>(&text).unwrap(), latencies);
        assert!(serde_json::from_str::<Latencies>(r#"{"4000000000": 9}"#).unwrap().p95().is_some());
    }
}
