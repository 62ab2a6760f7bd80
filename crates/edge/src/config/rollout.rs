//! What an operator can set about rollouts: by what a release is judged.

use foundation::config::Period;
use garde::Validate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::judge::{Bounds, Ratio, Share};

/// By what a release is judged. A bound of 0 switches its rule off.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(default, deny_unknown_fields)]
pub struct RolloutConfig {
    /// Which share of the requests may fail: answers of 5xx, no connection, time-out.
    #[garde(range(min = 0.0001, max = 0.99))]
    pub errors: f64,
    /// Which share of the requests may be answered with 401.
    #[garde(custom(|share: &f64, (): &()| a_share(*share)))]
    pub unauthorized: f64,
    /// Which share of the requests may be slow.
    #[garde(custom(|share: &f64, (): &()| a_share(*share)))]
    pub slow: f64,
    /// From when on a request is slow: the time until its answer begins.
    #[garde(custom(|period: &Period, (): &()| period.within(Period::from_millis(1), Period::HOUR)))]
    pub slow_after: Period,
    /// Which share of the application's database connections may be in use, where it tells of them.
    #[garde(custom(|share: &f64, (): &()| a_share(*share)))]
    pub pool: f64,
    /// The page of metrics on which each target tells of its pool, in the text format of Prometheus, for example
    /// `/metrics`. Without it nothing is said about pools.
    #[garde(inner(custom(|text: &String, (): &()| super::service::a_path(text))))]
    pub metrics: Option<String>,
    /// The metric that says how many connections are in use.
    #[garde(length(min = 1))]
    pub pool_used: String,
    /// The metric that says how many there may be.
    #[garde(length(min = 1))]
    pub pool_size: String,
    /// What is asked for, by GET, when too few visitors come to judge by: a page that is like what visitors want.
    #[garde(custom(|text: &String, (): &()| super::service::a_path(text)))]
    pub probe: String,
    /// How often, to each slot.
    #[garde(range(min = 1, max = 100))]
    pub probes_per_second: u32,
    /// How many times as often as the old release the new one may fail.
    #[garde(custom(|ratio: &f64, (): &()| a_ratio(*ratio)))]
    pub more_errors: f64,
    /// How many times as often as the old release the new one may be slower than 95 of 100 answers of the old one were.
    #[garde(custom(|ratio: &f64, (): &()| a_ratio(*ratio)))]
    pub slower: f64,
    /// For how long, from its first request on, nothing is said about the speed of a new release.
    #[garde(custom(|period: &Period, (): &()| period.within(Period::ZERO, Period::HOUR)))]
    pub warm_up: Period,
}

impl Default for RolloutConfig {
    fn default() -> Self {
        Self {
            errors: 0.02,
            unauthorized: 0.05,
            slow: 0.05,
            slow_after: Period::SECOND,
            pool: 0.95,
            metrics: None,
            pool_used: "database_connections_in_use".to_owned(),
            pool_size: "database_connections_max".to_owned(),
            probe: "/".to_owned(),
            probes_per_second: 5,
            more_errors: 1.5,
            slower: 1.25,
            warm_up: Period::ZERO,
        }
    }
}

impl RolloutConfig {
    /// The same as the judge wants it.
    pub(crate) fn bounds(&self) -> Bounds {
        let defaults = Bounds::default();
        let share = |share: f64| Share::try_from(share).ok();
        let ratio = |ratio: f64| Ratio::try_from(ratio).ok();
        let millis = |period: Period| u32::try_from(period.as_duration().as_millis()).unwrap_or(u32::MAX);
        Bounds {
            errors: share(self.errors).unwrap_or(defaults.errors),
            unauthorized: share(self.unauthorized),
            slow: share(self.slow),
            slow_after_ms: millis(self.slow_after),
            pool: share(self.pool),
            more_errors: ratio(self.more_errors),
            slower: ratio(self.slower),
            slower_least_ms: defaults.slower_least_ms,
            warm_up: u32::try_from(self.warm_up.as_duration().as_secs()).unwrap_or(u32::MAX),
        }
    }
}

fn a_share(share: f64) -> garde::Result {
    is_off_or(share, Share::try_from(share).err())
}

fn a_ratio(ratio: f64) -> garde::Result {
    is_off_or(ratio, Ratio::try_from(ratio).err())
}

fn is_off_or<E: std::fmt::Display>(given: f64, wrong: Option<E>) -> garde::Result {
    match wrong {
        Some(wrong) if given != 0.0 => Err(garde::Error::new(format!("{wrong}; 0 switches the rule off"))),
        _ => Ok(()),
    }
}
