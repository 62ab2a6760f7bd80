//! Who has just had a bad event is not heard about it for ten seconds.
//!
//! A page that fails asks again, and a client that fails does so in bursts: four failures of one person are one finding,
//! and the tests suppose that events are independent. To drop only the repeated *bad* events would do harm, though. Of
//! an address behind which a thousand people sit, one failure in ten seconds would be left, among all of its good
//! requests: however broken the release, its rate of failures would look like nothing, and it would be proven good.
//! Therefore the client is not heard at all about that signal meanwhile, neither with bad requests nor with good ones.
//! Whether a request is heard is then settled before it is known how it ends, and so the share of bad ones among
//! those that are heard is what it is among all, and the odds of the two arms stay those of what is counted.
//!
//! What is remembered here need not survive a restart: at worst a client is heard twice in ten seconds.

use std::fmt;

use super::tally::{Arm, Counts, Signal, Signals, Tally};

/// For how many seconds a client is not heard about a signal.
pub const QUIET_SECONDS: u64 = 10;

/// In how many buckets clients are remembered, and how many fit into one.
const BUCKETS: usize = 4096;
const WAYS: usize = 4;

/// Decides which requests are heard, and counts them.
///
/// It remembers 16,384 clients at the most, in 640 KiB that are taken with the first bad event. Where a bucket is full,
/// the client whose silence ends first is forgotten, and heard early: it errs towards counting. More than about eight
/// thousand clients that fail within ten seconds are no one's burst but an incident, and what must not happen then is
/// that nobody is heard.
///
/// One look-up costs one line of memory, and none at all while nobody is quiet. Whoever shares it among threads shards it
/// by the client.
#[derive(Default)]
pub struct Thinning {
    buckets: Vec<[Quiet; WAYS]>,
    /// When the last silence ends.
    until: u64,
}

/// A client, and until when it is not heard about each signal. One that was never quiet is free room.
#[derive(Clone, Copy, Default)]
struct Quiet {
    key: u64,
    until: [u64; 4],
}

impl Quiet {
    fn ends(&self) -> u64 {
        self.until.into_iter().max().unwrap_or_default()
    }
}

impl Thinning {
    /// Counts a request of a client, known by a well mixed hash, that ended in this second, in the tally of its arm.
    pub fn count(&mut self, second: u64, arm: Arm, client: u64, bad: Signals, tally: &mut Tally) {
        if bad == Signals::NONE && self.until <= second {
            tally.count_good(1);
            return;
        }
        let key = key(arm, client);
        for signal in Signal::ALL {
            if self.is_quiet(second, key, signal) {
                continue;
            }
            let is_bad = bad.contains(signal);
            tally.count(signal, Counts { good: u32::from(!is_bad), bad: u32::from(is_bad) });
            if is_bad {
                self.silence(second, key, signal);
            }
        }
    }

    fn is_quiet(&self, second: u64, key: u64, signal: Signal) -> bool {
        let bucket = self.buckets.get(bucket(key));
        let client = bucket.and_then(|bucket| bucket.iter().find(|quiet| quiet.key == key));
        // A clock that was set back would keep clients quiet for longer than ten seconds.
        let window = second + 1..=second + QUIET_SECONDS;
        client.is_some_and(|quiet| window.contains(&quiet.until[signal.index()]))
    }

    fn silence(&mut self, second: u64, key: u64, signal: Signal) {
        if self.buckets.is_empty() {
            self.buckets = vec![[Quiet::default(); WAYS]; BUCKETS];
        }
        let room = room(&mut self.buckets[bucket(key)], key);
        if room.key != key {
            *room = Quiet { key, ..Quiet::default() };
        }
        room.until[signal.index()] = second + QUIET_SECONDS;
        self.until = second + QUIET_SECONDS;
    }
}

impl fmt::Debug for Thinning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Thinning").field("until", &self.until).finish_non_exhaustive()
    }
}

/// Where a client is remembered: where it is already, else where the silence ends first.
fn room(bucket: &mut [Quiet; WAYS], key: u64) -> &mut Quiet {
    let known = bucket.iter().position(|quiet| quiet.key == key);
    let first = || (0..WAYS).min_by_key(|at| bucket[*at].ends()).unwrap_or_default();
    let at = known.unwrap_or_else(first);
    &mut bucket[at]
}

/// A client of one arm. A tester who is sent to the other arm is somebody else there.
fn key(arm: Arm, client: u64) -> u64 {
    const ODD: u64 = 0x9e37_79b9_7f4a_7c15;
    let salt = match arm {
        Arm::Incumbent => 0,
        Arm::Candidate => ODD,
    };
    (client ^ salt).wrapping_mul(ODD)
}

fn bucket(key: u64) -> usize {
    const SHIFT: u32 = u64::BITS - BUCKETS.ilog2();
    usize::try_from(key >> SHIFT).expect("twelve bits are left")
}

#[cfg(test)]
mod tests;
