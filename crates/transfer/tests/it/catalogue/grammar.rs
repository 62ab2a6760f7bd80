//! Everything that SQLite's grammar allows, however odd.

use super::{case, prove};

#[tokio::test]
async fn statements() {
    prove(vec![
        case("comments, and no blanks", "CREATE/* one */TABLE t(a INT/*two*/,b TEXT DEFAULT('x')CHECK(length(b)>0)NOT NULL, -- three, and (four)\n c\tREAL\n);INSERT INTO t VALUES(1,'y',2);")
            .types("t", "bigint, text!, double precision, bigint!")
            .takes("INSERT INTO t (a) VALUES (2)")
            .same("SELECT a || b FROM t ORDER BY a")
            .refuses("INSERT INTO t (b) VALUES ('')"),
        case("quotes of all kinds", "CREATE TABLE 'single' ([brack et] INT, `back tick` TEXT, 'sin gle' REAL, \"dou ble\" BLOB, UNIQUE ('sin gle', [brack et]), CHECK ([brack et] <> 7)); CREATE INDEX [my index] ON [single] (`back tick`); INSERT INTO single VALUES (1, 'x', 2, x'00');")
            .finds("SELECT \"brack et\", \"back tick\", \"sin gle\", \"dou ble\" FROM single", ["1|x|2|\\x00"])
            .refuses("INSERT INTO single (\"brack et\") VALUES (7)")
            .refuses("INSERT INTO single (\"brack et\", \"sin gle\") VALUES (1, 2)"),
        case("table constraints without commas", "CREATE TABLE t (a INT, b INT, CONSTRAINT one UNIQUE (a) CONSTRAINT two CHECK (a > b) PRIMARY KEY (b)); INSERT INTO t VALUES (2, 1);")
            .types("t", "bigint, bigint!")
            .refuses("INSERT INTO t VALUES (2, 0)")
            .refuses("INSERT INTO t VALUES (1, 2)"),
        case("conflicts that are resolved", "CREATE TABLE t (id INTEGER PRIMARY KEY ON CONFLICT REPLACE AUTOINCREMENT, a TEXT NOT NULL ON CONFLICT IGNORE UNIQUE ON CONFLICT FAIL, CHECK (a <> '') ON CONFLICT ABORT); INSERT INTO t VALUES (1, 'x');")
            .types("t", "bigint!, text!")
            .takes("INSERT INTO t (a) VALUES ('y')")
            .refuses("INSERT INTO t (a) VALUES ('y')"),
        case("a key in each way to say it", "CREATE TABLE a (id INTEGER PRIMARY KEY ASC, n INT); CREATE TABLE b (id INTEGER, n INT, PRIMARY KEY (id ASC)); CREATE TABLE c (id INTEGER, n INT, PRIMARY KEY (id AUTOINCREMENT)); CREATE TABLE d (id INT PRIMARY KEY, n INT); CREATE TABLE e (id INTEGER PRIMARY KEY, n INT) WITHOUT ROWID; CREATE TABLE f (id INTEGER, n INT, PRIMARY KEY (id DESC));
            INSERT INTO a VALUES (5, 1); INSERT INTO b VALUES (5, 1); INSERT INTO c VALUES (5, 1); INSERT INTO d VALUES (5, 1); INSERT INTO e VALUES (5, 1); INSERT INTO f VALUES (5, 1);")
            .takes("INSERT INTO a (n) VALUES (2); INSERT INTO b (n) VALUES (2); INSERT INTO c (n) VALUES (2)")
            .same("SELECT CAST(a.id + b.id + c.id AS TEXT) FROM a, b, c WHERE a.n = 2 AND b.n = 2 AND c.n = 2")
            .refuses("INSERT INTO e (n) VALUES (2)")
            .refuses("INSERT INTO d VALUES (5, 2)"),
        case("defaults in each way to say them", "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT DEFAULT word, b INT DEFAULT - 5, c REAL DEFAULT +1.5e-3, d TEXT DEFAULT (('x' || 'y')), e TEXT DEFAULT ('a' || char(39) || 'b'), f INT DEFAULT (CASE WHEN 1 < 2 THEN 7 END), g TEXT DEFAULT 'CURRENT_TIMESTAMP', h TEXT DEFAULT '
', i INT DEFAULT (abs(-3)), j TEXT DEFAULT '(x)', l TEXT DEFAULT 'now');")
            .takes("INSERT INTO t DEFAULT VALUES")
            .same("SELECT a || b || d || e || f || g || h || i || j || l FROM t")
            .finds("SELECT c FROM t", ["0.0015"]),
        case("foreign keys in each way to say them", "CREATE TABLE p (id INTEGER PRIMARY KEY, a TEXT UNIQUE); CREATE TABLE c (id INTEGER PRIMARY KEY, x INT CONSTRAINT named REFERENCES P (ID) MATCH FULL ON DELETE NO ACTION ON UPDATE CASCADE NOT DEFERRABLE INITIALLY DEFERRED, y TEXT REFERENCES \"p\"('a') ON DELETE SET NULL NOT NULL DEFAULT 'k', z INT, FOREIGN KEY ([z]) REFERENCES p ON DELETE SET DEFAULT); INSERT INTO p VALUES (1, 'k'); INSERT INTO c VALUES (1, 1, 'k', 1);")
            .finds("SELECT count(*) FROM pg_constraint WHERE conrelid = 'c'::regclass AND contype = 'f' AND convalidated", ["3"])
            .refuses("INSERT INTO c VALUES (2, 9, 'k', 1)"),
        case("types in each way to say them", "CREATE TABLE t (a VARYING CHARACTER (70), b NATIVE CHARACTER(70), c DECIMAL(10,-2), d UNSIGNED BIG INT, e DOUBLE PRECISION, f \"my type\", g FLOATING POINT, h CHARINT, i timestamp with time zone, j NUMERIC ( 5 ), k INT8, l NCHAR(55), m Date_Time, n BIT, o MONEY, p SERIAL);
            INSERT INTO t VALUES ('x', 'y', 1.5, 2, 3, 4, 5.0, 6, 1714570000, 7, 8, 'z', '2024-05-01', 1, 9.99, 10);")
            .types("t", "text, text, numeric, bigint, double precision, bigint, bigint, bigint, timestamp with time zone, numeric, bigint, text, date, bigint, numeric, bigint, bigint!"),
        case("indexes in each way to say them", "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b INT); CREATE UNIQUE INDEX IF NOT EXISTS main.one ON t (\"a\" COLLATE NOCASE ASC, b DESC) WHERE b > 0 AND a IS NOT NULL; CREATE INDEX two ON t (b + 1, a COLLATE RTRIM); CREATE INDEX three ON t ('a'); CREATE INDEX four ON t (\"nothing\"); INSERT INTO t VALUES (1, 'x', 1);")
            .refuses("INSERT INTO t VALUES (2, 'X', 1)")
            .takes("INSERT INTO t VALUES (2, 'X', 2)")
            .leaves(["the index four of t"]),
        case("computed columns in each way to say them", "CREATE TABLE t (id INTEGER PRIMARY KEY, a INT, b AS (a + 1), c TEXT GENERATED ALWAYS AS ('x' || a) VIRTUAL NOT NULL, d INT GENERATED ALWAYS AS (a) STORED CHECK (d < 9), \"e f\" INT AS (\"a\")); INSERT INTO t (a) VALUES (1);")
            .finds("SELECT b, c, d, \"e f\" FROM t", ["2|x1|1|1"])
            .refuses("INSERT INTO t (a) VALUES (9)")
            .takes("INSERT INTO t (a) VALUES (8)")
            .same("SELECT b || c FROM t ORDER BY a"),
    ])
    .await;
}
