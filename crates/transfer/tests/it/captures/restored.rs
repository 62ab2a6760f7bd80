//! A file that is put back to what it was: what is written then gets numbers that were given before.

use std::path::Path;

use rusqlite::Connection;
use rusqlite::backup::Backup;
use transfer::{CaptureError, FollowError, backup};

use super::{Follower, Source};
use crate::follows::Moving;

/// Puts a copy of a file in its place, as whoever restores a backup does.
fn restore(copy: &Path, file: &mut Connection) {
    let older = Connection::open(copy).expect("opens");
    let backup = Backup::new(&older, file).expect("begins");
    backup.run_to_completion(1_000, std::time::Duration::ZERO, None).expect("restores");
}

/// A file of which a copy is made; then `lost` is written and read, the copy put back, and `anew` written.
fn followed_over_a_restore(before: &str, lost: &str, anew: &str) -> (Source, Follower) {
    let mut source = Source::new("CREATE TABLE t (a);");
    let mut follower = source.follow();
    source.run(before);
    follower.drain();
    let copy = source.folder.path().join("copy.db");
    backup(&source.path(), &copy, |_, _| ()).expect("copies");
    source.run(lost);
    follower.drain();
    restore(&copy, &mut source.writer);
    source.run(anew);
    (source, follower)
}

#[test]
fn numbers_that_are_given_again_are_not_taken_for_the_same() {
    let write = "INSERT INTO t VALUES (2), (3);";
    for before in ["", "INSERT INTO t VALUES (1);"] {
        for anew in ["", "INSERT INTO t VALUES (4), (5);", "INSERT INTO t VALUES (4), (5), (6), (7);"] {
            let (source, mut follower) = followed_over_a_restore(before, write, anew);
            let at = follower.at;
            for refused in [follower.step(9).map(|_| ()), follower.capture.lag(at).map(|_| ())] {
                let error = refused.expect_err("it is another file").to_string();
                let said = format!(
                    "{} is not what it was when it was read last: entry {} of its journal is gone, or is another one now. The \
                     file was restored from an older copy, or lost in a power cut what was written last, or somebody has \
                     emptied the journal. So PostgreSQL holds what the file does not, and which rows those are is not known. \
                     Begin the move anew: mainstay transfer stop, then mainstay transfer follow --existing drop",
                    source.path().display(),
                    at.number()
                );
                assert_eq!(error, said, "{before} {anew}");
            }
        }
    }
}

/// Whoever goes on later knows it by what PostgreSQL has kept.
#[tokio::test]
async fn a_file_that_was_restored_while_nobody_followed_is_not_followed_on() {
    let moving = Moving::from("CREATE TABLE t (id INTEGER PRIMARY KEY, v);").await;
    moving.begin().await.unwrap_or_else(|error| panic!("{error}"));
    let mut app = moving.sqlite();
    app.execute_batch("INSERT INTO t VALUES (1, 'lost'), (2, 'lost')").expect("runs");
    let mut follower = moving.follower().await;
    assert_eq!(follower.step().await.unwrap_or_else(|error| panic!("{error}")).rows, 2);
    drop(follower);
    moving.follower().await.step().await.unwrap_or_else(|error| panic!("{error}"));
    restore(&moving.path("app.copy.db"), &mut app);
    app.execute_batch("INSERT INTO t VALUES (3, 'anew'), (4, 'anew')").expect("runs");
    let refused = moving.follower().await.step().await;
    assert!(
        matches!(refused, Err(FollowError::Capture(CaptureError::OutOfReach { after: 2, .. }))),
        "{refused:?}"
    );
}

/// What is looked up is what a row holds now, which may be more than what the entries say that were taken.
#[tokio::test]
async fn what_was_lost_behind_the_entries_that_were_taken_is_told_too() {
    let moving =
        Moving::from("CREATE TABLE t (id INTEGER PRIMARY KEY, v); INSERT INTO t VALUES (0, 'first');").await;
    moving.begin().await.unwrap_or_else(|error| panic!("{error}"));
    let mut app = moving.sqlite();
    app.execute_batch(
        "UPDATE t SET v = 'second' WHERE id = 0;
         WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20010) INSERT INTO t SELECT i, i FROM n",
    )
    .expect("runs");
    let copy = moving.path("older.db");
    backup(&moving.path("app.db"), &copy, |_, _| ()).expect("copies");
    app.execute_batch("UPDATE t SET v = 'lost' WHERE id = 0").expect("runs");
    let mut follower = moving.follower().await;
    assert!(follower.step().await.unwrap_or_else(|error| panic!("{error}")).behind > 0);
    assert_eq!(moving.number("SELECT count(*) FROM t WHERE v = 'lost'").await, 1);
    drop(follower);
    restore(&copy, &mut app);
    let refused = moving.follower().await.step().await;
    assert!(
        matches!(refused, Err(FollowError::Capture(CaptureError::OutOfReach { after: 20_012, .. }))),
        "{refused:?}"
    );
}

#[test]
fn a_copy_that_holds_all_that_was_read_is_gone_on_with() {
    let (source, mut follower) = followed_over_a_restore("INSERT INTO t VALUES (1);", "", "DELETE FROM t;");
    follower.expect_same(&source.writer);
}

/// Before anything is written, too, a place is one of this journal only.
#[test]
fn the_beginning_of_another_journal_is_another() {
    let source = Source::new("CREATE TABLE t (a);");
    let begun = source.follow().at;
    transfer::Capture::remove(&source.path()).expect("removes");
    source.run("INSERT INTO t VALUES (1)");
    let mut follower = source.follow();
    assert_eq!(follower.at.number(), begun.number());
    follower.at = begun;
    let refused = follower.step(9);
    assert!(matches!(refused, Err(CaptureError::OutOfReach { after: 0, .. })), "{refused:?}");
}

#[test]
fn a_journal_that_somebody_has_emptied_is_told() {
    let source = Source::new("CREATE TABLE t (a);");
    let mut follower = source.follow();
    source.run("INSERT INTO t VALUES (1); DELETE FROM mainstay_journal; INSERT INTO t VALUES (2)");
    let refused = follower.step(9);
    assert!(matches!(refused, Err(CaptureError::OutOfReach { .. })), "{refused:?}");
}

/// The marks are made whatever a program says of the functions that a schema may run.
#[test]
fn programs_that_do_not_trust_the_schema_can_write() {
    let source = Source::new("PRAGMA trusted_schema = OFF; CREATE TABLE t (a UNIQUE);");
    let mut follower = source.follow();
    source.run("INSERT INTO t VALUES (1), (2); REPLACE INTO t VALUES (1)");
    follower.expect_same(&source.writer);
    let marks: i64 = source.one("SELECT count(DISTINCT mark) = count(*) FROM mainstay_journal");
    assert_eq!(marks, 1, "each has its own");
}
