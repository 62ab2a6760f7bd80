//! Everything that a file holds, to be compared.

use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row};

/// Everything: what it consists of, by kind, each cell with its class and its bytes, and what AUTOINCREMENT has given.
pub(crate) fn dump(connection: &Connection) -> Vec<String> {
    let mut lines = all(
        connection,
        "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' \
         ORDER BY type, rowid",
    );
    for pragma in ["user_version", "application_id", "encoding", "page_size", "auto_vacuum", "journal_mode"] {
        lines.extend(all(connection, &format!("PRAGMA {pragma}")));
    }
    let tables = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name <> 'sqlite_schema' ORDER BY name";
    for table in names(connection, tables) {
        let quoted = format!("\"{}\"", table.replace('"', "\"\""));
        let mut rows = all(connection, &format!("SELECT {}* FROM {quoted}", rowid(connection, &table)));
        if table == "sqlite_sequence" {
            rows = all(connection, "SELECT * FROM sqlite_sequence ORDER BY rowid");
        } else {
            rows.sort();
        }
        lines.extend(rows.into_iter().map(|row| format!("{table}: {row}")));
    }
    lines
}

/// The rowid of a table without a primary key, unless columns have all of its names. Of others, it is not moved.
fn rowid(connection: &Connection, table: &str) -> String {
    let sql = "SELECT lower(name), pk FROM pragma_table_xinfo(?1)";
    let mut statement = connection.prepare(sql).expect("prepares");
    let columns: Vec<(String, bool)> = statement
        .query_map([table], |row| Ok((row.get(0)?, row.get(1)?)))
        .and_then(Iterator::collect)
        .expect("reads");
    let is_free = |name: &&str| !columns.iter().any(|(column, _)| column == name);
    let free = ["rowid", "_rowid_", "oid"].into_iter().find(is_free);
    match free.filter(|_| columns.iter().all(|(_, is_key)| !is_key)) {
        Some(name) => format!("{name}, "),
        None => String::new(),
    }
}

fn names(connection: &Connection, sql: &str) -> Vec<String> {
    let mut statement = connection.prepare(sql).expect("prepares");
    statement.query_map([], |row| row.get(0)).and_then(Iterator::collect).expect("reads")
}

fn all(connection: &Connection, sql: &str) -> Vec<String> {
    let mut statement = connection.prepare(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
    let rows = statement.query_map([], |row| Ok(shown(row)));
    rows.and_then(Iterator::collect).unwrap_or_else(|error| panic!("{sql}: {error}"))
}

fn shown(row: &Row<'_>) -> String {
    let cells = (0..row.as_ref().column_count()).map(|place| match row.get_ref(place).expect("a cell") {
        ValueRef::Null => "NULL".to_owned(),
        ValueRef::Integer(integer) => integer.to_string(),
        ValueRef::Real(real) => format!("{real:?} ({:016x})", real.to_bits()),
        ValueRef::Text(text) => format!("'{}' ({})", String::from_utf8_lossy(text), hex(text)),
        ValueRef::Blob(blob) => format!("x'{}'", hex(blob)),
    });
    cells.collect::<Vec<_>>().join(", ")
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat()
}

/// What one has and the other has not.
pub(crate) fn differences(before: &[String], after: &[String]) -> Vec<String> {
    let only = |these: &[String], those: &[String], who: &str| {
        let only = these.iter().filter(|line| !those.contains(line));
        only.map(|line| format!("{who}: {line}")).collect::<Vec<_>>()
    };
    let mut found = [only(before, after, "before"), only(after, before, "after")].concat();
    if found.is_empty() && before != after {
        found.push("another order, or another number of the same rows".to_owned());
    }
    found
}
