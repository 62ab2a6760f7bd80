//! A file of checkpoints, a line each, that is only ever appended to.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use futures::future::BoxFuture;

use super::{Kept, Witness, WitnessError};
use crate::Checkpoint;

/// A file beside the program, where the owner of a database on another machine has no access.
#[derive(Debug)]
pub struct CheckpointFile {
    path: PathBuf,
    name: String,
    kept: Mutex<Kept>,
}

impl CheckpointFile {
    /// The file at this path, which need not exist.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn open(path: &Path) -> io::Result<Self> {
        let last = read_checkpoints(path)?.checkpoints.pop();
        let kept = Mutex::new(last.map_or(Kept::Nothing, Kept::Last));
        Ok(Self { path: path.to_owned(), name: format!("the file {}", path.display()), kept })
    }

    fn append(&self, checkpoint: &Checkpoint) -> io::Result<()> {
        let mut kept = self.kept.lock().expect("not poisoned");
        // Opened each time, so that the file may be moved away, as programs that rotate files do.
        let mut file = OpenOptions::new().create(true).append(true).mode(0o600).open(&self.path)?;
        // A line that was cut off by a crash is ended first.
        let line = format!("{}\n", checkpoint.to_line());
        let line = if ends_whole(&self.path)? { line } else { format!("\n{line}") };
        file.write_all(line.as_bytes())?;
        file.sync_data()?;
        *kept = Kept::Last(checkpoint.clone());
        Ok(())
    }
}

impl Witness for CheckpointFile {
    fn name(&self) -> &str {
        &self.name
    }

    fn kept(&self) -> Kept {
        self.kept.lock().expect("not poisoned").clone()
    }

    fn keep<'a>(&'a self, checkpoint: &'a Checkpoint) -> BoxFuture<'a, Result<(), WitnessError>> {
        // A line now and then: not worth a thread.
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

/// What a file of checkpoints holds.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct KeptCheckpoints {
    /// The checkpoints, in its order.
    pub checkpoints: Vec<Checkpoint>,
    /// How many lines hold none: cut off by a crash, of another program, or damaged.
    pub other_lines: u64,
}

/// Reads a file of checkpoints; lines of a log server may have something in front of them. No file holds nothing.
///
/// # Errors
/// When it cannot be read.
pub fn read_checkpoints(path: &Path) -> io::Result<KeptCheckpoints> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(KeptCheckpoints::default()),
        Err(error) => return Err(error),
    };
    let mut kept = KeptCheckpoints::default();
    for line in BufReader::new(file).split(b'\n') {
        let line = line?;
        match find_checkpoint(&String::from_utf8_lossy(&line)) {
            Some(checkpoint) => kept.checkpoints.push(checkpoint),
            None => kept.other_lines += u64::from(!line.trim_ascii().is_empty()),
        }
    }
    Ok(kept)
}

/// The checkpoint in a line, which may have something in front, as the lines of a log server do.
fn find_checkpoint(line: &str) -> Option<Checkpoint> {
    let (start, end) = (line.find('{')?, line.rfind('}')?);
    Checkpoint::from_line(line.get(start..=end)?)
}
