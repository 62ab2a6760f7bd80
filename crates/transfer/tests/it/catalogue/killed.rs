//! Moves that are killed at any point, and go on.

use std::io::{BufRead as _, BufReader, Read as _, Write as _, stdin, stdout};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

use rusqlite::Connection;
use sqlx::{Connection as _, PgConnection, Row as _};
use tempfile::TempDir;
use testkit::TestDatabase;
use transfer::{Existing, Outcome, Plan, Progress, Run, RunError, Survey, Target, Verify};

/// How often a move is killed at the most: then it is left to come to its end.
const KILLS: u64 = 25;

fn made(path: &Path) {
    let mut sql = "CREATE TABLE large (id INTEGER PRIMARY KEY, a INT, x); CREATE INDEX by_a ON large (a); CREATE UNIQUE INDEX by_both ON large (a, id);
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 201000)
          INSERT INTO large SELECT i, i % 1000, CASE i % 5000 WHEN 0 THEN 'text' END FROM n;".to_owned();
    for place in 0..15 {
        let small = format!(
            "CREATE TABLE t{place} (id INTEGER PRIMARY KEY, n, up INT REFERENCES large, CHECK (id > 0)); CREATE INDEX i{place} ON t{place} (n);
             INSERT INTO t{place} VALUES (1, 1, 1), (2, 'one', 2), (3, NULL, NULL);"
        );
        sql.push_str(&small);
    }
    Connection::open(path).expect("opens").execute_batch(&sql).expect("runs");
}

fn run(path: &Path, url: &str) -> (Run, Verify) {
    let Survey { schema, profiles } = Survey::of(path, 2, &Progress::to_nobody()).expect("reads");
    let plan = Plan::lossless(&schema, &profiles, "public");
    let target = Target::new(url.parse().expect("an address"), "the target");
    let run = Run::new(path, plan.clone(), target.clone(), 2).expect("opens");
    (run, Verify::new(path, plan, target).expect("opens"))
}

/// What a mover is told on its standard input: from where, and into what. It says a line whenever something happens.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "another test runs this in a process of its own"]
async fn mover() {
    let mut told = String::new();
    stdin().read_to_string(&mut told).expect("told");
    let [path, url] = told.lines().collect::<Vec<_>>().try_into().expect("two lines");
    let (run, _) = run(Path::new(path), url);
    // Whoever reads these lines may be gone.
    let progress = Progress::to(|event| drop(writeln!(stdout(), "{event:?}")));
    let resumed = run.resume(&progress).await;
    let begun = match resumed {
        Err(RunError::NothingBegun(_)) => run.run(Existing::Keep, &progress).await,
        resumed => resumed,
    };
    begun.unwrap_or_else(|error| panic!("{error}"));
}

struct Mover(Child, BufReader<ChildStdout>);

impl Mover {
    fn start(path: &Path, url: &str) -> Self {
        let this_program = std::env::current_exe().expect("these tests");
        let mut child = Command::new(this_program)
            .args(["--exact", "catalogue::killed::mover", "--ignored", "--nocapture"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("starts");
        let mut told = child.stdin.take().expect("asked for");
        write!(told, "{}\n{url}", path.display()).expect("told");
        let lines = BufReader::new(child.stdout.take().expect("asked for"));
        Self(child, lines)
    }

    /// Kills it when so many things have happened; true when it came to its end before.
    fn kill_after(mut self, events: u64) -> bool {
        let mut line = String::new();
        let mut seen = 0;
        while seen < events && self.1.read_line(&mut line).expect("readable") > 0 {
            seen += u64::from(["Began", "Ended", "Moved"].iter().any(|what| line.starts_with(what)));
            line.clear();
        }
        // It may have come to its end.
        let _ = self.0.kill();
        self.0.wait().expect("ends").success()
    }
}

/// A file, and a database that nothing is in yet.
struct Begun {
    path: PathBuf,
    database: TestDatabase,
    _folder: TempDir,
}

impl Begun {
    async fn new() -> Self {
        let folder = TempDir::new().expect("a folder");
        let path = folder.path().join("app.db");
        made(&path);
        Self { path, database: TestDatabase::postgres(&store::Migrations::of([])).await, _folder: folder }
    }
}

#[tokio::test]
async fn a_move_that_is_killed_goes_on_until_it_is_done() {
    let Begun { path, database, _folder } = Begun::new().await;
    let before = std::fs::read(&path).expect("readable");
    // Another one each time; on failure it is printed, and the points of death follow from nothing else.
    let mut chance = u64::from(std::process::id());
    println!("from {chance}");
    let mut kills = 0;
    loop {
        chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let events = if kills < KILLS { 1 + (chance >> 33) % 25 } else { u64::MAX };
        if Mover::start(&path, &database.url).kill_after(events) {
            break;
        }
        kills += 1;
        assert!(kills <= KILLS, "it does not come to its end");
    }
    assert!(kills > 3, "{kills}");
    let (_, verify) = run(&path, &database.url);
    let report = verify.verify(&Progress::to_nobody()).await.expect("compares");
    assert_eq!(report.outcome(), Outcome::Explained, "{report}");
    assert!(std::fs::read(&path).expect("readable") == before);
    let mut target = PgConnection::connect(&database.url).await.expect("connects");
    let count = |sql: &'static str| sqlx::query(sql);
    let row = count(
        "SELECT (SELECT count(*) FROM large), (SELECT count(*) FROM mainstay_transfer.cells), (SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND convalidated AND connamespace = 'public'::regnamespace), (SELECT count(*) FROM mainstay_transfer.moves WHERE ended_at IS NOT NULL)",
    );
    let row = row.fetch_one(&mut target).await.expect("runs");
    assert_eq!([0, 1, 2, 3].map(|at| row.get::<i64, _>(at)), [201_000, 15, 15, 1]);
}

#[tokio::test]
async fn what_was_written_to_meanwhile_is_not_gone_on_with() {
    let Begun { path, database, _folder } = Begun::new().await;
    assert!(!Mover::start(&path, &database.url).kill_after(12), "it came to its end");
    Connection::open(&path).expect("opens").execute_batch("UPDATE t3 SET n = 5 WHERE id = 1").expect("runs");
    let (run, _) = run(&path, &database.url);
    let error = run.resume(&Progress::to_nobody()).await.expect_err("another file");
    assert!(matches!(error, RunError::SourceChanged(_)), "{error}");
    assert!(error.to_string().contains("has been written to since the transfer began"), "{error}");
}

#[tokio::test]
async fn what_has_not_begun_cannot_go_on() {
    let Begun { path, database, _folder } = Begun::new().await;
    let (run, _) = run(&path, &database.url);
    let error = run.resume(&Progress::to_nobody()).await.expect_err("nothing");
    assert_eq!(
        error.to_string(),
        "no transfer into the schema public has begun; begin one with: mainstay transfer run"
    );
}
