//! A type gets what was sent, exactly, and all of it.

use foundation::Uuid;
use proptest::prelude::*;
use serde::Serialize;
use serde_json::{Value, json};

use super::*;

/// Every way in which serde reads, and nothing that forbids unknown fields.
#[derive(Debug, PartialEq, Serialize, Deserialize, Validate)]
#[garde(allow_unvalidated)]
struct Everything {
    text: String,
    letter: char,
    small: i8,
    large: u64,
    number: f64,
    truth: bool,
    nothing: (),
    maybe: Option<String>,
    choice: Choice,
    choices: Vec<Choice>,
    wrapped: Wrapped,
    pair: (u8, String),
    by_number: BTreeMap<u16, bool>,
    by_id: BTreeMap<Uuid, Wrapped>,
    nested: Vec<Nested>,
    #[serde(default)]
    absent: u8,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Wrapped(i64);

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Nested {
    #[serde(alias = "label")]
    name: String,
    below: Option<Box<Nested>>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
enum Choice {
    Unit,
    New(Wrapped),
    Pair(u8, String),
    Named { a: u8, b: Option<String> },
}

fn choice() -> impl Strategy<Value = Choice> {
    prop_oneof![
        Just(Choice::Unit),
        any::<i64>().prop_map(|number| Choice::New(Wrapped(number))),
        any::<(u8, String)>().prop_map(|(number, text)| Choice::Pair(number, text)),
        any::<(u8, Option<String>)>().prop_map(|(a, b)| Choice::Named { a, b }),
    ]
}

prop_compose! {
    fn everything()(
        (text, letter, small, large, number, truth) in any::<(String, char, i8, u64, f64, bool)>(),
        maybe in any::<Option<String>>(),
        choices in proptest::collection::vec(choice(), 1..4),
        wrapped in any::<i64>(),
        pair in any::<(u8, String)>(),
        by_number in proptest::collection::btree_map(any::<u16>(), any::<bool>(), 0..4),
        by_id in proptest::collection::btree_map(any::<u128>(), any::<i64>(), 0..4),
        names in proptest::collection::vec(any::<String>(), 0..4),
    ) -> Everything {
        let mut choices = choices;
        let below = names.iter().cloned().fold(None, |below, name| Some(Box::new(Nested { name, below })));
        Everything {
            text, letter, small, large, number, truth, pair, by_number,
            nothing: (),
            maybe,
            choice: choices.pop().expect("one"),
            choices,
            wrapped: Wrapped(wrapped),
            by_id: by_id.into_iter().map(|(id, n)| (Uuid::from_u128(id), Wrapped(n))).collect(),
            nested: names.into_iter().map(|name| Nested { name, below: None }).chain(below.map(|it| *it)).collect(),
            absent: 0,
        }
    }
}

/// Some of what is in [`Everything`], which may all be absent.
#[derive(Debug, Deserialize, Validate)]
#[garde(allow_unvalidated)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only read")]
struct Something {
    text: Option<String>,
    small: Option<u8>,
    choice: Option<Choice>,
    nested: Option<Vec<Option<Nested>>>,
    any: Option<Value>,
    by_name: Option<BTreeMap<String, Value>>,
}

/// JSON of any shape, with names and values that occur in the types.
fn anything() -> impl Strategy<Value = Value> {
    let names = ["text", "Named", "New", "Pair", "a", "b", "name", "label", "below", "1"];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        Just(json!("Unit")),
    ];
    leaf.prop_recursive(4, 32, 6, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::btree_map(proptest::sample::select(names.to_vec()), inner, 0..4)
                .prop_map(|map| map.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()),
        ]
    })
}

/// What [`Something`] is often made of, but not always.
fn something() -> impl Strategy<Value = Value> {
    let right = [
        ("text", any::<String>().prop_map(Value::from).boxed()),
        ("small", any::<u8>().prop_map(Value::from).boxed()),
        ("choice", choice().prop_map(|it| serde_json::to_value(it).expect("serialisable")).boxed()),
        ("nested", Just(json!([null, { "name": "x" }, { "label": "y", "below": { "name": "z" } }])).boxed()),
        ("any", anything().boxed()),
        ("by_name", anything().prop_map(|it| json!({ "x": it })).boxed()),
    ];
    let member = |(name, value): (&'static str, BoxedStrategy<Value>)| {
        let value = prop_oneof![9 => value, 1 => anything()];
        proptest::option::of(value).prop_map(move |value| Some((name.to_owned(), value?)))
    };
    right.map(member).prop_map(|members| members.into_iter().flatten().collect())
}

proptest! {
    // ASVS 1.5.2
    #[test]
    fn what_is_right_is_read_as_it_was_sent(sent in everything()) {
        let body = serde_json::to_vec(&sent).expect("serialisable");
        let read = parse::<Everything>(&body).map_err(|problem| lines(&problem));
        let expected = serde_json::from_slice::<Everything>(&body).expect("what was written can be read");
        prop_assert_eq!(read, Ok(expected));
    }

    // ASVS 1.5.2
    #[test]
    fn nothing_is_read_that_serde_json_would_not_read_alike(sent in something()) {
        let body = serde_json::to_vec(&sent).expect("serialisable");
        if let Ok(read) = parse::<Something>(&body) {
            let expected = serde_json::from_slice::<Something>(&body);
            prop_assert_eq!(format!("{read:?}"), format!("{:?}", expected.expect("as strict")));
        }
    }
}

