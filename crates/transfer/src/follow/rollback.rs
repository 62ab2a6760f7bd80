//! The way back: writing to PostgreSQL is closed, the rest is taken into the file, both sides are compared, and the
//! application goes on with SQLite.

use std::collections::BTreeMap;
use std::time::Duration;

use rusqlite::types::{Value, ValueRef};
use sqlx::Connection as _;
use tokio::time::Instant;

use super::cutover::{Fenced, NEAR, STEPS_IN_VAIN};
use super::{FollowError, Follower, Hook, Phase, Switch};
use crate::apply_back::{Applied, Applier, Remembered, bring_back, drain};
use crate::progress::Event;
use crate::verify::known::Known;
use crate::{ChangeSource, Difference, FENCED, Progress, Verify, ledger, sqlite};

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
        // Where PostgreSQL is still closed, all is in the file, and only the application has not been told.
        let is_compared = self.phase() == Phase::Returning && self.is_target_closed().await?;
        let mut all = Applied::default();
        if !is_compared {
            progress.tell(Event::Began("catching up".to_owned()));
            all = self.come_near_back(&source, &applier).await?;
            progress.tell(Event::Ended("catching up".to_owned()));
            if let Some(pause) = &back.pause {
                pause.run(UNDONE).await?;
            }
        }
        let began = Instant::now();
        progress.tell(Event::Began("writing to PostgreSQL is closed".to_owned()));
        let returned = if is_compared {
            self.switch_back(back).await.map(|()| Applied::default())
        } else {
            self.close_back(back, &source, &applier, progress).await
        };
        let rest = match returned {
            Ok(rest) => rest,
            Err(error) => {
                self.stay(back).await?;
                return Err(error);
            }
        };
        let fenced = Fenced(began.elapsed());
        progress.tell(Event::Ended("writing to PostgreSQL is closed".to_owned()));
        if let Some(resume) = &back.resume {
            resume.run("SQLite is the master again, and PostgreSQL stays closed").await?;
        }
        source.remove(&mut self.session).await?;
        Ok((all.and(rest), fenced))
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

    /// Leaves PostgreSQL the master: the file is closed before PostgreSQL is opened, and where it cannot be, neither is open.
    async fn stay(&mut self, back: &Rollback) -> Result<(), FollowError> {
        self.session = self.states.target.connect().await?;
        if self.phase() == Phase::Returning {
            self.capture_mut().fence(FENCED, back.patience)?;
            self.states.set_phase(&mut self.session, Phase::Switched).await?;
            self.state.phase = Phase::Switched;
        }
        self.open_target().await?;
        match &back.resume {
            Some(resume) => resume.run(UNDONE).await,
            None => Ok(()),
        }
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
        self.states.set_phase(&mut self.session, Phase::Returning).await?;
        self.state.phase = Phase::Returning;
        self.switch_back(back).await?;
        Ok(rest)
    }

    /// Opens the file, and tells the application.
    async fn switch_back(&mut self, back: &Rollback) -> Result<(), FollowError> {
        self.capture_mut().unfence()?;
        if let Some(switch) = &back.switch {
            switch.run(UNDONE).await?;
        }
        self.states.set_phase(&mut self.session, Phase::Returned).await?;
        self.state.phase = Phase::Returned;
        Ok(())
    }

    async fn back(&mut self) -> Result<(ChangeSource, Applier), FollowError> {
        if !matches!(self.phase(), Phase::Switched | Phase::Returning) {
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
        Ok((source, applier.noting(&self.states.schema)))
    }
}

/// Refuses whatever is written to a table, before it has any effect.
const FENCE: &str = "
CREATE OR REPLACE FUNCTION mainstay_transfer.fence() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION USING MESSAGE = TG_ARGV[0], ERRCODE = 'read_only_sql_transaction'; END $$";

impl Follower {
    /// Closes the tables in PostgreSQL. Whoever has written something in a transaction is waited for.
    async fn close_target(&mut self, back: &Rollback) -> Result<(), FollowError> {
        let message = crate::codec::quoted_text(&back.message);
        let wait = format!("SET LOCAL lock_timeout = {}", back.patience.as_millis());
        let fences = self.reader.definition.tables.iter().map(|table| {
            format!(
                "CREATE OR REPLACE TRIGGER mainstay_fence BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON {} \
                 FOR EACH STATEMENT EXECUTE FUNCTION mainstay_transfer.fence({message})",
                table.name
            )
        });
        let statements: Vec<_> = [wait, FENCE.to_owned()].into_iter().chain(fences).collect();
        self.at_once(&statements).await
    }

    /// Opens them again, if a rollback was cut off before anybody was told of it.
    pub(super) async fn open_if_left_closed(&mut self) -> Result<(), FollowError> {
        if self.is_target_closed().await? { self.open_target().await } else { Ok(()) }
    }

    async fn is_target_closed(&mut self) -> Result<bool, FollowError> {
        let sql = "SELECT EXISTS (SELECT FROM pg_trigger WHERE tgname = 'mainstay_fence' AND tgrelid = to_regclass($1))";
        let Some(table) = self.reader.definition.tables.first() else { return Ok(false) };
        let found = sqlx::query_scalar(sql).bind(&table.name).fetch_one(&mut self.session).await;
        Ok(found.map_err(|cause| self.states.target.failed("to list its triggers", cause))?)
    }

    /// Opens them again.
    async fn open_target(&mut self) -> Result<(), FollowError> {
        // What was cut off in the middle ends with its connection.
        self.session = self.states.target.connect().await?;
        let tables = self.reader.definition.tables.iter();
        let statements: Vec<_> =
            tables.map(|table| format!("DROP TRIGGER IF EXISTS mainstay_fence ON {}", table.name)).collect();
        self.at_once(&statements).await
    }

    async fn at_once(&mut self, statements: &[String]) -> Result<(), FollowError> {
        let failed = |cause| self.states.target.failed("a transaction", cause);
        let mut unit = self.session.begin().await.map_err(failed)?;
        crate::run::execute(&self.states.target, &mut unit, statements).await?;
        unit.commit().await.map_err(failed)?;
        Ok(())
    }

    /// Both sides hold the same, but for what SQLite cannot hold as it is, and what was noted of that.
    async fn expect_same(&mut self, progress: &Progress) -> Result<(), FollowError> {
        let failed = |cause| self.states.target.failed("to give its notes", cause);
        let known = Known::read(&self.states.schema, &mut self.session).await.map_err(failed)?;
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
