//! Several programs write without a rest, first to SQLite and then to PostgreSQL, while a database moves there and back;
//! and the program that moves it is killed, again and again. Whatever a writer was told is written is there in the end.

mod mover;
mod writers;
mod written;

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use rusqlite::Connection;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, Row as _};
use tempfile::TempDir;
use testkit::TestDatabase;
use transfer::{Outcome, Plan, Progress, SqliteFile, Target, Verify, noted_plan};

use self::mover::{Goal, Mover};
use self::writers::{Writer, written_in};
use self::written::{ROWS, SCHEMA, Written};
use crate::captures::grammar::Chance;

/// What writers to PostgreSQL are told in the end.
const BACK: &str = "this database has moved back to SQLite";
const WRITERS: usize = 3;
/// How often the mover is killed at the least, in each mode.
const KILLS: usize = 11;
/// How many values are used on each side, all writers together.
const ENOUGH: i64 = 600;
/// How many values have been used, by and large.
const USED: &str = "SELECT CAST(coalesce(sum(most), 0) AS bigint) FROM (SELECT max(value % 10000000) AS most FROM notes GROUP BY writer) AS them";

/// A failure is followed up from there.
#[expect(clippy::print_stdout, reason = "the test harness shows it when the test fails")]
fn tell(line: &str) {
    println!("{line}");
}

/// An application that does nothing but write cannot be followed, and who kills comes at any moment.
#[expect(clippy::disallowed_methods, reason = "this sets a pace, and waits for nothing")]
pub(crate) fn rest(time: Duration) {
    std::thread::sleep(time);
}

struct Live {
    folder: TempDir,
    database: TestDatabase,
    chance: Chance,
    kills: usize,
}

impl Live {
    async fn new(mode: &str, seed: u64) -> Self {
        let folder = TempDir::new().expect("a folder");
        let database = TestDatabase::postgres(&store::Migrations::of([])).await;
        let live = Self { folder, database, chance: Chance(seed), kills: 0 };
        let sql = format!("PRAGMA journal_mode = {mode}; BEGIN; {SCHEMA}; COMMIT");
        live.sqlite().execute_batch(&sql).expect("runs");
        for number in 1..=WRITERS {
            fs::write(live.result(number), Written::nothing(number).to_text()).expect("written");
        }
        live
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("app.db")
    }

    fn sqlite(&self) -> Connection {
        let connection = Connection::open(self.path()).expect("opens");
        connection.busy_timeout(Duration::from_secs(20)).expect("set");
        connection
    }

    /// Where a writer notes what it has written.
    fn result(&self, number: usize) -> PathBuf {
        self.folder.path().join(format!("writer {number}"))
    }

    fn writers(&mut self, place: &str) -> Vec<Writer> {
        let mut start = |number| {
            let seed = u64::try_from(self.chance.below(usize::MAX)).expect("fits");
            Writer::start(place, seed, &self.result(number))
        };
        (1..=WRITERS).map(&mut start).collect()
    }

    /// Kills movers on their way, up to so many, unless one comes to its end; those after it go on.
    fn kill(&mut self, goal: Goal, times: usize, events: usize) {
        for _ in 0..times {
            let after = 1 + self.chance.below(events);
            let moment = Duration::from_micros(self.chance.below(15_000).try_into().expect("fits"));
            tell(&format!("{goal}: after {after} events and {moment:?}"));
            if !Mover::start(&self.path(), &self.database.url, goal).kill_after(after, moment) {
                break;
            }
            self.kills += 1;
        }
    }

    fn reach(&self, goal: Goal) {
        tell(&goal.to_string());
        Mover::start(&self.path(), &self.database.url, goal).ends();
    }

    async fn postgres(&self, sql: &str) -> Vec<sqlx::postgres::PgRow> {
        let mut connection = PgConnection::connect(&self.database.url).await.expect("connects");
        let rows = sqlx::query(AssertSqlSafe(sql)).fetch_all(&mut connection).await;
        rows.unwrap_or_else(|error| panic!("{sql}: {error}"))
    }

