//! The statements that make a database in PostgreSQL, and what of it cannot be said there. Pure.

use std::fmt::Write as _;

use crate::codec::Codec;
use crate::defaults;
use crate::expression::{Columns, Known, Untranslated};
use crate::names::Names;
use crate::sqlite::{listed, quoted};
use crate::{
    Action, Column, ColumnPlan, Deferral, ForeignKey, Index, IndexOrigin, IndexPart, Key, KeyKind, Plan,
    Schema, Subject, Table, TablePlan,
};

/// A database in PostgreSQL, in the order in which it is made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Definition {
    /// The tables. What refers to others comes when all are full.
    pub tables: Vec<TableDefinition>,
    /// The foreign keys.
    pub foreign_keys: Vec<ForeignKeyDefinition>,
    /// What stays behind.
    pub left_behind: Vec<LeftBehind>,
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
}

/// A column in PostgreSQL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnDefinition {
    /// Its name, in quotes.
    pub name: String,
    /// How a statement of SQLite calls what it holds: a column in quotes, or the rowid.
    pub source: String,
    /// Its type, and what becomes of cells that do not fit.
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
    /// Names of tables and indexes, which share one space.
    relations: Names,
    definition: Definition,
}

impl Definition {
    /// The database that `schema` becomes by a plan.
    pub fn of(schema: &Schema, plan: &Plan) -> Self {
        let mut relations = Names::default();
        let tables = schema.tables.iter().map(|table| relations.give(&table.name)).collect();
        let columns =
            schema.tables.iter().zip(&plan.tables).map(|(table, plan)| known(table, plan)).collect();
        let target = quoted(&plan.target);
        let definition = Self::default();
        let mut writer = Writer { schema, plan, target, tables, columns, relations, definition };
        for place in 0..schema.tables.len() {
            writer.table(place);
        }
        for place in 0..schema.tables.len() {
            writer.foreign_keys(place);
        }
        writer.what_stays();
        writer.definition
    }
}

fn known(table: &Table, plan: &TablePlan) -> Vec<Known> {
    let mut names = Names::default();
    let columns = table.columns.iter().zip(&plan.columns);
    let known = columns.map(|(column, plan)| Known {
        name: column.name.clone(),
        given: names.give(&column.name),
        codec: plan.codec,
    });
    known.collect()
}

