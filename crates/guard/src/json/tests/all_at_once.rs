//! One answer tells everything that is wrong, and nothing that is not.

use std::cell::Cell;
use std::collections::BTreeSet;

use foundation::{Timestamp, Uuid};
use proptest::prelude::*;
use serde::Deserializer;
use serde_json::{Value, json};

use super::*;
use crate::WebAddress;

/// Has a field of every kind; nothing in it says that unknown fields are refused.
#[derive(Debug, Deserialize, Validate)]
#[garde(allow_unvalidated)]
#[expect(dead_code, reason = "only read")]
struct Order {
    id: Uuid,
    at: Timestamp,
    #[garde(length(chars, min = 2, max = 5))]
    title: String,
    #[garde(range(min = 10, max = 20))]
    count: u8,
    express: bool,
    kind: Kind,
    shape: Shape,
    pair: (u8, Uuid),
    scores: BTreeMap<String, u32>,
    #[garde(length(max = 3), dive)]
    lines: Vec<Line>,
    #[garde(dive)]
    sender: Line,
    #[garde(inner(length(max = 3)))]
    note: Option<String>,
    site: WebAddress,
    #[garde(matches(title))]
    repeated: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Small,
    Large,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(dead_code, reason = "only read")]
enum Shape {
    Circle { radius: u32, owner: Uuid },
    Point,
}

#[derive(Debug, Deserialize, Validate)]
struct Line {
    #[garde(length(min = 1))]
    #[serde(rename = "itemName")]
    item_name: String,
    #[garde(skip)]
    #[expect(dead_code, reason = "only read")]
    owner: Uuid,
}

const ID: &str = "019b76e8-b990-707b-9853-b3f22f475dc3";

fn good() -> Value {
    let line = json!({ "itemName": "Nut", "owner": ID });
    json!({
        "id": ID, "at": "2026-01-01T00:00:00Z", "title": "Bolts", "count": 12, "express": true, "kind": "small",
        "shape": { "circle": { "radius": 3, "owner": ID } }, "pair": [1, ID], "scores": { "a": 1, "b": 2 },
        "lines": [line, line, line], "sender": line, "site": "https://example.org/", "repeated": "Bolts",
    })
}

/// What can be done to a value, here by its JSON pointer, and what is said of it then.
type Damage = (&'static str, Option<Value>, &'static str);

/// Damages that have nothing to do with each other. Of each row one at most is done.
fn damages() -> Vec<Vec<Damage>> {
    let set = |at, value: Value, said| (at, Some(value), said);
    vec![
        vec![("/id", None, "id [missing]"), set("/id", json!("x"), "id [invalid]")],
        vec![("/at", None, "at [missing]"), set("/at", json!(7), "at [type]")],
        vec![set("/count", json!(9), "count [range]"), set("/count", json!(256), "count [value]")],
        vec![("/express", None, "express [missing]"), set("/express", json!("yes"), "express [type]")],
        vec![("/kind", None, "kind [missing]"), set("/kind", json!("huge"), "kind [choice]")],
        vec![
            ("/shape", None, "shape [missing]"),
            set("/shape", json!({}), "shape [type]"),
            set("/shape", json!({ "cube": 1 }), "shape [choice]"),
            ("/shape/circle/owner", None, "shape.circle.owner [missing]"),
            set("/shape/circle/radius", json!(-1), "shape.circle.radius [value]"),
            set("/shape/circle/colour", json!(1), "shape.circle.colour [unknown]"),
        ],
        vec![set("/pair", json!([1]), "pair [length]"), set("/pair", json!([1, ID, 1]), "pair [length]")],
        vec![set("/scores/a", json!([]), "scores.a [type]"), set("/scores", json!([]), "scores [type]")],
        vec![("/lines/0/itemName", None, "lines[0].itemName [missing]")],
        vec![
            set("/lines/1", json!("x"), "lines[1] [type]"),
            set("/lines/1", json!(["Nut", ID]), "lines[1] [type]"),
            set("/lines/1/itemName", json!(""), "lines[1].itemName [length]"),
        ],
        vec![set("/lines/2/owner", json!({}), "lines[2].owner [type]")],
        vec![("/sender", None, "sender [missing]"), set("/sender", json!(1), "sender [type]")],
        vec![set("/note", json!("long"), "note [length]"), set("/note", json!(["x"]), "note [type]")],
        vec![("/site", None, "site [missing]"), set("/site", json!("javascript:x"), "site [url]")],
        vec![set("/admin", json!(true), "admin [unknown]")],
        vec![set("/role", json!({ "id": 1 }), "role [unknown]")],
    ]
}

