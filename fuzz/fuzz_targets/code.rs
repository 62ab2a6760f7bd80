//! Source code and names: kept to the letter or refused, and harmless when they are rendered.

#![no_main]

use guard::text::{Code, ToHtml, Username};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    if let Ok(code) = Code::parse(&text) {
        assert_eq!(code.as_str(), text);
        rendered(&code, &text);
    } else {
        assert!(text.contains('\0') || text.chars().count() > Code::LONGEST);
    }
    if let Ok(name) = Username::parse(&text) {
        assert_eq!(name.as_str(), text);
        rendered(&name, &text);
    }
});

/// No character has a meaning in HTML any more, and a browser reads the text that was written.
fn rendered(value: &impl ToHtml, text: &str) {
    let html = value.to_html();
    assert!(!html.contains(['<', '>', '"', '\'']), "{html:?}");
    let read = html.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'");
    assert_eq!(read.replace("&amp;", "&"), text);
}
