//! One form for the characters of a text.

use unicode_normalization::UnicodeNormalization as _;

/// The text in NFC (UAX #15), its lines ended by `\n`, without invisible characters that control something.
pub(super) fn normalise(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    text.chars().filter(|c| !controls(*c)).nfc().collect()
}

/// Whether a character is a command to the device or to the layout, and not part of what is said.
fn controls(c: char) -> bool {
    match c {
        '\n' | '\t' => false,
        // The embeddings, overrides and isolates of UAX #9, sections 2.1 to 2.5. One that is left open turns around
        // what follows it on the page, another's name for example ("Trojan Source", CVE-2021-42574). Closing it would
        // not do: markup and cutting come between. Unicode's own advice is not to mix them with markup (UTR #20).
        // The marks (U+061C, U+200E, U+200F) reach no further than themselves and stay: right-to-left text reads well
        // without the others, since its letters have a direction of their own.
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
        // The byte order mark, which parsers skip at the beginning of a text and nowhere else.
        | '\u{feff}' => true,
        _ => c.is_control(),
    }
}
