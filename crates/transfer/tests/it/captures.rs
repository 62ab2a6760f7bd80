//! Whatever writes to a file, and however, is seen by whoever follows it.

mod backups;
mod changes;
mod cost;
mod fences;
pub(crate) mod grammar;
mod hammer;
mod installs;
mod properties;
mod removals;
mod restored;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row};
use tempfile::TempDir;
use transfer::capture::{Change, Position};
use transfer::{Capture, CaptureError, Key, KeyKind, Schema, SqliteFile, Table};

/// Who follows.
const ID: &str = "this test";
const SINCE: &str = "2026-11-23T10:00:00Z";

/// A database in a folder of its own.
struct Source {
    folder: TempDir,
    writer: Connection,
}

impl Source {
    fn new(sql: &str) -> Self {
        let folder = TempDir::new().expect("a folder");
        let writer = Connection::open(folder.path().join("app.db")).expect("opens");
        writer.execute_batch(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
        Self { folder, writer }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("app.db")
    }

    fn run(&self, sql: &str) {
        self.writer.execute_batch(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
    }

    fn one<T: rusqlite::types::FromSql>(&self, sql: &str) -> T {
        self.writer.query_row(sql, [], |row| row.get(0)).unwrap_or_else(|error| panic!("{sql}: {error}"))
    }

    fn schema(&self) -> Schema {
        SqliteFile::open(&self.path()).expect("opens").schema().expect("a schema")
    }

    fn install(&self) -> Result<Capture, CaptureError> {
        let schema = self.schema();
        Capture::install(&self.path(), ID, SINCE, &schema, &keys(&schema))
    }

    /// Where its journal ends.
    fn end(&self) -> Position {
        Capture::position_in(&self.path()).expect("followed")
    }

    /// What follows it, up to date with what is there.
    fn follow(&self) -> Follower {
        drop(self.install().expect("installs"));
        let mut follower = self.another(self.end(), Replica::default());
        follower.replica.rows = contents(&self.writer, &follower.tables);
        follower
    }

    /// Another that goes on from where a copy ends.
    fn another(&self, at: Position, replica: Replica) -> Follower {
        let capture = Capture::open(&self.path(), ID).expect("opens");
        let tables = self.schema().tables.into_iter().filter(|table| !table.name.starts_with("mainstay_"));
        Follower { capture, tables: tables.collect(), at, replica }
    }
}

/// The primary key where nothing in it can be NULL, the rowid otherwise.
fn keys(schema: &Schema) -> Vec<Key> {
    schema.tables.iter().map(key).collect()
}

fn key(table: &Table) -> Key {
    let is_safe = |place: &usize| table.columns[*place].is_not_null;
    let is_key = table.key != KeyKind::HiddenRowid || table.primary_key.iter().all(is_safe);
    match table.primary_key.as_slice() {
        [] => Key::Rowid,
        columns if is_key => Key::Columns(columns.to_vec()),
        _ => Key::Rowid,
    }
}

/// A cell with its storage class, to the byte.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Cell(&'static str, Vec<u8>);

impl From<ValueRef<'_>> for Cell {
    fn from(value: ValueRef<'_>) -> Self {
        match value {
            ValueRef::Null => Self("null", Vec::new()),
            ValueRef::Integer(integer) => Self("integer", integer.to_string().into_bytes()),
            ValueRef::Real(real) => Self("real", real.to_be_bytes().to_vec()),
            ValueRef::Text(text) => Self("text", text.to_vec()),
            ValueRef::Blob(blob) => Self("blob", blob.to_vec()),
        }
    }
}

/// Rows by table and key.
type Rows = BTreeMap<(String, Vec<Cell>), Vec<Cell>>;

/// What becomes of a database by what is told of its changes.
#[derive(Default)]
struct Replica {
    rows: Rows,
}

impl Replica {
    fn apply(&mut self, tables: &[Table], change: &Change<'_>) {
        let table = &tables[change.table];
        let key = change.key.iter().map(|value| Cell::from(*value)).collect();
        let place = (table.name.clone(), key);
        match change.row {
            Some(row) => self.rows.insert(place, cells(row, 0..table.columns.len())),
            None => self.rows.remove(&place),
        };
    }
}

fn cells(row: &Row<'_>, places: impl IntoIterator<Item = usize>) -> Vec<Cell> {
    places.into_iter().map(|place| row.get_ref(place).expect("a cell").into()).collect()
}

fn quoted<'n>(names: impl IntoIterator<Item = &'n String>) -> Vec<String> {
    names.into_iter().map(|name| format!("\"{}\"", name.replace('"', "\"\""))).collect()
}

