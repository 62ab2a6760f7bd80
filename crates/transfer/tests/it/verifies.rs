//! What is different is found, whatever it is; what is not is not.

use transfer::{Difference, Outcome};

use crate::moved::{Moved, execute};

const APP: &str = "
    CREATE TABLE people (id TEXT PRIMARY KEY, name TEXT, age INTEGER, born DATETIME, odd);
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
      INSERT INTO people SELECT printf('p%05d', i), 'name ' || i, i, 1700000000000 + i, CASE i WHEN 7 THEN 'seven' ELSE i END FROM n;
    CREATE TABLE likes (a INT, b INT, PRIMARY KEY (a, b)) WITHOUT ROWID;
    INSERT INTO likes VALUES (1, 2), (2, 1);
    CREATE TABLE lines (line TEXT); INSERT INTO lines VALUES ('same'), ('same'), ('other');
    CREATE TABLE empty (a, b);";

fn cell(key: &str, column: &str, source: &str, target: &str) -> Difference {
    let [key, column, source, target] = [key, column, source, target].map(str::to_owned);
    Difference::Cell { key, column, source, target }
}

#[tokio::test]
async fn what_arrived_is_equal_and_every_change_is_found() {
    let mut moved = Moved::from(APP).await;
    let report = moved.report().await;
    assert_eq!(report.outcome(), Outcome::Explained, "{report}");
    assert_eq!(report.cells.len(), 1999, "numbers that are texts now");
    let rows: Vec<_> = report.tables.iter().map(|table| table.rows).collect();
    assert_eq!(rows, [[2000, 2000], [2, 2], [3, 3], [0, 0]]);

    execute(&mut moved.target, "UPDATE people SET name = 'other' WHERE id = 'p00003'; UPDATE people SET age = NULL, odd = 'x' WHERE id = 'p01999';
             DELETE FROM people WHERE id = 'p00100'; INSERT INTO people (id) VALUES ('p1');
             UPDATE likes SET b = 3 WHERE a = 1; DELETE FROM lines WHERE ctid = (SELECT min(ctid) FROM lines);
             INSERT INTO empty VALUES (NULL, NULL)",
        )
        .await;
    let report = moved.report().await;
    assert_eq!(report.outcome(), Outcome::Different);
    let [people, likes, text, empty] = report.tables.as_slice() else { panic!("{report}") };
    let key = |key: &str| key.to_owned();
    assert_eq!(
        people.differences,
        [
            cell("p00003", "name", "name 3", "other"),
            Difference::OnlyInSource { key: key("p00100") },
            cell("p01999", "age", "1999", "NULL"),
            cell("p01999", "odd", "1999", "x"),
            Difference::OnlyInTarget { key: key("p1") },
        ]
    );
    assert_eq!(
        likes.differences,
        [Difference::OnlyInSource { key: key("1, 2") }, Difference::OnlyInTarget { key: key("1, 3") }]
    );
    assert!(matches!(text.differences.as_slice(), [Difference::OnlyInSource { .. }]), "{text:?}");
    assert_eq!(empty.differences.len(), 1);
    let said = report.to_string();
    assert!(said.contains("p00003: name is \"name 3\" in SQLite, and \"other\" in PostgreSQL"), "{said}");
}

#[tokio::test]
async fn a_note_that_is_missing_or_too_many_is_a_difference() {
    let mut moved = Moved::from(APP).await;
    execute(&mut moved.target, "DELETE FROM mainstay_transfer.cells WHERE key = '[\"p00001\"]'").await;
    let report = moved.report().await;
    let unnoted = Difference::Unnoted {
        column: "odd".to_owned(),
        rule: "remembered".to_owned(),
        cells: 1999,
        notes: 1998,
    };
    assert_eq!(report.tables[0].differences, [unnoted]);
}

#[tokio::test]
async fn where_everything_is_different_the_first_is_listed() {
    let mut moved = Moved::from(APP).await;
    execute(&mut moved.target, "UPDATE people SET name = name || '!'").await;
    let report = moved.report().await;
    assert_eq!((report.tables[0].differences.len(), report.tables[0].has_more), (100, true));
}

#[tokio::test]
async fn more_notes_than_are_held_at_once_arrive() {
    let moved = Moved::from(
        "CREATE TABLE odd (id INTEGER PRIMARY KEY, cell);
         WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60000)
           INSERT INTO odd SELECT i, 1000000000000000 + i FROM n;
         INSERT INTO odd VALUES (0, 'a text');",
    )
    .await;
    let report = moved.report().await;
    assert_eq!((report.outcome(), report.cells.len()), (Outcome::Explained, 60_000));
}
