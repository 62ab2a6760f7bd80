//! Whether the other side is there. Pure; time is passed in.

use std::time::Duration;

use tokio::time::Instant;

/// Asks, and waits for the answer.
#[derive(Debug)]
pub(super) struct Heartbeat {
    interval: Duration,
    timeout: Duration,
    /// When it asks next, or has waited long enough.
    due: Instant,
    is_waiting: bool,
}

/// What there is to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Beat {
    Nothing,
    /// To ask.
    Ping,
    /// The other side is not there.
    Missing,
}

impl Heartbeat {
    pub(super) fn new(interval: Duration, timeout: Duration, now: Instant) -> Self {
        Self { interval, timeout, due: now + interval, is_waiting: false }
    }

    /// When to look again.
    pub(super) fn due(&self) -> Instant {
        self.due
    }

    pub(super) fn look(&mut self, now: Instant) -> Beat {
        if now < self.due {
            return Beat::Nothing;
        }
        if self.is_waiting {
            return Beat::Missing;
        }
        (self.is_waiting, self.due) = (true, now + self.timeout);
        Beat::Ping
    }

    /// The other side answered. An answer to nothing is none.
    pub(super) fn answered(&mut self, now: Instant) {
        if self.is_waiting {
            (self.is_waiting, self.due) = (false, now + self.interval);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const INTERVAL: Duration = Duration::from_secs(25);
    const TIMEOUT: Duration = Duration::from_secs(20);

    #[test]
    fn who_answers_is_asked_again_and_who_does_not_is_missing() {
        let start = Instant::now();
        let mut heartbeat = Heartbeat::new(INTERVAL, TIMEOUT, start);
        assert_eq!(heartbeat.look(start), Beat::Nothing);
        let asked = start + INTERVAL;
        assert_eq!((heartbeat.due(), heartbeat.look(asked)), (asked, Beat::Ping));
        assert_eq!(heartbeat.look(asked), Beat::Nothing);
        let answered = asked + Duration::from_secs(1);
        heartbeat.answered(answered);
        assert_eq!(heartbeat.look(asked + TIMEOUT), Beat::Nothing);
        assert_eq!(heartbeat.look(answered + INTERVAL), Beat::Ping);
        assert_eq!(heartbeat.look(answered + INTERVAL + TIMEOUT), Beat::Missing);
    }

    #[test]
    fn answers_in_advance_do_not_count() {
        let start = Instant::now();
        let mut heartbeat = Heartbeat::new(INTERVAL, TIMEOUT, start);
        heartbeat.answered(start + Duration::from_secs(10));
        assert_eq!(heartbeat.look(start + INTERVAL), Beat::Ping);
    }
}
