//! What REPLACE removes without a word: no trigger fires for those rows unless the program that writes has asked for
//! `recursive_triggers`. So before a row is written, those that stand in its way are noted. Pure.

use super::followed::{Followed, Identity, ROWID, rowid};
use super::footprint::Footprint;
use crate::sqlite::{quoted, unquoted};
use crate::{CaptureError, Index, IndexPart, KeyKind, Subject, Table};

/// What notes the rows that one index would let REPLACE remove.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Guard {
    /// What an UPDATE must assign to matter; anything when none.
    pub(super) assigned: Option<String>,
    /// Which rows matter, as a condition on NEW; all when none.
    pub(super) applies: Option<String>,
    /// Which rows stand in the way of NEW.
    pub(super) matches: String,
}

/// All that a table needs, besides what its triggers see anyway: rows with the key of NEW itself. `key_index` is that of
/// the primary key, if there is one besides the table.
pub(super) fn guards(
    table: &Table,
    followed: &Followed,
    key_index: &[IndexPart],
) -> Result<Vec<Guard>, CaptureError> {
    let mut guards = Vec::new();
    let is_seen = match &followed.identity {
        Identity::Rowid(_) => key_index.is_empty(),
        Identity::Columns(columns) => columns.iter().all(|column| column.is_exact),
    };
    // One that takes more for the same than bytes do is among the table's own.
    let is_listed = table.indexes.iter().any(|index| index.parts == key_index);
    if !is_seen && !is_listed {
        guards.push(guard(table, "PRIMARY KEY", key_index, None)?);
    }
    for Index { name, parts, predicate, .. } in table.indexes.iter().filter(|index| index.is_unique) {
        guards.push(guard(table, name, parts, predicate.as_deref())?);
    }
    let has_other_number =
        table.key == KeyKind::HiddenRowid && matches!(followed.identity, Identity::Columns(_));
    guards.extend(rowid(table).filter(|_| has_other_number).map(number));
    Ok(guards)
}

/// Of the number that SQLite gives each row: it can be chosen, too.
fn number(name: &str) -> Guard {
    Guard { assigned: Some(ROWID.join(", ")), applies: None, matches: format!("{name} = NEW.{name}") }
}

fn guard(
    table: &Table,
    index: &str,
    parts: &[IndexPart],
    predicate: Option<&str>,
) -> Result<Guard, CaptureError> {
    let unseen =
        |because| CaptureError::Unseen { table: table.name.clone(), index: index.to_owned(), because };
    let mut dependence = Dependence::default();
    let mut matches = Vec::new();
    for IndexPart { subject, collation, .. } in parts {
        let (here, there) = match subject {
            Subject::Column(column) => {
                dependence.on_column(table, *column).map_err(unseen)?;
                (quoted(&table.columns[*column].name), new_value(table, *column))
            }
            Subject::Expression(sql) => (format!("({sql})"), dependence.on(table, sql).map_err(unseen)?),
        };
        matches.push(format!("{here} COLLATE {} = {there}", quoted(collation)));
    }
    let applies = predicate.map(|sql| dependence.on(table, sql)).transpose().map_err(unseen)?;
    // With it, SQLite finds the rows by the index.
    matches.extend(predicate.map(|sql| format!("({sql})")));
    Ok(Guard { assigned: dependence.assigned(table), applies, matches: matches.join(" AND ") })
}

/// What a guard depends on.
#[derive(Debug, Default)]
struct Dependence(Footprint);

impl Dependence {
    fn on_column(&mut self, table: &Table, column: usize) -> Result<(), &'static str> {
        let generated = table.columns[column].generated.as_ref();
        if let Some(generated) = generated {
            self.on(table, &generated.expression)?;
        }
        self.0.columns.insert(column);
        Ok(())
    }

    /// An expression over the table, as one over NEW.
    fn on(&mut self, table: &Table, sql: &str) -> Result<String, &'static str> {
        let footprint = Footprint::of(table, sql).ok_or("it holds an expression that cannot be read")?;
        if footprint.needs_affinity {
            return Err("it compares a column with a value of another type");
        }
        // Before a row is written, SQLite does not tell which number it will get.
        if footprint.columns.iter().any(|column| is_number(table, *column)) {
            return Err("it computes from the number that SQLite gives each row");
        }
        let columns = footprint.columns.iter().map(|column| {
            format!("{} AS {}", new_value(table, *column), quoted(&table.columns[*column].name))
        });
        let columns: Vec<_> = columns.collect();
        self.0.columns.extend(footprint.columns);
        let from =
            if columns.is_empty() { String::new() } else { format!(" FROM (SELECT {})", columns.join(", ")) };
        Ok(format!("(SELECT {sql}{from})"))
    }

    /// What an UPDATE must assign to matter, where that can be told: what is computed is never assigned, and the number of a
    /// row has several names.
    fn assigned(&self, table: &Table) -> Option<String> {
        let mut names = Vec::new();
        for column in &self.0.columns {
            if is_number(table, *column) {
                names.extend(ROWID.map(str::to_owned));
            }
            names.push(quoted(&table.columns[*column].name));
        }
        (!names.is_empty()).then(|| names.join(", "))
    }
}

/// Whether a column is the number that SQLite gives each row.
fn is_number(table: &Table, column: usize) -> bool {
    matches!(table.key, KeyKind::RowidColumn { .. }) && table.primary_key == [column]
}

/// What a column will hold: where NULL is refused, REPLACE puts the default in its place.
fn new_value(table: &Table, column: usize) -> String {
    let column = &table.columns[column];
    let name = quoted(&column.name);
    match &column.default {
        Some(default) if column.is_not_null => format!("coalesce(NEW.{name}, ({}))", constant(default)),
        _ => format!("NEW.{name}"),
    }
}

/// SQLite takes a word, and what stands in double quotes, for a text in a default; elsewhere it could be a column.
fn constant(default: &str) -> String {
    let is_word = default.chars().all(|c| c.is_alphanumeric() || c == '_')
        && default.starts_with(|c: char| c.is_alphabetic() || c == '_');
    let keywords = ["null", "true", "false", "current_date", "current_time", "current_timestamp"];
    let is_keyword = keywords.iter().any(|keyword| default.eq_ignore_ascii_case(keyword));
    if (is_word && !is_keyword) || default.starts_with(['"', '`', '[']) {
        return format!("'{}'", unquoted(default).replace('\'', "''"));
    }
    default.to_owned()
}
