//! Tables that were made in PostgreSQL, as SQLite says what they are. Pure.
//!
//! Declared types are such that moving the copy to PostgreSQL again gives the same types, where there are such.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::Work;
use super::catalogue::{Catalogue, Constraint, Filled, PgColumn, PgIndex, PgTable};
use super::cell::Cells;
use super::default::{self, is_simple};
use super::fill::{ColumnCopy, TableCopy};
use crate::codec::{BytesOf, Codec, MomentForm};
use crate::sqlite::{listed, quoted};
use crate::{Affinity, Spelling, Zone};

/// Names that SQLite takes, each once, whatever its capitals are.
struct Names(BTreeSet<String>);

impl Names {
    fn give(&mut self, wanted: &str) -> String {
        let own = if wanted.to_ascii_lowercase().starts_with("sqlite_") { "_" } else { "" };
        let tried = (1..=u32::MAX).map(|number| match number {
            1 => format!("{own}{wanted}"),
            _ => format!("{own}{wanted}_{number}"),
        });
        let mut free = tried.filter(|name| !self.0.contains(&name.to_ascii_lowercase()));
        let given = free.next().expect("there are numbers enough");
        self.0.insert(given.to_ascii_lowercase());
        given
    }
}

/// A table, and what it and its columns are called in SQLite.
struct Named<'t> {
    table: &'t PgTable,
    name: String,
    columns: Vec<String>,
}

/// Adds tables. None gets a name that is taken.
pub(super) fn add<'t>(
    catalogue: &'t Catalogue,
    tables: impl Iterator<Item = &'t PgTable>,
    taken: impl Iterator<Item = &'t str>,
    work: &mut Work,
) {
    let mut names = Names(taken.map(str::to_ascii_lowercase).collect());
    let all = tables.map(|table| {
        let mut columns = Names(BTreeSet::new());
        let columns = table.columns.iter().map(|column| columns.give(&column.name)).collect();
        Named { table, name: names.give(&table.name), columns }
    });
    let all: Vec<_> = all.collect();
    for table in &all {
        let mut lines = table.columns(work);
        lines.extend(
            table
                .table
                .constraints
                .iter()
                .filter_map(|constraint| table.constraint(constraint, &all, catalogue, work)),
        );
        if lines.is_empty() {
            work.leave(format!("the table {}", table.table.name), "it has no columns");
            continue;
        }
        let create = format!("CREATE TABLE {} (\n  {}\n)", quoted(&table.name), lines.join(",\n  "));
        work.before.push((format!("the table {}", table.name), create));
        work.tables.push(table.copy());
        for index in &table.table.indexes {
            table.index(index, &mut names, work);
        }
    }
}

