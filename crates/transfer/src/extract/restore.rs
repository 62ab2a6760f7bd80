//! A database that was moved to PostgreSQL, as it was: by what the move has noted.

use super::catalogue::{Catalogue, PgColumn, PgTable};
use super::cell::Cells;
use super::file::NewFile;
use super::fill::{ColumnCopy, TableCopy};
use super::foreign;
use super::remembered::Remembered;
use super::{ExtractError, Work};
use crate::definition::ColumnDefinition;
use crate::run::notes::Move;
use crate::sqlite::{Kept, Kind, quoted};
use crate::{Affinity, Definition, KeyKind, LeftBehind, Plan, SqliteFile, Table};

/// Makes the tables that there were, and says how everything comes back into them.
pub(super) fn prepare(
    file: &mut NewFile,
    kept: &Kept,
    noted: &Move,
    catalogue: &Catalogue,
) -> Result<Work, ExtractError> {
    let mut work = Work::default();
    file.set_up(kept)?;
    for statement in &kept.statements {
        match statement.kind {
            Kind::Table => file.create(&format!("the table {}", statement.name), &statement.sql)?,
            Kind::OfModule => work
                .leave(format!("the table {}", statement.name), "its rows were kept by a module of SQLite"),
            Kind::Index | Kind::View | Kind::Trigger => {}
        }
    }
    let schema = SqliteFile::open(file.partial())?.schema()?;
    let plan = Plan::from_toml(&noted.plan, &schema)
        .map_err(|error| ExtractError::Notes { schema: noted.target.clone(), detail: error.to_string() })?;
    let definition = Definition::of(&schema, &plan);
    for (table, defined) in schema.tables.iter().zip(&definition.tables) {
        match catalogue.tables.iter().find(|found| found.relation == defined.name) {
            Some(found) => {
                let copy = copy(table, &defined.columns, &defined.key, found, &mut work);
                work.tables.push(copy);
            }
            None => {
                work.leave(format!("the rows of {}", table.name), "PostgreSQL has no such table any more");
            }
        }
    }
    let is_new = |table: &&PgTable| !definition.tables.iter().any(|known| known.name == table.relation);
    let taken = kept.statements.iter().map(|statement| statement.name.as_str());
    foreign::add(catalogue, catalogue.tables.iter().filter(is_new), taken, &mut work);
    let later = kept
        .statements
        .iter()
        .filter(|statement| matches!(statement.kind, Kind::Index | Kind::View | Kind::Trigger));
    let later = later.map(|statement| (named(statement.kind, &statement.name), statement.sql.clone()));
    work.after.splice(0..0, later);
    work.sequences.clone_from(&kept.sequences);
    work.remembered = Some(Remembered { schema, definition });
    Ok(work)
}

fn named(kind: Kind, name: &str) -> String {
    let what = match kind {
        Kind::Index => "index",
        Kind::View => "view",
        Kind::Trigger => "trigger",
        Kind::Table | Kind::OfModule => "table",
    };
    format!("the {what} {name}")
}

fn copy(
    table: &Table,
    defined: &[ColumnDefinition],
    key: &[usize],
    found: &PgTable,
    work: &mut Work,
) -> TableCopy {
    let mut columns = Vec::new();
    let mut copied = Vec::new();
    for (at, column) in defined.iter().enumerate() {
        // It is computed again.
        if table.columns.get(at).is_some_and(|column| column.generated.is_some()) {
            continue;
        }
        let Some(now) = found.columns.iter().find(|now| quoted(&now.name) == column.name) else {
            let what = format!("the cells of {}.{}", table.name, crate::sqlite::unquoted(&column.source));
            work.leave(what, "PostgreSQL has no such column any more");
            continue;
        };
        copied.push(at);
        columns.push(column_copy(table, at, column, now, work));
    }
    let autoincrement = matches!(table.key, KeyKind::RowidColumn { autoincrement: Some(_) });
    let last = found.columns.iter().filter(|_| autoincrement).find_map(|column| column.last_value);
    work.counted.extend(last.map(|last| (table.name.clone(), last)));
    for added in
        found.columns.iter().filter(|now| !defined.iter().any(|known| known.name == quoted(&now.name)))
    {
        columns.push(add_column(table, added, work));
    }
    let key = key.iter().filter_map(|of_key| copied.iter().position(|at| at == of_key)).collect();
    TableCopy { name: table.name.clone(), from: found.from(), columns, key }
}

fn column_copy(
    table: &Table,
    at: usize,
    column: &ColumnDefinition,
    now: &PgColumn,
    work: &mut Work,
) -> ColumnCopy {
    // Behind the last column there is the rowid.
    let affinity = table.columns.get(at).map_or(Affinity::Integer, |column| column.affinity);
    let codec = column.plan.codec;
    let is_same = now.is_of(codec.type_name());
    let (codec, select) = if is_same { (codec, column.name.clone()) } else { now.as_copied() };
    if !is_same {
        let what = format!("the type of {}.{}", table.name, now.name);
        work.leave(
            what,
            "PostgreSQL has another than the move gave it: cells are what such values are elsewhere",
        );
    }
    let takes_text = !table.is_strict || matches!(affinity, Affinity::Text | Affinity::Blob);
    let cells = Cells { codec, affinity };
    ColumnCopy { name: column.source.clone(), source: column.name.clone(), select, cells, takes_text }
}

/// A column that PostgreSQL has got since comes behind the others.
fn add_column(table: &Table, added: &PgColumn, work: &mut Work) -> ColumnCopy {
    let declared = if table.is_strict { "ANY".to_owned() } else { added.declared() };
    let (codec, select) = added.as_copied();
    let name = quoted(&added.name);
    work.before.push((
        format!("the column {}.{}", table.name, added.name),
        format!("ALTER TABLE {} ADD COLUMN {name} {declared}", quoted(&table.name)),
    ));
    work.left_behind.push(LeftBehind {
        what: format!("the definition of {}.{}", table.name, added.name),
        because:
            "the column came to PostgreSQL later: its cells are here, its constraints and its default are not"
                .to_owned(),
    });
    let cells = Cells { codec, affinity: Affinity::of(&declared, table.is_strict) };
    ColumnCopy { source: name.clone(), name, select, cells, takes_text: true }
}
