//! Cells that are not what their columns say.

use super::{case, prove};

#[tokio::test]
async fn numbers() {
    prove(vec![
        case("a text in INTEGER", "CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER); INSERT INTO t VALUES (1, 7), (2, 'many'), (3, '12'), (4, ' 5'), (5, '1e3x');")
            .types("t", "bigint!, text")
            .finds("SELECT n FROM t ORDER BY id", ["7", "many", "12", "5", "1e3x"]),
        case("a text in INTEGER that would come back as a number", "CREATE TABLE t (id INTEGER PRIMARY KEY, n); INSERT INTO t VALUES (1, 7), (2, '7');")
            .types("t", "bigint!, text")
            .finds("SELECT n FROM t ORDER BY id", ["7", "7"])
            .ledger(["t [1] n integer 7 -> 7 remembered"]),
        case("a blob in INTEGER", "CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER); INSERT INTO t VALUES (1, 7), (2, x'00ff');")
            .types("t", "bigint!, bytea")
            .finds("SELECT n FROM t ORDER BY id", ["\\x37", "\\x00ff"])
            .ledger(["t [1] n integer 7 -> 7 remembered"]),
        case("a real in INTEGER", "CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER); INSERT INTO t VALUES (1, 7), (2, 1.5), (3, 3.0), (4, 1e300);")
            .types("t", "bigint!, numeric")
            .finds("SELECT CASE WHEN n < 1e100 THEN n::text ELSE (n = 1e300)::text END FROM t ORDER BY id", ["7", "1.5", "3", "true"]),
        case("the ends of 64 bits", "CREATE TABLE t (id INTEGER PRIMARY KEY, n INT, x); INSERT INTO t VALUES (1, 9223372036854775807, 9223372036854775807), (2, -9223372036854775808, -9223372036854775808);")
            .types("t", "bigint!, bigint, bigint")
            .finds("SELECT n, x FROM t ORDER BY id", ["9223372036854775807|9223372036854775807", "-9223372036854775808|-9223372036854775808"]),
        case("one more than 64 bits is a real", "CREATE TABLE t (id INTEGER PRIMARY KEY, n INT); INSERT INTO t VALUES (1, 9223372036854775808), (2, -9223372036854775809), (3, 1);")
            .types("t", "bigint!, numeric")
            .finds("SELECT n FROM t ORDER BY id", ["9223372036854776000", "-9223372036854776000", "1"])
            .ledger(["t [2] n real -9.223372036854776e18 -> -9.223372036854776e18 remembered"]),
        case("2^31 in INT", "CREATE TABLE t (id INTEGER PRIMARY KEY, n INT, s SMALLINT, y TINYINT(1)); INSERT INTO t VALUES (1, 2147483648, 40000, 300), (2, -2147483649, -40000, -1);")
            .types("t", "bigint!, bigint, bigint, bigint")
            .finds("SELECT n, s, y FROM t ORDER BY id", ["2147483648|40000|300", "-2147483649|-40000|-1"]),
        case("the ends of reals", "CREATE TABLE t (id INTEGER PRIMARY KEY, r REAL); INSERT INTO t VALUES (1, 1.7976931348623157e308), (2, 2.2250738585072014e-308), (3, 5e-324), (4, -5e-324), (5, 0.1), (6, 1e22), (7, 9007199254740993);")
            .types("t", "bigint!, double precision")
            .finds("SELECT r FROM t ORDER BY id", ["1.7976931348623157e+308", "2.2250738585072014e-308", "5e-324", "-5e-324", "0.1", "1e+22", "9.007199254740992e+15"]),
        case("zero below zero", "CREATE TABLE t (id INTEGER PRIMARY KEY, r DOUBLE, x, m); INSERT INTO t VALUES (1, -0.0, -0.0, -0.0), (2, 0.0, 0.0, 5);")
            .types("t", "bigint!, double precision, double precision, numeric")
            .finds("SELECT x, m FROM t ORDER BY id", ["-0|0", "0|5"])
            .ledger(["t [1] m real -0.0 -> -0.0 remembered"]),
        case("infinities, and NaN, which SQLite keeps as NULL", "CREATE TABLE t (id INTEGER PRIMARY KEY, r REAL, n NUMERIC, x TEXT, any); INSERT INTO t VALUES (1, 9e999, 9e999, 9e999, 9e999), (2, -9e999, 5, -9e999, 'a'), (3, 9e999 - 9e999, NULL, 'b', 1);")
            .types("t", "bigint!, double precision, numeric, text, text")
            .finds("SELECT r, n, x, \"any\" FROM t ORDER BY id", ["Infinity|Infinity|Inf|9e999", "-Infinity|5|-Inf|a", "NULL|NULL|b|1"])
            .ledger(["t [1] any real 9e999 -> 9e999 remembered", "t [3] any integer 1 -> 1 remembered"]),
        case("integers and reals", "CREATE TABLE t (id INTEGER PRIMARY KEY, x); INSERT INTO t VALUES (1, 9007199254740993), (2, 9007199254740992.0), (3, 0.1), (4, 5e-324), (5, 2.0);")
            .types("t", "bigint!, numeric")
            .finds("SELECT x FROM t WHERE id <> 4 ORDER BY id", ["9007199254740993", "9007199254740992", "0.1", "2"])
            .finds("SELECT x = 5e-324::numeric FROM t WHERE id = 4", ["t"])
            .ledger(["t [2] x real 9007199254740992.0 -> 9007199254740992.0 remembered", "t [5] x real 2.0 -> 2.0 remembered"]),
        case("decimals as texts", "CREATE TABLE t (id INTEGER PRIMARY KEY, p DECIMAL(10, 2), q TEXT); INSERT INTO t VALUES (1, '12.50', '12.50'), (2, '0.10', '0.10');")
            .types("t", "bigint!, numeric, text")
            .finds("SELECT p, q FROM t ORDER BY id", ["12.5|12.50", "0.1|0.10"]),
        case("decimals that are too long", "CREATE TABLE t (id INTEGER PRIMARY KEY, p DECIMAL(10, 2)); INSERT INTO t VALUES (1, 123456789012345678901234567890.12), (2, 99999999999.999), (3, '12345678901234567890.123456789'), (4, 7);")
            .types("t", "bigint!, numeric")
            .finds("SELECT p FROM t ORDER BY id", ["123456789012345680000000000000", "99999999999.999", "12345678901234567000", "7"]),
        case("decimals and words", "CREATE TABLE t (id INTEGER PRIMARY KEY, p DECIMAL); INSERT INTO t VALUES (1, 12.5), (2, 'n/a'), (3, 3);")
            .types("t", "bigint!, text")
            .finds("SELECT p FROM t ORDER BY id", ["12.5", "n/a", "3"]),
    ])
    .await;
}

