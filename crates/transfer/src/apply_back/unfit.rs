//! What SQLite cannot hold of a row, and what a comparison will find because of it.

use rusqlite::Row;
use rusqlite::types::{Value, ValueRef};

use super::Unfit;
use super::field::Field;
use super::tables::Pair;
use crate::codec::field;
use crate::verify::picked::between;
use crate::{Difference, Placed, sqlite};

/// The cells of a row that are not what PostgreSQL has.
pub(super) fn of_row(pair: &Pair, row: &[Field], stored: &Row<'_>) -> rusqlite::Result<Vec<Unfit>> {
    let mut unfit = Vec::new();
    for (place, (column, field)) in pair.columns.iter().zip(row).enumerate() {
        let cell = stored.get_ref(place)?;
        if !field.is(column.codec, cell) {
            unfit.push((place, owned(cell)));
        }
    }
    if unfit.is_empty() {
        return Ok(Vec::new());
    }
    let differences = between(ours(pair, stored)?, theirs(pair, row), &pair.made);
    let cells = unfit.into_iter();
    Ok(cells.map(|(place, cell)| note(pair, row, place, Some(cell), &differences)).collect())
}

/// The cell because of which a row has to stay behind.
pub(super) fn of_left_out(pair: &Pair, row: &[Field], column: usize) -> Unfit {
    note(pair, row, column, None, &between(None, theirs(pair, row), &pair.made))
}

fn note(
    pair: &Pair,
    row: &[Field],
    place: usize,
    stored_as: Option<Value>,
    differences: &[Difference],
) -> Unfit {
    let column = &pair.columns[place];
    let name = sqlite::unquoted(&column.source);
    let is_of_it = |difference: &&Difference| match difference {
        Difference::Cell { column, .. } => *column == name || !pair.is_written(column),
        _ => true,
    };
    Unfit {
        table: pair.name.clone(),
        key: pair.shown_key(row),
        differences: differences.iter().filter(is_of_it).cloned().collect(),
        column: name,
        value: row[place].shown(column.codec),
        stored_as,
    }
}

/// A row of SQLite as a comparison reads it; none when it takes it for one that stays behind.
fn ours(pair: &Pair, stored: &Row<'_>) -> rusqlite::Result<Option<Vec<u8>>> {
    let (mut fields, mut arrives) = (Vec::new(), true);
    for (column, place) in pair.made.columns.iter().zip(pair.places()) {
        arrives &= column.plan.place(stored.get_ref(place)?, &mut fields) != Placed::Reject;
    }
    Ok(arrives.then_some(fields))
}

/// The same of a row of PostgreSQL.
fn theirs(pair: &Pair, row: &[Field]) -> Vec<u8> {
    let mut fields = Vec::new();
    for place in pair.places() {
        match &row[place].bytes {
            Some(bytes) => field::of(&mut fields, bytes).expect("shorter than 2 GB, as it came"),
            None => field::null(&mut fields),
        }
    }
    fields
}

/// A text that is no UTF-8 is one that was sent as it is.
fn owned(cell: ValueRef<'_>) -> Value {
    match cell {
        ValueRef::Text(text) => Value::Text(String::from_utf8_lossy(text).into_owned()),
        ValueRef::Blob(blob) => Value::Blob(blob.to_owned()),
        ValueRef::Integer(integer) => Value::Integer(integer),
        ValueRef::Real(real) => Value::Real(real),
        ValueRef::Null => Value::Null,
    }
}
