//! Plans for real files: what a person reads, and what they edit.

use rusqlite::Connection;
use tempfile::TempDir;
use transfer::{ColumnProfile, Definition, Misfits, NoCase, Plan, Schema, SqliteFile};

const ODD: &str = "
    CREATE TABLE odd (id INTEGER PRIMARY KEY, n INTEGER NOT NULL, flag BOOLEAN, at DATETIME, seen DATETIME, born DATE, doc JSON,
      price DECIMAL(10,2), note TEXT, \"a \"\"b\"\"\" VARCHAR(191), day DATETIME, x, label TEXT, secret TEXT);
    INSERT INTO odd VALUES
      (1, 1, 1, '2024-05-01', 1714570000000, '2024-05-01', '{}', 12.5, 'hello', 'v', 2460431.5, 1, '12.50', 'hunter2'),
      (2, 'many', 'yes', '2024-05-01 10:00:00', 1714580000000, '2024-05-02', '{oops', 'n/a', 'a' || char(0), 'w', 2460432.25, 'one', '3', 'hunter3'),
      (3, 1007, 2, '2024-05-02 10:00:00', 1717570000000, NULL, NULL, 3, NULL, NULL, NULL, x'00ff', NULL, NULL);
    CREATE TABLE empty (at DATETIME, b);
    CREATE TABLE nameless (k TEXT PRIMARY KEY, v REAL);
    INSERT INTO nameless VALUES ('a', 1.5), (NULL, 2);";

/// A file, and what was found in it.
struct Seen {
    schema: Schema,
    profiles: Vec<Vec<ColumnProfile>>,
}

impl Seen {
    fn of(sql: &str) -> Self {
        let folder = TempDir::new().expect("a folder");
        let path = folder.path().join("app.db");
        Connection::open(&path).expect("opens").execute_batch(sql).expect("runs");
        let file = SqliteFile::open(&path).expect("opens");
        let schema = file.schema().expect("a schema");
        let profiles =
            schema.tables.iter().map(|table| file.profile(table, |_| ()).expect("reads")).collect();
        Self { schema, profiles }
    }

    fn lossless(&self) -> Plan {
        Plan::lossless(&self.schema, &self.profiles, "public")
    }

    fn described(&self, plan: &Plan) -> String {
        plan.describe(&self.schema, &self.profiles)
    }

    fn written(&self) -> String {
        self.lossless().to_toml(&self.schema, Some(&self.profiles))
    }
}

#[test]
fn a_plan_is_read_by_people() {
    let odd = Seen::of(ODD);
    insta::assert_snapshot!(odd.described(&odd.lossless()), @r#"
    3 tables into the schema "public" of PostgreSQL: 5 rows, 256 bytes of cells

    odd: 3 rows, key id
      id      INTEGER      → bigint            3 integers from 1 to 3
    ! n       INTEGER      → text              2 integers from 1 to 1,007, 1 text such as 'many'
                                               not bigint, for there are numbers and texts
    ! flag    BOOLEAN      → text              2 integers from 1 to 2, 1 text such as 'yes'
                                               not boolean, for there are numbers and texts
    ! at      DATETIME     → text              2 texts like 2024-05-01 13:45:00, 1 text like 2024-05-01
                                               not timestamp, for there are texts of several spellings
      seen    DATETIME     → timestamptz       3 integers (ms, 2024-05-01 to 2024-06-05)
      born    DATE         → date              2 texts like 2024-05-01, 1 NULL
    ! doc     JSON         → text              1 JSON document, 1 other text such as '{oops', 1 NULL
                                               not json, for there are other texts
    ! price   DECIMAL(10,… → text              1 integer (3), 1 real, 1 text such as 'n/a'
                                               not numeric, for there are numbers and texts
    ! note    TEXT         → bytea             2 texts of up to 5 bytes (1 with U+0000), 1 NULL
                                               not text, for there are texts that PostgreSQL does not
                                               take for such
      a "b"   VARCHAR(191) → text              2 texts of up to 1 byte, 1 NULL
    ! day     DATETIME     → double precision  2 reals (days of Julian's count), 1 NULL
                                               not timestamp, for there are other numbers
      x       no type      → bytea             1 integer (1), 1 text of up to 3 bytes, 1 blob of up to 2
                                               bytes
                                               2 cells come back as another class, and are remembered
      label   TEXT         → text              2 texts of up to 5 bytes (numbers), 1 NULL
      secret  TEXT         → text              2 texts of up to 7 bytes, 1 NULL

    empty: 0 rows, key rowid
      at  DATETIME → timestamp  no rows
      b   no type  → text       no rows

    nameless: 2 rows, key rowid
      k  TEXT → text              1 text of up to 1 byte, 1 NULL
      v  REAL → double precision  2 reals

    as declared, or as it is  11 columns
    another type (!)          7 columns
    remembered                2 cells
    needs your decision       nothing
    "#);
}

#[test]
fn a_plan_is_edited_by_people() {
    let odd = Seen::of(ODD);
    let written = odd.written();
    let without_head = &written[written.find("version").expect("a version")..];
    insta::assert_snapshot!(without_head, @r#"
    version = 1
    target = "public"
    no_case = "expression index"

    [tables.odd]  # 3 rows
    key = ["id"]
    [tables.odd.columns]
    id = { type = "bigint" }                                     # INTEGER: 3 integers from 1 to 3
    n = { type = "text" }                                        # INTEGER: 2 integers from 1 to 1,007, 1 text such as 'many'
                                                                 # not bigint, for there are numbers and texts
    # n = { type = "bigint", misfits = "cast" }                  # 1 cell would be cast; "reject" is possible, too
    flag = { type = "text" }                                     # BOOLEAN: 2 integers from 1 to 2, 1 text such as 'yes'
                                                                 # not boolean, for there are numbers and texts
    # flag = { type = "boolean", misfits = "null" }              # 2 cells would become NULL; "cast" and "reject" are possible, too
    at = { type = "text" }                                       # DATETIME: 2 texts like 2024-05-01 13:45:00, 1 text like 2024-05-01
                                                                 # not timestamp, for there are texts of several spellings
    # at = { type = "timestamp", stored_as = "2024-05-01 13:45:00", misfits = "cast" }  # 1 cell would be cast; "null" and "reject" are possible, too
    seen = { type = "timestamptz", stored_as = "milliseconds" }  # DATETIME: 3 integers (ms, 2024-05-01 to 2024-06-05)
    born = { type = "date", stored_as = "2024-05-01" }           # DATE: 2 texts like 2024-05-01, 1 NULL
    doc = { type = "text" }                                      # JSON: 1 JSON document, 1 other text such as '{oops', 1 NULL
                                                                 # not json, for there are other texts
    # doc = { type = "json", misfits = "cast" }                  # 1 cell would be cast; "null" and "reject" are possible, too
    price = { type = "text" }                                    # DECIMAL(10,2): 1 integer (3), 1 real, 1 text such as 'n/a'
                                                                 # not numeric, for there are numbers and texts
    # price = { type = "numeric", misfits = "null" }             # 1 cell would become NULL; "cast" and "reject" are possible, too
    note = { type = "bytea", stored_as = "text" }                # TEXT: 2 texts of up to 5 bytes (1 with U+0000), 1 NULL
                                                                 # not text, for there are texts that PostgreSQL does not take for such
    # note = { type = "text", misfits = "cast" }                 # 1 cell would be cast; "null" and "reject" are possible, too
    "a \"b\"" = { type = "text" }                                # VARCHAR(191): 2 texts of up to 1 byte, 1 NULL
    day = { type = "double precision" }                          # DATETIME: 2 reals (days of Julian's count), 1 NULL
                                                                 # not timestamp, for there are other numbers
    # day = { type = "timestamp", stored_as = "2024-05-01 13:45:00", misfits = "cast" }  # 2 cells would be cast; "null" and "reject" are possible, too
    x = { type = "bytea", stored_as = "blob" }                   # no type: 1 integer (1), 1 text of up to 3 bytes, 1 blob of up to 2 bytes
                                                                 # 2 cells come back as another class, and are remembered
    label = { type = "text" }                                    # TEXT: 2 texts of up to 5 bytes (numbers), 1 NULL
    secret = { type = "text" }                                   # TEXT: 2 texts of up to 7 bytes, 1 NULL

    [tables.empty]  # 0 rows
    key = "rowid"
    [tables.empty.columns]
    at = { type = "timestamp", stored_as = "2024-05-01 13:45:00" }  # DATETIME: no rows
    b = { type = "text" }                                           # no type: no rows

    [tables.nameless]  # 2 rows
    key = "rowid"
    [tables.nameless.columns]
    k = { type = "text" }              # TEXT: 1 text of up to 1 byte, 1 NULL
    v = { type = "double precision" }  # REAL: 2 reals
    "#);
}

/// Each line that only waits for its `#` to be taken away, in place of what it is another possibility for.
fn with_alternatives(text: &str) -> String {
    let mut lines: Vec<&str> = Vec::new();
    for line in text.lines() {
        match line.strip_prefix("# ").filter(|line| line.contains(" = { type")) {
            Some(alternative) => {
                let name = alternative.split(" = ").next().expect("a name");
                lines.retain(|line| line.split(" = ").next() != Some(name));
                lines.push(alternative);
            }
            None => lines.push(line),
        }
    }
    lines.join("\n")
}

#[test]
fn what_is_suggested_can_be_had() {
    let odd = Seen::of(ODD);
    let plan = Plan::from_toml(&with_alternatives(&odd.written()), &odd.schema).expect("a plan");
    assert_ne!(plan, odd.lossless());
    assert!(
        plan.tables.iter().flat_map(|table| &table.columns).any(|column| column.misfits == Misfits::Cast)
    );
    insta::assert_snapshot!(odd.described(&plan), @r#"
    3 tables into the schema "public" of PostgreSQL: 5 rows, 256 bytes of cells

    odd: 3 rows, key id
      id      INTEGER      → bigint       3 integers from 1 to 3
      n       INTEGER      → bigint       2 integers from 1 to 1,007, 1 text such as 'many'
                                          1 cell does not fit: cast
      flag    BOOLEAN      → boolean      2 integers from 1 to 2, 1 text such as 'yes'
                                          2 cells do not fit: NULL in place of each
      at      DATETIME     → timestamp    2 texts like 2024-05-01 13:45:00, 1 text like 2024-05-01
                                          1 cell does not fit: cast
      seen    DATETIME     → timestamptz  3 integers (ms, 2024-05-01 to 2024-06-05)
      born    DATE         → date         2 texts like 2024-05-01, 1 NULL
      doc     JSON         → json         1 JSON document, 1 other text such as '{oops', 1 NULL
                                          1 cell does not fit: cast
      price   DECIMAL(10,… → numeric      1 integer (3), 1 real, 1 text such as 'n/a'
                                          1 cell does not fit: NULL in place of each
      note    TEXT         → text         2 texts of up to 5 bytes (1 with U+0000), 1 NULL
                                          1 cell does not fit: cast
      a "b"   VARCHAR(191) → text         2 texts of up to 1 byte, 1 NULL
      day     DATETIME     → timestamp    2 reals (days of Julian's count), 1 NULL
                                          2 cells do not fit: cast
      x       no type      → bytea        1 integer (1), 1 text of up to 3 bytes, 1 blob of up to 2
                                          bytes
                                          2 cells come back as another class, and are remembered
      label   TEXT         → text         2 texts of up to 5 bytes (numbers), 1 NULL
      secret  TEXT         → text         2 texts of up to 7 bytes, 1 NULL

    empty: 0 rows, key rowid
      at  DATETIME → timestamp  no rows
      b   no type  → text       no rows

    nameless: 2 rows, key rowid
      k  TEXT → text              1 text of up to 1 byte, 1 NULL
      v  REAL → double precision  2 reals

    as declared, or as it is          18 columns
    another type (!)                  0 columns
    remembered                        2 cells
    changed or left behind by a rule  9 cells
    needs your decision               nothing
    "#);
}

#[test]
fn what_is_as_it_should_be_is_shown_to_nobody() {
    let odd = Seen::of(ODD);
    let said = odd.written() + &odd.described(&odd.lossless());
    assert!(said.contains("'many'"), "{said}");
    for secret in ["hunter", "hello", "12.5"] {
        assert!(!said.contains(secret), "{said}");
    }
}

#[test]
fn a_plan_that_is_read_makes_the_same_database() {
    let seen = Seen::of(
        "CREATE TABLE long (id TEXT PRIMARY KEY, name TEXT COLLATE NOCASE UNIQUE);
         INSERT INTO long VALUES (hex(zeroblob(5000)), 'Ada');",
    );
    let definition = |plan: &Plan| Definition::of(&seen.schema, plan);
    for no_case in [NoCase::ExpressionIndex, NoCase::Citext] {
        let plan = Plan { no_case, ..seen.lossless() };
        let read = Plan::from_toml(&plan.to_toml(&seen.schema, None), &seen.schema).expect("a plan");
        assert_eq!(definition(&read), definition(&plan));
    }
    let mut short = seen.lossless();
    short.tables[0].columns[0].longest = 10;
    assert_ne!(definition(&short), definition(&seen.lossless()), "what is long is indexed otherwise");
}

#[test]
fn columns_that_are_compared_say_so() {
    let linked = Seen::of(
        "CREATE TABLE parent (id UUID PRIMARY KEY); CREATE TABLE child (parent TEXT REFERENCES parent, doc JSON UNIQUE);
         INSERT INTO child (doc) VALUES ('{}'); INSERT INTO parent VALUES ('018f3c5e-7b1a-4c1d-9e2f-0123456789ab');",
    );
    assert!(!linked.written().contains("# parent = "), "{}", linked.written());
    let said = linked.described(&linked.lossless());
    insta::assert_snapshot!(said, @r#"
    2 tables into the schema "public" of PostgreSQL: 2 rows, 38 bytes of cells

    parent: 1 row, key id
      id  UUID → uuid  1 UUID

    child: 1 row, key rowid
    ! parent  TEXT → uuid  1 NULL
                           not text, for a foreign key compares it with others
    ! doc     JSON → text  1 JSON document
                           not json, for an index compares its cells

    as declared, or as it is  1 column
    another type (!)          2 columns
    remembered                0 cells
    needs your decision       nothing
    "#);
}

#[test]
fn what_a_cast_keeps_is_suggested_as_a_cast() {
    let seen = Seen::of(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, j JSON, whole UUID, torn UUID, bytes JSON, e TEXT, f DATE);
         INSERT INTO t VALUES (1, '{}', '018f3c5e-7b1a-4c1d-9e2f-0123456789ab', '018F3C5E7B1A4C1D9E2F0123456789AB', '[]', '', ''),
           (2, 5, '018F3C5E7B1A4C1D9E2F0123456789AB', 'none', x'ff', '', '2024-05-01');",
    );
    let written = seen.written();
    let rule = |name: &str| {
        let line = written.lines().find(|line| line.starts_with(&format!("# {name} = ")));
        line.and_then(|line| line.split("misfits = ").nth(1)?.split('"').nth(1))
    };
    assert_eq!(rule("j"), Some("cast"), "{written}");
    assert_eq!(rule("whole"), Some("cast"), "{written}");
    assert_eq!(rule("torn"), Some("null"), "{written}");
    assert_eq!(rule("bytes"), Some("null"), "{written}");
    assert!(written.contains("# TEXT: 2 empty texts\n"), "{written}");
    assert!(written.contains("# DATE: 1 text like 2024-05-01, 1 other text such as ''"), "{written}");
}

#[test]
fn what_a_schema_needs_and_leaves_is_said_once() {
    let seen = Seen::of(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT);
         CREATE VIEW sums AS SELECT hex(name) AS sum FROM t; CREATE VIEW \"Over Sums\" AS SELECT sum FROM Sums;
         CREATE VIEW top AS SELECT sum FROM \"Over Sums\"; CREATE VIEW lost AS SELECT a FROM gone;
         CREATE TRIGGER one AFTER INSERT ON t BEGIN SELECT 1; END; CREATE TRIGGER two AFTER DELETE ON t BEGIN SELECT 1; END;",
    );
    let sql = |target: &str| {
        let plan = Plan::lossless(&seen.schema, &seen.profiles, target);
        Definition::of(&seen.schema, &plan).to_sql()
    };
    assert!(sql("public").starts_with("CREATE TABLE \"public\".\"t\""), "{}", sql("public"));
    let elsewhere = sql("a \"b\"");
    let first = "CREATE SCHEMA IF NOT EXISTS \"a \"\"b\"\"\";\n\nCREATE TABLE \"a \"\"b\"\"\".\"t\"";
    assert!(elsewhere.starts_with(first), "{elsewhere}");
    let left: Vec<_> = elsewhere.lines().filter_map(|line| line.strip_prefix("-- left behind: ")).collect();
    assert_eq!(
        left[1..],
        [
            "the view Over Sums: Sums: it needs this view, which stays behind",
            "the view top: Over Sums: it needs this view, which stays behind",
            "the view lost: gone: there is no such table in PostgreSQL",
            "the triggers one, two: triggers are not translated",
        ]
    );
}
