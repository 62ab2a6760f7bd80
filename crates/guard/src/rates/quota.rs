//! How often something may happen, as people write it: `30 per 1m`, `50 per 1s, burst 500`.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use foundation::config::Period;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::IntoDeserializer as _;
use serde::de::value::Error as Unreadable;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::gcra::{Micros, Rate};

/// So many requests in each period when they come evenly, and so many at once. A value is always within its bounds.
///
/// It is one value and not three settings, so that nobody changes the one and forgets the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    requests: u32,
    per: Period,
    burst: u32,
}

/// Enough for whoever wants no limit, and still a limit.
const MOST: u32 = 1_000_000;

/// The longest until a burst may be repeated.
const LONGEST_REFILL: Duration = Duration::from_hours(30 * 24);

impl Quota {
    /// As good as no limit.
    pub const PLENTY: Self = Self::new(MOST, Period::SECOND, MOST);

    /// A quota of the program itself; mistakes in it do not compile when it is a constant.
    pub(super) const fn new(requests: u32, per: Period, burst: u32) -> Self {
        let quota = Self { requests, per, burst };
        assert!(quota.mistake().is_none());
        quota
    }

    /// How many may come at once, after a rest.
    pub fn burst(self) -> u32 {
        self.burst
    }

    /// How long the rest has to be.
    pub fn refill(self) -> Duration {
        Duration::from_micros(self.rate().refill())
    }

    /// As the algorithm wants it. Intervals are rounded up to whole microseconds.
    pub(super) const fn rate(self) -> Rate {
        let interval = self.per.as_duration().as_micros().div_ceil(self.requests as u128);
        // A day has fewer microseconds than 2^37.
        #[expect(clippy::cast_possible_truncation, reason = "see above")]
        Rate { interval: interval as Micros, burst: self.burst }
    }

    const fn mistake(self) -> Option<&'static str> {
        if self.requests == 0 || self.burst == 0 {
            return Some(
                "a limit cannot be switched off by a zero; allow as many as you like, up to 1000000",
            );
        }
        if self.requests > MOST || self.burst > MOST {
            return Some("the largest number is 1000000");
        }
        let per = self.per.as_duration().as_nanos();
        if per < Period::SECOND.as_duration().as_nanos() || per > Period::DAY.as_duration().as_nanos() {
            return Some("the period must be 1s to 1day");
        }
        if self.rate().refill() as u128 > LONGEST_REFILL.as_micros() {
            return Some("the burst is so large that it takes more than 30 days until it may be repeated");
        }
        None
    }

    fn parse(text: &str) -> Result<Self, String> {
        let (rate, burst) = match text.split_once(',') {
            Some((rate, burst)) => (rate, Some(burst)),
            None => (text, None),
        };
        let number = |text: &str| text.trim().parse().ok();
        let read = || {
            let (requests, per) = rate.split_once(" per ")?;
            let requests = number(requests)?;
            let burst = match burst {
                Some(burst) => number(burst.trim().strip_prefix("burst ")?)?,
                None => requests,
            };
            let per: Result<_, Unreadable> = Period::deserialize(per.trim().into_deserializer());
            Some(Self { requests, per: per.ok()?, burst })
        };
        let Some(quota) = read() else {
            return Err(format!(
                "{text:?} does not say how often; write it like \"30 per 1m\" or \"50 per 1s, burst 500\""
            ));
        };
        match quota.mistake() {
            Some(mistake) => Err(format!("{text:?}: {mistake}")),
            None => Ok(quota),
        }
    }
}

impl fmt::Display for Quota {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { requests, per, burst } = self;
        write!(f, "{requests} per {per}")?;
        if burst != requests {
            write!(f, ", burst {burst}")?;
        }
        Ok(())
    }
}

impl Serialize for Quota {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Quota {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<str>::deserialize(deserializer)?;
        Self::parse(&text).map_err(de::Error::custom)
    }
}

impl JsonSchema for Quota {
    fn schema_name() -> Cow<'static, str> {
        "Quota".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "examples": ["30 per 1m", "50 per 1s, burst 500"] })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_read_and_written_as_people_write_it() {
        for (text, requests, seconds, burst) in [
            ("30 per 1m", 30, 60, 30),
            ("50 per 1s, burst 500", 50, 1, 500),
            ("1000000 per 1s", 1_000_000, 1, 1_000_000),
            ("1 per 1day, burst 30", 1, 86_400, 30),
        ] {
            let quota = Quota::parse(text).expect(text);
            assert_eq!(quota, Quota { requests, per: Period::from_secs(seconds), burst });
            assert_eq!(quota.to_string(), text);
        }
        assert_eq!(Quota::parse(" 6  per 1m ,burst 2").expect("spaces").to_string(), "6 per 1m, burst 2");
    }

    #[test]
    fn what_cannot_be_meant_is_refused_with_words() {
        for (text, words) in [
            ("", "does not say how often"),
            ("30", "does not say how often"),
            ("30/1m", "does not say how often"),
            ("-1 per 1m", "does not say how often"),
            ("many per 1m", "does not say how often"),
            ("30 per minute", "does not say how often"),
            ("30 per 1m, 40", "does not say how often"),
            ("30 per 1m, burst 40, burst 50", "does not say how often"),
            ("0 per 1m", "switched off"),
            ("0 per 1m, burst 1", "switched off"),
            ("1 per 1m, burst 0", "switched off"),
            ("1000001 per 1s", "largest number"),
            ("1 per 1s, burst 1000001", "largest number"),
            ("1 per 999ms", "1s to 1day"),
            ("1 per 2days", "1s to 1day"),
            ("1 per 1day, burst 31", "more than 30 days"),
        ] {
            let mistake = Quota::parse(text).expect_err(text);
            assert!(mistake.contains(words), "{text}: {mistake}");
        }
    }

    #[test]
    fn intervals_are_never_shorter_than_was_asked_for() {
        let interval = |text| Quota::parse(text).expect(text).rate().interval;
        assert_eq!(interval("30 per 1m"), 2_000_000);
        assert_eq!(interval("7 per 1s"), 142_858);
        assert_eq!(interval("1000000 per 1s"), 1);
    }
}
