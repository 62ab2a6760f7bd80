//! Conditions and values: each is tried with every row, here and there.

use std::fmt::Write as _;

use crate::moved::{Moved, execute};

const COLUMNS: &str = "n INTEGER, m INTEGER, r REAL, d DECIMAL, s TEXT, t TEXT, c TEXT COLLATE NOCASE, e TEXT COLLATE RTRIM, \
                       flag BOOLEAN, at DATETIME, day DATE, id UUID, doc JSON";

/// Rows that hold the odd values of each kind.
const ROWS: &str = "
  INSERT INTO grid VALUES
    (1, 0, 0, 0.5, 0, '', 'a', 'Ada', 'a', 0, '2024-05-01 10:00:00', '2024-05-01', '018f3c5e-7b1a-4c1d-9e2f-0123456789ab', '{}'),
    (2, 1, 3, 2.25, 0.1, 'Ada', 'ada', 'ada', 'a  ', 1, '1999-12-31 23:59:59', '2024-05-02', '018f3c5e-7b1a-4c1d-9e2f-0123456789ac', '[1]'),
    (3, -7, 2, -0.75, 12.5, 'ADA%', 'A_a', 'ÄDA', 'A', NULL, NULL, NULL, NULL, NULL),
    (4, NULL, 5, NULL, NULL, NULL, 'x', NULL, NULL, 1, '2024-05-01 10:00:01', '0001-01-01', NULL, 'null'),
    (5, 9007199254740993, 1, 1e100, 9007199254740993, 'äöü', 'ÄÖÜ', 'äda', '  a', 0, '2030-01-01 00:00:00', '9999-12-31', NULL, '[7]'),
    (6, 10, NULL, 0.1, 1e-5, 'a\\b', 'it''s', 'b', 'b', 1, NULL, NULL, NULL, '\"x\"'),
    (7, -1, -1, 1e-300, -3, 'a.c', NULL, 'abc ', 'abc ', NULL, NULL, NULL, NULL, NULL),
    (8, 5, 0, -2.0, 2, 'abc', 'abc', 'ABC', 'abc', 0, '2024-05-01 10:00:00', '2024-05-01', NULL, NULL),
    (9, 100, 7, 3.5, 100, 'Z9', '[x]', 'z9', ' ', 1, NULL, NULL, NULL, NULL);";

