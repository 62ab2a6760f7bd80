//! How cells of SQLite stand in a column of PostgreSQL, and how they come back. Pure.
//!
//! A codec writes a cell as a field of PostgreSQL's binary COPY, and says whether reading it would give the very same
//! cell. What would come back as something else is written all the same where it can be, and has to be remembered; what
//! cannot be written is a misfit, and somebody has to say what becomes of it.

mod cast;
mod cell;
mod encode;
pub(crate) mod field;
mod literal;
mod numeric;
mod same;
mod spelled;

use rusqlite::types::{Value, ValueRef};

pub(crate) use self::cast::read_any_uuid;
pub(crate) use self::cell::Cell;
pub(crate) use self::literal::quoted_text;
pub(crate) use self::spelled::{like, nearest};

use crate::Affinity;
use crate::moment::{self, Spelling, Zone};

/// The type of a column in PostgreSQL, and how cells stand in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Codec {
    /// `boolean`: 0 and 1.
    Boolean,
    /// `bigint`: integers.
    Integer,
    /// `double precision`: reals.
    Real,
    /// `numeric`: integers, and reals by their shortest digits.
    Numeric,
    /// `text`: texts; and numbers, which a column of this affinity makes of them again.
    Text(Affinity),
    /// `bytea`: blobs, texts and numbers by their bytes. What comes back is of one class.
    Bytes(BytesOf),
    /// `uuid`: texts.
    Uuid,
    /// `json`: texts, which stay as they are.
    Json,
    /// `date`, `time`, `timestamp` and `timestamptz`.
    Moment(MomentForm),
}

/// What bytes come back as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BytesOf {
    /// Blobs.
    Blob,
    /// Texts.
    Text,
}

/// How a moment stands in SQLite.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MomentForm {
    /// An integer: seconds since 1970.
    Seconds,
    /// An integer: milliseconds since 1970.
    Milliseconds,
    /// A text.
    Text(Spelling),
}

/// What became of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoded {
    /// It comes back as it was.
    Exactly,
    /// It comes back as something else that means the same.
    AsAnotherClass,
    /// It was not written.
    Misfit,
}

impl Codec {
    /// The name of the type in PostgreSQL.
    pub fn type_name(self) -> &'static str {
        match self {
            Self::Boolean => "boolean",
            Self::Integer => "bigint",
            Self::Real => "double precision",
            Self::Numeric => "numeric",
            Self::Text(_) => "text",
            Self::Bytes(_) => "bytea",
            Self::Uuid => "uuid",
            Self::Json => "json",
            Self::Moment(form) => form.type_name(),
        }
    }

    /// How many digits there are behind the second; none when it is about no second.
    pub(crate) fn digits_of_seconds(self) -> Option<u8> {
        let Self::Moment(form) = self else { return None };
        match form {
            MomentForm::Seconds => Some(0),
            MomentForm::Milliseconds => Some(3),
            MomentForm::Text(Spelling::Date) => None,
            MomentForm::Text(Spelling::Time { fraction } | Spelling::Timestamp { fraction, .. }) => {
                Some(fraction.unwrap_or(0))
            }
        }
    }

    /// Appends a cell as a field of binary COPY: its length and its bytes. A misfit appends nothing.
    #[inline]
    pub fn encode(self, cell: ValueRef<'_>, to: &mut Vec<u8>) -> Encoded {
        match cell {
            ValueRef::Null => {
                field::null(to);
                Encoded::Exactly
            }
            ValueRef::Integer(integer) => self.integer(integer, to),
            ValueRef::Real(real) => self.real(real, to),
            ValueRef::Text(text) => self.text(text, to),
            ValueRef::Blob(blob) => self.blob(blob, to),
        }
    }

    /// The cell that a field comes back as; none when no cell is written so.
    pub fn decode(self, bytes: &[u8]) -> Option<Value> {
        Some(match self {
            Self::Boolean => Value::Integer(i64::from(*bytes.first()? != 0)),
            Self::Integer => Value::Integer(i64::from_be_bytes(bytes.try_into().ok()?)),
            Self::Real => Value::Real(f64::from_be_bytes(bytes.try_into().ok()?)),
            Self::Numeric => numeric::read(bytes)?,
            Self::Text(affinity) => with_affinity(affinity, std::str::from_utf8(bytes).ok()?),
            // SQLite's texts may be any bytes; a `Value` holds those that are UTF-8.
            Self::Bytes(BytesOf::Text) | Self::Json => Value::Text(String::from_utf8(bytes.to_owned()).ok()?),
            Self::Bytes(BytesOf::Blob) => Value::Blob(bytes.to_owned()),
            Self::Uuid => Value::Text(written_uuid(bytes)?),
            Self::Moment(form) => form.decode(bytes)?,
        })
    }
}

