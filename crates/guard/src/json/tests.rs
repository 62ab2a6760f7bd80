//! Bodies of every kind, read into the kinds of types that handlers take.

mod all_at_once;
mod secrets;
mod to_the_letter;

use std::collections::BTreeMap;

use garde::Validate;
use serde::Deserialize;

use super::*;

#[derive(Debug, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
struct Registration {
    #[garde(email)]
    email: String,
    #[garde(length(chars, min = 8, max = 256), custom(|password: &String, (): &()| not_common(password)))]
    password: String,
    #[garde(range(min = 18, max = 150))]
    age: Option<u8>,
    #[garde(skip)]
    #[serde(default)]
    theme: Theme,
    #[garde(length(max = 2), dive)]
    #[serde(default, rename = "savedAddresses")]
    saved_addresses: Vec<Address>,
    #[garde(skip)]
    #[serde(default)]
    #[expect(dead_code, reason = "only read")]
    notes: BTreeMap<String, serde_json::Value>,
}

#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Theme {
    #[default]
    Light,
    Dark,
}

#[derive(Debug, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
struct Address {
    #[garde(length(min = 1))]
    city: String,
}

fn not_common(password: &str) -> garde::Result {
    match password {
        "password123" => Err(broken("common_password", "is one of the passwords that are guessed first")),
        "correct horse" => Err(garde::Error::new("must be your own")),
        _ => Ok(()),
    }
}

fn refused(body: impl AsRef<[u8]>) -> Problem {
    parse::<Registration>(body.as_ref()).expect_err("refused")
}

/// The fields, codes and messages of a refused body, one a line.
fn errors(body: &str) -> String {
    errors_of::<Registration>(body)
}

fn errors_of<T: DeserializeOwned + garde::Validate<Context = ()>>(body: &str) -> String {
    lines(&parse::<T>(body.as_bytes()).map(|_| ()).expect_err(body))
}

pub(crate) fn lines(problem: &Problem) -> String {
    let document = problem.document(None);
    assert_eq!(document.code, "invalid_input", "{}", document.detail);
    let lines = document.errors.iter().map(|e| format!("{} [{}] {}", e.field, e.code, e.message));
    lines.collect::<Vec<_>>().join("\n")
}