impl Named<'_> {
    fn columns(&self, work: &mut Work) -> Vec<String> {
        let counted = self.counted();
        let mut lines = Vec::new();
        for (column, name) in self.table.columns.iter().zip(&self.columns) {
            let shown = format!("{}.{}", self.table.name, column.name);
            let is_counted = column.filled == Filled::Counted;
            if column.filled == Filled::Computed {
                work.leave(
                    format!("that {shown} is computed"),
                    "its values are here as if they had been written",
                );
            }
            if column.is_domain {
                work.leave(
                    format!("the domain of {shown}"),
                    "SQLite has no domains: what it checks is not checked",
                );
            }
            if counted == Some(column.number) {
                // Without AUTOINCREMENT, SQLite gives numbers again that were in use.
                let auto = if is_counted { " AUTOINCREMENT" } else { "" };
                lines.push(format!("{} INTEGER PRIMARY KEY{auto}", quoted(name)));
                work.counted
                    .extend(column.last_value.filter(|_| is_counted).map(|last| (self.name.clone(), last)));
                continue;
            }
            if is_counted {
                work.leave(
                    format!("the numbers of {shown}"),
                    "SQLite counts up only a primary key of one integer",
                );
            }
            lines.push(Self::column(column, name, &shown, work));
        }
        lines
    }

    fn column(column: &PgColumn, name: &str, shown: &str, work: &mut Work) -> String {
        let mut line = format!("{} {}", quoted(name), column.declared());
        if column.type_name == "citext" {
            line.push_str(" COLLATE NOCASE");
        }
        if column.is_not_null {
            line.push_str(" NOT NULL");
        }
        if let Some(said) = column.default.as_deref().filter(|_| column.filled == Filled::Given) {
            match default::translated(said, column) {
                Some(sql) => {
                    let _ = write!(line, " DEFAULT {sql}");
                }
                None => work.leave(
                    format!("the default of {shown}"),
                    "it is no plain value, and not the present moment",
                ),
            }
        }
        if !column.labels.is_empty() {
            let labels: Vec<_> = column.labels.iter().map(|label| default::text(label)).collect();
            let _ = write!(line, " CHECK ({} IN ({}))", quoted(name), labels.join(", "));
        }
        line
    }

    /// The column that is SQLite's rowid.
    fn counted(&self) -> Option<i16> {
        let key = self.table.constraints.iter().find(|constraint| constraint.kind == "p")?;
        let [only] = key.columns.as_slice() else { return None };
        let is_integer = |column: &&PgColumn| matches!(column.type_name.as_str(), "int2" | "int4" | "int8");
        self.table.column(*only).filter(is_integer).map(|column| column.number)
    }

    /// Columns by their numbers, as SQLite lists them.
    fn listed(&self, numbers: &[i16]) -> Option<String> {
        let name = |number: &i16| {
            let place = self.table.columns.iter().position(|column| column.number == *number)?;
            Some(self.columns[place].clone())
        };
        let names: Option<Vec<_>> = numbers.iter().map(name).collect();
        names.map(|names| listed(&names))
    }

    fn constraint(
        &self,
        constraint: &Constraint,
        all: &[Self],
        catalogue: &Catalogue,
        work: &mut Work,
    ) -> Option<String> {
        let columns = self.listed(&constraint.columns)?;
        let line = match constraint.kind.as_str() {
            "p" if self.counted().is_some() => return None,
            "p" => Some(format!("PRIMARY KEY ({columns})")),
            "u" if !constraint.definition.contains("NULLS NOT DISTINCT") => {
                Some(format!("UNIQUE ({columns})"))
            }
            "f" => Self::foreign_key(constraint, &columns, all),
            "c" => {
                let said = constraint.expression.as_deref().unwrap_or_default();
                is_simple(said, self.table).then(|| format!("CHECK ({})", default::without_casts(said)))
            }
            _ => None,
        };
        if line.is_none() {
            let gone = constraint.kind == "f"
                && !catalogue.tables.iter().any(|table| table.oid == constraint.parent);
            let because =
                if gone { "it points out of the schema" } else { "it is not said in the same way in SQLite" };
            work.leave(format!("the constraint {} of {}", constraint.name, self.table.name), because);
        }
        line.map(|line| format!("CONSTRAINT {} {line}", quoted(&constraint.name)))
    }

    fn foreign_key(key: &Constraint, columns: &str, all: &[Self]) -> Option<String> {
        let parent = all.iter().find(|parent| parent.table.oid == key.parent)?;
        let parents = parent.listed(&key.parent_columns)?;
        let mut line = format!("FOREIGN KEY ({columns}) REFERENCES {} ({parents})", quoted(&parent.name));
        for (when, action) in [("UPDATE", &key.on_update), ("DELETE", &key.on_delete)] {
            let action = match action.as_str() {
                "r" => "RESTRICT",
                "c" => "CASCADE",
                "n" => "SET NULL",
                "d" => "SET DEFAULT",
                _ => continue,
            };
            let _ = write!(line, " ON {when} {action}");
        }
        line.push_str(match (key.is_deferrable, key.is_deferred) {
            (true, true) => " DEFERRABLE INITIALLY DEFERRED",
            (true, false) => " DEFERRABLE",
            (false, _) => "",
        });
        Some(line)
    }

    fn index(&self, index: &PgIndex, names: &mut Names, work: &mut Work) {
        let what = format!("the index {} of {}", index.name, self.table.name);
        let is_simple = |said: &String| is_simple(said, self.table);
        if !index.is_plain || !index.predicate.as_ref().is_none_or(is_simple) {
            return work.leave(what, "SQLite has no such index");
        }
        let parts = index.columns.iter().zip(&index.options).map(|(column, option)| {
            let backwards = if option & 1 == 1 { " DESC" } else { "" };
            Some(format!("{}{backwards}", self.listed(&[*column])?))
        });
        let Some(parts) = parts.collect::<Option<Vec<_>>>() else { return };
        let unique = if index.is_unique { "UNIQUE " } else { "" };
        let name = quoted(&names.give(&index.name));
        let rows = index.predicate.as_deref().map(|said| format!(" WHERE {}", default::without_casts(said)));
        let sql = format!(
            "CREATE {unique}INDEX {name} ON {} ({}){}",
            quoted(&self.name),
            parts.join(", "),
            rows.unwrap_or_default()
        );
        work.after.push((what, sql));
    }

    fn copy(&self) -> TableCopy {
        let columns = self.table.columns.iter().zip(&self.columns).map(|(column, name)| {
            let (codec, select) = column.as_copied();
            let affinity = Affinity::of(&column.declared(), false);
            let cells = Cells { codec, affinity };
            ColumnCopy { name: quoted(name), source: quoted(&column.name), select, cells, takes_text: true }
        });
        let key = self.table.constraints.iter().find(|constraint| constraint.kind == "p");
        let is_key = |column: &PgColumn| key.is_some_and(|key| key.columns.contains(&column.number));
        let places = 0..self.table.columns.len();
        TableCopy {
            name: self.name.clone(),
            from: self.table.from(),
            columns: columns.collect(),
            key: places.filter(|place| is_key(&self.table.columns[*place])).collect(),
        }
    }
}

