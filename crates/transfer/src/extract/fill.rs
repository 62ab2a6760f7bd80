//! Fills a table of the new file.

use rusqlite::types::Value;
use rusqlite::{ErrorCode, params_from_iter};

use super::cell::Cells;
use super::file::NewFile;
use super::rows::Rows;
use super::{ExtractError, Extracted, Unfit};
use crate::MovedTable;
use crate::codec::Cell;
use crate::ledger::{key_of, shown};
use crate::sqlite::quoted;
use crate::verify::rows::RawRow;

/// A table, and how its rows come over.
#[derive(Debug, Clone)]
pub(super) struct TableCopy {
    /// What SQLite calls it.
    pub(super) name: String,
    /// Its rows, as PostgreSQL has them behind FROM.
    pub(super) from: String,
    pub(super) columns: Vec<ColumnCopy>,
    /// The places in `columns` of what tells its rows apart, in the order of the key.
    pub(super) key: Vec<usize>,
}

/// A column, and how its cells come over.
#[derive(Debug, Clone)]
pub(super) struct ColumnCopy {
    /// What statements of SQLite call it.
    pub(super) name: String,
    /// What statements of PostgreSQL call it.
    pub(super) source: String,
    /// How PostgreSQL gives it.
    pub(super) select: String,
    pub(super) cells: Cells,
    /// Whether a text can stand in it, whatever its type.
    pub(super) takes_text: bool,
}

impl TableCopy {
    /// Reads its rows.
    pub(super) fn copy_out(&self) -> String {
        let fields = self.columns.iter().map(|column| {
            let text = if column.cells.codec.needs_text() {
                format!(", {}::text", column.source)
            } else {
                String::new()
            };
            format!("{}{text}", column.select)
        });
        let fields: Vec<_> = fields.collect();
        format!("COPY (SELECT {} FROM {}) TO STDOUT (FORMAT binary)", fields.join(", "), self.from)
    }

    fn insert(&self) -> String {
        let name = quoted(&self.name);
        if self.columns.is_empty() {
            return format!("INSERT INTO {name} DEFAULT VALUES");
        }
        let names: Vec<_> = self.columns.iter().map(|column| column.name.as_str()).collect();
        let places: Vec<_> = (1..=names.len()).map(|place| format!("?{place}")).collect();
        format!("INSERT INTO {name} ({}) VALUES ({})", names.join(", "), places.join(", "))
    }

    /// Writes all its rows into the file.
    pub(super) fn fill(
        &self,
        file: &NewFile,
        rows: Rows,
        extracted: &mut Extracted,
    ) -> Result<bool, ExtractError> {
        let mut moved = MovedTable { name: self.name.clone(), rows: 0, bytes: 0 };
        file.run("a transaction", "BEGIN")?;
        let mut statement = file.prepare(&self.insert())?;
        let is_whole = rows.each(|raw| {
            let cells = self.cells(raw, file)?;
            let inserted = statement.execute(params_from_iter(&cells));
            inserted.map_err(|error| self.refused(file, error))?;
            moved.rows += 1;
            moved.bytes += raw.0.len() as u64;
            Ok(())
        })?;
        drop(statement);
        file.run("a transaction", "COMMIT")?;
        extracted.tables.push(moved);
        Ok(is_whole)
    }

    fn cells(&self, raw: RawRow<'_>, file: &NewFile) -> Result<Vec<Cell>, ExtractError> {
        let mut fields = raw.fields();
        let mut unfit = Vec::new();
        let mut cells = Vec::with_capacity(self.columns.len());
        for (place, column) in self.columns.iter().enumerate() {
            let field = fields.next().flatten();
            let text = if column.cells.codec.needs_text() { fields.next().flatten() } else { None };
            let cell = column.cells.read(field).unwrap_or_else(|| {
                let text = text.map(|text| String::from_utf8_lossy(text).into_owned());
                let text = text.unwrap_or_else(|| column.cells.codec.shown(field.unwrap_or_default()));
                let stands = if column.takes_text { Value::Text(text.clone()) } else { Value::Null };
                unfit.push((place, field.unwrap_or_default(), text));
                Cell::Value(stands)
            });
            cells.push(cell);
        }
        for (place, field, value) in unfit {
            let key = key_of(self.key.iter().map(|place| cells[*place].as_ref()));
            file.add_unfit(&self.unfit(&cells, place, value), &key, field)?;
        }
        Ok(cells)
    }

    fn unfit(&self, cells: &[Cell], place: usize, value: String) -> Unfit {
        let key = self.key.iter().map(|place| shown(cells[*place].as_ref())).collect();
        let column = crate::sqlite::unquoted(&self.columns[place].name);
        Unfit { table: self.name.clone(), key, column, value }
    }

    fn refused(&self, file: &NewFile, error: rusqlite::Error) -> ExtractError {
        match error.sqlite_error_code() {
            Some(ErrorCode::ConstraintViolation | ErrorCode::TypeMismatch | ErrorCode::TooBig) => {
                ExtractError::Row { table: self.name.clone(), detail: error.to_string() }
            }
            _ => ExtractError::of(file.partial(), "a row", error),
        }
    }
}
