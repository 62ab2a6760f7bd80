//! Keys, indexes, and what comes next.

use crate::moved::{Moved, texts};

/// Whether PostgreSQL takes the same of these statements as SQLite, one after the other.
async fn expect_same(moved: &mut Moved, statements: &[(&str, bool)]) {
    for (sql, is_taken) in statements {
        assert_eq!(moved.take(sql).await, [*is_taken; 2], "{sql}");
    }
}

#[tokio::test]
async fn a_table_without_a_key_is_told_apart_by_its_rowids() {
    let mut moved = Moved::from(
        "CREATE TABLE plain (a TEXT, rowid TEXT);
         INSERT INTO plain (_rowid_, a) VALUES (-5, 'x'), (3, 'y'), (40, 'z');
         CREATE TABLE holed (a TEXT, b INT, PRIMARY KEY (a, b)); INSERT INTO holed VALUES ('x', 1), (NULL, 1), (NULL, 1);
         CREATE TABLE named (rowid INT, _rowid_ INT, oid INT); INSERT INTO named VALUES (1, 2, 3);
         CREATE TABLE keyed (a TEXT PRIMARY KEY, b INT) WITHOUT ROWID; INSERT INTO keyed VALUES ('k', 1);",
    )
    .await;
    assert_eq!(moved.left(), ["the rowids of named"]);
    let keys: Vec<_> = moved.definition.tables.iter().map(|table| table.key.clone()).collect();
    assert_eq!(keys, [vec![2], vec![2], vec![], vec![0]]);
    assert_eq!(moved.definition.tables[0].columns[2].name, "\"rowid_2\"");
    assert_eq!(moved.definition.tables[0].columns[2].source, "_rowid_");
    let rows = "SELECT rowid_2 || a FROM plain ORDER BY rowid_2";
    assert_eq!(moved.found(rows).await, texts(&["-5x", "3y", "40z"]));
    let primary = "SELECT string_agg(a.attname, ',' ORDER BY a.attname) FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey) \
                   WHERE indisprimary AND indrelid::regclass::text IN ('plain', 'holed', 'keyed') GROUP BY indrelid ORDER BY 1";
    assert_eq!(moved.found(primary).await, texts(&["a", "rowid", "rowid_2"]));
    expect_same(
        &mut moved,
        &[
            ("INSERT INTO plain (a) VALUES ('new')", true),
            ("INSERT INTO holed (a, b) VALUES ('x', 1)", false),
            ("INSERT INTO holed (a, b) VALUES (NULL, 1)", true),
            ("INSERT INTO keyed VALUES (NULL, 1)", false),
            ("INSERT INTO keyed VALUES ('k', 2)", false),
        ],
    )
    .await;
    assert_eq!(moved.found("SELECT rowid_2::text FROM plain WHERE a = 'new'").await, texts(&["41"]));
}

#[tokio::test]
async fn the_next_number_is_the_one_that_sqlite_would_give() {
    let mut moved = Moved::from(
        "CREATE TABLE empty (id INTEGER PRIMARY KEY, a);
         CREATE TABLE holes (id INTEGER PRIMARY KEY DEFAULT 9, a); INSERT INTO holes VALUES (3, 1), (70, 1);
         CREATE TABLE auto (id INTEGER PRIMARY KEY AUTOINCREMENT, a); INSERT INTO auto VALUES (5, 1), (90, 1); DELETE FROM auto WHERE id = 90;
         CREATE TABLE gone (id INTEGER PRIMARY KEY AUTOINCREMENT, a); INSERT INTO gone VALUES (12, 1); DELETE FROM gone;
         CREATE TABLE behind (id INTEGER PRIMARY KEY AUTOINCREMENT, a); INSERT INTO behind VALUES (7, 1); UPDATE sqlite_sequence SET seq = 2 WHERE name = 'behind';
         CREATE TABLE twice (id INTEGER PRIMARY KEY AUTOINCREMENT, a); INSERT INTO twice VALUES (7, 1); INSERT INTO sqlite_sequence VALUES ('twice', 'odd');
         CREATE TABLE before (id INTEGER PRIMARY KEY AUTOINCREMENT, a); INSERT INTO before VALUES (31, 1); DELETE FROM before; ALTER TABLE before RENAME TO \"Renamed After\";
         CREATE TABLE forgotten (id INTEGER PRIMARY KEY AUTOINCREMENT, a); INSERT INTO forgotten VALUES (8, 1); DELETE FROM sqlite_sequence WHERE name = 'forgotten';
         CREATE TABLE empty_id_seq (id INTEGER PRIMARY KEY, a);",
    )
    .await;
    assert_eq!(moved.definition.left_behind, []);
    for (table, next) in [
        ("empty", "1"),
        ("holes", "71"),
        ("auto", "91"),
        ("gone", "13"),
        ("behind", "8"),
        ("twice", "8"),
        ("\"Renamed After\"", "32"),
        ("forgotten", "9"),
        ("empty_id_seq", "1"),
    ] {
        let (new, found) = (
            format!("INSERT INTO {table} (a) VALUES (99)"),
            format!("SELECT CAST(id AS TEXT) FROM {table} WHERE CAST(a AS TEXT) = '99'"),
        );
        assert_eq!(moved.take(&new).await, [true, true], "{new}");
        assert_eq!(moved.found_before(&found), texts(&[next]), "{table}");
        assert_eq!(moved.found(&found).await, texts(&[next]), "{table}");
    }
}

