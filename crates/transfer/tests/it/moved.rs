//! A file, and the database in PostgreSQL that it was moved into.

use rusqlite::Connection;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, Row as _};
use tempfile::TempDir;
use testkit::TestDatabase;
use transfer::{Definition, Loaded, NoCase, Plan, SqliteFile, load};

/// A file, moved into a database of its own.
pub(crate) struct Moved {
    pub(crate) definition: Definition,
    pub(crate) loaded: Vec<Loaded>,
    /// The file, as it was moved.
    pub(crate) source: Connection,
    pub(crate) target: PgConnection,
    _folder: TempDir,
    _database: TestDatabase,
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

    async fn with(sql: &str, change: impl FnOnce(&mut Plan)) -> Self {
        let folder = TempDir::new().expect("a folder");
        let path = folder.path().join("app.db");
        let source = Connection::open(&path).expect("opens");
        source.execute_batch(sql).expect("runs");
        let open = || SqliteFile::open(&path).expect("opens");
        let schema = open().schema().expect("a schema");
        let profiles: Vec<_> =
            schema.tables.iter().map(|table| open().profile(table, |_| ()).expect("reads")).collect();
        let mut plan = Plan::lossless(&schema, &profiles, "public");
        change(&mut plan);
        let definition = Definition::of(&schema, &plan);
        let database = TestDatabase::postgres(&store::Migrations::of([])).await;
        let mut target = PgConnection::connect(&database.url).await.expect("connects");
        for extension in &definition.extensions {
            execute(&mut target, extension).await;
        }
        let mut loaded = Vec::new();
        for made in &definition.tables {
            execute(&mut target, &made.create).await;
            let filled = load(open(), &schema.tables[made.place], made, &mut target).await;
            loaded.push(filled.unwrap_or_else(|error| panic!("{}: {error:?}", made.create)));
            for statement in made.indexes.iter().chain(&made.primary_key).chain(&made.sequence) {
                execute(&mut target, statement).await;
            }
        }
        for key in &definition.foreign_keys {
            execute(&mut target, &key.add).await;
            execute(&mut target, &key.validate).await;
        }
        for view in &definition.views {
            execute(&mut target, &view.create).await;
        }
        Self { definition, loaded, source, target, _folder: folder, _database: database }
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
