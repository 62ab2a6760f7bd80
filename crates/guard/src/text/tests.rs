//! Tests of what the four types have in common.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use utoipa::PartialSchema;

use super::*;

#[derive(Debug, Deserialize)]
struct Everything {
    code: Code,
    username: Username,
    message: Message,
    description: Description,
}

// ASVS 2.2.1
#[test]
fn reading_json_makes_text_safe_or_refuses_it() {
    let everything: Everything = serde_json::from_value(json!({
        "code": "<script>let a = 1;</script>",
        "username": "Ada_L-1815",
        "message": "<b>hi</b><script>alert(1)</script>",
        "description": "<p onclick=alert(1)>hi",
    }))
    .expect("good text");
    assert_eq!(everything.code.as_str(), "<script>let a = 1;</script>");
    assert_eq!(everything.username.as_str(), "Ada_L-1815");
    assert_eq!(everything.message.as_str(), "<b>hi</b>");
    assert_eq!(everything.description.as_str(), "<p>hi</p>");

    assert_eq!(refused::<Code>(&"a".repeat(50_001)), "must have at most 50000 characters");
    assert_eq!(refused::<Username>("Ada!"), Username::parse("Ada!").expect_err("bad").message);
    assert_eq!(
        refused::<Message>(&"a".repeat(1_001)),
        "must have at most 1000 characters, its markup included"
    );
    assert_eq!(
        refused::<Description>(&"a".repeat(5_001)),
        Description::parse(&"a".repeat(5_001)).expect_err("bad").message
    );
}

fn refused<T: DeserializeOwned + fmt::Debug>(text: &str) -> String {
    let said = serde_json::from_value::<T>(json!(text)).expect_err("bad text").to_string();
    said.split_once(": ").expect("code and words").1.to_owned()
}

#[test]
fn what_is_written_is_read_again_as_it_was() {
    let message = Message::parse("<b>a</b> < b").expect("a message");
    let json = serde_json::to_string(&message).expect("JSON");
    assert_eq!(json, r#""<b>a</b> &lt; b""#);
    assert_eq!(serde_json::from_str::<Message>(&json).expect("a message"), message);
    assert_eq!(message.to_string().parse(), Ok(message.clone()));
    assert_eq!(Message::try_from(String::from(message.clone())), Ok(message));
}

// ASVS 1.1.2, 1.2.1
#[test]
fn each_type_is_rendered_for_html() {
    let html = |text: &dyn ToHtml| text.to_html().into_owned();
    let code = Code::parse("if (a < b && c > \"d\") { '\u{e9}' }").expect("code");
    assert_eq!(html(&code), "if (a &lt; b &amp;&amp; c &gt; &quot;d&quot;) { &#39;\u{e9}&#39; }");
    assert_eq!(code.as_str(), "if (a < b && c > \"d\") { '\u{e9}' }");
    assert_eq!(html(&Code::parse("plain").expect("code")), "plain");
    assert_eq!(html(&Code::parse("&lt;</script><!--").expect("code")), "&amp;lt;&lt;/script&gt;&lt;!--");
    assert_eq!(html(&Username::parse("ada-1").expect("a name")), "ada-1");
    assert_eq!(html(&Message::parse("<b>a</b> < b").expect("a message")), "<b>a</b> &lt; b");
    assert_eq!(html(&Description::parse("<p>a").expect("a description")), "<p>a</p>");
}

#[test]
fn the_schema_tells_the_limits() {
    let schema = |schema| serde_json::to_value(schema).expect("JSON");
    let code = schema(Code::schema());
    assert_eq!((&code["type"], &code["maxLength"]), (&json!("string"), &json!(50_000)));
    let username = schema(Username::schema());
    assert_eq!((&username["minLength"], &username["maxLength"]), (&json!(1), &json!(50)));
    assert_eq!(username["pattern"], "^[A-Za-z0-9_-]+$");
    // Not the characters that people read: the string that carries them, with its markup.
    assert_eq!(schema(Message::schema())["maxLength"], 32_000);
    assert_eq!(schema(Description::schema())["maxLength"], 160_000);
}

// ASVS 2.2.1
#[test]
fn code_is_kept_to_the_letter_or_refused() {
    for text in [
        "",
        "<script>alert(1)</script>",
        "a\r\n\tb\u{1}\u{7f}",
        "cafe\u{301} \u{202e}x\u{202c} \u{feff}\u{ffff}",
        "👨‍👩‍👧",
        &"é".repeat(50_000),
    ] {
        assert_eq!(Code::parse(text).expect("code").as_str(), text);
    }
    assert_eq!(Code::parse(&"é".repeat(50_001)).expect_err("too long").code, "length");
    let error = Code::parse("a\0b").expect_err("a character that PostgreSQL refuses");
    assert_eq!((error.code, error.message.contains("U+0000")), ("characters", true));
}

// ASVS 2.2.1
#[test]
fn a_username_has_letters_digits_underscores_and_hyphens() {
    for good in ["a", "Ada_L-1815", "-", "0", &"a".repeat(50)] {
        assert_eq!(Username::parse(good).expect("a name").as_str(), good);
    }
    for (bad, code) in [
        ("", "length"),
        (&*"a".repeat(51), "length"),
        ("a b", "characters"),
        (" ada", "characters"),
        ("ada\n", "characters"),
        ("<b>ada</b>", "characters"),
        ("ad\u{430}", "characters"),
        ("ａda", "characters"),
        ("ada\0", "characters"),
        ("ada.l", "characters"),
    ] {
        assert_eq!(Username::parse(bad).expect_err(bad).code, code, "{bad:?}");
    }
}
