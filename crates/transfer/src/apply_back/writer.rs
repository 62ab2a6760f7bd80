//! Writes rows into the file.

use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, Row, Statement, ffi, params, params_from_iter};
use tokio::sync::mpsc::Receiver;

use super::field::Field;
use super::rows::Piece;
use super::tables::{Pair, PairedColumn};
use super::{Applied, ApplyBackError, BrokenCheck, Remembered, Unfit, unfit};
use crate::codec::Cell;
use crate::{Affinity, SourceError};

/// What stands for whatever SQLite would make of a text in a column for numbers.
pub(super) const PROBE: &str = "CREATE TEMP TABLE mainstay_probe (id INTEGER PRIMARY KEY, number NUMERIC)";
const ASK_PROBE: &str =
    "INSERT OR REPLACE INTO temp.mainstay_probe VALUES (1, ?1) RETURNING typeof(number) = 'text'";

/// Writes into an open transaction.
pub(super) struct Writer<'w> {
    pub(super) connection: &'w Connection,
    pub(super) tables: &'w [Pair],
    pub(super) remembered: &'w Remembered,
    pub(super) failed: &'w dyn Fn(rusqlite::Error) -> SourceError,
    pub(super) applied: Applied,
}

/// What a row of SQLite gets.
enum Fitted {
    Row(Vec<Cell>),
    /// It cannot stand there, because of the cell in this column.
    LeftOut(usize),
}

