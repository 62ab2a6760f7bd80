//! A cell as SQL of PostgreSQL writes it. Pure.

use rusqlite::types::{Value, ValueRef};

use crate::moment::{self, Spelling, Zone};

use super::{Codec, Encoded, MomentForm};

impl Codec {
    /// A cell of this codec as a literal of its type; none for one that would not come back as it was.
    pub(crate) fn literal(self, cell: &Value) -> Option<String> {
        if *cell == Value::Null {
            return Some("NULL".to_owned());
        }
        let mut field = Vec::new();
        if self.encode(ValueRef::from(cell), &mut field) != Encoded::Exactly {
            return None;
        }
        let text = match (self, cell) {
            (Self::Boolean, Value::Integer(truth)) => {
                return Some(if *truth == 0 { "false" } else { "true" }.to_owned());
            }
            (Self::Moment(form), Value::Integer(integer)) => form.in_utc(*integer)?,
            (Self::Bytes(_), Value::Blob(blob)) => format!("\\x{}", hex::encode(blob)),
            (Self::Bytes(_), Value::Text(text)) => format!("\\x{}", hex::encode(text)),
            (_, Value::Integer(integer)) => integer.to_string(),
            (_, Value::Real(real)) => real_text(*real),
            (_, Value::Text(text)) => text.clone(),
            (_, Value::Blob(_) | Value::Null) => return None,
        };
        Some(format!("{}::{}", quoted_text(&text), self.type_name()))
    }
}

impl MomentForm {
    /// The moment that an integer means, as PostgreSQL reads it.
    fn in_utc(self, integer: i64) -> Option<String> {
        let unit = if self == Self::Seconds { 1_000_000 } else { 1000 };
        let spelling = Spelling::Timestamp { has_t: false, fraction: Some(6), zone: Zone::Z };
        moment::write(integer.checked_mul(unit)?, spelling)
    }
}

/// PostgreSQL has words for what is infinite.
fn real_text(real: f64) -> String {
    match real {
        f64::INFINITY => "Infinity".to_owned(),
        f64::NEG_INFINITY => "-Infinity".to_owned(),
        _ => format!("{real:?}"),
    }
}

/// A text in quotes, whatever `standard_conforming_strings` says.
pub(crate) fn quoted_text(text: &str) -> String {
    let doubled = text.replace('\'', "''");
    if text.contains('\\') { format!("E'{}'", doubled.replace('\\', "\\\\")) } else { format!("'{doubled}'") }
}
