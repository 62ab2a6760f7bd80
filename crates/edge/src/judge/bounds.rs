//! What a release may do: the bounds of the rules. They are values of their own types, so that none is out of range.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::words::percent;

/// The bounds of all rules. A rule whose bound is `None` is off: it neither fires nor has to be proven.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Bounds {
    /// Which share of the requests may fail: 5xx, no connection, time-out.
    pub errors: Share,
    /// Which share of the requests may be answered with 401.
    pub unauthorized: Option<Share>,
    /// Which share of the requests may be slower than [`slow_after`](Self::slow_after).
    pub slow: Option<Share>,
    /// From when on a request is slow, in milliseconds.
    pub slow_after_ms: u32,
    /// Which share of the application's database connections may be in use.
    pub pool: Option<Share>,
    /// How many times as often as the incumbent's the candidate's requests may fail.
    pub more_errors: Option<Ratio>,
    /// How many times as often as the incumbent's the candidate's requests may be slower than the incumbent's 95th
    /// percentile.
    pub slower: Option<Ratio>,
    /// The least of that percentile, in milliseconds: below it nobody notices, and a canary's caches are colder.
    pub slower_least_ms: u32,
    /// For how many seconds, from the candidate's first request on, nothing is said about its speed. Run times that
    /// compile while they run need some.
    pub warm_up: u32,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            errors: Share(0.02),
            unauthorized: Some(Share(0.05)),
            slow: Some(Share(0.05)),
            slow_after_ms: 1000,
            pool: Some(Share(0.95)),
            more_errors: Some(Ratio(1.5)),
            slower: Some(Ratio(1.25)),
            slower_least_ms: 20,
            warm_up: 0,
        }
    }
}

impl Bounds {
    /// From when on a request counts as slow.
    pub fn slow_after(&self) -> Duration {
        Duration::from_millis(self.slow_after_ms.into())
    }

    /// The least threshold for "slower than the incumbent".
    pub fn slower_least(&self) -> Duration {
        Duration::from_millis(self.slower_least_ms.into())
    }
}

/// A share of requests or connections: 0.0001 to 0.99.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct Share(f64);

impl Share {
    const LEAST: f64 = 0.0001;
    const MOST: f64 = 0.99;
}

impl TryFrom<f64> for Share {
    type Error = OutOfRange;

    fn try_from(share: f64) -> Result<Self, OutOfRange> {
        within(share, Self::LEAST, Self::MOST).map(Self)
    }
}

impl From<Share> for f64 {
    fn from(share: Share) -> Self {
        share.0
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&percent(self.0))
    }
}

/// How many times as often something may happen: 1 to 100.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct Ratio(f64);

impl TryFrom<f64> for Ratio {
    type Error = OutOfRange;

    fn try_from(ratio: f64) -> Result<Self, OutOfRange> {
        within(ratio, 1.0, 100.0).map(Self)
    }
}

impl From<Ratio> for f64 {
    fn from(ratio: Ratio) -> Self {
        ratio.0
    }
}

impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A bound that makes no sense.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
#[error("must be {least} to {most}; it is {given}")]
pub struct OutOfRange {
    given: f64,
    least: f64,
    most: f64,
}

fn within(given: f64, least: f64, most: f64) -> Result<f64, OutOfRange> {
    // Not a number is in no range.
    if (least..=most).contains(&given) { Ok(given) } else { Err(OutOfRange { given, least, most }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_makes_no_sense_is_refused_in_words() {
        for share in [0.0, -0.1, 1.0, f64::NAN, f64::INFINITY] {
            assert!(Share::try_from(share).is_err(), "{share}");
        }
        for ratio in [0.9, 101.0, f64::NAN] {
            assert!(Ratio::try_from(ratio).is_err(), "{ratio}");
        }
        let said = serde_json::from_str::<Bounds>(r#"{"errors": 2}"#).unwrap_err().to_string();
        assert!(said.starts_with("must be 0.0001 to 0.99; it is 2"), "{said}");
    }

    #[test]
    fn what_is_not_given_is_the_default_and_null_is_off() {
        let bounds: Bounds = serde_json::from_str(r#"{"errors": 0.01, "unauthorized": null}"#).unwrap();
        let expected = Bounds { errors: Share(0.01), unauthorized: None, ..Bounds::default() };
        assert_eq!(bounds, expected);
    }
}
