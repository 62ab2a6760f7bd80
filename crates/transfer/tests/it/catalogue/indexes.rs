//! Indexes, and how texts are compared.

use super::{case, prove};

const SAME_BUT_FOR_CASE: &str = "CREATE TABLE t (id INTEGER PRIMARY KEY, c TEXT COLLATE NOCASE UNIQUE); INSERT INTO t VALUES (1, 'Ada'), (2, 'äda'), (3, 'Äda');";

#[tokio::test]
async fn indexes() {
    prove(vec![
        case("of some rows", "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, done BOOLEAN, at INT); INSERT INTO t VALUES (1, 'x', 0, 1), (2, 'x', 1, 2), (3, 'y', 0, NULL);
            CREATE UNIQUE INDEX u ON t (a) WHERE done = 0; CREATE INDEX p ON t (at) WHERE at IS NOT NULL AND a LIKE 'x%';")
            .refuses("INSERT INTO t VALUES (4, 'x', false, 1)")
            .takes("INSERT INTO t VALUES (4, 'x', true, 1)"),
        case("of expressions", "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b INT); INSERT INTO t VALUES (1, 'Ada', 1); CREATE UNIQUE INDEX u ON t (lower(a)); CREATE INDEX e ON t (b * 2, a || '!', abs(b)); CREATE INDEX h ON t (hex(a));")
            .leaves(["the index h of t"])
            .refuses("INSERT INTO t VALUES (2, 'ADA', 1)")
            .takes("INSERT INTO t VALUES (2, 'Eve', 1)"),
        case("that run backwards", "CREATE TABLE t (id INTEGER PRIMARY KEY, a INT, b INT); CREATE INDEX d ON t (a DESC, b); INSERT INTO t VALUES (1, 1, 1);")
            .finds("SELECT substring(indexdef FROM '\\(.*') FROM pg_indexes WHERE indexname = 'd' AND schemaname = current_schema()", ["(a DESC, b)"]),
        case("of an expression that PostgreSQL cannot compute", "CREATE TABLE t (id INTEGER PRIMARY KEY, b INT); INSERT INTO t VALUES (1, 9223372036854775807); CREATE INDEX e ON t (b * 2); CREATE INDEX f ON t (b);")
            .finds("SELECT b FROM t", ["9223372036854775807"])
            .finds("SELECT count(*) FROM pg_indexes WHERE tablename = 't' AND schemaname = current_schema()", ["2"])
            .troubles(["bigint out of range: the index stays behind"]),
        case("of documents", "CREATE TABLE t (id INTEGER PRIMARY KEY, j JSON); INSERT INTO t VALUES (1, '{}'); CREATE INDEX i ON t (j); CREATE INDEX x ON t (json_extract(j, '$.a'));")
            .types("t", "bigint!, text")
            .leaves(["the index x of t"]),
        case("8 KB that are unique", "CREATE TABLE t (id INTEGER PRIMARY KEY, x TEXT UNIQUE); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 8192)
            INSERT INTO t SELECT 1, group_concat(char(32 + (i * 7919 + i * i * 31) % 90), '') FROM n; INSERT INTO t SELECT 2, x || '!' FROM t;")
            .finds("SELECT length(x) FROM t ORDER BY id", ["8192", "8193"])
            .refuses("INSERT INTO t SELECT 3, x FROM t WHERE id = 1")
            .takes("INSERT INTO t SELECT 3, x || '?' FROM t WHERE id = 1"),
        case("names in capitals", "CREATE TABLE t (a INT); CREATE INDEX \"t_A\" ON t (a); CREATE TABLE \"T2\" (a INT); CREATE TABLE u (a INT); CREATE INDEX \"u_a\" ON u (a) WHERE a > 1;")
            .finds("SELECT count(*) FROM pg_indexes WHERE schemaname = current_schema() AND indexname IN ('t_A', 'u_a')", ["2"]),
    ])
    .await;
}

#[tokio::test]
async fn collations() {
    prove(vec![
        case("NOCASE by an index of small letters", SAME_BUT_FOR_CASE)
            .types("t", "bigint!, text")
            .refuses("INSERT INTO t VALUES (4, 'ADA')")
            .refuses("INSERT INTO t VALUES (4, 'äDA')")
            .takes("INSERT INTO t VALUES (4, 'Eve')"),
        case("NOCASE by citext, which knows more letters", SAME_BUT_FOR_CASE)
            .edited("no_case = \"expression index\"", "no_case = \"citext\"")
            .types("t", "bigint!, citext")
            .finds("SELECT c FROM t ORDER BY id", ["Ada", "äda", "Äda"])
            .finds("SELECT id FROM t WHERE c = 'ADA'", ["1"])
            .troubles(["could not create unique index \"t_c_key\""]),
        case("NOCASE by citext", "CREATE TABLE t (id INTEGER PRIMARY KEY, c TEXT COLLATE NOCASE UNIQUE); INSERT INTO t VALUES (1, 'Ada'), (2, 'Eve'); CREATE TABLE k (c TEXT COLLATE NOCASE PRIMARY KEY); INSERT INTO k VALUES ('x');")
            .edited("no_case = \"expression index\"", "no_case = \"citext\"")
            .types("k", "citext!")
            .refuses("INSERT INTO t VALUES (3, 'ADA')")
            .refuses("INSERT INTO k VALUES ('X')"),
        case("NOCASE in a query", "CREATE TABLE t (id INTEGER PRIMARY KEY, c TEXT COLLATE NOCASE); INSERT INTO t VALUES (1, 'Ada'), (2, 'ADA'), (3, 'Eve'); CREATE VIEW v AS SELECT id FROM t WHERE c = 'ada';")
            .same("SELECT CAST(id AS TEXT) FROM v ORDER BY id"),
        case("RTRIM", "CREATE TABLE t (id INTEGER PRIMARY KEY, c TEXT COLLATE RTRIM UNIQUE); INSERT INTO t VALUES (1, 'x '), (2, 'y');")
            .finds("SELECT c || '|' FROM t ORDER BY id", ["x |", "y|"])
            .refuses("INSERT INTO t VALUES (3, 'x')")
            .refuses("INSERT INTO t VALUES (3, 'y   ')"),
        case("a collation of the program's own", "CREATE TABLE t (id INTEGER PRIMARY KEY, c TEXT COLLATE rtrim UNIQUE, d TEXT); CREATE INDEX i ON t (d COLLATE rtrim); INSERT INTO t VALUES (1, 'b', 'x'), (2, 'a', 'y');
            PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, 'rtrim', 'german'); PRAGMA writable_schema = OFF;")
        .types("t", "bigint!, text, text")
        .finds("SELECT c FROM t ORDER BY id", ["b", "a"])
        .leaves(["a unique index of t", "the index i of t"]),
        case("texts are sorted by their bytes", "CREATE TABLE t (x TEXT PRIMARY KEY) WITHOUT ROWID; INSERT INTO t VALUES ('b'), ('B'), ('a'), ('_'), ('ä'), ('A'), (' '), ('-'), ('1');")
            .same("SELECT x FROM t ORDER BY x"),
    ])
    .await;
}
