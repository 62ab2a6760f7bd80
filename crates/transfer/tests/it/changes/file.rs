//! What the file takes of it, and what it does not.

use rusqlite::types::Value;
use transfer::{Applier, ApplyBackError, Remembered, Way, bring_back, drain};

use super::{Moved, counted_from, execute};

#[tokio::test]
async fn what_sqlite_cannot_hold_is_told() {
    let mut moved = Moved::from(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, n DECIMAL, s TEXT, at DATETIME, r REAL, j JSON, code INTEGER);
         INSERT INTO t VALUES (1, 1.5, 'a', 1714570000123, 0.5, '{}', 1), (2, 2, 'b', 5, 1.5, '[]', 'many');
         CREATE TABLE strict (id INTEGER PRIMARY KEY, r REAL, must REAL NOT NULL) STRICT;
         CREATE TABLE checked (id TEXT PRIMARY KEY, kind TEXT CHECK (typeof(kind) = 'text' AND length(kind) < 3));",
    )
    .await;
    let source = moved.source(Way::Triggers).await;
    execute(
        &mut moved.target,
        "ALTER TABLE checked DROP CONSTRAINT IF EXISTS checked_check; ALTER TABLE t ALTER COLUMN at TYPE timestamptz;
         INSERT INTO t VALUES (3, 0.12345678901234567890123, 'c', '2024-05-01 00:00:00.123456Z', 'NaN', '12', '007'),
           (4, 'NaN', 'd', 'infinity', '-Infinity', '{\"a\":1,  \"a\":2}', '12'), (5, 1.50, 'e', '2024-05-01 00:00:00.12Z', 2, 'null', NULL);
         INSERT INTO strict VALUES (1, 'NaN', 1), (2, 1, 'NaN');
         INSERT INTO checked VALUES ('x', 'ok'), ('y', 'long');",
    )
    .await;
    let mut session = moved.session().await;
    let applied = drain(&source, &mut session, &moved.applier(), None).await.expect("drains");
    let text = |text: &str| Some(Value::Text(text.to_owned()));
    let told: Vec<_> = applied
        .unfit
        .iter()
        .map(|it| {
            (it.table.as_str(), it.key.join(" "), it.column.as_str(), it.value.as_str(), it.stored_as.clone())
        })
        .collect();
    let told: Vec<_> = told.iter().map(|(t, k, c, v, s)| (*t, k.as_str(), *c, *v, s.clone())).collect();
    assert_eq!(
        told,
        [
            ("t", "3", "n", "0.12345678901234567890123", Some(Value::Real(0.123_456_789_012_345_68))),
            ("t", "3", "at", "2024-05-01 00:00:00.123456+00", text("2024-05-01 00:00:00.123456+00")),
            ("t", "3", "r", "NaN", text("NaN")),
            ("t", "3", "j", "12", Some(Value::Integer(12))),
            ("t", "3", "code", "007", Some(Value::Integer(7))),
            ("t", "4", "n", "NaN", text("NaN")),
            ("t", "4", "at", "infinity", text("infinity")),
            ("strict", "1", "r", "NaN", Some(Value::Null)),
            ("strict", "2", "must", "NaN", None),
        ]
    );
    let broken: Vec<_> =
        applied.broken_checks.iter().map(|it| (it.table.as_str(), it.key.join(" "))).collect();
    assert_eq!(broken, [("checked", "y".to_owned())]);
    assert_eq!(
        moved.says("SELECT typeof(n) || quote(at) || quote(r) AS said FROM t WHERE id > 2 ORDER BY id"),
        "real'2024-05-01 00:00:00.123456+00''NaN' text'infinity'-9.0e+999 real17145216001202.0"
    );
    assert_eq!(moved.says("SELECT id AS said FROM checked ORDER BY id"), "x y");
}

