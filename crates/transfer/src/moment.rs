//! Moments as texts: how one is spelled, and back to the same bytes. Pure.
//!
//! A text is only taken for a moment when writing it anew in the same spelling gives the same text.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};

/// How a moment is spelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Spelling {
    /// `2024-05-01`
    Date,
    /// `13:45` and `13:45:00.5`
    Time {
        /// Digits behind the second; none without seconds.
        fraction: Option<u8>,
    },
    /// `2024-05-01T13:45:00.000Z`
    Timestamp {
        /// Whether there is a `T` between day and time, or a space.
        has_t: bool,
        /// Digits behind the second; none without seconds.
        fraction: Option<u8>,
        /// How it says where.
        zone: Zone,
    },
}

/// How a moment says where its clock stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Zone {
    /// Not at all.
    Unsaid,
    /// `Z`
    Z,
    /// `+02:00`, in minutes.
    Offset(i16),
}

impl Spelling {
    /// How far the clock that it is about is ahead of UTC, in microseconds.
    pub(crate) fn offset(self) -> i64 {
        match self {
            Self::Timestamp { zone: Zone::Offset(minutes), .. } => i64::from(minutes) * 60_000_000,
            _ => 0,
        }
    }
}

/// How many digits behind the second PostgreSQL keeps.
const MOST_DIGITS: usize = 6;
const UNIX_EPOCH: NaiveDateTime = DateTime::UNIX_EPOCH.naive_utc();

/// Microseconds since 1970 (of a time: since midnight), as the clock shows them that the text is about, and the spelling.
pub(crate) fn read(text: &[u8]) -> Option<(i64, Spelling)> {
    if let Some((day, rest)) = date(text) {
        return read_with_date(day, rest);
    }
    let (time, fraction, rest) = time(text)?;
    rest.is_empty().then_some((since_midnight(time), Spelling::Time { fraction }))
}

fn read_with_date(day: NaiveDate, rest: &[u8]) -> Option<(i64, Spelling)> {
    let Some((separator, rest)) = rest.split_first() else {
        return Some((micros(day.and_time(NaiveTime::MIN))?, Spelling::Date));
    };
    let has_t = match separator {
        b'T' => true,
        b' ' => false,
        _ => return None,
    };
    let (time, fraction, rest) = time(rest)?;
    let zone = zone(rest)?;
    Some((micros(day.and_time(time))?, Spelling::Timestamp { has_t, fraction, zone }))
}

/// The text of a moment: what [`read`] reads.
pub(crate) fn write(micros: i64, spelling: Spelling) -> Option<String> {
    let moment = UNIX_EPOCH.checked_add_signed(TimeDelta::microseconds(micros))?;
    Some(match spelling {
        Spelling::Date => moment.format("%Y-%m-%d").to_string(),
        Spelling::Time { fraction } => written_time(moment, fraction),
        Spelling::Timestamp { has_t, fraction, zone } => {
            let (day, separator) = (moment.format("%Y-%m-%d"), if has_t { 'T' } else { ' ' });
            format!("{day}{separator}{}{}", written_time(moment, fraction), written_zone(zone))
        }
    })
}

fn written_time(moment: NaiveDateTime, fraction: Option<u8>) -> String {
    match fraction {
        None => moment.format("%H:%M").to_string(),
        Some(0) => moment.format("%H:%M:%S").to_string(),
        Some(digits) => {
            let micros = format!("{:06}", moment.and_utc().timestamp_subsec_micros());
            format!("{}.{}", moment.format("%H:%M:%S"), &micros[..usize::from(digits)])
        }
    }
}

fn written_zone(zone: Zone) -> String {
    match zone {
        Zone::Unsaid => String::new(),
        Zone::Z => "Z".to_owned(),
        Zone::Offset(minutes) => {
            let sign = if minutes < 0 { '-' } else { '+' };
            let (hours, minutes) = (minutes.unsigned_abs() / 60, minutes.unsigned_abs() % 60);
            format!("{sign}{hours:02}:{minutes:02}")
        }
    }
}

fn micros(moment: NaiveDateTime) -> Option<i64> {
    moment.signed_duration_since(UNIX_EPOCH).num_microseconds()
}

fn since_midnight(time: NaiveTime) -> i64 {
    time.signed_duration_since(NaiveTime::MIN).num_microseconds().unwrap_or_default()
}

