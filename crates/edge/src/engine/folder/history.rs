//! What was decided, a record a line, in the order of the numbers. It is read from its end: what one asks for is new, most
//! of the time.

use std::collections::VecDeque;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::engine::record::Record;

const HISTORY: &str = "history.jsonl";
const BEFORE: &str = "history.before.jsonl";
/// When the history is as long as this, it begins anew; the one before is kept.
const LONGEST: u64 = 16 * 1024 * 1024;
/// How much is read at a time.
const PIECE: u64 = 16 * 1024;

/// The history, and the one before. Cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct History {
    path: PathBuf,
    before: PathBuf,
    longest: u64,
}

impl History {
    pub(super) fn of(folder: &Path) -> Self {
        Self { path: folder.join(HISTORY), before: folder.join(BEFORE), longest: LONGEST }
    }

    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Adds records; they are kept when this is done.
    pub(super) fn append<'r>(&self, records: impl Iterator<Item = &'r Record>) -> io::Result<()> {
        let mut lines = Vec::new();
        for record in records {
            serde_json::to_writer(&mut lines, record)?;
            lines.push(b'\n');
        }
        if lines.is_empty() {
            return Ok(());
        }
        if fs::metadata(&self.path).is_ok_and(|data| data.len() > self.longest) {
            fs::rename(&self.path, &self.before)?;
        }
        let mut file =
            OpenOptions::new().create(true).read(true).append(true).mode(0o600).open(&self.path)?;
        end_line(&mut file)?;
        file.write_all(&lines)?;
        file.sync_all()
    }

    /// The newest records, the oldest of them first.
    pub(super) fn newest(&self, limit: usize) -> io::Result<Vec<Record>> {
        let mut lines = self.lines().take(limit).collect::<io::Result<Vec<_>>>()?;
        lines.reverse();
        Ok(records(lines))
    }

    /// Those behind a number, the oldest first. No more are held in memory at a time than are given.
    pub(super) fn after(&self, number: u64, limit: usize) -> io::Result<Vec<Record>> {
        let mut oldest = VecDeque::new();
        for line in self.lines() {
            let line = line?;
            if line.number <= number {
                break;
            }
            oldest.push_front(line);
            oldest.truncate(limit);
        }
        Ok(records(oldest))
    }

    /// The newest first.
    fn lines(&self) -> Lines {
        Lines { next: vec![self.before.clone(), self.path.clone()], reading: None, least: u64::MAX }
    }
}

fn records(lines: impl IntoIterator<Item = Line>) -> Vec<Record> {
    lines.into_iter().filter_map(|line| serde_json::from_slice(&line.text).ok()).collect()
}

/// Ends a line that a crash has cut short, so that nothing is written behind it.
fn end_line(file: &mut File) -> io::Result<()> {
    if file.metadata()?.len() == 0 {
        return Ok(());
    }
    let mut last = [0];
    file.seek(SeekFrom::End(-1))?;
    file.read_exact(&mut last)?;
    if last == *b"\n" { Ok(()) } else { file.write_all(b"\n") }
}

/// A record that was not read further than to its number.
#[derive(Debug)]
struct Line {
    number: u64,
    text: Vec<u8>,
}

#[derive(Deserialize)]
struct Numbered {
    number: u64,
}

/// Each record once, from the newest to the oldest. A crash may have cut one short; then it stands there again. So do
/// several that could not all be written.
#[derive(Debug)]
struct Lines {
    /// Files that are still to be read, the newest last.
    next: Vec<PathBuf>,
    reading: Option<Backwards<File>>,
    /// The number of the record before.
    least: u64,
}

impl Lines {
    fn read(&mut self) -> io::Result<Option<Line>> {
        while let Some(reading) = self.file()? {
            let Some(text) = reading.line()? else {
                self.reading = None;
                continue;
            };
            match serde_json::from_slice(&text) {
                Ok(Numbered { number }) if number < self.least => {
                    self.least = number;
                    return Ok(Some(Line { number, text }));
                }
                _ => {}
            }
        }
        Ok(None)
    }

    /// The file that is being read, or the next one that is there.
    fn file(&mut self) -> io::Result<Option<&mut Backwards<File>>> {
        while self.reading.is_none() {
            let Some(path) = self.next.pop() else { break };
            self.reading = match File::open(path) {
                Ok(file) => Some(Backwards::new(file)?),
                Err(error) if error.kind() == ErrorKind::NotFound => None,
                Err(error) => return Err(error),
            };
        }
        Ok(self.reading.as_mut())
    }
}

impl Iterator for Lines {
    type Item = io::Result<Line>;

    fn next(&mut self) -> Option<io::Result<Line>> {
        self.read().transpose()
    }
}

/// Reads a file line by line, the last one first.
#[derive(Debug)]
struct Backwards<F> {
    file: F,
    /// How much of it, from its beginning, has not been read yet.
    unread: u64,
    /// What was read, and is not given yet.
    held: Vec<u8>,
}

