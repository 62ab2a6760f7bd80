//! Several readers who see one and the same moment, while others go on writing.

use std::path::Path;

use rusqlite::Connection;

use super::SqliteFile;
use crate::SourceError;

/// How often readers begin anew because somebody wrote in between.
const TRIES: usize = 1000;

impl SqliteFile {
    /// Opens a file several times, all at the same moment: whatever is written from now on, none of them sees. Where the
    /// file keeps no WAL, nobody can write as long as they are open.
    ///
    /// # Errors
    /// When it cannot be read, or others write to it so often that there is no moment between two writes.
    pub fn open_snapshot(path: &Path, readers: usize) -> Result<Vec<Self>, SourceError> {
        let watch = Self::open(path)?;
        for _ in 0..TRIES {
            let before = watch.read(version)?;
            let files: Vec<_> = (0..readers).map(|_| Self::open(path)).collect::<Result<_, _>>()?;
            for file in &files {
                file.read(begin)?;
            }
            // It tells a connection whether others have written since it looked last.
            if watch.read(version)? == before {
                return Ok(files);
            }
        }
        Err(SourceError::Locked(path.to_owned()))
    }
}

fn version(connection: &Connection) -> rusqlite::Result<i64> {
    connection.pragma_query_value(None, "data_version", |row| row.get(0))
}

/// A read transaction begins with its first read.
fn begin(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch("BEGIN")?;
    connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))
}
