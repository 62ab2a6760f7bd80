//! Kinds of fields that requests have everywhere, as far as garde does not know them.
//!
//! | field | declared as |
//! |---|---|
//! | text | `length(chars, min = 1, max = 200)`, `pattern(r"...")`, read with [`nfc`] |
//! | text on one line | `length(chars, max = 100)`, `custom(guard::one_line)` |
//! | e-mail address | `email`, `length(max = 254)` |
//! | web address | the type [`WebAddress`] |
//! | program | `length(chars, max = 50_000)`, `custom(guard::source_code)` |
//! | moment | an `Option<Timestamp>` that is read with [`moment`] |
//! | name of a user | `length(chars, min = 3, max = 50)`, `pattern(r"^[a-zA-Z0-9_-]+$")` |
//!
//! A field that may be absent is an `Option`, and its rules stand in `inner(...)`.

use std::cell::Cell;
use std::fmt;

use foundation::{MOMENT_FORM, Timestamp, parse_moment};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use unicode_normalization::UnicodeNormalization as _;
use url::{SyntaxViolation, Url};

use crate::{broken, refused};

/// The address of something on the web: `http` or `https`, with a host and without a user or a password, in at most
/// 2048 bytes. It is kept in the one form that every reader understands alike (URL standard), however it was written.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct WebAddress(Url);

impl WebAddress {
    const LONGEST: usize = 2048;

    /// Reads an address; `None` when it is none, or is only with a reader's indulgence.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() > Self::LONGEST {
            return None;
        }
        // Characters that should have been escaped are common and harmless: they are escaped now.
        let flawed = Cell::new(false);
        let notice = |flaw| flawed.set(flawed.get() || !matches!(flaw, SyntaxViolation::NonUrlCodePoint));
        let url = Url::options().syntax_violation_callback(Some(&notice)).parse(text).ok()?;
        let of_the_web = matches!(url.scheme(), "http" | "https") && url.has_host();
        let anonymous = url.username().is_empty() && url.password().is_none();
        let fits = url.as_str().len() <= Self::LONGEST;
        (of_the_web && anonymous && fits && !flawed.get()).then_some(Self(url))
    }

    /// The address in its parts.
    pub fn as_url(&self) -> &Url {
        &self.0
    }
}

impl fmt::Display for WebAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<'de> Deserialize<'de> for WebAddress {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text)
            .ok_or_else(|| refused("url", "must be a web address, such as https://example.org/page"))
    }
}

impl Serialize for WebAddress {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Reads a text in Unicode's normal form C, in which what looks the same is the same. For
/// `#[serde(deserialize_with = "guard::nfc")]`; a field's rules see the text in this form.
///
/// # Errors
/// When it is no text.
pub fn nfc<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Ok(String::deserialize(deserializer)?.nfc().collect())
}

/// A rule for programs, and other texts of many lines that people read: no control characters but tabs and line
/// breaks, and none that show the text in another order than it is in (UTS 55).
///
/// # Errors
/// `characters`.
pub fn source_code(text: &str, (): &()) -> garde::Result {
    let misleads = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let stray = |c: char| c.is_control() && !matches!(c, '\t' | '\n' | '\r');
    if text.contains(|c| misleads(c) || stray(c)) {
        return Err(broken("characters", "must have no control characters but tabs and line breaks"));
    }
    Ok(())
}

/// A rule for names and other short texts: no line breaks or other control characters, and none that nobody sees or that
/// turn the direction of what follows (UTS 55).
///
/// # Errors
/// `characters`.
pub fn one_line(text: &str, (): &()) -> garde::Result {
    let unseen = |c: char| matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}');
    if text.contains(|c: char| c.is_control() || unseen(c)) {
        return Err(broken("characters", "must be one line, without characters that nobody sees"));
    }
    Ok(())
}

/// Reads a moment, or a day for its beginning in UTC, of the years that every database has. For
/// `#[serde(default, deserialize_with = "guard::moment")]`.
///
/// # Errors
/// `time`.
pub fn moment<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Timestamp>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    text.map(|text| parse_moment(&text).ok_or_else(|| refused("time", &format!("must be {MOMENT_FORM}"))))
        .transpose()
}

#[cfg(test)]
mod tests;
