//! A database that was made in PostgreSQL becomes a file, and what cannot be said there is listed.

use rusqlite::Connection;
use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection as _, PgConnection};
use tempfile::TempDir;
use testkit::TestDatabase;
use transfer::{
    Existing, Extract, ExtractError, Extracted, Outcome, Plan, Progress, Run, Survey, Target, Verify,
};

use crate::moved::execute;

const SHOP: &str = "
    CREATE TYPE mood AS ENUM ('glad', 'it''s fine');
    CREATE TABLE makers (id bigserial PRIMARY KEY, name varchar(40) NOT NULL UNIQUE, mood mood DEFAULT 'glad', site inet,
      CONSTRAINT named CHECK (name <> ''));
    CREATE TABLE goods (code text, maker bigint NOT NULL REFERENCES makers ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED, price numeric(8, 2) CHECK (price > 0),
      total numeric, weight real, big double precision, is_sold boolean NOT NULL DEFAULT false, meta jsonb DEFAULT '{}', id uuid, picture bytea,
      made timestamp(0) DEFAULT now(), seen timestamptz DEFAULT now(), day date DEFAULT CURRENT_DATE, at time, tags text[], twice numeric GENERATED ALWAYS AS (price * 2) STORED,
      odd text CHECK (odd ~ 'x'), PRIMARY KEY (code, maker));
    CREATE INDEX by_price ON goods (price DESC, code) WHERE is_sold;
    CREATE INDEX by_meta ON goods USING gin (meta);
    CREATE INDEX by_lower ON goods (lower(code));
    CREATE TABLE \"Goods\" (a int);
    CREATE TABLE parts (n int, t text) PARTITION BY RANGE (n);
    CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (0) TO (10);
    CREATE TABLE parts_2 PARTITION OF parts FOR VALUES FROM (10) TO (20);
    CREATE VIEW sold AS SELECT code FROM goods WHERE is_sold;
    CREATE FUNCTION one() RETURNS int LANGUAGE sql AS 'SELECT 1';
    INSERT INTO makers (name, site) VALUES ('Acme', '10.0.0.1'), ('Ümläut', NULL);
    INSERT INTO goods (code, maker, price, total, weight, big, meta, id, picture, made, seen, day, at, tags) VALUES
      ('a', 1, 12.50, 1, 0.5, 'NaN', '5', '0f8fad5b-d9cb-469f-a165-70867728950e', '\\x00ff', '2024-05-01 10:00:00', '2024-05-01 10:00:00.123Z', '2024-05-01', '10:00', '{a,b}'),
      ('b', 1, 3, 2.5, NULL, '-Infinity', '{\"a\": [1.10]}', NULL, NULL, 'infinity', '0044-03-15 10:00:00Z BC', '-infinity', '24:00', NULL);
    INSERT INTO parts VALUES (1, 'one'), (11, 'eleven');
    INSERT INTO \"Goods\" VALUES (1);";

async fn database(sql: &str) -> (TestDatabase, PgConnection, Target) {
    let database = TestDatabase::postgres(&store::Migrations::of([])).await;
    let mut connection = PgConnection::connect(&database.url).await.expect("connects");
    // What the test database has of itself.
    execute(&mut connection, "DROP TABLE IF EXISTS seaql_migrations").await;
    execute(&mut connection, sql).await;
    let target = Target::new(database.url.parse().expect("an address"), "the shop");
    (database, connection, target)
}

