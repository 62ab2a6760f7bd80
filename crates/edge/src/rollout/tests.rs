//! Rollouts from their first second to their last.

mod ends;
mod holds;
mod orders;
mod properties;

use super::*;
use crate::judge::{Counts, Signal, Tally};

/// A rollout, and the time of its world.
struct Play {
    rollout: Rollout,
    now: Timestamp,
    decisions: Vec<Decision>,
}

fn draft(steps: &str, holds: &str) -> Draft {
    Draft::default().with(steps, holds).unwrap()
}

fn order(order: Order) -> Command {
    Command { order, by: "ada".to_owned() }
}

/// A second in which the candidate had so many good and so many failed requests, and the incumbent as many good ones.
fn seen(good: u32, bad: u32) -> Seen {
    let (mut candidate, mut incumbent) = (Tally::default(), Tally::default());
    candidate.count_good(good);
    candidate.count(Signal::Errors, Counts { good: 0, bad });
    incumbent.count_good(good + bad);
    let visitors = Second { candidate, incumbent: Some(incumbent), pool: None };
    Seen { candidate: Health::Healthy, incumbent: Health::Healthy, visitors, probes: None }
}

impl Play {
    fn of(draft: Draft) -> Self {
        let now = "2026-11-23T09:00:00Z".parse().unwrap();
        let plan = Plan::try_from(draft).unwrap();
        let (rollout, began) =
            Rollout::begin(Uuid::from_u128(7), "app", Slot::Green, plan, &Bounds::default(), "ada", now);
        Self { rollout, now, decisions: vec![began] }
    }

    /// As far as the first visitors.
    fn at_first_step(draft: Draft) -> Self {
        let mut play = Self::of(draft);
        play.go_on(10, &seen(0, 0));
        play
    }

    /// So many seconds, each alike.
    fn go_on(&mut self, seconds: u32, seen: &Seen) {
        for _ in 0..seconds {
            self.now += Duration::from_secs(1);
            let decided = self.rollout.tick(self.now, seen);
            self.decisions.extend(decided);
        }
    }

    fn order(&mut self, given: Order) -> Result<(), String> {
        let decision = self.rollout.command(self.now, order(given)).map_err(|refused| refused.to_string())?;
        self.decisions.push(decision);
        Ok(())
    }

    fn weight(&self) -> u8 {
        self.rollout.weight().into()
    }

    fn last(&self) -> String {
        self.decisions.last().unwrap().to_string()
    }

    fn said(&self) -> Vec<String> {
        self.decisions.iter().map(ToString::to_string).collect()
    }
}
