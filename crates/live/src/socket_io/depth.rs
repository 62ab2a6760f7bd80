//! How deep JSON is nested, before anybody reads it: `serde_json` skips what nobody asked for at any depth.

/// The most arrays and objects that are open at a time. The text may be anything.
pub(super) fn of(json: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    let mut bytes = json.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'[' | b'{' => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            b'"' => skip_text(&mut bytes),
            _ => {}
        }
    }
    deepest
}

/// Goes on to the end of a text that has begun.
fn skip_text(bytes: &mut std::str::Bytes<'_>) {
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => return,
            b'\\' => drop(bytes.next()),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;

    fn real(value: &Value) -> usize {
        match value {
            Value::Array(values) => 1 + values.iter().map(real).max().unwrap_or(0),
            Value::Object(members) => 1 + members.values().map(real).max().unwrap_or(0),
            _ => 0,
        }
    }

    #[test]
    fn brackets_in_texts_do_not_count() {
        for (json, depth) in
            [("", 0), ("1", 0), ("[]", 1), (r#"["[[[", "\"[", {"[":1}]"#, 2), ("[[],[[]]]", 3), ("]]]][", 1)]
        {
            assert_eq!(of(json), depth, "{json}");
        }
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            "[\\[\\]{}\"\\\\a]{0,5}".prop_map(Value::from)
        ];
        leaf.prop_recursive(6, 40, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::hash_map("[\\[{\"a]{0,3}", inner, 0..4)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn it_is_as_deep_as_a_parser_says(value in any_json()) {
            prop_assert_eq!(of(&value.to_string()), real(&value));
        }
    }
}
