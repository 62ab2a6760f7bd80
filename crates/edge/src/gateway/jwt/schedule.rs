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
    attempts: u64,
    is_under_way: bool,
    asked_for: Option<Instant>,
    failures: u32,
}

impl Schedule {
    /// They are fetched from the start.
    pub(super) fn new(refresh: Duration) -> Self {
        Self { refresh, attempts: 0, is_under_way: true, asked_for: None, failures: 0 }
    }

    /// How often they were fetched, or could not be.
    pub(super) fn attempts(&self) -> u64 {
        self.attempts
    }

    /// A request has a token of a key that was unknown after so many attempts. Whether it is worth waiting for another.
    pub(super) fn wish(&mut self, seen: u64, now: Instant) -> bool {
        if self.is_under_way {
            return true;
        }
        if self.attempts > seen {
            return false;
        }
        if self.asked_for.is_some_and(|last| now.saturating_duration_since(last) < COOL_DOWN) {
            return false;
        }
        (self.asked_for, self.is_under_way) = (Some(now), true);
        true
    }

    /// They are being fetched, or are to be at once.
    pub(super) fn is_under_way(&self) -> bool {
        self.is_under_way
    }

    pub(super) fn begun(&mut self) {
        self.is_under_way = true;
    }

    /// How long until the next time. `max_age` is how long the issuer says that its keys are fresh.
    pub(super) fn ended(&mut self, outcome: Result<Option<Duration>, ()>) -> Duration {
        self.is_under_way = false;
        self.attempts += 1;
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
        assert!(schedule.wish(0, start), "they are fetched from the start");
        assert_eq!(schedule.ended(Ok(None)), REFRESH);
        assert!(!schedule.is_under_way());
        assert!(schedule.wish(1, start) && schedule.is_under_way());
        assert!(schedule.wish(1, start), "others wait for the same");
        schedule.begun();
        schedule.ended(Ok(None));
        for millis in [0, 1, 9_999] {
            assert!(!schedule.wish(2, start + Duration::from_millis(millis)));
        }
        assert!(schedule.wish(2, start + COOL_DOWN));
    }

    #[test]
    fn keys_that_came_since_somebody_looked_are_not_fetched_once_more() {
        let (mut schedule, start) = (Schedule::new(REFRESH), Instant::now());
        schedule.ended(Ok(None));
        assert!(!schedule.wish(0, start) && !schedule.is_under_way());
        assert!(schedule.wish(1, start), "to whoever has looked at them they are not new");
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
