//! The way back: writing to PostgreSQL is closed, the rest is taken into the file, both sides are compared, and the
//! application goes on with SQLite.

use std::collections::BTreeMap;
use std::time::Duration;

use foundation::HookError;
use rusqlite::types::{Value, ValueRef};
use sqlx::PgConnection;
use tokio::time::Instant;

use super::cutover::{Fenced, NEAR, STEPS_IN_VAIN, both};
use super::fence::Fence;
use super::{FollowError, Follower, Hook, Phase, STEP, Switch};
use crate::apply_back::{Applied, Applier, Remembered, bring_back, drain};
use crate::progress::Event;
use crate::verify::known::Known;
use crate::{ChangeSource, Difference, FENCED, Progress, Verify, ledger, sqlite};

const UNDONE: &str = "PostgreSQL is open again, and stays the master";
const TOLD: &str = "But the application writes to SQLite already, so nothing is taken back, and PostgreSQL stays closed. Mend \
                    the command, then go on: mainstay transfer rollback";

const OPEN: &str = "PostgreSQL stays closed, and whether the application writes to SQLite already is not known. Mend the command, then go \
                    on: mainstay transfer rollback";
const OPENED: &str = "a rollback was cut off, and somebody has opened PostgreSQL since (its triggers mainstay_fence are gone): what \
                      was written there then is not in SQLite. Look at it with: mainstay transfer verify";

/// How the way back is taken.
#[derive(Debug, Clone)]
pub struct Rollback {
    /// What programs are told that write to PostgreSQL from then on.
    pub message: String,
    /// For how long a transaction of another program is waited for, and how long a command may take.
    pub patience: Duration,
    /// Lets the application wait, before writing is closed.
    pub pause: Option<Hook>,
    /// Tells the application where its database is.
    pub switch: Option<Switch>,
    /// Lets it go on.
    pub resume: Option<Hook>,
}

/// What the way back came to.
#[derive(Debug, Clone, PartialEq)]
pub struct Returned {
    /// For how long writing was closed; none when the way had been taken before, and only what was cut off then was left.
    pub fenced: Option<Fenced>,
    /// What has got back into the file.
    pub applied: Applied,
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

    /// Goes back. Whoever was cut off while they did can go on with it.
    ///
    /// # Errors
    /// When it cannot be; then PostgreSQL is open again, and the master. Where that is not so, it says so.
    pub async fn rollback(&mut self, back: &Rollback, progress: &Progress) -> Result<Returned, FollowError> {
        let returned = match self.phase() {
            Phase::Returned => Returned { fenced: None, applied: Applied::default() },
            // All is in the file, and only the application has not been told.
            Phase::Returning if self.is_target_closed().await? => {
                let began = Instant::now();
                self.switch_back(back).await?;
                Returned { fenced: Some(Fenced(began.elapsed())), applied: Applied::default() }
            }
            // Whoever opened it, the file is closed, and all that was written to PostgreSQL is noted.
            Phase::Returning if self.capture().is_fenced()? => {
                self.open_again().await?;
                self.turn_back(back, progress).await?
            }
            Phase::Returning => return Err(FollowError::Phase(OPENED)),
            _ => self.turn_back(back, progress).await?,
        };
        if let Some(resume) = &back.resume {
            let done = resume.run(back.patience).await;
            done.map_err(|failure| {
                FollowError::hook(failure, "SQLite is the master again, and PostgreSQL stays closed")
            })?;
        }
        self.forget_way().await?;
        Ok(returned)
    }

    async fn turn_back(&mut self, back: &Rollback, progress: &Progress) -> Result<Returned, FollowError> {
        let (source, applier) = self.back().await?;
        progress.tell(Event::Began("catching up".to_owned()));
        let waiting = self.come_near_back(&source, &applier).await?;
        progress.tell(Event::Ended("catching up".to_owned()));
        if let Some(pause) = &back.pause
            && let Err(failure) = pause.run(back.patience).await
        {
            return Err(both(FollowError::hook(failure, UNDONE), self.stay(back).await));
        }
        let began = Instant::now();
        progress.tell(Event::Began("writing to PostgreSQL is closed".to_owned()));
        let rest = match self.close_back(back, &source, &applier, progress).await {
            Ok(rest) => rest,
            Err(error) => {
                return Err(both(error, self.stay(back).await));
            }
        };
        self.switch_back(back).await?;
        progress.tell(Event::Ended("writing to PostgreSQL is closed".to_owned()));
        Ok(Returned { fenced: Some(Fenced(began.elapsed())), applied: waiting.and(rest) })
    }

    /// Takes what waits, until little is left, or it does not get less.
    async fn come_near_back(
        &mut self,
        source: &ChangeSource,
        applier: &Applier,
    ) -> Result<Applied, FollowError> {
        let (mut all, mut least, mut in_vain) = (Applied::default(), u64::MAX, 0);
        while least > NEAR && in_vain < STEPS_IN_VAIN {
            let taken = bring_back(source, &mut self.session, applier, Some(STEP)).await?;
            in_vain = if taken.keys < least { 0 } else { in_vain + 1 };
            least = least.min(taken.keys);
            all = all.and(taken);
        }
        Ok(all)
    }

    /// Closes PostgreSQL, takes the rest, and compares.
    async fn close_back(
        &mut self,
        back: &Rollback,
        source: &ChangeSource,
        applier: &Applier,
        progress: &Progress,
    ) -> Result<Applied, FollowError> {
        let tables = self.reader.definition.tables.clone();
        let (fence, session) = self.fence();
        fence.close(&tables, &back.message, back.patience, session).await?;
        let rest = drain(source, &mut self.session, applier, Some(STEP)).await?;
        self.expect_same(progress).await?;
        self.states.set_phase(&mut self.session, Phase::Returning).await?;
        self.state.phase = Phase::Returning;
        Ok(rest)
    }

