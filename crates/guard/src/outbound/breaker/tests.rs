//! The rules of the breaker, one by one, and under any order of events.

use proptest::prelude::*;

use super::*;

const SECOND: Duration = Duration::from_secs(1);

/// A breaker with a clock beside it.
struct Watched {
    breaker: Breaker,
    now: Instant,
}

impl Watched {
    /// As it is after the failures that open it.
    fn open() -> Self {
        let mut watched = Self { breaker: Breaker::new(), now: Instant::now() };
        for _ in 1..FAILURES {
            assert_eq!(watched.fail(), None);
        }
        assert_eq!(watched.fail(), Some(30));
        watched
    }

    fn fail(&mut self) -> Option<u64> {
        self.breaker.failed(self.now).map(|pause| pause.as_secs())
    }

    fn admit(&mut self) -> Result<(), u64> {
        self.breaker.admit(self.now).map_err(|wait| wait.as_secs())
    }

    fn wait(&mut self, seconds: u64) {
        self.now += SECOND * u32::try_from(seconds).expect("a short time");
    }
}

#[test]
fn it_opens_after_five_failures_in_a_row() {
    let mut watched = Watched::open();
    assert_eq!(watched.admit(), Err(30));
    watched.wait(29);
    assert_eq!(watched.admit(), Err(1));
}

#[test]
fn one_answer_between_the_failures_begins_the_count_anew() {
    let mut breaker = Breaker::new();
    let now = Instant::now();
    for _ in 0..10 {
        for _ in 1..FAILURES {
            assert_eq!(breaker.failed(now), None);
        }
        assert!(!breaker.succeeded(), "it was closed all the time");
        assert_eq!(breaker.admit(now), Ok(()));
    }
}

#[test]
fn after_the_pause_one_probe_passes_and_its_answer_closes() {
    let mut watched = Watched::open();
    watched.wait(30);
    assert_eq!(watched.admit(), Ok(()));
    assert_eq!(watched.admit(), Err(30), "while the probe is on its way, nobody else is");
    assert!(watched.breaker.succeeded());
    assert_eq!(watched.breaker, Breaker::new());
}

#[test]
fn each_probe_that_fails_doubles_the_pause_up_to_five_minutes() {
    let mut watched = Watched::open();
    let mut pause = 30;
    for next in [60, 120, 240, 300, 300] {
        watched.wait(pause);
        assert_eq!(watched.admit(), Ok(()));
        assert_eq!(watched.fail(), Some(next));
        assert_eq!(watched.admit(), Err(next));
        pause = next;
    }
}

#[test]
fn after_a_probe_that_nobody_heard_of_again_another_passes() {
    let mut watched = Watched::open();
    watched.wait(30);
    assert_eq!(watched.admit(), Ok(()));
    watched.wait(30);
    assert_eq!(watched.admit(), Ok(()));
    assert_eq!(watched.admit(), Err(30));
}

#[test]
fn failures_that_were_under_way_do_not_lengthen_the_pause() {
    let mut watched = Watched::open();
    watched.wait(1);
    for _ in 0..20 {
        assert_eq!(watched.fail(), None);
    }
    assert_eq!(watched.admit(), Err(29));
}

#[test]
fn any_answer_ends_the_pause() {
    let mut watched = Watched::open();
    assert!(watched.breaker.succeeded());
    assert_eq!(watched.admit(), Ok(()));
}

#[derive(Debug, Clone)]
enum Event {
    Wait(u64),
    Ask,
    Fail,
    Answer,
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        2 => (0_u64..400).prop_map(Event::Wait),
        3 => Just(Event::Ask),
        4 => Just(Event::Fail),
        1 => Just(Event::Answer),
    ]
}

proptest! {
    #[test]
    fn whatever_happens_the_promises_hold(events in proptest::collection::vec(event(), 1..200)) {
        let mut watched = Watched { breaker: Breaker::new(), now: Instant::now() };
        let (mut in_a_row, mut probe_at) = (0, None);
        for event in events {
            match event {
                Event::Wait(seconds) => watched.wait(seconds),
                Event::Ask => {
                    let was_closed = watched.breaker.is_closed();
                    let answer = watched.admit();
                    // Whoever has not failed enough is never turned away.
                    prop_assert!(answer.is_ok() || in_a_row >= FAILURES);
                    // Nobody is told to wait for longer than the longest pause.
                    prop_assert!(answer.is_ok() || answer.is_err_and(|wait| wait <= LONGEST.as_secs()));
                    // Of the probes, no two leave within the shortest pause.
                    if answer.is_ok() && !was_closed {
                        prop_assert!(probe_at.is_none_or(|at| watched.now - at >= FIRST));
                        probe_at = Some(watched.now);
                    }
                }
                Event::Fail => {
                    in_a_row += 1;
                    let pause = watched.fail();
                    prop_assert!(pause.is_none_or(|pause| (30..=300).contains(&pause)));
                }
                Event::Answer => {
                    let was_closed = watched.breaker.is_closed();
                    prop_assert_eq!(watched.breaker.succeeded(), !was_closed);
                    (in_a_row, probe_at) = (0, None);
                    prop_assert!(watched.breaker.is_closed());
                }
            }
        }
        // However long the trouble was, after the longest pause there is a probe.
        watched.now += LONGEST;
        prop_assert_eq!(watched.admit(), Ok(()));
    }
}
