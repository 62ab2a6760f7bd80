//! Several programs write at once while one follows, copies, and at last closes the file.

use std::io::{Read as _, Write as _, stdin};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rusqlite::Connection;
use transfer::{Capture, CaptureError, FENCED, backup};

use super::grammar::{Chance, SCHEMA, statement};
use super::{Replica, Source, contents};
use crate::live::rest;

const WRITERS: u64 = 3;
/// How many entries of the journal come before the copy, and before the end.
const ENOUGH: [i64; 2] = [500, 2_000];
/// So many statements come one upon another at least, so that programs get into each other's way; then whoever follows gets
/// a turn.
const AT_ONCE: u32 = 5;
const REST: Duration = Duration::from_millis(10);
/// When a writer gives up waiting for the fence.
const STATEMENTS: u32 = 500_000;

/// What a writer is told on its standard input: where, and from what its statements follow.
#[test]
#[ignore = "another test runs this in a process of its own"]
fn writer() {
    let mut told = String::new();
    stdin().read_to_string(&mut told).expect("told");
    let [path, seed, recursive] = told.lines().collect::<Vec<_>>().try_into().expect("three lines");
    let connection = Connection::open(path).expect("opens");
    connection.busy_timeout(Duration::from_secs(2)).expect("set");
    connection.pragma_update(None, "recursive_triggers", recursive).expect("set");
    connection.pragma_update(None, "synchronous", "OFF").expect("set");
    let mut chance = Chance(seed.parse().expect("a number"));
    let is_closed = |error: &rusqlite::Error| error.to_string().contains(FENCED);
    for number in 0..STATEMENTS {
        // Not while it keeps the file to itself.
        if number % AT_ONCE == 0 && connection.is_autocommit() {
            rest(REST);
        }
        if connection.execute_batch(&statement(&mut chance)).is_err_and(|error| is_closed(&error)) {
            return;
        }
    }
    panic!("nobody has closed it");
}

/// A program that writes; it ends with its owner.
struct Writer(Child);

impl Drop for Writer {
    fn drop(&mut self) {
        // It may have come to its end.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn start(path: &Path, seed: u64, recursive: bool) -> Writer {
    let this_program = std::env::current_exe().expect("these tests");
    let mut child = Command::new(this_program)
        .args(["--exact", "captures::hammer::writer", "--ignored"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .expect("starts");
    let mut told = child.stdin.take().expect("asked for");
    write!(told, "{}\n{seed}\n{recursive}", path.display()).expect("told");
    Writer(child)
}

/// Whoever meets a lock tries again.
fn patiently<T>(mut attempt: impl FnMut() -> Result<T, CaptureError>) -> T {
    loop {
        match attempt() {
            Err(CaptureError::Busy(_)) => {}
            result => return result.expect("nothing but a lock stands in the way"),
        }
    }
}

#[expect(clippy::print_stdout, reason = "a failure is followed up from there")]
fn hammer(mode: &str, recursive: bool) {
    // Another one each time.
    let seed = u64::from(std::process::id());
    println!("{mode}, recursive: {recursive}, from {seed}");
    let source = Source::new(&format!("PRAGMA journal_mode = {mode}; PRAGMA busy_timeout = 20000; {SCHEMA}"));
    let mut follower = source.follow();
    let mut writers: Vec<_> =
        (0..WRITERS).map(|number| start(&source.path(), seed + (number << 32), recursive)).collect();
    while follower.at.number() < ENOUGH[0] {
        patiently(|| follower.step(500));
    }
    let copy = source.folder.path().join("copy.db");
    patiently(|| backup(&source.path(), &copy, |_, _| ()));
    let at = Capture::position_in(&copy).expect("followed");
    let rows = contents(&Connection::open(&copy).expect("opens"), &follower.tables);
    let mut from_copy = source.another(at, Replica { rows });
    while follower.at.number() < ENOUGH[1] {
        patiently(|| follower.step(500));
        patiently(|| follower.capture.prune(follower.at.min(at)));
    }
    let end = patiently(|| follower.capture.fence(FENCED, Duration::from_secs(20)));
    for writer in &mut writers {
        assert!(writer.0.wait().expect("ends").success(), "a writer failed");
    }
    follower.expect_same(&source.writer);
    assert_eq!(follower.at, end, "nothing comes behind the fence");
    from_copy.expect_same(&source.writer);
}

#[test]
fn nothing_is_missed_in_wal_mode() {
    hammer("WAL", false);
}

#[test]
fn nothing_is_missed_in_wal_mode_with_recursive_triggers() {
    hammer("WAL", true);
}

#[test]
fn nothing_is_missed_with_a_rollback_journal() {
    hammer("DELETE", false);
}

#[test]
fn nothing_is_missed_with_a_rollback_journal_and_recursive_triggers() {
    hammer("DELETE", true);
}
