//! What a file is besides its rows, to make another like it: the statements that it keeps, and its settings.

use rusqlite::Connection;
use rusqlite::types::ValueRef;
use serde::{Deserialize, Serialize};

use super::SqliteFile;
use super::catalogue::IS_NOT_OURS;
use crate::SourceError;

/// What a file is besides its rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Kept {
    pub(crate) page_size: i64,
    pub(crate) encoding: String,
    pub(crate) auto_vacuum: i64,
    pub(crate) user_version: i64,
    pub(crate) application_id: i64,
    /// Whether it writes ahead: WAL is the only mode that a file keeps.
    #[serde(default)]
    pub(crate) is_wal: bool,
    /// What made everything in it, in order.
    pub(crate) statements: Vec<Statement>,
    /// What AUTOINCREMENT has given last, by table; none of what is no integer.
    pub(crate) sequences: Vec<(String, Option<i64>)>,
}

/// A statement that made something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Statement {
    pub(crate) kind: Kind,
    pub(crate) name: String,
    pub(crate) sql: String,
}

/// What a statement makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Kind {
    Table,
    Index,
    View,
    Trigger,
    /// A table whose rows a module keeps, or one that a module keeps them in.
    OfModule,
}

impl Kept {
    /// As it is noted.
    pub(crate) fn to_json(&self) -> String {
        serde_json::to_string(self).expect("texts and numbers")
    }
}

impl SqliteFile {
    /// What it is besides its rows.
    pub(crate) fn kept(&self) -> Result<Kept, SourceError> {
        self.read(|connection| {
            let number = |name| connection.pragma_query_value(None, name, |row| row.get(0));
            let mode: String = connection.pragma_query_value(None, "journal_mode", |row| row.get(0))?;
            Ok(Kept {
                is_wal: mode == "wal",
                page_size: number("page_size")?,
                encoding: connection.pragma_query_value(None, "encoding", |row| row.get(0))?,
                auto_vacuum: number("auto_vacuum")?,
                user_version: number("user_version")?,
                application_id: number("application_id")?,
                statements: statements(connection)?,
                sequences: sequences(connection)?,
            })
        })
    }
}

/// Without what SQLite makes by itself.
fn statements(connection: &Connection) -> rusqlite::Result<Vec<Statement>> {
    let sql = format!(
        "SELECT made.type, made.name, made.sql, coalesce(list.type IN ('virtual', 'shadow'), false) \
         FROM sqlite_schema AS made \
         LEFT JOIN pragma_table_list AS list ON list.name = made.tbl_name AND list.schema = 'main' \
         WHERE made.sql IS NOT NULL AND made.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND {IS_NOT_OURS} ORDER BY made.rowid"
    );
    let mut statement = connection.prepare(&sql)?;
    let rows = statement.query_map([], |row| {
        let (kind, is_of_module): (String, bool) = (row.get(0)?, row.get(3)?);
        let kind = match kind.as_str() {
            "trigger" => Kind::Trigger,
            "view" => Kind::View,
            _ if is_of_module => Kind::OfModule,
            "index" => Kind::Index,
            _ => Kind::Table,
        };
        Ok(Statement { kind, name: row.get(1)?, sql: row.get(2)? })
    })?;
    rows.collect()
}

/// Anybody may write into `sqlite_sequence`: what has no name there is of no table.
pub(crate) fn sequences(connection: &Connection) -> rusqlite::Result<Vec<(String, Option<i64>)>> {
    let is_there = "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_sequence')";
    if !connection.query_row(is_there, [], |row| row.get::<_, bool>(0))? {
        return Ok(Vec::new());
    }
    let sql = "SELECT name, seq FROM sqlite_sequence WHERE typeof(name) = 'text' ORDER BY rowid";
    let mut statement = connection.prepare(sql)?;
    let rows = statement.query_map([], |row| {
        let last = if let ValueRef::Integer(last) = row.get_ref(1)? { Some(last) } else { None };
        Ok((row.get(0)?, last))
    })?;
    rows.collect()
}