    /// Opens the file, and tells the application.
    async fn switch_back(&mut self, back: &Rollback) -> Result<(), FollowError> {
        self.capture_mut().unfence()?;
        if let Some(switch) = &back.switch
            && let Err(failure) = switch.run(back.patience).await
        {
            return Err(self.stay_or_go_on(back, failure).await);
        }
        self.states.set_phase(&mut self.session, Phase::Returned).await?;
        self.state.phase = Phase::Returned;
        Ok(())
    }

    /// Leaves PostgreSQL the master, unless the command that was to tell the application, and has failed, has told it all
    /// the same; gives what to say of it.
    async fn stay_or_go_on(&mut self, back: &Rollback, failure: HookError) -> FollowError {
        match self.close_source(back) {
            Err(error) => both(FollowError::hook(failure, OPEN), Err(error)),
            Ok(false) => FollowError::hook(failure, TOLD),
            Ok(true) => both(FollowError::hook(failure, UNDONE), self.stay(back).await),
        }
    }

    /// Closes the file again, before PostgreSQL is opened; not when somebody has written to it.
    fn close_source(&mut self, back: &Rollback) -> Result<bool, FollowError> {
        self.capture_mut().fence(FENCED, back.patience)?;
        let is_untold = self.behind()? == 0;
        if !is_untold {
            self.capture_mut().unfence()?;
        }
        Ok(is_untold)
    }

    /// Lets programs write to PostgreSQL again, whose master it stays; the application goes on, whatever PostgreSQL says.
    async fn stay(&mut self, back: &Rollback) -> Result<(), FollowError> {
        let opened = self.open_again().await;
        let went_on = match &back.resume {
            Some(resume) => {
                resume.run(back.patience).await.map_err(|failure| FollowError::hook(failure, UNDONE))
            }
            None => Ok(()),
        };
        opened.and(went_on)
    }

    async fn open_again(&mut self) -> Result<(), FollowError> {
        // What was cut off in the middle ends with its connection.
        self.session = self.states.target.connect().await?;
        self.states.set_phase(&mut self.session, Phase::Switched).await?;
        self.state.phase = Phase::Switched;
        self.open_target().await
    }

    /// What takes PostgreSQL's changes into the file, made once.
    async fn back(&mut self) -> Result<(ChangeSource, Applier), FollowError> {
        if let Some(back) = &self.back {
            return Ok(back.clone());
        }
        if self.phase() != Phase::Switched {
            return Err(FollowError::Phase(
                "PostgreSQL is not the master: there is nothing to take back from it",
            ));
        }
        let stopped = "what is written to PostgreSQL is not noted any more: following was stopped";
        let way = self.state.way.ok_or(FollowError::Phase(stopped))?;
        let source = self.change_source(way).await?;
        let remembered = self.remembered().await?;
        let applier =
            Applier::open(&self.state.source, &self.reader.schema, &self.reader.definition, remembered)?;
        let applier = applier.noting(&self.states.schema);
        Ok(self.back.insert((source, applier)).clone())
    }

    fn fence(&mut self) -> (Fence<'_>, &mut PgConnection) {
        (self.states.fence(), &mut self.session)
    }

    async fn is_target_closed(&mut self) -> Result<bool, FollowError> {
        let (fence, session) = self.fence();
        Ok(fence.is_closed(session).await?)
    }

    /// Lets programs write to PostgreSQL, if a rollback was cut off before anybody was told of it.
    pub(super) async fn open_target(&mut self) -> Result<(), FollowError> {
        let (fence, session) = self.fence();
        Ok(fence.open(session).await?)
    }
}

impl Follower {
    /// Both sides hold the same, but for what SQLite cannot hold as it is, and what was noted of that.
    async fn expect_same(&mut self, progress: &Progress) -> Result<(), FollowError> {
        let known = Known::read(&self.states.target, &self.states.schema, &mut self.session).await?;
        let verify = Verify::new(&self.state.source, self.plan.clone(), self.states.target.clone())?;
        let report = verify.knowing(known).verify(progress).await?;
        // The ledger is about the way there.
        let is_of_rows = |difference: &&Difference| !matches!(difference, Difference::Unnoted { .. });
        let mut unknown = report.tables.iter().flat_map(|table| {
            let differences = table.differences.iter().filter(is_of_rows);
            differences.map(|difference| format!("{} {difference}", table.name))
        });
        match unknown.next() {
            None => Ok(()),
            Some(difference) => Err(FollowError::Different(difference)),
        }
    }

    /// Cells that came as another class than they would go back as.
    async fn remembered(&mut self) -> Result<Remembered, FollowError> {
        let cells = ledger::remembered(&self.states.target, &self.states.schema, &mut self.session).await?;
        let place = |table: &str, column: &str| {
            let table = self.reader.schema.tables.iter().position(|known| known.name == table)?;
            let columns = &self.reader.definition.tables[table].columns;
            let column = columns.iter().position(|known| sqlite::unquoted(&known.source) == column)?;
            Some((table, column))
        };
        let found: BTreeMap<_, _> = cells
            .into_iter()
            .filter_map(|cell| Some(((place(&cell.table, &cell.column)?, cell.key), cell.before)))
            .collect();
        let columns = found.keys().map(|(place, _)| *place).collect();
        let find = move |table: usize, key: &[Value], column: usize| {
            let key = ledger::key_of(key.iter().map(ValueRef::from));
            found.get(&((table, column), key)).cloned()
        };
        Ok(Remembered { columns, find: Box::new(find) })
    }
}
