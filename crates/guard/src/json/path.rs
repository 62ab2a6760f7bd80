//! Where in a request a value stands.

use std::fmt::Write as _;

/// What stands in for a field's name when the whole is meant.
pub(super) const WHOLE: &str = "$";

/// One step from a value to one inside it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Step {
    /// To the entry of a list, counted from 0.
    Entry(usize),
    /// To the member of an object.
    Member(String),
}

/// The steps from the whole to a value. Sorted, a value stands before what is inside it.
pub(super) type Path = Vec<Step>;

/// A path as answers write it, such as `list[0].name`. Clients make up names, too; an absurd one is cut.
pub(super) fn shown(path: &[Step]) -> String {
    const LONGEST: usize = 80;
    let mut text = String::new();
    for step in path {
        let _ = match step {
            Step::Entry(index) => write!(text, "[{index}]"),
            Step::Member(name) if text.is_empty() => write!(text, "{name}"),
            Step::Member(name) => write!(text, ".{name}"),
        };
    }
    if path.is_empty() {
        return WHOLE.to_owned();
    }
    if let Some((end, _)) = text.char_indices().nth(LONGEST) {
        text.truncate(end);
        text.push('…');
    }
    text
}
