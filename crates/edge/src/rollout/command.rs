//! What people may tell a rollout.

use foundation::Timestamp;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use utoipa::ToSchema;

use super::decision::{Decision, Reason, What, Why};
use super::phase::Phase;
use super::{Paused, Rollout};

/// An order, and who gives it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Command {
    /// What to do.
    pub order: Order,
    /// Who wants it.
    pub by: String,
}

/// What to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = RolloutOrder)]
pub enum Order {
    /// Go to the next step now, proven or not. At the last step: be completed now.
    Promote,
    /// Stay where it is. The judges go on, and still take a bad release back.
    Pause,
    /// Go on.
    Resume,
    /// End it: nobody is sent to the candidate any more.
    Abort,
    /// Go back to the old slot: after the end while it is warm; before, the same as to abort.
    Back,
}

/// An order that cannot be carried out, and what to do instead.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{0}")]
pub struct Refused(String);

impl Rollout {
    /// Carries out what somebody wants.
    ///
    /// # Errors
    /// A sentence that says why not, and what to do instead.
    pub fn command(&mut self, now: Timestamp, command: Command) -> Result<Decision, Refused> {
        let Command { order, by } = command;
        match order {
            Order::Promote => self.promote(now, by),
            Order::Pause => self.pause(now, by),
            Order::Resume => self.resume(now, by),
            Order::Abort => self.abort(now, by),
            Order::Back => self.go_back(now, by),
        }
    }

    fn promote(&mut self, now: Timestamp, by: String) -> Result<Decision, Refused> {
        let candidate = self.to;
        let Phase::At { step, .. } = self.phase else { return Err(self.not_promoted()) };
        if self.blocked.is_some() {
            let incumbent = self.incumbent();
            return Err(Refused(format!(
                "{candidate} breaks its bounds and waits for {incumbent} to be healthy again, to be taken back. Mend {incumbent}, or abort to go back to it as it is."
            )));
        }
        if let Some(Paused { by, .. }) = &self.paused {
            return Err(Refused(format!("{by} has paused this rollout. Resume it first, then promote.")));
        }
        let why = Why::Promoted { by, is_proven: self.proof().is_some() };
        Ok(self.go_on(now, step, why))
    }

    fn not_promoted(&self) -> Refused {
        let candidate = self.to;
        Refused(match &self.phase {
            Phase::Checking { .. } => format!(
                "{candidate} gets no visitors before it has been healthy for {}. Wait, or abort.",
                self.plan.check()
            ),
            _ => self.is_over(),
        })
    }

    fn is_over(&self) -> String {
        let what = match &self.phase {
            Phase::Completed { is_warm: true, .. } => "is completed; to return to the old slot, go back",
            Phase::Completed { .. } => "is completed; start a new one",
            Phase::RolledBack { .. } => "was taken back; start a new one",
            _ => "was ended; start a new one",
        };
        format!("This rollout {what}.")
    }

    fn expect_running(&self) -> Result<(), Refused> {
        if self.is_running() { Ok(()) } else { Err(Refused(self.is_over())) }
    }

    fn pause(&mut self, now: Timestamp, by: String) -> Result<Decision, Refused> {
        self.expect_running()?;
        if let Some(Paused { by, .. }) = &self.paused {
            return Err(Refused(format!("{by} has paused this rollout already. Resume it to go on.")));
        }
        self.paused = Some(Paused { since: now, by: by.clone() });
        Ok(self.decide(now, What::Paused { by }))
    }

    fn resume(&mut self, now: Timestamp, by: String) -> Result<Decision, Refused> {
        self.expect_running()?;
        if self.paused.take().is_none() {
            return Err(Refused("This rollout is not paused. Its status says what it waits for.".to_owned()));
        }
        Ok(self.decide(now, What::Resumed { by }))
    }

    fn abort(&mut self, now: Timestamp, by: String) -> Result<Decision, Refused> {
        self.expect_running()?;
        let decision = self.decide(now, What::Aborted { from: self.weight(), by: by.clone() });
        self.end(Phase::Aborted { at: now, by });
        Ok(decision)
    }

    fn go_back(&mut self, now: Timestamp, by: String) -> Result<Decision, Refused> {
        match self.phase {
            Phase::Completed { warm_until, .. } if now < warm_until => {
                Ok(self.roll_back(now, Reason::Ordered { by }))
            }
            Phase::Completed { .. } => {
                let incumbent = self.incumbent();
                Err(Refused(format!(
                    "{incumbent} is not kept warm any longer. Start its release again, and a rollout to {incumbent}."
                )))
            }
            _ => self.abort(now, by),
        }
    }
}