#[tokio::test]
async fn what_is_unique_may_change_hands() {
    for way in [Way::Slot, Way::Triggers] {
        let mut moved = Moved::from("CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT UNIQUE); INSERT INTO t VALUES (1, 'a'), (2, 'b'), (3, 'c');").await;
        let source = moved.source(way).await;
        // The change of 2 is told before that of 1, of which it gets the name.
        for sql in [
            "name = 'x' WHERE id = 2",
            "name = 'y' WHERE id = 1",
            "name = 'a' WHERE id = 2",
            "name = 'b' WHERE id = 1",
        ] {
            execute(&mut moved.target, &format!("UPDATE t SET {sql}")).await;
        }
        let mut session = moved.session().await;
        source.flush(&mut session).await.expect("flushes");
        let applied = bring_back(&source, &mut session, &moved.applier(), Some(1)).await;
        assert_eq!(applied.expect("takes both").written, 2, "{way:?}");
        moved.assert_equal().await;
        source.remove(&mut moved.target).await.expect("goes");
    }
}

#[tokio::test]
async fn what_sqlite_refuses_stops_and_is_said() {
    let mut moved = Moved::from("CREATE TABLE t (name TEXT COLLATE NOCASE PRIMARY KEY, v INT) WITHOUT ROWID; INSERT INTO t VALUES ('ada', 1);").await;
    let source = moved.source(Way::Triggers).await;
    execute(&mut moved.target, "DROP INDEX t_name_key; INSERT INTO t VALUES ('ADA', 2)").await;
    let mut session = moved.session().await;
    let refused = bring_back(&source, &mut session, &moved.applier(), None).await;
    let Err(error @ ApplyBackError::Refused { .. }) = refused else { panic!("{refused:?}") };
    assert!(
        error.to_string().starts_with("SQLite does not take the row ADA of t, which PostgreSQL has: UNIQUE"),
        "{error}"
    );
    assert_eq!(moved.says("SELECT name || v AS said FROM t"), "ada1", "and the other one stays");
    execute(&mut moved.target, "DELETE FROM t WHERE name = 'ada'").await;
    bring_back(&source, &mut session, &moved.applier(), None).await.expect("applies");
    assert_eq!(moved.says("SELECT name || v AS said FROM t"), "ADA2");
}

#[tokio::test]
async fn cells_that_are_remembered_come_back_as_they_were() {
    let mut moved = Moved::from("CREATE TABLE t (id INTEGER PRIMARY KEY, x, v INT); INSERT INTO t VALUES (1, 1, 1), (2, x'01', 2), (3, 'two', 3), (4, x'02', 4);").await;
    let source = moved.source(Way::Triggers).await;
    let was = |table: usize, key: &[Value], column: usize| match (table, key, column) {
        (0, [Value::Integer(1)], 1) => Some(Value::Integer(1)),
        (0, [Value::Integer(3)], 1) => Some(Value::Text("two".to_owned())),
        _ => None,
    };
    let remembered = Remembered { columns: [(0, 1)].into(), find: Box::new(was) };
    let applier = Applier::open(&moved.path, &moved.schema, &moved.definition, remembered).expect("opens");
    execute(&mut moved.target, "UPDATE t SET v = v + 10; UPDATE t SET x = '\\x05' WHERE id = 3").await;
    let mut session = moved.session().await;
    drain(&source, &mut session, &applier, None).await.expect("drains");
    assert_eq!(
        moved.says("SELECT quote(x) || '/' || v AS said FROM t ORDER BY id"),
        "1/11 X'01'/12 X'05'/13 X'02'/14"
    );
}

#[tokio::test]
async fn ids_are_never_given_again() {
    let mut moved = Moved::from(
        "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, v INT); INSERT INTO t VALUES (5, 1);",
    )
    .await;
    execute(&mut moved.target, &counted_from("public.t", "id")).await;
    let source = moved.source(Way::Triggers).await;
    execute(&mut moved.target, "INSERT INTO t (v) SELECT 1 FROM generate_series(1, 10); DELETE FROM t").await;
    let mut session = moved.session().await;
    drain(&source, &mut session, &moved.applier(), None).await.expect("drains");
    assert_eq!(moved.says("SELECT seq AS said FROM sqlite_sequence"), "15");
}
