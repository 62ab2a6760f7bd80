//! What is wrong with a request, in the order and the number in which it is told.

use foundation::{FieldError, Problem};

use super::path::{self, Path, Step};
use super::refusal::Refusal;
use super::rules::Broken;

/// How many mistakes an answer tells at most.
const MOST: usize = 50;

/// What is wrong with a request, each with the path of its field.
#[derive(Default)]
pub(super) struct Mistakes {
    found: Vec<(Path, FieldError)>,
    and_more: bool,
}

impl Mistakes {
    /// Rules that a request breaks whose every value could be read.
    pub(super) fn of(broken: Vec<Broken>) -> Self {
        let mut mistakes = Self::default();
        mistakes.add_rules(broken);
        mistakes
    }

    /// Adds a refusal, unless it follows from one that was added before.
    pub(super) fn note(&mut self, refusal: &Refusal) {
        let (code, words) = refusal.explain();
        let path = refusal.field();
        if self.concerns_what_was_sent(&path, code) {
            self.add(path, code, &words);
        }
    }

    /// Adds the broken rules of a value that was mended where refusals have been noted.
    pub(super) fn add_rules(&mut self, mut broken: Vec<Broken>) {
        broken.retain(|rule| self.concerns_what_was_sent(&rule.path, &rule.code));
        for Broken { path, code, words } in broken {
            self.add(path, &code, &words);
        }
    }

    /// Whether what is said of a field is true of what was sent, and not only of what was mended: neither it nor
    /// anything inside it may have been refused before, unless its entries are only counted. And who compares two
    /// fields has looked at another one than is named.
    fn concerns_what_was_sent(&self, path: &[Step], code: &str) -> bool {
        let apart =
            |refused: &Path| !path.starts_with(refused) && (!refused.starts_with(path) || code == "length");
        self.found.is_empty() || (code != "matches" && self.found.iter().all(|(refused, _)| apart(refused)))
    }

    /// Whether there are more than will be told.
    pub(super) fn are_enough(&self) -> bool {
        self.found.len() > MOST
    }

    /// Remembers that not everything was looked at.
    pub(super) fn and_more(&mut self) {
        self.and_more = true;
    }

    fn add(&mut self, path: Path, code: &str, words: &str) {
        let error = FieldError::new(path::shown(&path), code, words);
        self.found.push((path, error));
    }
}

impl From<Mistakes> for Problem {
    fn from(mistakes: Mistakes) -> Self {
        let and_more = mistakes.and_more || mistakes.are_enough();
        let mut found = mistakes.found;
        found.sort_by(|(a, _), (b, _)| a.cmp(b));
        let mut errors: Vec<FieldError> = found.into_iter().map(|(_, error)| error).take(MOST).collect();
        if and_more {
            errors.push(FieldError::new(path::WHOLE, "more", "has more mistakes than are listed here"));
        }
        Self::invalid(errors)
    }
}
