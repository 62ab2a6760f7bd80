//! Descriptions: whatever is written in one is clean afterwards, and the same the second time.
//!
//! The bytes are taken for a text, and for choices in the grammar of attacks.

#![no_main]

#[path = "../../crates/guard/tests/it/text/payloads.rs"]
mod payloads;
#[path = "../../crates/guard/tests/it/text/strict.rs"]
#[allow(dead_code)]
mod strict;

use guard::text::Description;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    strict::hold::<Description>(&String::from_utf8_lossy(bytes));
    strict::hold::<Description>(&payloads::from(bytes));
});
