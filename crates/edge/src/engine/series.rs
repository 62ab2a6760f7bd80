//! What the two slots of a service did lately, for charts and for the judge's baseline.

use std::collections::VecDeque;
use std::time::Duration;

use foundation::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::judge::Latencies;
use crate::rollout::Slot;
use crate::service::Counted;

/// So many seconds are kept one by one.
const SECONDS: usize = 600;
/// And so many minutes.
const MINUTES: usize = 24 * 60;
/// Over how many minutes one says how quick a slot is.
const BASELINE: usize = 10;

/// What one slot did in one piece of time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = GatePoint)]
pub struct Point {
    /// How many requests it had.
    pub requests: u64,
    /// How many failed: 5xx, no connection, time-out.
    pub errors: u64,
    /// How many were answered with 401.
    pub unauthorized: u64,
    /// What 95 of 100 answers did not exceed, in milliseconds.
    pub p95_ms: Option<f64>,
}

/// What both did.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = GateMoment)]
pub struct Moment {
    /// When that piece of time began.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Blue.
    pub blue: Point,
    /// Green.
    pub green: Point,
}

/// What both slots of a service did lately, the oldest first.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct SeriesView {
    /// The last ten minutes, by the second.
    pub seconds: Vec<Moment>,
    /// The last day, by the minute.
    pub minutes: Vec<Moment>,
}

/// The last ten minutes by the second, and the last day by the minute.
#[derive(Debug, Default)]
pub(crate) struct Series {
    seconds: VecDeque<Moment>,
    minutes: VecDeque<Moment>,
    /// This minute, as far as it has come.
    current: Option<(Timestamp, [Counted; 2])>,
    /// How quick both were in each of the last minutes.
    latencies: VecDeque<[Latencies; 2]>,
}

impl Series {
    /// Takes a second in.
    pub(crate) fn add(&mut self, at: Timestamp, counted: &[Counted; 2]) {
        push(&mut self.seconds, moment(at, counted), SECONDS);
        let minute = whole_minute(at);
        match &mut self.current {
            Some((begun, all)) if *begun == minute => {
                all.iter_mut().zip(counted).for_each(|(all, some)| all.add(some));
            }
            current => {
                if let Some((begun, all)) = current.replace((minute, counted.clone())) {
                    push(&mut self.minutes, moment(begun, &all), MINUTES);
                    push(&mut self.latencies, all.map(|counted| counted.latencies), BASELINE);
                }
            }
        }
    }

    /// What is newer than a moment; without one, all.
    pub(crate) fn view(&self, after: Option<Timestamp>) -> SeriesView {
        SeriesView { seconds: newer(&self.seconds, after), minutes: newer(&self.minutes, after) }
    }

    /// How long a slot took lately.
    pub(crate) fn latencies(&self, slot: Slot) -> Latencies {
        let mut all = Latencies::default();
        let index = index(slot);
        self.latencies.iter().for_each(|both| all.add(&both[index]));
        if let Some((_, current)) = &self.current {
            all.add(&current[index].latencies);
        }
        all
    }
}

pub(crate) fn index(slot: Slot) -> usize {
    match slot {
        Slot::Blue => 0,
        Slot::Green => 1,
    }
}

/// The clock may have been set back: each is looked at.
fn newer(moments: &VecDeque<Moment>, after: Option<Timestamp>) -> Vec<Moment> {
    moments.iter().copied().filter(|moment| after.is_none_or(|after| moment.at > after)).collect()
}

fn push<T>(list: &mut VecDeque<T>, new: T, most: usize) {
    if list.len() >= most {
        list.pop_front();
    }
    list.push_back(new);
}

fn moment(at: Timestamp, [blue, green]: &[Counted; 2]) -> Moment {
    Moment { at, blue: point(blue), green: point(green) }
}

fn point(counted: &Counted) -> Point {
    let Counted { requests, errors, unauthorized, latencies, .. } = counted;
    let p95_ms = latencies.p95().map(|p95: Duration| p95.as_secs_f64() * 1000.0);
    Point { requests: *requests, errors: *errors, unauthorized: *unauthorized, p95_ms }
}

fn whole_minute(at: Timestamp) -> Timestamp {
    let second = at.timestamp();
    Timestamp::from_timestamp(second - second.rem_euclid(60), 0).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_become_minutes_and_the_oldest_are_forgotten() {
        let mut series = Series::default();
        let second = |second: i64| Timestamp::from_timestamp(second, 0).expect("a moment");
        for at in 0..3600 {
            let mut counted = [Counted { requests: 2, ..Counted::default() }, Counted::default()];
            counted[0].latencies.record(Duration::from_millis(10));
            series.add(second(at), &counted);
        }
        assert_eq!((series.seconds.len(), series.minutes.len()), (SECONDS, 59));
        assert!(
            series.minutes.iter().all(|minute| minute.blue.requests == 120 && minute.green.requests == 0)
        );
        assert_eq!(series.minutes[1].at, second(60));
        assert_eq!(series.latencies(Slot::Blue).requests(), 60 * 11);
        assert_eq!(series.latencies(Slot::Green).requests(), 0);
        let all = series.view(None);
        assert_eq!((all.seconds.len(), all.minutes.len()), (SECONDS, 59));
        let new = series.view(Some(second(3480)));
        assert_eq!((new.seconds.len(), new.seconds[0].at), (119, second(3481)));
        assert!(new.minutes.is_empty(), "the minute of 3480 began then, and the next one goes on");
    }
}
