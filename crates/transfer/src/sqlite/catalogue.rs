//! Reads what a database consists of: what SQLite's PRAGMAs tell, and what only the statements it keeps tell.

use rusqlite::{Connection, Row, params};

use super::SqliteFile;
use super::definition::{self, TableDefinition};
use crate::{
    Affinity, Column, ForeignKey, Generated, Index, IndexOrigin, IndexPart, KeyKind, Schema, SourceError,
    Subject, Table, Trigger, View,
};

/// What `hidden` of `pragma_table_xinfo` says of a column that is computed and kept.
const STORED: i64 = 3;
/// And of one that is computed when it is asked for.
const VIRTUAL: i64 = 2;

/// A row of `pragma_table_list`, with the statement that made the table.
struct Listed {
    name: String,
    kind: String,
    is_without_rowid: bool,
    is_strict: bool,
    sql: Option<String>,
}

/// What following has put into a file is no part of it.
pub(super) const IS_NOT_OURS: &str = "NOT (made.name LIKE 'mainstay\\_%' ESCAPE '\\' \
                           AND EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'mainstay_capture'))";

pub(super) fn read(file: &SqliteFile) -> Result<Schema, SourceError> {
    let mut schema = Schema::default();
    for listed in file.read(tables)? {
        match listed.kind.as_str() {
            "table" => schema.tables.push(table(file, &listed)?),
            "view" => schema.views.push(view(file, listed)?),
            // The rows of `shadow` tables belong to a virtual one.
            "virtual" => schema.virtual_tables.push(listed.name),
            _ => {}
        }
    }
    schema.triggers = file.read(triggers)?;
    resolve_parents(&mut schema.tables);
    Ok(schema)
}

fn tables(connection: &Connection) -> rusqlite::Result<Vec<Listed>> {
    let sql = format!(
        "SELECT list.name, list.type, list.wr, list.strict, made.sql \
         FROM sqlite_schema AS made JOIN pragma_table_list AS list ON list.name = made.name AND list.schema = 'main' \
         WHERE made.type IN ('table', 'view') AND made.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND {IS_NOT_OURS} \
         ORDER BY made.rowid"
    );
    all(connection, &sql, [], |row| {
        Ok(Listed {
            name: row.get(0)?,
            kind: row.get(1)?,
            is_without_rowid: row.get(2)?,
            is_strict: row.get(3)?,
            sql: row.get(4)?,
        })
    })
}

fn triggers(connection: &Connection) -> rusqlite::Result<Vec<Trigger>> {
    let sql = format!(
        "SELECT name, tbl_name, sql FROM sqlite_schema AS made WHERE type = 'trigger' AND {IS_NOT_OURS} ORDER BY rowid"
    );
    all(connection, &sql, [], |row| {
        Ok(Trigger {
            name: row.get(0)?,
            table: row.get(1)?,
            sql: row.get::<_, Option<_>>(2)?.unwrap_or_default(),
        })
    })
}

fn view(file: &SqliteFile, listed: Listed) -> Result<View, SourceError> {
    let sql = "SELECT name FROM pragma_table_xinfo(?1) ORDER BY cid";
    // What a view speaks of may be gone: then SQLite does not know its columns either.
    let columns = file
        .read(|connection| Ok(all(connection, sql, [&listed.name], |row| row.get(0)).unwrap_or_default()))?;
    Ok(View { name: listed.name, columns, sql: listed.sql.unwrap_or_default() })
}

fn table(file: &SqliteFile, listed: &Listed) -> Result<Table, SourceError> {
    let definition = definition::table(&listed.name, listed.sql.as_deref().unwrap_or_default())?;
    let (columns, primary_key) = file.read(|connection| columns(connection, listed, &definition))?;
    let (mut indexes, key_index) = indexes(file, &listed.name)?;
    let has_key_index = key_index.is_some();
    // A primary key is compared by bytes. One that takes more for the same is a unique index besides.
    let is_by_bytes = |part: &IndexPart| part.collation.eq_ignore_ascii_case("BINARY");
    indexes.extend(key_index.filter(|index| !index.parts.iter().all(is_by_bytes)));
    let key = if listed.is_without_rowid {
        KeyKind::PrimaryKey
    } else if primary_key.is_empty() || has_key_index {
        KeyKind::HiddenRowid
    } else {
        // A primary key without an index is the rowid.
        let autoincrement = if definition.is_autoincrement {
            Some(file.read(|connection| greatest_ever(connection, &listed.name))?)
        } else {
            None
        };
        KeyKind::RowidColumn { autoincrement }
    };
    Ok(Table {
        name: listed.name.clone(),
        columns,
        key,
        primary_key,
        primary_key_name: definition.primary_key_name,
        is_strict: listed.is_strict,
        indexes,
        foreign_keys: definition.foreign_keys,
        checks: definition.checks,
    })
}

