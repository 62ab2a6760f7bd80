//! A cell as a field, each class by itself. Pure.

use rusqlite::types::Value;
use uuid::Uuid;

use super::{BytesOf, Codec, DAY, EPOCH, Encoded, MomentForm, field, numeric, with_affinity, written_real};
use crate::moment::{self, Spelling};
use crate::{Affinity, profile};

/// What PostgreSQL keeps: from 4714-11-24 BC to the end of 294276.
const FIRST: i64 = -211_813_488_000_000_000;
const AFTER_LAST: i64 = 9_223_371_331_200_000_000;

impl Codec {
    pub(super) fn integer(self, integer: i64, to: &mut Vec<u8>) -> Encoded {
        let number = Value::Integer(integer);
        fits(match self {
            Self::Boolean if matches!(integer, 0 | 1) => field::of(to, &[u8::from(integer == 1)]),
            Self::Integer => field::of(to, &integer.to_be_bytes()),
            Self::Numeric => field::with(to, |to| numeric::integer(integer, to)),
            Self::Moment(form) => form.of_integer(integer).and_then(|micros| form.write(micros, to)),
            Self::Text(affinity) => return digits(&integer.to_string(), affinity, &number, to),
            Self::Bytes(_) => return digits(&integer.to_string(), Affinity::Blob, &number, to),
            Self::Boolean | Self::Real | Self::Uuid | Self::Json => None,
        })
    }

    pub(super) fn real(self, real: f64, to: &mut Vec<u8>) -> Encoded {
        let number = Value::Real(real);
        fits(match self {
            Self::Real => field::of(to, &real.to_be_bytes()),
            Self::Numeric => {
                field::with(to, |to| numeric::real(real, to));
                return exactly(!profile::is_whole(real));
            }
            Self::Text(affinity) => return digits(&written_real(real), affinity, &number, to),
            Self::Bytes(_) => return digits(&written_real(real), Affinity::Blob, &number, to),
            Self::Boolean | Self::Integer | Self::Uuid | Self::Json | Self::Moment(_) => None,
        })
    }

    pub(super) fn text(self, text: &[u8], to: &mut Vec<u8>) -> Encoded {
        fits(match self {
            Self::Text(_) if !profile::is_kept(text) => None,
            Self::Text(affinity) => {
                field::of(to, text);
                return exactly(is_text_again(affinity, text));
            }
            Self::Bytes(of) => {
                field::of(to, text);
                return exactly(of == BytesOf::Text);
            }
            Self::Uuid if profile::is_uuid(text) => {
                Uuid::try_parse_ascii(text).ok().and_then(|id| field::of(to, id.as_bytes()))
            }
            Self::Json if profile::is_kept(text) && profile::is_json(text) => field::of(to, text),
            Self::Moment(form) => form.of_text(text).and_then(|micros| form.write(micros, to)),
            Self::Boolean | Self::Integer | Self::Real | Self::Numeric | Self::Uuid | Self::Json => None,
        })
    }

    pub(super) fn blob(self, blob: &[u8], to: &mut Vec<u8>) -> Encoded {
        let Self::Bytes(of) = self else { return Encoded::Misfit };
        field::of(to, blob);
        exactly(of == BytesOf::Blob)
    }
}

fn fits(written: Option<()>) -> Encoded {
    if written.is_some() { Encoded::Exactly } else { Encoded::Misfit }
}

fn exactly(is_exact: bool) -> Encoded {
    if is_exact { Encoded::Exactly } else { Encoded::AsAnotherClass }
}

/// A number by its digits, of which a column of this affinity may make the number again.
fn digits(written: &str, affinity: Affinity, number: &Value, to: &mut Vec<u8>) -> Encoded {
    field::of(to, written.as_bytes());
    exactly(with_affinity(affinity, written) == *number)
}

/// Whether a column of this affinity leaves a text what it is.
fn is_text_again(affinity: Affinity, text: &[u8]) -> bool {
    let is_left = |text| matches!(with_affinity(affinity, text), Value::Text(_));
    affinity == Affinity::Text || std::str::from_utf8(text).is_ok_and(is_left)
}

impl MomentForm {
    /// Whether PostgreSQL keeps the moment that this integer means.
    pub(crate) fn keeps(self, integer: i64) -> bool {
        self.of_integer(integer).and_then(|micros| self.write(micros, &mut Vec::new())).is_some()
    }

    /// Microseconds since 1970 that an integer means.
    fn of_integer(self, integer: i64) -> Option<i64> {
        match self {
            Self::Seconds => integer.checked_mul(1_000_000),
            Self::Milliseconds => integer.checked_mul(1000),
            Self::Text(_) => None,
        }
    }

    /// Microseconds since 1970 (of a time: since midnight) that a text means.
    fn of_text(self, text: &[u8]) -> Option<i64> {
        let Self::Text(spelling) = self else { return None };
        let (micros, _) = moment::read(text).filter(|(_, read)| *read == spelling)?;
        micros.checked_sub(spelling.offset())
    }

    fn write(self, micros: i64, to: &mut Vec<u8>) -> Option<()> {
        match self {
            Self::Text(Spelling::Date) => {
                let days = i32::try_from((micros - EPOCH) / DAY).ok()?;
                field::of(to, &days.to_be_bytes())
            }
            Self::Text(Spelling::Time { .. }) => field::of(to, &micros.to_be_bytes()),
            _ if (FIRST..AFTER_LAST).contains(&micros) => field::of(to, &(micros - EPOCH).to_be_bytes()),
            _ => None,
        }
    }
}