    /// What the writers were told is there, and nothing else.
    fn expected(&self) -> Vec<String> {
        let mut rows: Vec<_> =
            (1..=WRITERS).flat_map(|number| written_in(&self.result(number)).rows()).collect();
        rows.sort();
        rows
    }

    fn in_sqlite(&self) -> Vec<String> {
        let connection = self.sqlite();
        let mut statement = connection.prepare(ROWS).expect("compiles");
        let rows = statement.query_map([], |row| row.get(0)).expect("runs");
        let mut rows: Vec<String> = rows.collect::<Result<_, _>>().expect("texts");
        rows.sort();
        rows
    }

    async fn in_postgres(&self) -> Vec<String> {
        let mut rows: Vec<String> = self.postgres(ROWS).await.iter().map(|row| row.get(0)).collect();
        rows.sort();
        rows
    }

    /// The two databases hold the same in every cell.
    async fn expect_same(&self) {
        let target = Target::new(self.database.url.parse().expect("an address"), "the target");
        let noted = noted_plan(&target, "public").await.expect("noted");
        let schema = SqliteFile::open(&self.path()).expect("opens").schema().expect("a schema");
        let plan = Plan::from_toml(&noted, &schema).expect("a plan");
        let verify = Verify::new(&self.path(), plan, target).expect("opens");
        let report = verify.verify(&Progress::to_nobody()).await.unwrap_or_else(|error| panic!("{error}"));
        assert_ne!(report.outcome(), Outcome::Different, "{report}");
    }

    async fn there(&mut self) {
        let writers = self.writers(&self.path().display().to_string());
        self.kill(Goal::Begin, 4, 40);
        self.reach(Goal::Begin);
        self.kill(Goal::Follow, 3, 30);
        let used = || -> i64 { self.sqlite().query_row(USED, [], |row| row.get(0)).expect("a number") };
        while used() < ENOUGH {
            tokio::task::yield_now().await;
        }
        self.kill(Goal::Cutover, 3, 4);
        self.reach(Goal::Cutover);
        for writer in writers {
            writer.ends();
        }
        let expected = self.expected();
        assert_eq!(self.in_sqlite(), expected);
        assert_eq!(self.in_postgres().await, expected);
        self.expect_same().await;
    }

    async fn back(&mut self) {
        let used = self.postgres(USED).await[0].get::<i64, _>(0);
        let writers = self.writers(&self.database.url.clone());
        let times = KILLS.saturating_sub(self.kills).max(2);
        self.kill(Goal::FollowBack, times, 10);
        while self.postgres(USED).await[0].get::<i64, _>(0) < used + ENOUGH {}
        self.kill(Goal::Rollback, 3, 6);
        self.reach(Goal::Rollback);
        for writer in writers {
            writer.ends();
        }
        let expected = self.expected();
        assert_eq!(self.in_postgres().await, expected);
        assert_eq!(self.in_sqlite(), expected);
        self.expect_same().await;
    }
}

/// There and back, with writers on both sides.
async fn there_and_back(mode: &str) {
    // Another one each time.
    let seed = u64::from(std::process::id());
    tell(&format!("{mode}, from {seed}"));
    let mut live = Live::new(mode, seed).await;
    live.there().await;
    live.back().await;
    assert!(live.kills >= KILLS, "{}", live.kills);
    tell(&format!("killed {} times", live.kills));
    let open = "INSERT INTO orders (person, total) SELECT id, 0 FROM people LIMIT 1; INSERT INTO lines VALUES ('open')";
    live.sqlite().execute_batch(open).expect("open again");
}

#[tokio::test]
async fn nothing_is_lost_or_doubled_in_wal_mode() {
    there_and_back("WAL").await;
}

#[tokio::test]
async fn nothing_is_lost_or_doubled_with_a_rollback_journal() {
    there_and_back("DELETE").await;
}
