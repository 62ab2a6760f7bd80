//! Moves a database while it is used: first what it is at one moment, then whatever is written to it, until the
//! application is switched over; and back, with what was written to PostgreSQL since.

mod apply;
mod batch;
mod cutover;
mod error;
mod fence;
mod hook;
mod rollback;
mod state;
mod status;

use std::path::{Path, PathBuf};

use sqlx::{Connection as _, PgConnection};
use tokio::task::spawn_blocking;

use self::batch::{Batch, Reader, Unread};
pub use self::cutover::{Cutover, Fenced, Turned};
pub use self::error::FollowError;
pub use self::hook::{Hook, Switch};
pub use self::rollback::{Returned, Rollback};
pub use self::state::Phase;
pub(crate) use self::state::States;
use self::state::{Noted, State};
pub use self::status::{Behind, Status};
use crate::capture::{Capture, Position};
use crate::run::Extent;
use crate::target::TargetError;
use crate::{
    Applier, ChangeSource, Definition, Existing, Key, Moved, Plan, Progress, Run, RunError, Schema,
    SqliteFile, Survey, Target, backup,
};

/// How many changes are taken at once, in either direction.
const STEP: u32 = 20_000;
/// After how many entries those that are not needed any more are removed.
const PRUNED_EVERY: i64 = 2_000;

/// How a move that is followed begins.
#[derive(Debug)]
pub struct Begin<'b> {
    /// The SQLite file.
    pub source: &'b Path,
    /// Where the copy goes that is moved; it stays, as a backup.
    pub copy: &'b Path,
    /// The plan, unless every column is to get the narrowest type that keeps every cell.
    pub plan: Option<Plan>,
    /// Where to.
    pub target: Target,
    /// The schema there.
    pub schema: &'b str,
    /// How many work at the same time.
    pub workers: usize,
    /// What to do with what is there.
    pub existing: Existing,
    /// When this is, for people who meet the file.
    pub since: &'b str,
}

/// A SQLite file that PostgreSQL follows.
#[derive(Debug)]
pub struct Follower {
    reader: Reader,
    plan: Plan,
    states: States,
    state: State,
    /// Held by a session that nothing else is done with.
    control: PgConnection,
    session: PgConnection,
    /// None only while a thread reads it.
    capture: Option<Capture>,
    /// That thread.
    reading: Option<Reading>,
    /// What takes PostgreSQL's changes back, once it is needed.
    back: Option<(ChangeSource, Applier)>,
    /// Up to where the journal has been emptied.
    pruned: i64,
    step: u32,
}

type Reading = tokio::task::JoinHandle<(Capture, Result<Batch, Unread>)>;

/// What one step came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// How many rows were taken.
    pub rows: u64,
    /// How many entries of the journal wait still.
    pub behind: u64,
    /// Whether somebody waits to take over.
    pub wants_over: bool,
}

impl Begin<'_> {
    /// Begins: from now on every change is noted; a copy is made and moved.
    ///
    /// Killed on the way, it can be begun again, and goes on. None when it is complete already.
    ///
    /// # Errors
    /// When something stands in the way.
    pub async fn begin(self, progress: &Progress) -> Result<Option<Moved>, FollowError> {
        let Self { source, copy, target, schema: name, workers, .. } = &self;
        let mut control = target.connect().await?;
        let states = States::new(target, name);
        if let Some(state) = states.find(&mut control).await? {
            return self.resume(&states, &state, control, progress).await;
        }
        // Whoever cannot move there has not changed the file.
        target.check(&mut control, name).await?;
        let first = self.plan_for(source, progress)?;
        let (schema, keys) = (SqliteFile::open(source)?.schema()?, keys(&first));
        expect_keys(&schema, &first)?;
        let id = states.new_id(&mut control).await?;
        drop(Capture::install(source, &id, self.since, &schema, &keys)?);
        if copy.exists() {
            expect_copy_of(source, copy)?;
        } else {
            let (source, copy) = (source.to_path_buf(), copy.to_path_buf());
            spawn_blocking(move || complete_copy(&source, &copy)).await.expect("copying does not panic")?;
        }
        let position = Capture::position_in(copy)?;
        // What the copy holds decides, and the keys that are being noted.
        let mut plan = self.plan_for(copy, progress)?;
        for (table, key) in plan.tables.iter_mut().zip(keys) {
            table.key = key;
        }
        let run = Run::new(copy, plan, target.clone(), *workers)?.to(Extent::Tables);
        let note = self.note(&id, position);
        let begun = run.begin(self.existing, &[state::TABLE.to_owned(), note]).await?;
        Ok(Some(run.work(begun, progress).await?))
    }

    /// Goes on with the first move, if it is not complete.
    async fn resume(
        &self,
        states: &States,
        state: &State,
        mut control: PgConnection,
        progress: &Progress,
    ) -> Result<Option<Moved>, FollowError> {
        let Noted { plan, is_moved, .. } = states.noted(&state.source, &mut control).await?;
        if self.plan.as_ref().is_some_and(|said| *said != plan) {
            return Err(FollowError::Phase(OTHER_PLAN));
        }
        if is_moved {
            return Ok(None);
        }
        let run = Run::new(&state.copy, plan, self.target.clone(), self.workers)?.to(Extent::Tables);
        Ok(Some(run.go_on(control, progress).await?))
    }

    fn plan_for(&self, file: &Path, progress: &Progress) -> Result<Plan, FollowError> {
        if let Some(plan) = &self.plan {
            return Ok(plan.clone());
        }
        let Survey { schema, profiles } = Survey::of(file, self.workers, progress)?;
        Ok(Plan::lossless(&schema, &profiles, self.schema))
    }

    fn note(&self, id: &str, position: Position) -> String {
        use crate::codec::quoted_text;
        let path = |path: &Path| quoted_text(&path.display().to_string());
        format!(
            "INSERT INTO mainstay_transfer.follows (target, id, source, copy, position, position_mark, seen, seen_mark) \
             VALUES ({0}, {1}, {2}, {3}, {4}, {5}, {4}, {5})",
            quoted_text(self.schema),
            quoted_text(id),
            path(self.source),
            path(self.copy),
            position.number(),
            position.mark()
        )
    }
}

