//! Foreign keys of all kinds.

use crate::moved::{Moved, texts};

#[tokio::test]
async fn each_refuses_and_changes_the_same() {
    let mut moved = Moved::from(
        "PRAGMA foreign_keys = ON;
         CREATE TABLE a (id INTEGER PRIMARY KEY, b INT REFERENCES b DEFERRABLE INITIALLY DEFERRED, name TEXT UNIQUE);
         CREATE TABLE b (id INTEGER PRIMARY KEY, a INT REFERENCES a (id) DEFERRABLE INITIALLY DEFERRED);
         CREATE TABLE tree (id INTEGER PRIMARY KEY, up INT CONSTRAINT up REFERENCES tree ON DELETE CASCADE ON UPDATE CASCADE);
         CREATE TABLE pair (x INT, y TEXT, z INT, PRIMARY KEY (y, x), UNIQUE (x, z));
         CREATE TABLE implied (x INT, y TEXT, z INT DEFAULT 5, FOREIGN KEY (y, x) REFERENCES PAIR ON DELETE SET NULL, FOREIGN KEY (z, x) REFERENCES pair (z, x));
         CREATE TABLE named (name TEXT DEFAULT 'none' CONSTRAINT up REFERENCES a (name) ON DELETE SET DEFAULT ON UPDATE RESTRICT);
         BEGIN; INSERT INTO a VALUES (1, 1, 'Ada'), (2, NULL, 'none'); INSERT INTO b VALUES (1, 1);
         INSERT INTO tree VALUES (1, NULL), (2, 1), (3, 2), (4, 4); INSERT INTO pair VALUES (1, 'y', 5), (2, 'y', 6);
         INSERT INTO implied VALUES (1, 'y', 5), (NULL, 'y', 9); INSERT INTO named VALUES ('Ada'); COMMIT;",
    )
    .await;
    assert_eq!(moved.definition.left_behind, []);
    for (sql, is_taken) in [
        ("INSERT INTO tree VALUES (9, 99)", false),
        ("INSERT INTO b VALUES (9, 99)", false),
        ("BEGIN; INSERT INTO a VALUES (5, 6, NULL); INSERT INTO b VALUES (6, 5); COMMIT", true),
        ("INSERT INTO implied VALUES (1, 'n', 5)", false),
        ("INSERT INTO implied VALUES (1, NULL, 6)", false),
        ("INSERT INTO implied VALUES (NULL, 'n', 6)", true),
        ("UPDATE a SET name = 'Eve' WHERE id = 1", false),
        ("UPDATE tree SET id = 20 WHERE id = 2", true),
        ("DELETE FROM tree WHERE id = 1", true),
        ("DELETE FROM pair WHERE x = 1", true),
        ("DELETE FROM b", false),
        ("UPDATE b SET a = NULL", true),
        ("UPDATE a SET b = NULL; DELETE FROM a WHERE id = 1", true),
    ] {
        let taken = moved.take(sql).await;
        assert_eq!(taken, [is_taken; 2], "{sql}");
        if !is_taken {
            // Whoever waited to the end is still in its transaction.
            let _ = moved.source.execute_batch("ROLLBACK");
        }
    }
    for rows in [
        "SELECT CAST(id AS TEXT) FROM tree ORDER BY id",
        "SELECT name FROM named",
        "SELECT CAST(x AS TEXT) FROM implied ORDER BY z, x",
        "SELECT CAST(id AS TEXT) FROM a ORDER BY id",
    ] {
        let before = moved.found_before(rows);
        assert_eq!(moved.found(rows).await, before, "{rows}");
    }
}

#[tokio::test]
async fn both_sides_get_one_type_in_which_no_cell_is_lost() {
    let mut moved = Moved::from(
        "PRAGMA foreign_keys = OFF;
         CREATE TABLE user (id TEXT PRIMARY KEY); INSERT INTO user VALUES ('1'), ('22'), ('ada');
         CREATE TABLE post (author INTEGER REFERENCES user, at DATETIME); INSERT INTO post VALUES (1, NULL), (22, NULL), ('ada', NULL);
         CREATE TABLE note (author INTEGER REFERENCES post (author)); CREATE UNIQUE INDEX authors ON post (author); INSERT INTO note VALUES (22);
         CREATE TABLE number (n INT UNIQUE); INSERT INTO number VALUES (1), (2), (9007199254740993);
         CREATE TABLE real (r REAL REFERENCES number (n)); INSERT INTO real VALUES (1), (2);
         CREATE TABLE event (at DATETIME PRIMARY KEY); INSERT INTO event VALUES (1714570000000);
         CREATE TABLE seen (at INT REFERENCES event); INSERT INTO seen VALUES (1714570000000);
         CREATE TABLE object (id UUID PRIMARY KEY); INSERT INTO object VALUES ('018f3c5e-7b1a-4c1d-9e2f-0123456789ab');
         CREATE TABLE shape (object TEXT REFERENCES object, owner UUID REFERENCES object); INSERT INTO shape (object) VALUES ('018f3c5e-7b1a-4c1d-9e2f-0123456789ab');
         CREATE TABLE plan (object TEXT REFERENCES object);
         CREATE TABLE counted (id INTEGER PRIMARY KEY); INSERT INTO counted VALUES (5);
         CREATE TABLE odd (up TEXT REFERENCES counted, at BLOB REFERENCES object); INSERT INTO odd VALUES ('5', x'00'), ('five', NULL);
         CREATE TABLE plain (up TEXT REFERENCES counted);",
    )
    .await;
    assert_eq!(moved.left(), ["the foreign key of odd (up)", "the foreign key of odd (at)"]);
    let types = "SELECT table_name || '.' || column_name || ' ' || data_type FROM information_schema.columns \
                 WHERE table_schema = 'public' AND column_name <> 'rowid' AND table_name <> 'seaql_migrations' ORDER BY 1";
    assert_eq!(
        moved.found(types).await,
        texts(&[
            "counted.id bigint",
            "event.at bigint",
            "note.author text",
            "number.n numeric",
            "object.id text",
            "odd.at bytea",
            "odd.up text",
            "plain.up bigint",
            "plan.object text",
            "post.at timestamp without time zone",
            "post.author text",
            "real.r numeric",
            "seen.at bigint",
            "shape.object text",
            "shape.owner text",
            "user.id text",
        ])
    );
    // Only the whole reals, which numeric has as integers.
    let remembered = moved.report().await.cells.len();
    assert_eq!(remembered, 2);
}

#[tokio::test]
async fn what_points_nowhere_is_listed() {
    let moved = Moved::from(
        "PRAGMA foreign_keys = OFF;
         CREATE TABLE parent (id INTEGER PRIMARY KEY, a INT, b INT); CREATE UNIQUE INDEX partly ON parent (a) WHERE b > 0; CREATE UNIQUE INDEX folded ON parent (lower(b));
         CREATE TABLE child (a INT REFERENCES parent (a), b INT REFERENCES parent (b), c INT REFERENCES parent (gone), d INT REFERENCES gone, e INT, f INT AS (e + 1) REFERENCES parent ON UPDATE CASCADE,
           FOREIGN KEY (a, b) REFERENCES parent);",
    )
    .await;
    let whys: Vec<_> = moved.definition.left_behind.iter().map(|left| left.because.as_str()).collect();
    assert_eq!(
        whys[1..],
        [
            "what it points to is not unique",
            "what it points to is not unique",
            "a column that it points to does not exist",
            "the table that it points to does not exist",
            "PostgreSQL changes no column that is computed",
            "what it points to is not unique",
        ]
    );
}