#[tokio::test]
async fn truths() {
    prove(vec![
        case("yes and no", "CREATE TABLE t (id INTEGER PRIMARY KEY, b BOOLEAN NOT NULL, c BOOL); INSERT INTO t VALUES (1, 1, true), (2, 0, NULL);")
            .types("t", "bigint!, boolean!, boolean")
            .finds("SELECT b, c FROM t ORDER BY id", ["t|t", "f|NULL"]),
        case("2 in BOOLEAN", "CREATE TABLE t (id INTEGER PRIMARY KEY, b BOOLEAN); INSERT INTO t VALUES (1, 1), (2, 2), (3, -1);")
            .types("t", "bigint!, bigint")
            .finds("SELECT b FROM t ORDER BY id", ["1", "2", "-1"]),
        case("'yes' in BOOLEAN", "CREATE TABLE t (id INTEGER PRIMARY KEY, b BOOLEAN); INSERT INTO t VALUES (1, 1), (2, 'yes'), (3, 'true');")
            .types("t", "bigint!, text")
            .finds("SELECT b FROM t ORDER BY id", ["1", "yes", "true"]),
        case("nothing in BOOLEAN", "CREATE TABLE t (id INTEGER PRIMARY KEY, b BOOLEAN); INSERT INTO t VALUES (1, 1), (2, ''), (3, NULL);")
            .types("t", "bigint!, text")
            .finds("SELECT b FROM t ORDER BY id", ["1", "", "NULL"]),
        case("half a truth", "CREATE TABLE t (id INTEGER PRIMARY KEY, b BOOLEAN); INSERT INTO t VALUES (1, 1), (2, 0.5);")
            .types("t", "bigint!, numeric")
            .finds("SELECT b FROM t ORDER BY id", ["1", "0.5"]),
    ])
    .await;
}