impl Writer<'_> {
    fn table(&mut self, place: usize) {
        let table = &self.schema.tables[place];
        let name = self.qualified(place);
        let mut lines = Vec::new();
        let mut columns = Vec::new();
        for column in 0..table.columns.len() {
            let (line, is_filled) = self.column(place, column);
            lines.push(line);
            columns.push(ColumnDefinition {
                name: quoted(&self.columns[place][column].given),
                source: quoted(&table.columns[column].name),
                plan: self.plan.tables[place].columns[column],
                is_computed: !is_filled,
            });
        }
        let key = match &self.plan.tables[place].key {
            Key::Columns(columns) => columns.clone(),
            Key::Rowid => Vec::new(),
        };
        lines.extend(self.checks(place));
        let create = format!("CREATE TABLE {name} (\n  {}\n)", lines.join(",\n  "));
        let mut indexes = Vec::new();
        for index in &table.indexes {
            indexes.extend(self.index(place, index));
        }
        let primary_key = self.primary_key(place);
        self.definition.tables.push(TableDefinition {
            place,
            name,
            columns,
            key,
            create,
            indexes,
            primary_key,
            sequence: None,
        });
    }

    fn qualified(&self, place: usize) -> String {
        format!("{}.{}", self.target, quoted(&self.tables[place]))
    }

    fn listed(&self, place: usize, columns: &[usize]) -> String {
        listed(columns.iter().map(|column| &self.columns[place][*column].given))
    }

    /// The line of a column, and whether it is filled: one that is computed there fills itself.
    fn column(&mut self, place: usize, at: usize) -> (String, bool) {
        let table = &self.schema.tables[place];
        let (column, known) = (&table.columns[at], self.columns[place][at].clone());
        let mut line = format!("{} {}", quoted(&known.given), known.codec.type_name());
        if matches!(known.codec, Codec::Text(_)) {
            // The order of bytes, as in SQLite.
            line.push_str(" COLLATE \"C\"");
        }
        if is_rowid(table, at) {
            line.push_str(" GENERATED BY DEFAULT AS IDENTITY");
        }
        if column.is_not_null {
            line.push_str(" NOT NULL");
        }
        if let Some(generated) = &column.generated {
            let computed = Columns(&self.columns[place]).value(&generated.expression);
            match computed {
                Ok(sql) => {
                    let _ = write!(line, " GENERATED ALWAYS AS ({sql}) STORED");
                    return (line, false);
                }
                Err(why) => self.leave(format!("that {} is computed", named(table, column)), &why),
            }
        }
        match defaults::translated(column, known.codec) {
            Some(Ok(sql)) => {
                let _ = write!(line, " DEFAULT {sql}");
            }
            Some(Err(why)) => self.leave(format!("the default of {}", named(table, column)), &why),
            None => {}
        }
        (line, true)
    }

    fn leave(&mut self, what: String, why: &Untranslated) {
        self.definition.left_behind.push(LeftBehind { what, because: why.to_string() });
    }

    fn checks(&mut self, place: usize) -> Vec<String> {
        let table = &self.schema.tables[place];
        let mut lines = Vec::new();
        for check in &table.checks {
            match Columns(&self.columns[place]).condition(&check.expression) {
                Ok(sql) => lines.push(format!("{}CHECK ({sql})", constraint(check.name.as_deref()))),
                Err(why) => self.leave(format!("a CHECK of {}", table.name), &why),
            }
        }
        lines
    }

    fn primary_key(&self, place: usize) -> Option<String> {
        let table = &self.schema.tables[place];
        if table.primary_key.is_empty() {
            return None;
        }
        let (name, columns) = (self.qualified(place), self.listed(place, &table.primary_key));
        let given = constraint(table.primary_key_name.as_deref());
        Some(format!("ALTER TABLE {name} ADD {given}PRIMARY KEY ({columns})"))
    }

    fn index(&mut self, place: usize, index: &Index) -> Option<String> {
        let table = &self.schema.tables[place];
        let columns = Columns(&self.columns[place]);
        let made = index.parts.iter().map(|part| self.part(place, part)).collect::<Result<Vec<_>, _>>();
        let predicate = index.predicate.as_ref().map(|predicate| columns.condition(predicate)).transpose();
        let (parts, predicate) = match made.and_then(|parts| Ok((parts, predicate?))) {
            Ok(made) => made,
            Err(why) => {
                self.leave(format!("the index {} of {}", index.name, table.name), &why);
                return None;
            }
        };
        let wanted = match index.origin {
            IndexOrigin::Index => index.name.clone(),
            IndexOrigin::UniqueConstraint => self.made_up(place, index),
        };
        let name = quoted(&self.relations.give(&wanted));
        let unique = if index.is_unique { "UNIQUE " } else { "" };
        let filter = predicate.map(|sql| format!(" WHERE {sql}")).unwrap_or_default();
        Some(format!(
            "CREATE {unique}INDEX {name} ON {} ({}){filter}",
            self.qualified(place),
            parts.join(", ")
        ))
    }

    /// As PostgreSQL itself would call it.
    fn made_up(&self, place: usize, index: &Index) -> String {
        let columns = index.parts.iter().filter_map(|part| match part.subject {
            Subject::Column(column) => Some(self.columns[place][column].given.as_str()),
            Subject::Expression(_) => None,
        });
        let words: Vec<_> =
            std::iter::once(self.tables[place].as_str()).chain(columns).chain(["key"]).collect();
        words.join("_")
    }

    fn part(&self, place: usize, part: &IndexPart) -> Result<String, Untranslated> {
        let plain = match &part.subject {
            Subject::Column(column) => quoted(&self.columns[place][*column].given),
            Subject::Expression(sql) => format!("({})", Columns(&self.columns[place]).value(sql)?),
        };
        let compared = match part.collation.to_ascii_uppercase().as_str() {
            "BINARY" => plain,
            "NOCASE" => format!("lower({plain} COLLATE \"C\")"),
            "RTRIM" => format!("rtrim({plain}, ' ')"),
            _ => {
                let because = "this collation is of the program that made the file";
                return Err(Untranslated { part: part.collation.clone(), because });
            }
        };
        Ok(if part.is_descending { format!("{compared} DESC") } else { compared })
    }

    fn foreign_keys(&mut self, place: usize) {
        let table = &self.schema.tables[place];
        for key in &table.foreign_keys {
            match self.foreign_key(place, key) {
                Ok(sql) => self.definition.foreign_keys.push(sql),
                Err(because) => {
                    let what = format!("the foreign key of {} ({})", table.name, key.columns.join(", "));
                    self.definition.left_behind.push(LeftBehind { what, because: because.to_owned() });
                }
            }
        }
    }

    fn foreign_key(&self, place: usize, key: &ForeignKey) -> Result<ForeignKeyDefinition, &'static str> {
        let is_parent = |table: &Table| table.name.eq_ignore_ascii_case(&key.parent);
        let parent = self
            .schema
            .tables
            .iter()
            .position(is_parent)
            .ok_or("the table that it points to does not exist")?;
        let here = self.places(place, &key.columns).ok_or("a column of it does not exist")?;
        let there =
            self.places(parent, &key.parent_columns).ok_or("a column that it points to does not exist")?;
        if here.len() != there.len() || !is_unique(&self.schema.tables[parent], &there) {
            return Err("what it points to is not unique");
        }
        let type_of =
            |table: usize, column: &usize| self.plan.tables[table].columns[*column].codec.type_name();
        if here.iter().zip(&there).any(|(child, up)| type_of(place, child) != type_of(parent, up)) {
            return Err("the columns are of different types");
        }
        let name = self.foreign_key_name(place, key);
        let table = self.qualified(place);
        let add = format!(
            "ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY ({}) REFERENCES {} ({}){}{}{} NOT VALID",
            self.listed(place, &here),
            self.qualified(parent),
            self.listed(parent, &there),
            action(" ON UPDATE", key.on_update),
            action(" ON DELETE", key.on_delete),
            match key.deferral {
                Deferral::Immediate => "",
                Deferral::Deferrable => " DEFERRABLE",
                Deferral::Deferred => " DEFERRABLE INITIALLY DEFERRED",
            },
        );
        let validate = format!("ALTER TABLE {table} VALIDATE CONSTRAINT {name}");
        Ok(ForeignKeyDefinition { tables: [place, parent], add, validate })
    }

    /// The one it has, or as PostgreSQL itself would call it.
    fn foreign_key_name(&self, place: usize, key: &ForeignKey) -> String {
        let made_up = || format!("{}_{}_fkey", self.tables[place], key.columns.join("_"));
        quoted(&Names::default().give(&key.name.clone().unwrap_or_else(made_up)))
    }

    fn places(&self, table: usize, names: &[String]) -> Option<Vec<usize>> {
        let columns = &self.columns[table];
        let place = |name: &String| columns.iter().position(|known| known.name.eq_ignore_ascii_case(name));
        names.iter().map(place).collect::<Option<Vec<_>>>().filter(|places| !places.is_empty())
    }

    fn what_stays(&mut self) {
        let left = |what: String, because: &str| LeftBehind { what, because: because.to_owned() };
        let stays = &mut self.definition.left_behind;
        stays.extend(
            self.schema
                .views
                .iter()
                .map(|view| left(format!("the view {}", view.name), "views are not translated")),
        );
        let triggers = self.schema.triggers.iter();
        stays.extend(
            triggers.map(|it| left(format!("the trigger {}", it.name), "triggers are not translated")),
        );
        let tables = self.schema.virtual_tables.iter();
        stays.extend(
            tables.map(|name| left(format!("the table {name}"), "its rows are kept by a module of SQLite")),
        );
    }
}

