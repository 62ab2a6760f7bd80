//! What SQLite gets for a field of PostgreSQL, and whether it is that. Pure.

use rusqlite::ToSql;
use rusqlite::types::{ToSqlOutput, Value, ValueRef};

use crate::codec::{BytesOf, Codec, Encoded};

/// A field as PostgreSQL sends it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Field {
    /// Its binary form; none for NULL.
    pub(super) bytes: Option<Vec<u8>>,
    /// PostgreSQL's own text of it, where it [may be needed](needs_text).
    pub(super) text: Option<String>,
}

/// What SQLite gets.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Given {
    Value(Value),
    /// A text that need not be UTF-8.
    Text(Vec<u8>),
}

impl Given {
    pub(super) fn is_text(&self) -> bool {
        matches!(self, Self::Text(_) | Self::Value(Value::Text(_)))
    }
}

impl ToSql for Given {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Self::Value(value) => ToSqlOutput::Borrowed(ValueRef::from(value)),
            Self::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(text)),
        })
    }
}

/// Whether there are values of this type that cells of this codec do not tell, and whose text only PostgreSQL knows.
pub(super) fn needs_text(codec: Codec) -> bool {
    matches!(codec, Codec::Real | Codec::Numeric | Codec::Moment(_))
}

impl Field {
    /// The cell that is exactly this, if there is one.
    pub(super) fn exactly(&self, codec: Codec) -> Option<Given> {
        let Some(bytes) = &self.bytes else { return Some(Given::Value(Value::Null)) };
        if codec == Codec::Bytes(BytesOf::Text) {
            return Some(Given::Text(bytes.clone()));
        }
        let value = codec.decode(bytes).filter(|value| !is_nan(value))?;
        self.is(codec, ValueRef::from(&value)).then_some(Given::Value(value))
    }

    /// Whether a cell is this.
    pub(super) fn is(&self, codec: Codec, cell: ValueRef<'_>) -> bool {
        let Some(bytes) = &self.bytes else { return cell == ValueRef::Null };
        // Whatever PostgreSQL takes for JSON, it keeps as it is.
        if let (Codec::Json, ValueRef::Text(text)) = (codec, cell) {
            return text == bytes;
        }
        let mut field = Vec::new();
        let encoded = codec.encode(cell, &mut field);
        match field.split_at_checked(size_of::<i32>()) {
            Some((_, written)) if encoded != Encoded::Misfit && cell != ValueRef::Null => {
                written == bytes || (codec == Codec::Numeric && is_same_number(written, bytes))
            }
            _ => false,
        }
    }

    /// For people, and for columns that hold nothing better.
    pub(super) fn shown(&self, codec: Codec) -> String {
        let Some(bytes) = &self.bytes else { return "NULL".to_owned() };
        if let Some(text) = &self.text {
            return text.clone();
        }
        match codec.decode(bytes) {
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
    let without = |bytes: &[u8]| {
        bytes.len() >= SHOWN.end && one.len() == other.len() && one[..SHOWN.start] == other[..SHOWN.start]
    };
    without(one) && without(other) && one[SHOWN.end..] == other[SHOWN.end..]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Affinity, MomentForm};

    fn field(bytes: &[u8]) -> Field {
        Field { bytes: Some(bytes.to_vec()), text: None }
    }

    /// Four digits each, the place of the first group, and how many digits are shown.
    fn numeric(groups: &[u16], weight: u16, shown: u16) -> Field {
        let count = u16::try_from(groups.len()).expect("few");
        let words = [&[count, weight, 0, shown], groups].concat();
        field(&words.iter().flat_map(|word| word.to_be_bytes()).collect::<Vec<_>>())
    }

    #[test]
    fn what_is_written_differently_is_the_same() {
        let exact = |field: Field| field.exactly(Codec::Numeric);
        assert_eq!(exact(numeric(&[1, 5000], 0, 1)), Some(Given::Value(Value::Real(1.5))));
        assert_eq!(exact(numeric(&[1, 5000], 0, 4)), Some(Given::Value(Value::Real(1.5))), "1.5000");
        assert_eq!(exact(numeric(&[2], 0, 2)), Some(Given::Value(Value::Integer(2))), "2.00");
        assert_eq!(exact(numeric(&[], 0, 2)), Some(Given::Value(Value::Integer(0))), "0.00");
    }

    #[test]
    fn what_no_cell_is_is_not_told_by_one() {
        let many = numeric(&[1, 1234, 5678, 9012, 3456, 7891], 0, 20);
        assert_eq!(many.exactly(Codec::Numeric), None);
        assert_eq!(field(&[0, 0, 0, 0, 0xc0, 0, 0, 0]).exactly(Codec::Numeric), None, "NaN");
        assert_eq!(field(&f64::NAN.to_be_bytes()).exactly(Codec::Real), None);
        let millis = Codec::Moment(MomentForm::Milliseconds);
        assert_eq!(field(&1_i64.to_be_bytes()).exactly(millis), None, "a microsecond");
        assert_eq!(field(&i64::MAX.to_be_bytes()).exactly(millis), None, "infinity");
        assert_eq!(field(b"\xff").exactly(Codec::Text(Affinity::Text)), None);
    }

    #[test]
    fn bytes_of_texts_are_texts_again() {
        let text = field(b"\xff\0").exactly(Codec::Bytes(BytesOf::Text));
        assert_eq!(text, Some(Given::Text(b"\xff\0".to_vec())));
        assert_eq!(Field::default().exactly(Codec::Uuid), Some(Given::Value(Value::Null)));
    }

    #[test]
    fn a_cell_of_another_class_is_not_the_same() {
        assert!(!field(&2_f64.to_be_bytes()).is(Codec::Real, ValueRef::Integer(2)));
        assert!(!field(&2_f64.to_be_bytes()).is(Codec::Real, ValueRef::Null));
        assert!(!Field::default().is(Codec::Integer, ValueRef::Integer(0)));
        assert!(field(b" 1").is(Codec::Json, ValueRef::Text(b" 1")));
    }
}