fn found(copy: &Connection, sql: &str) -> Vec<String> {
    let mut statement = copy.prepare(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
    statement
        .query_map([], |row| row.get(0))
        .and_then(Iterator::collect)
        .unwrap_or_else(|error| panic!("{sql}: {error}"))
}

async fn extract(target: &Target, folder: &TempDir) -> Result<Extracted, ExtractError> {
    Extract::new(target.clone(), "public", &folder.path().join("shop.db")).run(&Progress::to_nobody()).await
}

#[tokio::test]
async fn what_was_made_there_becomes_what_comes_nearest() {
    let (_database, _connection, target) = database(SHOP).await;
    let folder = TempDir::new().expect("a folder");
    let extracted = extract(&target, &folder).await.unwrap_or_else(|error| panic!("{error}"));
    let copy = Connection::open(folder.path().join("shop.db")).expect("opens");
    let statements =
        "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name <> 'sqlite_sequence' ORDER BY rowid";
    insta::assert_snapshot!(found(&copy, statements).join(";\n"), @r#"
    CREATE TABLE "makers" (
      "id" INTEGER PRIMARY KEY AUTOINCREMENT,
      "name" TEXT NOT NULL,
      "mood" TEXT DEFAULT 'glad' CHECK ("mood" IN ('glad', 'it''s fine')),
      "site" TEXT,
      CONSTRAINT "named" CHECK ((("name") <> '')),
      CONSTRAINT "makers_name_key" UNIQUE ("name")
    );
    CREATE TABLE "goods" (
      "code" TEXT NOT NULL,
      "maker" INTEGER NOT NULL,
      "price" DECIMAL(8, 2),
      "total" DECIMAL,
      "weight" REAL,
      "big" REAL,
      "is_sold" BOOLEAN NOT NULL DEFAULT FALSE,
      "meta" JSON TEXT DEFAULT '{}',
      "id" UUID,
      "picture" BLOB,
      "made" TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
      "seen" TIMESTAMPTZ DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
      "day" DATE DEFAULT CURRENT_DATE,
      "at" TIME,
      "tags" TEXT,
      "twice" DECIMAL,
      "odd" TEXT,
      CONSTRAINT "goods_price_check" CHECK (("price" > (0))),
      CONSTRAINT "goods_pkey" PRIMARY KEY ("code", "maker"),
      CONSTRAINT "goods_maker_fkey" FOREIGN KEY ("maker") REFERENCES "makers" ("id") ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
    );
    CREATE TABLE "Goods_2" (
      "a" INTEGER
    );
    CREATE TABLE "parts" (
      "n" INTEGER,
      "t" TEXT
    );
    CREATE INDEX "by_price" ON "goods" ("price" DESC, "code") WHERE "is_sold"
    "#);
    let cells = "SELECT concat_ws('|', code, maker, quote(price), quote(total), quote(weight), quote(big), is_sold, quote(meta), id, quote(picture), made, seen, day, at, tags, quote(twice)) FROM goods ORDER BY code";
    assert_eq!(
        found(&copy, cells),
        [
            "a|1|12.5|1|0.5|'NaN'|0|'5'|0f8fad5b-d9cb-469f-a165-70867728950e|X'00FF'|2024-05-01 10:00:00|2024-05-01T10:00:00.123Z|2024-05-01|10:00:00|{a,b}|25",
            "b|1|3|2.5|NULL|-9.0e+999|0|'{\"a\": [1.10]}'|NULL|infinity|0044-03-15 10:00:00+00 BC|-infinity|24:00:00|6",
        ]
    );
    assert_eq!(found(&copy, "SELECT n || t FROM parts ORDER BY n"), ["1one", "11eleven"]);
    assert_eq!(
        found(&copy, "SELECT name || mood || seq FROM makers, (SELECT seq FROM sqlite_sequence)"),
        ["Acmeglad2", "Ümläutglad2"]
    );
    let left: Vec<_> = extracted.left_behind.iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(left.join("\n"), @r"
    that goods.twice is computed: its values are here as if they had been written
    the constraint goods_odd_check of goods: it is not said in the same way in SQLite
    the index by_meta of goods: SQLite has no such index
    the index by_lower of goods: SQLite has no such index
    the view sold: views are not translated
    the function one: functions are not translated
    ");
    let unfit: Vec<_> = extracted
        .unfit
        .iter()
        .map(|unfit| format!("{}.{}: {}", unfit.key.join(" "), unfit.column, unfit.value))
        .collect();
    assert_eq!(
        unfit,
        [
            "a 1.big: NaN",
            "b 1.made: infinity",
            "b 1.seen: 0044-03-15 10:00:00+00 BC",
            "b 1.day: -infinity",
            "b 1.at: 24:00:00"
        ]
    );
    assert_eq!(extracted.problems, Vec::<String>::new());
    assert!(copy.execute("INSERT INTO makers (name) VALUES ('')", []).is_err(), "a CHECK");
    copy.execute("INSERT INTO goods (code, maker) VALUES ('c', 1)", []).expect("defaults");
    let defaults = "SELECT quote(meta) || (made GLOB '????-??-?? ??:??:??') || (seen GLOB '????-??-??T??:??:??.???Z') FROM goods WHERE code = 'c'";
    assert_eq!(found(&copy, defaults), ["'{}'11"]);
}

#[tokio::test]
async fn a_copy_goes_back_to_the_same_types() {
    let (_database, mut connection, target) = database(
        "CREATE TABLE t (id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, a boolean, b numeric(10, 3), c double precision, d date, e time,
           f timestamp, g timestamptz, h uuid, i json, j bytea, k text);
         INSERT INTO t (a, b, c, d, e, f, g, h, i, j, k) SELECT true, 1.125, 2, '2024-05-01', '10:00:01', '2024-05-01 10:00:00.5', now(),
           '0f8fad5b-d9cb-469f-a165-70867728950e', '[1]', '\\x00', 'k' FROM generate_series(1, 3); CREATE SCHEMA again;",
    )
    .await;
    let folder = TempDir::new().expect("a folder");
    extract(&target, &folder).await.unwrap_or_else(|error| panic!("{error}"));
    let path = folder.path().join("shop.db");
    let Survey { schema, profiles } = Survey::of(&path, 1, &Progress::to_nobody()).expect("reads");
    let plan = Plan::lossless(&schema, &profiles, "again");
    let run = Run::new(&path, plan.clone(), target.clone(), 1).expect("opens");
    run.run(Existing::Refuse, &Progress::to_nobody()).await.unwrap_or_else(|error| panic!("{error}"));
    let report = Verify::new(&path, plan, target)
        .expect("opens")
        .verify(&Progress::to_nobody())
        .await
        .expect("verifies");
    assert_eq!(report.outcome(), Outcome::Equal, "{report}");
    let columns = "id, a, b::numeric, c, d, e, f, g, h, i::text, j, k";
    let different = format!(
        "DO $$ BEGIN IF EXISTS (SELECT {columns} FROM public.t EXCEPT SELECT {columns} FROM again.t) \
         OR (SELECT count(*) FROM (SELECT attname, format_type(atttypid, NULL) \
             FROM pg_attribute WHERE attrelid IN ('public.t'::regclass, 'again.t'::regclass) AND attnum > 0 GROUP BY 1, 2) AS types) <> 12 \
         THEN RAISE 'different'; END IF; END $$"
    );
    execute(&mut connection, &different).await;
}

#[tokio::test]
async fn what_cannot_be_is_said_and_nothing_is_left() {
    let (_database, _connection, target) = database("CREATE TABLE t (a int)").await;
    let folder = TempDir::new().expect("a folder");
    let nowhere = Extract::new(target.clone(), "nowhere", &folder.path().join("shop.db"))
        .run(&Progress::to_nobody())
        .await;
    assert_eq!(
        nowhere.expect_err("none").to_string(),
        "the shop has no schema nowhere, or this user may not see it"
    );
    assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 0, "nothing is left");
    std::fs::write(folder.path().join("shop.db"), "mine").expect("writes");
    let refused = extract(&target, &folder).await.expect_err("a file");
    assert!(refused.to_string().contains("shop.db is there already, and stays as it is"), "{refused}");
    assert_eq!(std::fs::read(folder.path().join("shop.db")).expect("reads"), b"mine");
    let missing =
        Extract::new(target, "public", &folder.path().join("no/shop.db")).run(&Progress::to_nobody()).await;
    assert!(missing.expect_err("no folder").to_string().contains("shop.db cannot be written: No such file"));
}

#[tokio::test]
async fn whoever_may_not_read_gets_no_file() {
    let (database, mut connection, _) = database("CREATE TABLE t (a int); CREATE TABLE u (a int)").await;
    let role = format!(
        "reader_of_{}",
        database.url.rsplit('/').next().expect("a name").split('?').next().expect("a name")
    );
    execute(&mut connection, &format!("CREATE ROLE {role}; GRANT SELECT ON t TO {role}")).await;
    let options: PgConnectOptions = database.url.parse().expect("an address");
    let target = Target::new(options.options([("role", role.as_str())]), "the shop");
    let folder = TempDir::new().expect("a folder");
    let refused = extract(&target, &folder).await.expect_err("no rights").to_string();
    assert_eq!(refused, "the shop refuses to give the rows of u: permission denied for table u");
    assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 0, "nothing is left");
    // Rows that are hidden from somebody are not left out in silence.
    let hidden = "GRANT SELECT ON u TO {role}; ALTER TABLE u ENABLE ROW LEVEL SECURITY";
    execute(&mut connection, &hidden.replace("{role}", &role)).await;
    let refused = extract(&target, &folder).await.expect_err("no rights").to_string();
    assert!(refused.contains("row-level security"), "{refused}");
    execute(&mut connection, &format!("DROP OWNED BY {role}; DROP ROLE {role}")).await;
}
