//! A database that was moved to PostgreSQL comes back.

use rusqlite::Connection;
use tempfile::TempDir;
use transfer::{Codec, ColumnPlan, Extract, Extracted, Misfits, Outcome, Plan, Progress, Verify};

use super::dump::{differences, dump};
use crate::moved::{Moved, execute};

const APP: &str = "
    PRAGMA user_version = 7; PRAGMA application_id = 42;
    CREATE TABLE people (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL CHECK (length(name) < 20), age INTEGER, born DATETIME, odd,
      seen TIMESTAMP, worth DECIMAL, meta JSON, small TEXT AS (lower(name)) STORED, CONSTRAINT \"people named\" UNIQUE (name));
    INSERT INTO people (id, name, age, born, odd, seen, worth, meta) VALUES (1, 'Ada', 36, 1700000000123, 1, '2024-05-01 10:00:00', 12.5, '{\"a\": 1}'),
      (2, 'Bob', NULL, 0, 'one', NULL, 7, NULL), (9, 'Eve', 1, NULL, 1.0, NULL, 1e-5, '[]');
    DELETE FROM people WHERE id = 9;
    CREATE INDEX \"by age\" ON people (age DESC) WHERE age > 1;
    CREATE TABLE likes (a INT REFERENCES people (id), b TEXT, note, PRIMARY KEY (a, b)) WITHOUT ROWID;
    INSERT INTO likes VALUES (1, 'x', 5), (1, 'y', 'five'), (2, 'x', 5.0);
    CREATE TABLE lines (line); INSERT INTO lines (rowid, line) VALUES (-7, 'a' || char(0) || 'b'), (3, CAST(x'ff00' AS TEXT)), (4, 8), (5, '8');
    CREATE VIEW adults AS SELECT name FROM people WHERE age >= 18;
    CREATE TRIGGER greet AFTER INSERT ON likes BEGIN UPDATE people SET age = age + 1 WHERE id = new.a; END;";

/// A copy of what was moved, and what it came to.
pub(crate) async fn copy(moved: &mut Moved) -> (TempDir, Connection, Extracted) {
    // What the test database has of itself.
    execute(&mut moved.target, "DROP TABLE IF EXISTS seaql_migrations").await;
    let folder = TempDir::new().expect("a folder");
    let path = folder.path().join("copy.db");
    let extracted = Extract::new(moved.target(), "public", &path).run(&Progress::to_nobody()).await;
    let extracted = extracted.unwrap_or_else(|error| panic!("{error}"));
    let connection = Connection::open(&path).expect("opens");
    (folder, connection, extracted)
}

#[tokio::test]
async fn what_was_moved_comes_back_as_it_was() {
    let mut moved = Moved::from(APP).await;
    let (folder, copy, extracted) = copy(&mut moved).await;
    assert_eq!(differences(&dump(&moved.source), &dump(&copy)), Vec::<String>::new());
    assert_eq!(extracted, Extracted { tables: extracted.tables.clone(), ..Extracted::default() });
    let rows: Vec<_> = extracted.tables.iter().map(|table| (table.name.as_str(), table.rows)).collect();
    assert_eq!(rows, [("people", 2), ("likes", 3), ("lines", 4)]);
    let path = folder.path().join("copy.db");
    let verify = Verify::new(&path, moved.plan().clone(), moved.target()).expect("opens");
    let report = verify.verify(&Progress::to_nobody()).await.expect("verifies");
    assert_eq!(report.outcome(), Outcome::Explained, "{report}");
}

#[tokio::test]
async fn what_was_written_since_comes_along() {
    let mut moved = Moved::from(APP).await;
    execute(
        &mut moved.target,
        "ALTER TABLE people ALTER COLUMN born TYPE timestamptz;
         INSERT INTO people (name, born, worth, odd) VALUES ('Zoe', '2024-05-01 10:00:00.0005Z', 'NaN', '1');
         UPDATE people SET worth = 12.50, odd = 'two' WHERE id = 1; DELETE FROM likes WHERE note = 'five';
         UPDATE people SET worth = 1234567890123456789012345.5 WHERE id = 2;
         ALTER TABLE lines ADD COLUMN since timestamptz DEFAULT '2024-05-01T10:00:00Z';
         CREATE TABLE fresh (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, tags text[]);
         INSERT INTO fresh (tags) VALUES ('{a,b}');",
    )
    .await;
    let (_folder, copy, extracted) = copy(&mut moved).await;
    let unfit: Vec<_> = extracted
        .unfit
        .iter()
        .map(|unfit| (unfit.key.join(" "), unfit.column.as_str(), unfit.value.as_str()))
        .collect();
    assert_eq!(
        unfit,
        [
            ("10".to_owned(), "born", "2024-05-01 10:00:00.0005+00"),
            ("10".to_owned(), "worth", "NaN"),
            ("2".to_owned(), "worth", "1234567890123456789012345.5"),
        ]
        .map(|(key, column, value)| (key, column, value))
    );
    let found = |sql: &str| -> Vec<String> {
        let mut statement = copy.prepare(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
        statement.query_map([], |row| row.get(0)).and_then(Iterator::collect).expect("reads")
    };
    assert_eq!(found("SELECT quote(odd) || ' ' || quote(worth) FROM people WHERE id = 1"), ["'two' 12.5"]);
    assert_eq!(
        found(
            "SELECT id || ' ' || name || ' ' || small || ' ' || born || ' ' || worth FROM people WHERE id > 2"
        ),
        ["10 Zoe zoe 2024-05-01 10:00:00.0005+00 NaN"]
    );
    assert_eq!(found("SELECT a || b || quote(note) FROM likes"), ["1x5", "2x5.0"]);
    assert_eq!(found("SELECT DISTINCT since FROM lines"), ["2024-05-01T10:00:00.000000Z"]);
    assert_eq!(found("SELECT id || tags FROM fresh"), ["1{a,b}"]);
    assert_eq!(found("SELECT name || seq FROM sqlite_sequence"), ["people10", "fresh1"]);
    let left: Vec<_> = extracted.left_behind.iter().map(|left| left.what.as_str()).collect();
    assert_eq!(left, ["the definition of lines.since"]);
    assert_eq!(extracted.problems, Vec::<String>::new());
}

#[tokio::test]
async fn what_a_rule_changed_is_what_it_was_again() {
    let app = "CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER, b INTEGER, c INTEGER, d AS (hex(a)) STORED);
               INSERT INTO t (id, a, b, c) VALUES (1, '12 apples', 1, 1), (2, 2, 'many', 2), (3, 3, 3, x'00'), (4, 'four', 4, 4)";
    let rules = |plan: &mut Plan| {
        for (column, misfits) in [(1, Misfits::Cast), (2, Misfits::Null), (3, Misfits::Reject)] {
            plan.tables[0].columns[column] =
                ColumnPlan { codec: Codec::Integer, misfits, longest: 0, holds_null: false };
        }
    };
    let mut moved = Moved::with(app, rules).await;
    let (folder, returned, _) = copy(&mut moved).await;
    assert_eq!(differences(&dump(&moved.source), &dump(&returned)), Vec::<String>::new());
    let verify = Verify::new(&folder.path().join("copy.db"), moved.plan().clone(), moved.target());
    let report = verify.expect("opens").verify(&Progress::to_nobody()).await.expect("verifies");
    assert_eq!(report.outcome(), Outcome::Explained, "{report}");
    // What somebody has written since counts.
    execute(&mut moved.target, "UPDATE t SET a = 13, b = 0; INSERT INTO t (id, c) VALUES (3, 9)").await;
    let (_folder, returned, _) = copy(&mut moved).await;
    let cells = "SELECT quote(a) || quote(b) || quote(c) FROM t ORDER BY id";
    let mut statement = returned.prepare(cells).expect("prepares");
    let found: Vec<String> =
        statement.query_map([], |row| row.get(0)).and_then(Iterator::collect).expect("reads");
    assert_eq!(found, ["1301", "1302", "NULLNULL9", "1304"]);
}

#[tokio::test]
async fn a_file_that_writes_ahead_comes_back_as_one() {
    let app = "PRAGMA journal_mode = WAL; CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT); INSERT INTO t VALUES (1, 'one')";
    let mut moved = Moved::from(app).await;
    let (folder, returned, _) = copy(&mut moved).await;
    assert_eq!(differences(&dump(&moved.source), &dump(&returned)), Vec::<String>::new());
    drop(returned);
    let files = std::fs::read_dir(folder.path()).expect("a folder").count();
    assert_eq!(files, 1, "nothing is beside it");
}

#[tokio::test]
async fn what_is_what_it_was_again_is_not_told() {
    let app = "CREATE TABLE t (b TEXT, a INTEGER, j JSON NOT NULL, PRIMARY KEY (a, b)) WITHOUT ROWID;
               INSERT INTO t VALUES ('x', 1, '{}'), ('y', 2, 5), ('y', 3, 6.5), ('z', 4, 7)";
    let as_documents = |plan: &mut Plan| {
        plan.tables[0].columns[2] =
            ColumnPlan { codec: Codec::Json, misfits: Misfits::Cast, longest: 0, holds_null: false };
    };
    let mut moved = Moved::with(app, as_documents).await;
    let (_folder, returned, extracted) = copy(&mut moved).await;
    assert_eq!(differences(&dump(&moved.source), &dump(&returned)), Vec::<String>::new());
    assert_eq!((extracted.unfit, extracted.unfit_cells), (Vec::new(), 0));
    // The same number for SQLite, but other text; and one that nothing is noted of.
    execute(&mut moved.target, "UPDATE t SET j = '5.0' WHERE a = 2; UPDATE t SET j = '8' WHERE a = 1").await;
    let (_folder, _, extracted) = copy(&mut moved).await;
    let mut told: Vec<_> =
        extracted.unfit.iter().map(|cell| format!("{} {}", cell.key.join(" "), cell.value)).collect();
    told.sort();
    assert_eq!(told, ["1 x 8", "2 y 5.0"]);
    assert_eq!(extracted.unfit_cells, 2);
}

#[tokio::test]
async fn texts_that_are_citext_come_back_as_they_were() {
    let app = "CREATE TABLE t (name TEXT COLLATE NOCASE PRIMARY KEY, odd) WITHOUT ROWID;
               INSERT INTO t VALUES ('Ada', 1), ('eve', 'one'), ('ünï', 2), ('Ünï', 3)";
    // For citext, two of them are one.
    let mut moved = Moved::with_citext(app).await;
    assert_eq!(moved.rows(), [4]);
    let (_folder, copy, extracted) = copy(&mut moved).await;
    assert_eq!(differences(&dump(&moved.source), &dump(&copy)), Vec::<String>::new());
    assert_eq!(extracted.left_behind, []);
}

#[tokio::test]
async fn blobs_that_look_like_numbers_come_back_among_texts() {
    let app = "CREATE TABLE t (id INTEGER PRIMARY KEY, r REAL, i INTEGER);
               INSERT INTO t VALUES (1, x'31', x'312e30'), (2, 'a' || char(0) || 'b', 'a' || char(0)), (3, 'c' || char(0), 'd' || char(0)),
                 (4, 1.5, 1), (5, 1, 2.5)";
    let mut moved = Moved::from(app).await;
    let (folder, copy, _) = copy(&mut moved).await;
    assert_eq!(differences(&dump(&moved.source), &dump(&copy)), Vec::<String>::new());
    let verify = Verify::new(&folder.path().join("copy.db"), moved.plan().clone(), moved.target());
    let report = verify.expect("opens").verify(&Progress::to_nobody()).await.expect("verifies");
    assert_eq!(report.outcome(), Outcome::Explained, "{report}");
}