impl Writer<'_> {
    /// Writes all that comes. False when it ends before its end.
    pub(super) fn take_all(&mut self, mut pieces: Receiver<Piece>) -> Result<bool, ApplyBackError> {
        while let Some(piece) = pieces.blocking_recv() {
            match piece {
                Piece::Clear { table } => self.clear(table)?,
                Piece::Delete { table, keys } => self.delete(table, &keys)?,
                Piece::Insert { table, rows } => self.insert(table, &rows)?,
                Piece::Counted { table, last } => self.counted(table, last)?,
                Piece::End => return Ok(true),
            }
        }
        Ok(false)
    }

    fn prepare(&self, sql: &str) -> Result<Statement<'_>, ApplyBackError> {
        Ok(self.connection.prepare(sql).map_err(self.failed)?)
    }

    fn clear(&mut self, table: usize) -> Result<(), ApplyBackError> {
        let sql = format!("DELETE FROM {}", crate::sqlite::quoted(&self.tables[table].name));
        let removed = self.prepare(&sql)?.execute([]).map_err(self.failed)?;
        self.applied.removed += removed as u64;
        Ok(())
    }

    fn delete(&mut self, table: usize, keys: &[Vec<Field>]) -> Result<(), ApplyBackError> {
        let pair = &self.tables[table];
        let mut removed = 0;
        let mut statement = self.prepare(&pair.delete())?;
        for key in keys {
            // What could never be there is not removed either: something else might be found in its place.
            if let Fitted::Row(key) = self.key(table, &key.iter().collect::<Vec<_>>())? {
                removed += statement.execute(params_from_iter(&key)).map_err(self.failed)? as u64;
            }
        }
        drop(statement);
        self.applied.keys += keys.len() as u64;
        self.applied.removed += removed;
        Ok(())
    }

    fn insert(&mut self, table: usize, rows: &[Vec<Field>]) -> Result<(), ApplyBackError> {
        let pair = &self.tables[table];
        let (mut unfit, mut broken) = (Vec::new(), Vec::new());
        let mut written = 0;
        let mut statement = self.prepare(&pair.insert())?;
        for row in rows {
            let given = match self.row(table, row)? {
                Fitted::Row(given) => given,
                Fitted::LeftOut(column) => {
                    unfit.push(unfit::of_left_out(pair, row, column));
                    continue;
                }
            };
            let mut stored = statement.query(params_from_iter(&given)).map_err(self.failed)?;
            let stored = stored.next().map_err(|error| self.refused(pair, row, error))?;
            let stored = stored.expect("a row that was written is returned");
            look(pair, row, stored, &mut unfit, &mut broken).map_err(self.failed)?;
            written += 1;
        }
        drop(statement);
        self.applied.written += written;
        self.applied.unfit.append(&mut unfit);
        self.applied.broken_checks.append(&mut broken);
        Ok(())
    }

    /// What the cells of a key are in SQLite.
    fn key(&self, table: usize, key: &[&Field]) -> Result<Fitted, ApplyBackError> {
        let pair = &self.tables[table];
        let plain = self.plain_key(table, key);
        let mut given = Vec::new();
        for (column, field) in pair.key.iter().zip(key) {
            let cell = self.given(table, plain.as_deref(), *column, field);
            match cell {
                Some(cell) if self.stays(&pair.columns[*column], &cell)? => given.push(cell),
                _ => return Ok(Fitted::LeftOut(*column)),
            }
        }
        Ok(Fitted::Row(given))
    }

    fn row(&self, table: usize, row: &[Field]) -> Result<Fitted, ApplyBackError> {
        let pair = &self.tables[table];
        let key: Vec<_> = pair.key.iter().map(|place| &row[*place]).collect();
        if let Fitted::LeftOut(column) = self.key(table, &key)? {
            return Ok(Fitted::LeftOut(column));
        }
        let plain = self.plain_key(table, &key);
        let mut given = Vec::with_capacity(pair.columns.len());
        for (column, field) in row.iter().enumerate().take(pair.columns.len()) {
            match self.given(table, plain.as_deref(), column, field) {
                Some(cell) => given.push(cell),
                None => return Ok(Fitted::LeftOut(column)),
            }
        }
        Ok(Fitted::Row(given))
    }

    /// A key by which cells are remembered; none when there are none of this table.
    fn plain_key(&self, table: usize, key: &[&Field]) -> Option<Vec<Value>> {
        if !self.remembered.has_table(table) {
            return None;
        }
        let columns = self.tables[table].key_columns();
        let plain = columns.zip(key).map(|(column, field)| match field.exactly(column.codec)? {
            Cell::Value(value) => Some(value),
            Cell::Text(text) => String::from_utf8(text).ok().map(Value::Text),
        });
        plain.collect()
    }

    /// What SQLite gets for a field: what it was, what is exactly it, else its text, or nothing; none when not even that
    /// can stand there.
    fn given(&self, table: usize, key: Option<&[Value]>, column: usize, field: &Field) -> Option<Cell> {
        let PairedColumn { place, codec, takes_text, takes_null, .. } = self.tables[table].columns[column];
        let was = key.and_then(|key| self.remembered.cell(table, key, place));
        if let Some(was) = was.filter(|was| field.is(codec, ValueRef::from(was))) {
            return Some(Cell::Value(was));
        }
        field
            .exactly(codec)
            .or_else(|| takes_text.then(|| Cell::Value(Value::Text(field.shown(codec)))))
            .or_else(|| takes_null.then_some(Cell::Value(Value::Null)))
    }

    /// Whether a cell of a key can be found again: a text in a column for numbers may become one that other texts become,
    /// too.
    fn stays(&self, column: &PairedColumn, cell: &Cell) -> Result<bool, ApplyBackError> {
        let is_for_numbers =
            matches!(column.affinity, Affinity::Integer | Affinity::Numeric | Affinity::Real);
        if !is_for_numbers || !cell.is_text() {
            return Ok(true);
        }
        let stays = self.prepare(ASK_PROBE)?.query_row([cell], |row| row.get(0));
        Ok(stays.map_err(self.failed)?)
    }

    /// Ids that were given once are never given again.
    fn counted(&mut self, table: usize, last: i64) -> Result<(), ApplyBackError> {
        let name = &self.tables[table].name;
        let update = "UPDATE sqlite_sequence SET seq = max(seq, ?2) WHERE name = ?1";
        let changed = self.prepare(update)?.execute(params![name, last]).map_err(self.failed)?;
        if changed == 0 {
            let insert = "INSERT INTO sqlite_sequence (name, seq) VALUES (?1, ?2)";
            self.prepare(insert)?.execute(params![name, last]).map_err(self.failed)?;
        }
        Ok(())
    }

    fn refused(&self, pair: &Pair, row: &[Field], error: rusqlite::Error) -> ApplyBackError {
        let Some(code) = error.sqlite_error().map(|error| error.extended_code) else {
            return (self.failed)(error).into();
        };
        let may_pass =
            [ffi::SQLITE_CONSTRAINT_UNIQUE, ffi::SQLITE_CONSTRAINT_PRIMARYKEY, ffi::SQLITE_CONSTRAINT_ROWID];
        let never = [ffi::SQLITE_CONSTRAINT_NOTNULL, ffi::SQLITE_CONSTRAINT_DATATYPE, ffi::SQLITE_MISMATCH];
        if !may_pass.contains(&code) && !never.contains(&code) {
            return (self.failed)(error).into();
        }
        ApplyBackError::Refused {
            table: pair.name.clone(),
            key: pair.shown_key(row).join(", "),
            constraint: error.to_string(),
            may_pass: may_pass.contains(&code),
        }
    }
}

/// Compares a row with what it has become.
fn look(
    pair: &Pair,
    row: &[Field],
    stored: &Row<'_>,
    unfit: &mut Vec<Unfit>,
    broken: &mut Vec<BrokenCheck>,
) -> rusqlite::Result<()> {
    unfit.extend(unfit::of_row(pair, row, stored)?);
    for (place, check) in pair.checks.iter().enumerate() {
        if stored.get::<_, Option<bool>>(pair.read().count() + place)? == Some(true) {
            let (table, key) = (pair.name.clone(), pair.shown_key(row));
            broken.push(BrokenCheck { table, key, check: check.clone() });
        }
    }
    Ok(())
}
