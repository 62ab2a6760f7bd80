//! A move: begun or resumed, done by several workers who share its tasks, and exactly once each.

mod attempt;
pub(crate) mod notes;
mod parts;
mod worker;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Serialize;
use sqlx::{AssertSqlSafe, PgConnection, Row as _};
use thiserror::Error;

use self::notes::{Done, Move, Notes};
use self::worker::{Orders, Worker};
use crate::follow::States;
use crate::load::Filled;
use crate::progress::Event;
use crate::sqlite::quoted;
use crate::target::TargetError;
use crate::task::{Schedule, Task};
use crate::{Definition, LeftBehind, Plan, Progress, Schema, SourceError, SqliteFile, Target};

/// Why a move has stopped.
#[derive(Debug, Error)]
pub enum RunError {
    /// The file.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// PostgreSQL.
    #[error(transparent)]
    Target(#[from] TargetError),
    /// A cell does not fit its column.
    #[error(transparent)]
    Misfit(Box<Misfit>),
    /// Something in SQLite has to change first.
    #[error("this cannot be moved as it is: {}", .0.iter().map(LeftBehind::to_string).collect::<Vec<_>>().join("; "))]
    Impossible(Vec<LeftBehind>),
    /// Nothing has begun.
    #[error("no transfer into the schema {0} has begun; begin one with: mainstay transfer run")]
    NothingBegun(String),
    /// The source is not what it was.
    #[error(
        "{} has been written to since the transfer began, so what has arrived is of another moment. Begin anew with \
         `mainstay transfer run --existing drop`; to move a database that is in use: mainstay transfer follow", .0.display()
    )]
    SourceChanged(PathBuf),
    /// Somebody follows into it.
    #[error(
        "a database is being followed into the schema {0}: `mainstay transfer status` says who is the master. Go on with \
         `mainstay transfer follow`, or begin anew: mainstay transfer stop, then this again. Where PostgreSQL is the master, \
         only `DROP SCHEMA mainstay_transfer CASCADE` makes Mainstay forget that"
    )]
    Followed(String),
    /// Another program has cut it into tasks.
    #[error(
        "version {0} of Mainstay has begun this transfer, and another may cut it into other pieces: go on with that one, or \
         begin anew with `mainstay transfer run --existing drop`"
    )]
    OtherVersion(String),
}

/// What this program is: another may cut a move into other tasks.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// A cell that does not fit its column, and nobody has said what becomes of it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "{table}.{column} is {type_name}, and {cell:?}, {class} in the row {key}, is not. Give the column a wider type in the \
     plan, or say what becomes of such cells: misfits = \"cast\", \"null\" or \"reject\""
)]
pub struct Misfit {
    /// The table.
    pub table: String,
    /// The column.
    pub column: String,
    /// The row, as a JSON array.
    pub key: String,
    /// What the cell is.
    pub class: &'static str,
    /// The beginning of what it holds.
    pub cell: String,
    /// The type of the column.
    pub type_name: &'static str,
}

/// What to do with what a schema has already.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Existing {
    /// Nothing may be there.
    #[default]
    Refuse,
    /// It stays, unless it has the name of something that comes.
    Keep,
    /// What has the name of something that comes goes, with all that is in it.
    Drop,
}

/// What a move came to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Moved {
    /// The tables, in order.
    pub tables: Vec<MovedTable>,
    /// What could not be done, and stopped nothing.
    pub troubles: Vec<String>,
    /// What stays behind.
    pub left_behind: Vec<LeftBehind>,
}

/// What became of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MovedTable {
    /// Its name in SQLite.
    pub name: String,
    /// How many rows arrived.
    pub rows: u64,
    /// As how many bytes.
    pub bytes: u64,
}

/// A move of a file into a schema of PostgreSQL.
#[derive(Debug)]
pub struct Run {
    source: PathBuf,
    schema: Schema,
    plan: Plan,
    definition: Definition,
    target: Target,
    workers: usize,
    extent: Extent,
}

/// A move that is being done: nobody else does it while this lives.
#[derive(Debug)]
pub(crate) struct Begun {
    control: PgConnection,
    files: Vec<SqliteFile>,
}

