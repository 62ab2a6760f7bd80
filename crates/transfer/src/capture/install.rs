//! Puts into a file what following it needs, and takes it out again.

use std::path::Path;

use rusqlite::{Connection, OptionalExtension as _, params};

use super::followed::Followed;
use super::listing::{Listing, expect_unchanged};
use super::triggers::triggers;
use super::{CaptureError, Result};
use crate::sqlite::{listed, quoted};
use crate::{IndexPart, Key, KeyKind, Schema, SqliteFile, Subject, Table};

/// What the tables look like. Another program may find another version in a file.
const VERSION: i64 = 2;
/// VACUUM numbers the rows of tables without a key anew, this one's only row too: then it is 1.
const NUMBER: i64 = 2;

/// What a file says of who follows it.
pub(super) struct Installed {
    pub(super) id: String,
    pub(super) since: String,
    pub(super) tables: Vec<Followed>,
    pub(super) listing: Listing,
}

impl Installed {
    /// What is said to anybody else.
    pub(super) fn taken(&self, path: &Path) -> CaptureError {
        CaptureError::AlreadyFollowed { path: path.to_owned(), since: self.since.clone() }
    }

    /// Whether all that is written to tables is noted as is wanted now.
    pub(super) fn notes(&self, path: &Path, connection: &Connection, wanted: &[Wanted]) -> Result<bool> {
        if !self.tables.iter().eq(wanted.iter().map(|table| &table.followed)) {
            return Ok(false);
        }
        match expect_unchanged(path, connection, &self.tables, &self.listing) {
            Err(CaptureError::SchemaChanged { .. } | CaptureError::Renumbered { .. }) => Ok(false),
            unchanged => unchanged.map(|()| true),
        }
    }
}

/// A table that is to be followed.
pub(super) struct Wanted {
    followed: Followed,
    /// The index of its primary key.
    index: Vec<IndexPart>,
}

/// How the tables of a schema are to be followed by these keys.
pub(super) fn wanted(
    path: &Path,
    connection: &Connection,
    schema: &Schema,
    keys: &[Key],
) -> Result<Vec<Wanted>> {
    expect_schema(path, schema)?;
    let wanted = |(table, key): (&Table, &Key)| {
        let index = key_index(connection, table).map_err(|error| CaptureError::of(path, error))?;
        Ok(Wanted { followed: Followed::new(table, key, &index)?, index })
    };
    schema.tables.iter().zip(keys).map(wanted).collect()
}

/// Who follows a file.
pub(super) fn installed(path: &Path, connection: &Connection) -> Result<Option<Installed>> {
    let failed = |error| CaptureError::of(path, error);
    let taken = |name| CaptureError::NameTaken { path: path.to_owned(), name };
    let Some(name) = own_name(connection).map_err(failed)? else { return Ok(None) };
    let sql = "SELECT id, since, tables, listing FROM mainstay_capture WHERE version = ?1";
    let row = connection.query_row(sql, [VERSION], |row| {
        Ok((row.get(0)?, row.get(1)?, row.get::<_, String>(2)?, row.get::<_, String>(3)?))
    });
    let Ok((id, since, tables, listing)) = row else { return Err(taken(name)) };
    let (tables, listing) = (serde_json::from_str(&tables), serde_json::from_str(&listing));
    let (Ok(tables), Ok(listing)) = (tables, listing) else { return Err(taken(name)) };
    Ok(Some(Installed { id, since, tables, listing }))
}

/// Something in the schema that has a name of ours.
fn own_name(connection: &Connection) -> rusqlite::Result<Option<String>> {
    // LIKE takes capitals and small letters for the same, as SQLite does with names.
    let sql = "SELECT name FROM sqlite_schema WHERE name LIKE 'mainstay\\_%' ESCAPE '\\' \
               ORDER BY name = 'mainstay_capture', name LIMIT 1";
    connection.query_row(sql, [], |row| row.get(0)).optional()
}

pub(super) fn install(
    path: &Path,
    connection: &Connection,
    [id, since]: [&str; 2],
    schema: &Schema,
    wanted: &[Wanted],
) -> Result<()> {
    let failed = |error| CaptureError::of(path, error);
    let tables: Vec<_> = wanted.iter().map(|table| table.followed.clone()).collect();
    let mut made = Vec::new();
    for (t, (table, wanted)) in schema.tables.iter().zip(wanted).enumerate() {
        made.extend(triggers(t, table, &wanted.followed, &wanted.index)?);
    }
    let compiled: Vec<_> = schema.tables.iter().map(|table| compiles(connection, table).is_ok()).collect();
    connection.execute_batch(&tables_of_ours(&tables)).map_err(failed)?;
    for sql in made {
        connection.execute_batch(&sql).map_err(failed)?;
    }
    // A trigger that SQLite cannot run would keep the app from writing. What it could not write before is another matter:
    // the app may bring functions of its own.
    for (table, _) in schema.tables.iter().zip(compiled).filter(|(_, compiled)| *compiled) {
        compiles(connection, table).map_err(failed)?;
    }
    let listing = Listing::read(connection).map_err(failed)?;
    let texts = [serde_json::to_string(&tables), serde_json::to_string(&listing)];
    let [tables, listing] = texts.map(|text| text.expect("names and texts are JSON"));
    let sql = "INSERT INTO mainstay_capture (rowid, version, id, since, tables, listing) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    connection.execute(sql, params![NUMBER, VERSION, id, since, tables, listing]).map_err(failed)?;
    Ok(())
}

