//! Files of all kinds that SQLite makes.

use rusqlite::Connection;

use super::{case, case_of, prove};

const ORDERED: &str =
    "CREATE TABLE t (k TEXT PRIMARY KEY, n INT) WITHOUT ROWID; CREATE INDEX back ON t (k DESC);
    INSERT INTO t VALUES ('\u{ffee}', 1), ('🦀', 2), ('naïve', 3), ('', 4), ('Z', 5), ('a', 6);
    CREATE TABLE c (k TEXT REFERENCES t); INSERT INTO c VALUES ('🦀'), ('\u{ffee}');";

#[tokio::test]
async fn files() {
    prove(vec![
        case("UTF-16, the low byte first", format!("PRAGMA encoding = 'UTF-16le'; {ORDERED}"))
            .types("t", "text!, bigint")
            .finds("SELECT n FROM t ORDER BY k", ["4", "5", "6", "3", "1", "2"])
            .finds("SELECT k FROM t ORDER BY n", ["\u{ffee}", "🦀", "naïve", "", "Z", "a"])
            .refuses("INSERT INTO c (k) VALUES ('nobody')"),
        case("UTF-16, the high byte first", format!("PRAGMA encoding = 'UTF-16be'; {ORDERED}"))
            .types("t", "text!, bigint")
            .finds("SELECT n FROM t ORDER BY k", ["4", "5", "6", "3", "1", "2"])
            .takes("INSERT INTO c (k) VALUES ('Z')"),
        case("UTF-16 with half a character, and U+0000", "PRAGMA encoding = 'UTF-16le'; CREATE TABLE t (id INTEGER PRIMARY KEY, x TEXT, y TEXT);
            INSERT INTO t VALUES (1, 'a' || char(0) || 'b', CAST(x'41' AS TEXT)), (2, 'c', CAST(x'3dd8' AS TEXT));")
            .types("t", "bigint!, bytea, bytea")
            .finds("SELECT x, y FROM t ORDER BY id", ["\\x610062|\\x", "\\x63|\\xeda0bd"]),
        case_of("what is only in the WAL", |path| {
            let connection = Connection::open(path).expect("opens");
            connection.execute_batch("PRAGMA journal_mode = WAL; CREATE TABLE t (a INT); INSERT INTO t VALUES (1);").expect("runs");
            // What the files look like when the program dies now.
            let dead = path.with_file_name("dead.db");
            std::fs::copy(path, &dead).expect("copied");
            std::fs::copy(path.with_file_name("app.db-wal"), path.with_file_name("dead.db-wal")).expect("copied");
            drop(connection);
            for (from, to) in [("dead.db", "app.db"), ("dead.db-wal", "app.db-wal")] {
                std::fs::rename(path.with_file_name(from), path.with_file_name(to)).expect("renamed");
            }
        })
        .finds("SELECT a FROM t", ["1"]),
        case("an empty file", "").leaves([]),
        case("a database without tables", "CREATE TABLE t (a); DROP TABLE t;"),
        case("a page size of 512, and an automatic vacuum", "PRAGMA page_size = 512; PRAGMA auto_vacuum = FULL; CREATE TABLE t (a INT, b TEXT); INSERT INTO t VALUES (1, hex(zeroblob(5000)));")
            .finds("SELECT a, length(b) FROM t", ["1|10000"]),
        case("statistics of SQLite's own", "CREATE TABLE t (a INT UNIQUE); INSERT INTO t VALUES (1), (2); ANALYZE;")
            .types("t", "bigint, bigint!")
            .finds("SELECT count(*) FROM t", ["2"]),
    ])
    .await;
}

#[tokio::test]
async fn tables() {
    prove(vec![
        case("a table of each kind", "CREATE TABLE plain (a INT, b TEXT); CREATE TABLE exact (id INTEGER PRIMARY KEY, a ANY, t TEXT NOT NULL) STRICT;
            CREATE TABLE keyed (b TEXT, a INT, PRIMARY KEY (b, a)) WITHOUT ROWID; CREATE TABLE both (k TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
            INSERT INTO plain VALUES (1, 'x'); INSERT INTO exact VALUES (1, 5, 'y'); INSERT INTO keyed VALUES ('k', 1); INSERT INTO both VALUES ('z');")
            .types("plain", "bigint, text, bigint!")
            .types("exact", "bigint!, bigint, text!")
            .types("keyed", "text!, bigint!")
            .types("both", "text!")
            .refuses("INSERT INTO keyed VALUES ('k', 1)")
            .refuses("INSERT INTO exact (id, a) VALUES (2, 5)"),
        case("ANY in STRICT keeps what is put into it", "CREATE TABLE t (id INTEGER PRIMARY KEY, a ANY) STRICT; INSERT INTO t VALUES (1, 5), (2, '5'), (3, 5.0), (4, x'35'), (5, NULL);")
            .types("t", "bigint!, bytea")
            .finds("SELECT a FROM t ORDER BY id", ["\\x35", "\\x35", "\\x352e30", "\\x35", "NULL"])
            .ledger(["t [1] a integer 5 -> 5 remembered", "t [2] a text 5 -> 5 remembered", "t [3] a real 5.0 -> 5.0 remembered"]),
        case("columns without a type", "CREATE TABLE t (a, b, c, d); INSERT INTO t VALUES (1, 'x', x'00', 1), (2, 'y', x'01', 'one');")
            .types("t", "bigint, text, bytea, text, bigint!")
            .finds("SELECT a, b, c, d FROM t ORDER BY a", ["1|x|\\x00|1", "2|y|\\x01|one"])
            .ledger(["t [1] d integer 1 -> 1 remembered"]),
        case("a type that nobody knows", "CREATE TABLE t (a STRING, b \"POINT\", c WHATEVER(5)); INSERT INTO t VALUES ('007', '1.5', 'x'), ('a', 2, 'y');")
            .types("t", "text, numeric, text, bigint!")
            .finds("SELECT a, b, c FROM t ORDER BY rowid", ["7|1.5|x", "a|2|y"]),
        case("an empty table", "CREATE TABLE t (id INTEGER PRIMARY KEY, at DATETIME, x, j JSON, u UUID, b BOOLEAN, d DECIMAL, r REAL, y BLOB, day DATE, t TIME);")
            .types("t", "bigint!, timestamp without time zone, text, json, uuid, boolean, numeric, double precision, bytea, date, time without time zone")
            .finds("SELECT count(*) FROM t", ["0"])
            .differs("INSERT INTO t (x) VALUES ('first')", [true, true])
            .same("SELECT CAST(id AS TEXT) FROM t"),
        case("a table of one column", "CREATE TABLE t (a TEXT); INSERT INTO t VALUES (NULL), ('x'), ('x');")
            .types("t", "text, bigint!")
            .finds("SELECT a, rowid FROM t ORDER BY rowid", ["NULL|1", "x|2", "x|3"]),
        case("nothing but the rowid", "CREATE TABLE t (id INTEGER PRIMARY KEY); INSERT INTO t VALUES (5), (-3);")
            .types("t", "bigint!")
            .finds("SELECT id FROM t ORDER BY id", ["-3", "5"])
            .takes("INSERT INTO t DEFAULT VALUES")
            .same("SELECT CAST(max(id) AS TEXT) FROM t"),
        case("nothing but NULL", "CREATE TABLE t (a, b INT, c TEXT); INSERT INTO t VALUES (NULL, NULL, NULL), (NULL, NULL, NULL);")
            .types("t", "text, bigint, text, bigint!")
            .finds("SELECT count(*) FROM t WHERE a IS NULL AND b IS NULL", ["2"]),
        case("a table that was made from a query", "CREATE TABLE s (a INT, b VARCHAR(5), c); INSERT INTO s VALUES (1, 'x', 2); CREATE TABLE t AS SELECT a, b, c, a + 1 AS d, CAST(a AS REAL) AS \"e f\" FROM s;")
            .types("t", "bigint, text, bigint, bigint, double precision, bigint!")
            .finds("SELECT d, \"e f\" FROM t", ["2|1"]),
        case("columns that came and went", "CREATE TABLE t (id INTEGER PRIMARY KEY, a INT); INSERT INTO t VALUES (1, 1); ALTER TABLE t ADD COLUMN b TEXT NOT NULL DEFAULT 'new'; ALTER TABLE t RENAME COLUMN a TO \"a b\"; INSERT INTO t VALUES (2, 2, 'two'); ALTER TABLE t DROP COLUMN \"a b\"; ALTER TABLE t RENAME TO u;")
            .types("u", "bigint!, text!")
            .finds("SELECT id, b FROM u ORDER BY id", ["1|new", "2|two"])
            .takes("INSERT INTO u (id) VALUES (3)")
            .same("SELECT b FROM u ORDER BY id"),
    ])
    .await;
}
