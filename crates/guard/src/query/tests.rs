//! Queries of every kind, read into the kinds of types that handlers take.

use foundation::{Timestamp, Uuid};
use garde::Validate;
use proptest::prelude::*;
use serde::Deserialize;

use super::*;
use crate::json::tests::lines;

#[derive(Debug, PartialEq, Default, Deserialize, Validate)]
#[serde(default)]
struct Search {
    #[garde(length(chars, max = 10))]
    text: String,
    #[garde(skip)]
    after: Option<Uuid>,
    #[garde(range(min = 1, max = 100))]
    limit: Option<u64>,
    #[garde(skip)]
    change: Option<f64>,
    #[garde(skip)]
    exact: bool,
    #[garde(skip)]
    since: Option<Timestamp>,
    #[garde(skip)]
    order: Option<Order>,
    #[garde(skip)]
    #[serde(rename = "perPage")]
    per_page: Option<Wrapped>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Order {
    Newest,
    Oldest,
}

#[derive(Debug, PartialEq, Deserialize)]
struct Wrapped(i8);

fn read(query: &str) -> Result<Search, Problem> {
    ValidQuery::from_text(query).map(|ValidQuery(search)| search)
}

fn errors(query: &str) -> String {
    lines(&read(query).expect_err(query))
}

#[test]
fn texts_become_what_the_type_asks_for() {
    let id = "019b76e8-b990-707b-9853-b3f22f475dc3";
    let query =
        format!("text=a+b%20%C3%A9&after={id}&limit=7&change=-1.5e1&exact=true&order=oldest&perPage=-3");
    let expected = Search {
        text: "a b é".into(),
        after: Some(id.parse().expect("an id")),
        limit: Some(7),
        change: Some(-15.0),
        exact: true,
        since: None,
        order: Some(Order::Oldest),
        per_page: Some(Wrapped(-3)),
    };
    assert_eq!(read(&query).ok(), Some(expected));
    assert_eq!(read("").ok(), Some(Search::default()));
    assert_eq!(read("&&text&").ok(), Some(Search::default()));
    let since = read("since=2026-01-01T00:00:00Z").expect("a date").since;
    assert_eq!(since.map(|at| at.timestamp()), Some(1_767_225_600));
    assert_eq!(read("text=5").map(|search| search.text).ok().as_deref(), Some("5"));
}

#[tokio::test]
async fn a_handler_takes_the_query_of_its_request() {
    for (address, limit) in [("/", None), ("/?", None), ("/?limit=7#limit=8", Some(7))] {
        let request = http::Request::builder().uri(address).body(()).expect("a request");
        let read = ValidQuery::<Search>::from_request_parts(&mut request.into_parts().0, &()).await;
        assert_eq!(read.map(|query| query.0.limit).ok(), Some(limit), "{address}");
    }
}

// ASVS 2.2.1
#[test]
fn everything_that_is_wrong_is_told_at_once() {
    let query =
        "limit=0&text=12345678901&exact=yes&after=x&perPage=200&user=1&change=NaN&since=now&order=best";
    insta::assert_snapshot!(errors(query), @"
    after [invalid] is not valid
    change [type] must be a number
    exact [type] must be true or false
    limit [range] must be 1 or more
    order [choice] must be one of: newest, oldest
    perPage [value] must be a whole number
    since [invalid] is not valid
    text [length] must have at most 10 characters
    user [unknown] is not known here
    ");
}

// ASVS 15.3.7
#[test]
fn a_parameter_given_twice_is_refused() {
    for query in ["limit=1&limit=1", "limit=1&l%69mit=2", "limit&limit=1"] {
        assert_eq!(errors(query), "limit [duplicate] is given more than once", "{query}");
    }
    assert_eq!(errors("user=1&user=2"), "user [unknown] is not known here");
}

// ASVS 1.5.2
#[test]
fn numbers_and_truth_are_written_in_one_way() {
    for number in
        ["", "+5", "%2B5", "05", "5%20", "%205", "5%0A", "0x5", "5_0", "1e400", "\"5\"", "[5]", "%EF%BC%95"]
    {
        let said = errors(&format!("limit={number}"));
        assert_eq!(said, "limit [type] must be a whole number, 0 or more", "{number}");
    }
    for truth in ["", "1", "True", "TRUE", "on", "true%20"] {
        assert_eq!(errors(&format!("exact={truth}")), "exact [type] must be true or false", "{truth}");
    }
    assert_eq!(errors("limit=18446744073709551616"), "limit [type] must be a whole number, 0 or more");
}

// ASVS 1.1.1
#[test]
fn what_cannot_be_decoded_in_one_way_is_refused() {
    for query in
        ["text=%FF", "text=%C3", "%FF=1", "text=%", "text=%4", "text=%zz", "text=%+1", "text=%EF%BF%BD"]
    {
        let document = read(query).expect_err(query).document(None);
        assert_eq!(document.code, "malformed_request", "{query}");
        assert!(
            document.detail.contains("UTF-8") || document.detail.contains('%'),
            "{query}: {}",
            document.detail
        );
    }
    // Once, and not again.
    assert_eq!(read("text=%2541%252B").map(|search| search.text).ok().as_deref(), Some("%41%2B"));
}

#[test]
fn a_query_has_its_limits() {
    let long = |bytes: usize| format!("text={}", "x".repeat(bytes - "text=".len()));
    assert_eq!(errors(&long(MOST_BYTES)), "text [length] must have at most 10 characters");
    let document = read(&long(MOST_BYTES + 1)).expect_err("too long").document(None);
    assert_eq!(
        (document.code.as_str(), document.detail.as_str()),
        ("malformed_request", "The query of the address may have at most 4096 bytes.")
    );

    let many = |number: usize| (0..number).map(|n| format!("p{n}=")).collect::<Vec<_>>().join("&");
    assert_eq!(read(&many(MOST_PARAMETERS)).expect_err("unknown").code(), Code::InvalidInput);
    let document = read(&many(MOST_PARAMETERS + 1)).expect_err("too many").document(None);
    assert_eq!(
        (document.code.as_str(), document.detail.as_str()),
        ("malformed_request", "The query of the address may have at most 64 parameters.")
    );
}

/// Encoded as browsers do it.
fn encoded(parameters: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish()
}

proptest! {
    // ASVS 1.1.1
    #[test]
    fn what_browsers_encode_arrives(text in "[^\u{fffd}]{0,10}", limit in 1..=100_u64, change in proptest::num::f64::NORMAL) {
        let (limit_text, change_text) = (limit.to_string(), serde_json::to_string(&change).expect("a number"));
        let query = encoded(&[("text", &text), ("limit", &limit_text), ("change", &change_text)]);
        let read = read(&query).map_err(|problem| lines(&problem));
        let change = serde_json::from_str(&change_text).ok();
        prop_assert_eq!(read, Ok(Search { text, limit: Some(limit), change, ..Search::default() }));
    }

    #[test]
    fn no_answer_contains_a_value(
        chosen in proptest::collection::vec((0..8_usize, "[ -~]{0,4}"), 0..8)
    ) {
        let names = ["text", "after", "limit", "change", "exact", "since", "order", "perPage"];
        let values: Vec<_> = chosen.iter().map(|(name, noise)| (names[*name], format!("{noise}hunter2{noise}"))).collect();
        let pairs: Vec<_> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        if let Err(problem) = read(&encoded(&pairs)) {
            let sent = serde_json::to_string(&problem.document(None)).expect("serialisable");
            prop_assert!(!sent.contains("hunter2") && !format!("{problem:?}").contains("hunter2"), "{}", sent);
        }
    }
}