fn apply(order: &mut Value, (at, value, _): &Damage) {
    let (parent, name) = at.rsplit_once('/').expect("a pointer");
    match (order.pointer_mut(parent).expect("there"), value) {
        (Value::Object(members), Some(value)) => drop(members.insert(name.to_owned(), value.clone())),
        (Value::Object(members), None) => assert!(members.remove(name).is_some(), "{at}"),
        (Value::Array(entries), Some(value)) => {
            entries[name.parse::<usize>().expect("an index")] = value.clone();
        }
        _ => panic!("{at}"),
    }
}

/// What is said of a body, as far as it is said in codes.
fn said(body: &Value) -> BTreeSet<String> {
    let Err(problem) = parse::<Order>(body.to_string().as_bytes()) else { return BTreeSet::new() };
    let errors = problem.document(None).errors;
    let said: BTreeSet<_> = errors.iter().map(|error| format!("{} [{}]", error.field, error.code)).collect();
    assert_eq!(said.len(), errors.len(), "said twice: {errors:?}");
    said
}

#[test]
fn each_damage_is_told_and_nothing_else() {
    assert_eq!(said(&good()), BTreeSet::new());
    for damage in damages().concat() {
        let mut order = good();
        apply(&mut order, &damage);
        assert_eq!(said(&order), BTreeSet::from([damage.2.to_owned()]), "{damage:?}");
    }
}

proptest! {
    // ASVS 2.2.1
    #[test]
    fn any_number_of_damages_is_told_and_nothing_else(
        chosen in damages().into_iter().map(|row| proptest::option::of(proptest::sample::select(row))).collect::<Vec<_>>()
    ) {
        let mut order = good();
        let chosen: Vec<Damage> = chosen.into_iter().flatten().collect();
        for damage in &chosen {
            apply(&mut order, damage);
        }
        let expected: BTreeSet<_> = chosen.iter().map(|(_, _, said)| (*said).to_owned()).collect();
        prop_assert_eq!(said(&order), expected, "{}", order);
    }
}

