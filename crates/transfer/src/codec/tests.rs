//! There and back, for cells of all kinds.

use proptest::prelude::*;

use super::*;

pub(crate) fn codecs() -> Vec<Codec> {
    let spellings = [
        "2024-05-01",
        "10:00",
        "10:00:00.5",
        "2024-05-01 10:00:00",
        "2024-05-01T10:00:00.000Z",
        "2024-05-01T10:00:00.123456+02:00",
    ];
    let spelling =
        |text: &&str| Codec::Moment(MomentForm::Text(moment::read(text.as_bytes()).expect("a moment").1));
    let affinities = [Affinity::Integer, Affinity::Numeric, Affinity::Real, Affinity::Text, Affinity::Blob];
    let mut codecs =
        vec![Codec::Boolean, Codec::Integer, Codec::Real, Codec::Numeric, Codec::Uuid, Codec::Json];
    codecs.extend(affinities.map(Codec::Text));
    codecs.extend([BytesOf::Blob, BytesOf::Text].map(Codec::Bytes));
    codecs.extend([MomentForm::Seconds, MomentForm::Milliseconds].map(Codec::Moment));
    codecs.extend(spellings.iter().map(spelling));
    codecs
}

/// What a cell becomes, and what it comes back as.
fn there_and_back(codec: Codec, cell: ValueRef<'_>) -> (Encoded, Option<Value>) {
    let mut field = Vec::new();
    let encoded = codec.encode(cell, &mut field);
    if encoded == Encoded::Misfit {
        assert!(field.is_empty(), "{codec:?} of {cell:?}");
        return (encoded, None);
    }
    let (length, bytes) = field.split_at(4);
    let length = i32::from_be_bytes(length.try_into().expect("four bytes"));
    if length == -1 {
        return (encoded, Some(Value::Null));
    }
    assert_eq!(usize::try_from(length), Ok(bytes.len()), "{codec:?} of {cell:?}");
    (encoded, codec.decode(bytes))
}

/// Cells as they are in databases, and on the edges of what they can be.
pub(crate) fn cell() -> impl Strategy<Value = Value> {
    let edges = prop::sample::select(vec![
        0,
        1,
        2,
        -1,
        i64::MIN,
        i64::MAX,
        i64::from(i32::MAX) + 1,
        1_714_570_000_000,
    ]);
    let reals = prop::sample::select(vec![
        0.0,
        -0.0,
        0.1,
        1.0,
        1e15,
        1e16,
        1e300,
        5e-324,
        f64::MAX,
        f64::INFINITY,
        f64::NEG_INFINITY,
        9.2e18,
        9.3e18,
    ]);
    let texts = prop::sample::select(vec![
        "",
        "12",
        "-0",
        "1.5",
        "1e3",
        "inf",
        "NaN",
        "{\"a\":1}",
        "2024-05-01T10:00:00.000Z",
        "018f3c5e-7b1a-4c1d-9e2f-0123456789ab",
        "a\0b",
    ]);
    prop_oneof![
        Just(Value::Null),
        any::<i64>().prop_map(Value::Integer),
        edges.prop_map(Value::Integer),
        any::<f64>().prop_filter("SQLite has no NaN", |real| !real.is_nan()).prop_map(Value::Real),
        reals.prop_map(Value::Real),
        ".{0,20}".prop_map(Value::Text),
        texts.prop_map(|text| Value::Text(text.to_owned())),
        (0_i64..253_402_300_800).prop_map(|seconds| {
            let spelling = Spelling::Timestamp { has_t: true, fraction: Some(3), zone: Zone::Z };
            Value::Text(moment::write(seconds * 1_000_000, spelling).expect("a moment"))
        }),
        prop::collection::vec(any::<u8>(), 0..20).prop_map(Value::Blob),
    ]
}

/// Equal to the bit: -0.0 is not 0.0.
fn is_same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Real(one), Value::Real(other)) => one.to_bits() == other.to_bits(),
        _ => one == other,
    }
}

proptest! {
    #[test]
    fn what_is_written_exactly_comes_back_as_it_was(cell in cell()) {
        for codec in codecs() {
            let (encoded, back) = there_and_back(codec, ValueRef::from(&cell));
            let is_back = back.as_ref().is_some_and(|back| is_same(back, &cell));
            prop_assert_eq!(encoded == Encoded::Exactly, is_back, "{:?} of {:?} is {:?}", codec, cell, back);
        }
    }
}

#[test]
fn bytes_that_are_no_text_are_kept() {
    let mut field = Vec::new();
    assert_eq!(Codec::Bytes(BytesOf::Text).encode(ValueRef::Text(b"\xff"), &mut field), Encoded::Exactly);
    assert_eq!(field, [0, 0, 0, 1, 0xff]);
    assert_eq!(Codec::Text(Affinity::Text).encode(ValueRef::Text(b"\xff"), &mut Vec::new()), Encoded::Misfit);
}

#[test]
fn columns_that_hold_what_they_say_lose_nothing() {
    for (codec, cell) in [
        (Codec::Boolean, Value::Integer(1)),
        (Codec::Integer, Value::Integer(i64::MIN)),
        (Codec::Numeric, Value::Real(0.1)),
        (Codec::Numeric, Value::Integer(12)),
        (Codec::Text(Affinity::Integer), Value::Text("many".to_owned())),
        (Codec::Text(Affinity::Integer), Value::Integer(7)),
        (Codec::Text(Affinity::Numeric), Value::Real(1.5)),
        (Codec::Moment(MomentForm::Milliseconds), Value::Integer(1_714_570_000_123)),
        (Codec::Moment(MomentForm::Milliseconds), Value::Integer(0)),
    ] {
        let (encoded, back) = there_and_back(codec, ValueRef::from(&cell));
        assert_eq!((encoded, back), (Encoded::Exactly, Some(cell)), "{codec:?}");
    }
}
