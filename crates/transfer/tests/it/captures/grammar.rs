//! A schema with whatever makes following hard, and statements without end that write to it.

/// Keys and constraints of all kinds, cascades, and triggers of the app's own.
pub(super) const SCHEMA: &str = "
    CREATE TABLE users (id TEXT PRIMARY KEY NOT NULL, email TEXT COLLATE NOCASE UNIQUE, name TEXT, deleted INT);
    CREATE UNIQUE INDEX living ON users (name) WHERE deleted = 0;
    CREATE UNIQUE INDEX alike ON users (lower(name), deleted + 1);
    CREATE TABLE posts (id INTEGER PRIMARY KEY AUTOINCREMENT, author TEXT REFERENCES users ON DELETE CASCADE ON UPDATE CASCADE,
      slug TEXT NOT NULL DEFAULT 'a', likes INT, UNIQUE (author, slug));
    CREATE UNIQUE INDEX liked ON posts (upper(slug) COLLATE NOCASE) WHERE likes > 2;
    CREATE TABLE marks (name TEXT NOT NULL, post INT NOT NULL REFERENCES posts ON DELETE CASCADE, stars INT UNIQUE, PRIMARY KEY (name, post)) WITHOUT ROWID;
    CREATE TABLE tree (id INTEGER PRIMARY KEY, up INT REFERENCES tree ON DELETE CASCADE ON UPDATE CASCADE, v UNIQUE);
    CREATE TABLE loose (a, b);
    CREATE TABLE unique_only (a UNIQUE, b TEXT COLLATE NOCASE);
    CREATE UNIQUE INDEX both ON unique_only (b, a DESC);
    CREATE TABLE untyped (k PRIMARY KEY NOT NULL, v UNIQUE ON CONFLICT REPLACE);
    CREATE TABLE nocase (k TEXT COLLATE NOCASE NOT NULL, j ANY NOT NULL, v, PRIMARY KEY (k, j)) WITHOUT ROWID;
    CREATE TABLE nullable (k TEXT PRIMARY KEY COLLATE RTRIM, v UNIQUE);
    CREATE TABLE computed (id INTEGER PRIMARY KEY, n INT, twice INT AS (n * 2) UNIQUE, kept TEXT AS (n || 'x') STORED);
    CREATE TABLE noticed (n INTEGER PRIMARY KEY, what UNIQUE);
    CREATE TRIGGER first AFTER INSERT ON users BEGIN INSERT OR REPLACE INTO noticed (what) VALUES (NEW.id); END;
    CREATE TRIGGER second BEFORE DELETE ON posts BEGIN UPDATE loose SET b = OLD.slug WHERE a = OLD.likes; END;
    CREATE TRIGGER third BEFORE UPDATE ON tree WHEN NEW.v = 2 BEGIN DELETE FROM untyped WHERE k = 2; SELECT RAISE(IGNORE) WHERE NEW.up = 3; END;
    CREATE TRIGGER fourth AFTER UPDATE ON untyped WHEN NEW.v IS NOT 1 BEGIN UPDATE OR REPLACE untyped SET v = 1 WHERE k = 3; END;";

const TABLES: [(&str, &[&str]); 11] = [
    ("users", &["id", "email", "name", "deleted"]),
    ("posts", &["id", "author", "slug", "likes", "rowid"]),
    ("marks", &["name", "post", "stars"]),
    ("tree", &["id", "up", "v", "oid"]),
    ("loose", &["a", "b", "rowid"]),
    ("unique_only", &["a", "b", "_rowid_"]),
    ("untyped", &["k", "v", "rowid"]),
    ("nocase", &["k", "j", "v"]),
    ("nullable", &["k", "v", "rowid"]),
    ("computed", &["id", "n"]),
    ("noticed", &["n", "what"]),
];

const VALUES: [&str; 20] = [
    "NULL",
    "NULL",
    "0",
    "1",
    "2",
    "3",
    "-1",
    "'a'",
    "'A'",
    "'b'",
    "'B'",
    "'b '",
    "'1'",
    "1.0",
    "2.5",
    "x'61'",
    "''",
    "9e18",
    "-9223372036854775807",
    "'naïve'",
];

/// Numbers that follow from a first one (splitmix64).
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % limit as u64).expect("small")
    }

    pub(crate) fn of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }
}

/// A statement that writes.
pub(super) fn write(chance: &mut Chance) -> String {
    let (table, columns) = chance.of(&TABLES);
    let policy = chance.of(&["", "", "OR REPLACE ", "OR REPLACE ", "OR IGNORE ", "OR FAIL "]);
    let (one, other) = (chance.of(columns), chance.of(columns));
    let value = |chance: &mut Chance| chance.of(&VALUES);
    match chance.below(12) {
        0..6 => {
            let given: Vec<_> =
                columns.iter().copied().filter(|name| !name.contains("id") || chance.below(2) == 0).collect();
            let given = if given.is_empty() { columns.to_vec() } else { given };
            let values: Vec<_> = given.iter().map(|_| value(chance)).collect();
            let upsert = if chance.below(4) == 0 {
                format!(" ON CONFLICT DO UPDATE SET {one} = {}", value(chance))
            } else {
                String::new()
            };
            format!(
                "INSERT {policy}INTO {table} ({}) VALUES ({}){upsert}",
                given.join(", "),
                values.join(", ")
            )
        }
        6 => format!("INSERT {policy}INTO {table} ({one}) SELECT {other} FROM {table} LIMIT 3"),
        7..9 => {
            format!("UPDATE {policy}{table} SET {one} = {} WHERE {other} IS {}", value(chance), value(chance))
        }
        9 => format!(
            "UPDATE {policy}{table} SET {one} = {}, {other} = {one} WHERE {one} >= {}",
            value(chance),
            value(chance)
        ),
        10 => format!("UPDATE {policy}{table} SET {one} = {one} + 1"),
        _ => format!("DELETE FROM {table} WHERE {one} IS {} OR {other} = {}", value(chance), value(chance)),
    }
}

/// A statement that writes, or one that says what becomes of what was written.
pub(super) fn statement(chance: &mut Chance) -> String {
    match chance.below(24) {
        0 => "BEGIN IMMEDIATE".to_owned(),
        1..4 => "COMMIT".to_owned(),
        4 => "ROLLBACK".to_owned(),
        5 => "SAVEPOINT here".to_owned(),
        6 => "ROLLBACK TO here".to_owned(),
        7 => "RELEASE here".to_owned(),
        _ => write(chance),
    }
}