fn expressions(table: &Table) -> Vec<String> {
    quoted(table.columns.iter().map(|column| &column.name))
}

/// All that some tables hold.
fn contents(connection: &Connection, tables: &[Table]) -> Rows {
    let mut rows = BTreeMap::new();
    for table in tables {
        let columns = expressions(table);
        let keys = match key(table) {
            Key::Columns(places) => quoted(places.iter().map(|place| &table.columns[*place].name)),
            Key::Rowid => vec!["rowid".to_owned()],
        };
        let sql = format!("SELECT {}, {} FROM \"{}\"", columns.join(", "), keys.join(", "), table.name);
        let mut statement = connection.prepare(&sql).expect("prepares");
        let mut found = statement.query([]).expect("runs");
        while let Some(row) = found.next().expect("a row") {
            let (width, all) = (columns.len(), columns.len() + keys.len());
            rows.insert((table.name.clone(), cells(row, width..all)), cells(row, 0..width));
        }
    }
    rows
}

struct Follower {
    capture: Capture,
    tables: Vec<Table>,
    at: Position,
    replica: Replica,
}

impl Follower {
    /// Reads once, at most so many entries; whether there was more.
    fn step(&mut self, limit: u32) -> Result<bool, CaptureError> {
        let columns: Vec<_> = self.tables.iter().map(expressions).collect();
        let batch = self.capture.batch(self.at, limit, &columns, |change| {
            self.replica.apply(&self.tables, &change);
            Ok::<_, CaptureError>(())
        })?;
        self.at = batch.upto;
        Ok(batch.more)
    }

    /// Reads until there is no more.
    fn drain(&mut self) {
        while self.step(7).expect("reads") {}
    }

    /// Reads until there is no more; then all is as it is in the file.
    #[track_caller]
    fn expect_same(&mut self, connection: &Connection) {
        self.drain();
        let (found, there) = (&self.replica.rows, contents(connection, &self.tables));
        for (place, row) in &there {
            assert_eq!(found.get(place), Some(row), "{place:?}");
        }
        let too_many: Vec<_> = found.keys().filter(|place| !there.contains_key(place)).collect();
        assert!(too_many.is_empty(), "{too_many:?}");
    }
}

/// What a file holds, logically: its schema and every row, and what its header says of it.
fn dump(path: &Path) -> Vec<String> {
    let connection = Connection::open(path).expect("opens");
    let mut lines = Vec::new();
    for pragma in
        ["user_version", "application_id", "journal_mode", "auto_vacuum", "encoding", "integrity_check"]
    {
        let value = connection.query_row(&format!("PRAGMA {pragma}"), [], |row| {
            row.get_ref(0).map(|value| format!("{value:?}"))
        });
        lines.push(format!("{pragma} {}", value.expect("a value")));
    }
    let mut statement = connection
        .prepare("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY rowid")
        .expect("prepares");
    let width = statement.column_count();
    let made = statement.query_map([], |row| Ok(format!("{:?}", cells(row, 0..width)))).expect("runs");
    lines.extend(made.map(|line| line.expect("a row")));
    let tables: Vec<String> = connection
        .prepare("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name <> 'sqlite_schema' ORDER BY name")
        .and_then(|mut statement| statement.query_map([], |row| row.get(0))?.collect())
        .expect("names");
    for table in tables {
        let mut statement = connection.prepare(&format!("SELECT * FROM \"{table}\"")).expect("prepares");
        let width = statement.column_count();
        let rows =
            statement.query_map([], |row| Ok(format!("{table} {:?}", cells(row, 0..width)))).expect("runs");
        lines.extend(rows.map(|line| line.expect("a row")));
    }
    lines
}
