//! Each kind of column, and whatever SQLite keeps in one.

use proptest::prelude::*;
use rusqlite::types::{Value, ValueRef};

use super::*;
use crate::codec::Encoded;

fn column(declared: &str) -> Column {
    Column {
        name: "c".to_owned(),
        declared: declared.to_owned(),
        affinity: Affinity::of(declared, false),
        is_not_null: false,
        default: None,
        collation: None,
        generated: None,
    }
}

fn chosen(declared: &str, cells: &[Value]) -> Choice {
    let mut profile = ColumnProfile::new(Meaning::of(declared, false));
    for cell in cells {
        profile.see(ValueRef::from(cell));
    }
    Choice::of(&column(declared), false, &profile)
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

#[test]
fn a_column_gets_what_its_type_means_while_its_cells_fit() {
    for (declared, cells, name) in [
        ("BOOLEAN", vec![Value::Integer(0), Value::Integer(1), Value::Null], "boolean"),
        ("INTEGER", vec![Value::Integer(i64::MIN)], "bigint"),
        ("INT", vec![Value::Integer(7)], "bigint"),
        ("REAL", vec![Value::Real(1.0)], "double precision"),
        ("DECIMAL(10,2)", vec![Value::Integer(12), Value::Real(12.5)], "numeric"),
        ("DATETIME", vec![Value::Integer(1_714_570_000_000), Value::Integer(0)], "timestamptz"),
        ("DATETIME", vec![Value::Integer(1_714_570_000)], "timestamptz"),
        ("DATETIME", vec![text("2024-05-01T10:00:00.000Z")], "timestamptz"),
        ("DATETIME", vec![text("2024-05-01 10:00:00")], "timestamp"),
        ("DATE", vec![text("2024-05-01")], "date"),
        ("TIME", vec![text("10:00")], "time"),
        ("UUID", vec![text("018f3c5e-7b1a-4c1d-9e2f-0123456789ab")], "uuid"),
        ("JSONB", vec![text("{\"a\": 1}"), Value::Null], "json"),
        ("TEXT", vec![text("x")], "text"),
        ("BLOB", vec![Value::Blob(vec![0])], "bytea"),
    ] {
        let choice = chosen(declared, &cells);
        assert_eq!(
            (choice.codec.type_name(), choice.reason, choice.remembered),
            (name, Reason::AsDeclared, 0),
            "{declared}"
        );
    }
}

#[test]
fn it_is_widened_until_they_do() {
    for (declared, cells, name, reason) in [
        ("BOOLEAN", vec![Value::Integer(2)], "bigint", Reason::OtherNumbers),
        ("BOOLEAN", vec![Value::Integer(1), text("yes")], "text", Reason::NumbersAndTexts),
        ("INTEGER", vec![Value::Integer(1), Value::Real(1.5)], "numeric", Reason::MixedNumbers),
        ("INTEGER", vec![Value::Real(1.5)], "double precision", Reason::OtherNumbers),
        ("INTEGER", vec![Value::Integer(1), text("many")], "text", Reason::NumbersAndTexts),
        ("DATETIME", vec![text("2024-05-01"), text("2024-05-01 10:00")], "text", Reason::OtherTexts),
        ("DATETIME", vec![Value::Integer(0), text("2024-05-01")], "text", Reason::NumbersAndTexts),
        ("DATETIME", vec![Value::Integer(i64::MAX)], "bigint", Reason::OtherNumbers),
        ("DATETIME", vec![Value::Real(2_460_431.5)], "double precision", Reason::OtherNumbers),
        ("UUID", vec![text("no")], "text", Reason::OtherTexts),
        ("JSON", vec![text("{oops")], "text", Reason::OtherTexts),
        ("TEXT", vec![text("a\0b")], "bytea", Reason::NoText),
        ("TEXT", vec![text("a"), Value::Blob(vec![0])], "bytea", Reason::BlobsAndMore),
        ("", vec![Value::Integer(1)], "bigint", Reason::AsItIs),
        ("INTEGER", vec![Value::Null], "bigint", Reason::Empty),
        ("DATETIME", vec![], "timestamp", Reason::Empty),
    ] {
        let choice = chosen(declared, &cells);
        assert_eq!((choice.codec.type_name(), choice.reason), (name, reason), "{declared} {cells:?}");
    }
}

fn cell() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        prop::sample::select(vec![0, 1, -1, i64::MIN, i64::MAX, 1_714_570_000_000]).prop_map(Value::Integer),
        prop::sample::select(vec![0.0, -0.0, 1.5, 1e300, f64::INFINITY, 9.3e18]).prop_map(Value::Real),
        prop::sample::select(vec![
            "",
            "12",
            "1.5",
            "inf",
            "NaN",
            "9e999",
            "[]",
            "a\0",
            "2024-05-01",
            "2024-05-01T10:00:00Z"
        ])
        .prop_map(text),
        prop::collection::vec(any::<u8>(), 0..3).prop_map(Value::Blob),
    ]
}

proptest! {
    /// What SQLite keeps in a column, and no more: its affinity has had its way.
    #[test]
    fn no_cell_is_lost_and_each_that_changes_is_counted(
        declared in prop::sample::select(vec!["", "INT", "TEXT", "REAL", "BLOB", "BOOLEAN", "DATETIME", "DECIMAL", "JSON", "UUID", "DATE"]),
        cells in prop::collection::vec(cell(), 0..6),
    ) {
        let connection = rusqlite::Connection::open_in_memory().expect("opens");
        connection.execute_batch(&format!("CREATE TABLE t (c {declared})")).expect("runs");
        for cell in &cells {
            connection.execute("INSERT INTO t VALUES (?1)", [cell]).expect("inserts");
        }
        let kept = connection.prepare("SELECT c FROM t").and_then(|mut all| all.query_map([], |row| row.get(0))?.collect());
        let kept: Vec<Value> = kept.expect("reads");
        let choice = chosen(declared, &kept);
        let encoded: Vec<_> = kept.iter().map(|cell| choice.codec.encode(ValueRef::from(cell), &mut Vec::new())).collect();
        prop_assert!(!encoded.contains(&Encoded::Misfit), "{:?} of {:?}", choice, kept);
        let changed = encoded.iter().filter(|encoded| **encoded == Encoded::AsAnotherClass).count() as u64;
        prop_assert_eq!(choice.remembered, changed, "{:?} of {:?}", choice, kept);
    }
}