/// A body with one more member.
fn with(member: &str) -> String {
    format!(r#"{{"email":"a@example.org","password":"long enough",{member}}}"#)
}

#[test]
fn a_good_body_is_read() {
    let body =
        with(r#""age":18,"theme":"dark","savedAddresses":[{"city":"Bern"}],"notes":{"a":[1,{"b":null}]}"#);
    let read: Registration = parse(body.as_bytes()).expect("good");
    assert_eq!((read.email.as_str(), read.password.as_str()), ("a@example.org", "long enough"));
    assert_eq!((read.age, read.theme), (Some(18), Theme::Dark));
    assert_eq!(read.saved_addresses[0].city, "Bern");
}

// ASVS 2.2.1
#[test]
fn broken_rules_are_reported_all_at_once() {
    let body = r#"{"email":"hunter2","password":"hunter2","age":9,"savedAddresses":[{"city":""},{"city":""},{"city":"x"}]}"#;
    insta::assert_snapshot!(errors(body), @"
    age [range] must be 18 or more
    email [email] must be an e-mail address, such as name@example.org
    password [length] must have at least 8 characters
    savedAddresses [length] must have at most 2 entries
    savedAddresses[0].city [length] must not be empty
    savedAddresses[1].city [length] must not be empty
    ");
    assert_eq!(refused(body).document(None).detail, "6 fields need your attention.");
}

#[test]
fn custom_rules_have_their_own_words_and_codes() {
    let body = |password| format!(r#"{{"email":"a@example.org","password":"{password}"}}"#);
    insta::assert_snapshot!(errors(&body("password123")), @"password [common_password] is one of the passwords that are guessed first");
    insta::assert_snapshot!(errors(&body("correct horse")), @"password [invalid] must be your own");
}

// ASVS 1.1.1, 1.5.2, 15.3.3, 15.3.7
#[test]
fn fields_that_do_not_fit_are_named() {
    #[rustfmt::skip]
    let table = [
        (r#"{"email":"a@example.org"}"#.to_owned(),   "password [missing] is missing"),
        (r#"{"email":7,"password":"long enough"}"#.to_owned(), "email [type] must be a string"),
        (r#"{"email":null,"password":"long enough"}"#.to_owned(), "email [type] must be a string"),
        ("[]".to_owned(),                             "$ [type] must be an object"),
        (r#""text""#.to_owned(),                      "$ [type] must be an object"),
        ("null".to_owned(),                           "$ [type] must be an object"),
        (with(r#""age":"old""#),                      "age [type] must be a whole number from 0 to 255"),
        (with(r#""age":300"#),                        "age [value] must be a whole number from 0 to 255"),
        (with(r#""age":-1"#),                         "age [value] must be a whole number from 0 to 255"),
        (with(r#""age":1.5"#),                        "age [type] must be a whole number from 0 to 255"),
        (with(r#""admin":true"#),                     "admin [unknown] is not known here"),
        (with(r#""theme":"neon""#),                   "theme [choice] must be one of: light, dark"),
        (with(r#""savedAddresses":{}"#),              "savedAddresses [type] must be a list"),
        (with(r#""savedAddresses":[{"city":1}]"#),    "savedAddresses[0].city [type] must be a string"),
        (with(r#""savedAddresses":[{}]"#),            "savedAddresses[0].city [missing] is missing"),
        (with(r#""savedAddresses":[{"city":"x","zip":1}]"#), "savedAddresses[0].zip [unknown] is not known here"),
        (with(r#""email":"b@example.org""#),          "email [duplicate] is given more than once"),
        (with(r#""\u0065mail":"b@example.org""#),     "email [duplicate] is given more than once"),
        (with(r#""notes":{"a":[{"b":1,"b":2}]}"#),    "notes.a[0].b [duplicate] is given more than once"),
    ];
    for (body, expected) in table {
        assert_eq!(errors(&body), expected, "{body}");
    }
}

#[test]
fn what_is_not_json_is_told_with_its_place() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    #[rustfmt::skip]
    let table: [(&[u8], &str); 9] = [
        (b"",                         "it is empty"),
        (b" \n ",                     "it is empty"),
        (b"{\n  \"email\": }",        "expected value at line 2 column 12"),
        (b"{\"email\":\"a\"",         "EOF while parsing an object at line 1 column 12"),
        (b"{\"email\":\"a\"} x",      "trailing characters at line 1 column 15"),
        (b"{\"email\":\"\\ud800\"}",  "unexpected end of hex escape at line 1 column 17"),
        (b"{\"email\":\"\xff\"}",     "it is not valid UTF-8 after byte 10"),
        (b"{\"age\":1e999}",          "number out of range at line 1 column 12"),
        (deep.as_bytes(),             "recursion limit exceeded at line 1 column 128"),
    ];
    for (body, reason) in table {
        let document = refused(body).document(None);
        assert_eq!(document.code, "malformed_json", "{}", String::from_utf8_lossy(body));
        assert_eq!(document.detail, format!("The body cannot be read as JSON: {reason}."));
    }
}

#[test]
fn an_absurd_name_is_cut() {
    let body = with(&format!(r#""{}":1"#, "ä".repeat(10_000)));
    let document = refused(&body).document(None);
    assert_eq!(document.errors[0].code, "unknown");
    assert_eq!(document.errors[0].field, format!("{}…", "ä".repeat(80)));
    assert!(serde_json::to_string(&document).expect("serialisable").len() < 1000);
}

/// What a body of this kind is answered with; nothing when it is read.
async fn objection(kind: &str, coding: &str) -> Option<String> {
    let request = Request::builder().header("content-type", kind).header("content-encoding", coding);
    let body = r#"{"email":"a@example.org","password":"long enough"}"#;
    let request = request.body(body.into()).expect("a request");
    let read = <ValidJson<Registration> as FromRequest<()>>::from_request(request, &()).await;
    read.err()
        .map(|problem| problem.document(None))
        .map(|document| format!("{} {}", document.status, document.detail))
}

#[tokio::test]
async fn only_uncompressed_json_is_taken() {
    for kind in ["application/json", "Application/JSON; charset=utf-8", "application/merge-patch+json"] {
        assert_eq!(objection(kind, "identity").await, None, "{kind}");
    }
    for kind in
        ["text/plain", "text/json", "application/x-www-form-urlencoded", "application/+json", "json", ""]
    {
        assert_eq!(objection(kind, "identity").await, Some(format!("415 {SEND_JSON}")), "{kind}");
    }
    for coding in ["gzip", "br", "identity, gzip", "\u{e9}"] {
        assert_eq!(
            objection("application/json", coding).await,
            Some(format!("415 {SEND_PLAINLY}")),
            "{coding}"
        );
    }
    assert!(!is_json(&HeaderMap::new()));
}
