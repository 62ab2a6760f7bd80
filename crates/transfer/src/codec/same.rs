//! Which cell of SQLite is exactly a field of PostgreSQL, and whether one is. Pure.

use rusqlite::types::{Value, ValueRef};

use super::{BytesOf, Cell, Codec, Encoded, numeric};

impl Codec {
    /// Whether there are values of the type that no cell is, and whose text only PostgreSQL knows.
    pub(crate) fn needs_text(self) -> bool {
        matches!(self, Self::Real | Self::Numeric | Self::Moment(_))
    }

    /// The cell that is exactly this field, if there is one. What a column makes of it is another question.
    pub(crate) fn exactly(self, field: Option<&[u8]>) -> Option<Cell> {
        let cell = match (self, field) {
            (_, None) => Cell::Value(Value::Null),
            (Self::Bytes(BytesOf::Text), Some(bytes)) => Cell::Text(bytes.to_owned()),
            (_, Some(bytes)) => Cell::Value(self.decode(bytes).filter(|value| !is_nan(value))?),
        };
        self.is(cell.as_ref(), field).then_some(cell)
    }

    /// Whether a cell is this field. NULL is nothing else.
    pub(crate) fn is(self, cell: ValueRef<'_>, field: Option<&[u8]>) -> bool {
        let Some(bytes) = field else { return cell == ValueRef::Null };
        // Whatever PostgreSQL takes for JSON, it keeps as it is.
        if let (Self::Json, ValueRef::Text(text)) = (self, cell) {
            return text == bytes;
        }
        let mut field = Vec::new();
        let encoded = self.encode(cell, &mut field);
        match field.split_at_checked(size_of::<i32>()) {
            Some((_, written)) if encoded != Encoded::Misfit && cell != ValueRef::Null => {
                written == bytes || (self == Self::Numeric && is_same_number(written, bytes))
            }
            _ => false,
        }
    }

    /// All digits of a number that no cell is.
    pub(crate) fn digits(self, bytes: &[u8]) -> Option<String> {
        if self == Self::Numeric { numeric::digits(bytes) } else { None }
    }

    /// A field for people, and for columns that hold nothing better, where PostgreSQL has not said its text.
    pub(crate) fn shown(self, bytes: &[u8]) -> String {
        match self.decode(bytes) {
            Some(Value::Text(text)) => text,
            Some(Value::Integer(integer)) => integer.to_string(),
            Some(Value::Real(real)) => format!("{real:?}"),
            Some(Value::Null | Value::Blob(_)) | None => format!("\\x{}", hex::encode(bytes)),
        }
    }
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
    use crate::{Affinity, MomentForm, Spelling};

    /// Four digits each, the place of the first group, and how many digits are shown.
    fn numeric(groups: &[u16], weight: u16, shown: u16) -> Vec<u8> {
        let count = u16::try_from(groups.len()).expect("few");
        let words = [&[count, weight, 0, shown], groups].concat();
        words.iter().flat_map(|word| word.to_be_bytes()).collect()
    }

    #[test]
    fn numbers_that_are_written_differently_are_the_same() {
        let exact = |field: Vec<u8>| Codec::Numeric.exactly(Some(&field));
        assert_eq!(exact(numeric(&[1, 5000], 0, 1)), Some(Cell::Value(Value::Real(1.5))));
        assert_eq!(exact(numeric(&[1, 5000], 0, 4)), Some(Cell::Value(Value::Real(1.5))), "1.5000");
        assert_eq!(exact(numeric(&[2], 0, 2)), Some(Cell::Value(Value::Integer(2))), "2.00");
        assert_eq!(exact(numeric(&[], 0, 2)), Some(Cell::Value(Value::Integer(0))), "0.00");
    }

    #[test]
    fn what_no_cell_is_is_not_told_by_one() {
        let none = |codec: Codec, field: &[u8]| assert_eq!(codec.exactly(Some(field)), None, "{field:?}");
        none(Codec::Numeric, &numeric(&[1, 1234, 5678, 9012, 3456, 7891], 0, 20));
        none(Codec::Numeric, &[0, 0, 0, 0, 0xc0, 0, 0, 0]);
        none(Codec::Real, &f64::NAN.to_be_bytes());
        none(Codec::Text(Affinity::Text), b"\xff");
        let millis = Codec::Moment(MomentForm::Milliseconds);
        none(millis, &1_i64.to_be_bytes());
        none(millis, &i64::MAX.to_be_bytes());
        let day = Codec::Moment(MomentForm::Text(Spelling::Date));
        for infinity in [i32::MAX, i32::MIN] {
            none(day, &infinity.to_be_bytes());
        }
    }

    #[test]
    fn bytes_of_texts_are_texts_again() {
        let text = Codec::Bytes(BytesOf::Text).exactly(Some(b"\xff\0"));
        assert_eq!(text, Some(Cell::Text(b"\xff\0".to_vec())));
        assert_eq!(Codec::Uuid.exactly(None), Some(Cell::Value(Value::Null)));
    }

    #[test]
    fn a_cell_of_another_class_is_not_the_same() {
        let two = 2_f64.to_be_bytes();
        assert!(!Codec::Real.is(ValueRef::Integer(2), Some(&two)));
        assert!(!Codec::Real.is(ValueRef::Null, Some(&two)));
        assert!(!Codec::Bytes(BytesOf::Text).is(ValueRef::Null, Some(b"")));
        assert!(!Codec::Integer.is(ValueRef::Integer(0), None));
        assert!(Codec::Json.is(ValueRef::Text(b" 1"), Some(b" 1")));
    }
}