#[tokio::test]
async fn texts() {
    prove(vec![
        case("U+0000 inside a text", "CREATE TABLE t (id INTEGER PRIMARY KEY, x TEXT); INSERT INTO t VALUES (1, 'a' || char(0) || 'b'), (2, 'c');")
            .types("t", "bigint!, bytea")
            .finds("SELECT x FROM t ORDER BY id", ["\\x610062", "\\x63"]),
        case("a text that is no UTF-8", "CREATE TABLE t (id INTEGER PRIMARY KEY, x TEXT); INSERT INTO t VALUES (1, CAST(x'ff41' AS TEXT)), (2, CAST(x'eda080' AS TEXT)), (3, 'c');")
            .types("t", "bigint!, bytea")
            .finds("SELECT x FROM t ORDER BY id", ["\\xff41", "\\xeda080", "\\x63"]),
        case("no UTF-8, and numbers", "CREATE TABLE t (id INTEGER PRIMARY KEY, x); INSERT INTO t VALUES (1, CAST(x'ff' AS TEXT)), (2, 5), (3, 1.0);")
            .types("t", "bigint!, bytea")
            .finds("SELECT x FROM t ORDER BY id", ["\\xff", "\\x35", "\\x312e30"])
            .ledger(["t [2] x integer 5 -> 5 remembered", "t [3] x real 1.0 -> 1.0 remembered"]),
        case("what is no UTF-8 in a key", "CREATE TABLE t (x TEXT PRIMARY KEY, n INT); INSERT INTO t VALUES (CAST(x'ff' AS TEXT), 1), ('a' || char(0), 2), ('a', 3);")
            .types("t", "bytea!, bigint")
            .finds("SELECT x, n FROM t ORDER BY n", ["\\xff|1", "\\x6100|2", "\\x61|3"]),
        case("characters of all planes", "CREATE TABLE t (id INTEGER PRIMARY KEY, x TEXT); INSERT INTO t VALUES (1, 'naïve 日本 🦀 ' || char(0xfdd0, 0x10ffff, 0x202e, 9, 10, 13)), (2, '');")
            .types("t", "bigint!, text")
            .same("SELECT x FROM t ORDER BY id"),
        case("numbers in TEXT are texts", "CREATE TABLE t (id INTEGER PRIMARY KEY, x TEXT, v VARCHAR(3)); INSERT INTO t VALUES (1, 5, 12345), (2, 1.0, 1e99), (3, '007', NULL);")
            .types("t", "bigint!, text, text")
            .finds("SELECT x, v FROM t ORDER BY id", ["5|12345", "1.0|1.0e+99", "007|NULL"]),
        case("a blob in TEXT", "CREATE TABLE t (id INTEGER PRIMARY KEY, x TEXT); INSERT INTO t VALUES (1, 'a'), (2, 'b'), (3, x'00');")
            .types("t", "bigint!, bytea")
            .finds("SELECT x FROM t ORDER BY id", ["\\x61", "\\x62", "\\x00"])
            .ledger(["t [3] x blob x'00' -> x'00' remembered"]),
        case("a text in BLOB", "CREATE TABLE t (id INTEGER PRIMARY KEY, x BLOB); INSERT INTO t VALUES (1, x'00ff'), (2, 'text'), (3, 5), (4, x'');")
            .types("t", "bigint!, bytea")
            .finds("SELECT x FROM t ORDER BY id", ["\\x00ff", "\\x74657874", "\\x35", "\\x"])
            .ledger(["t [2] x text text -> text remembered", "t [3] x integer 5 -> 5 remembered"]),
        case("only texts in BLOB", "CREATE TABLE t (id INTEGER PRIMARY KEY, x BLOB); INSERT INTO t VALUES (1, 'one'), (2, 'two');")
            .types("t", "bigint!, text")
            .finds("SELECT x FROM t ORDER BY id", ["one", "two"]),
    ])
    .await;
}

