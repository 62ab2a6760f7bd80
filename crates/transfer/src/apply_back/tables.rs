//! How the rows of a table are read in PostgreSQL and written in SQLite. Pure.

use rusqlite::Connection;

use super::ApplyBackError;
use super::field::Field;
use crate::codec::Codec;
use crate::sqlite::{quoted, unquoted};
use crate::{Affinity, Column, ColumnDefinition, Definition, KeyKind, Schema, Table, TableDefinition};

/// A table on both sides.
#[derive(Debug, Clone)]
pub(super) struct Pair {
    /// Its name in SQLite.
    pub(super) name: String,
    /// Its name in PostgreSQL, in quotes and with its schema.
    pub(super) target: String,
    /// The columns that are written.
    pub(super) columns: Vec<PairedColumn>,
    /// The places in [`TableDefinition::columns`] of those that are not: SQLite computes them, or PostgreSQL does. They are
    /// read behind the others.
    computed: Vec<usize>,
    /// The places in `columns` of what tells its rows apart.
    pub(super) key: Vec<usize>,
    /// What its rows should fulfil, as far as this program can tell.
    pub(super) checks: Vec<String>,
    /// The column that SQLite counts up and never counts down.
    pub(super) counted: Option<usize>,
    /// How it was made.
    pub(super) made: TableDefinition,
}

/// A column on both sides.
#[derive(Debug, Clone)]
pub(super) struct PairedColumn {
    /// Its place in [`TableDefinition::columns`].
    pub(super) place: usize,
    /// Its name in PostgreSQL, in quotes.
    pub(super) target: String,
    /// Its type in PostgreSQL.
    pub(super) type_name: &'static str,
    /// How statements of SQLite call it.
    pub(super) source: String,
    pub(super) codec: Codec,
    pub(super) affinity: Affinity,
    /// Whether a text can stand in it.
    pub(super) takes_text: bool,
    pub(super) takes_null: bool,
    /// Whether SQLite takes other keys for the same.
    is_collated: bool,
}

impl Pair {
    /// All tables, in the order of their definitions.
    pub(super) fn all(schema: &Schema, definition: &Definition) -> Result<Vec<Self>, ApplyBackError> {
        definition.tables.iter().map(|made| Self::of(&schema.tables[made.place], made)).collect()
    }

    fn of(table: &Table, made: &TableDefinition) -> Result<Self, ApplyBackError> {
        let (mut columns, mut computed) = (Vec::new(), Vec::new());
        let mut key = vec![None; made.key.len()];
        let mut counted = None;
        for (place, column) in made.columns.iter().enumerate() {
            let Some(paired) = PairedColumn::of(table, place, column) else {
                computed.push(place);
                continue;
            };
            for (part, _) in made.key.iter().enumerate().filter(|(_, it)| **it == place) {
                key[part] = Some(columns.len());
                if matches!(table.key, KeyKind::RowidColumn { autoincrement: Some(_) }) {
                    counted = Some(columns.len());
                }
            }
            columns.push(paired);
        }
        let key: Option<Vec<_>> = key.into_iter().collect();
        let key = key.filter(|key| !key.is_empty());
        Ok(Self {
            name: table.name.clone(),
            target: made.name.clone(),
            columns,
            computed,
            key: key.ok_or_else(|| ApplyBackError::NoKey(table.name.clone()))?,
            checks: table.checks.iter().map(|check| check.expression.clone()).collect(),
            counted,
            made: made.clone(),
        })
    }

    /// Only the checks whose functions this program has.
    pub(super) fn keep_known_checks(&mut self, connection: &Connection) {
        let table = quoted(&self.name);
        self.checks.retain(|check| connection.prepare(&format!("SELECT ({check}) FROM {table}")).is_ok());
    }

    /// What tells a row apart, for people.
    pub(super) fn shown_key(&self, row: &[Field]) -> Vec<String> {
        self.key.iter().map(|place| row[*place].shown(self.columns[*place].codec)).collect()
    }

    /// The columns of a row as it is read.
    pub(super) fn read(&self) -> impl Iterator<Item = &ColumnDefinition> {
        let written = self.columns.iter().map(|column| column.place);
        written.chain(self.computed.iter().copied()).map(|place| &self.made.columns[place])
    }

    /// Whether a column, as SQLite calls it, is one of those that are not computed.
    pub(super) fn is_written(&self, name: &str) -> bool {
        self.columns.iter().any(|column| unquoted(&column.source) == name)
    }

    /// Where each column of the definition is in such a row.
    pub(super) fn places(&self) -> impl Iterator<Item = usize> {
        let mut places = vec![0; self.made.columns.len()];
        let written = self.columns.iter().map(|column| column.place);
        for (at, place) in written.chain(self.computed.iter().copied()).enumerate() {
            places[place] = at;
        }
        places.into_iter()
    }

    pub(super) fn key_columns(&self) -> impl Iterator<Item = &PairedColumn> {
        self.key.iter().map(|place| &self.columns[*place])
    }

    /// Takes the texts of keys, an array for each column, and gives each key once, as its type.
    pub(super) fn select_keys(&self) -> String {
        let columns = (0..self.key.len()).zip(self.key_columns());
        let fields = columns.map(|(part, column)| fields(&format!("k{part}"), column.codec));
        format!("SELECT {} FROM {}", fields.collect::<Vec<_>>().join(", "), self.typed_keys())
    }

