//! The statements that make a database in PostgreSQL, and what of it cannot be said there. Pure.

mod column;
mod foreign_key;
mod index;

use std::collections::BTreeSet;
use std::fmt;

use crate::codec::Codec;
use crate::expression::{Collation, Columns, Known, Untranslated};
use crate::names::Names;
use crate::sqlite::quoted;
use crate::views;
use crate::{ColumnPlan, Key, NoCase, Plan, Schema, Table};

/// A database in PostgreSQL, in the order in which it is made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Definition {
    /// Makes the schema, unless it is `public`, which every database has.
    pub schema: Option<String>,
    /// Make the extensions whose types its columns have.
    pub extensions: Vec<String>,
    /// The tables. What refers to others comes when all are full.
    pub tables: Vec<TableDefinition>,
    /// The foreign keys.
    pub foreign_keys: Vec<ForeignKeyDefinition>,
    /// The views, such that each speaks only of those before it.
    pub views: Vec<ViewDefinition>,
    /// What stays behind.
    pub left_behind: Vec<LeftBehind>,
    /// What has to change in SQLite before anything can be moved.
    pub impossible: Vec<LeftBehind>,
}

/// A table in PostgreSQL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableDefinition {
    /// Its place in [`Schema::tables`].
    pub place: usize,
    /// Its name, in quotes and with its schema.
    pub name: String,
    /// Its columns, in order.
    pub columns: Vec<ColumnDefinition>,
    /// The places in `columns` of what tells its rows apart; none when nothing does.
    pub key: Vec<usize>,
    /// Makes it.
    pub create: String,
    /// Make its indexes once it is full, each on its own.
    pub indexes: Vec<String>,
    /// Makes its primary key, of an index that is there by then.
    pub primary_key: Option<String>,
    /// Lets new rows be counted on from where SQLite was.
    pub sequence: Option<String>,
    /// Its CHECK constraints, made once it is full: rows of SQLite need not keep them.
    pub checks: Vec<ConstraintDefinition>,
}

/// A constraint in PostgreSQL that rows which are there already may break.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConstraintDefinition {
    /// Makes it: from then on it holds for what is written.
    pub add: String,
    /// Looks whether it holds for all that is there.
    pub validate: String,
}

/// A column in PostgreSQL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnDefinition {
    /// Its name, in quotes.
    pub name: String,
    /// How a statement of SQLite calls what it holds: a column in quotes, or the rowid.
    pub source: String,
    /// The type that it is made with.
    pub type_name: &'static str,
    /// How cells stand in it, and what becomes of those that do not fit.
    pub plan: ColumnPlan,
    /// Whether it fills itself.
    pub is_computed: bool,
}

/// A foreign key in PostgreSQL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForeignKeyDefinition {
    /// The places in [`Definition::tables`] of the table that has it, and of the one it points to.
    pub tables: [usize; 2],
    /// Makes it: from then on it holds for what is written.
    pub add: String,
    /// Looks whether it holds for all that is there.
    pub validate: String,
    /// Takes it away.
    pub drop: String,
}

impl Definition {
    /// Take what joins tables away again.
    pub(crate) fn parts(&self) -> Vec<String> {
        let views = self.views.iter().rev().map(|view| format!("DROP VIEW IF EXISTS {}", view.name));
        views.chain(self.foreign_keys.iter().map(|key| key.drop.clone())).collect()
    }

    /// All statements, in the order in which they are run, for people.
    pub fn to_sql(&self) -> String {
        let mut all: Vec<&str> = self.schema.iter().chain(&self.extensions).map(String::as_str).collect();
        all.extend(self.tables.iter().map(|table| table.create.as_str()));
        for table in &self.tables {
            let behind = table.primary_key.iter().chain(&table.sequence);
            all.extend(table.indexes.iter().chain(behind).map(String::as_str));
            all.extend(table.checks.iter().flat_map(|check| [check.add.as_str(), check.validate.as_str()]));
        }
        all.extend(self.foreign_keys.iter().flat_map(|key| [key.add.as_str(), key.validate.as_str()]));
        all.extend(self.views.iter().map(|view| view.create.as_str()));
        let mut sql = all.join(";\n\n");
        sql.push(';');
        for left in self.impossible.iter().chain(&self.left_behind) {
            let comment = left.to_string().replace('\n', "\n-- ");
            sql.push_str("\n\n-- left behind: ");
            sql.push_str(&comment);
        }
        sql
    }
}

impl ColumnDefinition {
    /// Whether PostgreSQL takes texts for the same that are others in SQLite.
    pub(crate) fn folds(&self) -> bool {
        self.type_name == CITEXT
    }
}

impl TableDefinition {
    /// The columns that are filled.
    pub fn filled(&self) -> impl Iterator<Item = &ColumnDefinition> {
        self.columns.iter().filter(|column| !column.is_computed)
    }

