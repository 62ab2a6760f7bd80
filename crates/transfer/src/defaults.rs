//! What a column holds when nothing is said, in PostgreSQL's words.
//!
//! A default that is always the same is worked out by SQLite itself, as the column's affinity would have it, and becomes a
//! literal. One that asks for the time or for chance is known by how people write it.

use rusqlite::Connection;
use rusqlite::types::Value;

use crate::codec::{Codec, MomentForm};
use crate::expression::Untranslated;
use crate::moment::Spelling;
use crate::{Affinity, Column};

/// What a default gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Given {
    /// The time, in one of SQLite's ways.
    Now(Clock),
    /// 32 hexadecimal digits by chance.
    Random,
}

/// How the time is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Clock {
    /// `2024-05-01 10:00:00`
    DateTime,
    /// `2024-05-01`
    Date,
    /// `10:00:00`
    Time,
    /// `2024-05-01T10:00:00.000Z`
    Iso,
    /// Seconds since 1970.
    Seconds,
    /// Milliseconds since 1970.
    Milliseconds,
}

/// How people write them, without blanks and outer parentheses.
const WRITTEN: &[(&str, Given)] = &[
    ("current_timestamp", Given::Now(Clock::DateTime)),
    ("datetime('now')", Given::Now(Clock::DateTime)),
    ("datetime()", Given::Now(Clock::DateTime)),
    ("current_date", Given::Now(Clock::Date)),
    ("date('now')", Given::Now(Clock::Date)),
    ("current_time", Given::Now(Clock::Time)),
    ("time('now')", Given::Now(Clock::Time)),
    ("strftime('%y-%m-%dt%h:%m:%fz','now')", Given::Now(Clock::Iso)),
    ("unixepoch()", Given::Now(Clock::Seconds)),
    ("unixepoch('now')", Given::Now(Clock::Seconds)),
    ("strftime('%s','now')", Given::Now(Clock::Seconds)),
    ("cast(strftime('%s','now')asinteger)", Given::Now(Clock::Seconds)),
    ("unixepoch()*1000", Given::Now(Clock::Milliseconds)),
    ("strftime('%s','now')*1000", Given::Now(Clock::Milliseconds)),
    ("unixepoch('subsec')*1000", Given::Now(Clock::Milliseconds)),
    ("cast(unixepoch('subsec')*1000asinteger)", Given::Now(Clock::Milliseconds)),
    ("lower(hex(randomblob(16)))", Given::Random),
];

/// What gives something else each time it is asked.
const NOT_CONSTANT: &[&str] = &[
    "current_",
    "date",
    "time",
    "strftime",
    "julianday",
    "unixepoch",
    "random",
    "changes",
    "last_insert_rowid",
];

/// The default of a column whose cells stand so; none when it has none.
pub(crate) fn translated(column: &Column, codec: Codec) -> Option<Result<String, Untranslated>> {
    let sql = column.default.as_deref()?;
    let refused = |because| Untranslated { part: sql.to_owned(), because };
    let written = bare(sql);
    if let Some((_, given)) = WRITTEN.iter().find(|(form, _)| *form == written) {
        return Some(given.for_column(codec).ok_or(refused("what it gives is not what this column holds")));
    }
    let unquoted: String = written.split('\'').step_by(2).collect();
    if NOT_CONSTANT.iter().any(|word| unquoted.contains(word)) {
        return Some(Err(refused("it gives something else each time, in a way that is not known here")));
    }
    let literal = constant(column, sql).ok_or_else(|| refused("SQLite does not take it"));
    let literal = literal.and_then(|cell| {
        codec.literal(&cell).ok_or_else(|| refused("what it gives is not what this column holds"))
    });
    Some(literal)
}

/// Small letters, no blanks, no parentheses around all of it.
fn bare(sql: &str) -> String {
    let text: String = sql.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_lowercase();
    let mut text = text.as_str();
    while let Some(inner) = text.strip_prefix('(').and_then(|text| text.strip_suffix(')')) {
        let mut depth = 0_i32;
        let is_around = inner.chars().all(|c| {
            depth += i32::from(c == '(') - i32::from(c == ')');
            depth >= 0
        });
        if !is_around {
            break;
        }
        text = inner;
    }
    text.to_owned()
}

/// The cell that SQLite makes of it in a column of this type. The parentheses around an expression are gone when SQLite
/// tells of it.
fn constant(column: &Column, sql: &str) -> Option<Value> {
    given_by(column, sql).or_else(|| given_by(column, &format!("({sql})")))
}

fn given_by(column: &Column, sql: &str) -> Option<Value> {
    let connection = Connection::open_in_memory().ok()?;
    let made =
        format!("CREATE TABLE t (c {} DEFAULT {sql}); INSERT INTO t DEFAULT VALUES", affine(column.affinity));
    connection.execute_batch(&made).ok()?;
    connection.query_row("SELECT c FROM t", [], |row| row.get(0)).ok()
}

/// A type of this affinity.
fn affine(affinity: Affinity) -> &'static str {
    match affinity {
        Affinity::Integer => "INTEGER",
        Affinity::Numeric => "NUMERIC",
        Affinity::Real => "REAL",
        Affinity::Text => "TEXT",
        Affinity::Blob => "BLOB",
    }
}