/// `2024-05-01`, and what comes behind.
fn date(text: &[u8]) -> Option<(NaiveDate, &[u8])> {
    let (day, rest) = text.split_at_checked(10)?;
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = day else { return None };
    let (year, month, day) = (digits(&[*y1, *y2, *y3, *y4])?, digits(&[*m1, *m2])?, digits(&[*d1, *d2])?);
    Some((NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)?, rest))
}

/// `13:45:00.5`, how many digits there are behind the second, and what comes behind.
fn time(text: &[u8]) -> Option<(NaiveTime, Option<u8>, &[u8])> {
    let [h1, h2, b':', m1, m2, rest @ ..] = text else { return None };
    let (hour, minute) = (digits(&[*h1, *h2])?, digits(&[*m1, *m2])?);
    let [b':', s1, s2, rest @ ..] = rest else {
        return Some((NaiveTime::from_hms_opt(hour, minute, 0)?, None, rest));
    };
    let second = digits(&[*s1, *s2])?;
    let (micros, length, rest) = fraction(rest)?;
    Some((NaiveTime::from_hms_micro_opt(hour, minute, second, micros)?, Some(length), rest))
}

/// `.5` in millionths, how many digits that were, and what comes behind.
fn fraction(text: &[u8]) -> Option<(u32, u8, &[u8])> {
    let [b'.', behind @ ..] = text else { return Some((0, 0, text)) };
    let length = behind.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if length == 0 || length > MOST_DIGITS {
        return None;
    }
    let (said, rest) = behind.split_at(length);
    let mut padded = [b'0'; MOST_DIGITS];
    padded[..length].copy_from_slice(said);
    Some((digits(&padded)?, u8::try_from(length).ok()?, rest))
}

fn zone(text: &[u8]) -> Option<Zone> {
    match text {
        [] => Some(Zone::Unsaid),
        b"Z" => Some(Zone::Z),
        // A zero has one sign only: otherwise there were two texts of one zone.
        b"-00:00" => None,
        [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] => {
            let (hours, minutes) = (digits(&[*h1, *h2])?, digits(&[*m1, *m2])?);
            let offset = i16::try_from(hours * 60 + minutes).ok()?;
            let is_sensible = hours <= 15 && minutes < 60;
            is_sensible.then_some(Zone::Offset(if *sign == b'-' { -offset } else { offset }))
        }
        _ => None,
    }
}

fn digits(text: &[u8]) -> Option<u32> {
    text.iter()
        .try_fold(0, |number, byte| byte.is_ascii_digit().then(|| number * 10 + u32::from(byte - b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_is_written_the_same() {
        for (text, micros) in [
            ("1970-01-01", 0),
            ("1970-01-01T00:00:00Z", 0),
            ("1969-12-31 23:59:59.999999", -1),
            ("2024-02-29T13:45:00.120+02:00", 1_709_214_300_120_000),
            ("2024-02-29 13:45", 1_709_214_300_000_000),
            ("0000-01-01", -62_167_219_200_000_000),
            ("9999-12-31T23:59:59.9-11:30", 253_402_300_799_900_000),
            ("13:45", 49_500_000_000),
            ("23:59:59.000001", 86_399_000_001),
        ] {
            let (read, spelling) = read(text.as_bytes()).unwrap_or_else(|| panic!("{text}"));
            assert_eq!((read, write(read, spelling).as_deref()), (micros, Some(text)));
        }
    }

    #[test]
    fn what_could_not_be_written_the_same_is_no_moment() {
        for text in [
            "",
            "2024",
            "2024-2-29",
            "2023-02-29",
            "2024-02-29x",
            "2024-02-29T",
            "2024-02-29t13:45:00",
            "2024-02-29T24:00:00",
            "2024-02-29T13:45:60",
            "2024-02-29T13:45:00.",
            "2024-02-29T13:45:00.1234567",
            "2024-02-29T13:45:00-00:00",
            "2024-02-29T13:45:00+0200",
            "2024-02-29T13:45:00+02:60",
            "2024-02-29T13:45:00 Z",
            "+2024-02-29",
            "now",
            "13:45Z",
        ] {
            assert_eq!(read(text.as_bytes()), None, "{text}");
        }
    }
}
