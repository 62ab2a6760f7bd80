//! The way back: writing to PostgreSQL is closed, the rest is taken into the file, both sides are compared, and the
//! application goes on with SQLite.

use std::time::Duration;

use sqlx::{AssertSqlSafe, Connection as _};
use tokio::time::Instant;

use super::cutover::Fenced;
use super::{FollowError, Follower, Hook, Phase, Switch};
use crate::apply_back::{Applied, Applier, Remembered, bring_back, drain};
use crate::progress::Event;
use crate::{ChangeSource, Progress, Way};

/// How many changes are taken at once.
const STEP: u32 = 20_000;
const UNDONE: &str = "PostgreSQL is open again, and stays the master";

/// How the way back is taken.
#[derive(Debug, Clone)]
pub struct Rollback {
    /// What programs are told that write to PostgreSQL from then on.
    pub message: String,
    /// For how long a transaction of another program is waited for.
    pub patience: Duration,
    /// Lets the application wait, before writing is closed.
    pub pause: Option<Hook>,
    /// Tells the application where its database is.
    pub switch: Option<Switch>,
    /// Lets it go on.
    pub resume: Option<Hook>,
}

impl Follower {
    /// Takes what was written to PostgreSQL into the file, and leaves PostgreSQL the master. May be done as often as one
    /// likes, so that little is left for the way back.
    ///
    /// # Errors
    /// When a side does not give or take it; nothing of it is kept then.
    pub async fn step_back(&mut self) -> Result<Applied, FollowError> {
        let (source, applier) = self.back().await?;
        Ok(bring_back(&source, &mut self.session, &applier, Some(STEP)).await?)
    }

    /// Goes back.
    ///
    /// # Errors
    /// When it cannot be; then PostgreSQL is open again, and the master.
    pub async fn rollback(
        &mut self,
        back: &Rollback,
        progress: &Progress,
    ) -> Result<(Applied, Fenced), FollowError> {
        let (source, applier) = self.back().await?;
        progress.tell(Event::Began("catching up".to_owned()));
        let mut all = Applied::default();
        while !all.is_drained {
            all = all.and(bring_back(&source, &mut self.session, &applier, Some(STEP)).await?);
        }
        progress.tell(Event::Ended("catching up".to_owned()));
        if let Some(pause) = &back.pause {
            pause.run(UNDONE).await?;
        }
        let began = Instant::now();
        progress.tell(Event::Began("writing to PostgreSQL is closed".to_owned()));
        let returned = self.close_back(back, &source, &applier, progress).await;
        let rest = match returned {
            Ok(rest) => rest,
            Err(error) => {
                self.open_target().await?;
                return Err(error);
            }
        };
        let fenced = Fenced(began.elapsed());
        progress.tell(Event::Ended("writing to PostgreSQL is closed".to_owned()));
        source.remove(&mut self.session).await?;
        if let Some(resume) = &back.resume {
            resume.run("SQLite is the master again, and PostgreSQL stays closed").await?;
        }
        Ok((all.and(rest), fenced))
    }

    async fn close_back(
        &mut self,
        back: &Rollback,
        source: &ChangeSource,
        applier: &Applier,
        progress: &Progress,
    ) -> Result<Applied, FollowError> {
        self.close_target(back).await?;
        let rest = drain(source, &mut self.session, applier, Some(STEP)).await?;
        self.expect_same(progress).await?;
        self.capture_mut().unfence()?;
        if let Some(switch) = &back.switch
            && let Err(error) = switch.run(UNDONE).await
        {
            let message = super::super::FENCED;
            self.capture_mut().fence(message, back.patience)?;
            return Err(error);
        }
        self.states.set_phase(&mut self.session, Phase::Returned).await?;
        self.state.phase = Phase::Returned;
        Ok(rest)
    }

    async fn back(&mut self) -> Result<(ChangeSource, Applier), FollowError> {
        if self.phase() != Phase::Switched {
            return Err(FollowError::Phase("PostgreSQL is not the master: there is nothing to take back from it"));
        }
        let source = self.change_source(self.state.way.unwrap_or(Way::Triggers)).await?;
        let remembered = self.remembered().await?;
        let applier =
            Applier::open(&self.state.source, &self.reader.schema, &self.reader.definition, remembered)?;
        Ok((source, applier))
    }
}
