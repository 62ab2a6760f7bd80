//! The turn: writing is closed, the rest is taken, and the application goes on with PostgreSQL. Until it has been told
//! so, everything can be taken back, and is when something fails or takes too long.

use std::time::Duration;

use sqlx::Connection as _;
use tokio::time::{Instant, timeout};

use super::{FollowError, Follower, Hook, Phase, Switch, id};
use crate::changes::{ChangeSource, Way, available};
use crate::progress::Event;
use crate::run::Extent;
use crate::{Capture, Definition, Progress, Run, SqliteFile, TargetError};

/// So far behind it may be when writing is closed.
pub(super) const NEAR: u64 = 500;
/// How many steps may come no nearer: those who write are as fast then, and only closing brings it to an end.
pub(super) const STEPS_IN_VAIN: u32 = 10;
const TOO_SLOW: FollowError = FollowError::TooSlow("the turn");
const UNDONE: &str = "Everything is open again as it was: programs go on writing to SQLite";

/// How the turn is taken.
#[derive(Debug, Clone)]
pub struct Cutover {
    /// What programs are told that write to SQLite from then on.
    pub message: String,
    /// For how long writing may be closed before all is taken back.
    pub limit: Duration,
    /// Lets the application wait, before writing is closed.
    pub pause: Option<Hook>,
    /// Tells the application where its database is.
    pub switch: Option<Switch>,
    /// Lets it go on.
    pub resume: Option<Hook>,
    /// How many check what has arrived, at the end.
    pub workers: usize,
}

/// For how long writing was closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fenced(pub Duration);

impl Follower {
    /// Takes the turn.
    ///
    /// # Errors
    /// When it cannot be taken; then everything is as it was before. When something fails after the application has been
    /// told, it says so.
    pub async fn cutover(&mut self, turn: &Cutover, progress: &Progress) -> Result<Fenced, FollowError> {
        match self.phase() {
            Phase::Following => {}
            Phase::Switching => return self.finish_switch(turn, Instant::now(), progress).await,
            Phase::Switched | Phase::Returning | Phase::Returned => {
                return Err(FollowError::Phase("the turn has been taken already"));
            }
        }
        progress.tell(Event::Began("catching up".to_owned()));
        self.come_near().await?;
        let way = self.way_back().await?;
        // Noted first: whoever is killed leaves nothing that nobody knows of.
        self.states.set_way(&mut self.session, way).await?;
        self.state.way = Some(way);
        if way == Way::Slot {
            self.change_source(way).await?.install(&mut self.control).await?;
        }
        progress.tell(Event::Ended("catching up".to_owned()));
        if let Some(pause) = &turn.pause
            && let Err(error) = pause.run(UNDONE).await
        {
            self.give_up(turn).await?;
            return Err(error);
        }
        let began = Instant::now();
        let closed = timeout(turn.limit, self.close(turn, way, progress)).await;
        let closed = closed.unwrap_or(Err(TOO_SLOW));
        if let Err(error) = closed {
            self.give_up(turn).await?;
            return Err(error);
        }
        self.finish_switch(turn, began, progress).await
    }

    /// Follows until little is left, or it does not get less.
    async fn come_near(&mut self) -> Result<(), FollowError> {
        let (mut least, mut in_vain) = (u64::MAX, 0);
        while least > NEAR && in_vain < STEPS_IN_VAIN {
            let behind = self.step().await?.behind;
            in_vain = if behind < least { 0 } else { in_vain + 1 };
            least = least.min(behind);
        }
        Ok(())
    }

    /// Closes writing, and takes the rest.
    async fn close(&mut self, turn: &Cutover, way: Way, progress: &Progress) -> Result<(), FollowError> {
        progress.tell(Event::Began("writing is closed".to_owned()));
        let end = self.capture_mut().fence(&turn.message, turn.limit)?;
        while self.state.position != end {
            self.step().await?;
        }
        if way == Way::Triggers {
            self.change_source(way).await?.install(&mut self.control).await?;
        }
        self.join().await
    }

