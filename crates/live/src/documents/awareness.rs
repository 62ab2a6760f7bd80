//! Where somebody is in a document, and what they look at: true for a moment, and said by a stranger. Who they are is not for
//! them to say.

use foundation::Uuid;
use serde_json::Value;
use serde_json::value::RawValue;

/// The longest state, in bytes.
const LONGEST: usize = 4 * 1024;

/// What nobody says of themself.
const NOT_THEIRS: [&str; 6] = ["user", "userId", "username", "name", "color", "clientId"];

/// Colours that can be told apart, on light and on dark.
const COLOURS: [&str; 12] = [
    "#c2410c", "#b45309", "#4d7c0f", "#15803d", "#0f766e", "#0e7490", "#0369a1", "#4338ca", "#6d28d9",
    "#a21caf", "#be185d", "#be123c",
];

/// A state as others are told: without what only we say. None if it is no object, and not null either, or too long.
pub(crate) fn state(said: &RawValue) -> Option<Value> {
    if said.get().len() > LONGEST {
        return None;
    }
    match serde_json::from_str(said.get()).ok()? {
        Value::Null => Some(Value::Null),
        Value::Object(mut state) => {
            state.retain(|name, _| !NOT_THEIRS.contains(&name.as_str()));
            Some(Value::Object(state))
        }
        _ => None,
    }
}

/// The colour of a person, the same wherever they are.
pub(crate) fn colour(user: Uuid) -> &'static str {
    let sum: usize = user.as_bytes().iter().map(|byte| usize::from(*byte)).sum();
    COLOURS[sum % COLOURS.len()]
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn said(text: &str) -> Option<Value> {
        state(serde_json::from_str(text).expect("JSON"))
    }

    #[test]
    fn nobody_says_who_they_are() {
        let state = said(r#"{"cursor":{"line":3},"user":{"name":"root"},"color":"red","clientId":7}"#);
        assert_eq!(state, Some(json!({ "cursor": { "line": 3 } })));
        assert_eq!(said("null"), Some(Value::Null), "they look away");
        assert_eq!(said("[1]"), None);
        assert_eq!(said("5"), None);
        assert_eq!(said(&json!({ "a": "x".repeat(LONGEST) }).to_string()), None);
    }

    #[test]
    fn everybody_has_a_colour() {
        for number in 0..1_000 {
            assert_eq!(colour(Uuid::from_u128(number)).len(), 7);
        }
        assert_eq!(colour(Uuid::nil()), colour(Uuid::nil()));
    }
}
