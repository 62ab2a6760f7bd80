//! How people write a moment, at the command line and in requests.

use chrono::{Datelike as _, NaiveDate, NaiveTime};

use crate::Timestamp;

/// How a moment is written, after "write it" or "must be".
pub const MOMENT_FORM: &str = "like 2026-11-22 or 2026-11-22T12:00:00Z";

/// Reads a moment with its zone, or a day, which means its beginning in UTC. Only the years that every database has and
/// that have four digits: 1 to 9999.
pub fn parse_moment(text: &str) -> Option<Timestamp> {
    let day = || Some(text.parse::<NaiveDate>().ok()?.and_time(NaiveTime::MIN).and_utc());
    text.parse().ok().or_else(day).filter(|moment: &Timestamp| (1..=9999).contains(&moment.year()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_and_days_are_read() {
        for (text, read) in [
            ("2026-11-22T12:00:00Z", "2026-11-22T12:00:00+00:00"),
            ("2026-11-22T12:00:00.5+02:00", "2026-11-22T10:00:00.500+00:00"),
            ("2026-11-22", "2026-11-22T00:00:00+00:00"),
            ("0001-01-01", "0001-01-01T00:00:00+00:00"),
            ("9999-12-31T23:59:59Z", "9999-12-31T23:59:59+00:00"),
        ] {
            assert_eq!(parse_moment(text).map(|moment| moment.to_rfc3339()).as_deref(), Some(read), "{text}");
        }
    }

    #[test]
    fn what_no_database_keeps_is_refused() {
        for text in [
            "",
            "soon",
            "2026-11-22T12:00:00",
            "2026-02-30",
            "0000-12-31",
            "-9999-01-01T00:00:00Z",
            "-262143-01-01T00:00:00Z",
            "+262142-01-01T00:00:00Z",
            "+10000-01-01",
            "9999-12-31T23:59:59-01:00",
        ] {
            assert_eq!(parse_moment(text), None, "{text}");
        }
    }
}