/// Whether a column is the rowid, which SQLite counts up.
fn is_rowid(table: &Table, column: usize) -> bool {
    matches!(table.key, KeyKind::RowidColumn { .. }) && table.primary_key == [column]
}

/// Whether no two rows have the same in these columns.
fn is_unique(table: &Table, columns: &[usize]) -> bool {
    let same = |parts: &mut dyn Iterator<Item = Option<usize>>| {
        let parts: Option<Vec<_>> = parts.collect();
        parts.is_some_and(|mut parts| {
            let mut columns = columns.to_vec();
            parts.sort_unstable();
            columns.sort_unstable();
            parts == columns
        })
    };
    let of_index = |index: &Index| {
        let column = |part: &IndexPart| match part.subject {
            Subject::Column(column) if part.collation.eq_ignore_ascii_case("BINARY") => Some(column),
            _ => None,
        };
        index.is_unique && index.predicate.is_none() && same(&mut index.parts.iter().map(column))
    };
    same(&mut table.primary_key.iter().copied().map(Some)) || table.indexes.iter().any(of_index)
}

fn named(table: &Table, column: &Column) -> String {
    format!("{}.{}", table.name, column.name)
}

fn constraint(name: Option<&str>) -> String {
    name.map(|name| format!("CONSTRAINT {} ", quoted(name))).unwrap_or_default()
}

fn action(when: &str, action: Action) -> String {
    let what = match action {
        Action::NoAction => return String::new(),
        Action::Restrict => "RESTRICT",
        Action::Cascade => "CASCADE",
        Action::SetNull => "SET NULL",
        Action::SetDefault => "SET DEFAULT",
    };
    format!("{when} {what}")
}