/// How far a move goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extent {
    /// To tables that are full; what joins them comes later.
    Tables,
    /// To the end.
    Everything,
}

impl Run {
    /// A move by a plan. `workers` share the work, each with a connection of its own.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn new(source: &Path, plan: Plan, target: Target, workers: usize) -> Result<Self, RunError> {
        let schema = SqliteFile::open(source)?.schema()?;
        let definition = Definition::of(&schema, &plan);
        Ok(Self {
            source: source.to_owned(),
            schema,
            plan,
            definition,
            target,
            workers: workers.max(1),
            extent: Extent::Everything,
        })
    }

    pub(crate) fn to(self, extent: Extent) -> Self {
        Self { extent, ..self }
    }

    /// Begins it, and does it.
    ///
    /// # Errors
    /// When something stands in the way; then what has arrived can be resumed from.
    pub async fn run(&self, existing: Existing, progress: &Progress) -> Result<Moved, RunError> {
        let begun = self.begin(existing, &[]).await?;
        self.work(begun, progress).await
    }

    /// Makes the tables, and notes what they are for; `more` is run together with that.
    pub(crate) async fn begin(&self, existing: Existing, more: &[String]) -> Result<Begun, RunError> {
        if !self.definition.impossible.is_empty() {
            return Err(RunError::Impossible(self.definition.impossible.clone()));
        }
        let mut control = self.target.connect().await?;
        self.expect_unfollowed(&mut control).await?;
        self.target.check(&mut control, &self.plan.target).await?;
        let notes = self.notes();
        notes.lock(&mut control).await?;
        // First: what is written between the two makes a resume refuse, and the other way round it would not.
        let moment = SqliteFile::open(&self.source)?.moment()?;
        let files = SqliteFile::open_snapshot(&self.source, self.workers)?;
        let mut statements = self.make_room(&mut control, existing).await?;
        statements.extend(self.definition.extensions.iter().cloned());
        statements.extend(self.definition.tables.iter().map(|table| table.create.clone()));
        let new = Move {
            target: self.plan.target.clone(),
            source: self.source.display().to_string(),
            moment,
            plan: self.plan.to_toml(&self.schema, None),
            definition: Some(files[0].kept()?.to_json()),
            made_by: VERSION.to_owned(),
            is_complete: false,
        };
        statements.extend_from_slice(more);
        notes.begin(&mut control, &new, &statements).await?;
        Ok(Begun { control, files })
    }

    /// Goes on where the one before was cut off.
    ///
    /// # Errors
    /// When nothing has begun, the file is not what it was, or something stands in the way.
    pub async fn resume(&self, progress: &Progress) -> Result<Moved, RunError> {
        let mut control = self.target.connect().await?;
        self.expect_unfollowed(&mut control).await?;
        self.go_on(control, progress).await
    }

    /// The rows of whoever is followed into this schema are not ours to drop: PostgreSQL may be their master.
    async fn expect_unfollowed(&self, control: &mut PgConnection) -> Result<(), RunError> {
        if States::new(&self.target, &self.plan.target).find(control).await?.is_some() {
            return Err(RunError::Followed(self.plan.target.clone()));
        }
        Ok(())
    }

    /// The same, be it followed.
    pub(crate) async fn go_on(
        &self,
        mut control: PgConnection,
        progress: &Progress,
    ) -> Result<Moved, RunError> {
        let notes = self.notes();
        notes.lock(&mut control).await?;
        let begun = notes.find(&mut control).await?;
        let begun = begun.ok_or_else(|| RunError::NothingBegun(self.plan.target.clone()))?;
        if begun.made_by != VERSION && !begun.is_complete {
            return Err(RunError::OtherVersion(begun.made_by));
        }
        let files = SqliteFile::open_snapshot(&self.source, self.workers)?;
        if files[0].moment()? != begun.moment {
            return Err(RunError::SourceChanged(self.source.clone()));
        }
        self.work(Begun { control, files }, progress).await
    }

    /// Looks whether what joins the tables holds, at the end of a move whose tables have changed since: nothing is read of
    /// the file any more.
    pub(crate) async fn check(&self, progress: &Progress) -> Result<Moved, RunError> {
        let control = self.target.connect().await?;
        let files = (0..self.workers).map(|_| None).collect();
        let weights = vec![1; self.schema.tables.len()];
        self.share(control, files, (self.joining(), weights), progress).await
    }

    fn notes(&self) -> Notes {
        Notes::new(&self.target, &self.plan.target)
    }

    /// What has to go first, as statements.
    async fn make_room(
        &self,
        control: &mut PgConnection,
        existing: Existing,
    ) -> Result<Vec<String>, RunError> {
        let sql = "SELECT relname::text, relkind::text FROM pg_class WHERE relnamespace = to_regnamespace($1) \
                   AND relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_class.oid \
                   AND deptype IN ('e', 'i', 'a')) ORDER BY relname";
        let quoted_name = quoted(&self.plan.target);
        let rows = sqlx::query(sql).bind(&quoted_name).fetch_all(control).await;
        let rows = rows.map_err(|cause| self.target.failed("to list its tables", cause))?;
        let found: Vec<(String, String)> = rows.iter().map(|row| (row.get(0), row.get(1))).collect();
        let comes = |name: &str| {
            let name = format!("{quoted_name}.{}", quoted(name));
            self.definition.tables.iter().any(|table| table.name == name)
                || self.definition.views.iter().any(|view| view.name == name)
        };
        let in_the_way: Vec<_> = match existing {
            Existing::Refuse => found,
            Existing::Keep | Existing::Drop => found.into_iter().filter(|(name, _)| comes(name)).collect(),
        };
        if existing != Existing::Drop && !in_the_way.is_empty() {
            let (name, schema) = (self.target.name().to_owned(), self.plan.target.clone());
            let found = in_the_way.into_iter().map(|(name, _)| name).take(5).collect();
            return Err(TargetError::NotEmpty { name, schema, found }.into());
        }
        // What needs something of it and does not come is in the way, too: nobody has said that it may go.
        let kinds = [
            ("v", "VIEW"),
            ("m", "MATERIALIZED VIEW"),
            ("f", "FOREIGN TABLE"),
            ("rp", "TABLE"),
            ("S", "SEQUENCE"),
        ];
        let drop = |(kinds, what): (&str, &str)| {
            let names = in_the_way.iter().filter(|(_, kind)| kinds.contains(kind.as_str()));
            let names: Vec<_> = names.map(|(name, _)| format!("{quoted_name}.{}", quoted(name))).collect();
            (!names.is_empty()).then(|| format!("DROP {what} {}", names.join(", ")))
        };
        Ok(kinds.into_iter().filter_map(drop).collect())
    }

    /// Does all tasks that are not done yet.
    pub(crate) async fn work(&self, begun: Begun, progress: &Progress) -> Result<Moved, RunError> {
        let Begun { control, files } = begun;
        let (mut tasks, weights, rows) = self.filling(&files[0])?;
        if self.extent == Extent::Everything {
            tasks.extend(self.joining());
        }
        progress.tell(Event::Expected { rows });
        let files = files.into_iter().map(Some).collect();
        self.share(control, files, (tasks, weights), progress).await
    }

    /// Lets workers do those of the tasks that are not done yet; each of them with a file, if they need it.
    async fn share(
        &self,
        mut control: PgConnection,
        files: Vec<Option<SqliteFile>>,
        (tasks, weights): (Vec<Task>, Vec<u64>),
        progress: &Progress,
    ) -> Result<Moved, RunError> {
        let notes = self.notes();
        let done = notes.done(&mut control).await?;
        progress.moved(done.iter().map(|done| done.rows).sum(), done.iter().map(|done| done.bytes).sum());
        let names: BTreeSet<_> = done.iter().map(|done| done.task.as_str()).collect();
        let is_open = |task: &Task| !names.contains(task.to_string().as_str());
        let schedule = Schedule::new(tasks.iter().copied().filter(is_open).collect(), weights);
        let shared = Arc::new(worker::Shared::new(schedule));
        // All before the first row moves: what ends a connection from then on is no lack of one.
        let mut connected = Vec::new();
        for file in files {
            connected.push((file, self.target.connect().await?));
        }
        let mut workers = tokio::task::JoinSet::new();
        let orders = Arc::new(self.orders(progress));
        for (file, connection) in connected {
            let worker = Worker::new(Arc::clone(&orders), Arc::clone(&shared), file, connection);
            workers.spawn(worker.work());
        }
        while let Some(ended) = workers.join_next().await {
            ended.expect("a worker does not panic")?;
        }
        notes.end(&mut control).await?;
        let moved = self.moved(&tasks, &notes.done(&mut control).await?);
        notes.unlock(&mut control).await?;
        Ok(moved)
    }

    fn orders(&self, progress: &Progress) -> Orders {
        Orders {
            schema: self.schema.clone(),
            definition: self.definition.clone(),
            target: self.target.clone(),
            target_schema: self.plan.target.clone(),
            notes: self.notes(),
            progress: progress.clone(),
        }
    }

    fn moved(&self, tasks: &[Task], done: &[Done]) -> Moved {
        let by_name: BTreeMap<_, _> = done.iter().map(|done| (done.task.as_str(), done)).collect();
        let found = |task: &Task| by_name.get(task.to_string().as_str()).copied();
        let mut tables: Vec<_> = self
            .schema
            .tables
            .iter()
            .map(|table| MovedTable { name: table.name.clone(), rows: 0, bytes: 0 })
            .collect();
        for (task, done) in tasks.iter().filter_map(|task| Some((task, found(task)?))) {
            if let Some(table) = task.table() {
                tables[table].rows += done.rows;
                tables[table].bytes += done.bytes;
            }
        }
        let troubles = done.iter().filter_map(|done| done.trouble.clone()).collect();
        Moved { tables, troubles, left_behind: self.definition.left_behind.clone() }
    }
}

