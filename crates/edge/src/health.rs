//! Whether a target may be given requests, and how many: what its checks and its answers say. Pure; time is passed in.

mod check;

use std::time::{Duration, Instant};

pub(crate) use check::watch;

/// So many failed checks in a row, and a target counts as broken.
const FALLS: u32 = 3;
/// So many good ones, and it counts as mended.
const RISES: u32 = 2;
/// So many requests in a row that a target did not answer, and it is left alone for a while.
const LOST: u32 = 5;
/// For how long, the first time; each next time twice as long.
const LEFT_ALONE: Duration = Duration::from_secs(10);
/// The longest.
const LEFT_ALONE_AT_MOST: Duration = Duration::from_mins(5);
/// How long a target that has come back is spared.
const WARMING: Duration = Duration::from_secs(10);
/// What it is given at first, as a share of the others' load.
const COLD: f64 = 0.1;

/// What is known about a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Health {
    state: State,
    /// Requests in a row that were lost.
    lost: u32,
    /// How often in a row it was left alone.
    left_alone: u32,
    /// Until when no request is given to it.
    until: Option<Instant>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// It has never answered, and need not yet.
    Starting { until: Instant },
    /// It answers, since then.
    Working { since: Instant, failed: u32 },
    /// It does not.
    Broken { answered: u32 },
}

/// What a person is told about a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = TargetCondition)]
pub enum Condition {
    /// It has never answered, and need not yet.
    Starting,
    /// It is given as many requests as the others.
    Working,
    /// It is given fewer, since it has just come.
    Warming,
    /// It lost requests, and is given none for a while.
    LeftAlone,
    /// Its checks fail.
    Broken,
}

impl Health {
    /// Of a target that nobody has asked yet.
    pub(crate) fn starting(now: Instant, start_up: Duration) -> Self {
        let state = State::Starting { until: now + start_up };
        Self { state, lost: 0, left_alone: 0, until: None }
    }

    /// Learns from a check.
    pub(crate) fn checked(&mut self, is_good: bool, now: Instant) {
        self.state = match (self.state, is_good) {
            (State::Starting { .. }, true) => State::Working { since: now, failed: 0 },
            (State::Starting { until }, false) if now < until => State::Starting { until },
            (State::Working { since, .. }, true) => State::Working { since, failed: 0 },
            (State::Working { failed, .. }, false) if failed + 1 >= FALLS => State::Broken { answered: 0 },
            (State::Working { since, failed }, false) => State::Working { since, failed: failed + 1 },
            (State::Broken { answered }, true) if answered + 1 >= RISES => {
                State::Working { since: now, failed: 0 }
            }
            (State::Broken { answered }, true) => State::Broken { answered: answered + 1 },
            (State::Starting { .. } | State::Broken { .. }, false) => State::Broken { answered: 0 },
        };
    }

    /// Learns from a request: whether the target has answered it, whatever it said.
    pub(crate) fn asked(&mut self, has_answered: bool, now: Instant) {
        if has_answered {
            self.lost = 0;
            if self.until.is_none() {
                self.left_alone = 0;
            }
            return;
        }
        self.lost += 1;
        if self.lost >= LOST && !self.is_left_alone(now) {
            let pause = LEFT_ALONE.saturating_mul(1 << self.left_alone.min(8)).min(LEFT_ALONE_AT_MOST);
            self.until = Some(now + pause);
            self.left_alone += 1;
            self.lost = 0;
        }
    }

    fn is_left_alone(&self, now: Instant) -> bool {
        self.until.is_some_and(|until| now < until)
    }

    /// How much of the others' load it is given: none, or a share from 0.1 to 1.
    pub(crate) fn share(&self, now: Instant) -> Option<f64> {
        let State::Working { since, .. } = self.state else { return None };
        if self.is_left_alone(now) {
            return None;
        }
        let since = self.until.map_or(since, |until| until.max(since));
        let warmed = now.saturating_duration_since(since).as_secs_f64() / WARMING.as_secs_f64();
        Some(warmed.clamp(COLD, 1.0))
    }

    /// What a person is told.
    pub(crate) fn condition(&self, now: Instant) -> Condition {
        match (self.state, self.share(now)) {
            (State::Starting { .. }, _) => Condition::Starting,
            (State::Broken { .. }, _) => Condition::Broken,
            (State::Working { .. }, None) => Condition::LeftAlone,
            (State::Working { .. }, Some(share)) if share < 1.0 => Condition::Warming,
            (State::Working { .. }, Some(_)) => Condition::Working,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn second(from: Instant, seconds: u64) -> Instant {
        from + Duration::from_secs(seconds)
    }

    fn working(start: Instant) -> Health {
        let mut health = Health::starting(start, Duration::from_mins(1));
        health.checked(true, start);
        health
    }

    #[test]
    fn a_target_may_take_its_time_to_start_and_no_longer() {
        let start = Instant::now();
        let mut health = Health::starting(start, Duration::from_mins(1));
        for at in 0..60 {
            health.checked(false, second(start, at));
            assert_eq!(health.condition(second(start, at)), Condition::Starting, "{at}");
        }
        assert_eq!(health.share(start), None);
        health.checked(false, second(start, 60));
        assert_eq!(health.condition(second(start, 60)), Condition::Broken);
    }

    #[test]
    fn three_failures_break_it_and_two_answers_mend_it() {
        let start = Instant::now();
        let mut health = working(start);
        for (is_good, condition) in [
            (false, Condition::Working),
            (false, Condition::Working),
            (true, Condition::Working),
            (false, Condition::Working),
            (false, Condition::Working),
            (false, Condition::Broken),
            (true, Condition::Broken),
            (false, Condition::Broken),
            (true, Condition::Broken),
            (true, Condition::Warming),
        ] {
            health.checked(is_good, second(start, 20));
            assert_eq!(health.condition(second(start, 20)), condition);
        }
    }

    #[test]
    fn who_has_just_come_is_given_little_at_first() {
        let start = Instant::now();
        let health = working(start);
        assert_eq!(health.share(start), Some(0.1));
        assert_eq!(health.share(second(start, 5)), Some(0.5));
        assert_eq!(health.share(second(start, 10)), Some(1.0));
        assert_eq!(health.share(second(start, 1000)), Some(1.0));
    }

    #[test]
    fn who_loses_requests_is_left_alone_and_each_time_for_longer() {
        let start = Instant::now();
        let mut health = working(start);
        let mut now = second(start, 100);
        for pause in [10, 20, 40, 80, 160, 300, 300] {
            for _ in 0..LOST {
                assert!(health.share(now).is_some(), "{pause}");
                health.asked(false, now);
            }
            assert_eq!(health.condition(now), Condition::LeftAlone);
            assert_eq!(health.share(second(now, pause - 1)), None);
            now = second(now, pause);
        }
        assert_eq!(health.condition(now), Condition::Warming);
    }

    #[test]
    fn an_answer_in_between_is_no_reason_to_leave_it_alone() {
        let start = Instant::now();
        let mut health = working(start);
        for _ in 0..100 {
            (0..LOST - 1).for_each(|_| health.asked(false, start));
            health.asked(true, start);
        }
        assert!(health.share(start).is_some());
    }
}
