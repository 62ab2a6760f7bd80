//! What has been changed in PostgreSQL, as keys only: in which order does not matter, as whoever takes them looks up what
//! the rows are now. That none is skipped is all that counts.

mod available;
mod error;
mod health;
mod pgoutput;
mod slot;
mod snapshot;
mod triggers;

use std::collections::BTreeSet;

use sqlx::{AssertSqlSafe, PgConnection};
use xxhash_rust::xxh3::xxh3_64;

pub use self::available::{Capability, WhyNot, available};
pub use self::error::ChangesError;
pub use self::pgoutput::Malformed;
pub use self::snapshot::Snapshot;

use self::slot::Slot;
use self::snapshot::Visible;
use self::triggers::Triggers;
use crate::TableDefinition;

/// How changes become known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// PostgreSQL's own log is read, through a replication slot.
    Slot,
    /// Triggers write down what they see.
    Triggers,
}

/// The key of a row: the text of each of its columns, as PostgreSQL writes it by [`snapshot::SETTINGS`].
pub type RowKey = Vec<String>;

/// What has been touched in a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Touched {
    /// The rows with these keys.
    Keys(BTreeSet<RowKey>),
    /// Every row there was or is.
    All,
}

impl Touched {
    fn add(&mut self, key: RowKey) {
        if let Self::Keys(keys) = self {
            keys.insert(key);
        }
    }

    /// Whether it is nothing.
    pub fn is_nothing(&self) -> bool {
        matches!(self, Self::Keys(keys) if keys.is_empty())
    }
}

/// What has been changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changes {
    /// In each of the tables that are watched, in their order.
    pub tables: Vec<Touched>,
    /// What need not be told again once these have been taken.
    pub position: Position,
}

impl Changes {
    fn none(tables: usize) -> Self {
        Self { tables: vec![Touched::Keys(BTreeSet::new()); tables], position: Position::Unmoved }
    }

    /// Whether nothing has been changed.
    pub fn is_empty(&self) -> bool {
        self.tables.iter().all(Touched::is_nothing)
    }
}

/// Up to where changes were told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Position {
    /// No further than before.
    Unmoved,
    /// This place in PostgreSQL's log.
    Log(u64),
    /// These entries of the journal, and no others: those between them may become visible later.
    Entries(Vec<i64>),
}

/// How much has not been taken yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lag {
    /// By the log.
    Log {
        /// How many bytes have been written into it since, by anybody.
        behind: u64,
        /// How many bytes PostgreSQL must keep on its disk because of the slot.
        retained: u64,
    },
    /// By the journal: how many entries.
    Entries(u64),
}

/// A table that is watched.
#[derive(Debug, Clone)]
struct Watched {
    /// Its name, in quotes and with its schema.
    name: String,
    /// The names of the columns of its key, in quotes, and their types.
    key: Vec<(String, &'static str)>,
}

impl Watched {
    fn of(table: &TableDefinition) -> Result<Self, ChangesError> {
        if table.key.is_empty() {
            return Err(ChangesError::NoKey(table.name.clone()));
        }
        let column = |place: &usize| {
            let column = &table.columns[*place];
            (column.name.clone(), column.plan.codec.type_name())
        };
        Ok(Self { name: table.name.clone(), key: table.key.iter().map(column).collect() })
    }
}

/// Where changes become known.
#[derive(Debug, Clone)]
pub struct ChangeSource {
    tables: Vec<Watched>,
    kind: Kind,
}

#[derive(Debug, Clone)]
enum Kind {
    Slot(Slot),
    Triggers(Triggers),
}

impl ChangeSource {
    /// For these tables, moved into this schema of the database that `connection` is to. Nothing is installed yet, and
    /// nothing is shared with another schema.
    ///
    /// # Errors
    /// When nothing tells the rows of a table apart, or PostgreSQL does not answer.
    pub async fn of(
        way: Way,
        schema: &str,
        tables: &[TableDefinition],
        connection: &mut PgConnection,
    ) -> Result<Self, ChangesError> {
        let tables = tables.iter().map(Watched::of).collect::<Result<_, _>>()?;
        let kind = match way {
            Way::Slot => Kind::Slot(Slot::of(schema, connection).await?),
            Way::Triggers => Kind::Triggers(Triggers::of(schema)),
        };
        Ok(Self { tables, kind })
    }

    /// Which way it is.
    pub fn way(&self) -> Way {
        match self.kind {
            Kind::Slot(_) => Way::Slot,
            Kind::Triggers(_) => Way::Triggers,
        }
    }

    /// From now on, changes are told. Doing it again does no harm, and forgets nothing.
    ///
    /// A slot makes PostgreSQL keep its log until it is read or [removed](Self::remove): whoever forgets one fills the
    /// disk.
    ///
    /// # Errors
    /// When PostgreSQL refuses it; [`available`] says beforehand why it would.
    pub async fn install(&self, connection: &mut PgConnection) -> Result<(), ChangesError> {
        match &self.kind {
            Kind::Slot(slot) => slot.install(&self.tables, connection).await,
            Kind::Triggers(triggers) => triggers.install(&self.tables, connection).await,
        }
    }

