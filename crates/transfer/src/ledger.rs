//! The cells that do not stand in PostgreSQL as they stood in SQLite: which, what they were, what they are, and by which
//! rule. They are written to the target beside the rows they are of.

use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::PathBuf;

use rusqlite::Row;
use rusqlite::types::{Value, ValueRef};
use serde_json::json;
use sqlx::postgres::PgRow;
use sqlx::{PgConnection, Row as _};
use tempfile::{SpooledTempFile, spooled_tempfile};

use crate::codec::{Cell, field, written_real};
use crate::copy::{self, Odd};
use crate::target::TargetError;
use crate::{Placed, RunError, SourceError, TableDefinition, Target};

/// Fills the table that cells are noted in.
const COPY: &str = "COPY mainstay_transfer.cells (target, table_name, key, column_name, class, before, after, rule) \
                               FROM STDIN (FORMAT binary)";

/// So many bytes of lines are held in memory; more of them wait on the disk.
const HELD: usize = 4 * 1024 * 1024;
/// How many bytes are sent at once.
const PIECE: usize = 256 * 1024;

/// Lines about cells, as binary COPY. A table may have as many as it has cells.
#[derive(Debug)]
pub(crate) struct Ledger {
    target: String,
    lines: SpooledTempFile,
    count: u64,
}

impl Ledger {
    /// Of a move into this schema.
    pub(crate) fn new(target: &str) -> Self {
        Self { target: target.to_owned(), lines: spooled_tempfile(HELD), count: 0 }
    }

    /// Lines about the odd cells of a row; about every cell of one that stays behind.
    pub(crate) fn note_all(
        &mut self,
        table: &str,
        of: &TableDefinition,
        row: &Row<'_>,
        odd: Vec<Odd>,
        arrives: bool,
    ) -> rusqlite::Result<()> {
        let all = || (0..of.filled().count()).map(|column| Odd { column, placed: Placed::Reject }).collect();
        let cells: Vec<Odd> = if arrives { odd } else { all() };
        cells.into_iter().try_for_each(|cell| self.note(table, of, row, cell))
    }

    /// A line about a cell of a row that was read by the columns of `table` that are filled.
    fn note(&mut self, table: &str, of: &TableDefinition, row: &Row<'_>, odd: Odd) -> rusqlite::Result<()> {
        let column = of.filled().nth(odd.column).expect("a column that was filled");
        let cell = row.get_ref(odd.column)?;
        let after = match odd.placed {
            Placed::Cast => column.plan.codec.cast(cell).map(|value| shown(ValueRef::from(&value))),
            Placed::Null | Placed::Reject | Placed::Stop => None,
            Placed::Exactly | Placed::Remembered => Some(shown(cell)),
        };
        let rule = rule(odd.placed);
        let (class, before) = written(cell);
        let key = key(of, row)?;
        let name = column.source.as_str();
        let mut line = 8_i16.to_be_bytes().to_vec();
        for text in [self.target.as_str(), table, &key, &crate::sqlite::unquoted(name), class] {
            write(&mut line, text);
        }
        field::of(&mut line, &before);
        match after {
            Some(text) => write(&mut line, &text),
            None => field::null(&mut line),
        }
        write(&mut line, rule);
        self.count += 1;
        self.lines.write_all(&line).map_err(|error| unkept(&error))
    }

    /// The next lines; nothing when there are no more.
    fn piece(&mut self) -> io::Result<Vec<u8>> {
        let mut piece = Vec::with_capacity(PIECE);
        (&mut self.lines).take(PIECE as u64).read_to_end(&mut piece)?;
        Ok(piece)
    }

