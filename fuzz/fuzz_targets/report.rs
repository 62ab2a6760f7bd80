//! Reports about content security policies: what is kept of one is short, about a page of ours, and tells nothing more.

#![no_main]

use axum::body::Body;
use axum::extract::{FromRequest as _, Request};
use futures::FutureExt as _;
use guard::Violations;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let request = Request::builder()
        .method("POST")
        .header("host", "a.example")
        .header("content-type", "application/csp-report")
        .body(Body::from(bytes.to_vec()))
        .expect("a request");
    let read = Violations::from_request(request, &()).now_or_never().expect("a body that is here");
    let Ok(Violations(violations)) = read else { return };
    assert!(violations.len() <= 50);
    for violation in violations {
        let texts = [&violation.page, &violation.directive, &violation.blocked, &violation.source];
        for text in texts {
            assert!(text.chars().count() <= 200, "{violation:?}");
            assert!(!text.contains(['?', '#', '<', '>', '"']) && !text.contains(char::is_control), "{violation:?}");
        }
        assert!(violation.page.starts_with('/') && !violation.directive.is_empty(), "{violation:?}");
        assert!(violation.line.is_none_or(|line| line > 0));
    }
});
