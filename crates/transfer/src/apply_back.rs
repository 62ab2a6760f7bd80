//! Changes of PostgreSQL go back into the SQLite file they came from.
//!
//! Of each row that was touched, what it is now is looked up, and written in place of what the file has: so it does not
//! matter in which order that happens, nor how often. What SQLite cannot hold is not lost: it gets what comes nearest, and
//! the caller is told of every such cell.

mod error;
mod field;
mod rows;
mod shape;
mod tables;
mod unfit;
mod writer;

use std::collections::BTreeSet;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags, TransactionBehavior};
use sqlx::PgConnection;
use tokio::sync::mpsc::{Receiver, channel};
use tokio::task::spawn_blocking;

pub use self::error::ApplyBackError;

use self::rows::{Piece, Stopped};
use self::tables::Pair;
use self::writer::Writer;
use crate::changes::{ChangeSource, Changes, ChangesError, Snapshot};
use crate::verify::known;
use crate::{Definition, Difference, Schema, SourceError};

/// How long another program may keep the file to itself.
const PATIENCE: Duration = Duration::from_secs(5);
/// How many pieces wait to be written at the most.
const PIECES: usize = 4;
/// How often everything is taken anew when one row is in the way of another: each time, only what others wrote in that
/// very moment with `synchronous_commit = off` can be in the way still.
const TRIES: usize = 5;
/// How often half a second is waited for a table that somebody keeps to himself.
const LOCK_TRIES: usize = 60;

/// What a cell was that comes back as something else that means the same. By its table's place in
/// [`Definition::tables`], the key of its row as its codecs decode it, and its place in
/// [`TableDefinition::columns`](crate::TableDefinition::columns).
pub type FindRemembered = dyn Fn(usize, &[Value], usize) -> Option<Value> + Send + Sync;

/// Cells that are given back as they were while they mean the same.
pub struct Remembered {
    /// In which columns there are such cells: places of tables, and of columns in them.
    pub columns: BTreeSet<(usize, usize)>,
    /// Finds one.
    pub find: Box<FindRemembered>,
}

impl Remembered {
    /// None.
    pub fn nothing() -> Self {
        Self { columns: BTreeSet::new(), find: Box::new(|_, _, _| None) }
    }

    fn has_table(&self, table: usize) -> bool {
        self.columns.range((table, 0)..=(table, usize::MAX)).next().is_some()
    }

    fn cell(&self, table: usize, key: &[Value], column: usize) -> Option<Value> {
        if self.columns.contains(&(table, column)) { (self.find)(table, key, column) } else { None }
    }
}

/// What has got back into a file.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Applied {
    /// How many keys were touched.
    pub keys: u64,
    /// How many rows were removed, those included that came back.
    pub removed: u64,
    /// How many rows were written.
    pub written: u64,
    /// What SQLite cannot hold.
    pub unfit: Vec<Unfit>,
    /// What does not fulfil SQLite's own CHECKs, and was written all the same.
    pub broken_checks: Vec<BrokenCheck>,
    /// Columns that PostgreSQL has got since the move. They stay behind.
    pub added_columns: BTreeSet<String>,
    /// Tables beside those that were moved, which no move has made. They stay behind.
    pub added_tables: BTreeSet<String>,
    /// Whether there was nothing to take any more.
    pub is_drained: bool,
}

/// A value that SQLite cannot hold as it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Unfit {
    /// The table.
    pub table: String,
    /// What tells its row apart.
    pub key: Vec<String>,
    /// The column, as SQLite calls it.
    pub column: String,
    /// What PostgreSQL has, as text.
    pub value: String,
    /// What SQLite has now; none when the whole row had to stay behind.
    pub stored_as: Option<Value>,
    /// What a comparison finds because of it.
    pub differences: Vec<Difference>,
}

/// A row that SQLite's CHECK would have refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrokenCheck {
    /// The table.
    pub table: String,
    /// What tells the row apart.
    pub key: Vec<String>,
    /// What is not so.
    pub check: String,
}