    /// The places among those of what tells its rows apart.
    pub(crate) fn key_among_filled(&self) -> impl Iterator<Item = usize> {
        let before =
            |place: &usize| self.columns[..*place].iter().filter(|column| !column.is_computed).count();
        self.key.iter().map(before)
    }

    /// Fills it, by binary COPY.
    pub(crate) fn copy_in(&self) -> String {
        let names: Vec<_> = self.filled().map(|column| column.name.as_str()).collect();
        format!("COPY {} ({}) FROM STDIN (FORMAT binary)", self.name, names.join(", "))
    }
}

/// Something that stays behind.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct LeftBehind {
    /// What.
    pub what: String,
    /// Why.
    pub because: String,
}

impl fmt::Display for LeftBehind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.what, self.because)
    }
}

/// A view in PostgreSQL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ViewDefinition {
    /// Its name, in quotes and with its schema.
    pub name: String,
    /// Makes it.
    pub create: String,
}

/// The type that takes capitals for small letters, of the extension of that name.
const CITEXT: &str = "citext";
/// How many columns a table of PostgreSQL has at the most.
const MOST_COLUMNS: usize = 1600;

/// What every table needs to know of the others.
struct Writer<'s> {
    schema: &'s Schema,
    plan: &'s Plan,
    /// The schema in PostgreSQL, in quotes.
    target: String,
    /// What each table is called.
    tables: Vec<String>,
    /// What each of its columns is called.
    columns: Vec<Vec<Known>>,
    /// The column that each table has for the rowid, if it has one.
    rowids: Vec<Option<Rowid>>,
    /// Names of tables, views, indexes and sequences, which share one space.
    relations: Names,
    /// Names of the constraints of each table.
    constraints: Vec<Names>,
    /// Columns that got a unique index for nothing but foreign keys.
    pointed_to: BTreeSet<(usize, Vec<usize>)>,
    definition: Definition,
}

/// A column for the rowid.
struct Rowid {
    /// What it is called in PostgreSQL.
    given: String,
    /// What it is called in SQLite.
    source: &'static str,
}

impl Definition {
    /// The database that `schema` becomes by a plan.
    pub fn of(schema: &Schema, plan: &Plan) -> Self {
        let mut relations = Names::default();
        let tables: Vec<_> = schema.tables.iter().map(|table| relations.give(&table.name)).collect();
        let views: Vec<_> = schema.views.iter().map(|view| relations.give(&view.name)).collect();
        let (columns, rowids) = (0..tables.len()).map(|place| known(schema, plan, place)).unzip();
        let constraints = tables.iter().map(|_| Names::default()).collect();
        let mut writer = Writer {
            schema,
            plan,
            target: quoted(&plan.target),
            tables,
            columns,
            rowids,
            relations,
            constraints,
            pointed_to: BTreeSet::new(),
            definition: Self::default(),
        };
        writer.schema();
        writer.extensions();
        for place in 0..schema.tables.len() {
            writer.table(place);
        }
        for place in 0..schema.tables.len() {
            writer.foreign_keys(place);
        }
        writer.views(&views);
        writer.what_stays();
        writer.definition
    }
}

/// The columns of a table as expressions speak of them, and that of its rowid.
fn known(schema: &Schema, plan: &Plan, place: usize) -> (Vec<Known>, Option<Rowid>) {
    let (table, planned) = (&schema.tables[place], &plan.tables[place]);
    let mut names = Names::of_columns();
    let columns = table.columns.iter().zip(&planned.columns);
    let known = columns.map(|(column, planned)| {
        let given = names.give(&column.name);
        let mut known = Known {
            table: table.name.clone(),
            name: column.name.clone(),
            sql: quoted(&given),
            given,
            codec: planned.codec,
            collation: column.collation(),
            barred: None,
        };
        if known.is_citext(plan) {
            // An expression says itself how it compares.
            known.sql.push_str("::text");
        }
        known
    });
    let known: Vec<_> = known.collect();
    let source = table.rowid().filter(|_| planned.key == Key::Rowid && known.len() < MOST_COLUMNS);
    (known, source.map(|source| Rowid { given: names.give("rowid"), source }))
}