impl Given {
    fn for_column(self, codec: Codec) -> Option<String> {
        match (self, codec) {
            (Self::Random, Codec::Text(_)) => Some("replace(gen_random_uuid()::text, '-', '')".to_owned()),
            (Self::Now(_), Codec::Moment(form)) => Some(form.now()),
            (Self::Now(clock), Codec::Text(_)) => clock.as_text(),
            (Self::Now(Clock::Seconds), Codec::Integer) => {
                Some("extract(epoch FROM now())::bigint".to_owned())
            }
            (Self::Now(Clock::Milliseconds), Codec::Integer) => {
                Some("(extract(epoch FROM now()) * 1000)::bigint".to_owned())
            }
            (Self::Now(_) | Self::Random, _) => None,
        }
    }
}

impl Clock {
    fn as_text(self) -> Option<String> {
        let form = match self {
            Self::DateTime => "YYYY-MM-DD HH24:MI:SS",
            Self::Date => "YYYY-MM-DD",
            Self::Time => "HH24:MI:SS",
            Self::Iso => "YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"",
            Self::Seconds | Self::Milliseconds => return None,
        };
        Some(format!("to_char(now() AT TIME ZONE 'UTC', '{form}')"))
    }
}

impl MomentForm {
    /// The time in this form, no finer than its cells are.
    fn now(self) -> String {
        let utc = "(now() AT TIME ZONE 'UTC')";
        match self {
            Self::Seconds => "date_trunc('second', now())".to_owned(),
            Self::Milliseconds => "date_trunc('milliseconds', now())".to_owned(),
            Self::Text(Spelling::Date) => format!("{utc}::date"),
            Self::Text(Spelling::Time { fraction }) => {
                format!("date_trunc('{}', {utc})::time", unit(fraction))
            }
            Self::Text(Spelling::Timestamp { fraction, .. }) => match self.type_name() {
                "timestamptz" => format!("date_trunc('{}', now())", unit(fraction)),
                _ => format!("date_trunc('{}', {utc})", unit(fraction)),
            },
        }
    }
}

/// What a number of digits behind the second is cut to. Where PostgreSQL knows no such unit, a coarser one.
fn unit(fraction: Option<u8>) -> &'static str {
    match fraction {
        None => "minute",
        Some(0..=2) => "second",
        Some(3..=5) => "milliseconds",
        Some(_) => "microseconds",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn translation(declared: &str, default: &str, codec: Codec) -> Result<String, Untranslated> {
        let column = Column {
            name: "c".to_owned(),
            declared: declared.to_owned(),
            affinity: Affinity::of(declared, false),
            is_not_null: false,
            default: Some(default.to_owned()),
            collation: None,
            generated: None,
        };
        translated(&column, codec).expect("a default")
    }

    #[test]
    fn what_is_always_the_same_becomes_a_literal_of_the_type() {
        for (declared, default, codec, literal) in [
            ("BOOLEAN", "true", Codec::Boolean, "true"),
            ("BOOLEAN", "0", Codec::Boolean, "false"),
            ("INTEGER", "'12'", Codec::Integer, "'12'::bigint"),
            ("INTEGER", "(1 + 2)", Codec::Integer, "'3'::bigint"),
            ("INTEGER", "1 + 2 * 3", Codec::Integer, "'7'::bigint"),
            ("TEXT", "5", Codec::Text(Affinity::Text), "'5'::text"),
            ("TEXT", "'it''s (a) date'", Codec::Text(Affinity::Text), "'it''s (a) date'::text"),
            ("TEXT", "\"quoted\"", Codec::Text(Affinity::Text), "'quoted'::text"),
            ("TEXT", "(lower('ABC') || 'd')", Codec::Text(Affinity::Text), "'abcd'::text"),
            ("DECIMAL", "0.10", Codec::Numeric, "'0.1'::numeric"),
            ("BLOB", "x'00ff'", Codec::Bytes(crate::BytesOf::Blob), "E'\\\\x00ff'::bytea"),
            ("TEXT", "NULL", Codec::Text(Affinity::Text), "NULL"),
        ] {
            assert_eq!(translation(declared, default, codec).as_deref(), Ok(literal), "{declared} {default}");
        }
    }

    #[test]
    fn the_time_is_given_as_the_cells_have_it() {
        let iso = crate::moment::read(b"2024-05-01T10:00:00.000Z").expect("a moment").1;
        for (default, codec, sql) in [
            (
                "CURRENT_TIMESTAMP",
                Codec::Moment(MomentForm::Milliseconds),
                "date_trunc('milliseconds', now())",
            ),
            ("(datetime('now'))", Codec::Moment(MomentForm::Text(iso)), "date_trunc('milliseconds', now())"),
            ("(unixepoch())", Codec::Integer, "extract(epoch FROM now())::bigint"),
            ("( strftime('%s', 'now') )", Codec::Moment(MomentForm::Seconds), "date_trunc('second', now())"),
            (
                "CURRENT_TIMESTAMP",
                Codec::Text(Affinity::Numeric),
                "to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS')",
            ),
            (
                "(lower(hex(randomblob(16))))",
                Codec::Text(Affinity::Text),
                "replace(gen_random_uuid()::text, '-', '')",
            ),
        ] {
            assert_eq!(translation("DATETIME", default, codec).as_deref(), Ok(sql), "{default}");
        }
    }

    #[test]
    fn what_is_not_known_is_refused() {
        for (declared, default, codec) in [
            ("INTEGER", "(random())", Codec::Integer),
            ("TEXT", "(datetime('now', '+1 day'))", Codec::Text(Affinity::Text)),
            ("INTEGER", "'many'", Codec::Integer),
            ("INTEGER", "CURRENT_TIMESTAMP", Codec::Integer),
        ] {
            assert_eq!(translation(declared, default, codec).expect_err(default).part, default);
        }
    }
}
