//! Keys, and what comes next.

use super::{case, prove};

#[tokio::test]
async fn rowids() {
    prove(vec![
        case("holes", "CREATE TABLE t (id INTEGER PRIMARY KEY, a INT); INSERT INTO t VALUES (3, 1), (70, 1), (1000000, 1); DELETE FROM t WHERE id = 1000000;")
            .finds("SELECT id FROM t ORDER BY id", ["3", "70"])
            .takes("INSERT INTO t (a) VALUES (9)")
            .same("SELECT CAST(id AS TEXT) FROM t WHERE a = 9"),
        case("negative rowids", "CREATE TABLE t (a INT); INSERT INTO t (rowid, a) VALUES (-5, 1), (0, 2), (5, 3);")
            .types("t", "bigint, bigint!")
            .finds("SELECT rowid, a FROM t ORDER BY a", ["-5|1", "0|2", "5|3"])
            .takes("INSERT INTO t (a) VALUES (9)")
            .same("SELECT CAST(rowid AS TEXT) FROM t WHERE a = 9"),
        case("rowids at both ends", "CREATE TABLE t (id INTEGER PRIMARY KEY, a INT); INSERT INTO t VALUES (-9223372036854775808, 1), (9223372036854775807, 2);")
            .finds("SELECT id FROM t ORDER BY id", ["-9223372036854775808", "9223372036854775807"])
            .differs("INSERT INTO t (a) VALUES (9)", [true, false]),
        case("AUTOINCREMENT goes on from what there ever was", "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a INT); INSERT INTO t VALUES (90, 1), (5, 2); DELETE FROM t WHERE id = 90;")
            .finds("SELECT id FROM t", ["5"])
            .takes("INSERT INTO t (a) VALUES (9)")
            .same("SELECT CAST(id AS TEXT) FROM t WHERE a = 9"),
        case("AUTOINCREMENT with a number that somebody has written", "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a INT); INSERT INTO t VALUES (5, 2); UPDATE sqlite_sequence SET seq = 12345678901;")
            .takes("INSERT INTO t (a) VALUES (9)")
            .same("SELECT CAST(id AS TEXT) FROM t WHERE a = 9")
            .finds("SELECT id FROM t WHERE a = 9", ["12345678902"]),
        case("rows that are told apart by nothing", "CREATE TABLE t (a INT, b TEXT); INSERT INTO t VALUES (1, 'x'), (1, 'x'), (1, 'x');")
            .finds("SELECT a, b, rowid FROM t ORDER BY rowid", ["1|x|1", "1|x|2", "1|x|3"]),
        case("columns with all the names of a rowid", "CREATE TABLE t (rowid TEXT, _rowid_ TEXT, oid TEXT); INSERT INTO t VALUES ('a', 'b', 'c'), ('a', 'b', 'c');")
            .types("t", "text, text, text")
            .finds("SELECT * FROM t", ["a|b|c", "a|b|c"])
            .leaves(["the rowids of t"]),
        case("a key that is no other name of the rowid", "CREATE TABLE t (id INTEGER PRIMARY KEY DESC, a INT); INSERT INTO t VALUES (5, 1), (7, 2);")
            .types("t", "bigint!, bigint")
            .refuses("INSERT INTO t VALUES (5, 3)"),
    ])
    .await;
}