// ASVS 15.3.3
#[test]
fn unknown_fields_are_refused_whatever_the_type_says() {
    #[derive(Debug, Deserialize, Validate)]
    #[garde(allow_unvalidated)]
    #[expect(dead_code, reason = "only read")]
    struct Careless {
        name: Option<String>,
        inner: Option<Nested>,
        choice: Option<Choice>,
        #[serde(skip)]
        admin: bool,
    }
    for (body, expected) in [
        (r#"{"admin":true}"#, "admin [unknown] is not known here"),
        (r#"{"inner":{"name":"x","z":{"y":1}}}"#, "inner.z [unknown] is not known here"),
        (r#"{"choice":{"Named":{"a":1,"z":1}}}"#, "choice.Named.z [unknown] is not known here"),
        (r#"{"a":1,"name":"x","z":[]}"#, "a [unknown] is not known here\nz [unknown] is not known here"),
    ] {
        assert_eq!(errors_of::<Careless>(body), expected, "{body}");
    }
}

/// Where serde reads from a copy of its own the attribute is needed, and what is wrong is told at the field itself.
#[test]
fn copies_of_serde_are_as_strict_as_their_type() {
    #[derive(Debug, Deserialize, Validate)]
    #[garde(allow_unvalidated)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only read")]
    struct Copied {
        event: Option<Event>,
        #[serde(flatten)]
        rest: Option<Nested>,
    }
    #[derive(Debug, Deserialize)]
    #[serde(tag = "kind", deny_unknown_fields)]
    #[expect(dead_code, reason = "only read")]
    enum Event {
        Joined { room: String, seat: u8 },
    }
    assert!(parse::<Copied>(br#"{"event":{"kind":"Joined","room":"x","seat":1}}"#).is_ok());
    for (body, expected) in [
        (r#"{"event":{"kind":"Joined","room":"x","seat":1,"z":1}}"#, "event.z [unknown] is not known here"),
        (r#"{"event":{"kind":"Joined","room":"x"}}"#, "event.seat [missing] is missing"),
        (
            r#"{"event":{"kind":"Joined","room":"x","seat":"y"}}"#,
            "event [type] must be a whole number from 0 to 255",
        ),
        (r#"{"event":{"kind":"Left"}}"#, "event.kind [choice] must be one of: Joined"),
        (r#"{"z":1}"#, "$ [invalid] is not valid"),
    ] {
        assert_eq!(errors_of::<Copied>(body), expected, "{body}");
    }
}

// ASVS 15.3.7
#[test]
fn two_names_of_one_field_are_a_field_given_twice() {
    let body = r#"{"nested":[{"name":"x","label":"y"},{"label":"y","name":"x"}]}"#;
    let doubled = "nested[0].name [duplicate] is given more than once\nnested[1].name [duplicate] is given more than once";
    assert_eq!(errors_of::<Something>(body), doubled);
}

// ASVS 1.5.2
#[test]
fn a_list_is_no_object() {
    for (body, field) in [
        (r#"{"nested":[["x",null]]}"#, "nested[0]"),
        (r#"{"nested":[{"name":"x","below":["y",null]}]}"#, "nested[0].below"),
        (r#"{"choice":{"Named":[1,"x"]}}"#, "choice.Named"),
    ] {
        assert!(serde_json::from_str::<Something>(body).is_ok(), "serde_json is more lenient: {body}");
        let said = errors_of::<Something>(body);
        assert!(said.starts_with(&format!("{field} [type] ")), "{body}: {said}");
    }
}

// ASVS 1.1.1
#[test]
fn a_text_is_not_read_as_json_once_more() {
    for name in ["$serde_json::private::RawValue", "$serde_json::private::Number"] {
        let body = json!({ "any": { name: r#"{"a":1,"a":2}"# } }).to_string();
        assert_eq!(errors_of::<Something>(&body), format!("any.{name} [unknown] is not known here"));
    }
    let read: Something = parse(br#"{"any":"{\"a\":1,\"a\":2}"}"#).expect("a text");
    assert_eq!(read.any, Some(json!(r#"{"a":1,"a":2}"#)));
}

#[test]
fn names_are_read_as_what_they_stand_for() {
    #[derive(Debug, Deserialize, Validate)]
    #[garde(allow_unvalidated)]
    #[expect(dead_code, reason = "only read")]
    struct Keyed {
        by_number: BTreeMap<u8, String>,
        by_choice: BTreeMap<Letter, u8>,
    }
    #[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
    enum Letter {
        A,
        B,
    }
    let body = r#"{"by_number":{"1":"x","300":"y","-1":1,"01":""},"by_choice":{"A":1,"C":2,"B":300}}"#;
    insta::assert_snapshot!(errors_of::<Keyed>(body), @"
    by_choice.B [value] must be a whole number from 0 to 255
    by_choice.C [choice] must be one of: A, B
    by_number.-1 [value] must be a whole number from 0 to 255
    by_number.01 [type] must be a whole number from 0 to 255
    by_number.300 [value] must be a whole number from 0 to 255
    ");
}