/// Each is a CHECK that PostgreSQL can have.
const CONDITIONS: &[&str] = &[
    "n > 0",
    "n / m > 0",
    "n % m = 1",
    "n / 2 = 2",
    "n % 2 <> 0",
    "(n & 5) = 5 OR (m | 2) = 3",
    "n * 2 + m - 1 >= 4",
    "-n < m",
    "+n",
    "n BETWEEN m AND 10",
    "n NOT BETWEEN 0 AND 9",
    "5 BETWEEN m AND n",
    "1 IN (n, m)",
    "1 IN (n, r)",
    "0 BETWEEN n AND r",
    "n IN (1, 5, NULL)",
    "n NOT IN (1, m)",
    "s NOT IN ('Ada', t)",
    "n = 9007199254740993",
    "r > 0.1",
    "r * n > 1.5",
    "r / 2 > m - 1.5",
    "r / m > 1",
    "d >= 0.1",
    "d = 9007199254740993 OR d < n",
    "d IN (0, 12.5, 2)",
    "s = 'Ada'",
    "s < t",
    "s <> t OR s IS NULL",
    "s || '-' || n = 'Ada-1'",
    "s || t <> ''",
    "c = 'ADA'",
    "c <> 'abc'",
    "'ada' = c",
    "s = c",
    "c = s",
    "c COLLATE BINARY = 'ada'",
    "s COLLATE NOCASE = 'ADA'",
    "c IN ('ADA', 'z9')",
    "c BETWEEN 'ABC' AND 'c'",
    "c < 'B'",
    "e = 'a'",
    "e = s",
    "CASE c WHEN 'ADA' THEN 1 ELSE 0 END",
    "s LIKE 'a%'",
    "s NOT LIKE 'A_A'",
    "c LIKE 'ÄD_'",
    "s LIKE 'ada!%' ESCAPE '!'",
    "s LIKE 'a\\b'",
    "t LIKE 'a#__' ESCAPE '#'",
    "s GLOB 'A*'",
    "s GLOB '[A-Z]*'",
    "s GLOB '[^A-Z]*'",
    "s GLOB 'a?c'",
    "s GLOB 'a.c' OR t GLOB '*''s'",
    "s NOT GLOB '*[a-c][bc]*'",
    "length(s) > 3",
    "length(trim(c)) = 3",
    "lower(s) = 'ada'",
    "upper(t) = 'ÄÖÜ'",
    "substr(s, 2) = 'da'",
    "substr(s, 1, 1) = 'a'",
    "instr(s, 'b') > 1",
    "replace(s, 'a', 'x') = 'xbc'",
    "rtrim(s, 'c%') = 'ADA'",
    "flag",
    "NOT flag",
    "flag = 1",
    "flag <> 0 AND n > 1",
    "flag IN (0, 1)",
    "flag + (n > 0) = 2",
    "flag = n",
    "flag < 2",
    "flag IS TRUE",
    "n IS NOT TRUE",
    "(n > m) IS FALSE",
    "flag IS NULL",
    "n IS m",
    "n IS NOT 1",
    "s IS NOT DISTINCT FROM t",
    "c IS 'ADA'",
    "at >= '2024-05-01 10:00:00'",
    "at BETWEEN '2000-01-01 00:00:00' AND '2024-12-31 00:00:00'",
    "day < '2024-05-02'",
    "id = '018f3c5e-7b1a-4c1d-9e2f-0123456789ab'",
    "CASE WHEN n > 0 THEN s = 'Ada' WHEN n < 0 THEN flag ELSE 1 END",
    "CASE n WHEN 1 THEN 'one' WHEN m THEN 'm' END = 'one'",
    "CASE WHEN flag THEN n END > 1",
    "iif(flag, n, m) > 0",
    "nullif(n, m) > 0",
    "nullif(c, 'ADA') > 'a'",
    "coalesce(n, 0) = 0",
    "ifnull(s, 'Ada') = 'Ada'",
    "coalesce(flag, 0)",
    "coalesce(r, 0) < 1",
    "coalesce(n, m, 7) > 5",
    "abs(n) = 7",
    "abs(r) < 1",
    "typeof(n) = 'integer'",
    "typeof(s) IN ('text', 'null')",
    "typeof(r) <> 'real'",
    "typeof(flag) = 'integer' OR typeof(at) = 'null'",
    "json_valid(doc)",
    "json_valid(doc) = 1",
    "CAST(n AS TEXT) = '10'",
    "CAST(n AS TEXT) > s",
    "CAST(n AS TEXT) < '5'",
    "CAST(c AS TEXT) = 'ADA'",
    "CAST(n AS REAL) > 0.5",
    "n = 60 * 60 * 24 * 365 * 1000 OR n < 2",
    "grid.n > 0",
    "n = NULL",
    "n ISNULL OR m NOTNULL",
];

#[tokio::test]
async fn a_check_takes_the_same_rows_on_both_sides() {
    let mut sql = format!("CREATE TABLE grid (row INTEGER PRIMARY KEY, {COLUMNS}); {ROWS}");
    for (place, condition) in CONDITIONS.iter().enumerate() {
        // A name of its own, as `grid.n` wants it.
        let condition = condition.replace("grid.", &format!("t{place}."));
        let _ =
            write!(sql, "CREATE TABLE t{place} (row INTEGER PRIMARY KEY, {COLUMNS}, CHECK ({condition}));");
    }
    let mut moved = Moved::from(&sql).await;
    assert_eq!(moved.definition.left_behind, []);
    let mut different = Vec::new();
    for (place, condition) in CONDITIONS.iter().enumerate() {
        let taken = format!("INSERT OR IGNORE INTO t{place} SELECT * FROM grid");
        moved.source.execute_batch(&taken).expect("runs");
        let tried = format!(
            "DO $$ DECLARE one grid; BEGIN FOR one IN SELECT * FROM grid LOOP \
               BEGIN INSERT INTO t{place} SELECT one.*; EXCEPTION WHEN check_violation THEN NULL; END; \
             END LOOP; END $$"
        );
        execute(&mut moved.target, &tried).await;
        let rows = format!("SELECT CAST(row AS TEXT) FROM t{place} ORDER BY row");
        let (before, after) = (moved.found_before(&rows), moved.found(&rows).await);
        if before != after {
            different.push((condition, before, after));
        }
    }
    assert!(different.is_empty(), "{different:#?}");
}