impl Applied {
    /// Both.
    pub fn and(mut self, other: Self) -> Self {
        self.keys += other.keys;
        self.removed += other.removed;
        self.written += other.written;
        self.unfit.extend(other.unfit);
        self.broken_checks.extend(other.broken_checks);
        self.added_columns.extend(other.added_columns);
        self.added_tables.extend(other.added_tables);
        self.is_drained = other.is_drained;
        self
    }
}

/// Takes changes into a file.
#[derive(Clone)]
pub struct Applier {
    tables: Arc<[Pair]>,
    file: Arc<Mutex<File>>,
    /// The move that what SQLite cannot hold is noted of.
    noted_of: Option<String>,
}

impl fmt::Debug for Applier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Applier").field("tables", &self.tables).finish_non_exhaustive()
    }
}

struct File {
    path: PathBuf,
    connection: Connection,
    remembered: Remembered,
}

impl Applier {
    /// Opens the file that was moved by `definition`. Its own triggers do not run: what they did, PostgreSQL has already;
    /// nor do those that keep others from writing.
    ///
    /// # Errors
    /// When it cannot be written to, or nothing tells the rows of a table apart.
    pub fn open(
        path: &Path,
        schema: &Schema,
        definition: &Definition,
        remembered: Remembered,
    ) -> Result<Self, ApplyBackError> {
        let failed = |error| SourceError::of(path, error);
        if !path.exists() {
            return Err(SourceError::Missing(path.to_owned()).into());
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags).map_err(failed)?;
        prepare(&connection).map_err(failed)?;
        let mut tables = Pair::all(schema, definition)?;
        for table in &mut tables {
            table.keep_known_checks(&connection);
        }
        let file = File { path: path.to_owned(), connection, remembered };
        Ok(Self { tables: tables.into(), file: Arc::new(Mutex::new(file)), noted_of: None })
    }

    /// The same, which notes in PostgreSQL what SQLite cannot hold, as of the move into this schema.
    #[must_use]
    pub fn noting(self, schema: &str) -> Self {
        Self { noted_of: Some(schema.to_owned()), ..self }
    }

    /// Takes changes into the file, all or nothing; when it returns, they are on disk. May be done again, and by anybody
    /// who has been interrupted has to be.
    ///
    /// # Errors
    /// When PostgreSQL's tables are not what they were, or SQLite does not take a row.
    pub async fn apply(
        &self,
        snapshot: &mut Snapshot<'_>,
        changes: &Changes,
    ) -> Result<Applied, ApplyBackError> {
        let added = shape::compare(&self.tables, snapshot.connection()).await?;
        let mut applied = if changes.is_empty() {
            Applied { is_drained: true, ..Applied::default() }
        } else {
            self.write(snapshot, changes).await?
        };
        applied.added_columns.extend(added.columns);
        applied.added_tables.extend(added.tables);
        Ok(applied)
    }

    async fn note(&self, applied: &Applied, connection: &mut PgConnection) -> Result<(), ChangesError> {
        let Some(schema) = &self.noted_of else { return Ok(()) };
        let found = applied
            .unfit
            .iter()
            .flat_map(|cell| cell.differences.iter().map(|difference| (cell.table.as_str(), difference)));
        let noted = known::note(schema, &found.collect::<Vec<_>>(), connection).await;
        let failed = |source| ChangesError::Postgres { what: "to note what SQLite cannot hold", source };
        noted.map_err(failed)
    }

