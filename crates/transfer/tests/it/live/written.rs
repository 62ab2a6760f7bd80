//! What a program has written, and what it writes next: the same in SQLite and in PostgreSQL.

use std::collections::BTreeMap;

use crate::captures::grammar::Chance;

/// Rows of one writer each, by its number; only those of `shared` are anybody's.
pub(super) const SCHEMA: &str = "
    CREATE TABLE notes (writer INT NOT NULL, n INT NOT NULL, value INT NOT NULL, PRIMARY KEY (writer, n)) WITHOUT ROWID;
    CREATE TABLE people (id TEXT PRIMARY KEY NOT NULL, email TEXT NOT NULL UNIQUE);
    CREATE TABLE orders (id INTEGER PRIMARY KEY AUTOINCREMENT, person TEXT NOT NULL REFERENCES people ON DELETE CASCADE ON UPDATE CASCADE, total INT NOT NULL);
    CREATE INDEX of_person ON orders (person);
    CREATE TABLE lines (line TEXT);
    CREATE TABLE shared (k INTEGER PRIMARY KEY, v INT NOT NULL UNIQUE);
    CREATE TABLE still (id INTEGER PRIMARY KEY, text TEXT NOT NULL);
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
      INSERT INTO still SELECT i, 'what nobody writes to ' || i FROM n;
    INSERT INTO shared VALUES (1, 2147483648), (2, 5);";

/// All rows but those that are anybody's, as [`Written::rows`] has them, in both databases.
pub(super) const ROWS: &str = "SELECT 'notes ' || writer || ' ' || n || ' ' || value FROM notes
    UNION ALL SELECT 'people ' || id || ' ' || email FROM people
    UNION ALL SELECT 'orders ' || person || ' ' || total FROM orders
    UNION ALL SELECT 'lines ' || line FROM lines";

/// So many keys each writer has, so that it comes back to each of them.
const KEYS: usize = 40;

/// Which statements there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    Sqlite,
    Postgres,
}

/// All rows of one writer that it was told are there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Written {
    writer: usize,
    /// What has been used of the values that come but once.
    used: usize,
    notes: BTreeMap<usize, usize>,
    people: BTreeMap<usize, usize>,
    /// Whose they are.
    orders: BTreeMap<usize, usize>,
    /// How often each is there.
    lines: BTreeMap<usize, usize>,
}

impl Written {
    /// A writer that has written nothing.
    pub(super) fn nothing(writer: usize) -> Self {
        Self { writer, ..Self::default() }
    }

    /// For the one who goes on.
    pub(super) fn to_text(&self) -> String {
        let sorted = |name: &str, map: &BTreeMap<usize, usize>| -> String {
            let lines: Vec<_> = map.iter().map(|(key, value)| format!("{name} {key} {value}\n")).collect();
            lines.concat()
        };
        let Self { writer, used, notes, people, orders, lines } = self;
        [
            format!("used {writer} {used}\n"),
            sorted("notes", notes),
            sorted("people", people),
            sorted("orders", orders),
            sorted("lines", lines),
        ]
        .concat()
    }

    pub(super) fn from_text(text: &str) -> Self {
        let mut written = Self::default();
        for line in text.lines() {
            let [name, key, value] = line.split(' ').collect::<Vec<_>>().try_into().expect("three words");
            let (key, value) = (key.parse().expect("a number"), value.parse().expect("a number"));
            let map = match name {
                "notes" => &mut written.notes,
                "people" => &mut written.people,
                "orders" => &mut written.orders,
                "lines" => &mut written.lines,
                _ => {
                    (written.writer, written.used) = (key, value);
                    continue;
                }
            };
            map.insert(key, value);
        }
        written
    }

    /// The rows, as [`ROWS`] finds them.
    pub(super) fn rows(&self) -> Vec<String> {
        let w = self.writer;
        let notes = self.notes.iter().map(|(n, value)| format!("notes {w} {n} {value}"));
        let people = self.people.iter().map(|(n, email)| format!("people {w}-{n} {email}"));
        let orders = self.orders.iter().map(|(total, person)| format!("orders {w}-{person} {total}"));
        let lines = self.lines.iter().flat_map(|(n, count)| vec![format!("lines {w} {n}"); *count]);
        notes.chain(people).chain(orders).chain(lines).collect()
    }

    /// A value that nobody else has, in any row.
    fn fresh(&mut self) -> usize {
        self.used += 1;
        self.writer * 10_000_000 + self.used
    }

