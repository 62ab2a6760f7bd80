//! How a rollout goes on from second to second.

use std::time::Duration;

use foundation::Timestamp;

use super::decision::{Decision, Reason, What, Why};
use super::phase::{Holding, Phase};
use super::{Health, Rollout, Seen};
use crate::judge::words::float;
use crate::judge::{Evidence, Stream};

/// The longest time that one tick can stand for. While nobody ticked, nobody watched: a night in which the process was
/// away is not held.
const LONGEST_TICK: Duration = Duration::from_secs(5);

/// For how long a step is watched before one says that too few visitors come.
const FIRST_LOOK: Duration = Duration::from_mins(1);

/// For how long it is worth waiting for visitors after the hold is over.
const PATIENCE: Duration = Duration::from_mins(10);

impl Rollout {
    /// Goes on to this moment, about a second after the last, and says what was decided.
    pub fn tick(&mut self, now: Timestamp, seen: &Seen) -> Vec<Decision> {
        let passed = now.signed_duration_since(self.last).to_std().unwrap_or_default().min(LONGEST_TICK);
        self.last = now;
        match self.phase {
            Phase::Checking { healthy, waited } => {
                self.check(now, seen, healthy, waited, passed).into_iter().collect()
            }
            Phase::At { step, held, holding } => self.watch(now, seen, step, (held, passed), holding),
            Phase::Completed { at, warm_until, is_warm: true } if now >= warm_until => {
                self.phase = Phase::Completed { at, warm_until, is_warm: false };
                vec![self.decide(now, What::LetGo)]
            }
            _ => Vec::new(),
        }
    }

    fn check(
        &mut self,
        now: Timestamp,
        seen: &Seen,
        healthy: Duration,
        waited: Duration,
        passed: Duration,
    ) -> Option<Decision> {
        if self.paused.is_some() {
            return None;
        }
        let healthy = if seen.candidate == Health::Healthy { healthy + passed } else { Duration::ZERO };
        let waited = waited + passed;
        if healthy >= self.plan.check().as_duration() && seen.candidate == Health::Healthy {
            return Some(self.enter(now, 0, Why::Healthy));
        }
        if waited >= self.plan.check_limit().as_duration() {
            return Some(self.roll_back(now, Reason::NeverHealthy));
        }
        self.phase = Phase::Checking { healthy, waited };
        None
    }

    fn watch(
        &mut self,
        now: Timestamp,
        seen: &Seen,
        step: usize,
        (held, passed): (Duration, Duration),
        holding: Holding,
    ) -> Vec<Decision> {
        let found = self.look(seen).map(Reason::Found);
        let is_down = (seen.candidate == Health::Down).then_some(Reason::Down);
        if let Some(reason) = self.blocked.clone().or(found).or(is_down) {
            return self.take_back(now, seen, reason).into_iter().collect();
        }
        if self.paused.is_some() {
            return Vec::new();
        }
        let held = held + passed;
        self.phase = Phase::At { step, held, holding };
        let probing = self.ask_for_probes(now, step, held);
        let next =
            if held < self.plan.hold(step).as_duration() { None } else { self.hold_is_over(now, step, held) };
        probing.into_iter().chain(next).collect()
    }

    /// Takes the release back, if that is better than to leave it: to a slot without a healthy target only from another
    /// such.
    fn take_back(&mut self, now: Timestamp, seen: &Seen, reason: Reason) -> Option<Decision> {
        if seen.incumbent == Health::Healthy || seen.candidate == Health::Down {
            return Some(self.roll_back(now, reason));
        }
        if self.blocked.is_some() {
            return None;
        }
        self.blocked = Some(reason.clone());
        Some(self.decide(now, What::Blocked { reason }))
    }

    fn hold_is_over(&mut self, now: Timestamp, step: usize, held: Duration) -> Option<Decision> {
        let at = self.plan.weight(step);
        match self.proof() {
            None => self.wait_for(now, (step, held), Holding::Evidence, What::Holding { at }),
            Some(_) if self.plan.is_manual() && !self.plan.is_last(step) => {
                self.wait_for(now, (step, held), Holding::Gate, What::Gate { at })
            }
            Some(by) => Some(self.go_on(now, step, Why::Proven { by })),
        }
    }

    /// Waits for something, and says so once.
    fn wait_for(
        &mut self,
        now: Timestamp,
        (step, held): (usize, Duration),
        holding: Holding,
        what: What,
    ) -> Option<Decision> {
        let Phase::At { holding: before, .. } = self.phase else { return None };
        self.phase = Phase::At { step, held, holding };
        (before != holding).then(|| self.decide(now, what))
    }

    /// Whose requests prove that the release keeps its bounds. Our own do only where too few others come, and where those
    /// do not speak against it.
    pub(super) fn proof(&self) -> Option<Stream> {
        if self.visitors.is_proven() {
            return Some(Stream::Visitors);
        }
        let by_probes = self.is_probing && self.probes.is_proven() && keeps_bounds(&self.visitors.evidence());
        by_probes.then_some(Stream::Probes)
    }

    fn ask_for_probes(&mut self, now: Timestamp, step: usize, held: Duration) -> Option<Decision> {
        if self.is_probing || held < FIRST_LOOK.min(self.plan.hold(step).as_duration()) {
            return None;
        }
        let evidence = self.visitors.evidence();
        let lacking = evidence.lacking().filter_map(|(_, proof)| proof.least_requests).max()?;
        let requests = evidence.requests();
        let left = self.plan.hold(step).as_duration().saturating_sub(held).max(PATIENCE);
        let expected = float(requests) * left.as_secs_f64() / held.as_secs_f64().max(1.0);
        if expected >= float(lacking) {
            return None;
        }
        self.is_probing = true;
        Some(self.decide(now, What::Probing { requests, lacking }))
    }

    /// From a step to the next, or to the end.
    pub(super) fn go_on(&mut self, now: Timestamp, step: usize, why: Why) -> Decision {
        if !self.plan.is_last(step) {
            return self.enter(now, step + 1, why);
        }
        let warm_until = now + self.plan.warm().as_duration();
        let decision = self.decide(now, What::Completed { warm_until, why });
        self.end(Phase::Completed { at: now, warm_until, is_warm: true });
        decision
    }

    fn enter(&mut self, now: Timestamp, step: usize, why: Why) -> Decision {
        let (from, to) = (self.weight(), self.plan.weight(step));
        let decision = self.decide(now, What::Weight { from, to, why });
        self.phase = Phase::At { step, held: Duration::ZERO, holding: Holding::Time };
        self.is_probing = false;
        self.visitors.begin_step();
        self.probes.begin_step();
        decision
    }

    pub(super) fn roll_back(&mut self, now: Timestamp, reason: Reason) -> Decision {
        let decision = self.decide(now, What::RolledBack { from: self.weight(), reason: reason.clone() });
        self.end(Phase::RolledBack { at: now, reason });
        decision
    }

    pub(super) fn end(&mut self, phase: Phase) {
        (self.phase, self.paused, self.blocked) = (phase, None, None);
    }
}

/// Whether no rule's share of bad requests is beyond its bound.
fn keeps_bounds(evidence: &Evidence) -> bool {
    evidence.rules.iter().filter(|standing| standing.proof.is_some()).all(|standing| {
        let candidate = standing.step.candidate;
        float(candidate.bad) <= standing.allowed * float(candidate.requests)
    })
}
