//! Where one was in the gate's history, and what is new behind it. Pure.

use chrono::SubsecRound as _;
use edge::Record;
use foundation::Timestamp;

/// The newest record that is in the audit log: its number and its moment, which together no other history has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    /// None is numbered 0: then nothing of this numbering is there.
    pub(super) number: u64,
    pub(super) at: Timestamp,
}

/// What is not as a history that goes on would be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Break {
    /// These records are gone.
    Missing { from: u64, through: u64 },
    /// The gate has lost its memory, or got an older one back.
    Anew {
        /// The number that was the last.
        last: u64,
        /// The number of the first record that is new now.
        next: u64,
    },
}

/// What was found behind a place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Found<'r> {
    /// The history goes on: these are new, perhaps none. What is missing before them is said.
    New(&'r [Record], Option<Break>),
    /// This is not the history in which one was, or nothing of it is there.
    Other,
}

impl Place {
    /// Where nothing has been seen yet.
    pub(super) const BEGINNING: Self = Self { number: 0, at: Timestamp::UNIX_EPOCH };

    /// Behind a record.
    pub(super) fn behind(record: &Record) -> Self {
        Self { number: record.number, at: as_kept(record.at) }
    }

    /// From which number on one has to look, to see the record of this place and what is behind it.
    pub(super) fn asks_after(self) -> u64 {
        self.number.saturating_sub(1)
    }

    /// What is new in records that begin with the one of this place, where that is still kept.
    pub(super) fn find(self, records: &[Record]) -> Found<'_> {
        let Some(first) = records.first() else {
            return if self.number == 0 { Found::New(&[], None) } else { Found::Other };
        };
        if self.number > 0 && first.number == self.number {
            return if Self::behind(first) == self { Found::New(&records[1..], None) } else { Found::Other };
        }
        let next = self.number + 1;
        let missing = Break::Missing { from: next, through: first.number.saturating_sub(1) };
        Found::New(records, (first.number > next).then_some(missing))
    }

    /// Where to go on in another history: behind the last record that is not newer than what was seen. A gate that has
    /// lost everything has none; one that got an older memory back has some that are in the audit log already.
    pub(super) fn in_other(self, records: &[Record]) -> Self {
        let seen = records.iter().rev().find(|record| as_kept(record.at) <= self.at);
        seen.map_or(Self { number: 0, ..self }, Self::behind)
    }
}

/// Each record once: a gate that was cut off may have written some of its last ones twice.
pub(super) fn each_once(mut records: Vec<Record>) -> Vec<Record> {
    let mut last = 0;
    records.retain(|record| {
        let is_new = record.number > last;
        last = last.max(record.number);
        is_new
    });
    records
}

/// As both databases keep it.
fn as_kept(at: Timestamp) -> Timestamp {
    at.trunc_subsecs(6)
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use edge::Happened;

    use super::*;

    /// Each a second behind the one before.
    fn records(numbers: std::ops::RangeInclusive<u64>, begin: i64) -> Vec<Record> {
        let at = |second: i64| Timestamp::UNIX_EPOCH + TimeDelta::seconds(begin + second);
        let happened = || Happened::Reopened { by: None };
        let record = |(second, number)| Record {
            number,
            at: at(i64::try_from(second).expect("few")) + TimeDelta::nanoseconds(1),
            service: "app".to_owned(),
            happened: happened(),
        };
        numbers.enumerate().map(record).collect()
    }

    #[test]
    fn a_history_goes_on_behind_what_was_seen() {
        let all = records(1..=5, 100);
        assert_eq!(Place::BEGINNING.find(&all), Found::New(&all, None));
        assert_eq!(Place::BEGINNING.find(&[]), Found::New(&[], None));
        let seen = Place::behind(&all[2]);
        assert_eq!((seen.number, seen.asks_after()), (3, 2));
        assert_eq!(seen.find(&all[2..]), Found::New(&all[3..], None));
        assert_eq!(Place::behind(&all[4]).find(&all[4..]), Found::New(&[], None));
        // What was seen last is not kept any more, and nothing is missing.
        assert_eq!(seen.find(&all[3..]), Found::New(&all[3..], None));
    }

    #[test]
    fn what_is_gone_is_named() {
        let all = records(1..=9, 100);
        let missing = |from, through| Some(Break::Missing { from, through });
        assert_eq!(Place::BEGINNING.find(&all[3..]), Found::New(&all[3..], missing(1, 3)));
        assert_eq!(Place::behind(&all[1]).find(&all[6..]), Found::New(&all[6..], missing(3, 7 - 1)));
    }

    #[test]
    fn what_was_written_twice_counts_once() {
        let all = records(1..=4, 100);
        let twice: Vec<_> = [0, 1, 2, 1, 2, 3].into_iter().map(|index: usize| all[index].clone()).collect();
        assert_eq!(each_once(twice), all);
    }

    #[test]
    fn another_history_is_noticed_whichever_numbers_it_has() {
        let (old, new) = (records(1..=5, 100), records(1..=9, 1000));
        let seen = Place::behind(&old[4]);
        assert_eq!(seen.find(&[]), Found::Other);
        assert_eq!(seen.find(&new[4..]), Found::Other);
        assert_eq!(seen.in_other(&new), Place { number: 0, at: seen.at });
        // An older memory: three of its records are known, and what came instead of the others is not.
        let mut restored = old[..3].to_vec();
        restored.extend(records(4..=6, 2000));
        assert_eq!(seen.find(&restored[4..]), Found::Other);
        assert_eq!(seen.in_other(&restored), Place::behind(&old[2]));
    }
}