    /// Sends all lines.
    pub(crate) async fn send(mut self, target: &Target, unit: &mut PgConnection) -> Result<(), RunError> {
        if self.count == 0 {
            return Ok(());
        }
        let failed = |cause| target.failed("notes about cells", cause);
        let mut copy = unit.copy_in_raw(COPY).await.map_err(failed)?;
        copy.send(copy::head()).await.map_err(failed)?;
        self.lines.rewind().map_err(lost)?;
        loop {
            let piece = self.piece().map_err(lost)?;
            if piece.is_empty() {
                break;
            }
            copy.send(piece).await.map_err(failed)?;
        }
        copy.send(copy::TRAILER.as_slice()).await.map_err(failed)?;
        copy.finish().await.map_err(failed)?;
        Ok(())
    }
}

/// Where lines wait that are too many for the memory.
fn folder() -> PathBuf {
    std::env::temp_dir()
}

/// Lines cannot be kept, because of which a row cannot be read.
fn unkept(error: &io::Error) -> rusqlite::Error {
    let words = format!("notes about its cells cannot be kept in {}: {error}", folder().display());
    rusqlite::Error::ToSqlConversionFailure(Box::new(io::Error::new(error.kind(), words)))
}

fn lost(error: io::Error) -> RunError {
    SourceError::Unreadable { path: folder(), source: error }.into()
}

fn write(to: &mut Vec<u8>, text: &str) {
    field::of(to, text.as_bytes()).expect("shorter than 2 GB");
}

/// What tells a row apart, as a JSON array.
pub(crate) fn key(of: &TableDefinition, row: &Row<'_>) -> rusqlite::Result<String> {
    let cells = of.key_among_filled().map(|place| row.get_ref(place));
    Ok(key_of(cells.collect::<rusqlite::Result<Vec<_>>>()?))
}

/// The same of these cells.
pub(crate) fn key_of<'c>(cells: impl IntoIterator<Item = ValueRef<'c>>) -> String {
    let cells = cells.into_iter().map(|cell| match cell {
        ValueRef::Null => json!(null),
        ValueRef::Integer(integer) => json!(integer),
        ValueRef::Real(real) => json_real(real),
        ValueRef::Text(text) => json_text(text),
        ValueRef::Blob(blob) => json!({ "blob": hex::encode(blob) }),
    });
    serde_json::Value::Array(cells.collect()).to_string()
}

/// Only reals that are read as they were written.
fn json_real(real: f64) -> serde_json::Value {
    let plain = json!(real);
    let back = serde_json::from_str::<f64>(&plain.to_string());
    let is_same = back.is_ok_and(|back| back.to_bits() == real.to_bits());
    if is_same { plain } else { json!({ "real": written_real(real) }) }
}

/// Only texts that PostgreSQL keeps.
fn json_text(text: &[u8]) -> serde_json::Value {
    let plain = readable(text);
    if plain.as_bytes() == text { json!(plain) } else { json!({ "text": hex::encode(text) }) }
}

/// A cell of a key, as [`key`] wrote it.
pub(crate) fn read_key_cell(written: &serde_json::Value) -> Option<Cell> {
    let plain = |value| Some(Cell::Value(value));
    match written {
        serde_json::Value::Null => plain(Value::Null),
        serde_json::Value::Number(number) => plain(
            number
                .as_i64()
                .map_or_else(|| number.as_f64().map(Value::Real), |integer| Some(Value::Integer(integer)))?,
        ),
        serde_json::Value::String(text) => plain(Value::Text(text.clone())),
        serde_json::Value::Object(odd) => {
            let hexadecimal = |name| odd.get(name)?.as_str().and_then(|text| hex::decode(text).ok());
            let real = || plain(Value::Real(odd.get("real")?.as_str()?.parse().ok()?));
            let text = || hexadecimal("text").map(Cell::Text);
            hexadecimal("blob").map(|blob| Cell::Value(Value::Blob(blob))).or_else(text).or_else(real)
        }
        _ => None,
    }
}

/// A cell that was noted by its class and its bytes.
pub(crate) fn read_cell(class: &[u8], before: &[u8]) -> Option<Cell> {
    let text = || std::str::from_utf8(before).ok();
    Some(match class {
        b"null" => Cell::Value(Value::Null),
        b"integer" => Cell::Value(Value::Integer(text()?.parse().ok()?)),
        b"real" => Cell::Value(Value::Real(text()?.parse().ok()?)),
        b"text" => Cell::Text(before.to_owned()),
        b"blob" => Cell::Value(Value::Blob(before.to_owned())),
        _ => return None,
    })
}

