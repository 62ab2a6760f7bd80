//! What a column of SQLite makes of a field of PostgreSQL. Pure.

use rusqlite::types::{Value, ValueRef};

use crate::Affinity;
use crate::codec::{Cell, Codec, with_affinity};

/// How the fields of a column become cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cells {
    /// How cells stand in PostgreSQL.
    pub(super) codec: Codec,
    /// What the column of SQLite makes of them.
    pub(super) affinity: Affinity,
}

impl Cells {
    /// The cell that is exactly this field, if there is one, and its column leaves it as it is.
    pub(super) fn read(self, field: Option<&[u8]>) -> Option<Cell> {
        match self.codec.exactly(field)? {
            Cell::Text(text) => Some(self.text(text, field)),
            Cell::Value(value) => self.stays(&value, field).then_some(Cell::Value(value)),
        }
    }

    /// SQLite makes numbers of some texts, and other texts of some numbers: as a blob, the bytes stay what they are.
    fn text(self, text: Vec<u8>, field: Option<&[u8]>) -> Cell {
        let Ok(plain) = std::str::from_utf8(&text) else { return Cell::Text(text) };
        let value = with_affinity(self.affinity, plain);
        Cell::Value(if self.stays(&value, field) { value } else { Value::Blob(text) })
    }

    fn stays(self, value: &Value, field: Option<&[u8]>) -> bool {
        stored(self.affinity, value).is_some_and(|stored| self.codec.is(ValueRef::from(&stored), field))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::BytesOf;

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
    fn what_a_column_makes_another_of_is_not_told() {
        let moved = |codec, affinity, bytes: &[u8]| Cells { codec, affinity }.read(Some(bytes));
        let text = Codec::Text(Affinity::Integer);
        assert_eq!(moved(text, Affinity::Integer, b"05"), None);
        assert_eq!(moved(text, Affinity::Integer, b"5"), Some(Cell::Value(Value::Integer(5))));
        assert_eq!(moved(Codec::Json, Affinity::Numeric, b"5"), None, "SQLite makes a number of it");
        let words: Vec<u8> = [2_u16, 0, 0, 4, 1, 5000].iter().flat_map(|word| word.to_be_bytes()).collect();
        let number = moved(Codec::Numeric, Affinity::Numeric, &words);
        assert_eq!(number, Some(Cell::Value(Value::Real(1.5))), "1.5000");
    }

    #[test]
    fn bytes_that_would_become_another_number_stay_bytes() {
        let read =
            |affinity, bytes: &[u8]| Cells { codec: Codec::Bytes(BytesOf::Text), affinity }.read(Some(bytes));
        let value = |value| Some(Cell::Value(value));
        assert_eq!(read(Affinity::Real, b"1"), value(Value::Blob(b"1".to_vec())));
        assert_eq!(read(Affinity::Real, b"1.5"), value(Value::Real(1.5)));
        assert_eq!(read(Affinity::Integer, b"1.0"), value(Value::Blob(b"1.0".to_vec())));
        assert_eq!(read(Affinity::Integer, b"1"), value(Value::Integer(1)));
        assert_eq!(read(Affinity::Text, b"1"), value(Value::Text("1".to_owned())));
        assert_eq!(read(Affinity::Real, b"\xff"), Some(Cell::Text(b"\xff".to_vec())));
    }
}