#[tokio::test]
async fn documents_and_identifiers() {
    prove(vec![
        case("documents, to the letter", "CREATE TABLE t (id INTEGER PRIMARY KEY, j JSON); INSERT INTO t VALUES (1, '{\"b\": 1,  \"a\": 1, \"b\": 2}'), (2, '[1.50, 1e400]'), (3, 'null'), (4, NULL);")
            .types("t", "bigint!, json")
            .same("SELECT j FROM t ORDER BY id"),
        case("U+0000 as a document has it", "CREATE TABLE t (id INTEGER PRIMARY KEY, j JSON); INSERT INTO t VALUES (1, '{\"a\": \"\\u0000\"}'), (2, '\"\\ud800\"');")
            .types("t", "bigint!, json")
            .same("SELECT j FROM t ORDER BY id"),
        case("no document", "CREATE TABLE t (id INTEGER PRIMARY KEY, j JSON, k JSON); INSERT INTO t VALUES (1, '{oops', '{}'), (2, '', '{\"a\": 1,}'), (3, '{}', '{a: 1}');")
            .types("t", "bigint!, text, text")
            .same("SELECT j, k FROM t ORDER BY id"),
        case("a number in JSON", "CREATE TABLE t (id INTEGER PRIMARY KEY, j JSON); INSERT INTO t VALUES (1, '{}'), (2, 5), (3, '7');")
            .types("t", "bigint!, text")
            .finds("SELECT j FROM t ORDER BY id", ["{}", "5", "7"]),
        case("SQLite's own JSONB", "CREATE TABLE t (id INTEGER PRIMARY KEY, j JSONB, k JSONB); INSERT INTO t VALUES (1, jsonb('{\"a\": 1}'), jsonb('1')), (2, jsonb('[]'), '{\"a\": 1}');")
            .types("t", "bigint!, bytea, bytea")
            .finds("SELECT j, k FROM t ORDER BY id", ["\\x4c17611331|\\x1331", "\\x0b|\\x7b2261223a20317d"])
            .ledger(["t [2] k text {\"a\": 1} -> {\"a\": 1} remembered"]),
        case("UUIDs", "CREATE TABLE t (id UUID PRIMARY KEY, n INT) WITHOUT ROWID; INSERT INTO t VALUES ('018f3c5e-7b1a-4c1d-9e2f-0123456789ab', 1), ('00000000-0000-0000-0000-000000000000', 2);")
            .types("t", "uuid!, bigint")
            .finds("SELECT id FROM t ORDER BY n", ["018f3c5e-7b1a-4c1d-9e2f-0123456789ab", "00000000-0000-0000-0000-000000000000"]),
        case("UUIDs in capitals", "CREATE TABLE t (id UUID PRIMARY KEY, n INT); INSERT INTO t VALUES ('018F3C5E-7B1A-4C1D-9E2F-0123456789AB', 1), ('018f3c5e-7b1a-4c1d-9e2f-0123456789ab', 2);")
            .types("t", "text!, bigint")
            .finds("SELECT id FROM t ORDER BY n", ["018F3C5E-7B1A-4C1D-9E2F-0123456789AB", "018f3c5e-7b1a-4c1d-9e2f-0123456789ab"]),
        case("UUIDs as blobs", "CREATE TABLE t (id UUID PRIMARY KEY, u UUID); INSERT INTO t VALUES (x'018f3c5e7b1a4c1d9e2f0123456789ab', NULL), (x'00000000000000000000000000000000', '018f3c5e-7b1a-4c1d-9e2f-0123456789ab');")
            .types("t", "bytea!, uuid")
            .finds("SELECT id, u FROM t ORDER BY id", ["\\x00000000000000000000000000000000|018f3c5e-7b1a-4c1d-9e2f-0123456789ab", "\\x018f3c5e7b1a4c1d9e2f0123456789ab|NULL"]),
    ])
    .await;
}