#[tokio::test]
async fn numbers_at_the_ends_stop_no_move() {
    let mut moved = Moved::from(
        "CREATE TABLE low (id INTEGER PRIMARY KEY, a INT); INSERT INTO low VALUES (-9223372036854775808, 1), (-5, 1);
         CREATE TABLE high (id INTEGER PRIMARY KEY, a INT); INSERT INTO high VALUES (9223372036854775807, 1);
         CREATE TABLE full (id INTEGER PRIMARY KEY AUTOINCREMENT, a INT); INSERT INTO full VALUES (9223372036854775807, 1);",
    )
    .await;
    assert_eq!(moved.take("INSERT INTO low (a) VALUES (2)").await, [true, true]);
    assert_eq!(moved.found("SELECT id::text FROM low WHERE a = 2").await, texts(&["1"]));
    assert_eq!(moved.take("INSERT INTO full (a) VALUES (2)").await, [false, false]);
    // SQLite looks for a number that is free. A sequence says that it is at its end.
    assert_eq!(moved.take("INSERT INTO high (a) VALUES (2)").await, [true, false]);
}

#[tokio::test]
async fn indexes_refuse_and_take_the_same() {
    let mut moved = Moved::from(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b INT, doc JSON UNIQUE, raw BLOB UNIQUE, UNIQUE (a, b));
         INSERT INTO t VALUES (1, 'x', 1, '{\"a\": 1}', x'00'), (2, 'x', NULL, NULL, NULL), (3, 'x', NULL, NULL, NULL);
         CREATE UNIQUE INDEX partly ON t (b) WHERE a <> 'x';
         CREATE UNIQUE INDEX computed ON t (lower(a) || '-' || b, b DESC);
         CREATE INDEX backwards ON t (b DESC, a);
         CREATE INDEX odd ON t (hex(a));",
    )
    .await;
    assert_eq!(moved.left(), ["the index odd of t"]);
    expect_same(
        &mut moved,
        &[
            ("INSERT INTO t (id, a, b) VALUES (10, 'x', 1)", false),
            ("INSERT INTO t (id, a, b) VALUES (10, 'X', 1)", false),
            ("INSERT INTO t (id, a, b) VALUES (10, 'y', 1)", true),
            ("INSERT INTO t (id, a, b) VALUES (11, 'z', 1)", false),
            ("INSERT INTO t (id, a, b) VALUES (11, 'x', NULL)", true),
            ("INSERT INTO t (id, doc) VALUES (12, '{\"a\": 1}')", false),
            ("INSERT INTO t (id, doc) VALUES (12, '{\"a\":1}')", true),
        ],
    )
    .await;
    let order = "SELECT pg_get_indexdef('backwards'::regclass)";
    assert!(moved.found(order).await[0].as_ref().is_some_and(|sql| sql.ends_with("(b DESC, a)")));
}