#[tokio::test]
async fn primary_keys() {
    prove(vec![
        case("of several columns, in another order", "CREATE TABLE t (a INT, b TEXT, c REAL, PRIMARY KEY (c, a)) WITHOUT ROWID; INSERT INTO t VALUES (1, 'x', 1.5), (2, 'y', 1.5);")
            .types("t", "bigint!, text, double precision!")
            .finds("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 't'::regclass", ["PRIMARY KEY (c, a)"])
            .refuses("INSERT INTO t VALUES (1, 'z', 1.5)"),
        case("with a name", "CREATE TABLE t (a TEXT, CONSTRAINT \"my key\" PRIMARY KEY (a)); INSERT INTO t VALUES ('x');")
            .finds("SELECT conname FROM pg_constraint WHERE conrelid = 't'::regclass", ["my key"]),
        case("with NULL in it", "CREATE TABLE t (a TEXT PRIMARY KEY, b INT); INSERT INTO t VALUES ('x', 1), (NULL, 2), (NULL, 3);")
            .types("t", "text, bigint, bigint!")
            .finds("SELECT a, b, rowid FROM t ORDER BY b", ["x|1|1", "NULL|2|2", "NULL|3|3"])
            .takes("INSERT INTO t (a, b) VALUES (NULL, 4)")
            .refuses("INSERT INTO t (a, b) VALUES ('x', 5)"),
        case("without a type, with 1 and '1' in it", "CREATE TABLE t (k PRIMARY KEY, n INT); INSERT INTO t VALUES (1, 1), ('1', 2), ('x', 3);")
            .types("t", "text, bigint, bigint!")
            .finds("SELECT k, n FROM t ORDER BY n", ["1|1", "1|2", "x|3"])
            .ledger(["t [1] k integer 1 -> 1 remembered"])
            .troubles(["could not create unique index \"t_k_key\" (Key (k)=(1) is duplicated): PostgreSQL takes for the same what SQLite tells apart"]),
        case("without a type and without rowids, with 1 and '1' in it", "CREATE TABLE t (k PRIMARY KEY, n INT) WITHOUT ROWID; INSERT INTO t VALUES (1, 1), ('1', 2), (x'31', 3);
            CREATE TABLE c (k REFERENCES t); INSERT INTO c VALUES (1), ('1');")
            .types("t", "bytea!, bigint")
            .finds("SELECT k, n FROM t ORDER BY n", ["\\x31|1", "\\x31|2", "\\x31|3"])
            .ledger(["t [1] k integer 1 -> 1 remembered", "t [\"1\"] k text 1 -> 1 remembered", "c [1] k integer 1 -> 1 remembered"])
            .leaves(["the foreign key of c (k)"])
            .troubles(["could not create unique index \"t_pkey\""]),
        case("without a type, with numbers and words in it", "CREATE TABLE t (k PRIMARY KEY, n INT) WITHOUT ROWID; INSERT INTO t VALUES (1, 1), ('x', 2);
            CREATE TABLE c (k REFERENCES t); INSERT INTO c VALUES (1), ('x');")
            .types("t", "text!, bigint")
            .ledger(["t [1] k integer 1 -> 1 remembered", "c [1] k integer 1 -> 1 remembered"])
            .refuses("INSERT INTO t VALUES ('x', 2)")
            .refuses("INSERT INTO c (k) VALUES ('y')"),
        case("of blobs", "CREATE TABLE t (k BLOB PRIMARY KEY, n INT); INSERT INTO t VALUES (x'', 1), (x'00', 2), (x'0000', 3);")
            .types("t", "bytea!, bigint")
            .refuses("INSERT INTO t SELECT k, 9 FROM t"),
        case("of reals", "CREATE TABLE t (k REAL PRIMARY KEY, n INT); INSERT INTO t VALUES (0.1, 1), (9e999, 2), (-9e999, 3), (1e300, 4);")
            .types("t", "double precision!, bigint")
            .refuses("INSERT INTO t VALUES (0.1, 9)"),
        case("of moments", "CREATE TABLE t (k DATETIME PRIMARY KEY, n INT); INSERT INTO t VALUES (1714570000123, 1), (0, 2);")
            .types("t", "timestamp with time zone!, bigint")
            .finds("SELECT k FROM t ORDER BY n", ["2024-05-01 13:26:40.123+00", "1970-01-01 00:00:00+00"]),
    ])
    .await;
}

#[tokio::test]
async fn foreign_keys() {
    prove(vec![
        case("to several columns", "CREATE TABLE p (a INT, b TEXT, PRIMARY KEY (b, a)); CREATE TABLE c (id INTEGER PRIMARY KEY, x INT, y TEXT, FOREIGN KEY (y, x) REFERENCES p (b, a) ON DELETE CASCADE);
            INSERT INTO p VALUES (1, 'x'), (2, 'y'); INSERT INTO c VALUES (1, 1, 'x'), (2, NULL, 'z');")
            .refuses("INSERT INTO c VALUES (3, 2, 'x')")
            .takes("DELETE FROM p WHERE a = 1")
            .same("SELECT CAST(id AS TEXT) FROM c"),
        case("to itself", "CREATE TABLE t (id INTEGER PRIMARY KEY, up INT REFERENCES t (id) ON DELETE SET NULL); INSERT INTO t VALUES (1, NULL), (2, 1), (3, 3), (4, 2);")
            .refuses("INSERT INTO t VALUES (5, 99)")
            .takes("DELETE FROM t WHERE id = 2")
            .same("SELECT id || ' ' || coalesce(CAST(up AS TEXT), '-') FROM t ORDER BY id"),
        case("in a circle", "CREATE TABLE a (id INTEGER PRIMARY KEY, b INT REFERENCES b DEFERRABLE INITIALLY DEFERRED); CREATE TABLE b (id INTEGER PRIMARY KEY, a INT NOT NULL REFERENCES a);
            BEGIN; INSERT INTO a VALUES (1, 1); INSERT INTO b VALUES (1, 1); COMMIT;")
            .takes("BEGIN; INSERT INTO a VALUES (2, 2); INSERT INTO b VALUES (2, 2); COMMIT")
            .refuses("INSERT INTO b VALUES (3, 9)"),
        case("to whatever the key is", "CREATE TABLE p (k TEXT PRIMARY KEY) WITHOUT ROWID; CREATE TABLE c (k TEXT REFERENCES p ON UPDATE CASCADE); INSERT INTO p VALUES ('a'); INSERT INTO c VALUES ('a'), (NULL);")
            .refuses("INSERT INTO c (k) VALUES ('b')")
            .takes("UPDATE p SET k = 'z'")
            .same("SELECT k FROM c WHERE k IS NOT NULL"),
        case("that may wait", "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (id INTEGER PRIMARY KEY, p INT, q INT, FOREIGN KEY (p) REFERENCES p DEFERRABLE INITIALLY DEFERRED, FOREIGN KEY (q) REFERENCES p DEFERRABLE INITIALLY IMMEDIATE); INSERT INTO p VALUES (1); INSERT INTO c VALUES (1, 1, 1);")
            .finds("SELECT condeferrable, condeferred FROM pg_constraint WHERE conrelid = 'c'::regclass AND contype = 'f' ORDER BY conname", ["t|t", "t|f"])
            .takes("BEGIN; INSERT INTO c VALUES (2, 2, NULL); INSERT INTO p VALUES (2); COMMIT"),
        case("that do not hold", "PRAGMA foreign_keys = OFF; CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (id INTEGER PRIMARY KEY, p INT REFERENCES p); INSERT INTO p VALUES (1); INSERT INTO c VALUES (1, 1), (2, 99);")
            .finds("SELECT p FROM c ORDER BY id", ["1", "99"])
            .finds("SELECT convalidated FROM pg_constraint WHERE conname = 'c_p_fkey' AND conrelid = 'c'::regclass", ["f"])
            .troubles(["insert or update on table \"c\" violates foreign key constraint \"c_p_fkey\" (Key (p)=(99) is not present in table \"p\"): what is there stays"])
            .refuses("INSERT INTO c VALUES (3, 98)"),
        case("to a table that is not there", "PRAGMA foreign_keys = OFF; CREATE TABLE c (id INTEGER PRIMARY KEY, p INT REFERENCES gone, q INT REFERENCES c (missing), r INT REFERENCES c (q)); INSERT INTO c VALUES (1, 1, 1, 1);")
            .leaves(["the foreign key of c (p)", "the foreign key of c (q)", "the foreign key of c (r)"]),
        case("between a number and a text", "PRAGMA foreign_keys = OFF; CREATE TABLE p (id TEXT PRIMARY KEY); CREATE TABLE c (id INTEGER PRIMARY KEY, p INT REFERENCES p); INSERT INTO p VALUES ('1'), ('a'); INSERT INTO c VALUES (1, 1), (2, 'a');")
            .types("c", "bigint!, text")
            .finds("SELECT p FROM c ORDER BY id", ["1", "a"]),
        case("in a column that is unique by an index alone", "CREATE TABLE p (id INTEGER PRIMARY KEY, name TEXT); CREATE UNIQUE INDEX names ON p (name); CREATE TABLE c (name TEXT REFERENCES p (name)); INSERT INTO p VALUES (1, 'a'); INSERT INTO c VALUES ('a');")
            .refuses("INSERT INTO c (name) VALUES ('b')"),
    ])
    .await;
}
