//! Chance from a seed, and how many of a kind come in a second.

/// Chance that is the same each time: `SplitMix64` (Steele, Lea and Flood, 2014), which is as good as the tests need and ten
/// times as quick in a build without optimisation as a cipher.
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn new(seed: u64) -> Self {
        // Neighbours among the seeds shall not be neighbours on the way.
        Self(mixed(seed.wrapping_mul(0xd134_2543_de82_ef95)))
    }

    /// A number from 0 up to 1.
    pub(crate) fn part(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        f64::from(u32::try_from(mixed(self.0) >> 32).expect("32 bits are left")) / 4_294_967_296.0
    }
}

fn mixed(state: u64) -> u64 {
    let state = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let state = (state ^ (state >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    state ^ (state >> 31)
}

/// How many come in a second, of a kind of which so many come on average.
pub(crate) struct Poisson {
    /// How probable it is that there are at most so many.
    at_most: Vec<f64>,
    /// Below this many there are none that are worth mentioning.
    first: usize,
}

impl Poisson {
    pub(crate) fn of(mean: f64) -> Self {
        let (mut at_most, mut sum, mut count) = (Vec::new(), 0.0, 0_u32);
        // The logarithm of the probability, as the first ones of a great mean are too small for a number.
        let mut log = -mean;
        while sum < 1.0 - 1e-12 && f64::from(count) < mean + 20.0 * (mean.sqrt() + 1.0) {
            sum += log.exp();
            at_most.push(sum);
            count += 1;
            log += if mean > 0.0 { mean.ln() - f64::from(count).ln() } else { f64::NEG_INFINITY };
        }
        let first = at_most.partition_point(|sum| *sum < 1e-12);
        Self { at_most, first }
    }

    pub(crate) fn draw(&self, chance: &mut Chance) -> u32 {
        let part = chance.part();
        let (mut least, mut most) = (self.first, self.at_most.len());
        // The most frequent answer to a small mean.
        if self.at_most[least] > part {
            return u32::try_from(least).expect("a count of a second");
        }
        while least < most {
            let middle = least + (most - least) / 2;
            if self.at_most[middle] > part {
                most = middle;
            } else {
                least = middle + 1;
            }
        }
        u32::try_from(least).expect("a count of a second")
    }
}

/// Whether so many failures in so many runs show, with 95 % confidence, that fewer than a share of all runs fail: the
/// exact binomial bound of Clopper and Pearson.
pub(crate) fn shows_less_than(share: f64, failures: u32, runs: u32) -> bool {
    let mut term = f64::from(runs) * (1.0 - share).ln();
    let mut at_most = term.exp();
    for count in 1..=failures {
        let ways = f64::from(runs - count + 1).ln() - f64::from(count).ln();
        term += ways + share.ln() - (1.0 - share).ln();
        at_most += term.exp();
    }
    at_most <= 0.05
}

#[test]
fn the_bound_is_the_one_in_the_books() {
    // "Rule of three", and the 4742 of one failure.
    assert!(shows_less_than(0.001, 0, 2995) && !shows_less_than(0.001, 0, 2994));
    assert!(shows_less_than(0.001, 1, 4742) && !shows_less_than(0.001, 1, 4741));
}

#[test]
fn as_many_come_as_should() {
    let mut chance = Chance::new(1);
    for mean in [0.0, 0.005, 0.5, 5.0, 450.0] {
        let poisson = Poisson::of(mean);
        let draws: Vec<_> = (0..20_000).map(|_| f64::from(poisson.draw(&mut chance))).collect();
        let average = draws.iter().sum::<f64>() / 20_000.0;
        let variance = draws.iter().map(|draw| (draw - average).powi(2)).sum::<f64>() / 20_000.0;
        let error = (mean / 20_000.0).sqrt();
        assert!((average - mean).abs() <= 4.0 * error, "{mean}: {average}");
        assert!((variance - mean).abs() <= 0.05 * mean + 4.0 * error, "{mean}: {variance}");
    }
}
