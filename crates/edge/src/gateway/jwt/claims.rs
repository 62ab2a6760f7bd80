//! What an application is told of a token's claims. Pure.

use http::{HeaderName, HeaderValue};
use serde_json::{Map, Value};

use crate::config::ClaimHeader;

/// The headers. A claim that is missing has none, nor has one that does not fit into a header without becoming another:
/// spaces at its ends would be lost, and a line break would begin the next header.
///
/// `payload` is the part of the token that has the claims, as it was signed.
pub(super) fn headers(
    wanted: &[ClaimHeader],
    claims: &Map<String, Value>,
    payload: &str,
) -> Vec<(HeaderName, HeaderValue)> {
    let header = |wanted: &ClaimHeader| {
        let text = match wanted.claim() {
            ClaimHeader::ALL => payload.to_owned(),
            claim => text(claims.get(claim)?)?,
        };
        Some((wanted.name().clone(), value(&text)?))
    };
    wanted.iter().filter_map(header).collect()
}

/// Whether it can be told as it is.
pub(super) fn fits(text: &str) -> bool {
    value(text).is_some()
}

fn value(text: &str) -> Option<HeaderValue> {
    let is_same = !text.is_empty() && text.trim() == text && !text.contains('\t');
    // Other than ASCII it stands there as UTF-8.
    is_same.then(|| HeaderValue::from_bytes(text.as_bytes()).ok()).flatten()
}

/// Words as they are, a list of words with commas, and everything else as JSON.
fn text(claim: &Value) -> Option<String> {
    match claim {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        Value::Array(items) => list(items).or_else(|| Some(claim.to_string())),
        Value::Bool(_) | Value::Number(_) | Value::Object(_) => Some(claim.to_string()),
    }
}

/// None where a word could be taken for two.
fn list(items: &[Value]) -> Option<String> {
    let word = |item: &Value| {
        let word = item.as_str()?;
        (!word.contains(',') && fits(word)).then(|| word.to_owned())
    };
    let words: Option<Vec<_>> = items.iter().map(word).collect();
    Some(words?.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(claim: &str, claims: &Value) -> Option<String> {
        let wanted: ClaimHeader = format!("x-told: {claim}").parse().expect("a header");
        let headers = headers(&[wanted], claims.as_object().expect("an object"), "e30");
        let (name, value) = headers.into_iter().next()?;
        assert_eq!(name, "x-told");
        Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
    }

    #[test]
    fn claims_are_told_so_that_programs_can_use_them() {
        let claims = serde_json::json!({
            "sub": "7", "name": "Zoë", "admin": true, "level": 3, "roles": ["a", "b"], "none": [],
            "https://example.org/x": "y", "nested": {"a": ["ü", "\n"]}, "tricky": ["a,admin", "b"], "mixed": [1, "a"],
        });
        for (claim, text) in [
            ("sub", "7"),
            ("name", "Zoë"),
            ("admin", "true"),
            ("level", "3"),
            ("roles", "a,b"),
            ("https://example.org/x", "y"),
            ("nested", r#"{"a":["ü","\n"]}"#),
            ("tricky", r#"["a,admin","b"]"#),
            ("mixed", r#"[1,"a"]"#),
            ("*", "e30"),
        ] {
            assert_eq!(told(claim, &claims).as_deref(), Some(text), "{claim}");
        }
        assert_eq!(told("none", &claims), None);
        assert_eq!(told("other", &claims), None);
    }

    // ASVS 1.2.1
    #[test]
    fn what_would_become_something_else_in_a_header_is_not_told() {
        for text in
            ["", " admin", "admin ", "a\r\nx-role: admin", "a\nb", "a\0b", "\u{7f}", "a\tb", "\u{a0}admin"]
        {
            assert_eq!(told("sub", &serde_json::json!({ "sub": text })), None, "{text:?}");
        }
        assert_eq!(told("sub", &serde_json::json!({ "sub": null })), None);
    }
}