    async fn write(&self, snapshot: &mut Snapshot<'_>, changes: &Changes) -> Result<Applied, ApplyBackError> {
        let (to, pieces) = channel(PIECES);
        let (tables, file) = (self.tables.clone(), self.file.clone());
        let writing = spawn_blocking(move || {
            let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
            file.write(&tables, pieces)
        });
        let sent = rows::send_all(&self.tables, &changes.tables, snapshot.connection(), &to).await;
        drop(to);
        let written = writing.await.expect("writing does not panic");
        match (sent, written) {
            // Then the file has not been written to.
            (Err(Stopped::Failed(error)), _) | (_, Err(error)) => Err(error),
            (_, Ok(applied)) => Ok(applied),
        }
    }
}

fn prepare(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(PATIENCE)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false)?;
    connection.execute_batch(
        "PRAGMA foreign_keys = OFF; PRAGMA synchronous = FULL; PRAGMA ignore_check_constraints = ON",
    )?;
    connection.execute_batch(writer::PROBE)
}

impl File {
    /// Writes what comes, if its end comes, too.
    fn write(&mut self, tables: &[Pair], pieces: Receiver<Piece>) -> Result<Applied, ApplyBackError> {
        let Self { path, connection, remembered } = self;
        let failed = |error| SourceError::of(path, error);
        let transaction =
            connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
        let applied = Applied::default();
        let mut writer = Writer { connection: &transaction, tables, remembered, failed: &failed, applied };
        let is_whole = writer.take_all(pieces)?;
        let applied = writer.applied;
        if is_whole {
            transaction.commit().map_err(failed)?;
        }
        Ok(applied)
    }
}

/// Takes what has been changed since the last time, about `limit` changes or all, into the file, and then forgets it in
/// PostgreSQL. Whoever is killed on the way does it again.
///
/// # Errors
/// When PostgreSQL does not tell, or SQLite does not take it; nothing is forgotten then.
pub async fn bring_back(
    source: &ChangeSource,
    connection: &mut PgConnection,
    applier: &Applier,
    limit: Option<u32>,
) -> Result<Applied, ApplyBackError> {
    let mut tried = bring_patiently(source, connection, applier, limit).await;
    for _ in 0..TRIES {
        match &tried {
            // The row that is in the way has changed, too, perhaps.
            Err(error) if error.may_pass() => source.flush(connection).await?,
            _ => return tried,
        }
        tried = bring_patiently(source, connection, applier, None).await;
    }
    tried
}

/// Waits for those who keep a table to themselves.
async fn bring_patiently(
    source: &ChangeSource,
    connection: &mut PgConnection,
    applier: &Applier,
    limit: Option<u32>,
) -> Result<Applied, ApplyBackError> {
    for _ in 0..LOCK_TRIES {
        match bring_once(source, connection, applier, limit).await {
            Err(ApplyBackError::Changes(ChangesError::Busy)) => {}
            tried => return tried,
        }
    }
    Err(ChangesError::Busy.into())
}

async fn bring_once(
    source: &ChangeSource,
    connection: &mut PgConnection,
    applier: &Applier,
    limit: Option<u32>,
) -> Result<Applied, ApplyBackError> {
    let (mut snapshot, changes) = source.read(connection, limit).await?;
    let taken = applier.apply(&mut snapshot, &changes).await;
    // Whatever came of it, PostgreSQL's tables are let go.
    let ended = snapshot.end().await;
    let taken = taken?;
    ended?;
    // Before it is forgotten: whoever is killed here meets it again.
    applier.note(&taken, connection).await?;
    source.forget(&changes.position, connection).await?;
    Ok(taken)
}

/// Takes everything that has been committed until now into the file, in steps of about `limit` changes. It ends when
/// nothing is left, which nobody must write to PostgreSQL meanwhile for.
///
/// # Errors
/// Those of [`bring_back`].
pub async fn drain(
    source: &ChangeSource,
    connection: &mut PgConnection,
    applier: &Applier,
    limit: Option<u32>,
) -> Result<Applied, ApplyBackError> {
    source.flush(connection).await?;
    let mut all = Applied::default();
    while !all.is_drained {
        all = all.and(bring_back(source, connection, applier, limit).await?);
    }
    Ok(all)
}
