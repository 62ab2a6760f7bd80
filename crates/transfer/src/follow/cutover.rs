//! The turn: writing is closed, the rest is taken, and the application goes on with PostgreSQL. Until it has been told
//! so, everything can be taken back, and is when something fails or takes too long.

use std::time::Duration;

use foundation::HookError;
use sqlx::Connection as _;
use tokio::time::{Instant, timeout};

use super::{FollowError, Follower, Hook, Phase, Switch};
use crate::changes::{ChangeSource, Way, available};
use crate::progress::Event;
use crate::{Definition, Moved, Progress, Run, SqliteFile, TargetError};

/// So far behind it may be when writing is closed.
pub(super) const NEAR: u64 = 500;
/// How many steps may come no nearer: those who write are as fast then, and only closing brings it to an end.
pub(super) const STEPS_IN_VAIN: u32 = 10;
const TOO_SLOW: FollowError = FollowError::TooSlow("the turn");
const UNDONE: &str = "Everything is open again as it was: programs go on writing to SQLite";
const TOLD: &str = "But the application writes to PostgreSQL already, so nothing is taken back, and SQLite stays closed. Mend \
                    the command, then go on: mainstay transfer cutover";
const FOLLOWS: &str = "this database follows SQLite, which is the master: writing here is closed until the next cutover (mainstay transfer)";
const UNKNOWN: &str = "And PostgreSQL does not say whether the application writes to it already, so SQLite stays closed. When \
                       it answers again, go on: mainstay transfer cutover";
/// What PostgreSQL calls waiting for a lock in vain.
const LOCK_NOT_AVAILABLE: &str = "55P03";

/// How the turn is taken.
#[derive(Debug, Clone)]
pub struct Cutover {
    /// What programs are told that write to SQLite from then on.
    pub message: String,
    /// For how long writing may be closed before all is taken back, and how long a command may take.
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

/// What the turn came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turned {
    /// For how long writing was closed; none when the turn had been taken before, and only what was cut off then was left.
    pub fenced: Option<Fenced>,
    /// What came of the move at last.
    pub moved: Moved,
}

impl Follower {
    /// Takes the turn. Whoever was cut off while they did can go on with it.
    ///
    /// # Errors
    /// When it cannot be taken; then everything is as it was before. When something fails after the application has been
    /// told, it says so.
    pub async fn cutover(&mut self, turn: &Cutover, progress: &Progress) -> Result<Turned, FollowError> {
        let fenced = match self.phase() {
            Phase::Following => Some(self.turn(turn, progress).await?),
            Phase::Switching => Some(self.switch(turn, Instant::now(), progress).await?),
            Phase::Switched => None,
            Phase::Returning | Phase::Returned => {
                return Err(FollowError::Phase("SQLite is the master again, or is about to be"));
            }
        };
        if let Some(resume) = &turn.resume {
            let done = resume.run(turn.limit).await;
            done.map_err(|failure| {
                FollowError::hook(failure, "PostgreSQL is the master by now, and SQLite stays closed")
            })?;
        }
        // In peace: what PostgreSQL has not looked at yet.
        let (plan, target) = (self.plan.clone(), self.states.target.clone());
        let run = Run::new(&self.state.source, plan, target, turn.workers)?;
        Ok(Turned { fenced, moved: run.check(progress).await? })
    }

