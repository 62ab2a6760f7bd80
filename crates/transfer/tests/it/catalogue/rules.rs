//! Plans that somebody has edited: each rule, and what it leaves behind.

use rusqlite::Connection;
use tempfile::TempDir;
use testkit::TestDatabase;
use transfer::{Existing, Plan, Progress, Run, RunError, Survey, Target};

use super::{case, prove};

const ODD: &str = "CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER); INSERT INTO t VALUES (1, 7), (2, 'many'), (3, '12kg'), (4, NULL), (5, 1.5);
    CREATE TABLE c (id INTEGER PRIMARY KEY, t INT REFERENCES t); INSERT INTO c VALUES (1, 1), (2, 2);";
const LOSSLESS: &str = "n = { type = \"text\" }";

#[tokio::test]
async fn rules() {
    prove(vec![
        case("keep as text", ODD)
            .edited(LOSSLESS, "n = { type = \"bigint\", misfits = \"keep as text\" }")
            .types("t", "bigint!, text")
            .finds("SELECT n FROM t ORDER BY id", ["7", "many", "12kg", "NULL", "1.5"]),
        case("cast", ODD)
            .edited(LOSSLESS, "n = { type = \"bigint\", misfits = \"cast\" }")
            .types("t", "bigint!, bigint")
            .finds("SELECT n FROM t ORDER BY id", ["7", "0", "12", "NULL", "1"])
            .ledger(["t [2] n text many -> 0 cast", "t [3] n text 12kg -> 12 cast", "t [5] n real 1.5 -> 1 cast"]),
        case("null", ODD)
            .edited(LOSSLESS, "n = { type = \"bigint\", misfits = \"null\" }")
            .types("t", "bigint!, bigint")
            .finds("SELECT n FROM t ORDER BY id", ["7", "NULL", "NULL", "NULL", "NULL"])
            .ledger(["t [2] n text many -> NULL null", "t [3] n text 12kg -> NULL null", "t [5] n real 1.5 -> NULL null"]),
        case("reject, with others that point to such rows", ODD)
            .edited(LOSSLESS, "n = { type = \"bigint\", misfits = \"reject\" }")
            .types("t", "bigint!, bigint")
            .finds("SELECT id, n FROM t ORDER BY id", ["1|7", "4|NULL"])
            .ledger([
                "t [2] id integer 2 -> NULL reject",
                "t [2] n text many -> NULL reject",
                "t [3] id integer 3 -> NULL reject",
                "t [3] n text 12kg -> NULL reject",
                "t [5] id integer 5 -> NULL reject",
                "t [5] n real 1.5 -> NULL reject",
            ])
            .troubles(["insert or update on table \"c\" violates foreign key constraint \"c_t_fkey\" (Key (t)=(2) is not present in table \"t\"): what is there stays"]),
        case("reject, of a table without a key", "CREATE TABLE t (a BOOLEAN, b BLOB); INSERT INTO t VALUES (1, x'00'), (2, x'01'), (0, 'text');")
            .edited("a = { type = \"bigint\" }", "a = { type = \"boolean\", misfits = \"reject\" }")
            .types("t", "boolean, bytea, bigint!")
            .finds("SELECT a, b, rowid FROM t ORDER BY rowid", ["t|\\x00|1", "f|\\x74657874|3"])
            .ledger([
                "t [2] a integer 2 -> NULL reject",
                "t [2] b blob x'01' -> NULL reject",
                "t [2] rowid integer 2 -> NULL reject",
                "t [3] b text text -> text remembered",
            ]),
        case("reject, where rows that go make a unique index whole", "CREATE TABLE t (id INTEGER PRIMARY KEY, n INT UNIQUE); INSERT INTO t VALUES (1, 1), (2, 'x');")
            .edited("n = { type = \"text\" }", "n = { type = \"bigint\", misfits = \"reject\" }")
            .finds("SELECT n FROM t", ["1"])
            .ledger(["t [2] id integer 2 -> NULL reject", "t [2] n text x -> NULL reject"]),
        case("cast, where two become the same in a unique index", "CREATE TABLE t (id INTEGER PRIMARY KEY, n INT UNIQUE); INSERT INTO t VALUES (1, 1), (2, '1x');")
            .edited("n = { type = \"text\" }", "n = { type = \"bigint\", misfits = \"cast\" }")
            .finds("SELECT n FROM t ORDER BY id", ["1", "1"])
            .ledger(["t [2] n text 1x -> 1 cast"])
            .troubles(["could not create unique index \"t_n_key\" (Key (n)=(1) is duplicated): PostgreSQL takes for the same what SQLite tells apart"]),
        case("a key that somebody has chosen", "CREATE TABLE t (a INT, b TEXT); INSERT INTO t VALUES (1, 'x'), (2, 'y');")
            .edited("key = \"rowid\"", "key = [\"a\"]")
            .types("t", "bigint!, text")
            .finds("SELECT a, b FROM t ORDER BY a", ["1|x", "2|y"]),
        case("a key that somebody has chosen, and is none", "CREATE TABLE t (a INT, b TEXT); INSERT INTO t VALUES (1, 'x'), (1, 'y');")
            .edited("key = \"rowid\"", "key = [\"a\"]")
            .finds("SELECT a, b FROM t ORDER BY b", ["1|x", "1|y"])
            .troubles(["could not create unique index \"t_pkey\" (Key (a)=(1) is duplicated)"]),
        case("cast, to what is cut off", "CREATE TABLE t (id INTEGER PRIMARY KEY, b BOOLEAN, j JSON, u UUID, x TEXT); INSERT INTO t VALUES (1, 'yes', '{oops', '018F3C5E7B1A4C1D9E2F0123456789AB', 'a' || char(0)), (2, 1, '{}', NULL, 'b');")
            .edited("b = { type = \"text\" }", "b = { type = \"boolean\", misfits = \"cast\" }")
            .edited("j = { type = \"text\" }", "j = { type = \"json\", misfits = \"cast\" }")
            .edited("u = { type = \"text\" }", "u = { type = \"uuid\", misfits = \"cast\" }")
            .edited("x = { type = \"bytea\", stored_as = \"text\" }", "x = { type = \"text\", misfits = \"cast\" }")
            .types("t", "bigint!, boolean, json, uuid, text")
            .finds("SELECT b, j, u, x FROM t ORDER BY id", ["t|\"{oops\"|018f3c5e-7b1a-4c1d-9e2f-0123456789ab|a\u{fffd}", "t|{}|NULL|b"])
            .ledger([
                "t [1] b text yes -> 1 cast",
                "t [1] j text {oops -> \"{oops\" cast",
                "t [1] u text 018F3C5E7B1A4C1D9E2F0123456789AB -> 018f3c5e-7b1a-4c1d-9e2f-0123456789ab cast",
                "t [1] x text a\u{2400} -> a\u{fffd} cast",
            ]),
    ])
    .await;
}

