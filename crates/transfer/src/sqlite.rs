//! A SQLite file: opened so that it stays as it is, and read.

mod catalogue;
mod definition;
mod kept;
mod moment;
mod scan;
mod snapshot;

pub(crate) use self::definition::unquoted;
pub(crate) use self::kept::{Kept, Kind, sequences};

use std::fs::File;
use std::io::{ErrorKind, Read as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use crate::{Schema, SourceError};

/// With what each SQLite file begins (<https://sqlite.org/fileformat2.html#the_database_header>).
const MAGIC: &[u8; 16] = b"SQLite format 3\0";
/// How long another program may keep the file to itself.
const PATIENCE: Duration = Duration::from_secs(5);

/// A SQLite file. Reading never changes it.
#[derive(Debug)]
pub struct SqliteFile {
    path: PathBuf,
    connection: Connection,
}

impl SqliteFile {
    /// Opens a file.
    ///
    /// # Errors
    /// When it is not there, is no database, or cannot be read as it is.
    pub fn open(path: &Path) -> Result<Self, SourceError> {
        match Self::connect(path) {
            // Only then: whoever opens and closes a file besides SQLite drops all locks that this process has on it.
            Err(error) if !matches!(error, SourceError::Locked(_)) => {
                expect_magic(path)?;
                Err(error)
            }
            opened => opened,
        }
    }

    fn connect(path: &Path) -> Result<Self, SourceError> {
        let failed = |error| SourceError::of(path, error);
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags).map_err(failed)?;
        connection.busy_timeout(PATIENCE).map_err(failed)?;
        // What another program has put into the schema is read, and never run.
        connection.pragma_update(None, "trusted_schema", false).map_err(failed)?;
        connection.collation_needed(by_bytes).map_err(failed)?;
        let file = Self { path: path.to_owned(), connection };
        // Opening reads nothing yet.
        file.read(|connection| connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(())))?;
        Ok(file)
    }

    /// What it consists of.
    ///
    /// # Errors
    /// When it cannot be read, or a definition in it cannot be understood.
    pub fn schema(&self) -> Result<Schema, SourceError> {
        catalogue::read(self)
    }

    pub(crate) fn read<T>(
        &self,
        query: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, SourceError> {
        query(&self.connection).map_err(|error| SourceError::of(&self.path, error))
    }
}

/// Stands in for a collation of the program that made the file: SQLite reads no table without it, even where it compares
/// nothing.
fn by_bytes(connection: &Connection, name: &str) -> rusqlite::Result<()> {
    connection.create_collation(name, str::cmp)
}

/// SQLite says less. An empty file is a database without tables.
fn expect_magic(path: &Path) -> Result<(), SourceError> {
    let unreadable = |source| SourceError::Unreadable { path: path.to_owned(), source };
    let file = File::open(path).map_err(|error| match error.kind() {
        ErrorKind::NotFound => SourceError::Missing(path.to_owned()),
        _ => unreadable(error),
    })?;
    let mut head = Vec::new();
    file.take(MAGIC.len() as u64).read_to_end(&mut head).map_err(unreadable)?;
    if head.is_empty() || head == MAGIC { Ok(()) } else { Err(SourceError::NoDatabase(path.to_owned())) }
}

/// Names as SQL lists them.
pub(crate) fn listed<'n>(names: impl IntoIterator<Item = &'n String>) -> String {
    names.into_iter().map(|name| quoted(name)).collect::<Vec<_>>().join(", ")
}

/// A name as SQL has it in quotes.
pub(crate) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
