//! Files are read as they are, stay as they are, and what is wrong with one is said in a sentence.

use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use tempfile::TempDir;
use transfer::{
    Action, Affinity, Deferral, IndexOrigin, KeyKind, Schema, SourceError, SqliteFile, Subject, Table,
};

struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        Self(TempDir::new().expect("a folder"))
    }

    fn path(&self) -> PathBuf {
        self.0.path().join("app.db")
    }

    /// A database made by these statements, and nobody who has it open.
    fn database(sql: &str) -> Self {
        let folder = Self::new();
        Connection::open(folder.path()).expect("opens").execute_batch(sql).expect("runs");
        folder
    }

    fn open(&self) -> Result<SqliteFile, SourceError> {
        SqliteFile::open(&self.path())
    }

    fn schema(&self) -> Schema {
        self.open().expect("opens").schema().expect("a schema")
    }
}

fn table<'s>(schema: &'s Schema, name: &str) -> &'s Table {
    schema.tables.iter().find(|table| table.name == name).unwrap_or_else(|| panic!("no {name}"))
}

#[test]
fn tables_of_all_kinds_are_read() {
    let folder = Folder::database(
        "CREATE TABLE plain (a, b TEXT NOT NULL DEFAULT ('x' || 'y'), c INT);
         CREATE TABLE known (id INTEGER PRIMARY KEY AUTOINCREMENT, at DATETIME DEFAULT CURRENT_TIMESTAMP);
         INSERT INTO known DEFAULT VALUES; DELETE FROM known;
         CREATE TABLE backwards (id INTEGER PRIMARY KEY DESC);
         CREATE TABLE exact (id INT PRIMARY KEY, any ANY, i INTEGER) STRICT;
         CREATE TABLE keyed (b TEXT, a TEXT, PRIMARY KEY (a, b)) WITHOUT ROWID;
         CREATE TABLE computed (a INT, v INT AS (a + 1), s INT GENERATED ALWAYS AS (a * 2) STORED);
         CREATE VIRTUAL TABLE search USING fts5(body);
         CREATE VIEW seen AS SELECT a FROM plain;
         CREATE TRIGGER noticed AFTER INSERT ON plain BEGIN SELECT 1; END;",
    );
    let schema = folder.schema();
    let names: Vec<_> = schema.tables.iter().map(|table| table.name.as_str()).collect();
    assert_eq!(names, ["plain", "known", "backwards", "exact", "keyed", "computed"]);
    assert_eq!(schema.virtual_tables, ["search"]);
    assert_eq!((schema.views[0].name.as_str(), schema.triggers[0].table.as_str()), ("seen", "plain"));

    let plain = table(&schema, "plain");
    assert_eq!(plain.key, KeyKind::HiddenRowid);
    assert_eq!(plain.columns[0].affinity, Affinity::Blob);
    assert_eq!(
        (plain.columns[1].is_not_null, plain.columns[1].default.as_deref()),
        (true, Some("'x' || 'y'"))
    );
    let known = table(&schema, "known");
    assert_eq!(
        (known.key, known.primary_key.as_slice()),
        (KeyKind::RowidColumn { autoincrement: Some(1) }, [0].as_slice())
    );
    assert_eq!(table(&schema, "backwards").key, KeyKind::HiddenRowid, "the manual's own quirk");
    let exact = table(&schema, "exact");
    assert!(exact.is_strict && exact.columns[1].affinity == Affinity::Blob);
    let keyed = table(&schema, "keyed");
    assert_eq!((keyed.key, keyed.primary_key.as_slice()), (KeyKind::PrimaryKey, [1, 0].as_slice()));
    let computed = table(&schema, "computed");
    let kept: Vec<_> = computed.columns.iter().map(|c| c.generated.as_ref().map(|g| g.is_stored)).collect();
    assert_eq!(kept, [None, Some(false), Some(true)]);
}

#[test]
fn keys_and_indexes_are_read() {
    let folder = Folder::database(
        "CREATE TABLE parent (a INT, b TEXT, PRIMARY KEY (a, b));
         CREATE TABLE child (id INTEGER PRIMARY KEY, a INT, b TEXT, up INT REFERENCES child ON DELETE CASCADE,
           email TEXT COLLATE NOCASE UNIQUE, CHECK (a > 0),
           FOREIGN KEY (a, b) REFERENCES parent DEFERRABLE INITIALLY DEFERRED);
         CREATE INDEX partly ON child (lower(email), a DESC) WHERE b IS NOT NULL;",
    );
    let schema = folder.schema();
    let child = table(&schema, "child");
    assert_eq!(child.key, KeyKind::RowidColumn { autoincrement: None });
    let [up, pair] = child.foreign_keys.as_slice() else { panic!("{child:?}") };
    assert_eq!((up.parent_columns.as_slice(), up.on_delete), (["id".to_owned()].as_slice(), Action::Cascade));
    assert_eq!((pair.parent_columns.join(" "), pair.deferral), ("a b".to_owned(), Deferral::Deferred));
    let [unique, partly] = child.indexes.as_slice() else { panic!("{child:?}") };
    assert_eq!((&unique.origin, unique.is_unique), (&IndexOrigin::UniqueConstraint, true));
    assert_eq!(
        (&unique.parts[0].subject, unique.parts[0].collation.as_str()),
        (&Subject::Column(4), "NOCASE")
    );
    assert_eq!(partly.predicate.as_deref(), Some("b IS NOT NULL"));
    assert_eq!(partly.parts[0].subject, Subject::Expression("lower (email)".to_owned()));
    assert!(partly.parts[1].is_descending && partly.parts[1].subject == Subject::Column(1));
    assert_eq!(child.checks[0].expression, "a > 0");
    assert!(table(&schema, "parent").indexes.is_empty(), "that of the primary key is the primary key");
}

