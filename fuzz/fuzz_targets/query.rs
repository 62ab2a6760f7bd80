//! Queries of addresses: a handler gets each parameter once, decoded in one way, or nothing.

#![no_main]

use std::collections::BTreeMap;

use guard::ValidQuery;
use serde::Deserialize;

#[derive(Debug, Deserialize, garde::Validate)]
#[serde(deny_unknown_fields)]
struct Search {
    #[garde(length(chars, min = 1, max = 10))]
    q: String,
    #[garde(range(min = 1, max = 100))]
    limit: Option<u16>,
    #[garde(skip)]
    all: Option<bool>,
}

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Ok(ValidQuery(search)) = ValidQuery::<Search>::from_text(text) else { return };
    let parameters: Vec<(String, String)> =
        url::form_urlencoded::parse(text.as_bytes()).into_owned().collect();
    let once: BTreeMap<_, _> = parameters.iter().cloned().collect();
    assert_eq!(once.len(), parameters.len(), "{text:?}");
    assert_eq!(once.get("q"), Some(&search.q));
    assert!((1..=10).contains(&search.q.chars().count()));
    assert!(search.limit.is_none_or(|limit| (1..=100).contains(&limit)));
    let given = 1 + usize::from(search.limit.is_some()) + usize::from(search.all.is_some());
    assert!(given <= once.len() && once.len() <= 3, "{text:?}");
});
