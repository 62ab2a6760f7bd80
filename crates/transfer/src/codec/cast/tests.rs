//! Casts: like SQLite's where SQLite has one, and always something that can be written.

use proptest::prelude::*;
use rusqlite::Connection;

use super::*;
use crate::Affinity;
use crate::codec::tests::{cell, codecs};

fn cast(codec: Codec, cell: &Value) -> Option<Value> {
    codec.cast(ValueRef::from(cell))
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn like(example: &str) -> Codec {
    let (_, spelling) = moment::read(example.as_bytes()).expect("a moment");
    Codec::Moment(MomentForm::Text(spelling))
}

proptest! {
    #[test]
    fn what_comes_of_a_cast_can_be_written(cell in cell()) {
        for codec in codecs() {
            if let Some(cast) = cast(codec, &cell) {
                let encoded = codec.encode(ValueRef::from(&cast), &mut Vec::new());
                prop_assert_ne!(encoded, Encoded::Misfit, "{:?} of {:?} is {:?}", codec, cell, cast);
            }
        }
    }

    /// With exponents that are greater, SQLite's last digit is another at times than that of the nearest real.
    #[test]
    fn numbers_become_what_sqlite_makes_of_them(
        words in "[ \t\x0b]{0,2}[-+]?[0-9]{0,9}(\\.[0-9]{0,5})?([eE][-+]?[0-9]?)?[a-z ]{0,2}",
        as_blob in any::<bool>(),
    ) {
        let cell = if as_blob { Value::Blob(words.into_bytes()) } else { Value::Text(words) };
        let sqlite = Connection::open_in_memory().expect("opens");
        let by_sqlite = |name: &str| -> Value {
            sqlite.query_row(&format!("SELECT CAST(?1 AS {name})"), [&cell], |row| row.get(0)).expect("casts")
        };
        prop_assert_eq!(cast(Codec::Integer, &cell), Some(by_sqlite("INTEGER")), "{:?}", cell);
        prop_assert_eq!(cast(Codec::Real, &cell), Some(by_sqlite("REAL")), "{:?}", cell);
        prop_assert_eq!(cast(Codec::Numeric, &cell), Some(by_sqlite("NUMERIC")), "{:?}", cell);
    }
}

#[test]
fn numbers_that_are_too_great_are_none() {
    for (codec, cell) in [
        (Codec::Integer, text("9223372036854775808")),
        (Codec::Integer, Value::Real(1e300)),
        (Codec::Numeric, text("1e999")),
        (Codec::Moment(MomentForm::Milliseconds), Value::Integer(i64::MAX)),
    ] {
        assert_eq!(cast(codec, &cell), None, "{codec:?} of {cell:?}");
    }
    assert_eq!(cast(Codec::Integer, &Value::Real(-3.9)), Some(Value::Integer(-3)));
}

#[test]
fn yes_and_no_have_many_words() {
    for (cell, truth) in [
        (Value::Integer(2), Some(1)),
        (Value::Real(0.0), Some(0)),
        (text("Yes"), Some(1)),
        (text(" off "), Some(0)),
        (text("t"), Some(1)),
        (text("N"), Some(0)),
        (text("0.0"), Some(0)),
        (text("-7"), Some(1)),
        (text(""), None),
        (text("maybe"), None),
        (text("nan"), None),
        (Value::Blob(b"true".to_vec()), Some(1)),
        (Value::Blob(vec![1]), None),
    ] {
        assert_eq!(cast(Codec::Boolean, &cell), truth.map(Value::Integer), "{cell:?}");
    }
}

#[test]
fn what_is_no_text_is_mended() {
    let codec = Codec::Text(Affinity::Text);
    assert_eq!(codec.cast(ValueRef::Text(b"a\0b\xff")), Some(text("a\u{fffd}b\u{fffd}")));
    assert_eq!(codec.cast(ValueRef::Blob(b"na\xc3\xafve")), Some(text("naïve")));
    assert_eq!(codec.cast(ValueRef::Blob(b"\xff")), None);
}

#[test]
fn identifiers_have_many_spellings() {
    let id = "018f3c5e-7b1a-4c1d-9e2f-0123456789ab";
    for cell in [
        text("018F3C5E-7B1A-4C1D-9E2F-0123456789AB"),
        text("{018f3c5e-7b1a-4c1d-9e2f-0123456789ab}"),
        text("018f3c5e7b1a4c1d9e2f0123456789ab "),
        Value::Blob(hex::decode("018f3c5e7b1a4c1d9e2f0123456789ab").expect("digits")),
    ] {
        assert_eq!(cast(Codec::Uuid, &cell), Some(text(id)), "{cell:?}");
    }
    assert_eq!(cast(Codec::Uuid, &text("none")), None);
}

#[test]
fn everything_but_bytes_is_a_document() {
    for (cell, document) in [
        (Value::Integer(7), Some("7")),
        (Value::Real(1.5), Some("1.5")),
        (text("{\"a\": 1}"), Some("{\"a\": 1}")),
        (text("he said \"no\"\0"), Some("\"he said \\\"no\\\"\\u0000\"")),
        (text(""), Some("\"\"")),
        (Value::Blob(b"[]".to_vec()), Some("[]")),
        (Value::Blob(vec![0xff]), None),
    ] {
        assert_eq!(cast(Codec::Json, &cell), document.map(text), "{cell:?}");
    }
}

#[test]
fn moments_change_their_form() {
    let (seconds, millis) = (Codec::Moment(MomentForm::Seconds), Codec::Moment(MomentForm::Milliseconds));
    let full = like("2024-05-01T13:45:00.000Z");
    for (codec, cell, moment) in [
        (millis, text("2024-05-01"), Some(Value::Integer(1_714_521_600_000))),
        (millis, text(" 2024-05-01T13:45:00.5+02:00"), Some(Value::Integer(1_714_563_900_500))),
        (seconds, text("1969-12-31 23:59:59.5"), Some(Value::Integer(-1))),
        (seconds, text("1714570000"), Some(Value::Integer(1_714_570_000))),
        (seconds, Value::Real(1_714_570_000.9), Some(Value::Integer(1_714_570_000))),
        (seconds, Value::Real(2_440_587.5), Some(Value::Integer(0))),
        (full, Value::Real(2_460_431.75), Some(text("2024-05-01T06:00:00.000Z"))),
        (full, Value::Integer(1_714_571_100), Some(text("2024-05-01T13:45:00.000Z"))),
        (full, Value::Integer(1_714_571_100_123), Some(text("2024-05-01T13:45:00.123Z"))),
        (full, text("2024-05-01 13:45"), Some(text("2024-05-01T13:45:00.000Z"))),
        (full, text("13:45"), None),
        (full, text("later"), None),
        (full, Value::Integer(i64::MAX / 1000), None),
        (like("2024-05-01"), text("2024-05-01T23:30:00-05:00"), Some(text("2024-05-02"))),
        (like("13:45"), text("13:45:59"), Some(text("13:45"))),
        (like("13:45"), text("2024-05-01 13:45:59"), Some(text("13:45"))),
        (like("2024-05-01 13:45+02:00"), text("2024-05-01T11:45:00Z"), Some(text("2024-05-01 13:45+02:00"))),
    ] {
        assert_eq!(cast(codec, &cell), moment, "{codec:?} of {cell:?}");
    }
}

#[test]
fn days_of_julian_are_those_of_sqlite() {
    let sqlite = Connection::open_in_memory().expect("opens");
    let codec = like("2024-05-01 13:45:00.123");
    for day in [0.0, 1_721_059.5, 2_299_160.5, 2_440_587.5, 2_460_431.123_456, 5_373_484.4] {
        let by_sqlite = sqlite.query_row("SELECT strftime('%Y-%m-%d %H:%M:%f', ?1)", [day], |row| row.get(0));
        let by_sqlite: String = by_sqlite.expect("a moment");
        // Those before the year 0 have no spelling of four digits.
        let expected = Some(text(&by_sqlite)).filter(|_| !by_sqlite.starts_with('-'));
        assert_eq!(cast(codec, &Value::Real(day)), expected, "{day}");
    }
}