    /// The next statement. What it does is noted, in advance.
    pub(super) fn write(&mut self, dialect: Dialect, chance: &mut Chance) -> String {
        let n = chance.below(KEYS);
        match chance.below(9) {
            0..3 => self.note(n, dialect, chance),
            3 | 4 => self.person(n, dialect, chance),
            5 | 6 => self.order(n, chance),
            7 => self.line(n, chance),
            _ => shared(dialect, chance),
        }
    }

    fn note(&mut self, n: usize, dialect: Dialect, chance: &mut Chance) -> String {
        let w = self.writer;
        let value = self.fresh();
        match chance.below(4) {
            0 => {
                self.notes.remove(&n);
                format!("DELETE FROM notes WHERE writer = {w} AND n = {n}")
            }
            1 => {
                let to = n + KEYS;
                self.notes.remove(&to);
                if let Some(value) = self.notes.remove(&n) {
                    self.notes.insert(to, value);
                }
                format!(
                    "DELETE FROM notes WHERE writer = {w} AND n = {to}; UPDATE notes SET n = {to} WHERE writer = {w} AND n = {n}"
                )
            }
            2 if dialect == Dialect::Sqlite => {
                self.notes.insert(n, value);
                format!("REPLACE INTO notes VALUES ({w}, {n}, {value})")
            }
            _ => {
                self.notes.insert(n, value);
                format!(
                    "INSERT INTO notes VALUES ({w}, {n}, {value}) ON CONFLICT (writer, n) DO UPDATE SET value = excluded.value"
                )
            }
        }
    }

    /// Whoever goes takes his orders along; whoever gets another name keeps them.
    fn person(&mut self, n: usize, dialect: Dialect, chance: &mut Chance) -> String {
        let w = self.writer;
        let email = self.fresh();
        if let Some(email) = self.people.get(&n).copied() {
            return match chance.below(3) {
                0 => {
                    self.lose(n);
                    format!("DELETE FROM people WHERE id = '{w}-{n}'")
                }
                1 => self.rename(n, email),
                _ => self.take_over(n, email, dialect),
            };
        }
        self.people.insert(n, email);
        format!("INSERT INTO people VALUES ('{w}-{n}', '{email}')")
    }

    fn lose(&mut self, n: usize) {
        self.people.remove(&n);
        self.orders.retain(|_, person| *person != n);
    }

    fn rename(&mut self, n: usize, email: usize) -> String {
        let w = self.writer;
        let to = n + KEYS;
        self.lose(to);
        self.people.remove(&n);
        self.people.insert(to, email);
        self.orders.values_mut().filter(|person| **person == n).for_each(|person| *person = to);
        format!(
            "DELETE FROM people WHERE id = '{w}-{to}'; UPDATE people SET id = '{w}-{to}' WHERE id = '{w}-{n}'"
        )
    }

    /// Another gets the address: who had it goes.
    fn take_over(&mut self, n: usize, email: usize, dialect: Dialect) -> String {
        let w = self.writer;
        let to = n + 2 * KEYS;
        self.lose(n);
        self.lose(to);
        self.people.insert(to, email);
        match dialect {
            Dialect::Sqlite => format!("INSERT OR REPLACE INTO people VALUES ('{w}-{to}', '{email}')"),
            Dialect::Postgres => format!(
                "DELETE FROM people WHERE id = '{w}-{to}' OR email = '{email}'; INSERT INTO people VALUES ('{w}-{to}', '{email}')"
            ),
        }
    }

    fn order(&mut self, n: usize, chance: &mut Chance) -> String {
        let w = self.writer;
        if self.people.contains_key(&n) && chance.below(4) > 0 {
            let total = self.fresh();
            self.orders.insert(total, n);
            return format!("INSERT INTO orders (person, total) VALUES ('{w}-{n}', {total})");
        }
        self.orders.retain(|_, person| *person != n);
        format!("DELETE FROM orders WHERE person = '{w}-{n}'")
    }

    /// The same line may be there more than once.
    fn line(&mut self, n: usize, chance: &mut Chance) -> String {
        let w = self.writer;
        if chance.below(4) == 0 {
            self.lines.remove(&n);
            return format!("DELETE FROM lines WHERE line = '{w} {n}'");
        }
        *self.lines.entry(n).or_default() += 1;
        format!("INSERT INTO lines VALUES ('{w} {n}')")
    }
}

/// Rows that all writers get in each other's way with.
fn shared(dialect: Dialect, chance: &mut Chance) -> String {
    let (k, v) = (chance.below(20), chance.below(20));
    match dialect {
        Dialect::Sqlite => format!("INSERT OR REPLACE INTO shared VALUES ({k}, {v})"),
        Dialect::Postgres => format!(
            "DELETE FROM shared WHERE k = {k} OR v = {v}; INSERT INTO shared VALUES ({k}, {v}) ON CONFLICT DO NOTHING"
        ),
    }
}