    async fn turn(&mut self, turn: &Cutover, progress: &Progress) -> Result<Fenced, FollowError> {
        progress.tell(Event::Began("catching up".to_owned()));
        self.come_near().await?;
        let way = self.way_back().await?;
        // Noted first: whoever is killed leaves nothing that nobody knows of.
        self.states.set_way(&mut self.session, Some(way)).await?;
        self.state.way = Some(way);
        let source = self.change_source(way).await?;
        // What there is of that name is of an attempt that was cut off.
        source.remove(&mut self.control).await?;
        if way == Way::Slot {
            source.install(&mut self.control).await?;
        }
        progress.tell(Event::Ended("catching up".to_owned()));
        if let Some(pause) = &turn.pause
            && let Err(failure) = pause.run(turn.limit).await
        {
            return Err(self.give_up(turn, FollowError::hook(failure, UNDONE)).await);
        }
        let began = Instant::now();
        let closed = timeout(turn.limit, self.close(turn, way, progress)).await;
        if let Err(error) = closed.unwrap_or(Err(TOO_SLOW)) {
            return Err(self.give_up(turn, error).await);
        }
        self.switch(turn, began, progress).await
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
        let source = self.change_source(way).await?;
        match way {
            Way::Triggers => source.install(&mut self.control).await?,
            // It has seen what following did.
            Way::Slot => source.skip(&mut self.control).await?,
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

    /// Tells the application.
    async fn switch(
        &mut self,
        turn: &Cutover,
        began: Instant,
        progress: &Progress,
    ) -> Result<Fenced, FollowError> {
        // Closed by somebody who was taking a turn back.
        self.open_target().await?;
        if let Some(switch) = &turn.switch
            && let Err(failure) = switch.run(turn.limit).await
        {
            return Err(self.take_back(turn, failure).await);
        }
        self.states.set_phase(&mut self.session, Phase::Switched).await?;
        self.state.phase = Phase::Switched;
        progress.tell(Event::Ended("writing is closed".to_owned()));
        Ok(Fenced(began.elapsed()))
    }

    /// Takes back what closing has done, when nobody has been told; gives what to say of it. SQLite is opened and the
    /// application goes on, whatever PostgreSQL says.
    async fn give_up(&mut self, turn: &Cutover, error: FollowError) -> FollowError {
        // What was being read when time was up is read no further.
        self.have_read().await;
        let undone = match self.capture_mut().unfence() {
            Ok(()) => self.undo().await,
            Err(error) => Err(error.into()),
        };
        let went_on = self.go_on(turn).await;
        both(error, undone.and(went_on))
    }

    async fn undo(&mut self) -> Result<(), FollowError> {
        // A transaction that was cut off ends with its connection.
        self.session = self.states.target.connect().await?;
        self.follow_again().await
    }

    /// Takes back what closing has done, unless the command that was to tell the application, and has failed, has told it
    /// all the same; gives what to say of it.
    async fn take_back(&mut self, turn: &Cutover, failure: HookError) -> FollowError {
        match self.is_untold(turn).await {
            Err(_) => return FollowError::hook(failure, UNKNOWN),
            Ok(false) => return FollowError::hook(failure, TOLD),
            Ok(true) => {}
        }
        let undone = match self.capture_mut().unfence() {
            Ok(()) => self.follow_again().await,
            Err(error) => Err(error.into()),
        };
        let went_on = self.go_on(turn).await;
        both(FollowError::hook(failure, UNDONE), undone.and(went_on))
    }

    /// Whether nobody has written to PostgreSQL. Then it follows again, and is closed to whoever believes to have been told,
    /// until the next turn.
    async fn is_untold(&mut self, turn: &Cutover) -> Result<bool, FollowError> {
        // Of what is not noted any more nobody knows.
        let Some(way) = self.state.way else { return Ok(false) };
        let source = self.change_source(way).await?;
        let Self { reader, states, session, control, .. } = self;
        let fence = states.fence();
        match fence.close(&reader.definition.tables, FOLLOWS, turn.limit, session).await {
            Err(TargetError::Refused { cause, .. }) if is_lock_timeout(&cause) => return Ok(false),
            closed => closed?,
        }
        source.flush(control).await?;
        let (snapshot, changes) = source.read(control, None).await?;
        snapshot.end().await?;
        if changes.is_empty() {
            states.set_phase(session, Phase::Following).await?;
        } else {
            fence.open(session).await?;
        }
        Ok(changes.is_empty())
    }

    /// Makes PostgreSQL what it is while it follows.
    pub(super) async fn follow_again(&mut self) -> Result<(), FollowError> {
        let Self { reader, states, session, plan, .. } = self;
        let failed = |cause| states.target.failed("a transaction", cause);
        let mut unit = session.begin().await.map_err(failed)?;
        // First: it waits for whoever was cut off while they noted the turn.
        states.set_phase(&mut unit, Phase::Following).await?;
        crate::run::part(&states.target, plan, &reader.definition, &mut unit).await?;
        unit.commit().await.map_err(failed)?;
        self.state.phase = Phase::Following;
        if let Some(state) = self.states.find(&mut self.control).await? {
            (self.state.position, self.state.seen) = (state.position, state.seen);
        }
        self.forget_way().await
    }

    /// PostgreSQL's changes are not told any more.
    pub(super) async fn forget_way(&mut self) -> Result<(), FollowError> {
        if let Some(way) = self.state.way {
            self.change_source(way).await?.remove(&mut self.control).await?;
            self.states.set_way(&mut self.control, None).await?;
            self.state.way = None;
        }
        Ok(())
    }

    async fn go_on(&self, turn: &Cutover) -> Result<(), FollowError> {
        match &turn.resume {
            Some(resume) => {
                resume.run(turn.limit).await.map_err(|failure| FollowError::hook(failure, UNDONE))
            }
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

/// An error, and what came of taking back what had been done.
pub(super) fn both(first: FollowError, then: Result<(), FollowError>) -> FollowError {
    match then {
        Ok(()) => first,
        Err(then) => FollowError::Twice { first: Box::new(first), then: Box::new(then) },
    }
}

fn is_lock_timeout(cause: &sqlx::Error) -> bool {
    let code = cause.as_database_error().and_then(sqlx::error::DatabaseError::code);
    code.as_deref() == Some(LOCK_NOT_AVAILABLE)
}
