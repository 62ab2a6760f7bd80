//! When a file can be followed, by whom, and until when.

use std::fs;

use rusqlite::Connection;
use rusqlite::types::ValueRef;
use transfer::{Capture, CaptureError, FollowError, Key, Outcome, SourceError, SqliteFile, backup};

use crate::follows::Moving;

use super::{ID, SINCE, Source, dump, keys};

#[test]
fn one_at_a_time_follows_and_can_go_on() {
    let source = Source::new("CREATE TABLE t (a);");
    let open = || Capture::open(&source.path(), ID);
    assert!(matches!(open(), Err(CaptureError::NotFollowed(_))));
    assert!(matches!(Capture::position_in(&source.path()), Err(CaptureError::NotFollowed(_))));
    let schema = source.schema();
    drop(source.install().expect("installs"));
    let other = |id| Capture::install(&source.path(), id, "later", &schema, &keys(&schema));
    let error = other("another").expect_err("taken").to_string();
    let path = source.path();
    assert_eq!(
        error,
        format!(
            "{} is being followed already, since {SINCE}. Let that come to its end, or give it up before another begins",
            path.display()
        )
    );
    assert!(matches!(Capture::open(&path, "another"), Err(CaptureError::AlreadyFollowed { .. })));
    let beginning = source.end();
    source.run("INSERT INTO t VALUES (1)");
    drop(other(ID).expect("goes on"));
    let capture = open().expect("goes on");
    assert_eq!(capture.lag(beginning).expect("reads").entries, 1);
    Capture::remove(&path).expect("removes");
    other("another").expect("free");
}

/// Somebody who begins, is killed before anybody knows of it, and begins otherwise.
#[test]
fn what_was_begun_by_other_keys_is_begun_anew() {
    let source = Source::new("CREATE TABLE t (a TEXT NOT NULL UNIQUE, b); INSERT INTO t VALUES ('x', 1);");
    let schema = source.schema();
    drop(source.install().expect("by the rowid"));
    let first = source.end();
    let by_name = |since| Capture::install(&source.path(), ID, since, &schema, &[Key::Columns(vec![0])]);
    let capture = &mut by_name("later").expect("by a column");
    let begun = source.end();
    assert_ne!(begun, first);
    source.run("UPDATE t SET b = 2");
    let mut keys = Vec::new();
    let columns = [vec!["b".to_owned()]];
    let read = capture.batch(begun, 9, &columns, |change| {
        keys.push(format!("{:?}", change.key));
        Ok::<_, CaptureError>(())
    });
    let upto = read.expect("reads").upto;
    assert_eq!(keys, [format!("{:?}", [ValueRef::Text(b"x")])]);
    drop(by_name("later still").expect("goes on"));
    assert_eq!(source.end(), upto, "nothing is forgotten");
    assert_eq!(source.one::<String>("SELECT since FROM mainstay_capture"), "later");
}

/// And who has left a copy by then: what is noted now does not go on from it.
#[tokio::test]
async fn a_copy_of_what_was_begun_by_other_keys_is_not_taken() {
    let moving = Moving::from(
        "CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT NOT NULL UNIQUE); INSERT INTO t VALUES (1, 'x');",
    )
    .await;
    let (path, copy) = (moving.path("app.db"), moving.path("app.copy.db"));
    let schema = SqliteFile::open(&path).expect("opens").schema().expect("a schema");
    let keys = [Key::Columns(vec![1])];
    // As this PostgreSQL is known by.
    let id = "SELECT system_identifier || ' ' || oid || ' public' FROM pg_control_system(), pg_database \
              WHERE datname = current_database()";
    let id: String = sqlx::query_scalar(id).fetch_one(&mut moving.connection().await).await.expect("says");
    drop(Capture::install(&path, &id, "today", &schema, &keys).expect("installs"));
    backup(&path, &copy, |_, _| ()).expect("copies");
    let refused = moving.begin().await;
    assert!(matches!(refused, Err(FollowError::Capture(CaptureError::Exists(_)))), "{refused:?}");
    fs::remove_file(&copy).expect("goes");
    moving.begin().await.unwrap_or_else(|error| panic!("{error}"));
    moving.sqlite().execute_batch("UPDATE t SET a = 2").expect("runs");
    moving.follower().await.step().await.unwrap_or_else(|error| panic!("{error}"));
    let report = moving.report().await;
    assert_ne!(report.outcome(), Outcome::Different, "{report}");
}

#[test]
fn what_was_begun_with_another_schema_is_begun_anew() {
    for (made, changed) in [
        ("CREATE TABLE t (a);", "ALTER TABLE t ADD COLUMN b; CREATE UNIQUE INDEX u ON t (b)"),
        ("CREATE TABLE t (a); INSERT INTO t VALUES (1), (2); DELETE FROM t WHERE a = 1;", "VACUUM"),
    ] {
        let source = Source::new(made);
        drop(source.install().expect("installs"));
        let first = source.end();
        source.run(changed);
        let mut follower = source.follow();
        assert_ne!(follower.at, first, "{changed}");
        source.run("REPLACE INTO t (a) VALUES (3)");
        follower.expect_same(&source.writer);
    }
}

