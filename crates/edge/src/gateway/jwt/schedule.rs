//! When keys are fetched. Pure; time is passed in.

use std::time::{Duration, Instant};

/// How far apart the fetches are that requests ask for: whoever makes keys up must not make us a nuisance to the issuer.
const COOL_DOWN: Duration = Duration::from_secs(10);
/// The longest pause after a failure.
const LONGEST_PAUSE: Duration = Duration::from_mins(1);
/// An issuer who says that its keys change all the time is asked no more often than this.
const SHORTEST_REFRESH: Duration = Duration::from_secs(30);

/// What has been fetched so far.
#[derive(Debug)]
pub(super) struct Schedule {
    refresh: Duration,
    is_under_way: bool,
    asked_for: Option<Instant>,
    failures: u32,
}

/// What comes of the wish for other keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wish {
    /// They are to be fetched.
    Granted,
    /// They are being fetched.
    UnderWay,
    /// They have just been fetched.
    Refused,
}

impl Schedule {
    pub(super) fn new(refresh: Duration) -> Self {
        Self { refresh, is_under_way: false, asked_for: None, failures: 0 }
    }

    /// A request has a token of an unknown key.
    pub(super) fn wish(&mut self, now: Instant) -> Wish {
        if self.is_under_way {
            return Wish::UnderWay;
        }
        if self.asked_for.is_some_and(|last| now.saturating_duration_since(last) < COOL_DOWN) {
            return Wish::Refused;
        }
        (self.asked_for, self.is_under_way) = (Some(now), true);
        Wish::Granted
    }

    pub(super) fn begun(&mut self) {
        self.is_under_way = true;
    }

    /// How long until the next time. `max_age` is how long the issuer says that its keys are fresh.
    pub(super) fn ended(&mut self, outcome: Result<Option<Duration>, ()>) -> Duration {
        self.is_under_way = false;
        if let Ok(max_age) = outcome {
            self.failures = 0;
            let fresh = max_age.map(|age| age.max(SHORTEST_REFRESH));
            return fresh.map_or(self.refresh, |age| age.min(self.refresh));
        }
        let pause = Duration::from_secs(1 << self.failures.min(6)).min(LONGEST_PAUSE);
        self.failures = self.failures.saturating_add(1);
        pause.min(self.refresh)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REFRESH: Duration = Duration::from_mins(5);

    #[test]
    fn an_unknown_key_has_them_fetched_at_once_and_not_for_ever() {
        let (mut schedule, start) = (Schedule::new(REFRESH), Instant::now());
        schedule.begun();
        assert_eq!(schedule.wish(start), Wish::UnderWay);
        assert_eq!(schedule.ended(Ok(None)), REFRESH);
        assert_eq!(schedule.wish(start), Wish::Granted);
        assert_eq!(schedule.wish(start), Wish::UnderWay);
        schedule.begun();
        schedule.ended(Ok(None));
        for millis in [0, 1, 9_999] {
            assert_eq!(schedule.wish(start + Duration::from_millis(millis)), Wish::Refused);
        }
        assert_eq!(schedule.wish(start + COOL_DOWN), Wish::Granted);
    }

    #[test]
    fn a_source_that_is_down_is_asked_less_and_less_often() {
        let mut schedule = Schedule::new(REFRESH);
        let pauses: Vec<_> = (0..9).map(|_| schedule.ended(Err(())).as_secs()).collect();
        assert_eq!(pauses, [1, 2, 4, 8, 16, 32, 60, 60, 60]);
        assert_eq!(schedule.ended(Ok(None)), REFRESH);
        assert_eq!(schedule.ended(Err(())).as_secs(), 1);
    }

    #[test]
    fn the_issuer_may_want_to_be_asked_sooner_within_bounds() {
        let mut schedule = Schedule::new(REFRESH);
        for (max_age, pause) in [(0, 30), (29, 30), (60, 60), (300, 300), (86_400, 300)] {
            assert_eq!(schedule.ended(Ok(Some(Duration::from_secs(max_age)))).as_secs(), pause);
        }
        let mut often = Schedule::new(Duration::from_secs(10));
        assert_eq!(often.ended(Ok(Some(Duration::from_mins(1)))).as_secs(), 10);
    }
}