impl<F: Read + Seek> Backwards<F> {
    fn new(mut file: F) -> io::Result<Self> {
        let unread = file.seek(SeekFrom::End(0))?;
        Ok(Self { file, unread, held: Vec::new() })
    }

    fn line(&mut self) -> io::Result<Option<Vec<u8>>> {
        loop {
            if let Some(end) = self.held.iter().rposition(|byte| *byte == b'\n') {
                let line = self.held.split_off(end + 1);
                self.held.truncate(end);
                return Ok(Some(line));
            }
            if self.unread == 0 {
                let first = std::mem::take(&mut self.held);
                return Ok(Some(first).filter(|line| !line.is_empty()));
            }
            self.read()?;
        }
    }

    fn read(&mut self) -> io::Result<()> {
        let size = self.unread.min(PIECE);
        self.unread -= size;
        self.file.seek(SeekFrom::Start(self.unread))?;
        let mut piece = Vec::new();
        self.file.by_ref().take(size).read_to_end(&mut piece)?;
        piece.append(&mut self.held);
        self.held = piece;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use foundation::Timestamp;

    use super::*;
    use crate::engine::record::Happened;

    fn record(number: u64) -> Record {
        let happened = Happened::Reopened { by: Some("x".repeat(100)) };
        Record { number, at: Timestamp::UNIX_EPOCH, service: "app".to_owned(), happened }
    }

    fn append(history: &History, numbers: impl Iterator<Item = u64>) {
        history.append(numbers.map(record).collect::<Vec<_>>().iter()).expect("written");
    }

    fn numbers(records: io::Result<Vec<Record>>) -> Vec<u64> {
        records.expect("read").iter().map(|record| record.number).collect()
    }

    fn history() -> (tempfile::TempDir, History) {
        let folder = tempfile::tempdir().expect("a folder");
        let history = History::of(folder.path());
        (folder, history)
    }

    #[test]
    fn a_part_of_it_is_as_long_as_it_may_be_and_goes_on_where_the_one_before_ended() {
        let (_folder, history) = history();
        assert_eq!(numbers(history.after(0, 10)), [0; 0]);
        append(&history, 1..=1000);
        let mut all = Vec::new();
        while let Some(more) = Some(numbers(history.after(all.last().copied().unwrap_or(0), 300)))
            .filter(|more| !more.is_empty())
        {
            assert!(more.len() <= 300);
            all.extend(more);
        }
        assert_eq!(all, (1..=1000).collect::<Vec<_>>());
        assert_eq!(numbers(history.newest(3)), [998, 999, 1000]);
        assert_eq!(numbers(history.after(u64::MAX, 3)), [0; 0]);
    }

    #[test]
    fn of_a_long_history_only_its_end_is_read_when_little_is_new() {
        let (_folder, history) = history();
        append(&history, 1..=10_000);
        let whole = fs::metadata(history.path()).expect("there").len();
        let mut lines = history.lines();
        let found = lines.find(|line| line.as_ref().expect("read").number <= 9_990);
        assert_eq!(found.expect("a line").expect("read").number, 9_990);
        assert_eq!(lines.reading.expect("a file").unread, whole - PIECE);
    }

    #[test]
    fn what_is_older_is_found_in_the_history_before() {
        let (_folder, mut history) = history();
        history.longest = 1000;
        append(&history, 1..=20);
        append(&history, 21..=22);
        assert_eq!(numbers(history.after(0, 100)), (1..=22).collect::<Vec<_>>());
        assert_eq!(numbers(history.newest(4)), [19, 20, 21, 22]);
        // As if the program ended between the two: the new one has not begun.
        fs::remove_file(history.path()).expect("removed");
        assert_eq!(numbers(history.after(18, 100)), [19, 20]);
    }

    #[test]
    fn what_was_written_twice_or_cut_short_comes_once() {
        let (_folder, history) = history();
        append(&history, 1..=5);
        let text = fs::read(history.path()).expect("read");
        fs::write(history.path(), &text[..text.len() - 10]).expect("cut");
        append(&history, 4..=7);
        assert_eq!(numbers(history.after(0, 100)), [1, 2, 3, 4, 5, 6, 7]);
        assert_eq!(numbers(history.after(4, 100)), [5, 6, 7]);
        assert_eq!(numbers(history.newest(4)), [4, 5, 6, 7]);
    }

    #[test]
    fn lines_of_all_lengths_are_read_backwards() {
        let piece = usize::try_from(PIECE).expect("small");
        for lengths in
            [vec![0], vec![1, 0, 2], vec![piece - 1, piece, piece + 1, 3 * piece, 1], vec![7; 9999]]
        {
            let lines: Vec<String> = lengths.iter().map(|length| "x".repeat(*length)).collect();
            let text = lines.join("\n");
            let mut reading = Backwards::new(Cursor::new(text.clone())).expect("read");
            let mut read = Vec::new();
            while let Some(line) = reading.line().expect("read") {
                read.push(String::from_utf8(line).expect("text"));
            }
            read.reverse();
            assert_eq!(read.join("\n"), text);
        }
    }
}
