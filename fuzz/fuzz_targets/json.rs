//! Bodies: what a handler gets is one plain object of its type, and what it does not get is answered in our words.

#![no_main]

use std::collections::BTreeMap;

use axum::body::Body;
use axum::extract::{FromRequest as _, Request};
use futures::FutureExt as _;
use guard::ValidJson;
use guard::text::Message;
use serde::Deserialize;

#[derive(Debug, Deserialize, garde::Validate)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "what counts is how they are read")]
struct Everything {
    #[garde(length(min = 1, max = 10))]
    name: String,
    #[garde(range(min = 1))]
    number: Option<i64>,
    #[garde(skip)]
    said: Option<Message>,
    #[garde(length(max = 3))]
    list: Option<Vec<Inner>>,
    #[garde(skip)]
    map: Option<BTreeMap<String, f64>>,
}

#[derive(Debug, Deserialize, garde::Validate)]
#[serde(deny_unknown_fields, rename_all = "lowercase")]
#[expect(dead_code, reason = "what counts is how they are read")]
enum Inner {
    Unit,
    Pair(#[garde(skip)] bool, #[garde(skip)] u8),
    Named {
        #[garde(skip)]
        x: char,
    },
}

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let request = Request::builder()
        .method("POST")
        .header("content-type", "application/json")
        .body(Body::from(bytes.to_vec()))
        .expect("a request");
    let read =
        ValidJson::<Everything>::from_request(request, &()).now_or_never().expect("a body that is here");
    let Ok(ValidJson(value)) = read else { return };
    let object: serde_json::Map<String, serde_json::Value> =
        serde_json::from_slice(bytes).expect("an object");
    assert!((1..=10).contains(&value.name.len()), "{value:?}");
    assert!(object.keys().all(|name| ["name", "number", "said", "list", "map"].contains(&name.as_str())));
});
