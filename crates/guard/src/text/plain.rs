//! Plain text: source code and names. Both are kept as they are and escaped when they are rendered.

use std::borrow::Cow;

use utoipa::ToSchema;

use super::{TextError, ToHtml, text};

/// Source code, or any other plain text that must stay as it is: at most 50,000 characters.
///
/// Nothing is changed, removed or normalised. So it can hold what makes code look different from what it does, such as
/// controls of the writing direction ("Trojan Source", CVE-2021-42574); who shows code to be reviewed marks them.
#[derive(Debug, Clone, PartialEq, Eq, Hash, ToSchema)]
#[schema(max_length = 50_000)]
pub struct Code(String);

impl Code {
    /// The most characters (Unicode scalar values).
    pub const LONGEST: usize = 50_000;

    /// Takes a text as it is.
    ///
    /// # Errors
    /// When it is too long, or has the character U+0000, which PostgreSQL cannot keep.
    pub fn parse(text: &str) -> Result<Self, TextError> {
        if text.chars().count() > Self::LONGEST {
            return Err(TextError::length(format!("must have at most {} characters", Self::LONGEST)));
        }
        if text.contains('\0') {
            return Err(TextError::characters("must not have the character U+0000, which cannot be stored"));
        }
        Ok(Self(text.to_owned()))
    }
}

text!(Code);

impl ToHtml for Code {
    /// Also fits between the quotes of an attribute.
    fn to_html(&self) -> Cow<'_, str> {
        escape(&self.0)
    }
}

/// A name of 1 to 50 letters (`A` to `Z`, `a` to `z`), digits, `_` and `-`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, ToSchema)]
#[schema(min_length = 1, max_length = 50, pattern = "^[A-Za-z0-9_-]+$")]
pub struct Username(String);

impl Username {
    /// The most characters.
    pub const LONGEST: usize = 50;

    /// Takes a name as it is.
    ///
    /// # Errors
    /// When it is empty, too long, or has another character.
    pub fn parse(text: &str) -> Result<Self, TextError> {
        if !text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-') {
            let message = "must have only letters without accents, digits, underscores and hyphens";
            return Err(TextError::characters(message));
        }
        if text.is_empty() || text.len() > Self::LONGEST {
            return Err(TextError::length(format!("must have 1 to {} characters", Self::LONGEST)));
        }
        Ok(Self(text.to_owned()))
    }
}

text!(Username);

impl ToHtml for Username {
    /// Also fits between the quotes of an attribute.
    fn to_html(&self) -> Cow<'_, str> {
        escape(&self.0)
    }
}

/// Plain text as HTML, for the content of an element and between the quotes of an attribute.
fn escape(text: &str) -> Cow<'_, str> {
    let special = |c: char| matches!(c, '&' | '<' | '>' | '"' | '\'');
    if !text.contains(special) {
        return Cow::Borrowed(text);
    }
    let mut html = String::with_capacity(text.len() + text.len() / 8);
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            _ => html.push(c),
        }
    }
    Cow::Owned(html)
}
