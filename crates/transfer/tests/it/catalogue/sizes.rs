//! What is large.

use rusqlite::Connection;
use tempfile::TempDir;
use testkit::TestDatabase;
use transfer::{Existing, Plan, Progress, Run, Survey, Target};

use super::{case, prove};

#[tokio::test]
async fn sizes() {
    let columns =
        |count: usize| (1..count).map(|place| format!("c{place} INT")).collect::<Vec<_>>().join(", ");
    let filled = |count: usize| (1..=count).map(|place| format!("c{place}")).collect::<Vec<_>>().join(", ");
    let table = |place: usize| {
        let up = place / 2;
        format!(
            "CREATE TABLE t{place} (id INTEGER PRIMARY KEY, a INT, up INT REFERENCES t{up}); INSERT INTO t{place} VALUES (1, {place}, 1);"
        )
    };
    let many: Vec<_> = (0..200).map(table).collect();
    prove(vec![
        case("1,600 columns", format!("CREATE TABLE t (id INTEGER PRIMARY KEY, {}); INSERT INTO t (id, c1, c1599) VALUES (1, 7, 9);", columns(1600)))
            .finds("SELECT id, c1, c2, c1599 FROM t", ["1|7|NULL|9"]),
        case("1,600 columns, in 8 KB", format!("CREATE TABLE t (id INTEGER PRIMARY KEY, {}); INSERT INTO t ({}) VALUES ({});", columns(1600), filled(900), "7, ".repeat(899) + "7"))
            .finds("SELECT c1, c900, c901 FROM t", ["7|7|NULL"]),
        case("a blob of 3 MB", "CREATE TABLE t (id INTEGER PRIMARY KEY, b BLOB, x TEXT); INSERT INTO t VALUES (1, zeroblob(3000000), hex(zeroblob(1500000))), (2, x'01', 'small');")
            .types("t", "bigint!, bytea, text")
            .finds("SELECT length(b), length(x) FROM t ORDER BY id", ["3000000|3000000", "1|5"]),
        case("200 tables", many.concat())
            .finds("SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()", ["200"])
            .finds("SELECT a FROM t199", ["199"]),
        case("many rows, in several parts, with rowids at both ends", "CREATE TABLE t (id INTEGER PRIMARY KEY, a INT, x TEXT);
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 450000) INSERT INTO t SELECT i * 3, i % 7, NULL FROM n;
            INSERT INTO t VALUES (-9223372036854775808, -1, 'first'), (9223372036854775807, -1, 'last');")
            .finds("SELECT count(*), sum(a), min(id), max(id) FROM t", ["450002|1349998|-9223372036854775808|9223372036854775807"])
            .same("SELECT CAST(count(*) AS TEXT) FROM t WHERE a = 3"),
        case("many rows without a rowid", "CREATE TABLE t (k TEXT PRIMARY KEY) WITHOUT ROWID; WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 210000) INSERT INTO t SELECT printf('%08d', i) FROM n;")
            .finds("SELECT count(*), max(k) FROM t", ["210000|00210000"]),
    ])
    .await;
}

#[tokio::test]
async fn a_row_that_is_longer_than_a_page_of_postgresql_is_said_to_be() {
    let columns: Vec<_> = (0..1200).map(|place| format!("c{place} INT")).collect();
    let sql = format!(
        "CREATE TABLE wide ({}); INSERT INTO wide VALUES ({}7);",
        columns.join(", "),
        "7, ".repeat(1199)
    );
    assert_eq!(
        stopped(&sql).await,
        "the target refuses the rows of wide: row is too big: size 9632, maximum size 8160. A row of PostgreSQL has to fit into a page, which long texts and blobs need not, and everything else has to: divide the table in SQLite, so that its columns are fewer"
    );
}

#[tokio::test]
async fn two_thousand_columns_are_impossible_and_said_to_be() {
    let columns: Vec<_> = (0..2000).map(|place| format!("c{place} INT")).collect();
    assert_eq!(
        stopped(&format!("CREATE TABLE wide ({});", columns.join(", "))).await,
        "this cannot be moved as it is: the table wide: it has 2000 columns, and a table of PostgreSQL has 1600 at the most: divide it"
    );
}

/// Why a move comes to no end.
async fn stopped(sql: &str) -> String {
    let folder = TempDir::new().expect("a folder");
    let path = folder.path().join("app.db");
    Connection::open(&path).expect("opens").execute_batch(sql).expect("runs");
    let Survey { schema, profiles } = Survey::of(&path, 1, &Progress::to_nobody()).expect("reads");
    let plan = Plan::lossless(&schema, &profiles, "public");
    let database = TestDatabase::postgres(&store::Migrations::of([])).await;
    let target = Target::new(database.url.parse().expect("an address"), "the target");
    let run = Run::new(&path, plan, target, 1).expect("opens");
    run.run(Existing::Keep, &Progress::to_nobody()).await.expect_err("stops").to_string()
}