#[tokio::test]
async fn what_is_computed_is_the_same_on_both_sides() {
    let computed = [
        "g0 INT AS (n * 2)",
        "g1 TEXT AS (lower(s)) STORED",
        "g2 INT AS (n > m)",
        "g3 BOOLEAN AS (s = 'Ada')",
        "g4 REAL AS (n + m)",
        "g5 TEXT AS (s || ' ' || n)",
        "g6 TEXT AS (coalesce(nullif(c, 'ADA'), '?'))",
        "g7 DECIMAL AS (n)",
        "g8 INT AS (length(s) / m)",
        "g9 DATETIME AS (at)",
        "g10 TEXT AS (CASE WHEN flag THEN 'yes' ELSE 'no' END)",
        "g11 REAL AS (r * 2)",
        "g12 TEXT AS (n)",
        "g13 INT AS (7)",
    ];
    let mut moved = Moved::from(&format!(
        "CREATE TABLE grid (row INTEGER PRIMARY KEY, {COLUMNS}, {}); {}",
        computed.join(", "),
        ROWS.replace("9007199254740993", "12345")
            .replace("grid VALUES", "grid (row, n, m, r, d, s, t, c, e, flag, at, day, id, doc) VALUES"),
    ))
    .await;
    assert_eq!(moved.definition.left_behind, []);
    // A row that is written there, too.
    let row = "INSERT INTO grid (row, n, m, r, s, c, flag) VALUES (20, 4, 2, 1.5, 'New', 'aDa', ";
    moved.source.execute_batch(&format!("{row} 1)")).expect("runs");
    execute(&mut moved.target, &format!("{row} true)")).await;
    for (at, column) in computed.iter().enumerate() {
        let before = match at {
            3 => "CASE g3 WHEN 1 THEN 'true' WHEN 0 THEN 'false' END".to_owned(),
            4 | 11 => format!("CAST(g{at} * 1000 AS INTEGER)"),
            _ => format!("g{at}"),
        };
        let after = match at {
            4 | 11 => format!("(g{at} * 1000)::numeric::bigint"),
            _ => format!("g{at}"),
        };
        // What grows without end is left out of those that are made whole.
        let sql = |value: &str| format!("SELECT CAST({value} AS TEXT) FROM grid WHERE row <> 5 ORDER BY row");
        assert_eq!(moved.found_before(&sql(&before)), moved.found(&sql(&after)).await, "{column}");
    }
}

#[tokio::test]
async fn what_cannot_be_computed_there_is_filled() {
    let mut moved = Moved::from(
        "CREATE TABLE t (a INT, b INT AS (a + 1), c INT AS (b * 2), d TEXT AS (hex(a)), e INT AS (a * 1.5) STORED, f TEXT AS (a || b));
         INSERT INTO t (a) VALUES (2), (4);",
    )
    .await;
    assert_eq!(
        moved.left(),
        ["that t.c is computed", "that t.d is computed", "that t.e is computed", "that t.f is computed"]
    );
    let rows = "SELECT a || ' ' || b || ' ' || c || ' ' || d || ' ' || e || ' ' || f FROM t ORDER BY a";
    assert_eq!(moved.found_before(rows), moved.found(rows).await);
}