    /// What has been changed since what was [forgotten](Self::forget) last, with a moment of the database at which the
    /// rows can be looked up: all that is told of had happened then, unless it is told again. About `limit` changes, or
    /// everything up to that moment.
    ///
    /// # Errors
    /// When a table is gone, or PostgreSQL does not tell.
    pub async fn read<'c>(
        &self,
        connection: &'c mut PgConnection,
        limit: Option<u32>,
    ) -> Result<(Snapshot<'c>, Changes), ChangesError> {
        let mut snapshot = Snapshot::begin(connection, &self.tables).await?;
        match self.read_at(&mut snapshot, limit).await {
            Ok(changes) => Ok((snapshot, changes)),
            Err(error) => {
                snapshot.end().await?;
                Err(error)
            }
        }
    }

    async fn read_at(&self, at: &mut Snapshot<'_>, limit: Option<u32>) -> Result<Changes, ChangesError> {
        let visible = at.visible().await?;
        match &self.kind {
            Kind::Slot(slot) => slot.read(&self.tables, &visible, limit, at.connection()).await,
            Kind::Triggers(triggers) => triggers.read(&self.tables, limit, at.connection()).await,
        }
    }

    /// As if every row of every table had been touched: for when changes were lost.
    ///
    /// # Errors
    /// When a table is gone, or PostgreSQL does not answer.
    pub async fn everything<'c>(
        &self,
        connection: &'c mut PgConnection,
    ) -> Result<(Snapshot<'c>, Changes), ChangesError> {
        let snapshot = Snapshot::begin(connection, &self.tables).await?;
        let tables = vec![Touched::All; self.tables.len()];
        Ok((snapshot, Changes { tables, position: Position::Unmoved }))
    }

    /// Changes up to here have been taken, and are on disk: they are not told again.
    ///
    /// # Errors
    /// When PostgreSQL does not do it: then they are told again.
    pub async fn forget(
        &self,
        position: &Position,
        connection: &mut PgConnection,
    ) -> Result<(), ChangesError> {
        match (&self.kind, position) {
            (Kind::Slot(slot), Position::Log(end)) => slot.forget(*end, connection).await,
            (Kind::Triggers(triggers), Position::Entries(seen)) => triggers.forget(seen, connection).await,
            _ => Ok(()),
        }
    }

    /// Whatever has been committed until now is told from now on. Without it, what was committed with
    /// `synchronous_commit = off` may be told a moment later.
    ///
    /// # Errors
    /// When PostgreSQL does not do it.
    pub async fn flush(&self, connection: &mut PgConnection) -> Result<(), ChangesError> {
        match &self.kind {
            Kind::Slot(slot) => slot.flush(connection).await,
            Kind::Triggers(_) => Ok(()),
        }
    }

    /// Whatever has been committed until now is not told any more: for whoever knows it already.
    ///
    /// # Errors
    /// When PostgreSQL does not do it.
    pub async fn skip(&self, connection: &mut PgConnection) -> Result<(), ChangesError> {
        match &self.kind {
            Kind::Slot(slot) => slot.skip(connection).await,
            Kind::Triggers(triggers) => triggers.skip(connection).await,
        }
    }

    /// How much has not been taken yet.
    ///
    /// # Errors
    /// When it is not installed, or PostgreSQL does not answer.
    pub async fn lag(&self, connection: &mut PgConnection) -> Result<Lag, ChangesError> {
        match &self.kind {
            Kind::Slot(slot) => slot.lag(connection).await,
            Kind::Triggers(triggers) => triggers.lag(connection).await,
        }
    }

    /// Leaves nothing of it behind in PostgreSQL. What was not taken is not told any more.
    ///
    /// # Errors
    /// When PostgreSQL refuses it.
    pub async fn remove(&self, connection: &mut PgConnection) -> Result<(), ChangesError> {
        match &self.kind {
            Kind::Slot(slot) => slot.remove(connection).await,
            Kind::Triggers(triggers) => triggers.remove(connection).await,
        }
    }
}

/// What sets apart the things of one schema: of any name, something that fits into names.
fn suffix(schema: &str) -> String {
    format!("{:016x}", xxh3_64(schema.as_bytes()))
}

/// All of it, or nothing.
async fn at_once(sql: &str, connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    // Such as that something is there already.
    let sql = format!("BEGIN; SET LOCAL client_min_messages = warning; {sql}; COMMIT");
    let done = sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut *connection).await;
    if done.is_err() {
        // The first error is the one to tell of.
        let _ = sqlx::raw_sql("ROLLBACK").execute(connection).await;
    }
    done.map(drop)
}