/// The columns, and the places of those of the primary key.
fn columns(
    connection: &Connection,
    listed: &Listed,
    definition: &TableDefinition,
) -> rusqlite::Result<(Vec<Column>, Vec<usize>)> {
    let sql =
        "SELECT name, type, \"notnull\", dflt_value, pk, hidden FROM pragma_table_xinfo(?1) ORDER BY cid";
    let mut key = Vec::new();
    let columns = all(connection, sql, [&listed.name], |row| {
        let declared: String = row.get(1)?;
        let (in_key, hidden): (i64, i64) = (row.get(4)?, row.get(5)?);
        key.push(in_key);
        let name: String = row.get(0)?;
        let said = definition.columns.iter().find(|said| said.name.eq_ignore_ascii_case(&name));
        let expression = said.and_then(|said| said.generated.clone());
        let generated = expression.filter(|_| [STORED, VIRTUAL].contains(&hidden));
        Ok(Column {
            affinity: Affinity::of(&declared, listed.is_strict),
            name,
            declared,
            is_not_null: row.get(2)?,
            default: row.get(3)?,
            collation: said.and_then(|said| said.collation.clone()),
            generated: generated.map(|expression| Generated { expression, is_stored: hidden == STORED }),
        })
    })?;
    let mut primary_key: Vec<usize> = (0..columns.len()).filter(|place| key[*place] > 0).collect();
    primary_key.sort_by_key(|place| key[*place]);
    Ok((columns, primary_key))
}

/// The indexes, and that of the primary key, if there is one.
fn indexes(file: &SqliteFile, table: &str) -> Result<(Vec<Index>, Option<Index>), SourceError> {
    let sql = "SELECT list.name, list.\"unique\", list.origin, made.sql FROM pragma_index_list(?1) AS list \
               LEFT JOIN sqlite_schema AS made ON made.type = 'index' AND made.name = list.name ORDER BY made.rowid";
    let listed = file.read(|connection| {
        all(connection, sql, [table], |row| {
            Ok((
                row.get::<_, String>(0)?,
                row.get::<_, bool>(1)?,
                row.get::<_, String>(2)?,
                row.get::<_, Option<String>>(3)?,
            ))
        })
    })?;
    let (mut indexes, mut key_index) = (Vec::new(), None);
    for (name, is_unique, made_by, sql) in listed {
        let definition = sql.as_deref().map(|sql| definition::index(&name, sql)).transpose()?;
        let subjects = definition.as_ref().map(|definition| definition.subjects.as_slice());
        let parts = file.read(|connection| parts(connection, &name, subjects.unwrap_or_default()))?;
        let predicate = definition.and_then(|definition| definition.predicate);
        let origin = if made_by == "c" { IndexOrigin::Index } else { IndexOrigin::UniqueConstraint };
        let index = Index { name, origin, is_unique, parts, predicate };
        if made_by == "pk" {
            key_index = Some(index);
        } else {
            indexes.push(index);
        }
    }
    Ok((indexes, key_index))
}

fn parts(connection: &Connection, index: &str, said: &[String]) -> rusqlite::Result<Vec<IndexPart>> {
    let sql = "SELECT cid, coll, \"desc\", seqno FROM pragma_index_xinfo(?1) WHERE key ORDER BY seqno";
    all(connection, sql, [index], |row| {
        let place = usize::from(row.get::<_, u16>(3)?);
        let subject = match usize::try_from(row.get::<_, i64>(0)?) {
            Ok(column) => Subject::Column(column),
            Err(_) => Subject::Expression(said.get(place).cloned().unwrap_or_default()),
        };
        Ok(IndexPart { subject, collation: row.get(1)?, is_descending: row.get(2)? })
    })
}

/// The greatest rowid that AUTOINCREMENT has given; 0 when none. Anybody may write into `sqlite_sequence`: what is no
/// number there counts as SQLite counts it, and a table may be there twice, or not at all.
fn greatest_ever(connection: &Connection, table: &str) -> rusqlite::Result<i64> {
    let is_there = "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_sequence')";
    if !connection.query_row(is_there, [], |row| row.get::<_, bool>(0))? {
        return Ok(0);
    }
    let sql =
        "SELECT coalesce(max(CAST(seq AS INTEGER)), 0) FROM sqlite_sequence WHERE name = ?1 COLLATE NOCASE";
    connection.query_row(sql, params![table], |row| row.get(0))
}

/// A foreign key that names no columns points to the primary key.
fn resolve_parents(tables: &mut [Table]) {
    let keys: Vec<(String, Vec<String>)> = tables
        .iter()
        .map(|table| {
            let names = table.primary_key.iter().map(|place| table.columns[*place].name.clone());
            (table.name.clone(), names.collect())
        })
        .collect();
    let implicit = |key: &&mut ForeignKey| key.parent_columns.is_empty();
    for key in tables.iter_mut().flat_map(|table| &mut table.foreign_keys).filter(implicit) {
        let parent = keys.iter().find(|(name, _)| name.eq_ignore_ascii_case(&key.parent));
        key.parent_columns = parent.map(|(_, columns)| columns.clone()).unwrap_or_default();
    }
}

fn all<T>(
    connection: &Connection,
    sql: &str,
    parameters: impl rusqlite::Params,
    read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> rusqlite::Result<Vec<T>> {
    connection.prepare(sql)?.query_map(parameters, read)?.collect()
}
