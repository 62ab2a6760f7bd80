//! Follows what is written to a SQLite file by whatever program: triggers in the file note the key of each row that
//! changes, and whoever follows looks up what the row holds by then.
//!
//! All that is added is called `mainstay_…`: a table with one row that says who follows and what the schema was, a
//! journal of keys, and triggers. [`Capture::remove`] takes it out again, and the file holds what it would hold without.

mod backup;
mod changes;
mod error;
mod fence;
mod followed;
mod footprint;
mod guards;
mod install;
mod listing;
mod triggers;

pub use self::backup::backup;
pub use self::changes::{Batch, Change, Lag, Position};
pub use self::error::CaptureError;
pub use self::fence::FENCED;

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};

use self::followed::Followed;
use self::listing::Listing;
use crate::{Key, Schema, SourceError, SqliteFile};

/// How long another program may keep the file to itself.
const PATIENCE: Duration = Duration::from_secs(5);

type Result<T> = std::result::Result<T, CaptureError>;

/// A file that is followed.
#[derive(Debug)]
pub struct Capture {
    path: PathBuf,
    connection: Connection,
    tables: Vec<Followed>,
    /// What the schema consisted of when this began.
    listing: Listing,
    /// The version of the schema that was last seen to be that.
    seen: Option<i64>,
}

impl Capture {
    /// Begins to follow a file, or goes on with it where the same `id` did already. `keys` are those of the tables of
    /// `schema`, in their order, `since` is for people who meet the file. Virtual tables are not followed.
    ///
    /// Where the same `id` followed by other keys, or another schema, it begins anew: nobody must rely on what was noted
    /// then.
    ///
    /// # Errors
    /// When the file cannot be followed as it is, or somebody else follows it. Nothing is changed then.
    pub fn install(path: &Path, id: &str, since: &str, schema: &Schema, keys: &[Key]) -> Result<Self> {
        let mut connection = connect(path)?;
        let transaction = immediate(path, &mut connection)?;
        let failed = |error| CaptureError::of(path, error);
        let found = install::installed(path, &transaction)?;
        if let Some(other) = found.as_ref().filter(|found| found.id != id) {
            return Err(other.taken(path));
        }
        let wanted = install::wanted(path, &transaction, schema, keys)?;
        if let Some(found) = found {
            if found.notes(path, &transaction, &wanted)? {
                return Self::open(path, id);
            }
            install::remove(&transaction).map_err(failed)?;
        }
        install::install(path, &transaction, [id, since], schema, &wanted)?;
        transaction.commit().map_err(failed)?;
        Self::open(path, id)
    }

    /// Goes on with a file that this `id` follows.
    ///
    /// # Errors
    /// When it does not, or the file cannot be read.
    pub fn open(path: &Path, id: &str) -> Result<Self> {
        let connection = connect(path)?;
        let installed = install::installed(path, &connection)?;
        let installed = installed.ok_or_else(|| CaptureError::NotFollowed(path.to_owned()))?;
        if installed.id != id {
            return Err(installed.taken(path));
        }
        let install::Installed { tables, listing, .. } = installed;
        Ok(Self { path: path.to_owned(), connection, tables, listing, seen: None })
    }

    /// Takes all out of a file that following has put into it, the fence too, whatever has become of the file since.
    ///
    /// # Errors
    /// When it cannot be written to. Nothing is changed then.
    pub fn remove(path: &Path) -> Result<()> {
        let mut connection = connect(path)?;
        let transaction = immediate(path, &mut connection)?;
        install::remove(&transaction).map_err(|error| CaptureError::of(path, error))?;
        transaction.commit().map_err(|error| CaptureError::of(path, error))
    }

    /// How far the journal in a copy of a followed file goes: the copy holds all changes up to there, and no other.
    ///
    /// # Errors
    /// When it is no such copy, or cannot be read.
    pub fn position_in(copy: &Path) -> Result<Position> {
        let connection = connect(copy)?;
        if install::installed(copy, &connection)?.is_none() {
            return Err(CaptureError::NotFollowed(copy.to_owned()));
        }
        changes::last(&connection).map_err(|error| CaptureError::of(copy, error))
    }

    fn failed(&self, error: rusqlite::Error) -> CaptureError {
        CaptureError::of(&self.path, error)
    }
}

/// A connection that may write, to a file that is there.
fn connect(path: &Path) -> Result<Connection> {
    // It says best what is wrong with a file.
    match SqliteFile::open(path) {
        // Whoever may write takes back what a program was killed at.
        Ok(_) | Err(SourceError::Unfinished(_)) => {}
        Err(error) => return Err(error.into()),
    }
    let failed = |error| CaptureError::of(path, error);
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(failed)?;
    connection.busy_timeout(PATIENCE).map_err(failed)?;
    connection.pragma_update(None, "trusted_schema", false).map_err(failed)?;
    Ok(connection)
}

/// A transaction beside which nobody else writes.
fn immediate<'c>(path: &Path, connection: &'c mut Connection) -> Result<Transaction<'c>> {
    let begun = connection.transaction_with_behavior(TransactionBehavior::Immediate);
    begun.map_err(|error| CaptureError::of(path, error))
}
