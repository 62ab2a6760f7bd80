//! Which arm a visitor is sent to: `hash(visitor) < weight`.
//!
//! A visitor stays where they are while the weight does, and nothing need be kept about them. Who is in at 10 % is in at
//! 50 %; who came in between goes back when the weight does. The hash is salted with the rollout's id, so that it is not
//! the same people who try every release first, and it is the same on every machine and in every version.

use foundation::Uuid;
use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

use super::Weight;
use crate::judge::Arm;

/// Where a visitor goes, who is known by a cookie, or an address and an agent.
pub fn assign(rollout: Uuid, visitor: &[u8], weight: Weight) -> Arm {
    if place(rollout, visitor) < u8::from(weight) { Arm::Candidate } else { Arm::Incumbent }
}

/// A visitor's place in the queue for this rollout: 0 to 99.
fn place(rollout: Uuid, visitor: &[u8]) -> u8 {
    let hash = xxh3_64_with_seed(visitor, xxh3_64(rollout.as_bytes()));
    // The hash as a part of 1, times 100. A remainder would do as well, but only almost evenly.
    let hundredth = (u128::from(hash) * 100) >> u64::BITS;
    u8::try_from(hundredth).expect("a part of 1 times 100 is less than 100")
}

/// The visitor as [`crate::judge::Thinning`] knows them.
pub fn client(visitor: &[u8]) -> u64 {
    xxh3_64(visitor)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ROLLOUT: Uuid = Uuid::from_u128(0x0199_0000_0000_7000_8000_0000_0000_0001);

    fn is_in(rollout: Uuid, visitor: &[u8], weight: u8) -> bool {
        assign(rollout, visitor, Weight::try_from(weight).unwrap()) == Arm::Candidate
    }

    fn visitors(count: u32) -> impl Iterator<Item = Vec<u8>> {
        (0..count).map(|number| format!("visitor {number}").into_bytes())
    }

    proptest! {
        #[test]
        fn nobody_is_in_at_0_and_everybody_at_100(rollout: u128, visitor: Vec<u8>) {
            prop_assert!(!is_in(Uuid::from_u128(rollout), &visitor, 0));
            prop_assert!(is_in(Uuid::from_u128(rollout), &visitor, 100));
        }

        #[test]
        fn who_is_in_stays_in_while_the_weight_grows(rollout: u128, visitor: Vec<u8>, weights: [u8; 2]) {
            let (less, more) = (weights[0] % 101, weights[1] % 101);
            let (less, more) = (less.min(more), less.max(more));
            let rollout = Uuid::from_u128(rollout);
            prop_assert!(!is_in(rollout, &visitor, less) || is_in(rollout, &visitor, more));
        }

        #[test]
        fn a_weight_that_goes_back_brings_back_who_came_with_it(visitor: Vec<u8>) {
            let before = is_in(ROLLOUT, &visitor, 10);
            let _ = is_in(ROLLOUT, &visitor, 50);
            prop_assert_eq!(is_in(ROLLOUT, &visitor, 10), before);
        }
    }

    /// Other numbers here would move visitors from one release to the other during an upgrade.
    #[test]
    fn places_are_the_same_on_every_machine_and_in_every_version() {
        let places: Vec<_> = [&b""[..], b"a", b"visitor 1", "Zoë".as_bytes()]
            .into_iter()
            .map(|visitor| place(ROLLOUT, visitor))
            .collect();
        assert_eq!(places, [60, 10, 35, 90]);
    }

    /// The sum of squares that chi-square's test uses: with 99 degrees of freedom it exceeds 149 once in a thousand times.
    fn unevenness(counts: &[u32], expected: f64) -> f64 {
        counts.iter().map(|count| (f64::from(*count) - expected).powi(2) / expected).sum()
    }

    #[test]
    fn places_are_even() {
        let mut counts = [0; 100];
        for visitor in visitors(100_000) {
            counts[usize::from(place(ROLLOUT, &visitor))] += 1;
        }
        let unevenness = unevenness(&counts, 1000.0);
        assert!((53.0..149.0).contains(&unevenness), "{unevenness}");
    }

    /// Of those who are in at 10 % of one rollout, a tenth is in at 10 % of another.
    #[test]
    fn it_is_not_always_the_same_people() {
        let other = Uuid::from_u128(ROLLOUT.as_u128() + 1);
        let first: Vec<_> = visitors(100_000).filter(|visitor| is_in(ROLLOUT, visitor, 10)).collect();
        let mut counts = [0; 100];
        for visitor in &first {
            counts[usize::from(place(other, visitor))] += 1;
        }
        let expected = f64::from(u32::try_from(first.len()).unwrap()) / 100.0;
        let unevenness = unevenness(&counts, expected);
        assert!((53.0..149.0).contains(&unevenness), "{unevenness}");
    }
}
