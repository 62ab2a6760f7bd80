//! Takes a text with markup apart: into text, and the tags that are allowed in it.
//!
//! This reads what a person meant. Safety does not hang on it: whatever it makes of a text goes through ammonia.
//! It keeps what ammonia, like a browser, would throw away although it is no markup: the `<String>` of `Vec<String>`,
//! and all that follows a tag, a comment or a script that begins and never ends. And it keeps from ammonia what would
//! cost it quadratic time: attributes that make each `<b>` different, elements that mend their neighbours.

use super::names::{Name, Tag, look_up};

/// A part of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// Text, which may have character references. A `<` in it is just that.
    Text(&'a str),
    /// The beginning of an element, and its `href`, which may have character references too.
    Open(Tag, Option<&'a str>),
    /// The end of one.
    Close(Tag),
}

/// The parts of a text, in order.
pub(super) struct Pieces<'a> {
    rest: &'a str,
    allowed: &'static [Tag],
}

/// What stands at a `<`.
enum Found<'a> {
    /// Markup, whether it counts or not, and what follows it.
    Markup(Option<Piece<'a>>, &'a str),
    /// A lonely `<`.
    Text,
    /// Something that never ends: it is text, and all that follows.
    Endless,
}

impl<'a> Pieces<'a> {
    pub(super) fn of(text: &'a str, allowed: &'static [Tag]) -> Self {
        Self { rest: text, allowed }
    }

    fn text(&mut self, length: usize) -> Piece<'a> {
        let (text, rest) = self.rest.split_at(length);
        self.rest = rest;
        Piece::Text(text)
    }
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        while !self.rest.is_empty() {
            let at = self.rest.find('<').unwrap_or(self.rest.len());
            if at > 0 {
                return Some(self.text(at));
            }
            match find(self.rest, self.allowed) {
                Found::Text => return Some(self.text(1)),
                Found::Endless => return Some(self.text(self.rest.len())),
                Found::Markup(piece, rest) => {
                    self.rest = rest;
                    if piece.is_some() {
                        return piece;
                    }
                }
            }
        }
        None
    }
}

/// Looks at a text that begins with `<`.
fn find<'a>(text: &'a str, allowed: &[Tag]) -> Found<'a> {
    if let Some(comment) = text.strip_prefix("<!--") {
        return comment.split_once("-->").map_or(Found::Endless, |(_, rest)| Found::Markup(None, rest));
    }
    let closing = text.starts_with("</");
    let text = &text[if closing { 2 } else { 1 }..];
    let (name, rest) = text.split_at(text.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(text.len()));
    if !rest.starts_with(|c| is_space(c) || c == '/' || c == '>') {
        return Found::Text;
    }
    let name = look_up(name, allowed);
    if name == Name::Unknown {
        return Found::Text;
    }
    let Some((href, rest)) = attributes(rest) else { return Found::Endless };
    match name {
        Name::Allowed(tag) if closing => Found::Markup(Some(Piece::Close(tag)), rest),
        Name::Allowed(tag) => Found::Markup(Some(Piece::Open(tag, href)), rest),
        Name::Hidden(name) if !closing => {
            after_end_of(name, rest).map_or(Found::Endless, |rest| Found::Markup(None, rest))
        }
        _ => Found::Markup(None, rest),
    }
}

/// Reads a tag from behind its name to its `>`, as browsers do (HTML standard, "Before attribute name state" and
/// following): the `href`, and what follows. `None` when there is no end.
fn attributes(text: &str) -> Option<(Option<&str>, &str)> {
    let mut href = None;
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches(|c| is_space(c) || c == '/');
        if let Some(rest) = rest.strip_prefix('>') {
            return Some((href, rest));
        }
        // A `=` that comes first is part of the name.
        let first = rest.chars().next()?.len_utf8();
        let length = rest[first..].find(|c| is_space(c) || matches!(c, '/' | '>' | '='))?;
        let (name, after_name) = rest.split_at(first + length);
        let (value, after_value) = value(after_name)?;
        rest = after_value;
        // The first of two counts.
        if name.eq_ignore_ascii_case("href") && href.is_none() {
            href = value;
        }
    }
}

/// Reads an attribute's value, if it has one, from behind its name: the value, and what follows.
fn value(text: &str) -> Option<(Option<&str>, &str)> {
    let Some(text) = text.trim_start_matches(is_space).strip_prefix('=') else { return Some((None, text)) };
    let text = text.trim_start_matches(is_space);
    if let Some(quote) = text.chars().next().filter(|c| matches!(c, '"' | '\'')) {
        return text[1..].split_once(quote).map(|(value, rest)| (Some(value), rest));
    }
    let (value, rest) = text.split_at(text.find(|c| is_space(c) || c == '>')?);
    Some((Some(value), rest))
}

/// What follows the end tag of an element whose content is not looked at.
fn after_end_of<'a>(name: &str, text: &'a str) -> Option<&'a str> {
    let ends = text.match_indices("</").find_map(|(at, _)| {
        let tag = &text[at + 2..];
        let rest = tag.get(name.len()..)?;
        let same = tag.as_bytes()[..name.len()].eq_ignore_ascii_case(name.as_bytes());
        (same && rest.starts_with(|c| is_space(c) || c == '/' || c == '>')).then_some(rest)
    })?;
    attributes(ends).map(|(_, rest)| rest)
}

/// HTML's white space in tags. A form feed is none here: it is a control and gone before.
fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\n' | '\t')
}
