//! Files that are no good: one sentence each, and not a byte of them changes.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use sqlx::{Connection as _, PgConnection, Row as _};
use tempfile::TempDir;
use testkit::TestDatabase;
use transfer::{Existing, Plan, Progress, Run, RunError, SourceError, Survey, Target};

use super::case::contents;

/// A file, in a folder of its own.
struct Folder(TempDir);

impl Folder {
    fn of(make: impl FnOnce(&Path)) -> Self {
        let folder = Self(TempDir::new().expect("a folder"));
        make(&folder.path());
        folder
    }

    fn path(&self) -> PathBuf {
        self.0.path().join("app.db")
    }

    /// What is said of it, which leaves it as it is.
    fn said(&self) -> String {
        let before = contents(self.0.path());
        let error = Survey::of(&self.path(), 2, &Progress::to_nobody()).expect_err("no good");
        assert!(contents(self.0.path()) == before);
        error.to_string().replace(&self.path().display().to_string(), "APP")
    }
}

fn filled(path: &Path) {
    let sql = "CREATE TABLE t (id INTEGER PRIMARY KEY, x TEXT); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
               INSERT INTO t SELECT i, printf('%0500d', i) FROM n;";
    Connection::open(path).expect("opens").execute_batch(sql).expect("runs");
}

/// Fills a page in the middle with what makes no sense.
fn damaged(path: &Path) {
    let mut bytes = fs::read(path).expect("readable");
    let page = 4096 * 120;
    bytes[page..page + 4096].fill(0xff);
    fs::write(path, bytes).expect("written");
}

#[test]
fn what_is_no_database_is_said_to_be_none() {
    let none = "APP is no SQLite database, or it is encrypted: it does not begin as one";
    for bytes in [
        b"id,name\n1,Ada\n".to_vec(),
        // As of a file that is encrypted: all bytes are alike, and none says anything.
        (0..8192_u32).map(|place| place.wrapping_mul(2_654_435_761).to_be_bytes()[0]).collect(),
        b"SQLite".to_vec(),
        b"** This file contains an SQLite 2.1 database **".to_vec(),
    ] {
        assert_eq!(Folder::of(|path| fs::write(path, &bytes).expect("written")).said(), none);
    }
    assert_eq!(Folder::of(|_| ()).said(), "there is no file APP");
    let cut_off = Folder::of(|path| {
        filled(path);
        let bytes = fs::read(path).expect("readable");
        fs::write(path, &bytes[..bytes.len() / 2]).expect("written");
    });
    assert!(
        cut_off.said().starts_with("APP is damaged (database disk image is malformed)."),
        "{}",
        cut_off.said()
    );
}

#[test]
fn a_page_in_the_middle_that_makes_no_sense_is_found() {
    let folder = Folder::of(|path| {
        filled(path);
        damaged(path);
    });
    let said = folder.said();
    assert!(
        said.starts_with("APP is damaged (database disk image is malformed). `sqlite3 APP .recover`"),
        "{said}"
    );
}

#[tokio::test]
async fn a_page_that_makes_no_sense_any_more_stops_the_move_and_nothing_of_its_table_arrives() {
    let folder = Folder::of(filled);
    let Survey { schema, profiles } = Survey::of(&folder.path(), 1, &Progress::to_nobody()).expect("reads");
    let plan = Plan::lossless(&schema, &profiles, "public");
    let database = TestDatabase::postgres(&store::Migrations::of([])).await;
    let target = Target::new(database.url.parse().expect("an address"), "the target");
    let run = Run::new(&folder.path(), plan, target, 2).expect("opens");
    damaged(&folder.path());
    let before = contents(folder.0.path());
    let error = run.run(Existing::Keep, &Progress::to_nobody()).await.expect_err("damaged");
    assert!(matches!(error, RunError::Source(SourceError::Damaged { .. })), "{error}");
    assert!(contents(folder.0.path()) == before);
    let mut target = PgConnection::connect(&database.url).await.expect("connects");
    let row = sqlx::query("SELECT (SELECT count(*) FROM t), (SELECT count(*) FROM mainstay_transfer.tasks)");
    let row = row.fetch_one(&mut target).await.expect("runs");
    assert_eq!([0, 1].map(|at| row.get::<i64, _>(at)), [0, 0]);
}

#[test]
fn a_file_that_somebody_keeps_to_themselves_is_said_to_be_locked() {
    for journal in ["DELETE", "WAL"] {
        let folder = Folder::of(filled);
        let owner = Connection::open(folder.path()).expect("opens");
        let sql = format!(
            "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = {journal}; BEGIN EXCLUSIVE; UPDATE t SET x = 'y' WHERE id = 1"
        );
        owner.execute_batch(&sql).expect("locks");
        let error = Survey::of(&folder.path(), 1, &Progress::to_nobody()).expect_err("locked").to_string();
        assert!(error.contains("is locked: another program is writing to it"), "{journal}: {error}");
    }
}

#[test]
fn a_program_that_died_while_it_wrote_is_told_of() {
    let source = Folder::of(filled);
    let owner = Connection::open(source.path()).expect("opens");
    // Enough to reach the file before the end of the transaction.
    owner.execute_batch("PRAGMA cache_size = 1; BEGIN; UPDATE t SET x = x || 'y'").expect("writes");
    let dead = Folder::of(|path| {
        for name in ["app.db", "app.db-journal"] {
            fs::copy(source.0.path().join(name), path.with_file_name(name)).expect("copied");
        }
    });
    assert!(
        dead.said().starts_with(
            "a program crashed while it wrote to APP: its last transaction has to be taken back first"
        ),
        "{}",
        dead.said()
    );
}

#[test]
fn what_nobody_may_write_to_is_read() {
    let folder = Folder::of(filled);
    let allow =
        |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("owned");
    allow(&folder.path(), 0o444);
    allow(folder.0.path(), 0o555);
    let survey = Survey::of(&folder.path(), 2, &Progress::to_nobody());
    allow(folder.0.path(), 0o755);
    assert_eq!(survey.expect("reads").profiles[0][0].cells(), 2000);
}
