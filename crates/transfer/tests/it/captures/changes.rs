//! What is easily missed, one by one.

use rusqlite::Connection;
use transfer::{Capture, CaptureError, Key, KeyKind};

use super::{ID, SINCE, Source};

/// What makes a table, what fills it, and what is written then.
const CASES: [(&str, &str, &str); 17] = [
    (
        "t (k TEXT PRIMARY KEY NOT NULL, u UNIQUE)",
        "('a', 1), ('b', 2)",
        "INSERT OR REPLACE INTO t VALUES ('c', 1)",
    ),
    (
        "t (k TEXT PRIMARY KEY NOT NULL, u UNIQUE)",
        "('a', 1), ('b', 2)",
        "UPDATE OR REPLACE t SET u = 1 WHERE k = 'b'",
    ),
    (
        "t (k TEXT PRIMARY KEY NOT NULL, u UNIQUE ON CONFLICT REPLACE)",
        "('a', 1)",
        "INSERT INTO t VALUES ('c', 1)",
    ),
    ("t (k TEXT COLLATE NOCASE PRIMARY KEY NOT NULL, v)", "('a', 1)", "REPLACE INTO t VALUES ('A', 2)"),
    (
        "t (k TEXT NOT NULL, v, PRIMARY KEY (k COLLATE NOCASE)) WITHOUT ROWID",
        "('a', 1), ('b', 1)",
        "UPDATE OR REPLACE t SET k = 'A' WHERE k = 'b'",
    ),
    ("t (k PRIMARY KEY NOT NULL, v)", "(1, 'integer'), ('1', 'text')", "REPLACE INTO t VALUES (1.0, 'real')"),
    ("t (k PRIMARY KEY NOT NULL, v)", "(1, 'integer')", "UPDATE t SET k = 1.0"),
    ("t (k TEXT COLLATE NOCASE PRIMARY KEY NOT NULL, v)", "('a', 1)", "UPDATE t SET k = 'A'"),
    (
        "t (k TEXT PRIMARY KEY, v)",
        "(NULL, 1), (NULL, 2), ('a', 3)",
        "REPLACE INTO t VALUES ('a', 4), (NULL, 5)",
    ),
    ("t (k TEXT PRIMARY KEY NOT NULL, v)", "('a', 1), ('b', 2)", "REPLACE INTO t (rowid, k) VALUES (1, 'c')"),
    (
        "t (k TEXT PRIMARY KEY NOT NULL, v)",
        "('a', 1), ('b', 2)",
        "UPDATE OR REPLACE t SET oid = 2 WHERE k = 'a'",
    ),
    (
        "t (k INTEGER PRIMARY KEY, v UNIQUE)",
        "(1, 1), (2, 2)",
        "UPDATE OR REPLACE t SET _rowid_ = 2 WHERE k = 1",
    ),
    ("t (a, b)", "(1, 1), (2, 2), (3, 3)", "UPDATE t SET rowid = 9 WHERE a = 1; DELETE FROM t WHERE a = 2"),
    (
        "t (k INTEGER PRIMARY KEY, u TEXT NOT NULL DEFAULT \"it's\" UNIQUE)",
        "(1, 'it''s')",
        "REPLACE INTO t VALUES (2, NULL)",
    ),
    (
        "t (k INTEGER PRIMARY KEY, n NOT NULL DEFAULT 1, UNIQUE (n, k))",
        "(-1, 1), (1, 1)",
        "REPLACE INTO t (n) VALUES (1)",
    ),
    (
        "t (k INTEGER PRIMARY KEY, \"a \"\"b\"\"\" TEXT UNIQUE, \"select\")",
        "(1, 'x', 2)",
        "REPLACE INTO t VALUES (2, 'x', 3)",
    ),
    (
        "t (k INTEGER PRIMARY KEY, seq, t, k0, u UNIQUE)",
        "(1, 2, 3, 4, 5)",
        "REPLACE INTO t VALUES (7, 7, 7, 7, 5)",
    ),
];