#[test]
fn cells_are_counted_as_what_they_are() {
    let folder = Folder::database(
        "CREATE TABLE t (n INTEGER, at DATETIME, x);
         INSERT INTO t VALUES (1, 1714570000000, 'a'), ('12', '2024-05-01T10:00:00.000Z', x'00'), ('many', NULL, 1.0);",
    );
    let schema = folder.schema();
    let mut told = 0;
    let file = folder.open().expect("opens");
    let profiles = file.profile(table(&schema, "t"), |rows| told += rows).expect("reads");
    assert_eq!(told, 3);
    assert_eq!((profiles[0].integers.count, profiles[0].texts.count), (2, 1), "SQLite made a number of '12'");
    assert_eq!((profiles[1].integers.greatest, profiles[1].nulls), (1_714_570_000_000, 1));
    assert_eq!(profiles[1].texts.forms.moments.len(), 1);
    assert_eq!((profiles[2].texts.count, profiles[2].blobs.count, profiles[2].reals.whole), (1, 1, 1));
}

/// Every file in a folder that holds something, with its bytes.
fn contents(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let files = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("one").path());
    let mut files: Vec<_> = files.map(|path| (path.clone(), fs::read(path).expect("readable"))).collect();
    // What readers of a WAL share is made anew by whoever opens the file.
    files.retain(|(path, bytes)| !bytes.is_empty() && path.extension().is_none_or(|kind| kind != "db-shm"));
    files.sort();
    files
}

#[test]
fn reading_changes_no_byte() {
    for journal in ["DELETE", "WAL"] {
        let sql = format!("PRAGMA journal_mode = {journal}; CREATE TABLE t (a); INSERT INTO t VALUES (1);");
        let folder = Folder::database(&sql);
        // And once more with something that is only in the WAL yet.
        let other = Connection::open(folder.path()).expect("opens");
        for sql in ["SELECT 1", "INSERT INTO t VALUES (2)"] {
            other.execute_batch(sql).expect("runs");
            let before = contents(folder.0.path());
            let file = folder.open().expect("opens");
            let schema = file.schema().expect("a schema");
            file.profile(table(&schema, "t"), |_| ()).expect("reads");
            drop(file);
            assert!(contents(folder.0.path()) == before, "{journal}");
        }
    }
}

#[test]
fn what_is_wrong_is_said() {
    let said = |folder: &Folder| match folder.open().and_then(|file| file.schema()) {
        Ok(_) => panic!("opened"),
        Err(error) => error.to_string().replace(&folder.path().display().to_string(), "APP"),
    };
    let folder = Folder::new();
    assert_eq!(said(&folder), "there is no file APP");
    fs::write(folder.path(), "id,name\n1,Ada and a few more\n").expect("written");
    assert_eq!(said(&folder), "APP is no SQLite database, or it is encrypted: it does not begin as one");
    fs::write(folder.path(), "").expect("written");
    assert!(folder.schema().tables.is_empty(), "an empty file is an empty database");
    fs::remove_file(folder.path()).expect("removed");
    fs::create_dir(folder.path()).expect("made");
    assert_eq!(said(&folder), "APP cannot be read");

    // A page of the schema that contradicts itself.
    let folder = Folder::database("CREATE TABLE t (a); INSERT INTO t VALUES (1);");
    let mut bytes = fs::read(folder.path()).expect("readable");
    bytes[100..110].fill(0xff);
    fs::write(folder.path(), bytes).expect("written");
    assert!(
        said(&folder)
            .starts_with("APP is damaged (database disk image is malformed). `sqlite3 APP .recover`"),
        "{}",
        said(&folder)
    );

    let folder = Folder::database("CREATE TABLE t (a);");
    let other = Connection::open(folder.path()).expect("opens");
    other.execute_batch("BEGIN EXCLUSIVE").expect("locks");
    assert!(
        said(&folder).starts_with("APP is locked: another program is writing to it"),
        "{}",
        said(&folder)
    );
}

#[test]
fn a_transaction_that_a_crash_cut_off_is_left_to_its_owner() {
    let folder = Folder::database("CREATE TABLE t (a); INSERT INTO t VALUES (1);");
    let other = Connection::open(folder.path()).expect("opens");
    // Enough to reach the file before the end of the transaction.
    other.execute_batch("PRAGMA cache_size = 1; BEGIN; WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 999) INSERT INTO t SELECT hex(randomblob(500)) FROM n").expect("writes");
    // What the file looks like when the program dies now.
    let crashed = Folder::new();
    for file in ["app.db", "app.db-journal"] {
        fs::copy(folder.0.path().join(file), crashed.0.path().join(file)).expect("copied");
    }
    let before = contents(crashed.0.path());
    let error = crashed.open().expect_err("not whole").to_string();
    assert!(error.starts_with("a program crashed while it wrote to"), "{error}");
    assert!(contents(crashed.0.path()) == before);
}
