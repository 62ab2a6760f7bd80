//! A database moves while it is written to, and goes back with what was written to PostgreSQL since.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use rusqlite::Connection;
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, Row as _};
use tempfile::TempDir;
use testkit::TestDatabase;
use transfer::{
    Begin, Cutover, Existing, FENCED, FollowError, Follower, Moved, Outcome, Phase, Plan, Progress, Report,
    Returned, Rollback, SqliteFile, Switch, Target, Verify, noted_plan,
};

pub(crate) const SHOP: &str = "PRAGMA journal_mode = WAL;
    CREATE TABLE people (id TEXT PRIMARY KEY, email TEXT NOT NULL UNIQUE, age INTEGER, at DATETIME, odd);
    CREATE TABLE orders (id INTEGER PRIMARY KEY AUTOINCREMENT, person TEXT NOT NULL REFERENCES people ON DELETE CASCADE ON UPDATE CASCADE, total DECIMAL);
    CREATE TABLE logs (line TEXT);
    CREATE TABLE pairs (a INT, b TEXT, PRIMARY KEY (b, a)) WITHOUT ROWID;
    INSERT INTO people VALUES ('p1', 'ada@example.org', 36, 1714570000123, 'x'), ('p2', 'eve@example.org', NULL, NULL, 7);
    INSERT INTO orders (person, total) VALUES ('p1', 12.5), ('p2', 3);
    INSERT INTO logs VALUES ('begun'); INSERT INTO pairs VALUES (1, 'x');";

pub(crate) struct Moving {
    folder: TempDir,
    database: TestDatabase,
    /// By which user it is moved; a mighty one, if none is said.
    role: Option<String>,
}