#[test]
fn what_disappears_silently_is_seen() {
    for (table, rows, written) in CASES {
        for recursive in [false, true] {
            let source = Source::new(&format!(
                "PRAGMA recursive_triggers = {recursive}; CREATE TABLE {table}; INSERT INTO t VALUES {rows};"
            ));
            let mut follower = source.follow();
            let begun = follower.at;
            source.run(written);
            follower.expect_same(&source.writer);
            assert!(follower.at > begun, "{table}: {written}");
        }
    }
}

#[test]
fn unique_indexes_over_expressions_and_over_some_rows_are_seen() {
    let table = "CREATE TABLE t (k INTEGER PRIMARY KEY, doc, state TEXT, n INT, twice AS (n * 2));";
    for (index, rows, written) in [
        ("lower(state)", "(1, 0, 'A', 0)", "REPLACE INTO t VALUES (2, 0, 'a', 0)"),
        (
            "state COLLATE NOCASE) WHERE (n > 0 AND state <> 'x'",
            "(1, 0, 'A', 1), (2, 0, 'A', 0), (3, 0, 'a', 0)",
            "UPDATE OR REPLACE t SET n = 1 WHERE k = 3",
        ),
        (
            "json_extract(doc, '$.id')) WHERE (json_valid(doc)",
            "(1, '{\"id\": 1}', '', 0), (2, 'no', '', 0)",
            "REPLACE INTO t VALUES (3, '{\"id\": 1.0}', '', 0), (4, 'nor this', '', 0)",
        ),
        ("twice", "(1, 0, '', 1), (2, 0, '', 2)", "UPDATE OR REPLACE t SET n = 2 WHERE k = 1"),
        (
            "CASE state WHEN 'a' THEN n END",
            "(1, 0, 'a', 1), (2, 0, 'b', 1)",
            "UPDATE OR REPLACE t SET state = 'a' WHERE k = 2",
        ),
    ] {
        let source = Source::new(&format!(
            "{table} CREATE UNIQUE INDEX u ON t ({index}); INSERT INTO t VALUES {rows};"
        ));
        let mut follower = source.follow();
        source.run(written);
        follower.expect_same(&source.writer);
    }
}

#[test]
fn an_index_that_would_hide_something_is_refused() {
    for (index, said) in [
        ("n) WHERE (state = 5", "it compares a column with a value of another type"),
        ("k % 10", "it computes from the number that SQLite gives each row"),
        ("tenth", "it computes from the number that SQLite gives each row"),
    ] {
        let source = Source::new(&format!(
            "CREATE TABLE t (k INTEGER PRIMARY KEY, state TEXT, n INT, tenth AS (k % 10)); CREATE UNIQUE INDEX u ON t ({index});"
        ));
        let error = source.install().expect_err(index).to_string();
        assert!(
            error.starts_with(&format!(
                "what REPLACE removes from t by its unique index u would not be seen, because {said}"
            )),
            "{error}"
        );
    }
}

#[test]
fn cascades_and_the_apps_own_triggers_are_seen() {
    let source = Source::new(
        "PRAGMA foreign_keys = ON;
         CREATE TABLE parent (id TEXT PRIMARY KEY NOT NULL, u UNIQUE);
         CREATE TABLE child (id INTEGER PRIMARY KEY, up TEXT REFERENCES parent ON DELETE CASCADE ON UPDATE CASCADE, self INT REFERENCES child ON DELETE SET NULL);
         CREATE TABLE log (what);
         CREATE TRIGGER noticed AFTER DELETE ON child BEGIN INSERT INTO log VALUES (OLD.id); END;
         INSERT INTO parent VALUES ('a', 1), ('b', 2), ('c', 3); INSERT INTO child VALUES (1, 'a', NULL), (2, 'b', 1), (3, 'c', 2);",
    );
    let mut follower = source.follow();
    for sql in [
        "DELETE FROM parent WHERE id = 'a'",
        "REPLACE INTO parent VALUES ('d', 2)",
        "UPDATE parent SET id = 'e' WHERE id = 'c'",
    ] {
        source.run(sql);
        follower.expect_same(&source.writer);
    }
    assert_eq!(source.one::<i64>("SELECT count(*) FROM log"), 2);
}

