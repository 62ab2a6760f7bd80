//! What a cell becomes when somebody has asked for a cast. Pure.
//!
//! Numbers and texts become what SQLite's own CAST makes of them, except that a number which is too great for its type
//! is none of it, where SQLite takes the greatest there is. For types that SQLite lacks, the rules stand at each function.
//! A blob counts as the text that its bytes are, as in SQLite.

use rusqlite::types::{Value, ValueRef};
use uuid::Uuid;

use super::{BytesOf, Codec, Encoded, MomentForm, written_real};
use crate::moment::{self, Spelling};

impl Codec {
    /// What a cell becomes as one of this type; none when it is nothing of it. [`Codec::encode`] writes what it becomes.
    pub fn cast(self, cell: ValueRef<'_>) -> Option<Value> {
        if cell == ValueRef::Null {
            return Some(Value::Null);
        }
        let cast = match self {
            Self::Boolean => Value::Integer(i64::from(truth(cell)?)),
            Self::Integer => Value::Integer(integer(cell)?),
            Self::Real => Value::Real(real(cell)?),
            Self::Numeric => number(cell)?,
            Self::Text(_) => Value::Text(text(cell)?),
            Self::Bytes(of) => bytes(of, cell)?,
            Self::Uuid => Value::Text(uuid(cell)?),
            Self::Json => Value::Text(json(cell)?),
            Self::Moment(form) => form.cast(cell)?,
        };
        let encoded = self.encode(ValueRef::from(&cast), &mut Vec::new());
        (encoded != Encoded::Misfit).then_some(cast)
    }
}

/// Yes or no: a number is yes unless it is 0, a text what PostgreSQL takes for one (`true`, `no`, `Off`, `y`), or a number.
fn truth(cell: ValueRef<'_>) -> Option<bool> {
    let text = match cell {
        ValueRef::Integer(integer) => return Some(integer != 0),
        ValueRef::Real(real) => return Some(real != 0.0),
        _ => trimmed(cell)?,
    };
    match text.to_ascii_lowercase().as_str() {
        "t" | "true" | "y" | "yes" | "on" => Some(true),
        "f" | "false" | "n" | "no" | "off" => Some(false),
        _ => full_number(text).map(|number| number != 0.0),
    }
}

/// A whole number: of a real without its fraction, of a text the digits that it begins with, 0 when there are none.
fn integer(cell: ValueRef<'_>) -> Option<i64> {
    match cell {
        ValueRef::Integer(integer) => Some(integer),
        ValueRef::Real(real) => without_fraction(real),
        ValueRef::Text(text) | ValueRef::Blob(text) => {
            let Leading { whole, .. } = Leading::of(text);
            if whole.is_empty() { Some(0) } else { whole.parse().ok() }
        }
        ValueRef::Null => None,
    }
}

/// A real: the nearest to an integer, of a text the number that it begins with, 0 when there is none.
fn real(cell: ValueRef<'_>) -> Option<f64> {
    match cell {
        ValueRef::Integer(integer) => integer.to_string().parse().ok(),
        ValueRef::Real(real) => Some(real),
        ValueRef::Text(text) | ValueRef::Blob(text) => Some(Leading::of(text).number()),
        ValueRef::Null => None,
    }
}

/// A number of either kind, of a text the one that it begins with. One beyond all reals is none.
fn number(cell: ValueRef<'_>) -> Option<Value> {
    let text = match cell {
        ValueRef::Null => return None,
        ValueRef::Integer(integer) => return Some(Value::Integer(integer)),
        ValueRef::Real(real) => return Some(Value::Real(real)),
        ValueRef::Text(text) | ValueRef::Blob(text) => text,
    };
    let leading = Leading::of(text);
    let is_whole = leading.whole == leading.all && !leading.whole.is_empty();
    if let Some(integer) = leading.whole.parse().ok().filter(|_| is_whole) {
        return Some(Value::Integer(integer));
    }
    let real = leading.number();
    let is_integer = |integer: &i64| real.fract() == 0.0 && INTEGERS.contains(integer);
    let integer = without_fraction(real).filter(is_integer);
    real.is_finite().then_some(integer.map_or(Value::Real(real), Value::Integer))
}

