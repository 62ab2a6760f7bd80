//! Six guesses of how bad, or how good, a release may be, and what each bet on them has become.
//!
//! A bet multiplies with every request by the likelihood ratio of its guess against the bound. While the bound is kept it
//! does not grow on average, whenever one looks (Howard, Ramdas et al., "Time-uniform, nonparametric, nonasymptotic
//! confidence sequences", 2021). The mean of several such bets is one, too.

use super::tally::Counts;

/// The natural logarithms of what six bets have become.
pub(crate) type Logs = [f64; 6];

/// How the logarithms of the bets grow with a bad request and with a good one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Stakes {
    bad: Logs,
    good: Logs,
}

impl Stakes {
    /// Bets that more than a share `p` is bad.
    pub(crate) fn above(p: f64) -> Self {
        Self::new(p, [0.02, 0.05, 0.1, 0.2, 0.4, 0.8].map(|part| p + (1.0 - p) * part))
    }

    /// Bets that less than a share `p` is bad. None bets on zero: it would lose all at the first bad request.
    pub(crate) fn below(p: f64) -> Self {
        Self::new(p, [0.02, 0.05, 0.1, 0.2, 0.4, 0.8].map(|part| p * part))
    }

    fn new(p: f64, guesses: Logs) -> Self {
        let bad = guesses.map(|q| (q / p).ln());
        let good = guesses.map(|q| ((1.0 - q) / (1.0 - p)).ln());
        Self { bad, good }
    }

    /// How the logarithms grow with these requests. Only sums count, so their order does not.
    pub(crate) fn growth(&self, counts: Counts) -> Logs {
        self.growth_of(f64::from(counts.good), f64::from(counts.bad))
    }

    /// How they grow with one request of which this share is bad: on the way, on average.
    pub(crate) fn drift(&self, share: f64) -> Logs {
        self.growth_of(1.0 - share, share)
    }

    fn growth_of(&self, good: f64, bad: f64) -> Logs {
        let mut growth = self.good;
        for (growth, stake) in growth.iter_mut().zip(self.bad) {
            *growth = *growth * good + stake * bad;
        }
        growth
    }
}

/// The greatest of the logarithms.
pub(crate) fn greatest(logs: &Logs) -> f64 {
    let mut greatest = logs[0];
    for log in logs {
        if *log > greatest {
            greatest = *log;
        }
    }
    greatest
}

/// The logarithm of the bets' mean: of the exponentials, which themselves may be too great for a number.
pub(crate) fn log_mean(logs: &Logs) -> f64 {
    let greatest = greatest(logs);
    let sum: f64 = logs.iter().map(|log| (log - greatest).exp()).sum();
    greatest + (sum / 6.0).ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mean_is_right_and_never_too_great_for_a_number() {
        let mean = log_mean(&[1.0, 2.0, 4.0, 8.0, 16.0, 32.0].map(f64::ln));
        assert!((mean - 10.5_f64.ln()).abs() < 1e-12, "{mean}");
        let huge = log_mean(&[1e6, 0.0, 0.0, 0.0, 0.0, -1e6]);
        assert!((huge - (1e6 - 6_f64.ln())).abs() < 1e-6, "{huge}");
    }

    /// On average over one request at the bound, no bet gains: the definition of a fair bet.
    #[test]
    fn at_the_bound_no_bet_gains() {
        for p in [0.001, 0.02, 0.05, 0.5] {
            for stakes in [Stakes::above(p), Stakes::below(p)] {
                for at in 0..6 {
                    let mean = p * stakes.bad[at].exp() + (1.0 - p) * stakes.good[at].exp();
                    assert!((mean - 1.0).abs() < 1e-12, "{p} {at}: {mean}");
                }
            }
        }
    }
}
