//! Names, NOT NULL, defaults, and what is too wide.

use std::fmt::Write as _;

use crate::moved::{Moved, execute, texts};

#[tokio::test]
async fn names_of_all_kinds_arrive_and_stay_apart() {
    let long = "x".repeat(70);
    let mut moved = Moved::from(&format!(
        "CREATE TABLE \"{long}a\" (id INTEGER PRIMARY KEY, \"{long}a\" INT CONSTRAINT \"{long}\" CHECK (\"{long}a\" > 0), \"{long}b\" INT CONSTRAINT \"{long}\" CHECK (\"{long}b\" > 0));
         CREATE TABLE \"{long}b\" (id INTEGER PRIMARY KEY, up INT CONSTRAINT \"{long}\" REFERENCES \"{long}a\", b INT CONSTRAINT \"{long}\" REFERENCES \"{long}a\");
         CREATE INDEX \"{long}c\" ON \"{long}a\" (\"{long}a\"); CREATE INDEX \"{long}d\" ON \"{long}a\" (\"{long}b\");
         CREATE TABLE t (a INT UNIQUE, xmin INT, ctid INT, \"\" INT, \"select\" INT, \"Mixed Case\" INT, \"q\"\"q\" INT, \"back\\slash'\" INT);
         CREATE TABLE t_a_key (id INTEGER PRIMARY KEY); CREATE TABLE t_pkey (id INTEGER PRIMARY KEY); CREATE TABLE t_rowid_seq (a INT PRIMARY KEY);
         CREATE TABLE \"order\" (\"group\" INT PRIMARY KEY, \"It's\" INTEGER DEFAULT 5 NOT NULL);
         CREATE TABLE \"It's\" (\"it's\" INTEGER PRIMARY KEY, d TEXT NOT NULL DEFAULT 'a''b\\', e BLOB DEFAULT x'00ff', f INT NOT NULL DEFAULT -5, g TEXT DEFAULT NULL, h REAL NOT NULL DEFAULT 1e3, i BOOLEAN NOT NULL DEFAULT false);
         CREATE INDEX same ON t (a); CREATE VIEW \"{long}e\" AS SELECT 1;
         INSERT INTO t VALUES (1, 2, 3, 4, 5, 6, 7, 8);"
    ))
    .await;
    assert_eq!(
        moved.found("SELECT concat_ws(' ', xmin_2, ctid_2, unnamed, \"select\", \"Mixed Case\", \"q\"\"q\", \"back\\slash'\") FROM t").await,
        texts(&["2 3 4 5 6 7 8"])
    );
    execute(&mut moved.target, "INSERT INTO \"It's\" DEFAULT VALUES").await;
    moved.source.execute_batch("INSERT INTO \"It's\" DEFAULT VALUES").expect("runs");
    let row = "SELECT \"it's\" || d || f || coalesce(g, 'none') || CAST(h AS INTEGER) FROM \"It's\"";
    assert_eq!(moved.found(row).await, moved.found_before(row));
    assert_eq!(moved.found("SELECT i::text || e::text FROM \"It's\"").await, texts(&["false\\x00ff"]));
    for sql in [
        "INSERT INTO \"order\" (\"group\", \"It's\") VALUES (1, NULL)",
        "INSERT INTO \"It's\" (f) VALUES (NULL)",
    ] {
        assert_eq!(moved.take(sql).await, [false, false], "{sql}");
    }
}

#[tokio::test]
async fn a_table_that_is_too_wide_is_said_to_be() {
    let columns = |count: usize| {
        let mut columns = String::new();
        for place in 0..count {
            let _ = write!(columns, "c{place} INT, ");
        }
        columns
    };
    // Exactly as many as there may be, without a place for the rowid.
    let moved =
        Moved::from(&format!("CREATE TABLE t ({} last INT); INSERT INTO t (c0) VALUES (1);", columns(1599)))
            .await;
    assert_eq!((moved.left(), moved.definition.impossible.len()), (vec!["the rowids of t"], 0));
    let indexed: Vec<_> = (0..40).map(|place| format!("c{place}")).collect();
    let moved = Moved::from(&format!(
        "CREATE TABLE t ({} id INTEGER PRIMARY KEY); CREATE INDEX wide ON t ({1}); CREATE TABLE k ({2} PRIMARY KEY ({1})); INSERT INTO t (c0) VALUES (1);",
        columns(40),
        indexed.join(", "),
        columns(40),
    ))
    .await;
    assert_eq!(moved.left(), ["the index wide of t", "a unique index of k"]);
}

#[tokio::test]
async fn more_columns_than_postgresql_has_are_impossible() {
    let columns: Vec<_> = (0..2000).map(|place| format!("c{place} INT")).collect();
    let folder = tempfile::TempDir::new().expect("a folder");
    let path = folder.path().join("app.db");
    let sql = format!("CREATE TABLE wide ({}); CREATE TABLE t (a INT);", columns.join(", "));
    rusqlite::Connection::open(&path).expect("opens").execute_batch(&sql).expect("runs");
    let file = transfer::SqliteFile::open(&path).expect("opens");
    let schema = file.schema().expect("a schema");
    let profiles: Vec<_> =
        schema.tables.iter().map(|table| file.profile(table, |_| ()).expect("reads")).collect();
    let plan = transfer::Plan::lossless(&schema, &profiles, "public");
    let impossible = transfer::Definition::of(&schema, &plan).impossible;
    assert_eq!(impossible.len(), 1);
    assert_eq!(impossible[0].what, "the table wide");
    assert!(impossible[0].because.starts_with("it has 2000 columns"), "{}", impossible[0].because);
}