/// What a move says that stops at a cell.
async fn stopped(sql: &str, this: &str, that: &str) -> String {
    let folder = TempDir::new().expect("a folder");
    let path = folder.path().join("app.db");
    Connection::open(&path).expect("opens").execute_batch(sql).expect("runs");
    let Survey { schema, profiles } = Survey::of(&path, 1, &Progress::to_nobody()).expect("reads");
    let written = Plan::lossless(&schema, &profiles, "public").to_toml(&schema, Some(&profiles));
    assert!(written.contains(this), "{written}");
    let plan = Plan::from_toml(&written.replacen(this, that, 1), &schema).expect("a plan");
    let database = TestDatabase::postgres(&store::Migrations::of([])).await;
    let target = Target::new(database.url.parse().expect("an address"), "the target");
    let run = Run::new(&path, plan, target, 1).expect("opens");
    let error = run.run(Existing::Keep, &Progress::to_nobody()).await.expect_err("stops");
    assert!(matches!(error, RunError::Misfit(_)), "{error:?}");
    error.to_string()
}

#[tokio::test]
async fn what_nobody_has_decided_stops_the_move() {
    assert_eq!(
        stopped(ODD, LOSSLESS, "n = { type = \"bigint\" }").await,
        "t.n is bigint, and \"many\", a text in the row [2], is not. Give the column a wider type in the plan, or say what \
         becomes of such cells: misfits = \"cast\", \"null\" or \"reject\""
    );
    let sql = "CREATE TABLE \"my table\" (a TEXT, b BLOB, PRIMARY KEY (a, b)) WITHOUT ROWID; INSERT INTO \"my table\" VALUES ('x', x'00'), ('y', 'text');";
    let said =
        stopped(sql, "b = { type = \"bytea\", stored_as = \"blob\" }", "b = { type = \"text\" }").await;
    assert!(
        said.starts_with(
            "my table.b is text, and \"x'00'\", a blob in the row [\"x\",{\"blob\":\"00\"}], is not."
        ),
        "{said}"
    );
    // What a cast makes nothing of.
    let sql = "CREATE TABLE t (id INTEGER PRIMARY KEY, at DATETIME); INSERT INTO t VALUES (1, '2024-05-01'), (2, 'never');";
    let said = stopped(sql, "at = { type = \"text\" }", "at = { type = \"date\", misfits = \"cast\" }").await;
    assert!(said.starts_with("t.at is date, and \"never\", a text in the row [2], is not."), "{said}");
}