#[tokio::test]
async fn values_that_are_too_long_for_an_index_are_unique_all_the_same() {
    // What does not become shorter by being compressed.
    let sql = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4000) \
               SELECT group_concat(char(32 + (i * 7919 + i * i * 31) % 90), '') || 'ä\\end''' FROM n";
    let mut moved = Moved::from(&format!(
        "CREATE TABLE key (k TEXT PRIMARY KEY, v INT); INSERT INTO key SELECT ({sql}), 1;
         CREATE TABLE t (id INTEGER PRIMARY KEY, u TEXT UNIQUE, c TEXT COLLATE NOCASE UNIQUE, raw BLOB UNIQUE, n INT, up TEXT REFERENCES key (k));
         INSERT INTO t SELECT 1, ({sql}), ({sql}), CAST(({sql}) AS BLOB), 5, ({sql});
         CREATE INDEX one ON t (u); CREATE INDEX two ON t (n, u); CREATE UNIQUE INDEX three ON t (n, u); CREATE INDEX four ON t (length(u), upper(u));"
    ))
    .await;
    assert_eq!(moved.left(), ["the foreign key of t (up)"]);
    assert_eq!(
        (moved.definition.tables[0].key.as_slice(), &moved.definition.tables[0].primary_key),
        ([0].as_slice(), &None)
    );
    expect_same(
        &mut moved,
        &[
            ("INSERT INTO key SELECT k, 2 FROM key", false),
            ("INSERT INTO key SELECT k || '\\', 2 FROM key", true),
            ("INSERT INTO t (id, u) SELECT 2, u FROM t", false),
            (
                "INSERT INTO t (id, c) SELECT 2, upper(c COLLATE \"BINARY\") FROM t"
                    .replace(" COLLATE \"BINARY\"", "")
                    .as_str(),
                false,
            ),
            ("INSERT INTO t (id, raw) SELECT 2, raw FROM t", false),
            ("INSERT INTO t (id, u, n) SELECT 2, u || 'x', 5 FROM t", true),
        ],
    )
    .await;
    let found = "SELECT count(*)::text FROM t WHERE u = (SELECT u FROM t WHERE id = 1)";
    assert_eq!(moved.found(found).await, texts(&["1"]));
}

#[tokio::test]
async fn capitals_are_taken_for_small_letters() {
    let sql = "CREATE TABLE t (id INTEGER PRIMARY KEY, c TEXT COLLATE NOCASE UNIQUE, n INT COLLATE NOCASE UNIQUE, e TEXT COLLATE RTRIM UNIQUE);
         INSERT INTO t VALUES (1, 'Ada', 5, 'x'), (2, 'ädA', 6, 'y '), (3, NULL, NULL, NULL);
         CREATE TABLE key (c TEXT COLLATE NOCASE PRIMARY KEY) WITHOUT ROWID; INSERT INTO key VALUES ('Ada');
         CREATE TABLE child (c TEXT COLLATE NOCASE REFERENCES key, d TEXT COLLATE NOCASE REFERENCES t (c)); INSERT INTO child VALUES ('Ada', 'Ada');
         CREATE INDEX folded ON t (c, id); CREATE INDEX exact ON t (c COLLATE BINARY);";
    let told = [
        "that the foreign key of child (c) finds its parent whatever its case or blanks",
        "that the foreign key of child (d) finds its parent whatever its case or blanks",
    ];
    for (mut moved, left) in
        [(Moved::from(sql).await, told.as_slice()), (Moved::with_citext(sql).await, [].as_slice())]
    {
        assert_eq!(moved.left(), left);
        expect_same(
            &mut moved,
            &[
                ("PRAGMA foreign_keys = ON".replace("PRAGMA foreign_keys = ON", "SELECT 1").as_str(), true),
                ("INSERT INTO t (id, c) VALUES (10, 'aDA')", false),
                ("INSERT INTO t (id, c) VALUES (10, 'Eve')", true),
                ("INSERT INTO t (id, e) VALUES (11, 'y')", false),
                ("INSERT INTO key VALUES ('ADA')", false),
                ("INSERT INTO key VALUES ('Eve')", true),
                ("INSERT INTO child VALUES ('Eve', 'Eve')", true),
            ],
        )
        .await;
    }
    let mut moved = Moved::with_citext(sql).await;
    assert_eq!(moved.found("SELECT c::text FROM t WHERE c = 'ADA'").await, texts(&["Ada"]));
    assert_eq!(moved.take("INSERT INTO child VALUES ('ADA', 'ada')").await, [true, true]);
}
