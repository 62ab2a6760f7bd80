//! Whatever is written to PostgreSQL gets back into the file it came from: nothing lost, nothing twice.

mod apart;
mod cells;
mod file;
mod hammer;
mod killed;
mod speed;
mod stops;
mod ways;

use std::path::PathBuf;
use std::rc::Rc;

use rusqlite::Connection;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use tempfile::TempDir;
use testkit::TestDatabase;
use transfer::{
    Applier, ChangeSource, Codec, ColumnDefinition, ColumnPlan, Definition, Misfits, Plan, Remembered,
    Schema, SqliteFile, TableDefinition, Way,
};

use self::cells::{copied, rows_here, rows_there};

/// Tables of all kinds of keys, and what hangs together.
const SHOP: &str = "
    CREATE TABLE people (id INTEGER PRIMARY KEY AUTOINCREMENT, email TEXT NOT NULL UNIQUE, balance DECIMAL, seen DATETIME,
      face BLOB, is_active BOOLEAN NOT NULL DEFAULT 1, twice INT AS (id * 2));
    INSERT INTO people VALUES (1, 'p1', 12.5, 1714570000123, x'00ff', 1), (2, 'p2', 7, NULL, NULL, 0), (3, 'p3', NULL, 0, x'', 1);
    CREATE TABLE notes (owner INTEGER NOT NULL REFERENCES people (id) ON DELETE CASCADE ON UPDATE CASCADE, slug TEXT NOT NULL,
      body TEXT, PRIMARY KEY (owner, slug)) WITHOUT ROWID;
    INSERT INTO notes VALUES (1, 'a', 'x'), (2, 'b', NULL);
    CREATE TABLE lines (said TEXT, weight REAL);
    INSERT INTO lines VALUES ('one', 0.5), ('one', 0.5), (NULL, NULL);
    CREATE TABLE days (day DATE, at DATETIME, ratio REAL, code BLOB, PRIMARY KEY (day, at, ratio, code));
    INSERT INTO days VALUES ('2024-05-01', '2024-05-01T10:00:00.000Z', 0.1, x'00');
    CREATE TABLE slow (id TEXT PRIMARY KEY, v INT);
    INSERT INTO slow VALUES ('kept', 1);
    CREATE TABLE noise (n INTEGER PRIMARY KEY);
    CREATE TRIGGER echo AFTER INSERT ON people BEGIN INSERT INTO noise VALUES (NULL); END;
    CREATE TRIGGER fence BEFORE DELETE ON people BEGIN SELECT raise(ABORT, 'moved'); END;";

/// A file and the database it was moved into.
struct Moved {
    path: PathBuf,
    schema: Schema,
    definition: Definition,
    /// The schema in PostgreSQL.
    name: &'static str,
    target: PgConnection,
    database: Rc<TestDatabase>,
    _folder: TempDir,
}

impl Moved {
    async fn from(sql: &str) -> Self {
        let database = TestDatabase::postgres(&store::Migrations::of([])).await;
        Self::into(Rc::new(database), "public", sql).await
    }

    /// Moves into a schema of a database that others may have moved into.
    async fn into(database: Rc<TestDatabase>, name: &'static str, sql: &str) -> Self {
        let folder = TempDir::new().expect("a folder");
        let path = folder.path().join("app.db");
        let connection = Connection::open(&path).expect("opens");
        connection.execute_batch(sql).expect("runs");
        let file = SqliteFile::open(&path).expect("opens");
        let schema = file.schema().expect("a schema");
        let profile = |table| file.profile(table, |_| ()).expect("reads");
        let profiles: Vec<_> = schema.tables.iter().map(profile).collect();
        let mut definition = Definition::of(&schema, &Plan::lossless(&schema, &profiles, name));
        definition.tables.iter_mut().filter(|table| table.key.is_empty()).for_each(keyed_by_rowid);
        let mut target = PgConnection::connect(&database.url).await.expect("connects");
        execute(&mut target, &format!("CREATE SCHEMA IF NOT EXISTS \"{name}\"")).await;
        let mut moved = Self { path, schema, definition, name, target, database, _folder: folder };
        moved.fill(&connection).await;
        moved
    }

