//! Names of all kinds.

use super::{case, prove};

#[tokio::test]
async fn names() {
    let long = "x".repeat(70);
    prove(vec![
        case("reserved words", "CREATE TABLE \"select\" (\"from\" INT, \"where\" TEXT, \"order\" INT, \"user\" TEXT, \"all\" INT); INSERT INTO \"select\" VALUES (1, 'x', 2, 'y', 3); CREATE TABLE \"table\" (\"primary\" INTEGER PRIMARY KEY, \"column\" INT REFERENCES \"table\"); CREATE INDEX \"index\" ON \"select\" (\"order\");")
            .finds("SELECT \"from\", \"where\", \"order\", \"user\", \"all\" FROM \"select\"", ["1|x|2|y|3"]),
        case("capitals and small letters", "CREATE TABLE \"User\" (\"createdAt\" INT, \"ID\" INTEGER PRIMARY KEY); INSERT INTO \"User\" VALUES (1, 2); CREATE TABLE UPPER (Name TEXT); INSERT INTO upper VALUES ('x');")
            .finds("SELECT \"createdAt\", \"ID\" FROM \"User\"", ["1|2"])
            .finds("SELECT \"Name\" FROM \"UPPER\"", ["x"]),
        case("longer than 63 bytes", format!("CREATE TABLE \"{long}a\" (\"{long}a\" INT, \"{long}b\" INT); CREATE TABLE \"{long}b\" (\"{}\" INT); INSERT INTO \"{long}a\" VALUES (1, 2); INSERT INTO \"{long}b\" VALUES (3);", "ä".repeat(40)))
            .finds("SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()", ["2"])
            .finds("SELECT max(octet_length(tablename)) FROM pg_tables WHERE schemaname = current_schema()", ["63"]),
        case("in all scripts", "CREATE TABLE \"таблица 表 🦀\" (\"größe\" INT, \"名\" TEXT); INSERT INTO \"таблица 表 🦀\" VALUES (1, 'x');")
            .finds("SELECT \"größe\", \"名\" FROM \"таблица 表 🦀\"", ["1|x"]),
        case("with quotes and more", "CREATE TABLE \"a\"\"b'c\" (\"d\"\"e\" INT, \"f'g\" INT, \"h.i\" INT, \"j;--k\" INT, \"l\nm\" INT, [n o] INT, `p``q` INT, \"%s\" INT, \"r\\s\" INT, \"$1\" INT); INSERT INTO \"a\"\"b'c\" VALUES (1, 2, 3, 4, 5, 6, 7, 8, 9, 10);")
            .finds("SELECT \"d\"\"e\", \"f'g\", \"h.i\", \"j;--k\", \"l\nm\", \"n o\", \"p`q\", \"%s\", \"r\\s\", \"$1\" FROM \"a\"\"b'c\"", ["1|2|3|4|5|6|7|8|9|10"]),
        case("none at all", "CREATE TABLE \"\" (\"\" INT, \" \" INT); INSERT INTO \"\" VALUES (1, 2); CREATE TABLE unnamed (a INT);")
            .finds("SELECT unnamed, \" \" FROM unnamed", ["1|2"])
            .finds("SELECT count(*) FROM unnamed_2", ["0"]),
        case("that PostgreSQL has itself", "CREATE TABLE pg_class (oid INT, xmin INT, tableoid INT); INSERT INTO pg_class VALUES (1, 2, 3); CREATE TABLE information_schema (a INT); CREATE TABLE mainstay_transfer (a INT);")
            .finds("SELECT relname FROM pg_catalog.pg_class WHERE relnamespace = quote_ident(current_schema())::regnamespace AND relkind = 'r' ORDER BY 1", ["information_schema", "mainstay_transfer", "pg_class"]),
        case("of a trigger's or a view's parts that are alike", "CREATE TABLE t (id INTEGER PRIMARY KEY, t INT); CREATE VIEW t_t AS SELECT t FROM t; CREATE INDEX t_id_seq ON t (t); INSERT INTO t VALUES (1, 2);")
            .same("SELECT CAST(t AS TEXT) FROM t_t"),
    ])
    .await;
}
