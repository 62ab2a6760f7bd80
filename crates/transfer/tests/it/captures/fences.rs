//! Behind the fence nothing is written.

use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode};
use transfer::{CaptureError, FENCED};

use super::Source;
use super::grammar::{Chance, SCHEMA, write};

const PATIENCE: Duration = Duration::from_secs(5);
const NONE: Duration = Duration::ZERO;

const ROWS: &str = "INSERT INTO users VALUES ('a', 'a', 'a', 0), ('b', 'b', 'b', 0); INSERT INTO posts VALUES (1, 'a', 'a', 3); \
                    INSERT INTO marks VALUES ('a', 1, 1); INSERT INTO tree VALUES (1, NULL, 1), (2, 1, 2); INSERT INTO loose VALUES (1, 1);";

#[test]
fn whatever_is_written_is_refused_before_it_has_any_effect() {
    let source = Source::new(&format!("{SCHEMA} {ROWS}"));
    let mut follower = source.follow();
    let end = follower.capture.fence("it has moved: don't", PATIENCE).expect("closes");
    for sql in [
        "INSERT INTO users (id) VALUES ('c')",
        "INSERT OR IGNORE INTO users (id) VALUES ('c')",
        "INSERT OR IGNORE INTO users (id) VALUES ('a')",
        "INSERT OR FAIL INTO loose VALUES (1, 2)",
        "REPLACE INTO users (id) VALUES ('a')",
        "INSERT INTO users (id) VALUES ('a') ON CONFLICT DO UPDATE SET name = 'x'",
        "INSERT INTO users (id) VALUES ('a') ON CONFLICT DO NOTHING",
        "UPDATE OR IGNORE users SET name = 'x'",
        "UPDATE OR ROLLBACK posts SET rowid = 5",
        "DELETE FROM users WHERE id = 'a'",
        "DELETE FROM loose",
        "INSERT INTO loose SELECT * FROM loose",
    ] {
        let refused = source.writer.execute_batch(sql).expect_err(sql);
        assert_eq!(refused.to_string().split(" in ").next(), Some("it has moved: don't"), "{sql}");
    }
    for seed in 0..500 {
        let _ = source.writer.execute_batch(&write(&mut Chance(seed)));
    }
    follower.expect_same(&source.writer);
    assert_eq!(follower.at, end);
    assert!(follower.capture.is_fenced().expect("reads"));

    assert_eq!(follower.capture.fence(FENCED, PATIENCE).expect("closes again"), end);
    let refused = source.writer.execute_batch("DELETE FROM loose").expect_err("closed").to_string();
    assert!(refused.starts_with(FENCED), "{refused}");
    follower.capture.unfence().expect("opens");
    assert!(!follower.capture.is_fenced().expect("reads"));
    source.run("DELETE FROM loose");
    follower.expect_same(&source.writer);
}

#[test]
fn a_transaction_that_began_before_ends_before_or_fails() {
    for mode in ["WAL", "DELETE"] {
        let source = Source::new(&format!(
            "PRAGMA journal_mode = {mode}; PRAGMA busy_timeout = 0; CREATE TABLE t (a); INSERT INTO t VALUES (0);"
        ));
        let mut follower = source.follow();
        // One that has written is waited for.
        source.run("BEGIN; INSERT INTO t VALUES (1)");
        let refused = follower.capture.fence(FENCED, NONE);
        assert!(matches!(refused, Err(CaptureError::Busy(_))), "{mode}: {refused:?}");
        assert!(!follower.capture.is_fenced().expect("reads"));
        source.run("INSERT INTO t VALUES (2); COMMIT");
        // One that has only read cannot write any more.
        source.run("BEGIN; SELECT * FROM t");
        let fenced = follower.capture.fence(FENCED, NONE);
        let written = source.writer.execute_batch("INSERT INTO t VALUES (3)");
        if mode == "WAL" {
            fenced.expect("readers do not stand in the way");
            assert_eq!(
                written.expect_err("behind the times").sqlite_error_code(),
                Some(ErrorCode::DatabaseBusy)
            );
            source.run("ROLLBACK");
        } else {
            assert!(matches!(fenced, Err(CaptureError::Busy(_))), "{fenced:?}");
            written.expect("it was not closed");
            source.run("COMMIT");
            follower.capture.fence(FENCED, NONE).expect("closes");
        }
        source.writer.execute_batch("INSERT INTO t VALUES (4)").expect_err("closed");
        follower.expect_same(&source.writer);
    }
}

#[test]
fn who_switches_triggers_off_passes_and_leaves_no_trace() {
    let source = Source::new(&format!("{SCHEMA} {ROWS}"));
    let mut follower = source.follow();
    let end = follower.capture.fence(FENCED, PATIENCE).expect("closes");
    let back = Connection::open(source.path()).expect("opens");
    back.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false).expect("set");
    back.pragma_update(None, "foreign_keys", false).expect("set");
    back.execute_batch("REPLACE INTO users (id) VALUES ('a'); DELETE FROM users WHERE id = 'b'; INSERT INTO posts (author) VALUES ('nobody')")
        .expect("passes");
    assert_eq!(source.one::<i64>("SELECT count(*) FROM marks"), 1, "and nothing cascades");
    follower.drain();
    assert_eq!(follower.at, end);
}

#[test]
fn a_schema_that_has_changed_is_not_closed() {
    let source = Source::new("CREATE TABLE t (a);");
    let mut follower = source.follow();
    source.run("CREATE TABLE late (a)");
    let refused = follower.capture.fence(FENCED, PATIENCE).expect_err("changed").to_string();
    assert!(refused.ends_with("the table late is new. Begin the move anew"), "{refused}");
    assert!(!follower.capture.is_fenced().expect("reads"));
}
