//! Which rows a table has, and whether a file is as it was.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::Path;
use std::time::UNIX_EPOCH;

use super::{SqliteFile, quoted};
use crate::{SourceError, Table};

/// The bytes of a file's own header, which has a counter of changes.
const HEADER: u64 = 100;

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

    /// What would be another after any change: of the file and of its WAL the lengths, the beginnings, and when they were
    /// written to.
    pub(crate) fn moment(&self) -> Result<String, SourceError> {
        let unreadable = |source| SourceError::Unreadable { path: self.path.clone(), source };
        let mut wal = self.path.clone().into_os_string();
        wal.push("-wal");
        let file = moment(&self.path).map_err(unreadable)?;
        let wal = if Path::new(&wal).exists() {
            moment(Path::new(&wal)).map_err(unreadable)?
        } else {
            String::new()
        };
        // An empty WAL is as good as none: it comes and goes with whoever opens the file.
        Ok(if wal.starts_with("0 ") { file } else { format!("{file} {wal}").trim_end().to_owned() })
    }
}

fn moment(path: &Path) -> std::io::Result<String> {
    let about = fs::metadata(path)?;
    let mut head = Vec::new();
    File::open(path)?.take(HEADER).read_to_end(&mut head)?;
    let written = about.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default();
    Ok(format!("{} {} {}", about.len(), written.as_nanos(), hex::encode(head)))
}
