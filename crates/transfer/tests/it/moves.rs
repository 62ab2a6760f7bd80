//! A database arrives in PostgreSQL: every row, and what holds them together.

use crate::moved::{Moved, execute, texts};

#[tokio::test]
async fn a_prisma_like_database_arrives() {
    let mut moved = Moved::from(
        "CREATE TABLE \"User\" (\"id\" TEXT NOT NULL PRIMARY KEY, \"email\" TEXT NOT NULL, \"isActive\" BOOLEAN NOT NULL DEFAULT true,
           \"balance\" DECIMAL NOT NULL DEFAULT 0, \"createdAt\" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP, \"avatar\" BLOB, \"meta\" JSONB);
         CREATE UNIQUE INDEX \"User_email_key\" ON \"User\"(\"email\");
         CREATE TABLE \"Post\" (\"id\" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, \"userId\" TEXT NOT NULL, \"title\" TEXT CHECK (length(title) <= 20),
           CONSTRAINT \"Post_userId_fkey\" FOREIGN KEY (\"userId\") REFERENCES \"User\" (\"id\") ON DELETE CASCADE ON UPDATE CASCADE);
         INSERT INTO \"User\" VALUES ('u1', 'ada@example.org', 1, 12.5, 1714570000123, x'00ff', '{\"a\": 1}'),
           ('u2', 'naïve@example.org', 0, 7, 0, NULL, NULL);
         INSERT INTO \"Post\" (\"userId\", \"title\") VALUES ('u1', 'first'), ('u2', NULL);",
    )
    .await;
    assert_eq!(moved.definition.left_behind, []);
    assert_eq!(moved.rows(), [2, 2]);
    let row = "SELECT concat_ws(' ', email, \"isActive\", balance, extract(epoch FROM \"createdAt\"), avatar, meta) FROM \"User\" ORDER BY id";
    assert_eq!(
        moved.found(row).await,
        texts(&[
            "ada@example.org t 12.5 1714570000.123000 \\x00ff {\"a\": 1}",
            "naïve@example.org f 7 0.000000"
        ])
    );
    let refused = sqlx::raw_sql("INSERT INTO \"Post\" (id, \"userId\") VALUES (9, 'nobody')")
        .execute(&mut moved.target)
        .await;
    assert!(refused.is_err_and(|error| error.to_string().contains("Post_userId_fkey")));
    let refused = sqlx::raw_sql("INSERT INTO \"User\" (id, email) VALUES ('u3', 'ada@example.org')")
        .execute(&mut moved.target)
        .await;
    assert!(refused.is_err_and(|error| error.to_string().contains("User_email_key")));
    // What is said there when nothing is said.
    execute(&mut moved.target, "INSERT INTO \"User\" (id, email) VALUES ('u3', 'eve@example.org')").await;
    let said = "SELECT concat_ws(' ', \"isActive\", balance, now() - \"createdAt\" < interval '1 hour') FROM \"User\" WHERE id = 'u3'";
    assert_eq!(moved.found(said).await, texts(&["t 0 t"]));
}

#[tokio::test]
async fn odd_cells_arrive_as_wide_as_they_need() {
    let mut moved = Moved::from(
        "CREATE TABLE odd (n INTEGER, flag BOOLEAN, at DATETIME, x, t TEXT, r REAL);
         INSERT INTO odd VALUES (1, 1, '2024-05-01', 1, 'a', 1), ('many', 'yes', 'later', 'one', 'b' || char(0) || 'c', 9e999), (-9223372036854775808, NULL, 5, x'00', 'd', 5e-324);",
    )
    .await;
    assert_eq!(moved.definition.left_behind, []);
    let types = "SELECT data_type::text FROM information_schema.columns WHERE table_name = 'odd' AND column_name <> 'rowid' ORDER BY ordinal_position";
    assert_eq!(
        moved.found(types).await,
        texts(&["text", "text", "text", "bytea", "bytea", "double precision"])
    );
    assert_eq!(moved.rows(), [3]);
    let cells = "SELECT concat_ws(' ', column_name, class, encode(before, 'escape'), rule) FROM mainstay_transfer.cells ORDER BY class";
    assert_eq!(moved.found(cells).await, texts(&["x integer 1 remembered", "x text one remembered"]));
    assert_eq!(moved.found("SELECT n FROM odd").await, texts(&["1", "many", "-9223372036854775808"]));
    assert_eq!(moved.found("SELECT encode(t, 'escape') FROM odd").await, texts(&["a", "b\\000c", "d"]));
    assert_eq!(moved.found("SELECT r::text FROM odd").await, texts(&["1", "Infinity", "5e-324"]));
}

#[tokio::test]
async fn what_cannot_be_said_there_is_listed() {
    let moved = Moved::from(
        "PRAGMA foreign_keys = OFF;
         CREATE TABLE t (a INTEGER CHECK (hex(a) <> ''), b TEXT COLLATE NOCASE UNIQUE, c INT DEFAULT (random()),
           d INT REFERENCES gone, v INT AS (a * 2), w TEXT AS (hex(a)) STORED);
         INSERT INTO t (a, b) VALUES (1, 'Ada');
         CREATE INDEX later ON t (lower(b), a DESC) WHERE b IS NOT NULL;
         CREATE VIEW seen AS SELECT hex(a) FROM t;",
    )
    .await;
    let left: Vec<_> = moved.definition.left_behind.iter().map(|left| left.what.as_str()).collect();
    assert_eq!(
        left,
        [
            "the default of t.c",
            "that t.w is computed",
            "a CHECK of t",
            "the foreign key of t (d)",
            "the view seen"
        ]
    );
    assert_eq!(moved.definition.tables[0].indexes.len(), 3, "{:?}", moved.definition);
}

#[tokio::test]
async fn wide_long_and_reserved_names_arrive() {
    let columns: Vec<_> = (0..300).map(|n| format!("c{n} INT")).collect();
    let long = "x".repeat(70);
    let sql = format!(
        "CREATE TABLE wide ({}); INSERT INTO wide (c299) VALUES (7); CREATE TABLE \"select\" (\"{long}a\" INT, \"{long}b\" INT, \"Mixed Case\" INT);
         INSERT INTO \"select\" VALUES (1, 2, 3); CREATE TABLE empty (a);",
        columns.join(", ")
    );
    let mut moved = Moved::from(&sql).await;
    assert_eq!(moved.found("SELECT c299::text FROM wide").await, texts(&["7"]));
    assert_eq!(moved.found("SELECT \"Mixed Case\"::text FROM \"select\"").await, texts(&["3"]));
    assert_eq!(moved.rows(), [1, 1, 0]);
}

#[tokio::test]
async fn moments_keep_as_many_digits_as_sqlite_has() {
    let mut moved = Moved::from(
        "CREATE TABLE t (millis DATETIME, seconds DATETIME, said DATETIME, day DATE, clock TIME);
         INSERT INTO t VALUES (1714570000123, 1714570000, '2024-05-01T13:45:00.5Z', '2024-05-01', '13:45');",
    )
    .await;
    execute(&mut moved.target, "INSERT INTO t SELECT m, m, m, m, m::time FROM (SELECT '2026-11-23 12:00:29.654321Z'::timestamptz AS m) AS now").await;
    let said = "SELECT concat_ws(' ', extract(seconds FROM millis), extract(seconds FROM seconds), extract(seconds FROM said), day, extract(seconds FROM clock)) FROM t WHERE rowid = 2";
    assert_eq!(moved.found(said).await, texts(&["29.654000 30.000000 29.700000 2026-11-23 30.000000"]));
}
