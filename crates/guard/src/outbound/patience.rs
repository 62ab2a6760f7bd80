//! When to try again: after 1, 2 and 4 seconds, each up to a quarter less or more.
//!
//! The chance in it keeps clients that failed together from coming back together; a quarter is enough to scatter the
//! few servers of an installation and leaves the pauses what they are called.

use std::time::Duration;

const PAUSES: [Duration; 3] = [Duration::from_secs(1), Duration::from_secs(2), Duration::from_secs(4)];
/// Who asks us to stay away for longer is not asked again: the caller should know now.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// Tries until there is an answer, or `pause` wants no pause before the next attempt, or there were four. `pause` is
/// given the failure and the usual pause.
pub(super) async fn patiently<T, E, Attempt: Future<Output = Result<T, E>>>(
    mut attempt: impl FnMut() -> Attempt,
    pause: impl Fn(&E, Duration) -> Option<Duration>,
) -> Result<T, E> {
    for usual in PAUSES {
        let outcome = attempt().await;
        match outcome.as_ref().err().and_then(|error| pause(error, usual)) {
            Some(pause) => tokio::time::sleep(pause).await,
            None => return outcome,
        }
    }
    attempt().await
}

/// A pause that is up to a quarter shorter or longer.
pub(super) fn scattered(pause: Duration, chance: [u8; 2]) -> Duration {
    let chance = f64::from(u16::from_le_bytes(chance)) / f64::from(u16::MAX);
    pause.mul_f64(0.75 + chance / 2.0)
}

/// The pause for a host that may have asked for a longer one; `None` when that is too long to wait for.
pub(super) fn as_asked(usual: Duration, asked: Option<Duration>) -> Option<Duration> {
    let asked = asked.unwrap_or_default();
    (asked <= LONGEST_PAUSE).then(|| usual.max(asked))
}

#[cfg(test)]
mod tests {
    use std::cell::{Cell, RefCell};

    use tokio::time::Instant;

    use super::*;

    /// What an attempt ends with.
    #[derive(Debug, Clone, Copy, PartialEq)]
    enum Failure {
        Passing,
        Final,
    }

    /// Tries what ends as told; the outcome, and the seconds between the attempts.
    async fn tried(outcomes: &[Result<(), Failure>]) -> (Result<(), Failure>, Vec<f32>) {
        let (begin, times) = (Instant::now(), RefCell::new(Vec::new()));
        let count = Cell::new(0);
        let attempt = async || {
            times.borrow_mut().push(begin.elapsed().as_secs_f32());
            outcomes[count.replace(count.get() + 1)]
        };
        let outcome = patiently(attempt, |error, usual| (*error == Failure::Passing).then_some(usual)).await;
        let times = times.into_inner();
        (outcome, times.windows(2).map(|two| two[1] - two[0]).collect())
    }

    const PASSING: Result<(), Failure> = Err(Failure::Passing);
    const FINAL: Result<(), Failure> = Err(Failure::Final);

    #[tokio::test(start_paused = true)]
    async fn four_attempts_with_one_two_and_four_seconds_between() {
        assert_eq!(tried(&[PASSING; 4]).await, (PASSING, vec![1.0, 2.0, 4.0]));
    }

    #[tokio::test(start_paused = true)]
    async fn the_first_answer_ends_it() {
        assert_eq!(tried(&[Ok(())]).await, (Ok(()), vec![]));
        assert_eq!(tried(&[PASSING, PASSING, Ok(())]).await, (Ok(()), vec![1.0, 2.0]));
        assert_eq!(tried(&[PASSING, PASSING, PASSING, Ok(())]).await, (Ok(()), vec![1.0, 2.0, 4.0]));
    }

    #[tokio::test(start_paused = true)]
    async fn a_failure_that_will_not_pass_ends_it() {
        assert_eq!(tried(&[FINAL]).await, (FINAL, vec![]));
        assert_eq!(tried(&[PASSING, FINAL]).await, (FINAL, vec![1.0]));
    }

    #[test]
    fn chance_moves_a_pause_by_a_quarter_at_most() {
        let second = Duration::from_secs(1);
        for (chance, millis) in
            [([0, 0], 750), ([0xff, 0xff], 1250), ([0xff, 0x7f], 999), ([0x00, 0x80], 1000)]
        {
            assert_eq!(scattered(second, chance).as_millis(), millis, "{chance:?}");
        }
    }

    #[test]
    fn who_asks_for_more_time_gets_it_within_a_bound() {
        let seconds = Duration::from_secs;
        let usual = seconds(2);
        assert_eq!(as_asked(usual, None), Some(usual));
        assert_eq!(as_asked(usual, Some(seconds(1))), Some(usual));
        assert_eq!(as_asked(usual, Some(seconds(30))), Some(seconds(30)));
        assert_eq!(as_asked(usual, Some(seconds(31))), None);
    }
}