/// Where SQLite's CAST to NUMERIC makes integers of reals that are whole.
const INTEGERS: std::ops::Range<i64> = -(1 << 51)..1 << 51;

/// A text. In place of U+0000, which PostgreSQL keeps in none, and of bytes that are no UTF-8, there is U+FFFD; but a blob
/// that is no UTF-8 is no text.
fn text(cell: ValueRef<'_>) -> Option<String> {
    Some(written(cell)?.replace('\0', "\u{fffd}"))
}

/// A cell as it is written; none for NULL, and for a blob that is no UTF-8.
fn written(cell: ValueRef<'_>) -> Option<String> {
    Some(match cell {
        ValueRef::Null => return None,
        ValueRef::Integer(integer) => integer.to_string(),
        ValueRef::Real(real) => written_real(real),
        ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
        ValueRef::Blob(blob) => std::str::from_utf8(blob).ok()?.to_owned(),
    })
}

/// The bytes of a text or of a number as it is written, in the class that they come back as.
fn bytes(of: BytesOf, cell: ValueRef<'_>) -> Option<Value> {
    match (of, cell) {
        (_, ValueRef::Null) => None,
        (BytesOf::Blob, ValueRef::Blob(bytes) | ValueRef::Text(bytes)) => Some(Value::Blob(bytes.to_owned())),
        (BytesOf::Blob, cell) => Some(Value::Blob(text(cell)?.into_bytes())),
        (BytesOf::Text, ValueRef::Blob(bytes) | ValueRef::Text(bytes)) => {
            Some(Value::Text(String::from_utf8_lossy(bytes).into_owned()))
        }
        (BytesOf::Text, cell) => Some(Value::Text(text(cell)?)),
    }
}

/// A UUID: in capitals, in braces, as a URN, without hyphens, or as 16 bytes.
fn uuid(cell: ValueRef<'_>) -> Option<String> {
    let id = match cell {
        ValueRef::Blob(blob) if blob.len() == size_of::<Uuid>() => Uuid::from_slice(blob).ok()?,
        ValueRef::Text(text) | ValueRef::Blob(text) => read_any_uuid(text)?,
        _ => return None,
    };
    Some(id.to_string())
}

/// A UUID that is written in any way.
pub(crate) fn read_any_uuid(text: &[u8]) -> Option<Uuid> {
    Uuid::try_parse(std::str::from_utf8(text).ok()?.trim()).ok()
}

/// A document: a number or a text that is one, else a document that holds it as a string.
fn json(cell: ValueRef<'_>) -> Option<String> {
    let text = written(cell)?;
    if crate::profile::is_json(text.as_bytes()) { Some(text) } else { serde_json::to_string(&text).ok() }
}

impl MomentForm {
    /// A moment in another form, in UTC: texts of every spelling, seconds, milliseconds and days of Julian's count. What the
    /// form does not say is cut off.
    fn cast(self, cell: ValueRef<'_>) -> Option<Value> {
        let micros = self.micros(cell)?;
        match self {
            Self::Seconds => Some(Value::Integer(micros.div_euclid(1_000_000))),
            Self::Milliseconds => Some(Value::Integer(micros.div_euclid(1000))),
            Self::Text(spelling) => {
                let shown = micros.checked_add(spelling.offset())?;
                moment::write(shown, spelling).map(Value::Text)
            }
        }
    }

    /// Microseconds since 1970 (of a time: since midnight), in UTC.
    fn micros(self, cell: ValueRef<'_>) -> Option<i64> {
        match cell {
            ValueRef::Integer(integer) => self.counted(integer),
            ValueRef::Real(real) => self.counted_by_a_real(real),
            _ => {
                let text = trimmed(cell)?;
                match moment::read(text.as_bytes()) {
                    Some((_, Spelling::Time { .. })) if !self.is_time() => None,
                    Some((micros, spelling)) => micros.checked_sub(spelling.offset()),
                    None => self.micros_of_a_number(text),
                }
            }
        }
    }