    /// Takes the same, and gives the rows that there are.
    pub(super) fn select_rows(&self) -> String {
        let same = (0..self.key.len()).zip(self.key_columns());
        let same =
            same.map(|(part, column)| format!("t.{}{} = keys.k{part}", column.target, column.as_written()));
        format!(
            "{} JOIN {} ON {}",
            self.select_all(),
            self.typed_keys(),
            same.collect::<Vec<_>>().join(" AND ")
        )
    }

    /// Gives all rows.
    pub(super) fn select_all(&self) -> String {
        let fields = self.read().map(|column| fields(&format!("t.{}", column.name), column.plan.codec));
        format!("SELECT {} FROM ONLY {} AS t", fields.collect::<Vec<_>>().join(", "), self.target)
    }

    /// Two texts may be one value, such as `1.0` and `1.00`.
    fn typed_keys(&self) -> String {
        let parts = || (0..self.key.len()).zip(self.key_columns());
        let typed =
            parts().map(|(part, column)| format!("k{part}::{0} AS k{part}", column.codec.type_name()));
        let texts = parts().map(|(part, _)| format!("${}::text[]", part + 1));
        let names = parts().map(|(part, _)| format!("k{part}"));
        format!(
            "(SELECT DISTINCT {} FROM unnest({}) AS texts ({})) AS keys",
            typed.collect::<Vec<_>>().join(", "),
            texts.collect::<Vec<_>>().join(", "),
            names.collect::<Vec<_>>().join(", ")
        )
    }

    /// Removes a row of SQLite by its key.
    pub(super) fn delete(&self) -> String {
        let same = self.key_columns().enumerate().map(|(part, column)| {
            let (name, part) = (&column.source, part + 1);
            // The index finds it by its collation; of those it finds, only the one that is meant goes.
            let exactly = format!(" AND {name} = ?{part} COLLATE BINARY");
            format!("{name} = ?{part}{}", if column.is_collated { &exactly } else { "" })
        });
        format!("DELETE FROM {} WHERE {}", quoted(&self.name), same.collect::<Vec<_>>().join(" AND "))
    }

    /// Adds a row to SQLite, and gives what its cells have become and which checks it does not fulfil.
    pub(super) fn insert(&self) -> String {
        let names: Vec<_> = self.columns.iter().map(|column| column.source.as_str()).collect();
        let places: Vec<_> = (1..=self.columns.len()).map(|place| format!("?{place}")).collect();
        let returned: Vec<_> = self.read().map(|column| column.source.as_str()).collect();
        let checks = self.checks.iter().map(|check| format!(", NOT ({check})"));
        format!(
            "INSERT INTO {} ({}) VALUES ({}) RETURNING {}{}",
            quoted(&self.name),
            names.join(", "),
            places.join(", "),
            returned.join(", "),
            checks.collect::<String>(),
        )
    }

    /// How far PostgreSQL has counted the column that SQLite counts, too.
    pub(super) fn select_counted(&self) -> Option<String> {
        self.counted
            .map(|_| "SELECT pg_sequence_last_value(pg_get_serial_sequence($1, $2)::regclass)".to_owned())
    }
}

/// What is asked for of a column.
fn fields(name: &str, codec: Codec) -> String {
    match codec {
        // How many digits a number shows does not change it.
        Codec::Numeric => format!("trim_scale({name}), {name}::text"),
        _ if codec.needs_text() => format!("{name}, {name}::text"),
        _ => name.to_owned(),
    }
}

impl PairedColumn {
    /// What makes PostgreSQL compare it as its codec does: `citext` takes other texts for the same.
    fn as_written(&self) -> String {
        let written = self.codec.type_name();
        if self.type_name == written { String::new() } else { format!("::{written}") }
    }

    /// None for one that is computed on either side: SQLite does it itself.
    fn of(table: &Table, place: usize, made: &ColumnDefinition) -> Option<Self> {
        let column = table.columns.iter().position(|column| quoted(&column.name) == made.source);
        let paired = |affinity, takes_text, takes_null, is_collated| Self {
            place,
            target: made.name.clone(),
            type_name: made.type_name,
            source: made.source.clone(),
            codec: made.plan.codec,
            affinity,
            takes_text,
            takes_null,
            is_collated,
        };
        let Some(at) = column else { return Some(paired(Affinity::Integer, false, false, false)) };
        let column = &table.columns[at];
        if column.generated.is_some() || made.is_computed {
            return None;
        }
        let is_rowid = matches!(table.key, KeyKind::RowidColumn { .. }) && table.primary_key == [at];
        let takes_text = !is_rowid && (!table.is_strict || is_for_texts(column));
        Some(paired(column.affinity, takes_text, !column.is_not_null && !is_rowid, is_collated(column)))
    }
}

fn is_for_texts(column: &Column) -> bool {
    ["TEXT", "ANY"].iter().any(|declared| column.declared.eq_ignore_ascii_case(declared))
}

fn is_collated(column: &Column) -> bool {
    column.collation.as_ref().is_some_and(|collation| !collation.eq_ignore_ascii_case("BINARY"))
}