/// A real by its shortest digits, such that SQLite reads it as this one: it has no word for what is infinite.
pub(crate) fn written_real(real: f64) -> String {
    match real {
        f64::INFINITY => "9e999".to_owned(),
        f64::NEG_INFINITY => "-9e999".to_owned(),
        _ => format!("{real:?}"),
    }
}

/// What a column of this affinity makes of a text that [`Codec::encode`] has written: the number it was, if it was one.
pub(crate) fn with_affinity(affinity: Affinity, text: &str) -> Value {
    let integer =
        || text.parse::<i64>().ok().filter(|integer| integer.to_string() == text).map(Value::Integer);
    let is_it = |real: &f64| !real.is_nan() && written_real(*real) == text;
    let real = || text.parse().ok().filter(is_it).map(Value::Real);
    let number = match affinity {
        Affinity::Integer | Affinity::Numeric => integer().or_else(real),
        Affinity::Real => real(),
        Affinity::Text | Affinity::Blob => None,
    };
    number.unwrap_or_else(|| Value::Text(text.to_owned()))
}

fn written_uuid(bytes: &[u8]) -> Option<String> {
    let digits = hex::encode(<[u8; 16]>::try_from(bytes).ok()?);
    let part = |from: usize, to: usize| &digits[from..to];
    Some([part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32)].join("-"))
}

/// PostgreSQL counts from 2000-01-01.
const EPOCH: i64 = 946_684_800_000_000;
const DAY: i64 = 86_400_000_000;
/// From here on, integers that should be moments are milliseconds: as seconds they would be of the year 5138.
const MILLISECONDS_FROM: u64 = 100_000_000_000;

impl MomentForm {
    /// What integers probably count that are so far from 1970 at the most.
    pub(crate) fn counting(farthest: u64) -> Self {
        if farthest < MILLISECONDS_FROM { Self::Seconds } else { Self::Milliseconds }
    }

    pub(crate) fn type_name(self) -> &'static str {
        match self {
            Self::Text(Spelling::Date) => "date",
            Self::Text(Spelling::Time { .. }) => "time",
            Self::Text(Spelling::Timestamp { zone: Zone::Unsaid, .. }) => "timestamp",
            Self::Text(Spelling::Timestamp { .. }) | Self::Seconds | Self::Milliseconds => "timestamptz",
        }
    }

    fn decode(self, bytes: &[u8]) -> Option<Value> {
        let micros = || Some(i64::from_be_bytes(bytes.try_into().ok()?));
        let moment = || micros()?.checked_add(EPOCH);
        let whole = |unit: i64| {
            moment().filter(|micros| micros % unit == 0).map(|micros| Value::Integer(micros / unit))
        };
        match self {
            Self::Seconds => whole(1_000_000),
            Self::Milliseconds => whole(1000),
            Self::Text(spelling) => {
                let micros = match spelling {
                    Spelling::Date => {
                        let days = i64::from(i32::from_be_bytes(bytes.try_into().ok()?));
                        days.checked_mul(DAY)?.checked_add(EPOCH)?
                    }
                    Spelling::Time { .. } => micros()?,
                    Spelling::Timestamp { .. } => moment()?.checked_add(spelling.offset())?,
                };
                moment::write(micros, spelling).map(Value::Text)
            }
        }
    }
}

#[cfg(test)]
pub(crate) mod tests;
