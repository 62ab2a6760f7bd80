//! What was put into a file goes without a trace.

use std::time::Duration;

use rusqlite::Connection;
use transfer::{Capture, FENCED};

use super::grammar::SCHEMA;
use super::{Source, dump};

#[test]
fn a_file_is_what_it_was() {
    let made = "PRAGMA user_version = 7; PRAGMA application_id = 8; CREATE VIRTUAL TABLE search USING fts5(body); INSERT INTO search VALUES ('a');";
    for mode in ["WAL", "DELETE"] {
        for counted in [SCHEMA, "CREATE TABLE t (a); INSERT INTO t VALUES (1);"] {
            let source = Source::new(&format!("PRAGMA journal_mode = {mode}; {made} {counted} ANALYZE;"));
            let before = dump(&source.path());
            let mut follower = source.follow();
            follower.capture.fence(FENCED, Duration::from_secs(5)).expect("closes");
            // The numbers of our own tables go with them.
            source.run("ANALYZE");
            Capture::remove(&source.path()).expect("removes");
            source.run("ANALYZE");
            assert_eq!(dump(&source.path()), before, "{mode}");
            Capture::remove(&source.path()).expect("there is nothing to remove");
        }
    }
}

#[test]
fn what_was_written_meanwhile_stays() {
    let write = "INSERT INTO users VALUES ('a', 'a', 'a', 0); REPLACE INTO users VALUES ('b', 'A', 'b', 1);";
    let plain = Source::new(&format!("{SCHEMA} {write}"));
    let source = Source::new(SCHEMA);
    let _follower = source.follow();
    source.run(write);
    Capture::remove(&source.path()).expect("removes");
    assert_eq!(dump(&source.path()), dump(&plain.path()));
}

#[test]
fn a_file_that_was_altered_meanwhile_is_cleaned_too() {
    let altered = "ALTER TABLE t RENAME TO s; ALTER TABLE s RENAME COLUMN a TO b; DROP TABLE gone; CREATE TABLE late (a);";
    let made = "CREATE TABLE t (a UNIQUE); CREATE TABLE gone (a);";
    let plain = Source::new(&format!("{made} {altered}"));
    let source = Source::new(made);
    let _follower = source.follow();
    source.run(altered);
    source.run("DROP TABLE mainstay_journal");
    Capture::remove(&source.path()).expect("removes");
    assert_eq!(dump(&source.path()), dump(&plain.path()));
    Connection::open(source.path())
        .and_then(|app| app.execute_batch("INSERT INTO s VALUES (1)"))
        .expect("writes");
}
