//! What outlives a crash: the state in one file that is whole at any moment, and the history, one decision a line.

mod history;

use std::fs::{self, DirBuilder};
use std::io::{self, ErrorKind};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use foundation::replace_file;
use history::History;

use super::record::Record;
use super::state::{State, VERSION};

const STATE: &str = "state.json";

/// Why what was kept cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// It cannot be read or written.
    #[error("{} cannot be used", .0.display())]
    Unusable(PathBuf, #[source] io::Error),
    /// It is not what we write.
    #[error(
        "{} is damaged; move it away to begin anew, with all visitors on the slots that the configuration names", .0.display()
    )]
    Damaged(PathBuf, #[source] serde_json::Error),
    /// Another version wrote it.
    #[error(
        "{} was written by another version of the program (format {found}, and this one knows {VERSION}); \
         use that version, or move the file away to begin anew", .path.display()
    )]
    OtherVersion {
        /// The file.
        path: PathBuf,
        /// Its format.
        found: u64,
    },
}

/// The folder. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Folder {
    path: PathBuf,
    history: History,
}

impl Folder {
    /// Opens it, and makes it when there is none.
    pub(crate) fn open(path: &Path) -> Result<Self, FolderError> {
        let made = DirBuilder::new().recursive(true).mode(0o700).create(path);
        made.map_err(|cause| FolderError::Unusable(path.to_owned(), cause))?;
        Ok(Self { path: path.to_owned(), history: History::of(path) })
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The state as it was last written; a fresh one where there is none. Decisions that were taken, and had not come into
    /// the history when the program ended, come there now.
    pub(crate) fn load(&self) -> Result<State, FolderError> {
        let path = self.path.join(STATE);
        let mut state = match fs::read(&path) {
            Ok(text) => read(&path, &text)?,
            Err(error) if error.kind() == ErrorKind::NotFound => State::default(),
            Err(error) => return Err(FolderError::Unusable(path, error)),
        };
        let last = self.newest(1)?.last().map_or(0, |record| record.number);
        self.append(state.fresh.iter().filter(|record| record.number > last))?;
        state.fresh.clear();
        // A state that was moved away, or is older than its history: no number is given twice.
        state.last_number = state.last_number.max(last);
        Ok(state)
    }

    /// Writes the state, then its fresh decisions into the history.
    pub(crate) fn save(&self, state: &State) -> Result<(), FolderError> {
        let path = self.path.join(STATE);
        let failed = |cause| FolderError::Unusable(path.clone(), cause);
        let text = serde_json::to_vec(state).map_err(io::Error::from).map_err(failed)?;
        replace_file(&path, &text).map_err(failed)?;
        self.append(state.fresh.iter())
    }

    /// The newest records, the oldest of them first.
    pub(crate) fn newest(&self, limit: usize) -> Result<Vec<Record>, FolderError> {
        self.history.newest(limit).map_err(|cause| self.no_history(cause))
    }

    /// Those behind a number, the oldest first.
    pub(crate) fn after(&self, number: u64, limit: usize) -> Result<Vec<Record>, FolderError> {
        self.history.after(number, limit).map_err(|cause| self.no_history(cause))
    }

    fn append<'r>(&self, records: impl Iterator<Item = &'r Record>) -> Result<(), FolderError> {
        self.history.append(records).map_err(|cause| self.no_history(cause))
    }

    fn no_history(&self, cause: io::Error) -> FolderError {
        FolderError::Unusable(self.history.path().to_owned(), cause)
    }
}

fn read(path: &Path, text: &[u8]) -> Result<State, FolderError> {
    let damaged = |cause| FolderError::Damaged(path.to_owned(), cause);
    let any: serde_json::Value = serde_json::from_slice(text).map_err(damaged)?;
    match any["version"].as_u64() {
        Some(found) if found != u64::from(VERSION) => {
            Err(FolderError::OtherVersion { path: path.to_owned(), found })
        }
        _ => serde_json::from_value(any).map_err(damaged),
    }
}

#[cfg(test)]
mod tests {
    use foundation::Timestamp;

    use super::*;
    use crate::engine::record::Happened;

    fn record(number: u64) -> Record {
        let happened = Happened::Reopened { by: None };
        Record { number, at: Timestamp::UNIX_EPOCH, service: "app".to_owned(), happened }
    }

    fn folder() -> (tempfile::TempDir, Folder) {
        let temporary = tempfile::TempDir::new().expect("a folder");
        let folder = Folder::open(&temporary.path().join("edge")).expect("writable");
        (temporary, folder)
    }

    #[test]
    fn what_was_written_is_read_again_and_the_history_grows() {
        let (_kept, folder) = folder();
        assert_eq!(folder.load().expect("a fresh state"), State::default());
        for number in 1..=3 {
            let state = State { last_number: number, fresh: vec![record(number)], ..State::default() };
            folder.save(&state).expect("written");
            assert_eq!(folder.load().expect("read"), State { fresh: Vec::new(), ..state });
        }
        let numbers =
            |limit| folder.newest(limit).expect("read").iter().map(|r| r.number).collect::<Vec<_>>();
        assert_eq!(numbers(10), [1, 2, 3]);
        assert_eq!(numbers(2), [2, 3]);
    }

    #[test]
    fn a_decision_that_a_crash_kept_out_of_the_history_comes_there_at_the_next_start() {
        let (_kept, folder) = folder();
        let state = State { last_number: 2, fresh: vec![record(1), record(2)], ..State::default() };
        folder.save(&state).expect("written");
        let history = folder.history.path();
        let text = fs::read(history).expect("a history");
        for cut in [0, 10, text.len() - 5] {
            fs::write(history, &text[..cut]).expect("cut");
            folder.load().expect("read");
            let records = folder.newest(10).expect("read");
            assert_eq!(records.last(), Some(&record(2)), "{cut}");
        }
    }

    #[test]
    fn a_history_whose_state_is_gone_goes_on_with_the_next_number() {
        let (kept, folder) = folder();
        let state = State { last_number: 2, fresh: vec![record(1), record(2)], ..State::default() };
        folder.save(&state).expect("written");
        fs::remove_file(kept.path().join("edge").join(STATE)).expect("removed");
        assert_eq!(folder.load().expect("a fresh state"), State { last_number: 2, ..State::default() });
    }

    #[test]
    fn what_another_version_wrote_or_nobody_is_not_touched() {
        let (kept, folder) = folder();
        let path = kept.path().join("edge").join(STATE);
        for (text, words) in [("{\"version\":99}", "another version"), ("{", "damaged"), ("{}", "damaged")] {
            fs::write(&path, text).expect("written");
            let error = folder.load().expect_err(text).to_string();
            assert!(error.contains(words), "{error}");
            assert_eq!(fs::read_to_string(&path).expect("there"), text);
        }
    }
}