    fn micros_of_a_number(self, text: &str) -> Option<i64> {
        match text.parse() {
            Ok(integer) => self.counted(integer),
            Err(_) => self.counted_by_a_real(full_number(text)?),
        }
    }

    /// In the unit of the form; where that is none, in the likelier one.
    fn counted(self, integer: i64) -> Option<i64> {
        match self {
            Self::Seconds => integer.checked_mul(1_000_000),
            Self::Milliseconds => integer.checked_mul(1000),
            Self::Text(_) => Self::counting(integer.unsigned_abs()).counted(integer),
        }
    }

    /// Days of Julian's count while that is possible, as SQLite's own functions take them.
    fn counted_by_a_real(self, real: f64) -> Option<i64> {
        /// Of the beginning of 1970.
        const EPOCH_MILLIS: i64 = 210_866_760_000_000;
        if crate::profile::is_julian(real) {
            let millis = without_fraction(real * 86_400_000.0 + 0.5)?;
            return (millis - EPOCH_MILLIS).checked_mul(1000);
        }
        self.counted(without_fraction(real)?)
    }

    fn is_time(self) -> bool {
        matches!(self, Self::Text(Spelling::Time { .. }))
    }
}

/// A text or a blob as text, without white space around it.
fn trimmed(cell: ValueRef<'_>) -> Option<&str> {
    match cell {
        ValueRef::Text(text) | ValueRef::Blob(text) => std::str::from_utf8(text).ok().map(str::trim),
        _ => None,
    }
}

/// None when it is too great.
fn without_fraction(real: f64) -> Option<i64> {
    format!("{:.0}", real.trunc()).parse().ok()
}

/// The number that a text is, from its beginning to its end.
fn full_number(text: &str) -> Option<f64> {
    let leading = Leading::of(text.as_bytes());
    (leading.all == text && !text.is_empty()).then(|| leading.number())
}

/// The number that a text begins with, behind white space.
struct Leading<'t> {
    /// `-12` of `-12.5e3x`; empty when there are no digits.
    whole: &'t str,
    /// `-12.5e3`; empty when it begins with no number.
    all: &'t str,
}

impl<'t> Leading<'t> {
    fn of(text: &'t [u8]) -> Self {
        let is_space = |byte: &u8| matches!(byte, b' ' | b'\t'..=b'\r');
        let text = &text[text.iter().take_while(|byte| is_space(byte)).count()..];
        let sign = sign(text);
        let digits = digits(&text[sign..]);
        let fraction = fraction(&text[sign + digits..]);
        if digits == 0 && fraction <= 1 {
            return Self { whole: "", all: "" };
        }
        let mantissa = sign + digits + fraction;
        let end = mantissa + exponent(&text[mantissa..]);
        let ascii = |end| std::str::from_utf8(&text[..end]).expect("digits, signs and points");
        Self { whole: ascii(if digits == 0 { 0 } else { sign + digits }), all: ascii(end) }
    }

    fn number(&self) -> f64 {
        self.all.parse().unwrap_or_default()
    }
}

fn sign(text: &[u8]) -> usize {
    usize::from(matches!(text.first(), Some(b'+' | b'-')))
}

fn digits(text: &[u8]) -> usize {
    text.iter().take_while(|byte| byte.is_ascii_digit()).count()
}

/// The length of a point and of what follows it.
fn fraction(text: &[u8]) -> usize {
    if text.first() == Some(&b'.') { 1 + digits(&text[1..]) } else { 0 }
}

fn exponent(text: &[u8]) -> usize {
    let [b'e' | b'E', rest @ ..] = text else { return 0 };
    let sign = sign(rest);
    match digits(&rest[sign..]) {
        0 => 0,
        digits => 1 + sign + digits,
    }
}

#[cfg(test)]
mod tests;
