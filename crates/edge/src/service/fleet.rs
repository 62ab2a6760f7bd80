//! The targets of a slot.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::config::Address;

use super::target::{Target, Turn};

/// All that run one release.
#[derive(Debug, Default)]
pub(crate) struct Fleet {
    targets: Vec<Arc<Target>>,
    /// Of those who are equally busy it is not always the first one's turn.
    next: AtomicUsize,
}

impl Fleet {
    /// Of targets that nobody has asked yet.
    pub(crate) fn starting(addresses: &[Address], now: Instant, start_up: Duration) -> Self {
        let target = |address: &Address| Arc::new(Target::new(address.clone(), now, start_up));
        Self::new(addresses.iter().map(target).collect())
    }

    fn new(targets: Vec<Arc<Target>>) -> Self {
        Self { targets, next: AtomicUsize::new(0) }
    }

    pub(crate) fn targets(&self) -> &[Arc<Target>] {
        &self.targets
    }

    /// Whether there is anybody who can answer.
    pub(crate) fn is_up(&self, now: Instant) -> bool {
        self.targets.iter().any(|target| target.load(now).is_some())
    }

    /// Whether the checks of anybody succeed, however many requests they lose.
    pub(crate) fn passes_checks(&self) -> bool {
        self.targets.iter().any(|target| target.passes_checks())
    }

    /// Whether somebody may yet come up.
    pub(crate) fn is_starting(&self) -> bool {
        self.targets.iter().any(|target| target.is_starting())
    }

    /// The least busy of those who can be asked, but for those who were asked already. When nobody can, because all have
    /// lost requests or fail their checks, a target is better asked in vain than not asked: the least busy of all.
    pub(crate) fn pick(&self, asked: &[Arc<Target>], now: Instant) -> Option<Turn> {
        let first = self.next.fetch_add(1, Ordering::Relaxed) % self.targets.len().max(1);
        let (later, sooner) = self.targets.split_at(first);
        let is_new = |target: &&Arc<Target>| !asked.iter().any(|other| Arc::ptr_eq(other, target));
        let others = || sooner.iter().chain(later).filter(is_new);
        let fit = others().filter_map(|target| Some((target, target.load(now)?)));
        let fittest = fit.min_by(|(_, one), (_, other)| one.total_cmp(other)).map(|(target, _)| target);
        let last_resort = || others().min_by_key(|target| target.under_way());
        fittest.or_else(last_resort).cloned().map(Turn::of)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fleet(now: Instant, number: u16) -> Fleet {
        let target = |port| {
            let address = format!("127.0.0.1:{port}").parse().expect("an address");
            Arc::new(Target::new(address, now, Duration::from_mins(1)))
        };
        Fleet::new((1..=number).map(target).collect())
    }

    fn names(turns: &[Turn]) -> Vec<&str> {
        turns.iter().map(|turn| turn.0.address.as_str()).collect()
    }

    #[test]
    fn the_least_busy_is_asked() {
        let now = Instant::now();
        let fleet = fleet(now, 3);
        fleet.targets().iter().for_each(|target| target.checked(true, now));
        let later = now + Duration::from_mins(1);
        let mut turns: Vec<_> = (0..4).filter_map(|_| fleet.pick(&[], later)).collect();
        assert_eq!(names(&turns), ["127.0.0.1:1", "127.0.0.1:2", "127.0.0.1:3", "127.0.0.1:1"]);
        turns.remove(1);
        turns.push(fleet.pick(&[], later).expect("a target"));
        assert_eq!(names(&turns), ["127.0.0.1:1", "127.0.0.1:3", "127.0.0.1:1", "127.0.0.1:2"]);
    }

    #[test]
    fn who_was_asked_already_is_not_asked_again() {
        let now = Instant::now();
        let fleet = fleet(now, 2);
        fleet.targets().iter().for_each(|target| target.checked(true, now));
        let first = fleet.pick(&[], now).expect("a target");
        let asked = [Arc::clone(&first.0)];
        assert_eq!(names(&[fleet.pick(&asked, now).expect("a target")]), ["127.0.0.1:2"]);
        assert!(fleet.pick(fleet.targets(), now).is_none());
    }

    #[test]
    fn who_has_just_come_is_given_fewer() {
        let now = Instant::now();
        let fleet = fleet(now, 2);
        fleet.targets()[0].checked(true, now);
        let later = now + Duration::from_mins(1);
        fleet.targets()[1].checked(true, later);
        let turns: Vec<_> = (0..11).filter_map(|_| fleet.pick(&[], later)).collect();
        let newcomer = names(&turns).iter().filter(|name| **name == "127.0.0.1:2").count();
        assert_eq!(newcomer, 1);
    }

    #[test]
    fn who_loses_requests_and_passes_its_checks_is_left_alone_and_not_down() {
        let now = Instant::now();
        let fleet = fleet(now, 1);
        assert!(!fleet.passes_checks());
        fleet.targets()[0].checked(true, now);
        (0..100).for_each(|_| fleet.targets()[0].asked(false, now));
        assert!(!fleet.is_up(now) && fleet.passes_checks());
        (0..3).for_each(|_| fleet.targets()[0].checked(false, now));
        assert!(!fleet.passes_checks());
    }

    #[test]
    fn when_nobody_is_well_somebody_is_asked_all_the_same() {
        let now = Instant::now();
        let fleet = fleet(now, 2);
        assert!(!fleet.is_up(now));
        assert!(fleet.pick(&[], now).is_some());
        fleet.targets()[1].checked(true, now);
        assert_eq!(names(&[fleet.pick(&[], now).expect("a target")]), ["127.0.0.1:2"]);
        assert!(Fleet::default().pick(&[], now).is_none());
    }
}
