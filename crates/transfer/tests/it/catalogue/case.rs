//! A case, and the proof of it.

use std::fs;
use std::path::Path;

use rusqlite::Connection;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, Row as _};
use tempfile::TempDir;
use testkit::TestDatabase;
use transfer::{Definition, Existing, Moved, Outcome, Plan, Progress, Report, Run, Survey, Target, Verify};

/// A database, and what is to become of it. What is not said to be there must not be: no line in the ledger, nothing left
/// behind, no trouble.
pub(super) struct Case {
    name: &'static str,
    make: Box<dyn Fn(&Path) + Send + Sync>,
    edits: Vec<(&'static str, &'static str)>,
    types: Vec<(&'static str, &'static str)>,
    steps: Vec<Step>,
    ledger: Vec<&'static str>,
    left: Vec<&'static str>,
    troubles: Vec<&'static str>,
}

/// What is asked of a case that was moved, one after the other.
enum Step {
    /// A query finds this in PostgreSQL.
    Finds(&'static str, Vec<&'static str>),
    /// A query finds the same on both sides.
    Same(&'static str),
    /// Whether SQLite takes a statement, and PostgreSQL.
    Takes(&'static str, [bool; 2]),
}

/// A database that these statements make.
pub(super) fn case(name: &'static str, sql: impl Into<String>) -> Case {
    let sql = sql.into();
    case_of(name, move |path| {
        let connection = Connection::open(path).expect("opens");
        connection.execute_batch(&sql).unwrap_or_else(|error| panic!("{name}: {error}"));
    })
}

/// A file that this makes.
pub(super) fn case_of(name: &'static str, make: impl Fn(&Path) + Send + Sync + 'static) -> Case {
    let (edits, types, steps, ledger, left, troubles) = (vec![], vec![], vec![], vec![], vec![], vec![]);
    Case { name, make: Box::new(make), edits, types, steps, ledger, left, troubles }
}

impl Case {
    /// Somebody edits the plan: this becomes that.
    pub(super) fn edited(mut self, this: &'static str, that: &'static str) -> Self {
        self.edits.push((this, that));
        self
    }

    /// The columns of a table have these types, in order; NOT NULL is a `!`.
    pub(super) fn types(mut self, table: &'static str, types: &'static str) -> Self {
        self.types.push((table, types));
        self
    }

    /// A query finds this in PostgreSQL.
    pub(super) fn finds<const N: usize>(mut self, sql: &'static str, rows: [&'static str; N]) -> Self {
        self.steps.push(Step::Finds(sql, rows.to_vec()));
        self
    }

    /// A query finds the same on both sides.
    pub(super) fn same(mut self, sql: &'static str) -> Self {
        self.steps.push(Step::Same(sql));
        self
    }

    /// Both sides take a statement.
    pub(super) fn takes(self, sql: &'static str) -> Self {
        self.differs(sql, [true, true])
    }

    /// Both sides refuse a statement.
    pub(super) fn refuses(self, sql: &'static str) -> Self {
        self.differs(sql, [false, false])
    }

    /// Whether SQLite takes a statement, and PostgreSQL.
    pub(super) fn differs(mut self, sql: &'static str, taken: [bool; 2]) -> Self {
        self.steps.push(Step::Takes(sql, taken));
        self
    }

    /// The ledger says: table, key, column, class, before, after, rule.
    pub(super) fn ledger<const N: usize>(mut self, lines: [&'static str; N]) -> Self {
        self.ledger.extend(lines);
        self
    }

    /// This stays behind.
    pub(super) fn leaves<const N: usize>(mut self, what: [&'static str; N]) -> Self {
        self.left.extend(what);
        self
    }

    /// This could not be done, and stopped nothing: how each begins.
    pub(super) fn troubles<const N: usize>(mut self, troubles: [&'static str; N]) -> Self {
        self.troubles.extend(troubles);
        self
    }
}

/// Proves cases, each in a schema of its own of one database. All that fail are named.
pub(super) async fn prove(cases: Vec<Case>) {
    let database = TestDatabase::postgres(&store::Migrations::of([])).await;
    let mut failed = Vec::new();
    for (place, case) in cases.into_iter().enumerate() {
        // Without TLS, whose handshakes would take most of the time.
        let (name, url) = (case.name, format!("{}?sslmode=disable", database.url));
        let proved = tokio::spawn(async move { case.prove(&url, &format!("case {place}")).await }).await;
        failed.extend(proved.is_err().then_some(name));
    }
    assert!(failed.is_empty(), "{failed:#?}");
}

impl Case {
    async fn prove(self, url: &str, schema: &str) {
        let folder = TempDir::new().expect("a folder");
        let path = folder.path().join("app.db");
        (self.make)(&path);
        let before = contents(folder.path());
        let proof = Proof::of(&self, &path, url, schema).await;
        assert!(contents(folder.path()) == before, "{}: the file has changed", self.name);
        proof.expect(&self).await;
    }
}

/// A case that was moved.
struct Proof {
    source: Connection,
    target: PgConnection,
    definition: Definition,
    moved: Moved,
    report: Report,
}

impl Proof {
    async fn of(case: &Case, path: &Path, url: &str, schema: &str) -> Self {
        let name = case.name;
        let survey = Survey::of(path, 1, &Progress::to_nobody());
        let Survey { schema: found, profiles } = survey.unwrap_or_else(|error| panic!("{name}: {error}"));
        let lossless = Plan::lossless(&found, &profiles, schema);
        let mut written = lossless.to_toml(&found, Some(&profiles));
        let read =
            |toml: &str| Plan::from_toml(toml, &found).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(read(&written), lossless, "{name}: the plan is another when it is read");
        for (this, that) in &case.edits {
            assert!(written.contains(this), "{name}: no {this:?} in {written}");
            written = written.replacen(this, that, 1);
        }
        let plan = read(&written);
        let target = Target::new(url.parse().expect("an address"), "the target");
        let definition = Definition::of(&found, &plan);
        let run = Run::new(path, plan.clone(), target.clone(), 1).expect("opens");
        let moved = run.run(Existing::Refuse, &Progress::to_nobody()).await;
        let moved = moved.unwrap_or_else(|error| panic!("{name}: {error}"));
        let verify = Verify::new(path, plan, target).expect("opens");
        let report = verify.verify(&Progress::to_nobody()).await;
        let report = report.unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(report.outcome() != Outcome::Different, "{name}: {report}");
        let source = Connection::open(path).expect("opens");
        let mut target = PgConnection::connect(url).await.expect("connects");
        let path = format!("SET search_path = \"{schema}\", public");
        sqlx::raw_sql(AssertSqlSafe(path)).execute(&mut target).await.expect("runs");
        Self { source, target, definition, moved, report }
    }

    async fn expect(mut self, case: &Case) {
        let name = case.name;
        for (table, types) in &case.types {
            assert_eq!(self.types(table).await, *types, "{name}: the types of {table}");
        }
        self.expect_ledger(case);
        let left: Vec<_> = self.definition.left_behind.iter().map(|left| left.what.as_str()).collect();
        assert_eq!(left, case.left, "{name}: left behind: {:#?}", self.definition.left_behind);
        let begins =
            self.moved.troubles.iter().zip(&case.troubles).all(|(said, begin)| said.starts_with(begin));
        let are_as_many = self.moved.troubles.len() == case.troubles.len();
        assert!(begins && are_as_many, "{name}: {:#?}", self.moved.troubles);
        for step in &case.steps {
            match step {
                Step::Finds(sql, rows) => assert_eq!(self.found(sql).await, *rows, "{name}: {sql}"),
                Step::Same(sql) => assert_eq!(self.found(sql).await, self.found_before(sql), "{name}: {sql}"),
                Step::Takes(sql, taken) => assert_eq!(self.take(sql).await, *taken, "{name}: {sql}"),
            }
        }
    }

    fn expect_ledger(&self, case: &Case) {
        let line = |line: &transfer::CellLine| {
            let after = line.after.as_deref().unwrap_or("NULL");
            let transfer::CellLine { table, key, column, class, before, rule, .. } = line;
            format!("{table} {key} {column} {class} {before} -> {after} {rule}")
        };
        let mut lines: Vec<_> = self.report.cells.iter().map(line).collect();
        lines.sort();
        let mut expected = case.ledger.clone();
        expected.sort_unstable();
        assert_eq!(lines, expected, "{}: the ledger", case.name);
    }

    async fn types(&mut self, table: &str) -> String {
        let sql = "SELECT format_type(atttypid, NULL) || CASE WHEN attnotnull THEN '!' ELSE '' END FROM pg_attribute \
                   WHERE attrelid = to_regclass($1) AND attnum > 0 ORDER BY attnum";
        let rows = sqlx::query(sql).bind(table).fetch_all(&mut self.target).await.expect("runs");
        rows.iter().map(|row| row.get::<String, _>(0)).collect::<Vec<_>>().join(", ")
    }

    async fn found(&mut self, sql: &str) -> Vec<String> {
        let rows = sqlx::raw_sql(AssertSqlSafe(sql)).fetch_all(&mut self.target).await;
        let rows = rows.unwrap_or_else(|error| panic!("{sql}: {error}"));
        let cell = |row: &sqlx::postgres::PgRow, at: usize| {
            row.try_get_unchecked::<Option<String>, _>(at).expect("a text").unwrap_or("NULL".to_owned())
        };
        let row = |row: &sqlx::postgres::PgRow| {
            (0..row.len()).map(|at| cell(row, at)).collect::<Vec<_>>().join("|")
        };
        rows.iter().map(row).collect()
    }

    fn found_before(&self, sql: &str) -> Vec<String> {
        let mut statement = self.source.prepare(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
        let columns = statement.column_count();
        let cell = |row: &rusqlite::Row<'_>, at: usize| {
            let text: Option<String> = row.get(at).unwrap_or_else(|error| panic!("{sql}: {error}"));
            text.unwrap_or("NULL".to_owned())
        };
        let row =
            |row: &rusqlite::Row<'_>| Ok((0..columns).map(|at| cell(row, at)).collect::<Vec<_>>().join("|"));
        statement.query_map([], row).expect("runs").collect::<Result<_, _>>().expect("reads")
    }

    /// Whether each of the two takes a statement.
    async fn take(&mut self, sql: &str) -> [bool; 2] {
        let before = self.source.execute_batch(sql);
        let after = sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut self.target).await;
        [before.is_ok(), after.is_ok()]
    }
}

/// Every file in a folder that holds something, with its bytes.
pub(super) fn contents(folder: &Path) -> Vec<(std::path::PathBuf, Vec<u8>)> {
    let files = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("one").path());
    let mut files: Vec<_> = files.map(|path| (path.clone(), fs::read(&path).expect("readable"))).collect();
    // What readers of a WAL share is made anew by whoever opens the file.
    files.retain(|(path, bytes)| !bytes.is_empty() && path.extension().is_none_or(|kind| kind != "db-shm"));
    files.sort();
    files
}