const OTHER_PLAN: &str = "this database is being followed already, by another plan than this. Leave --plan out to go on with it, or begin \
                          anew: mainstay transfer stop, then mainstay transfer follow --existing drop";
const NOT_FOLLOWED: &str = "nothing is being followed into this schema; begin with: mainstay transfer follow";

fn keys(plan: &Plan) -> Vec<Key> {
    plan.tables.iter().map(|table| table.key.clone()).collect()
}

/// Rows are told apart by what SQLite keeps unique.
fn expect_keys(schema: &Schema, plan: &Plan) -> Result<(), FollowError> {
    for made in Definition::of(schema, plan).tables {
        let (table, planned) = (&schema.tables[made.place], &plan.tables[made.place]);
        if made.key.is_empty() {
            return Err(FollowError::NoKey(table.name.clone()));
        }
        if matches!(&planned.key, Key::Columns(columns) if !table.is_unique(columns)) {
            return Err(FollowError::NotUnique(table.name.clone()));
        }
    }
    Ok(())
}

/// A copy of what is being followed now, made by somebody who was killed then; not of what was followed some other time.
fn expect_copy_of(source: &Path, copy: &Path) -> Result<(), FollowError> {
    let followed = |path: &Path| {
        SqliteFile::open(path)?.read(|connection| {
            let sql = "SELECT id, since, tables FROM mainstay_capture";
            connection.query_row(sql, [], |row| Ok([row.get::<_, String>(0)?, row.get(1)?, row.get(2)?]))
        })
    };
    match followed(copy) {
        Ok(noted) if noted == followed(source)? => Ok(()),
        _ => Err(crate::CaptureError::Exists(copy.to_owned()).into()),
    }
}

/// A copy that has its name only when it is complete.
fn complete_copy(source: &Path, copy: &Path) -> Result<(), FollowError> {
    let mut partial = copy.to_path_buf().into_os_string();
    partial.push(".partial");
    let partial = PathBuf::from(partial);
    let failed = |source| crate::CaptureError::Unwritable { path: copy.to_owned(), source };
    if partial.exists() {
        std::fs::remove_file(&partial).map_err(failed)?;
    }
    backup(source, &partial, |_, _| ())?;
    std::fs::rename(&partial, copy).map_err(failed)?;
    Ok(())
}

impl Follower {
    /// Goes on with what has begun. Nobody else does at the same time.
    ///
    /// # Errors
    /// When nothing has begun, or a side cannot be reached.
    pub async fn open(target: &Target, schema: &str) -> Result<Self, FollowError> {
        let mut control = target.connect().await?;
        let states = States::new(target, schema);
        crate::run::lock(target, schema, &mut control).await?;
        let state = states.find(&mut control).await?.ok_or(FollowError::Phase(NOT_FOLLOWED))?;
        states.took_over(&mut control).await?;
        // First: it takes back what the one before was killed at.
        let capture = Some(Capture::open(&state.source, &state.id)?);
        let Noted { schema: found, plan, definition, .. } = states.noted(&state.source, &mut control).await?;
        let reader = Reader { schema: found, definition, target: schema.to_owned() };
        let session = target.connect().await?;
        let pruned = state.position.number();
        let mut follower = Self {
            reader,
            plan,
            states,
            state,
            control,
            session,
            capture,
            reading: None,
            back: None,
            pruned,
            step: STEP,
        };
        follower.mend().await?;
        Ok(follower)
    }

