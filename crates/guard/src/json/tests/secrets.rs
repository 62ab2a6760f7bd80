//! Answers hold nothing of what was sent, whoever words them.

use std::fmt;

use proptest::prelude::*;
use serde::Deserializer;
use serde::de::Error as _;
use serde_json::{Value, json};

use super::*;

#[test]
fn no_answer_may_contain_a_value() {
    let secret = "hunter2";
    for body in [
        r#"{"email":"a@example.org","password":"hunter2"}"#,
        r#"{"email":"hunter2","password":"hunter2"}"#,
        r#"{"email":"a@example.org","password":{"hunter2":"hunter2"}}"#,
        r#"{"email":"a@example.org","password":["hunter2"]}"#,
        r#"{"email":"a@example.org","password":"long enough","age":"hunter2"}"#,
        r#"{"email":"a@example.org","password":"long enough","age":"x, expected hunter2"}"#,
        r#"{"email":"a@example.org","password":"long enough","age":"x at line hunter2"}"#,
        r#"{"email":"a@example.org","password":"long enough","age":"missing field `hunter2`"}"#,
        r#"{"email":"a@example.org","password":"long enough","theme":"hunter2"}"#,
        r#"{"email":"a@example.org","password":"long enough","theme":"x`, expected one of `hunter2`"}"#,
        r#"{"email":"a@example.org","password":"long enough","savedAddresses":"hunter2"}"#,
        r#"{"email":"a@example.org","password":"hunter2","password":"hunter2"}"#,
        r#"{"email":"a@example.org","password":"hunter2"#,
        r#"{"email":"a@example.org","password":"hunter2\x"}"#,
        r#"{"email":"a@example.org","password":hunter2}"#,
        r#""hunter2""#,
        "hunter2",
    ] {
        let problem = refused(body);
        let sent = serde_json::to_string(&problem.document(None)).expect("serialisable");
        assert!(!sent.contains(secret), "{body}: {sent}");
        let logged = format!("{:?} {problem}", problem.causes());
        assert!(!logged.contains(secret), "{body}: {logged}");
    }
}

#[test]
fn the_names_of_our_types_are_nobody_s_business() {
    for body in ["null", "[]", r#""x""#, &with(r#""theme":7"#), &with(r#""savedAddresses":[1]"#)] {
        let sent = serde_json::to_string(&refused(body).document(None)).expect("serialisable");
        for name in ["Registration", "Theme", "Address ", "Address\"", "struct", "enum"] {
            assert!(!sent.contains(name), "{name} in {sent}");
        }
    }
}

/// A type that says whatever a client wants.
#[derive(Debug)]
struct Parrot;

impl<'de> Deserialize<'de> for Parrot {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Err(D::Error::custom(String::deserialize(deserializer)?))
    }
}

/// A type that says it in the very pieces that a client wants.
#[derive(Debug)]
struct Stutterer;

impl<'de> Deserialize<'de> for Stutterer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Pieces(String);
        impl fmt::Display for Pieces {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.split('|').try_for_each(|piece| f.write_str(piece))
            }
        }
        Err(D::Error::custom(Pieces(String::deserialize(deserializer)?)))
    }
}

/// A type that puts what was sent behind words of our kind.
#[derive(Debug)]
struct Quoting;

impl<'de> Deserialize<'de> for Quoting {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let ours: serde::de::value::Error = crate::refused("quoted", "must not be repeated");
        Err(D::Error::custom(format_args!("{ours}, but it is {text}")))
    }
}

#[derive(Debug, Deserialize, Validate)]
#[garde(allow_unvalidated)]
#[expect(dead_code, reason = "only read")]
struct Talkative {
    parrot: Option<Parrot>,
    stutterer: Option<Stutterer>,
    quoting: Option<Quoting>,
}

#[test]
fn words_of_a_type_are_only_those_that_it_gave_to_us() {
    let ours = crate::refused::<serde::de::value::Error>("url", "must be hunter2").to_string();
    assert_eq!(ours, "refused as url: must be hunter2");
    for said in [
        &ours,
        "refused as |url|: |must be hunter2",
        "missing field `hunter2`",
        "unknown variant `x`, expected `hunter2`",
        "invalid type: null, expected a hunter2",
        "hunter2",
        "",
    ] {
        for name in ["parrot", "stutterer", "quoting"] {
            let body = json!({ name: said }).to_string();
            assert_eq!(errors_of::<Talkative>(&body), format!("{name} [invalid] is not valid"), "{body}");
        }
    }
}

/// Values that would all be known again, under names of the type or such as clients make up.
fn anything() -> impl Strategy<Value = Value> {
    let names = ["email", "password", "age", "theme", "savedAddresses", "city", "notes", "x"];
    let texts = [
        "hunter2",
        "hunter2@example.org",
        "x`, expected one of `hunter2`",
        "missing field `hunter2`",
        "x, expected a hunter2 at line 1 column 2",
        "refused as hunter2: hunter2",
        "\u{1f}hunter2",
        "hunter2\u{1f}hunter2",
    ];
    let leaf = prop_oneof![
        proptest::sample::select(texts.to_vec()).prop_map(Value::from),
        Just(json!(3_133_731_337_u32)),
        Just(json!(-31337.31337)),
        Just(Value::Null),
    ];
    leaf.prop_recursive(4, 32, 6, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::btree_map(proptest::sample::select(names.to_vec()), inner, 0..8)
                .prop_map(|map| map.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()),
        ]
    })
}

proptest! {
    #[test]
    fn no_answer_to_anything_contains_a_value(sent in anything(), doubled in any::<bool>()) {
        let mut body = sent.to_string();
        if doubled && sent.as_object().is_some_and(|members| !members.is_empty()) {
            body.insert_str(1, &format!("{},", &body[1..body.len() - 1]));
        }
        if let Err(problem) = parse::<Registration>(body.as_bytes()) {
            let sent = serde_json::to_string(&problem.document(None)).expect("serialisable");
            let logged = format!("{:?} {problem} {problem:?}", problem.causes());
            for secret in ["hunter2", "31337"] {
                prop_assert!(!sent.contains(secret) && !logged.contains(secret), "{}: {}", body, sent);
            }
        }
    }
}
