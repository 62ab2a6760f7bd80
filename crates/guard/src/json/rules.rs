//! Checks every rule of a value, and says in our words which fields break one.

use std::borrow::Cow;
use std::fmt::Display;

use garde::i18n::{I18n, InvalidCreditCard, InvalidEmail, InvalidPhoneNumber, InvalidUrl, IpKind, with_i18n};

use super::node::Node;
use super::path::{Path, Step};

/// Separates the code from the words inside a garde error, which has room for words only.
const SEPARATOR: char = '\u{1f}';

/// The error of a custom rule with a stable code of its own, for example
/// `broken("common_password", "is one of the passwords that are guessed first")`. An error made by
/// `garde::Error::new` has the code `invalid`. The words follow the field's name and must not repeat its value.
pub fn broken(code: &str, words: &str) -> garde::Error {
    garde::Error::new(coded(code, words))
}

/// A rule that a field breaks.
pub(super) struct Broken {
    pub(super) path: Path,
    pub(super) code: String,
    pub(super) words: String,
}

/// Every rule that `value` breaks, which was read from `sent`.
pub(super) fn broken_by<T: garde::Validate<Context = ()>>(value: &T, sent: &Node<'_>) -> Vec<Broken> {
    let Err(report) = with_i18n(Words, || value.validate()) else { return Vec::new() };
    let broken = report.iter().map(|(path, error)| {
        let (code, words) = error.message().split_once(SEPARATOR).unwrap_or(("invalid", error.message()));
        let (path, at) = as_sent(&path.to_string(), sent);
        let words = match at {
            Some(Node::List(_)) => words.replace("characters", "entries"),
            _ => words.to_owned(),
        };
        Broken { path, code: code.to_owned(), words }
    });
    broken.collect()
}

/// A field's path in the spelling of the client, and its value. garde knows only the Rust names, which may differ
/// (`newPassword` in JSON is `new_password` here).
fn as_sent<'a>(path: &str, sent: &'a Node<'a>) -> (Path, Option<&'a Node<'a>>) {
    let mut steps = Path::new();
    let mut at = Some(sent);
    for part in path.split(['.', '[']).filter(|part| !part.is_empty()) {
        let step;
        (step, at) = match (part.strip_suffix(']').and_then(|index| index.parse().ok()), at) {
            (Some(index), Some(Node::List(entries))) => (Step::Entry(index), entries.get(index)),
            (Some(index), _) => (Step::Entry(index), None),
            (None, Some(Node::Object(members))) => {
                let alike = || members.0.iter().find(|(name, _)| loosely(name).eq(loosely(part)));
                let found = members.0.get_key_value(part).or_else(alike);
                let name = found.map_or(part, |(name, _)| name);
                (Step::Member(name.to_owned()), found.map(|(_, value)| value))
            }
            (None, _) => (Step::Member(part.to_owned()), None),
        };
        steps.push(step);
    }
    (steps, at)
}

fn loosely(name: &str) -> impl Iterator<Item = char> {
    name.chars().filter(|c| *c != '_').map(|c| c.to_ascii_lowercase())
}

fn coded(code: &str, words: &str) -> String {
    format!("{code}{SEPARATOR}{words}")
}

/// garde's rules in our words. Each begins with the rule's name as its code.
struct Words;

type Text = Cow<'static, str>;

impl I18n for Words {
    fn length_lower_than(&self, min: usize) -> Text {
        match min {
            1 => coded("length", "must not be empty"),
            _ => coded("length", &format!("must have at least {min} characters")),
        }
        .into()
    }

    fn length_greater_than(&self, max: usize) -> Text {
        coded("length", &format!("must have at most {max} characters")).into()
    }

    fn range_lower_than(&self, min: &dyn Display) -> Text {
        coded("range", &format!("must be {min} or more")).into()
    }

    fn range_greater_than(&self, max: &dyn Display) -> Text {
        coded("range", &format!("must be {max} or less")).into()
    }

    fn credit_card_invalid(&self, _: InvalidCreditCard) -> Text {
        coded("credit_card", "must be a card number").into()
    }

    fn pattern_no_match(&self, _: &dyn Display) -> Text {
        coded("pattern", "does not have the expected form").into()
    }

    fn contains_missing(&self, pattern: &dyn Display) -> Text {
        coded("contains", &format!("must contain {pattern}")).into()
    }

    fn url_invalid(&self, _: InvalidUrl) -> Text {
        coded("url", "must be a web address, such as https://example.org/page").into()
    }

    fn prefix_missing(&self, pattern: &dyn Display) -> Text {
        coded("prefix", &format!("must begin with {pattern}")).into()
    }

    fn suffix_missing(&self, pattern: &dyn Display) -> Text {
        coded("suffix", &format!("must end with {pattern}")).into()
    }

    fn phone_number_invalid(&self, _: InvalidPhoneNumber) -> Text {
        coded("phone_number", "must be a telephone number with its country code").into()
    }

    fn ip_invalid(&self, _: IpKind) -> Text {
        coded("ip", "must be an IP address").into()
    }

    fn matches_field_mismatch(&self, field: &dyn Display) -> Text {
        coded("matches", &format!("must be the same as {field}")).into()
    }

    fn email_invalid(&self, _: InvalidEmail) -> Text {
        coded("email", "must be an e-mail address, such as name@example.org").into()
    }

    fn ascii_invalid(&self) -> Text {
        coded("ascii", "must have only letters without accents, digits and punctuation").into()
    }

    fn alphanumeric_invalid(&self) -> Text {
        coded("alphanumeric", "must have only letters and digits").into()
    }

    fn required_not_set(&self) -> Text {
        coded("required", "is missing").into()
    }
}
