//! Cells that a move has changed, and noted: they are what they were again, as long as PostgreSQL has what they became.

use rusqlite::{Statement, params_from_iter};

use super::ExtractError;
use super::file::NewFile;
use super::rows::Rows;
use crate::codec::{Cell, quoted_text};
use crate::definition::TableDefinition;
use crate::sqlite::quoted;
use crate::{ColumnPlan, Definition, Schema, ledger, sqlite};

/// Reads the notes about cells that arrived as something else.
pub(super) fn copy_out(schema: &str) -> String {
    notes(schema, "rule <> 'reject' ORDER BY table_name, column_name")
}

/// Reads the notes about rows that stayed behind, the cells of each one after the other.
pub(super) fn copy_out_rejected(schema: &str) -> String {
    notes(schema, "rule = 'reject' ORDER BY table_name, key")
}

fn notes(schema: &str, which: &str) -> String {
    format!(
        "COPY (SELECT table_name, column_name, key, class, before FROM mainstay_transfer.cells \
         WHERE target = {} AND {which}) TO STDOUT (FORMAT binary)",
        quoted_text(schema)
    )
}

/// What is needed to give cells back.
#[derive(Debug, Clone)]
pub(super) struct Remembered {
    pub(super) schema: Schema,
    pub(super) definition: Definition,
}

/// How a column is found and written.
struct Column<'f> {
    table: String,
    name: String,
    plan: ColumnPlan,
    key: Vec<ColumnPlan>,
    find: Statement<'f>,
    write: Statement<'f>,
}

impl Remembered {
    /// Gives back what comes, and says how many cells could not be found.
    pub(super) fn restore(&self, file: &NewFile, rows: Rows) -> Result<(u64, bool), ExtractError> {
        file.run("a transaction", "BEGIN")?;
        let mut column: Option<Column<'_>> = None;
        let mut lost = 0;
        let is_whole = rows.each(|raw| {
            let fields: Vec<_> = raw.fields().map(Option::unwrap_or_default).collect();
            let [table, name, key, class, before] = fields[..] else { return Ok(()) };
            if !column.as_ref().is_some_and(|column| column.is(table, name)) {
                column = self.column(file, table, name)?;
            }
            let restored = match (&mut column, ledger::read_cell(class, before)) {
                (Some(column), Some(cell)) => column.restore(file, key, &cell)?,
                _ => false,
            };
            lost += u64::from(!restored);
            Ok(())
        })?;
        drop(column);
        file.run("a transaction", "COMMIT")?;
        Ok((lost, is_whole))
    }

    /// Gives back rows that stayed behind, unless there is such a row by now.
    pub(super) fn restore_rejected(&self, file: &NewFile, rows: Rows) -> Result<bool, ExtractError> {
        file.run("a transaction", "BEGIN")?;
        let mut row = Rejected::default();
        let is_whole = rows.each(|raw| {
            let fields: Vec<_> = raw.fields().map(Option::unwrap_or_default).collect();
            let [table, name, key, class, before] = fields[..] else { return Ok(()) };
            if row.of != [table, key] {
                std::mem::take(&mut row).insert(file)?;
                row.of = [table, key].map(<[u8]>::to_vec);
            }
            if self.is_written(table, name) {
                row.cells.extend(ledger::read_cell(class, before).map(|cell| (text(name), cell)));
            }
            Ok(())
        })?;
        row.insert(file)?;
        file.run("a transaction", "COMMIT")?;
        Ok(is_whole)
    }

    /// Whether a column is not computed.
    fn is_written(&self, table: &[u8], name: &[u8]) -> bool {
        let table = self.schema.tables.iter().find(|of| of.name.as_bytes() == table);
        table.is_some_and(|table| {
            let computed =
                |column: &&crate::Column| column.generated.is_some() && column.name.as_bytes() == name;
            table.columns.iter().find(computed).is_none()
        })
    }

    fn column<'f>(
        &self,
        file: &'f NewFile,
        table: &[u8],
        name: &[u8],
    ) -> Result<Option<Column<'f>>, ExtractError> {
        let Some(place) = self.schema.tables.iter().position(|of| of.name.as_bytes() == table) else {
            return Ok(None);
        };
        let (of, definition) = (&self.schema.tables[place], &self.definition.tables[place]);
        let is_it = |column: &&crate::ColumnDefinition| sqlite::unquoted(&column.source).as_bytes() == name;
        let Some(column) = definition.columns.iter().find(is_it) else { return Ok(None) };
        if definition.key.is_empty() {
            return Ok(None);
        }
        let (from, is_row, source) = (quoted(&of.name), is_row(definition), &column.source);
        let key = definition.key.iter().map(|place| definition.columns[*place].plan);
        Ok(Some(Column {
            table: of.name.clone(),
            name: sqlite::unquoted(source),
            plan: column.plan,
            key: key.collect(),
            find: file.prepare(&format!("SELECT {source} FROM {from} WHERE {is_row}"))?,
            write: file.prepare(&format!("UPDATE {from} SET {source} = ?1 WHERE {is_row}"))?,
        }))
    }
}

