//! Programs that write until they are told that they must not any more, and then say what they have written.

use std::fs;
use std::io::{Read as _, Write as _, stdin};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rusqlite::Connection;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use transfer::FENCED;

use super::written::{Dialect, Written};
use super::{BACK, rest};
use crate::captures::grammar::Chance;

/// An application that does nothing but write is not followed by anybody: it rests in between.
const REST: Duration = Duration::from_millis(10);
/// When a writer gives up waiting for the fence.
const TRANSACTIONS: u32 = 100_000;

/// What has become of a transaction.
enum Done {
    Acknowledged,
    /// Somebody was in the way, and nothing has been written.
    NotThisTime,
    Closed,
}

/// What a writer is told on its standard input: where, the seed, where its result goes; it finds there what it begins
/// with.
#[tokio::test]
#[ignore = "another test runs this in a process of its own"]
async fn writer() {
    let mut told = String::new();
    stdin().read_to_string(&mut told).expect("told");
    let [place, seed, result] = told.lines().collect::<Vec<_>>().try_into().expect("three lines");
    let chance = Chance(seed.parse().expect("a number"));
    let begun = Written::from_text(&fs::read_to_string(result).expect("readable"));
    let ended = if place.starts_with("postgres") {
        in_postgres(place, begun, chance).await
    } else {
        in_sqlite(place, begun, chance)
    };
    fs::write(result, ended.to_text()).expect("written");
}

/// One to four statements, as they are before and after.
fn transaction(dialect: Dialect, written: &Written, chance: &mut Chance) -> (String, Written) {
    let mut next = written.clone();
    let count = 1 + chance.below(4);
    let statements: Vec<_> = (0..count).map(|_| next.write(dialect, chance)).collect();
    (statements.join("; "), next)
}

fn in_sqlite(path: &str, mut written: Written, mut chance: Chance) -> Written {
    let connection = Connection::open(path).expect("opens");
    connection.busy_timeout(Duration::from_secs(2)).expect("set");
    connection.execute_batch("PRAGMA synchronous = OFF; PRAGMA foreign_keys = ON").expect("set");
    for _ in 0..TRANSACTIONS {
        let (sql, next) = transaction(Dialect::Sqlite, &written, &mut chance);
        match once_in_sqlite(&connection, &sql) {
            Done::Acknowledged => written = next,
            Done::NotThisTime => {}
            Done::Closed => return written,
        }
        rest(REST);
    }
    panic!("nobody has closed it");
}

fn once_in_sqlite(connection: &Connection, sql: &str) -> Done {
    let Err(error) = connection.execute_batch(&format!("BEGIN IMMEDIATE; {sql}; COMMIT")) else {
        return Done::Acknowledged;
    };
    if !connection.is_autocommit() {
        connection.execute_batch("ROLLBACK").expect("there is something to roll back");
    }
    if error.to_string().contains(FENCED) {
        return Done::Closed;
    }
    assert!(error.to_string().contains("locked"), "{sql}: {error}");
    Done::NotThisTime
}

async fn in_postgres(url: &str, mut written: Written, mut chance: Chance) -> Written {
    let mut connection = PgConnection::connect(url).await.expect("connects");
    for _ in 0..TRANSACTIONS {
        let (sql, next) = transaction(Dialect::Postgres, &written, &mut chance);
        match once_in_postgres(&mut connection, &sql).await {
            Done::Acknowledged => written = next,
            Done::NotThisTime => {}
            Done::Closed => return written,
        }
        rest(REST);
    }
    panic!("nobody has closed it");
}

async fn once_in_postgres(connection: &mut PgConnection, sql: &str) -> Done {
    // In one message, and so in one transaction.
    let Err(error) = sqlx::raw_sql(AssertSqlSafe(sql)).execute(connection).await else {
        return Done::Acknowledged;
    };
    if error.to_string().contains(BACK) {
        return Done::Closed;
    }
    let code = error.as_database_error().and_then(|error| error.code().map(std::borrow::Cow::into_owned));
    // A deadlock, or two of them with the same key in `shared`.
    assert!(matches!(code.as_deref(), Some("40P01" | "23505")), "{sql}: {error}");
    Done::NotThisTime
}

/// A program that writes; it ends with its owner.
pub(super) struct Writer(Child);

impl Writer {
    /// Starts one that goes on with what is written in the file `result`.
    pub(super) fn start(place: &str, seed: u64, result: &Path) -> Self {
        let this_program = std::env::current_exe().expect("these tests");
        let mut child = Command::new(this_program)
            .args(["--exact", "live::writers::writer", "--ignored", "--nocapture"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .expect("starts");
        let mut told = child.stdin.take().expect("asked for");
        write!(told, "{place}\n{seed}\n{}", result.display()).expect("told");
        Self(child)
    }

    /// Waits until it has been told to stop.
    pub(super) fn ends(mut self) {
        assert!(self.0.wait().expect("ends").success(), "a writer failed");
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        // It may have come to its end.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

pub(super) fn written_in(result: &Path) -> Written {
    Written::from_text(&fs::read_to_string(result).expect("readable"))
}