/// The plan, as TOML, by which a move into a schema has begun.
///
/// # Errors
/// When none has, or the target cannot be reached.
pub async fn noted_plan(target: &Target, schema: &str) -> Result<String, RunError> {
    let mut control = target.connect().await?;
    Ok(noted(target, schema, &mut control).await?.plan)
}

/// What is noted of the move into a schema.
pub(crate) async fn noted(
    target: &Target,
    schema: &str,
    control: &mut PgConnection,
) -> Result<Move, RunError> {
    let begun = Notes::new(target, schema).find(control).await?;
    begun.ok_or_else(|| RunError::NothingBegun(schema.to_owned()))
}

/// Nobody else moves anything into the schema while the connection lives.
pub(crate) async fn lock(
    target: &Target,
    schema: &str,
    control: &mut PgConnection,
) -> Result<(), TargetError> {
    Notes::new(target, schema).lock(control).await
}

/// Makes what joins tables, as the last part of a move that went no further than the tables.
pub(crate) async fn join(
    target: &Target,
    plan: &Plan,
    definition: &Definition,
    unit: &mut PgConnection,
) -> Result<(), RunError> {
    let (notes, task) = (Notes::new(target, &plan.target), Task::Join.to_string());
    if notes.claim(unit, &task).await? {
        let Filled { rows, bytes, trouble } = attempt::join(target, definition, unit).await?;
        notes.finish(unit, &Done { task, rows, bytes, trouble }).await?;
    }
    Ok(())
}

/// Takes that back.
pub(crate) async fn part(
    target: &Target,
    plan: &Plan,
    definition: &Definition,
    unit: &mut PgConnection,
) -> Result<(), TargetError> {
    if Notes::new(target, &plan.target).unclaim(unit, &Task::Join.to_string()).await? {
        execute(target, unit, &definition.parts()).await?;
    }
    Ok(())
}

/// Runs statements one after the other.
pub(crate) async fn execute(
    target: &Target,
    unit: &mut PgConnection,
    statements: &[String],
) -> Result<(), TargetError> {
    for sql in statements {
        let done = sqlx::raw_sql(AssertSqlSafe(sql.as_str())).execute(&mut *unit).await;
        done.map_err(|cause| target.failed(sql, cause))?;
    }
    Ok(())
}
