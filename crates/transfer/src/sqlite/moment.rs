//! Which rows a table has, and whether a file is as it was.

use std::fs::{self, Metadata};
use std::io::ErrorKind;
use std::os::unix::fs::MetadataExt as _;

use super::{SqliteFile, quoted};
use crate::{SourceError, Table};

impl SqliteFile {
    /// How many rows a table has.
    pub(crate) fn count(&self, table: &Table) -> Result<u64, SourceError> {
        let sql = format!("SELECT count(*) FROM {}", quoted(&table.name));
        let count: i64 = self.read(|connection| connection.query_row(&sql, [], |row| row.get(0)))?;
        Ok(u64::try_from(count).unwrap_or_default())
    }

    /// The least and the greatest rowid of a table; none when it is empty or has no rowids that can be asked for.
    pub(crate) fn rowids(&self, table: &Table) -> Result<Option<(i64, i64)>, SourceError> {
        let Some(rowid) = table.rowid() else { return Ok(None) };
        // One each: of both at once, SQLite reads the whole table.
        let end = |function: &str| {
            let sql = format!("SELECT {function}({rowid}) FROM {}", quoted(&table.name));
            self.read(|connection| connection.query_row(&sql, [], |row| row.get::<_, Option<i64>>(0)))
        };
        Ok(end("min")?.zip(end("max")?))
    }

    /// What would be another after any change: how long the file and its WAL are, and when they were written to. Neither is
    /// opened for that: closing it again would drop the locks that SQLite holds on it
    /// (<https://sqlite.org/howtocorrupt.html#_posix_advisory_locks_canceled_by_a_separate_thread_doing_close_>).
    pub(crate) fn moment(&self) -> Result<String, SourceError> {
        let unreadable = |source| SourceError::Unreadable { path: self.path.clone(), source };
        let mut wal = self.path.clone().into_os_string();
        wal.push("-wal");
        let file = moment(&fs::metadata(&self.path).map_err(unreadable)?);
        // An empty WAL is as good as none: it comes and goes with whoever opens the file.
        let wal = match fs::metadata(wal) {
            Ok(about) if about.len() > 0 => moment(&about),
            Ok(_) => String::new(),
            Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
            Err(error) => return Err(unreadable(error)),
        };
        Ok(format!("{file} {wal}").trim_end().to_owned())
    }
}

fn moment(about: &Metadata) -> String {
    format!("{} {}.{:09}", about.len(), about.mtime(), about.mtime_nsec())
}