impl Writer<'_> {
    fn schema(&mut self) {
        if self.plan.target != "public" {
            self.definition.schema = Some(format!("CREATE SCHEMA IF NOT EXISTS {}", self.target));
        }
    }

    fn extensions(&mut self) {
        if self.columns.iter().flatten().any(|known| known.is_citext(self.plan)) {
            self.definition.extensions.push("CREATE EXTENSION IF NOT EXISTS citext".to_owned());
        }
    }

    fn table(&mut self, place: usize) {
        let table = &self.schema.tables[place];
        let name = self.qualified(place);
        let mut lines = Vec::new();
        let mut columns = Vec::new();
        for at in 0..table.columns.len() {
            let (line, column) = self.column(place, at);
            lines.push(line);
            columns.push(column);
        }
        if let Some((line, column)) = self.rowid(place) {
            lines.push(line);
            columns.push(column);
        }
        self.expect_possible(table, columns.len());
        let key = self.key(place);
        if key.is_empty() {
            self.leave(
                format!("the rowids of {}", table.name),
                "columns of it have all the names of a rowid",
            );
        }
        let create = format!("CREATE TABLE {name} (\n  {}\n)", lines.join(",\n  "));
        let (indexes, primary_key) = self.indexes(place);
        let sequence = self.sequence(place);
        let checks = self.checks(place);
        let made =
            TableDefinition { place, name, columns, key, create, indexes, primary_key, sequence, checks };
        self.definition.tables.push(made);
    }

    fn expect_possible(&mut self, table: &Table, columns: usize) {
        if columns > MOST_COLUMNS {
            self.definition.impossible.push(LeftBehind {
                what: format!("the table {}", table.name),
                because: format!(
                    "it has {columns} columns, and a table of PostgreSQL has {MOST_COLUMNS} at the most: divide it"
                ),
            });
        }
    }

    /// The places of the columns that tell the rows apart, that of the rowid included.
    fn key(&self, place: usize) -> Vec<usize> {
        match (&self.plan.tables[place].key, &self.rowids[place]) {
            (Key::Columns(columns), _) => columns.clone(),
            (Key::Rowid, Some(_)) => vec![self.columns[place].len()],
            (Key::Rowid, None) => Vec::new(),
        }
    }

    fn qualified(&self, place: usize) -> String {
        format!("{}.{}", self.target, quoted(&self.tables[place]))
    }

    /// The name of a column in quotes, that of the rowid included.
    fn name(&self, place: usize, at: usize) -> String {
        let given = self.columns[place].get(at).map(|known| &known.given);
        quoted(given.or(self.rowids[place].as_ref().map(|rowid| &rowid.given)).expect("a column"))
    }

    fn names(&self, place: usize, columns: &[usize]) -> String {
        columns.iter().map(|at| self.name(place, *at)).collect::<Vec<_>>().join(", ")
    }

    fn leave(&mut self, what: String, because: &str) {
        self.definition.left_behind.push(LeftBehind { what, because: because.to_owned() });
    }

    fn refuse(&mut self, what: String, why: &Untranslated) {
        self.leave(what, &why.to_string());
    }

    fn checks(&mut self, place: usize) -> Vec<ConstraintDefinition> {
        let table = &self.schema.tables[place];
        let on = format!("ALTER TABLE {}", self.qualified(place));
        let mut checks = Vec::new();
        for check in &table.checks {
            match Columns::of(&self.columns[place]).condition(&check.expression) {
                Ok(sql) => {
                    let made_up = format!("{}_check", self.tables[place]);
                    let wanted = check.name.as_deref().unwrap_or(&made_up);
                    let name = quoted(&self.constraints[place].give(wanted));
                    let add = format!("{on} ADD CONSTRAINT {name} CHECK ({sql}) NOT VALID");
                    let validate = format!("{on} VALIDATE CONSTRAINT {name}");
                    checks.push(ConstraintDefinition { add, validate });
                }
                Err(why) => self.refuse(format!("a CHECK of {}", table.name), &why),
            }
        }
        checks
    }

    fn views(&mut self, names: &[String]) {
        let tables = self.schema.tables.iter().zip(&self.columns).enumerate();
        let sources = tables.map(|(place, (table, known))| views::Source {
            name: table.name.clone(),
            sql: self.qualified(place),
            columns: known.clone(),
        });
        let sources = sources.collect();
        let views = self.schema.views.iter().zip(names);
        let views = views.map(|(view, name)| (view, format!("{}.{}", self.target, quoted(name))));
        for (view, translated) in views::translated(sources, views.collect()) {
            match translated {
                Ok(made) => self.definition.views.push(made),
                Err(why) => self.refuse(format!("the view {}", view.name), &why),
            }
        }
    }

    fn what_stays(&mut self) {
        let triggers: Vec<_> = self.schema.triggers.iter().map(|trigger| trigger.name.as_str()).collect();
        let what = if triggers.len() == 1 { "trigger" } else { "triggers" };
        if !triggers.is_empty() {
            self.leave(format!("the {what} {}", triggers.join(", ")), "triggers are not translated");
        }
        for name in &self.schema.virtual_tables {
            self.leave(format!("the table {name}"), "its rows are kept by a module of SQLite");
        }
    }
}

impl Known {
    /// Whether it gets the type that compares texts without capitals.
    fn is_citext(&self, plan: &Plan) -> bool {
        plan.no_case == NoCase::Citext && self.folds() && self.collation == Collation::NoCase
    }

    /// Whether its values are texts, and more of them the same than have the same bytes.
    fn folds(&self) -> bool {
        matches!(self.codec, Codec::Text(_)) && self.collation != Collation::Binary
    }
}