#[test]
fn the_answer_is_in_the_order_of_the_fields() {
    let entries = ["1", r#"{"city":""}"#, "1", "1", "1", "1", "1", "1", "1", "1", r#"{"city":1,"zip":2}"#];
    let body = format!(
        r#"{{"theme":"neon","password":"short","password":"x","age":1,"savedAddresses":[{}]}}"#,
        entries.join(",")
    );
    let cut = errors(&body).replace(" [type] must be an object\nsavedAddresses", "..");
    insta::assert_snapshot!(cut, @"
    age [range] must be 18 or more
    email [missing] is missing
    password [duplicate] is given more than once
    savedAddresses [length] must have at most 2 entries
    savedAddresses[0]..[1].city [length] must not be empty
    savedAddresses[2]..[3]..[4]..[5]..[6]..[7]..[8]..[9]..[10].city [type] must be a string
    savedAddresses[10].zip [unknown] is not known here
    theme [choice] must be one of: light, dark
    ");
    assert_eq!(errors(&body), errors(&body));
}

#[test]
fn all_that_is_doubled_is_told() {
    let body = r#"{"email":1,"email":2,"password":"x","password":"y","notes":{"a":1,"a":{"a":1,"a":1},"b":[{"c":1,"c":1}]}}"#;
    insta::assert_snapshot!(errors(body), @"
    email [duplicate] is given more than once
    notes.a [duplicate] is given more than once
    notes.b[0].c [duplicate] is given more than once
    password [duplicate] is given more than once
    ");
}

// ASVS 2.2.3
#[test]
fn a_rule_that_compares_fields_is_believed_when_both_could_be_read() {
    let mut order = good();
    order["repeated"] = json!("Nuts");
    assert_eq!(said(&order), BTreeSet::from(["repeated [matches]".to_owned()]));
    order["title"] = json!(1);
    assert_eq!(said(&order), BTreeSet::from(["title [type]".to_owned()]));
}

/// A code of two letters; no stand-in will do.
#[derive(Debug)]
struct Country;

impl<'de> Deserialize<'de> for Country {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match String::deserialize(deserializer)?.as_str() {
            "CH" | "FR" => Ok(Self),
            _ => Err(crate::refused("country", "must be one of our countries")),
        }
    }
}

#[derive(Debug, Deserialize, Validate)]
#[garde(allow_unvalidated)]
#[expect(dead_code, reason = "only read")]
struct Parcel {
    address: String,
    country: Country,
    #[garde(range(min = 1))]
    weight: u32,
}

#[test]
fn where_nothing_can_stand_in_what_is_known_is_told() {
    insta::assert_snapshot!(errors_of::<Parcel>(r#"{"address":1,"country":"XX","weight":0}"#), @"
    address [type] must be a string
    country [country] must be one of our countries
    ");
    insta::assert_snapshot!(errors_of::<Parcel>(r#"{"address":"x"}"#), @"country [missing] is missing");
}

/// Reads as any value does, and counts how often.
struct Counted;

thread_local! {
    static READINGS: Cell<usize> = const { Cell::new(0) };
}

impl<'de> Deserialize<'de> for Counted {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        READINGS.set(READINGS.get() + 1);
        String::deserialize(deserializer).map(|_| Self)
    }
}

#[derive(Deserialize, Validate)]
#[garde(allow_unvalidated)]
#[expect(dead_code, reason = "only read")]
struct Crowd {
    first: Counted,
    others: Vec<u8>,
    #[garde(inner(length(min = 1)))]
    texts: Vec<String>,
}

/// How many errors are told of a crowd, the code of the last, and how often it was read.
fn counted(others: &str, texts: &str, padding: usize) -> (usize, String, usize) {
    let body = format!(r#"{{"first":"x","others":[{others}],"texts":[{texts}]{}}}"#, " ".repeat(padding));
    READINGS.set(0);
    let errors = parse::<Crowd>(body.as_bytes()).map(|_| ()).expect_err("refused").document(None).errors;
    (errors.len(), errors.last().expect("an error").code.clone(), READINGS.get())
}

#[test]
fn what_is_told_has_a_limit_and_says_so() {
    let wrong = |number| vec!["-1"; number].join(",");
    assert_eq!(counted(&wrong(50), "", 0), (50, "value".into(), 51));
    assert_eq!(counted(&wrong(51), "", 0), (51, "more".into(), 51));
    assert_eq!(counted(&wrong(5000), "", 0), (51, "more".into(), 51));
    let empty = |number| vec![r#""""#; number].join(",");
    assert_eq!(counted("", &empty(50), 0), (50, "length".into(), 1));
    assert_eq!(counted("", &empty(5000), 0), (51, "more".into(), 1));
    assert_eq!(counted(&wrong(30), &empty(21), 0), (51, "more".into(), 31));
}

// ASVS 15.2.2
#[test]
fn a_large_body_is_not_read_over_and_over() {
    let wrong = vec!["-1"; 50].join(",");
    let (told, last, readings) = counted(&wrong, "", 1024 * 1024);
    assert_eq!((told, last.as_str(), readings), (4, "more", 4));
    let (told, last, readings) = counted(&wrong, "", 16 * 1024 * 1024);
    assert_eq!((told, last.as_str(), readings), (2, "more", 2));
}