/// What it replaces goes, and so does all that refers to that: the row itself too, before it has taken the place.
#[test]
fn a_row_that_goes_while_it_changes_is_seen() {
    let source = Source::new(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, up INT REFERENCES t ON DELETE CASCADE); INSERT INTO t VALUES (9, NULL), (2, 9), (3, 2);",
    );
    let mut follower = source.follow();
    source.run("UPDATE OR REPLACE t SET id = 9, up = NULL WHERE id = 2");
    follower.expect_same(&source.writer);
    assert!(follower.replica.rows.is_empty());
}

#[test]
fn programs_notice_nothing() {
    let source =
        Source::new("CREATE TABLE t (id INTEGER PRIMARY KEY, u UNIQUE); INSERT INTO t VALUES (70, 0);");
    let _follower = source.follow();
    let returned: i64 = source.one("INSERT INTO t (u) VALUES (1) RETURNING id");
    assert_eq!((returned, source.writer.last_insert_rowid(), source.writer.changes()), (71, 71, 1));
    assert_eq!(source.writer.execute("UPDATE t SET u = u + 10", []), Ok(2));
    assert_eq!(source.writer.execute("INSERT OR REPLACE INTO t VALUES (5, 10)", []), Ok(1));
    assert_eq!(source.writer.last_insert_rowid(), 5);
    // The schema can be changed as before, though whoever follows stops then.
    source.run("ALTER TABLE t RENAME TO s; ALTER TABLE s RENAME COLUMN u TO v; ALTER TABLE s ADD COLUMN w; DROP TABLE s;");
}

#[test]
fn entries_are_read_in_pieces_and_removed_when_nobody_needs_them() {
    let source = Source::new("CREATE TABLE t (a);");
    let mut follower = source.follow();
    source.run("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 25000) INSERT INTO t SELECT i FROM n");
    assert_eq!(follower.capture.lag(follower.at).expect("reads").entries, 25_000);
    assert!(follower.step(24_999).expect("reads"), "one is left");
    let before_the_last = follower.at;
    assert_eq!(follower.capture.prune(follower.at).expect("prunes"), 24_999, "its own stays");
    assert!(!follower.step(5).expect("reads"));
    assert_eq!(follower.capture.prune(follower.at).expect("prunes"), 1);
    assert_eq!(follower.capture.prune(follower.at).expect("prunes"), 0, "the last stays");
    source.run("DELETE FROM t WHERE a > 1");
    assert_eq!(follower.capture.lag(before_the_last).expect("it was there").entries, 25_000);
    follower.expect_same(&source.writer);
    assert_eq!(follower.at.number(), 49_999);
    follower.at = before_the_last;
    let error = follower.step(5).expect_err("out of reach");
    assert!(matches!(error, CaptureError::OutOfReach { after: 24_999, .. }), "{error}");
}

#[test]
fn rows_are_found_by_an_index() {
    let source = Source::new(super::grammar::SCHEMA);
    let mut follower = source.follow();
    source.run("INSERT INTO users VALUES ('a', 'a', 'a', 0)");
    follower.drain();
    drop(follower);
    // What notes the rows that stand in the way, as SQLite runs it.
    let made: Vec<String> = source
        .writer
        .prepare("SELECT sql FROM sqlite_schema WHERE type = 'trigger' AND name GLOB 'mainstay_*' AND sql GLOB '* BEFORE INSERT *'")
        .and_then(|mut found| found.query_map([], |row| row.get(0))?.collect())
        .expect("triggers");
    assert_eq!(made.len(), 18, "{made:#?}");
    for sql in made {
        let select =
            sql.split_once(" SELECT ").and_then(|(_, rest)| rest.rsplit_once("; END")).expect("a SELECT").0;
        let plan = plan(&source.writer, &select_without_new(select));
        assert!(
            plan.iter().any(|step| step.starts_with("SEARCH"))
                && !plan.iter().any(|step| step.starts_with("SCAN")
                    && !step.contains("CONSTANT")
                    && !step.contains("subquery")),
            "{sql}\n{plan:?}"
        );
    }
}