    /// Whoever was killed in the middle of a turn, and had told nobody where to go on, has left things closed.
    async fn mend(&mut self) -> Result<(), FollowError> {
        let is_fenced = self.capture().is_fenced()?;
        match self.phase() {
            Phase::Following if is_fenced || self.state.way.is_some() => {
                self.capture_mut().unfence()?;
                self.follow_again().await
            }
            // They gave up, and could not note it any more.
            Phase::Switching if !is_fenced => self.follow_again().await,
            Phase::Switched => self.open_target().await,
            _ => Ok(()),
        }
    }

    /// Asks whoever follows now to let go, after the step they are at.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn ask_over(target: &Target, schema: &str) -> Result<(), FollowError> {
        let mut control = target.connect().await?;
        let states = States::new(target, schema);
        if states.find(&mut control).await?.is_some() {
            states.ask_over(&mut control).await?;
        }
        Ok(())
    }

    /// Who is the master.
    pub fn phase(&self) -> Phase {
        self.state.phase
    }

    /// The SQLite file.
    pub fn source(&self) -> &Path {
        &self.state.source
    }

    /// Takes what has changed since the last step.
    ///
    /// # Errors
    /// When a side does not give or take it. Nothing of the step is kept then.
    pub async fn step(&mut self) -> Result<Step, FollowError> {
        if self.state.phase != Phase::Following {
            return Err(FollowError::Phase("PostgreSQL is the master by now, and does not follow any more"));
        }
        let batch = self.read().await?;
        let (rows, upto, more) = (batch.keys, batch.upto, batch.upto != batch.last);
        if upto > self.state.position {
            match self.take(batch).await {
                // A value has gone from one row to another, of which the second is not in this step.
                Err(error) if more && is_conflict(&error) => {
                    self.step = self.step.saturating_mul(8);
                    return Ok(Step { rows: 0, behind: self.behind()?, wants_over: false });
                }
                taken => taken?,
            }
            self.step = STEP;
        }
        self.prune(upto)?;
        Ok(Step { rows, behind: self.behind()?, wants_over: self.is_wanted().await? })
    }

    /// Reads a batch; a smaller one when it is too large.
    async fn read(&mut self) -> Result<Batch, FollowError> {
        self.capture().expect(self.state.seen)?;
        let mut limit = self.step;
        loop {
            let (mut capture, after) =
                (self.capture.take().expect("nobody else reads it"), self.state.position);
            let reader = self.reader.clone();
            self.reading = Some(spawn_blocking(move || {
                let read = reader.read(&mut capture, after, limit);
                (capture, read)
            }));
            match self.have_read().await.expect("a thread that reads it") {
                Ok(batch) => return Ok(batch),
                Err(Unread::Failed(error)) => return Err(error),
                Err(Unread::TooMuch) => limit = (limit / 8).max(1),
            }
        }
    }

    /// Waits for the thread that reads the file, if there is one. Whoever is cut off while they wait can do it again.
    async fn have_read(&mut self) -> Option<Result<Batch, Unread>> {
        let (capture, read) = self.reading.as_mut()?.await.expect("reading does not panic");
        self.reading = None;
        self.capture = Some(capture);
        Some(read)
    }

    async fn take(&mut self, batch: Batch) -> Result<(), FollowError> {
        let (upto, last) = (batch.upto, batch.last);
        let Self { reader, states, session, .. } = self;
        let failed = |cause| states.target.failed("a transaction", cause);
        let mut unit = session.begin().await.map_err(failed)?;
        if let Err(error) = apply::apply(&states.target, reader, batch, &mut unit).await {
            // At once: the tables are locked until then.
            unit.rollback().await.map_err(failed)?;
            return Err(error);
        }
        states.set_position(&mut unit, upto, last).await?;
        unit.commit().await.map_err(failed)?;
        (self.state.position, self.state.seen) = (upto, last);
        Ok(())
    }

    /// What is in PostgreSQL need not be noted in the file any more.
    fn prune(&mut self, upto: Position) -> Result<(), FollowError> {
        if upto.number() - self.pruned >= PRUNED_EVERY {
            self.capture().prune(upto)?;
            self.pruned = upto.number();
        }
        Ok(())
    }

    fn behind(&self) -> Result<u64, FollowError> {
        Ok(self.capture().lag(self.state.position)?.entries)
    }

    fn capture(&self) -> &Capture {
        self.capture.as_ref().expect("nobody else reads it")
    }

    fn capture_mut(&mut self) -> &mut Capture {
        self.capture.as_mut().expect("nobody else reads it")
    }
}

fn is_conflict(error: &FollowError) -> bool {
    let FollowError::Run(RunError::Target(TargetError::Refused { cause, .. })) = error else { return false };
    cause.as_database_error().is_some_and(sqlx::error::DatabaseError::is_unique_violation)
}