/// A cell of the key may have become what it was before already, or not yet. The first parameter is for the cell.
fn is_row(definition: &TableDefinition) -> String {
    let keys = definition.key.iter().enumerate().map(|(nth, place)| {
        format!("{} IN (?{}, ?{})", definition.columns[*place].source, 2 * nth + 2, 2 * nth + 3)
    });
    keys.collect::<Vec<_>>().join(" AND ")
}

impl Column<'_> {
    fn is(&self, table: &[u8], name: &[u8]) -> bool {
        self.table.as_bytes() == table && self.name.as_bytes() == name
    }

    /// False when there is no such row. What has been written to since stays as it is.
    fn restore(&mut self, file: &NewFile, key: &[u8], cell: &Cell) -> Result<bool, ExtractError> {
        let Some(key) = self.key(key) else { return Ok(false) };
        let written = file.tried("a cell that was noted", self.write(&key, cell))?;
        if let Some(field) = written.as_deref().and_then(|field| field.get(size_of::<i32>()..)) {
            let came_as = ledger::key_of(key.iter().step_by(2).map(Cell::as_ref));
            file.restored(&self.table, &self.name, &came_as, field)?;
        }
        Ok(true)
    }

    /// The field that it was moved as; none when somebody has written to it, or removed the row.
    fn write(&mut self, key: &[Cell], cell: &Cell) -> rusqlite::Result<Option<Vec<u8>>> {
        let parameters: Vec<_> = std::iter::once(cell).chain(key).collect();
        let placed = |cell: &Cell| {
            let mut field = Vec::new();
            self.plan.place(cell.as_ref(), &mut field);
            field
        };
        let field = placed(cell);
        // All parameters are bound for both statements, though one does not ask for the first.
        for (place, parameter) in parameters.iter().enumerate().skip(1) {
            self.find.raw_bind_parameter(place + 1, parameter)?;
        }
        let now = {
            let mut rows = self.find.raw_query();
            rows.next()?.map(|row| read(row)).transpose()?
        };
        if now.is_none_or(|now| placed(&now) != field) {
            return Ok(None);
        }
        self.write.execute(params_from_iter(parameters))?;
        Ok(Some(field))
    }

    /// Each cell of a key twice: as it was, and as it comes back.
    fn key(&self, written: &[u8]) -> Option<Vec<Cell>> {
        let written: Vec<serde_json::Value> = serde_json::from_slice(written).ok()?;
        let mut cells = Vec::new();
        for (plan, written) in self.key.iter().zip(&written) {
            let before = ledger::read_key_cell(written)?;
            let mut field = Vec::new();
            plan.place(before.as_ref(), &mut field);
            let after = plan.codec.decode(field.get(size_of::<i32>()..)?).map(Cell::Value);
            cells.extend([after.unwrap_or_else(|| before.clone()), before]);
        }
        (cells.len() == 2 * self.key.len()).then_some(cells)
    }
}

fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Cell> {
    Ok(match row.get_ref(0)? {
        rusqlite::types::ValueRef::Text(text) => Cell::Text(text.to_owned()),
        _ => Cell::Value(row.get(0)?),
    })
}

/// A row that stayed behind.
#[derive(Debug, Default)]
struct Rejected {
    /// Its table, and its key as it was noted.
    of: [Vec<u8>; 2],
    cells: Vec<(String, Cell)>,
}

impl Rejected {
    fn insert(self, file: &NewFile) -> Result<(), ExtractError> {
        if self.cells.is_empty() {
            return Ok(());
        }
        let (names, cells): (Vec<_>, Vec<_>) = self.cells.into_iter().unzip();
        let places: Vec<_> = (1..=names.len()).map(|place| format!("?{place}")).collect();
        let (table, names) = (quoted(&text(&self.of[0])), sqlite::listed(&names));
        let sql = format!("INSERT OR IGNORE INTO {table} ({names}) VALUES ({})", places.join(", "));
        let inserted = file.prepare(&sql)?.execute(params_from_iter(&cells));
        file.tried("a row that stayed behind", inserted).map(|_| ())
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