/// The plan was made from a schema that was read before, and another program may have changed it since.
fn expect_schema(path: &Path, expected: &Schema) -> Result<()> {
    let found = SqliteFile::open(path)?.schema()?;
    // How far SQLite has counted is no part of it.
    let shape = |table: &Table| {
        let key = match table.key {
            KeyKind::RowidColumn { autoincrement } => {
                KeyKind::RowidColumn { autoincrement: autoincrement.map(|_| 0) }
            }
            other => other,
        };
        Table { key, ..table.clone() }
    };
    let changed = |what| Err(CaptureError::SchemaChanged { path: path.to_owned(), what });
    for table in &expected.tables {
        let now = found.tables.iter().find(|now| now.name == table.name);
        match now {
            Some(now) if shape(now) == shape(table) => {}
            Some(_) => return changed(format!("the table {} was altered", table.name)),
            None => return changed(format!("the table {} has gone", table.name)),
        }
    }
    let is_known = |name: &str| expected.tables.iter().any(|table| table.name == name);
    match found.tables.iter().find(|table| !is_known(&table.name)) {
        Some(new) => changed(format!("the table {} is new", new.name)),
        None => Ok(()),
    }
}

/// The index of the primary key, where the table is not that itself by its rowid.
fn key_index(connection: &Connection, table: &Table) -> rusqlite::Result<Vec<IndexPart>> {
    let sql = "SELECT part.cid, part.coll, part.\"desc\" FROM pragma_index_list(?1) AS list, \
               pragma_index_xinfo(list.name) AS part WHERE list.origin = 'pk' AND part.key ORDER BY part.seqno";
    let mut statement = connection.prepare(sql)?;
    let parts = statement.query_map([&table.name], |row| {
        let subject = Subject::Column(row.get::<_, u16>(0)?.into());
        Ok(IndexPart { subject, collation: row.get(1)?, is_descending: row.get(2)? })
    })?;
    parts.collect()
}

/// The journal has no types, so that keys stay what they are, and no index: it only grows, and is read in order. The
/// first entry is about no row: it is the place of whoever has seen none yet.
fn tables_of_ours(tables: &[Followed]) -> String {
    let columns: Vec<_> = (0..width(tables)).map(|place| format!("k{place}")).collect();
    format!(
        "CREATE TABLE mainstay_capture (version, id, since, tables, listing); \
         CREATE TABLE mainstay_journal (seq INTEGER PRIMARY KEY, mark INTEGER NOT NULL DEFAULT (random()), t INTEGER, {}); \
         INSERT INTO mainstay_journal (seq) VALUES (0);",
        columns.join(", ")
    )
}

/// Whether SQLite can run what writes to a table, with all of its triggers.
fn compiles(connection: &Connection, table: &Table) -> rusqlite::Result<()> {
    let name = quoted(&table.name);
    let columns = table.columns.iter().filter(|column| column.generated.is_none());
    let assigned: Vec<_> =
        columns.map(|column| listed([&column.name])).map(|name| format!("{name} = {name}")).collect();
    for sql in [
        format!("INSERT INTO {name} DEFAULT VALUES"),
        format!("UPDATE {name} SET {}", assigned.join(", ")),
        format!("DELETE FROM {name}"),
    ] {
        connection.prepare(&sql)?;
    }
    Ok(())
}

/// The table that VACUUM has numbered anew, if any.
pub(super) fn renumbered<'t>(
    connection: &Connection,
    tables: &'t [Followed],
) -> rusqlite::Result<Option<&'t Followed>> {
    let number: i64 = connection.query_row("SELECT rowid FROM mainstay_capture", [], |row| row.get(0))?;
    Ok(tables.iter().find(|table| number != NUMBER && table.is_renumbered))
}

/// How many columns of the journal hold a key.
pub(super) fn width(tables: &[Followed]) -> usize {
    tables.iter().map(|table| table.identity.names().len()).max().unwrap_or(1)
}

pub(super) fn remove(connection: &Connection) -> rusqlite::Result<()> {
    let sql = "SELECT name FROM sqlite_schema WHERE type = 'trigger' \
               AND (name GLOB 'mainstay_[0-9]*' OR name GLOB 'mainstay_fence_[0-9]*')";
    let names = connection
        .prepare(sql)?
        .query_map([], |row| row.get(0))?
        .collect::<rusqlite::Result<Vec<String>>>()?;
    for name in names {
        connection.execute_batch(&format!("DROP TRIGGER {}", quoted(&name)))?;
    }
    connection.execute_batch("DROP TABLE IF EXISTS mainstay_journal; DROP TABLE IF EXISTS mainstay_capture")
}
