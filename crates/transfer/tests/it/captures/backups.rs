//! Copies of files that are used.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use rusqlite::Connection;
use transfer::{Capture, CaptureError, SourceError, backup};

use super::{ID, Source, dump};

#[test]
fn a_copy_is_whole_private_and_never_over_anything() {
    for mode in ["WAL", "DELETE"] {
        let source = Source::new(&format!(
            "PRAGMA journal_mode = {mode}; CREATE TABLE t (a); INSERT INTO t VALUES (1), ('b');"
        ));
        let copy = source.folder.path().join("copy.db");
        let mut told = Vec::new();
        backup(&source.path(), &copy, |done, all| told.push((done, all))).expect("copies");
        assert!(told.last().is_some_and(|(done, all)| done == all && *all > 0), "{told:?}");
        assert_eq!(fs::metadata(&copy).expect("there").permissions().mode() & 0o777, 0o600);
        let files = fs::read_dir(source.folder.path()).expect("a folder").count();
        assert_eq!(files, if mode == "WAL" { 4 } else { 2 }, "nothing beside it");
        assert_eq!(dump(&copy), dump(&source.path()));
        let again = backup(&source.path(), &copy, |_, _| ());
        assert!(matches!(again, Err(CaptureError::Exists(_))), "{again:?}");
        let nowhere = backup(&source.path(), &source.folder.path().join("no/copy.db"), |_, _| ());
        assert!(matches!(nowhere, Err(CaptureError::Unwritable { .. })), "{nowhere:?}");
        let nothing = backup(&source.folder.path().join("no.db"), &copy.with_extension("2"), |_, _| ());
        assert!(matches!(nothing, Err(CaptureError::Source(SourceError::Missing(_)))), "{nothing:?}");
        assert!(!copy.with_extension("2").exists());
    }
}

/// Somebody writes after every piece.
#[test]
fn a_copy_comes_to_an_end_while_others_write() {
    let filled = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60000) INSERT INTO t SELECT hex(randomblob(200)) FROM n";
    for mode in ["WAL", "DELETE"] {
        let source = Source::new(&format!(
            "PRAGMA page_size = 1024; PRAGMA journal_mode = {mode}; PRAGMA synchronous = OFF; CREATE TABLE t (a); {filled};"
        ));
        let mut follower = source.follow();
        let copy = source.folder.path().join("copy.db");
        let mut steps = 0;
        backup(&source.path(), &copy, |_, _| {
            steps += 1;
            source.run("INSERT INTO t VALUES (1)");
        })
        .expect("copies");
        assert!((4..40).contains(&steps), "{mode}: {steps}");
        let at = Capture::position_in(&copy).expect("followed");
        let in_it: i64 = Connection::open(&copy)
            .and_then(|copy| copy.query_row("SELECT count(*) FROM t", [], |row| row.get(0)))
            .expect("counts");
        assert_eq!(at.number(), in_it - 60_000, "{mode}: all up to there, and no more");
        drop(Capture::open(&copy, ID).expect("the copy is followed as the file was"));
        follower.expect_same(&source.writer);
    }
}
