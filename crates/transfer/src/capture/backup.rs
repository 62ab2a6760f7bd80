//! Copies a file while it is used: the copy is the file as it was at one moment.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags};

use super::{CaptureError, PATIENCE, Result};
use crate::SqliteFile;

/// How many pages are copied at once.
const STEP: i32 = 4096;
/// How often the copy may have to begin anew, because somebody wrote meanwhile, before writers have to wait for it.
const RESTARTS: u32 = 3;

/// Copies a database to where nothing is yet, readable by its owner only, and on the disk when this returns. `progress`
/// is told how many pages of how many are there.
///
/// In WAL mode programs go on writing. In any other they can between two pieces; where that makes the copy begin anew three
/// times, it is made in one piece, and they wait for it.
///
/// # Errors
/// When there is something already, the file cannot be read, or the copy not be written. No copy is left then.
pub fn backup(from: &Path, to: &Path, mut progress: impl FnMut(u64, u64)) -> Result<()> {
    // It says best what is wrong with a file.
    SqliteFile::open(from)?;
    let unwritable = |source| CaptureError::Unwritable { path: to.to_owned(), source };
    let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(to);
    let file = made.map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => CaptureError::Exists(to.to_owned()),
        _ => unwritable(error),
    })?;
    let copied = copy(from, to, &mut progress).and_then(|()| sync(&file, to).map_err(unwritable));
    if copied.is_err() {
        // The first error is the one to tell of.
        let _ = fs::remove_file(to);
    }
    copied
}

/// Puts the copy on the disk, and its name.
fn sync(file: &File, path: &Path) -> io::Result<()> {
    file.sync_all()?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

fn copy(from: &Path, to: &Path, progress: &mut impl FnMut(u64, u64)) -> Result<()> {
    let reading = |error| CaptureError::of(from, error);
    let writing = |error| CaptureError::of(to, error);
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let source = Connection::open_with_flags(from, flags).map_err(reading)?;
    source.busy_timeout(PATIENCE).map_err(reading)?;
    let mode: String = source.query_row("PRAGMA journal_mode", [], |row| row.get(0)).map_err(reading)?;
    if mode == "wal" {
        // Nobody has to wait for a reader, who sees one moment until he is done.
        source.execute_batch("BEGIN; SELECT count(*) FROM sqlite_schema").map_err(reading)?;
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut copy = Connection::open_with_flags(to, flags).map_err(writing)?;
    // A copy that is not finished is thrown away, and one that is gets to the disk at the end.
    copy.execute_batch("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF").map_err(writing)?;
    let backup = Backup::new(&source, &mut copy).map_err(writing)?;
    run(&backup, progress).map_err(reading)?.then_some(()).ok_or_else(|| CaptureError::Busy(from.to_owned()))
}

/// Copies all pages; whether nobody kept the file to himself for too long.
fn run(backup: &Backup<'_, '_>, progress: &mut impl FnMut(u64, u64)) -> rusqlite::Result<bool> {
    let (mut restarts, mut remaining) = (0, i32::MAX);
    loop {
        let step = if restarts < RESTARTS { STEP } else { -1 };
        let result = backup.step(step)?;
        let now = backup.progress();
        let count = |pages: i32| u64::try_from(pages).unwrap_or(0);
        progress(count(now.pagecount - now.remaining), count(now.pagecount));
        match result {
            StepResult::Done => return Ok(true),
            StepResult::More if now.remaining >= remaining => restarts += 1,
            StepResult::More => {}
            // It has been waited for already.
            _ => return Ok(false),
        }
        remaining = now.remaining;
    }
}
