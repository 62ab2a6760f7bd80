//! A file of checkpoints, a line each, that is only ever appended to.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use futures::future::BoxFuture;

use super::{Witness, WitnessError};
use crate::Checkpoint;

/// A file beside the program, where the owner of a database on another machine has no access.
#[derive(Debug)]
pub struct CheckpointFile {
    path: PathBuf,
    name: String,
    last: Mutex<i64>,
}

impl CheckpointFile {
    /// The file at this path, which need not exist.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn open(path: &Path) -> io::Result<Self> {
        let last = read_checkpoints(path)?.last().map_or(0, |checkpoint| checkpoint.sequence);
        Ok(Self {
            path: path.to_owned(),
            name: format!("the file {}", path.display()),
            last: Mutex::new(last),
        })
    }

    fn append(&self, checkpoint: &Checkpoint) -> io::Result<()> {
        let mut last = self.last.lock().expect("not poisoned");
        // Opened each time, so that the file may be moved away, as programs that rotate files do.
        let mut file = OpenOptions::new().create(true).append(true).mode(0o600).open(&self.path)?;
        // A line that was cut off by a crash is ended first.
        let line = format!("{}\n", checkpoint.to_line());
        let line = if ends_whole(&self.path)? { line } else { format!("\n{line}") };
        file.write_all(line.as_bytes())?;
        file.sync_data()?;
        *last = checkpoint.sequence;
        Ok(())
    }
}

impl Witness for CheckpointFile {
    fn name(&self) -> &str {
        &self.name
    }

    fn remembers(&self) -> Option<i64> {
        Some(*self.last.lock().expect("not poisoned"))
    }

    fn keep<'a>(&'a self, checkpoint: &'a Checkpoint) -> BoxFuture<'a, Result<(), WitnessError>> {
        // A line a minute: not worth a thread.
        Box::pin(async { self.append(checkpoint).map_err(|error| WitnessError(error.to_string())) })
    }
}

fn ends_whole(path: &Path) -> io::Result<bool> {
    use std::io::{Read as _, Seek as _, SeekFrom};
    let mut file = File::open(path)?;
    if file.metadata()?.len() == 0 {
        return Ok(true);
    }
    file.seek(SeekFrom::End(-1))?;
    let mut last = [0];
    file.read_exact(&mut last)?;
    Ok(last == *b"\n")
}

/// The checkpoints in a file, in its order. Lines that are none, such as one that was cut off by a crash, are left out;
/// so are those of other programs, when a log server has put them between. None when there is no file.
///
/// # Errors
/// When it cannot be read.
pub fn read_checkpoints(path: &Path) -> io::Result<Vec<Checkpoint>> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut checkpoints = Vec::new();
    for line in BufReader::new(file).split(b'\n') {
        checkpoints.extend(find_checkpoint(&String::from_utf8_lossy(&line?)));
    }
    Ok(checkpoints)
}

/// The checkpoint in a line, which may have something in front, as the lines of a log server do.
fn find_checkpoint(line: &str) -> Option<Checkpoint> {
    let (start, end) = (line.find('{')?, line.rfind('}')?);
    Checkpoint::from_line(line.get(start..=end)?)
}
