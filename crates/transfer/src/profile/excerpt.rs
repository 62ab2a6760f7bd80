//! The beginning of a text that anybody may have written, such that a terminal shows it and does nothing else. Pure.

/// How many characters are shown at the most.
const LONGEST: usize = 40;

/// A short beginning of a text. What a terminal would take for an order, or not show, is U+FFFD.
pub(crate) fn excerpt(text: &str) -> String {
    let shown = |character| if is_shown(character) { character } else { char::REPLACEMENT_CHARACTER };
    match text.char_indices().nth(LONGEST) {
        None => text.chars().map(shown).collect(),
        Some(_) => text.chars().take(LONGEST - 1).map(shown).chain(['…']).collect(),
    }
}

/// No control characters, nothing of no width, nothing that turns the direction of writing.
fn is_shown(character: char) -> bool {
    !character.is_control()
        && !matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}