#[test]
fn a_name_of_ours_that_is_taken_is_told_and_nothing_changes() {
    for sql in [
        "CREATE TABLE Mainstay_Journal (seq)",
        "CREATE VIEW mainstay_x AS SELECT 1",
        "CREATE TABLE mainstay_capture (id)",
    ] {
        let source = Source::new(&format!("CREATE TABLE t (a); {sql};"));
        let before = dump(&source.path());
        let error = source.install().expect_err(sql);
        assert!(matches!(&error, CaptureError::NameTaken { name, .. } if sql.contains(name)), "{error}");
        assert_eq!(dump(&source.path()), before);
    }
}

#[test]
fn what_cannot_be_followed_is_told_and_nothing_changes() {
    let source = Source::new("PRAGMA busy_timeout = 0; CREATE TABLE t (a, rowid, oid, _rowid_);");
    let before = dump(&source.path());
    let error = source.install().expect_err("no number").to_string();
    assert!(error.starts_with("the rows of t cannot be told apart"), "{error}");
    let schema = source.schema();
    source.run("ALTER TABLE t ADD COLUMN b");
    let error =
        Capture::install(&source.path(), ID, SINCE, &schema, &keys(&schema)).expect_err("another schema");
    assert!(error.to_string().contains("the table t was altered"), "{error}");
    source.run("ALTER TABLE t DROP COLUMN b");
    assert_eq!(dump(&source.path()), before);
    let missing = source.path().with_extension("missing");
    let error = Capture::open(&missing, ID).expect_err("missing");
    assert!(matches!(error, CaptureError::Source(SourceError::Missing(_))), "{error}");
}

/// What is left of the sentence about a change of the schema, after a statement.
fn said(made: &str, changed: &str) -> String {
    let source = Source::new(made);
    let mut follower = source.follow();
    source.run(changed);
    match follower.step(9) {
        Ok(_) => String::new(),
        Err(error) => error.to_string().replace(&source.path().display().to_string(), "APP"),
    }
}

#[test]
fn a_change_of_the_schema_is_told() {
    let made = "CREATE TABLE users (id INTEGER PRIMARY KEY, name UNIQUE); CREATE INDEX names ON users (name); INSERT INTO users VALUES (1, 2)";
    for (changed, what) in [
        ("ALTER TABLE users ADD COLUMN age", "the table users was altered"),
        ("ALTER TABLE users RENAME TO people", "the table users has gone"),
        ("DROP INDEX names", "the index names has gone"),
        ("CREATE TABLE more (a)", "the table more is new"),
        ("CREATE VIEW seen AS SELECT 1", "the view seen is new"),
        ("DROP TABLE users", "the table users has gone"),
        ("DROP TABLE mainstay_journal", "the table mainstay_journal has gone"),
        (
            "DROP TABLE users; CREATE TABLE users (id INTEGER PRIMARY KEY, name UNIQUE); CREATE INDEX names ON users (name)",
            "the table users was made anew",
        ),
    ] {
        let whole =
            format!("the schema of APP has changed since it is followed: {what}. Begin the move anew");
        assert_eq!(said(made, changed), whole, "{changed}");
    }
    for harmless in [
        "ANALYZE",
        "VACUUM",
        "REINDEX",
        "CREATE TABLE x (a); DROP TABLE x",
        "PRAGMA user_version = 5",
        "CREATE TEMP TABLE x (a)",
    ] {
        assert_eq!(said(made, harmless), "", "{harmless}");
    }
}

#[test]
fn rows_that_vacuum_gives_other_numbers_are_told() {
    let rows = "INSERT INTO t VALUES (1), (2), (3); DELETE FROM t WHERE a = 1;";
    let said = |table: &str| said(&format!("CREATE TABLE t ({table}); {rows}"), "VACUUM");
    assert_eq!(
        said("a"),
        "APP was made compact (VACUUM), which gave the rows of t other numbers, and nothing else tells them apart. Begin the move anew"
    );
    for table in ["a UNIQUE", "a INTEGER PRIMARY KEY", "a TEXT PRIMARY KEY"] {
        assert_eq!(said(table), "", "{table}");
    }
    // And what SQLite does not change is still found.
    let source = Source::new(&format!("CREATE TABLE t (a UNIQUE); {rows}"));
    let mut follower = source.follow();
    source.run("VACUUM; UPDATE t SET a = a + 10");
    follower.expect_same(&source.writer);
}

#[test]
fn a_file_that_somebody_keeps_to_himself_is_told() {
    let source = Source::new("PRAGMA journal_mode = WAL; CREATE TABLE t (a);");
    let before = dump(&source.path());
    source.run("BEGIN IMMEDIATE");
    let error = source.install().expect_err("locked");
    assert!(matches!(error, CaptureError::Busy(_)), "{error}");
    source.run("ROLLBACK");
    assert_eq!(dump(&source.path()), before);
}

#[test]
fn functions_that_only_the_app_has_do_not_stand_in_the_way() {
    let source = Source::new(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a); CREATE TRIGGER own AFTER INSERT ON t BEGIN SELECT of_the_app(NEW.a); END;",
    );
    source.install().expect("installs");
    let other = Connection::open(source.path()).expect("opens");
    let error = other.execute_batch("INSERT INTO t VALUES (1, 2)").expect_err("it has none").to_string();
    assert!(error.starts_with("no such function: of_the_app"), "{error}");
}