    async fn fill(&mut self, connection: &Connection) {
        for made in &self.definition.tables {
            execute(&mut self.target, &made.create).await;
            let names: Vec<_> = made.filled().map(|column| column.name.as_str()).collect();
            let sql = format!("COPY {} ({}) FROM STDIN (FORMAT binary)", made.name, names.join(", "));
            let rows = copied(connection, &self.schema, made);
            let mut copy = self.target.copy_in_raw(&sql).await.expect("copies");
            copy.send(rows).await.expect("sends");
            copy.finish().await.expect("is taken");
            for sql in made.indexes.iter().chain(&made.primary_key).chain(&made.sequence) {
                execute(&mut self.target, sql).await;
            }
        }
        for key in &self.definition.foreign_keys {
            execute(&mut self.target, &key.add).await;
        }
    }

    async fn session(&self) -> PgConnection {
        PgConnection::connect(&self.database.url).await.expect("connects")
    }

    /// Not installed yet.
    async fn made(&mut self, way: Way) -> ChangeSource {
        let made = ChangeSource::of(way, self.name, &self.definition.tables, &mut self.target).await;
        made.expect("keys")
    }

    async fn source(&mut self, way: Way) -> ChangeSource {
        let source = self.made(way).await;
        source.install(&mut self.target).await.unwrap_or_else(|error| panic!("{error}: {error:?}"));
        source
    }

    fn applier(&self) -> Applier {
        Applier::open(&self.path, &self.schema, &self.definition, Remembered::nothing()).expect("opens")
    }

    fn sqlite(&self) -> Connection {
        Connection::open(&self.path).expect("opens")
    }

    /// What SQLite says, in one text.
    fn says(&self, sql: &str) -> String {
        let sql = format!("SELECT coalesce(group_concat(said, ' '), '') FROM ({sql})");
        self.sqlite().query_row(&sql, [], |row| row.get(0)).unwrap_or_else(|error| panic!("{sql}: {error}"))
    }

    /// Every cell is the same on both sides, of the same class.
    async fn assert_equal(&mut self) {
        let sqlite = self.sqlite();
        for made in &self.definition.tables {
            let name = &self.schema.tables[made.place].name;
            let here = rows_here(&sqlite, name, made);
            let there = rows_there(&mut self.target, made).await;
            assert_eq!(here.len(), there.len(), "rows of {name}");
            assert!(here == there, "{name}:\n{here:?}\n{there:?}");
        }
    }
}

/// What a move does with tables whose rows nothing tells apart.
fn keyed_by_rowid(table: &mut TableDefinition) {
    table.key = vec![table.columns.len()];
    let plan = ColumnPlan { codec: Codec::Integer, misfits: Misfits::Stop, longest: 0, holds_null: false };
    let (name, source, type_name) = ("\"rowid\"".to_owned(), "rowid".to_owned(), "bigint");
    table.columns.push(ColumnDefinition { name, source, type_name, plan, is_computed: false });
    let head = format!("CREATE TABLE {} (\n", table.name);
    let rowid = "  \"rowid\" bigint GENERATED BY DEFAULT AS IDENTITY,\n";
    table.create = table.create.replacen(&head, &format!("{head}{rowid}"), 1);
    table.primary_key = Some(format!("ALTER TABLE {} ADD PRIMARY KEY (\"rowid\")", table.name));
    table.sequence = Some(counted_from(&table.name, "rowid"));
}

fn counted_from(table: &str, column: &str) -> String {
    format!(
        "SELECT setval(pg_get_serial_sequence('{table}', '{column}'), greatest(1, max(\"{column}\"))) FROM {table}"
    )
}

async fn execute(target: &mut PgConnection, sql: &str) {
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(target).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
}

async fn assert_gone(target: &mut PgConnection) {
    let left = "SELECT (SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal) + (SELECT count(*) FROM pg_publication) \
                + (SELECT count(*) FROM pg_namespace WHERE nspname = 'mainstay_transfer') \
                + (SELECT count(*) FROM pg_replication_slots WHERE database = current_database())";
    let left: i64 = sqlx::query_scalar(left).fetch_one(target).await.expect("counts");
    assert_eq!(left, 0);
}