    /// Makes what joins tables, and notes that the application is about to be told.
    async fn join(&mut self) -> Result<(), FollowError> {
        let Self { reader, states, state, session, plan, .. } = self;
        // Read once more: ids that were given since must not be given again.
        let found = SqliteFile::open(&state.source)?.schema()?;
        let definition = Definition::of(&found, plan);
        let failed = |cause| states.target.failed("a transaction", cause);
        let mut unit = session.begin().await.map_err(failed)?;
        let sequences: Vec<_> = definition.tables.iter().filter_map(|table| table.sequence.clone()).collect();
        crate::run::execute(&states.target, &mut unit, &sequences).await?;
        crate::run::join(&states.target, plan, &reader.definition, &mut unit).await?;
        states.set_phase(&mut unit, Phase::Switching).await?;
        unit.commit().await.map_err(failed)?;
        self.state.phase = Phase::Switching;
        Ok(())
    }

    /// Tells the application, and checks in peace what PostgreSQL has not looked at yet.
    async fn finish_switch(
        &mut self,
        turn: &Cutover,
        began: Instant,
        progress: &Progress,
    ) -> Result<Fenced, FollowError> {
        if let Some(switch) = &turn.switch
            && let Err(error) = timeout(turn.limit, switch.run(UNDONE)).await.unwrap_or(Err(TOO_SLOW))
        {
            self.give_up(turn).await?;
            return Err(error);
        }
        self.states.set_phase(&mut self.session, Phase::Switched).await?;
        self.state.phase = Phase::Switched;
        let fenced = Fenced(began.elapsed());
        progress.tell(Event::Ended("writing is closed".to_owned()));
        if let Some(resume) = &turn.resume {
            resume.run("PostgreSQL is the master by now, and SQLite stays closed").await?;
        }
        let run = Run::new(&self.state.copy, self.plan.clone(), self.states.target.clone(), turn.workers)?;
        run.to(Extent::Everything).check(progress).await?;
        Ok(fenced)
    }

    /// Takes back what closing has done.
    async fn give_up(&mut self, turn: &Cutover) -> Result<(), FollowError> {
        let Self { reader, states, plan, .. } = self;
        // A transaction that was cut off ends with its connection.
        self.session = states.target.connect().await?;
        if self.capture.is_none() {
            // A thread was reading when time was up.
            self.capture = Some(Capture::open(&self.state.source, &id(&states.target, &states.schema))?);
        }
        let failed = |cause| states.target.failed("a transaction", cause);
        let mut unit = self.session.begin().await.map_err(failed)?;
        crate::run::part(&states.target, plan, &reader.definition, &mut unit).await?;
        states.set_phase(&mut unit, Phase::Following).await?;
        unit.commit().await.map_err(failed)?;
        self.state.phase = Phase::Following;
        let way = match self.state.way {
            Some(way) => way,
            None => self.way_back().await?,
        };
        self.change_source(way).await?.remove(&mut self.control).await?;
        if let Some(state) = self.states.find(&mut self.control).await? {
            self.state.position = state.position;
        }
        self.capture_mut().unfence()?;
        match &turn.resume {
            Some(resume) => resume.run(UNDONE).await,
            None => Ok(()),
        }
    }

    /// How PostgreSQL's changes can be told.
    async fn way_back(&mut self) -> Result<Way, FollowError> {
        let capability = available(&mut self.control, &self.reader.definition.tables).await?;
        match (capability.best(), capability.triggers) {
            (Some(way), _) => Ok(way),
            (None, Err(why)) => {
                let cause = sqlx::Error::Protocol(why.to_string());
                let name = self.states.target.name().to_owned();
                Err(TargetError::Refused { name, what: "to tell its changes".to_owned(), cause }.into())
            }
            (None, Ok(())) => Ok(Way::Triggers),
        }
    }

    pub(super) async fn change_source(&mut self, way: Way) -> Result<ChangeSource, FollowError> {
        Ok(ChangeSource::of(way, &self.reader.target, &self.reader.definition.tables, &mut self.control)
            .await?)
    }
}
