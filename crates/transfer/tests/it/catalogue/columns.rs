//! What columns promise: NOT NULL, CHECK, defaults, and what is computed.

use super::{case, prove};

#[tokio::test]
async fn constraints() {
    prove(vec![
        case("CHECK", "CREATE TABLE t (id INTEGER PRIMARY KEY, a INT CHECK (a > 0), b TEXT CONSTRAINT short CHECK (length(b) < 5), c INT, CHECK (c IS NULL OR c <> a)); INSERT INTO t VALUES (1, 1, 'x', NULL), (2, NULL, NULL, 3);")
            .refuses("INSERT INTO t VALUES (3, 0, 'x', NULL)")
            .refuses("INSERT INTO t VALUES (3, 1, 'too long', NULL)")
            .refuses("INSERT INTO t VALUES (3, 1, 'x', 1)")
            .takes("INSERT INTO t VALUES (3, NULL, 'x', 1)")
            .finds("SELECT conname, convalidated FROM pg_constraint WHERE contype = 'c' AND conrelid = 't'::regclass ORDER BY 1", ["short|t", "t_check|t", "t_check_2|t"]),
        case("CHECK that does not hold", "CREATE TABLE t (id INTEGER PRIMARY KEY, a INT CHECK (a > 0), b INT CONSTRAINT fine CHECK (b > 0)); INSERT INTO t VALUES (1, 1, 1); PRAGMA ignore_check_constraints = ON; INSERT INTO t VALUES (2, -1, 1);")
            .finds("SELECT a FROM t ORDER BY id", ["1", "-1"])
            .finds("SELECT conname, convalidated FROM pg_constraint WHERE contype = 'c' AND conrelid = 't'::regclass ORDER BY 1", ["fine|t", "t_check|f"])
            .troubles(["check constraint \"t_check\" of relation \"t\" is violated by some row: what is there stays, and the constraint holds for what is written from now on"])
            .refuses("INSERT INTO t VALUES (3, -1, 1)"),
        case("CHECK that PostgreSQL cannot compute", "CREATE TABLE t (id INTEGER PRIMARY KEY, a INT, b INT, CHECK (a * b <> 7)); INSERT INTO t VALUES (1, 9223372036854775807, 9223372036854775807);")
            .finds("SELECT a FROM t", ["9223372036854775807"])
            .troubles(["bigint out of range: what is there stays"]),
        case("CHECK that has no words in PostgreSQL", "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT CHECK (hex(a) <> '00'), b TEXT CHECK (typeof(b) = 'text' OR b IS NULL), c TEXT CHECK (c IN ('x', 'y')), d TEXT CHECK (d LIKE 'a%')); INSERT INTO t VALUES (1, 'a', 'b', 'x', 'abc');")
            .leaves(["a CHECK of t"])
            .refuses("INSERT INTO t VALUES (2, 'a', 'b', 'z', 'abc')")
            .refuses("INSERT INTO t VALUES (2, 'a', 'b', 'x', 'bc')")
            .takes("INSERT INTO t VALUES (2, 'a', 'b', 'y', 'ABC')"),
        case("NOT NULL", "CREATE TABLE t (id INTEGER PRIMARY KEY, a INT NOT NULL, b TEXT NOT NULL DEFAULT ''); INSERT INTO t (a) VALUES (1);")
            .types("t", "bigint!, bigint!, text!")
            .takes("INSERT INTO t (a) VALUES (2)")
            .same("SELECT id || b FROM t ORDER BY id")
            .refuses("INSERT INTO t (b) VALUES ('x')"),
        case("NOT NULL that does not hold", "CREATE TABLE t (id INTEGER PRIMARY KEY, a INT, b INT NOT NULL); INSERT INTO t VALUES (1, NULL, 1), (2, 5, 1);
            PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, 'a INT,', 'a INT NOT NULL,'); PRAGMA writable_schema = OFF;")
            .types("t", "bigint!, bigint, bigint!")
            .finds("SELECT a FROM t ORDER BY id", ["NULL", "5"])
            .leaves(["that t.a is NOT NULL"]),
        case("NOT NULL that does not hold, and what somebody says of it", "CREATE TABLE t (id INTEGER PRIMARY KEY, a INT); INSERT INTO t VALUES (1, NULL), (2, 5), (3, 'many');
            PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, 'a INT)', 'a INT NOT NULL)'); PRAGMA writable_schema = OFF;")
            .edited("a = { type = \"text\", nullable = true }", "a = { type = \"bigint\", misfits = \"null\", nullable = true }")
            .types("t", "bigint!, bigint")
            .finds("SELECT a FROM t ORDER BY id", ["NULL", "5", "NULL"])
            .leaves(["that t.a is NOT NULL"])
            .ledger(["t [3] a text many -> NULL null"]),
        case("UNIQUE", "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT UNIQUE, b INT, c INT, UNIQUE (b, c) ON CONFLICT REPLACE); INSERT INTO t VALUES (1, 'x', 1, 1), (2, NULL, 1, NULL), (3, NULL, 1, NULL);")
            .refuses("INSERT INTO t VALUES (4, 'x', 2, 2)")
            .takes("INSERT INTO t VALUES (4, NULL, 1, NULL)")
            .differs("INSERT INTO t VALUES (5, 'y', 1, 1)", [true, false]),
        case("UNIQUE without a type, with 1 and '1'", "CREATE TABLE t (id INTEGER PRIMARY KEY, x UNIQUE); INSERT INTO t VALUES (1, 1), (2, '1'), (3, 'x');")
            .types("t", "bigint!, text")
            .finds("SELECT x FROM t ORDER BY id", ["1", "1", "x"])
            .finds("SELECT indexdef LIKE 'CREATE INDEX t_x_key %' FROM pg_indexes WHERE indexname = 't_x_key'", ["t"])
            .ledger(["t [1] x integer 1 -> 1 remembered"])
            .troubles(["could not create unique index \"t_x_key\" (Key (x)=(1) is duplicated): PostgreSQL takes for the same what SQLite tells apart"]),
        case("UNIQUE with a text and a blob of the same bytes", "CREATE TABLE t (id INTEGER PRIMARY KEY, x TEXT UNIQUE); INSERT INTO t VALUES (1, 'a'), (2, x'61'), (3, 'b');
            CREATE TABLE c (x TEXT REFERENCES t (x)); INSERT INTO c VALUES ('a');")
            .types("t", "bigint!, bytea")
            .ledger(["t [2] x blob x'61' -> x'61' remembered"])
            .leaves(["the foreign key of c (x)"])
            .troubles(["could not create unique index \"t_x_key\" (Key (x)=(\\x61) is duplicated)"]),
    ])
    .await;
}

#[tokio::test]
async fn defaults() {
    prove(vec![
        case("with quotes of all kinds", "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT DEFAULT 'it''s', b TEXT DEFAULT \"double\", c TEXT DEFAULT 'back\\slash', d TEXT DEFAULT '', e TEXT DEFAULT '{\"a\": [1]}', f TEXT DEFAULT 'naïve 🦀', g TEXT DEFAULT NULL);")
            .takes("INSERT INTO t DEFAULT VALUES")
            .same("SELECT a || b || c || d || e || f || coalesce(g, 'nothing') FROM t"),
        case("numbers and blobs", "CREATE TABLE t (id INTEGER PRIMARY KEY, a INT DEFAULT -5, b REAL DEFAULT 1e3, c BLOB DEFAULT x'00ff', d INT DEFAULT 0x10, e BOOLEAN DEFAULT TRUE, f DECIMAL DEFAULT 0.10, g INT DEFAULT (1 + 2 * 3), h INT DEFAULT +7, i TEXT DEFAULT 5, j INT DEFAULT '6');")
            .takes("INSERT INTO t DEFAULT VALUES")
            .finds("SELECT a, b, c, d, e, f, g, h, i, j FROM t", ["-5|1000|\\x00ff|16|t|0.1|7|7|5|6"]),
        case("the time", "CREATE TABLE t (id INTEGER PRIMARY KEY, a DATETIME DEFAULT CURRENT_TIMESTAMP, b DATE DEFAULT CURRENT_DATE, c TIME DEFAULT CURRENT_TIME, d TEXT DEFAULT (datetime('now')), e INT DEFAULT (unixepoch()), f INT DEFAULT (CAST(strftime('%s','now') AS INTEGER)), g TEXT DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')));")
            .takes("INSERT INTO t DEFAULT VALUES")
            .finds("SELECT (timezone('UTC', now()) - a < interval '1 hour'), b = timezone('UTC', now())::date, c IS NOT NULL, length(d), abs(e - extract(epoch FROM now())) < 3600, e = f, length(g) FROM t", ["t|t|t|19|t|t|24"]),
        case("chance", "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT DEFAULT (lower(hex(randomblob(16)))), b INT DEFAULT (random()), c BLOB DEFAULT (randomblob(16)), d TEXT DEFAULT (datetime('now', '+1 day')));")
            .leaves(["the default of t.b", "the default of t.c", "the default of t.d"])
            .takes("INSERT INTO t DEFAULT VALUES")
            .same("SELECT CAST(length(a) AS TEXT) FROM t"),
        case("that do not fit the column", "CREATE TABLE t (id INTEGER PRIMARY KEY, a INT DEFAULT 'many', b BOOLEAN DEFAULT 2, c DATETIME DEFAULT 'never'); INSERT INTO t VALUES (1, 1, 1, '2024-05-01');")
            .leaves(["the default of t.a", "the default of t.b", "the default of t.c"]),
    ])
    .await;
}

#[tokio::test]
async fn computed_columns() {
    prove(vec![
        case("virtual and stored", "CREATE TABLE t (id INTEGER PRIMARY KEY, a INT, v INT AS (a * 2), s TEXT GENERATED ALWAYS AS (lower(n) || '!') STORED, n TEXT); INSERT INTO t (id, a, n) VALUES (1, 5, 'ADA'), (2, NULL, 'Eve');")
            .types("t", "bigint!, bigint, bigint, text, text")
            .finds("SELECT v, s FROM t ORDER BY id", ["10|ada!", "NULL|eve!"])
            .takes("INSERT INTO t (id, a, n) VALUES (3, 7, 'X')")
            .refuses("INSERT INTO t (id, v) VALUES (4, 7)")
            .same("SELECT id || ' ' || coalesce(CAST(v AS TEXT), '-') || s FROM t ORDER BY id"),
        case("that PostgreSQL does not compute", "CREATE TABLE t (id INTEGER PRIMARY KEY, a INT, h TEXT AS (hex(a)), d INT AS (v + 1), v INT AS (a + 1)); INSERT INTO t (id, a) VALUES (1, 5);")
            .types("t", "bigint!, bigint, text, bigint, bigint")
            .finds("SELECT h, d, v FROM t", ["35|7|6"])
            .leaves(["that t.h is computed", "that t.d is computed"]),
        case("greater than 64 bits", "CREATE TABLE t (id INTEGER PRIMARY KEY, a INT, v INT AS (a * 2)); INSERT INTO t (id, a) VALUES (1, 9223372036854775807), (2, 1);")
            .types("t", "bigint!, bigint, numeric")
            .finds("SELECT v FROM t ORDER BY id", ["18446744073709552000", "2"])
            .leaves(["that t.v is computed"]),
        case("in an index, and unique", "CREATE TABLE t (id INTEGER PRIMARY KEY, e TEXT, low TEXT AS (lower(e)) STORED UNIQUE); INSERT INTO t (id, e) VALUES (1, 'Ada');")
            .refuses("INSERT INTO t (id, e) VALUES (2, 'ADA')"),
    ])
    .await;
}
