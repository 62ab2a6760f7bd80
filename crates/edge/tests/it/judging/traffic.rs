//! Visitors of two arms, as a judge sees them, second by second.
//!
//! Each signal has its own count of requests here: for each, good and bad ones come independently at their rates, which
//! is what a Poisson stream of requests with a share of bad ones is. The judge looks at each signal by itself.

use edge::judge::{
    Arm, Bounds, Counts, Evidence, Finding, Judge, Latencies, PoolUse, Second, Signal, Signals, Stream,
    Tally, Thinning,
};

use super::chance::{Chance, Poisson};

/// How often an arm's requests are bad, by signal.
#[derive(Clone, Copy)]
pub(crate) struct Shares {
    pub(crate) errors: f64,
    pub(crate) unauthorized: f64,
    pub(crate) slow: f64,
    pub(crate) slower: f64,
}

impl Shares {
    /// A release as it should be, but for its errors.
    pub(crate) const fn healthy(errors: f64) -> Self {
        Self { errors, unauthorized: 0.01, slow: 0.01, slower: 0.05 }
    }

    fn of(self, signal: Signal) -> f64 {
        match signal {
            Signal::Errors => self.errors,
            Signal::Unauthorized => self.unauthorized,
            Signal::Slow => self.slow,
            Signal::Slower => self.slower,
        }
    }
}

/// In how many clients' hands errors come.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Errors {
    /// Each by itself.
    Alone,
    /// Four at a time, of one client.
    FourOfOne,
    /// Four at a time, of four clients.
    FourOfFour,
}

/// What happens.
#[derive(Clone, Copy)]
pub(crate) struct Scene {
    /// Requests a second, of both arms.
    pub(crate) rate: f64,
    /// The candidate's share of them.
    pub(crate) weight: f64,
    pub(crate) candidate: Shares,
    pub(crate) incumbent: Shares,
    pub(crate) errors: Errors,
}

impl Scene {
    /// A canary of 10 %, both arms alike.
    pub(crate) const fn healthy(rate: f64, errors: f64) -> Self {
        let shares = Shares::healthy(errors);
        Self { rate, weight: 0.1, candidate: shares, incumbent: shares, errors: Errors::Alone }
    }

    /// The same with another candidate.
    pub(crate) const fn with(self, candidate: Shares) -> Self {
        Self { candidate, ..self }
    }
}

/// Makes the seconds of a scene.
pub(crate) struct Traffic {
    candidate: Source,
    incumbent: Source,
}

/// The requests of one arm.
struct Source {
    arm: Arm,
    good: [Poisson; 4],
    bad: [Poisson; 4],
    errors: Errors,
}

impl Traffic {
    pub(crate) fn of(scene: &Scene) -> Self {
        let source = |arm, share: f64, shares: Shares| Source {
            arm,
            good: Signal::ALL.map(|signal| Poisson::of(scene.rate * share * (1.0 - shares.of(signal)))),
            bad: Signal::ALL
                .map(|signal| Poisson::of(scene.rate * share * shares.of(signal) / scene.at_once(signal))),
            errors: scene.errors,
        };
        Self {
            candidate: source(Arm::Candidate, scene.weight, scene.candidate),
            incumbent: source(Arm::Incumbent, 1.0 - scene.weight, scene.incumbent),
        }
    }

    pub(crate) fn second(&self, now: u64, world: &mut World) -> Second {
        Second {
            candidate: self.candidate.tally(now, world),
            incumbent: Some(self.incumbent.tally(now, world)),
            pool: Some(PoolUse { used: 5, size: 10 }),
        }
    }
}

impl Scene {
    fn at_once(&self, signal: Signal) -> f64 {
        if signal == Signal::Errors && self.errors != Errors::Alone { 4.0 } else { 1.0 }
    }
}

/// What lasts from second to second.
pub(crate) struct World {
    pub(crate) chance: Chance,
    thinning: Thinning,
    /// Everybody comes once.
    clients: u64,
}

impl World {
    pub(crate) fn new(seed: u64) -> Self {
        Self { chance: Chance::new(seed), thinning: Thinning::default(), clients: 0 }
    }
}

impl Source {
    fn tally(&self, now: u64, world: &mut World) -> Tally {
        let mut tally = Tally::default();
        for (at, signal) in Signal::ALL.into_iter().enumerate() {
            let good = self.good[at].draw(&mut world.chance);
            let bad = self.bad[at].draw(&mut world.chance);
            if signal == Signal::Errors && self.errors != Errors::Alone {
                tally.count(signal, Counts { good, bad: 0 });
                (0..bad).for_each(|_| self.burst(now, world, &mut tally));
            } else {
                tally.count(signal, Counts { good, bad });
            }
        }
        tally
    }

    fn burst(&self, now: u64, world: &mut World, tally: &mut Tally) {
        let failed = Signals::NONE.with(Signal::Errors);
        for _ in 0..4 {
            world.clients += u64::from(self.errors == Errors::FourOfFour);
            world.thinning.count(now, self.arm, world.clients, failed, tally);
        }
        world.clients += 1;
    }
}

/// A judge of visitors who knows how quick the incumbent is.
pub(crate) fn judge() -> Judge {
    let mut latencies = Latencies::default();
    (0..200).for_each(|_| latencies.record(std::time::Duration::from_millis(120)));
    let mut judge = Judge::new(Stream::Visitors, &Bounds::default());
    judge.freeze_threshold(&latencies);
    judge
}

/// After how many seconds something was found, within a time.
pub(crate) fn found(traffic: &Traffic, seed: u64, seconds: u64) -> Option<(u64, Finding)> {
    let (mut world, mut judge) = (World::new(seed), judge());
    (1..=seconds).find_map(|now| {
        let second = traffic.second(now, &mut world);
        // Without the candidate there is nothing to find, which is tested elsewhere, and most seconds are quiet.
        let is_quiet = second.candidate == Tally::default();
        if is_quiet { None } else { Some((now, judge.look(&second)?)) }
    })
}

/// After how many seconds all is proven, within a time, and nothing was found before.
pub(crate) fn proven(traffic: &Traffic, seed: u64, seconds: u64) -> Option<u64> {
    let (mut world, mut judge) = (World::new(seed), judge());
    for now in 1..=seconds {
        if judge.look(&traffic.second(now, &mut world)).is_some() {
            return None;
        }
        if judge.is_proven() {
            return Some(now);
        }
    }
    None
}

/// A quantile of times, where what did not happen took for ever.
pub(crate) fn quantile(times: &[Option<u64>], part: f64) -> u64 {
    let mut times: Vec<_> = times.iter().map(|time| time.unwrap_or(u64::MAX)).collect();
    times.sort_unstable();
    let within = |at: &usize| {
        part * f64::from(u32::try_from(times.len()).expect("a few"))
            <= f64::from(u32::try_from(at + 1).expect("a few"))
    };
    let at = (0..times.len()).find(within).expect("a few");
    times[at]
}

/// What a judge says of a rule.
pub(crate) fn standing(evidence: &Evidence, rule: edge::judge::Rule) -> &edge::judge::Standing {
    evidence.rules.iter().find(|standing| standing.rule == rule).expect("a few")
}
