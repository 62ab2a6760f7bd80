//! A file, and the database in PostgreSQL that it was moved into.

use std::path::PathBuf;

use rusqlite::Connection;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, Row as _};
use tempfile::TempDir;
use testkit::TestDatabase;
use transfer::{Definition, Existing, NoCase, Outcome, Plan, Progress, Report, Run, Survey, Target, Verify};

/// A file, moved into a database of its own.
pub(crate) struct Moved {
    plan: Plan,
    pub(crate) definition: Definition,
    outcome: transfer::Moved,
    /// The file, as it was moved.
    pub(crate) source: Connection,
    pub(crate) target: PgConnection,
    path: PathBuf,
    _folder: TempDir,
    database: TestDatabase,
}

impl Moved {
    /// What these statements make, moved by the plan that loses nothing.
    pub(crate) async fn from(sql: &str) -> Self {
        Self::with(sql, |_| ()).await
    }

    /// The same, with columns that take capitals for small letters as `citext`.
    pub(crate) async fn with_citext(sql: &str) -> Self {
        Self::with(sql, |plan| plan.no_case = NoCase::Citext).await
    }

    /// The same, by a plan that somebody has changed.
    pub(crate) async fn with(sql: &str, change: impl FnOnce(&mut Plan)) -> Self {
        let folder = TempDir::new().expect("a folder");
        let path = folder.path().join("app.db");
        let source = Connection::open(&path).expect("opens");
        source.execute_batch(sql).expect("runs");
        let Survey { schema, profiles } = Survey::of(&path, 2, &Progress::to_nobody()).expect("reads");
        let mut plan = Plan::lossless(&schema, &profiles, "public");
        change(&mut plan);
        let definition = Definition::of(&schema, &plan);
        let database = TestDatabase::postgres(&store::Migrations::of([])).await;
        let moved = Self {
            plan,
            definition,
            outcome: transfer::Moved::default(),
            source,
            target: PgConnection::connect(&database.url).await.expect("connects"),
            path,
            _folder: folder,
            database,
        };
        let run = Run::new(&moved.path, moved.plan.clone(), moved.target(), 2).expect("opens");
        let arrived = run.run(Existing::Keep, &Progress::to_nobody()).await;
        let moved = Self { outcome: arrived.unwrap_or_else(|error| panic!("{error}")), ..moved };
        let report = moved.report().await;
        assert!(report.outcome() != Outcome::Different, "{report}");
        moved
    }

    /// Where it was moved to.
    pub(crate) fn target(&self) -> Target {
        Target::new(self.database.url.parse().expect("an address"), "the target")
    }

    /// By what it was moved.
    pub(crate) fn plan(&self) -> &Plan {
        &self.plan
    }

    /// How many rows of each table arrived.
    pub(crate) fn rows(&self) -> Vec<u64> {
        self.outcome.tables.iter().map(|table| table.rows).collect()
    }

    /// What a comparison finds.
    pub(crate) async fn report(&self) -> Report {
        let verify = Verify::new(&self.path, self.plan.clone(), self.target()).expect("opens");
        verify.verify(&Progress::to_nobody()).await.unwrap_or_else(|error| panic!("{error}"))
    }

    /// What a query finds, as text.
    pub(crate) async fn found(&mut self, sql: &str) -> Vec<Option<String>> {
        let rows = sqlx::query(AssertSqlSafe(sql)).fetch_all(&mut self.target).await;
        let rows = rows.unwrap_or_else(|error| panic!("{sql}: {error}"));
        rows.iter().map(|row| row.get(0)).collect()
    }

    /// What a query finds in the file, as text.
    pub(crate) fn found_before(&self, sql: &str) -> Vec<Option<String>> {
        let mut statement = self.source.prepare(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
        let rows = statement.query_map([], |row| row.get(0)).expect("runs");
        rows.collect::<Result<_, _>>().unwrap_or_else(|error| panic!("{sql}: {error}"))
    }

    /// Runs a statement here and there: whether each of the two takes it.
    pub(crate) async fn take(&mut self, sql: &str) -> [bool; 2] {
        let before = self.source.execute_batch(sql);
        let after = sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut self.target).await;
        [before.is_ok(), after.is_ok()]
    }

    /// What stays behind.
    pub(crate) fn left(&self) -> Vec<&str> {
        self.definition.left_behind.iter().map(|left| left.what.as_str()).collect()
    }
}

pub(crate) async fn execute(target: &mut PgConnection, sql: &str) {
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(target).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
}

pub(crate) fn texts(texts: &[&str]) -> Vec<Option<String>> {
    texts.iter().map(|text| Some((*text).to_owned())).collect()
}