/// A value that is not known beforehand in place of each of NEW.
fn select_without_new(select: &str) -> String {
    let mut pieces = select.split("NEW.");
    let first = pieces.next().unwrap_or_default().to_owned();
    let rest = pieces.map(|piece| {
        let end = piece.find(|c: char| !c.is_alphanumeric() && c != '"' && c != '_').unwrap_or(piece.len());
        format!("?1{}", &piece[end..])
    });
    format!("SELECT {first}{}", rest.collect::<String>())
}

fn plan(connection: &Connection, sql: &str) -> Vec<String> {
    let mut statement = connection
        .prepare(&format!("EXPLAIN QUERY PLAN {sql}"))
        .unwrap_or_else(|error| panic!("{sql}: {error}"));
    let steps = statement
        .query_map(rusqlite::params_from_iter(["x"].iter().take(statement.parameter_count())), |row| {
            row.get(3)
        });
    steps.and_then(Iterator::collect).expect("a plan")
}

#[test]
fn a_key_without_a_value_is_told() {
    let source = Source::new("CREATE TABLE t (k TEXT PRIMARY KEY, v); INSERT INTO t VALUES ('a', 1);");
    let schema = source.schema();
    assert_eq!(schema.tables[0].key, KeyKind::HiddenRowid);
    let mut capture =
        Capture::install(&source.path(), ID, SINCE, &schema, &[Key::Columns(vec![0])]).expect("installs");
    let beginning = source.end();
    source.run("INSERT INTO t VALUES (NULL, 2)");
    let columns = [vec!["k".to_owned()]];
    let read = capture.batch(beginning, 9, &columns, |_| Ok::<_, CaptureError>(()));
    assert!(matches!(read, Err(CaptureError::NullKey { .. })), "{read:?}");
}

#[test]
fn a_key_that_two_rows_have_is_told() {
    let source = Source::new("CREATE TABLE t (k TEXT NOT NULL, l INT NOT NULL, v);");
    let schema = source.schema();
    let keys = [Key::Columns(vec![0, 1])];
    let mut capture = Capture::install(&source.path(), ID, SINCE, &schema, &keys).expect("installs");
    let beginning = source.end();
    let columns = [vec!["v".to_owned()]];
    let mut read = || capture.batch(beginning, 9, &columns, |_| Ok::<_, CaptureError>(()));
    source.run("INSERT INTO t VALUES ('a', 1, 1), ('a', 2, 2)");
    assert_eq!(read().expect("they are different").keys, 2);
    source.run("INSERT INTO t VALUES ('a', 2, 3)");
    let error = read().expect_err("they are the same").to_string();
    assert_eq!(
        error,
        "two rows of t have the same k, l, by which the plan tells its rows apart: one of them would be lost. Name columns there \
         in which no two rows are the same, or \"rowid\", and begin the move anew: mainstay transfer stop, then mainstay transfer \
         follow --existing drop"
    );
}

#[test]
fn texts_that_are_none_are_found_again() {
    for encoding in ["UTF-8", "UTF-16le"] {
        let source = Source::new(&format!(
            "PRAGMA encoding = '{encoding}'; CREATE TABLE t (k TEXT PRIMARY KEY NOT NULL, v);"
        ));
        let mut follower = source.follow();
        source.run(
            "INSERT INTO t VALUES (CAST(x'61ff00d8' AS TEXT), 1), ('a' || char(0) || 'b', 2), ('naïve', 3)",
        );
        follower.drain();
        assert_eq!(follower.replica.rows.len(), 3, "{encoding}");
        follower.expect_same(&source.writer);
    }
}
