//! Fields of every kind that the rules are written for.

use garde::Validate;

use super::*;
use crate::ValidJson;
use crate::json::tests::lines;

#[derive(Debug, Deserialize, Validate)]
#[expect(dead_code, reason = "only read")]
struct Contribution {
    #[garde(length(chars, min = 1, max = 20), pattern(r"^[A-Z]"))]
    #[serde(deserialize_with = "nfc")]
    title: String,
    #[garde(email, length(max = 254))]
    email: String,
    #[garde(skip)]
    homepage: Option<WebAddress>,
    #[garde(length(chars, max = 50_000), custom(source_code))]
    code: String,
    #[garde(length(chars, min = 3, max = 50), pattern(r"^[a-zA-Z0-9_-]+$"))]
    username: String,
    #[garde(inner(length(chars, min = 1, max = 1000), custom(one_line)))]
    message: Option<String>,
    #[garde(skip)]
    #[serde(default, deserialize_with = "moment")]
    begins: Option<Timestamp>,
}

fn read(body: &serde_json::Value) -> Result<Contribution, String> {
    let read = ValidJson::from_bytes(body.to_string().as_bytes());
    read.map(|ValidJson(value)| value).map_err(|problem| lines(&problem))
}

// ASVS 2.2.1
#[test]
fn each_kind_of_field_is_declared_and_all_are_told_at_once() {
    let good = serde_json::json!({
        "title": "Cafe\u{301}", "email": "ada@example.org", "homepage": "https://example.org", "username": "ada_l",
        "code": "contract A {\r\n\tuint x;\n}", "message": "Hello", "begins": "2026-11-22",
    });
    assert_eq!(read(&good).expect("good").title, "Caf\u{e9}");
    let bad = serde_json::json!({
        "title": "a title that is far too long", "email": "ada", "homepage": "javascript:alert(1)", "username": "a b",
        "code": "if (x) { /*\u{202e} } */", "message": "", "begins": "-262143-01-01T00:00:00Z",
    });
    insta::assert_snapshot!(read(&bad).expect_err("bad"), @"
    begins [time] must be like 2026-11-22 or 2026-11-22T12:00:00Z
    code [characters] must have no control characters but tabs and line breaks
    email [email] must be an e-mail address, such as name@example.org
    homepage [url] must be a web address, such as https://example.org/page
    message [length] must not be empty
    title [length] must have at most 20 characters
    title [pattern] does not have the expected form
    username [pattern] does not have the expected form
    ");
    insta::assert_snapshot!(read(&serde_json::json!({})).expect_err("empty"), @"
    code [missing] is missing
    email [missing] is missing
    title [missing] is missing
    username [missing] is missing
    ");
}

#[test]
fn a_text_is_measured_in_its_normal_form() {
    let title = |title: String| {
        read(&serde_json::json!({ "title": title, "email": "a@b.org", "code": "", "username": "ada" }))
    };
    let twenty = format!("E{}", "e\u{301}".repeat(19));
    assert_eq!(title(twenty).expect("20 characters").title.chars().count(), 20);
    // A character that takes three in the normal form: more than were sent.
    let grows = format!("E{}", "\u{1d160}".repeat(7));
    assert_eq!(title(grows).expect_err("22"), "title [length] must have at most 20 characters");
    assert_eq!(title(String::new()).expect_err("none").lines().count(), 2);
}

// ASVS 1.2.2 - an address that is taken
#[test]
fn a_web_address_is_one_for_every_reader() {
    for (good, read) in [
        ("https://example.org", "https://example.org/"),
        ("http://example.org:8080/a?b=c&d[]=e#f", "http://example.org:8080/a?b=c&d[]=e#f"),
        ("HTTPS://EXAMPLE.org:443/A", "https://example.org/A"),
        ("https://münchen.example/ü", "https://xn--mnchen-3ya.example/%C3%BC"),
        ("https://example.org/a/../b", "https://example.org/b"),
        ("https://[::1]/", "https://[::1]/"),
        ("https://0x7f.1/", "https://127.0.0.1/"),
    ] {
        assert_eq!(WebAddress::parse(good).map(|it| it.to_string()).as_deref(), Some(read), "{good}");
    }
    for bad in [
        "",
        "example.org",
        "/page",
        "//example.org",
        "https:",
        "https://",
        "https:example.org",
        "https:/example.org",
        "https:\\\\example.org",
        "https://example.org\\@evil.example",
        "https://ada@example.org",
        "https://ada:secret@example.org",
        "https://:@example.org",
        "https://exam ple.org",
        " https://example.org",
        "https://example.org\n",
        "ht\ttps://example.org",
        "https://example.org/%zz",
        "javascript:alert(1)",
        "JavaScript://example.org/%0aalert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "ftp://example.org",
        "blob:https://example.org/x",
        &format!("https://example.org/{}", "a".repeat(2048)),
        &format!("https://example.org/{}", "ü".repeat(1000)),
    ] {
        assert_eq!(WebAddress::parse(bad), None, "{bad}");
    }
}

#[test]
fn a_web_address_is_written_as_it_is_read() {
    let address: WebAddress = serde_json::from_str(r#""https://example.org/a b""#).expect("an address");
    assert_eq!(serde_json::to_string(&address).expect("serialisable"), r#""https://example.org/a%20b""#);
    assert_eq!(address.as_url().host_str(), Some("example.org"));
    assert!(serde_json::from_str::<WebAddress>("7").is_err());
}

#[test]
fn one_line_is_what_it_looks_like() {
    for good in ["", "My phone", "Ünïcode: 日本語 👍", "a\u{a0}b"] {
        assert!(one_line(good, &()).is_ok(), "{good:?}");
    }
    for bad in [
        "\0",
        "a\nb",
        "a\tb",
        "\u{1b}[31m",
        "\u{85}",
        "\u{200b}",
        "\u{200f}",
        "\u{2028}",
        "\u{202e}",
        "\u{2060}",
        "\u{2069}",
        "\u{feff}",
    ] {
        assert!(one_line(bad, &()).is_err(), "{bad:?}");
    }
}

#[test]
fn code_is_what_it_looks_like() {
    for good in ["", "uint x;\n\tx = 1;\r\n", "// ünïcode: 日本語 👍", "\u{a0}\u{2028}"] {
        assert!(source_code(good, &()).is_ok(), "{good:?}");
    }
    for bad in [
        "\0",
        "\u{7}",
        "\u{b}",
        "\u{1b}[31m",
        "\u{7f}",
        "\u{85}",
        "\u{202a}",
        "\u{202e}",
        "\u{2066}",
        "\u{2069}",
    ] {
        assert!(source_code(bad, &()).is_err(), "{bad:?}");
    }
}