impl Moving {
    pub(crate) async fn from(sql: &str) -> Self {
        let folder = TempDir::new().expect("a folder");
        let database = TestDatabase::postgres(&store::Migrations::of([])).await;
        let moving = Self { folder, database, role: None };
        moving.sqlite().execute_batch(sql).expect("runs");
        fs::write(moving.path("app.env"), "DATABASE_URL=\"file:./app.db\"\nPORT=1\n").expect("written");
        moving
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn sqlite(&self) -> Connection {
        let connection = Connection::open(self.path("app.db")).expect("opens");
        connection.busy_timeout(Duration::from_secs(20)).expect("set");
        connection.pragma_update(None, "foreign_keys", true).expect("set");
        connection
    }

    /// By a user who may not read PostgreSQL's log: its changes are told by triggers.
    pub(crate) async fn by_triggers(sql: &str) -> Self {
        let mut moving = Self::from(sql).await;
        let role = format!("mover of {}", moving.folder.path().display());
        let made = format!(
            "CREATE ROLE \"{role}\" LOGIN; GRANT ALL ON SCHEMA public TO \"{role}\"; \
             DO $$ BEGIN EXECUTE format('GRANT ALL ON DATABASE %I TO %I', current_database(), '{role}'); END $$"
        );
        moving.postgres(&made).await.expect("makes a user");
        moving.role = Some(role);
        moving
    }

    pub(crate) fn target(&self) -> Target {
        let options: PgConnectOptions = self.database.url.parse().expect("an address");
        let options = match &self.role {
            Some(role) => options.username(role),
            None => options,
        };
        Target::new(options, "the target")
    }

    pub(crate) async fn begin(&self) -> Result<Option<Moved>, FollowError> {
        self.begin_by(None).await
    }

    pub(crate) async fn begin_by(&self, plan: Option<Plan>) -> Result<Option<Moved>, FollowError> {
        let begin = Begin {
            source: &self.path("app.db"),
            copy: &self.path("app.copy.db"),
            plan,
            target: self.target(),
            schema: "public",
            workers: 2,
            existing: Existing::Keep,
            since: "today",
        };
        begin.begin(&Progress::to_nobody()).await
    }

    pub(crate) async fn follower(&self) -> Follower {
        Follower::open(&self.target(), "public").await.unwrap_or_else(|error| panic!("{error}"))
    }

    pub(crate) async fn postgres(&self, sql: &str) -> Result<(), sqlx::Error> {
        let mut connection = PgConnection::connect(&self.database.url).await?;
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await.map(|_| ())
    }

    pub(crate) fn address(&self) -> &str {
        &self.database.url
    }

    pub(crate) async fn connection(&self) -> PgConnection {
        PgConnection::connect(&self.database.url).await.expect("connects")
    }

    pub(crate) async fn number(&self, sql: &str) -> i64 {
        let mut connection = self.connection().await;
        sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(&mut connection).await.expect("reads")
    }

    /// Whether PostgreSQL has looked whether all foreign keys hold.
    pub(crate) async fn is_checked(&self) -> bool {
        self.number("SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND NOT convalidated").await == 0
    }

    pub(crate) async fn slots(&self) -> i64 {
        self.number("SELECT count(*) FROM pg_replication_slots WHERE database = current_database()").await
    }

    /// Whether writing to the file is closed.
    pub(crate) fn is_closed(&self) -> bool {
        let sql = "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name GLOB 'mainstay_fence_*')";
        self.sqlite().query_row(sql, [], |row| row.get(0)).expect("reads")
    }

    pub(crate) async fn report(&self) -> Report {
        let noted = noted_plan(&self.target(), "public").await.expect("noted");
        let schema = SqliteFile::open(&self.path("app.db")).expect("opens").schema().expect("a schema");
        let plan = Plan::from_toml(&noted, &schema).expect("a plan");
        let verify = Verify::new(&self.path("app.db"), plan, self.target()).expect("opens");
        verify.verify(&Progress::to_nobody()).await.unwrap_or_else(|error| panic!("{error}"))
    }

    pub(crate) fn turn(&self) -> Cutover {
        Cutover {
            message: FENCED.to_owned(),
            limit: Duration::from_mins(1),
            pause: None,
            switch: Some(self.switch("postgres://app@db/app")),
            resume: None,
            workers: 2,
        }
    }

    pub(crate) fn way_back(&self) -> Rollback {
        Rollback {
            message: "this database has moved back to SQLite".to_owned(),
            patience: Duration::from_mins(1),
            pause: None,
            switch: Some(self.switch("file:./app.db")),
            resume: None,
        }
    }

    pub(crate) fn switch(&self, value: &str) -> Switch {
        Switch::EnvFile {
            path: self.path("app.env"),
            name: "DATABASE_URL".to_owned(),
            value: value.to_owned(),
        }
    }

    pub(crate) fn settings(&self) -> String {
        fs::read_to_string(self.path("app.env")).expect("readable")
    }
}

pub(crate) async fn step_until_near(follower: &mut Follower) {
    while follower.step().await.unwrap_or_else(|error| panic!("{error}")).behind > 0 {}
}

#[tokio::test]
async fn it_moves_while_it_is_used_and_goes_back_with_all_that_came_since() {
    let moving = Moving::from(SHOP).await;
    let app = moving.sqlite();
    moving.begin().await.unwrap_or_else(|error| panic!("{error}"));
    app.execute_batch(
        "UPDATE people SET id = 'p9', age = 37 WHERE id = 'p2'; INSERT OR REPLACE INTO people VALUES ('p3', 'ada@example.org', 1, 2, 3);
         INSERT INTO logs VALUES ('more'), (NULL); DELETE FROM logs WHERE rowid = 1; INSERT INTO pairs VALUES (2, 'x'), (2, 'y');
         INSERT INTO orders (person, total) VALUES ('p3', 1e300); DELETE FROM pairs WHERE a = 1;",
    )
    .expect("runs");
    let mut follower = moving.follower().await;
    step_until_near(&mut follower).await;
    let report = moving.report().await;
    assert_ne!(report.outcome(), Outcome::Different, "{report}");

    app.execute_batch("INSERT INTO logs VALUES ('at the end')").expect("runs");
    follower.cutover(&moving.turn(), &Progress::to_nobody()).await.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(follower.phase(), Phase::Switched);
    assert!(moving.settings().contains("postgres://app@db/app"), "{}", moving.settings());
    let refused = app.execute_batch("INSERT INTO logs VALUES ('too late')").expect_err("closed");
    assert!(refused.to_string().contains("has moved to PostgreSQL"), "{refused}");
    let report = moving.report().await;
    assert_ne!(report.outcome(), Outcome::Different, "{report}");

    // The keys hold in PostgreSQL, and numbers go on.
    moving
        .postgres("INSERT INTO orders (person, total) VALUES ('nobody', 1)")
        .await
        .expect_err("no such person");
    moving
        .postgres(
            "INSERT INTO orders (person, total) VALUES ('p3', 2.25); UPDATE people SET email = 'new@example.org' WHERE id = 'p3';
             DELETE FROM people WHERE id = 'p9'; INSERT INTO logs VALUES ('from PostgreSQL'); INSERT INTO pairs VALUES (7, 'z');
             UPDATE pairs SET a = 3 WHERE a = 2 AND b = 'x'",
        )
        .await
        .expect("runs");
    let Returned { applied, .. } = follower
        .rollback(&moving.way_back(), &Progress::to_nobody())
        .await
        .unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(applied.unfit, []);
    assert!(moving.settings().contains("file:./app.db"));
    let rows = |sql: &str| -> Vec<String> {
        let mut statement = app.prepare(sql).expect("compiles");
        statement.query_map([], |row| row.get(0)).expect("runs").collect::<Result<_, _>>().expect("texts")
    };
    assert_eq!(
        rows("SELECT id || ' ' || email || ' ' || typeof(odd) FROM people"),
        ["p3 new@example.org integer"]
    );
    assert_eq!(
        rows("SELECT id || ' ' || total FROM orders"),
        ["3 1.0e+300", "5 2.25"],
        "a refused row has cost a number"
    );
    assert_eq!(rows("SELECT line FROM logs WHERE line > ''"), ["more", "at the end", "from PostgreSQL"]);
    assert_eq!(rows("SELECT a || b FROM pairs"), ["3x", "2y", "7z"]);
    app.execute_batch("INSERT INTO orders (person) VALUES ('p3')").expect("open again");
    assert_eq!(rows("SELECT max(id) || '' FROM orders"), ["6"]);
    let refused = moving.postgres("INSERT INTO logs VALUES ('too late')").await.expect_err("closed");
    assert!(refused.to_string().contains("has moved back to SQLite"), "{refused}");
}

#[tokio::test]
async fn what_changes_the_schema_stops_it_with_a_word() {
    let moving = Moving::from(SHOP).await;
    moving.begin().await.unwrap_or_else(|error| panic!("{error}"));
    let mut follower = moving.follower().await;
    moving.sqlite().execute_batch("ALTER TABLE people ADD COLUMN more TEXT").expect("runs");
    let error = follower.step().await.expect_err("stops").to_string();
    assert!(error.contains("schema") && error.contains("people"), "{error}");
}

#[tokio::test]
async fn what_somebody_changes_in_postgresql_is_noticed() {
    let moving = Moving::from(SHOP).await;
    moving.begin().await.unwrap_or_else(|error| panic!("{error}"));
    moving
        .postgres(
            "CREATE FUNCTION shout() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.line := upper(NEW.line); RETURN NEW; END';
             CREATE TRIGGER shout BEFORE INSERT ON logs FOR EACH ROW EXECUTE FUNCTION shout()",
        )
        .await
        .expect("runs");
    let mut follower = moving.follower().await;
    moving.sqlite().execute_batch("INSERT INTO logs VALUES ('quiet')").expect("runs");
    let error = follower.step().await.expect_err("stops").to_string();
    assert!(error.contains("does not hold what was just written"), "{error}");
    moving.postgres("DROP TRIGGER shout ON logs").await.expect("runs");
    step_until_near(&mut follower).await;
    let mut connection = PgConnection::connect(&moving.database.url).await.expect("connects");
    let rows =
        sqlx::query("SELECT line FROM logs ORDER BY rowid").fetch_all(&mut connection).await.expect("reads");
    let lines: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    assert_eq!(lines, ["begun", "quiet"]);
}
