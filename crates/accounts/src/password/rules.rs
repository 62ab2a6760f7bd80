//! Which passwords are accepted: long enough ones that nobody guesses, of any characters (NIST SP 800-63B section
//! 5.1.1.2). There are no rules of composition: they make passwords harder to remember, not to guess.

use std::collections::BTreeSet;
use std::sync::Arc;

use unicode_normalization::UnicodeNormalization as _;
use unicode_security::skeleton;
use zxcvbn::{Score, zxcvbn};

use super::common::is_common;
use crate::{Email, Username};

/// The fewest characters of a password.
const SHORTEST: usize = 8;
/// The most: room for any passphrase, and a bound on the work that a request can cause.
const LONGEST: usize = 256;
/// So many characters at either end are judged by how hard they are to guess. Judging more takes seconds when somebody
/// puts their mind to it: signs that can stand for several letters multiply each other.
const JUDGED: usize = 20;
/// What a password that is guessed in a million attempts, or fewer, does not reach.
const HARD_ENOUGH: Score = Score::Two;
/// Shorter words are in everything.
const SHORTEST_WORD: usize = 3;
/// A word that gives a password away when it is half of it.
const TELLING_WORD: usize = 4;

/// What is known about whoever chooses a password, to others as well.
#[derive(Debug, Clone)]
pub(crate) struct Context {
    pub(crate) email: Email,
    pub(crate) username: Username,
    /// What the installation is called: its name, its host.
    pub(crate) names: Arc<[String]>,
}

/// Why a password is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weakness {
    Length,
    SameAsIdentity,
    TooCommon,
    ContextWord,
    TooGuessable,
}

impl Weakness {
    /// The name that clients know it by.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Length => "length",
            Self::SameAsIdentity => "same_as_identity",
            Self::TooCommon => "too_common",
            Self::ContextWord => "context_word",
            Self::TooGuessable => "too_guessable",
        }
    }

    /// What to do about it, after the words "The password".
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Length => "must have 8 to 256 characters",
            Self::SameAsIdentity => "must not be your e-mail address or your username",
            Self::TooCommon => "is used by many people and tried first; choose one of your own",
            Self::ContextWord => "says little more than your name or this site's; choose something unrelated",
            Self::TooGuessable => "is easy to guess; make it longer, for example with a few unrelated words",
        }
    }
}

/// The rule.
pub(crate) fn check(password: &str, context: &Context) -> Result<(), Weakness> {
    check_length(password)?;
    if context.is_identity(password) {
        return Err(Weakness::SameAsIdentity);
    }
    if is_common(password) {
        return Err(Weakness::TooCommon);
    }
    let words = context.words();
    if is_made_of(&words, password) {
        return Err(Weakness::ContextWord);
    }
    if is_disguised(password) {
        return Err(Weakness::TooCommon);
    }
    if is_guessable(password, &words) { Err(Weakness::TooGuessable) } else { Ok(()) }
}

/// Whether a password is a common one in letters that look like its own, with something added at its ends, or said
/// several times.
fn is_disguised(password: &str) -> bool {
    let plain: String = password.nfkc().flat_map(looks_like).collect();
    let core = plain.trim_matches(|c: char| !c.is_alphabetic());
    let words: BTreeSet<_> =
        core.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).collect();
    let said = words.first().filter(|_| words.len() == 1);
    [plain.trim(), core].into_iter().chain(said.copied()).any(is_common)
}

/// The ASCII letter that a character looks like, or the character (UTS 39, section 4).
fn looks_like(c: char) -> impl Iterator<Item = char> {
    let text = c.to_lowercase().to_string();
    let prototype: String = if c.is_ascii() { text } else { skeleton(&text).collect() };
    prototype.chars().collect::<Vec<_>>().into_iter()
}

/// The part of the rule that needs to know nobody.
pub(crate) fn check_length(password: &str) -> Result<(), Weakness> {
    if (SHORTEST..=LONGEST).contains(&password.chars().count()) { Ok(()) } else { Err(Weakness::Length) }
}

impl Context {
    fn is_identity(&self, password: &str) -> bool {
        let lower = password.to_lowercase();
        lower == self.email.as_str().to_lowercase() || lower == self.username.key()
    }

    /// The words that somebody who guesses would begin with, in lower case: each name whole, and what it consists of.
    fn words(&self) -> BTreeSet<String> {
        let local = self.email.as_str().rsplit_once('@').map(|(local, _)| local);
        let names =
            self.names.iter().map(String::as_str).chain(["mainstay", self.username.as_str()]).chain(local);
        let mut words = BTreeSet::new();
        for name in names.map(str::to_lowercase) {
            words.extend(name.split(|c: char| !c.is_alphanumeric()).map(str::to_owned));
            words.extend(name.split(|c: char| !c.is_alphabetic()).map(str::to_owned));
            words.insert(name);
        }
        words.retain(|word| word.chars().count() >= SHORTEST_WORD);
        words
    }
}

/// Whether a password consists of words like these, digits and separators alone, or half of it does of longer ones.
fn is_made_of(words: &BTreeSet<String>, password: &str) -> bool {
    let lower = password.to_lowercase();
    let covered = covered(&lower, words.iter());
    let nothing_else = lower.char_indices().all(|(at, c)| covered[at] || !c.is_alphabetic());
    (nothing_else && covered.contains(&true)) || is_half_made_of(words, &lower)
}

fn is_half_made_of(words: &BTreeSet<String>, lower: &str) -> bool {
    let covered = covered(lower, words.iter().filter(|word| word.chars().count() >= TELLING_WORD));
    let inside = lower.char_indices().filter(|(at, _)| covered[*at]).count();
    inside * 2 >= lower.chars().count()
}

/// For each byte of a text, whether it lies in one of the words.
fn covered<'a>(text: &str, words: impl Iterator<Item = &'a String>) -> Vec<bool> {
    let mut covered = vec![false; text.len()];
    for (at, word) in words.flat_map(|word| text.match_indices(word.as_str())) {
        covered[at..at + word.len()].fill(true);
    }
    covered
}

/// Whether a program that knows words, names, dates, keyboards and these words would soon come upon the password. What
/// is hard to guess at one end is hard to guess.
fn is_guessable(password: &str, words: &BTreeSet<String>) -> bool {
    let words: Vec<_> = words.iter().map(String::as_str).collect();
    let guessable = |part: &str| zxcvbn(part, &words).score() < HARD_ENOUGH;
    let boundary = |characters: usize| password.char_indices().nth(characters).map(|(at, _)| at);
    let Some(head) = boundary(JUDGED) else { return guessable(password) };
    let tail = boundary(password.chars().count() - JUDGED).expect("longer than what is judged");
    guessable(&password[..head]) && guessable(&password[tail..])
}

#[cfg(test)]
mod tests;