impl PgColumn {
    /// Whether it is still of the type that a move gave it.
    pub(super) fn is_of(&self, type_name: &str) -> bool {
        let called = match type_name {
            "boolean" => "bool",
            "bigint" => "int8",
            "double precision" => "float8",
            other => other,
        };
        self.type_name == called || (called == "text" && self.type_name == "citext")
    }

    /// The type that SQLite is told.
    pub(super) fn declared(&self) -> String {
        let digits = self.modifier - 4;
        let declared = match self.type_name.as_str() {
            "int2" | "int4" | "int8" => "INTEGER",
            "bool" => "BOOLEAN",
            "float4" | "float8" => "REAL",
            "numeric" if self.modifier >= 4 && self.has_numbers() => {
                return format!("DECIMAL({}, {})", digits >> 16, digits & 0x7ff);
            }
            "numeric" if self.has_numbers() => "DECIMAL",
            "bytea" => "BLOB",
            "uuid" => "UUID",
            // Of the affinity of texts: `5` is a document, and stays one.
            "json" | "jsonb" => "JSON TEXT",
            "date" => "DATE",
            "time" => "TIME",
            "timestamp" => "TIMESTAMP",
            "timestamptz" => "TIMESTAMPTZ",
            _ => "TEXT",
        };
        declared.to_owned()
    }

    /// Whether SQLite's numbers hold all of its own.
    fn has_numbers(&self) -> bool {
        self.has_few_digits() || self.look.are_numbers
    }

    /// How its cells stand in what PostgreSQL gives, and how it gives them.
    pub(super) fn as_copied(&self) -> (Codec, String) {
        let name = quoted(&self.name);
        match (self.type_name.as_str(), self.spelling()) {
            (_, Some(spelling)) => (Codec::Moment(MomentForm::Text(spelling)), name),
            ("int2" | "int4" | "int8", _) => (Codec::Integer, format!("{name}::bigint")),
            ("float4" | "float8", _) => (Codec::Real, format!("{name}::double precision")),
            ("bool", _) => (Codec::Boolean, name),
            ("numeric", _) if self.has_numbers() => (Codec::Numeric, name),
            ("bytea", _) => (Codec::Bytes(BytesOf::Blob), name),
            ("uuid", _) => (Codec::Uuid, name),
            _ => (Codec::Text(Affinity::Text), format!("{name}::text")),
        }
    }

    /// How moments of it are spelled.
    pub(super) fn spelling(&self) -> Option<Spelling> {
        let fraction = Some(self.look.fraction);
        match self.type_name.as_str() {
            "date" => Some(Spelling::Date),
            "time" => Some(Spelling::Time { fraction }),
            "timestamp" => Some(Spelling::Timestamp { has_t: false, fraction, zone: Zone::Unsaid }),
            "timestamptz" => Some(Spelling::Timestamp { has_t: true, fraction, zone: Zone::Z }),
            _ => None,
        }
    }
}
