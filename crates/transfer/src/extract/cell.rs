//! What SQLite gets for a field of PostgreSQL, and whether it is that. Pure.

use rusqlite::types::{Value, ValueRef};

use crate::codec::{BytesOf, Cell, Codec, Encoded};
use crate::{Affinity, MomentForm, Spelling};

/// How the fields of a column become cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cells {
    /// How cells stand in PostgreSQL.
    pub(super) codec: Codec,
    /// What the column of SQLite makes of them.
    pub(super) affinity: Affinity,
}

impl Cells {
    /// Whether there are values of the type that no cell is, and whose text only PostgreSQL knows.
    pub(super) fn needs_text(self) -> bool {
        matches!(self.codec, Codec::Real | Codec::Numeric | Codec::Moment(_))
    }

    /// The cell that is exactly this field, if there is one.
    pub(super) fn read(self, field: Option<&[u8]>) -> Option<Cell> {
        let Some(bytes) = field else { return Some(Cell::Value(Value::Null)) };
        if self.codec == Codec::Bytes(BytesOf::Text) {
            return Some(Cell::Text(bytes.to_owned()));
        }
        if self.is_endless_day(bytes) {
            return None;
        }
        let value = self.codec.decode(bytes).filter(|value| !is_nan(value))?;
        let stored = stored(self.affinity, &value)?;
        is(self.codec, ValueRef::from(&stored), bytes).then_some(Cell::Value(value))
    }

    /// Whether it is a day so far away that no microseconds count to it, such as `infinity`.
    fn is_endless_day(self, bytes: &[u8]) -> bool {
        const FARTHEST: u32 = 100_000_000;
        let days = bytes.try_into().map(i32::from_be_bytes);
        self.codec == Codec::Moment(MomentForm::Text(Spelling::Date))
            && days.is_ok_and(|days| days.unsigned_abs() > FARTHEST)
    }

    /// A field for people, and for columns that hold nothing better.
    pub(super) fn shown(self, bytes: &[u8]) -> String {
        match self.codec.decode(bytes) {
            Some(Value::Text(text)) => text,
            Some(Value::Integer(integer)) => integer.to_string(),
            _ => format!("\\x{}", hex::encode(bytes)),
        }
    }
}

/// Whether a cell stands in PostgreSQL as these bytes.
pub(super) fn is(codec: Codec, cell: ValueRef<'_>, bytes: &[u8]) -> bool {
    // Whatever PostgreSQL takes for JSON, it keeps as it is.
    if let (Codec::Json, ValueRef::Text(text)) = (codec, cell) {
        return text == bytes;
    }
    let mut field = Vec::new();
    let encoded = codec.encode(cell, &mut field);
    match field.split_at_checked(size_of::<i32>()) {
        Some((_, written)) if encoded != Encoded::Misfit => {
            written == bytes || (codec == Codec::Numeric && is_same_number(written, bytes))
        }
        _ => false,
    }
}

/// What a column of this affinity makes of a value; none where that is the nearest number, and nobody knows which.
fn stored(affinity: Affinity, value: &Value) -> Option<Value> {
    Some(match (affinity, value) {
        (Affinity::Integer | Affinity::Numeric | Affinity::Real, Value::Text(text)) if is_number(text) => {
            return None;
        }
        (Affinity::Integer | Affinity::Numeric, Value::Real(real)) => {
            whole(*real).map_or(Value::Real(*real), Value::Integer)
        }
        (Affinity::Real, Value::Integer(integer)) => Value::Real(integer.to_string().parse().ok()?),
        (Affinity::Text, Value::Integer(integer)) => Value::Text(integer.to_string()),
        (Affinity::Text, Value::Real(_)) => return None,
        (_, value) => value.clone(),
    })
}

/// The integer that a real is, where SQLite keeps it as one.
fn whole(real: f64) -> Option<i64> {
    let integer: i64 = format!("{real:.0}").parse().ok()?;
    let is_inside = integer > i64::MIN && integer < i64::MAX;
    // A zero below zero is a zero.
    (is_inside && real.fract() == 0.0).then_some(integer)
}

/// Whether SQLite takes a text for a number: white space, a sign, digits with a point, an exponent, white space.
pub(super) fn is_number(text: &str) -> bool {
    let is_space = |letter: char| matches!(letter, ' ' | '\t'..='\r');
    let text = text.trim_matches(is_space);
    let text = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) =
        text.split_once(['e', 'E']).map_or((text, None), |(before, behind)| (before, Some(behind)));
    let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let (before, behind) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let is_exponent = |text: &str| {
        let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
        !digits.is_empty() && are_digits(digits)
    };
    are_digits(before)
        && are_digits(behind)
        && !(before.is_empty() && behind.is_empty())
        && exponent.is_none_or(is_exponent)
}

fn is_nan(value: &Value) -> bool {
    matches!(value, Value::Real(real) if real.is_nan())
}

/// Whether two forms of `numeric` differ only in how many digits they show.
fn is_same_number(one: &[u8], other: &[u8]) -> bool {
    const SHOWN: std::ops::Range<usize> = 6..8;
    one.len() == other.len()
        && one.len() >= SHOWN.end
        && one[..SHOWN.start] == other[..SHOWN.start]
        && one[SHOWN.end..] == other[SHOWN.end..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_what_sqlite_takes_for_numbers() {
        let connection = rusqlite::Connection::open_in_memory().expect("opens");
        connection.execute_batch("CREATE TABLE t (n NUMERIC)").expect("runs");
        for text in [
            "",
            " ",
            "1",
            " 1 ",
            "+1",
            "-1",
            "--1",
            "1.",
            ".1",
            ".",
            "1e5",
            "1e",
            "1e+5",
            "1e+",
            "e5",
            "1.5e-3x",
            "x",
            "0x10",
            "NaN",
            "inf",
            "1_000",
            "\u{a0}1",
            "1\u{0b}",
            "12345678901234567890.5",
        ] {
            let is: bool = connection
                .query_row("INSERT INTO t VALUES (?1) RETURNING typeof(n) <> 'text'", [text], |row| {
                    row.get(0)
                })
                .expect("inserts");
            assert_eq!(is_number(text), is, "{text:?}");
        }
    }

    #[test]
    fn what_no_cell_is_is_not_told_by_one() {
        let moved = |codec, affinity, bytes: &[u8]| Cells { codec, affinity }.read(Some(bytes));
        let millis = Codec::Moment(MomentForm::Milliseconds);
        assert_eq!(moved(millis, Affinity::Numeric, &1_i64.to_be_bytes()), None, "a microsecond");
        assert_eq!(moved(millis, Affinity::Numeric, &i64::MAX.to_be_bytes()), None, "infinity");
        assert_eq!(moved(Codec::Real, Affinity::Real, &f64::NAN.to_be_bytes()), None);
        let text = Codec::Text(Affinity::Integer);
        assert_eq!(moved(text, Affinity::Integer, b"05"), None);
        assert_eq!(moved(text, Affinity::Integer, b"5"), Some(Cell::Value(Value::Integer(5))));
        assert_eq!(moved(Codec::Json, Affinity::Numeric, b"5"), None, "SQLite makes a number of it");
    }

    #[test]
    fn numbers_that_are_written_differently_are_the_same() {
        let words: Vec<u8> = [2_u16, 0, 0, 4, 1, 5000].iter().flat_map(|word| word.to_be_bytes()).collect();
        let read = Cells { codec: Codec::Numeric, affinity: Affinity::Numeric }.read(Some(&words));
        assert_eq!(read, Some(Cell::Value(Value::Real(1.5))), "1.5000");
    }
}