/// The rule by which a cell is not what it was.
pub(crate) fn rule(placed: Placed) -> &'static str {
    match placed {
        Placed::Cast => "cast",
        Placed::Null => "null",
        Placed::Reject => "reject",
        Placed::Exactly | Placed::Remembered | Placed::Stop => "remembered",
    }
}

/// A cell that came as another class than it would go back as.
pub(crate) struct RememberedCell {
    pub(crate) table: String,
    pub(crate) key: String,
    pub(crate) column: String,
    pub(crate) before: Value,
}

/// All of them.
pub(crate) async fn remembered(
    target: &Target,
    schema: &str,
    connection: &mut PgConnection,
) -> Result<Vec<RememberedCell>, TargetError> {
    let sql = "SELECT table_name, key, column_name, class, before FROM mainstay_transfer.cells WHERE target = $1 AND rule = $2";
    let query = sqlx::query(sql).bind(schema).bind(rule(Placed::Remembered));
    let rows =
        query.fetch_all(connection).await.map_err(|cause| target.failed("to give its notes", cause))?;
    let cell = |row: &PgRow| {
        let before = match read_cell(row.get::<String, _>("class").as_bytes(), row.get("before"))? {
            Cell::Value(value) => value,
            // One that is no UTF-8 is written as it comes.
            Cell::Text(text) => Value::Text(String::from_utf8(text).ok()?),
        };
        let (table, key, column) = (row.get("table_name"), row.get("key"), row.get("column_name"));
        Some(RememberedCell { table, key, column, before })
    };
    Ok(rows.iter().filter_map(cell).collect())
}

/// A cell that was noted by its class and its bytes, for people.
pub(crate) fn read(class: &str, before: &[u8]) -> String {
    match class {
        "null" => "NULL".to_owned(),
        "blob" => shown(ValueRef::Blob(before)),
        _ => readable(before),
    }
}

/// A cell's class and its bytes: what is needed to have it back.
fn written(cell: ValueRef<'_>) -> (&'static str, Vec<u8>) {
    match cell {
        ValueRef::Null => ("null", Vec::new()),
        ValueRef::Integer(integer) => ("integer", integer.to_string().into_bytes()),
        ValueRef::Real(real) => ("real", written_real(real).into_bytes()),
        ValueRef::Text(text) => ("text", text.to_owned()),
        ValueRef::Blob(blob) => ("blob", blob.to_owned()),
    }
}

/// A cell for people.
pub(crate) fn shown(cell: ValueRef<'_>) -> String {
    match cell {
        ValueRef::Null => "NULL".to_owned(),
        ValueRef::Integer(integer) => integer.to_string(),
        ValueRef::Real(real) => written_real(real),
        ValueRef::Text(text) => readable(text),
        ValueRef::Blob(blob) => format!("x'{}'", hex::encode(blob)),
    }
}

/// A text without what PostgreSQL does not keep.
fn readable(text: &[u8]) -> String {
    String::from_utf8_lossy(text).replace('\0', "\u{2400}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_are_too_many_wait_on_the_disk() {
        let mut ledger = Ledger::new("public");
        let lines: Vec<u8> = (0..=250).cycle().take(HELD + 3 * PIECE + 7).collect();
        for line in lines.chunks(100_003) {
            ledger.lines.write_all(line).expect("is kept");
        }
        assert!(ledger.lines.is_rolled());
        ledger.lines.rewind().expect("rewinds");
        let mut read = Vec::new();
        loop {
            let piece = ledger.piece().expect("reads");
            assert!(piece.len() <= PIECE);
            if piece.is_empty() {
                break;
            }
            read.extend(piece);
        }
        assert!(read == lines);
    }
}
