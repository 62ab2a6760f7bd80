//! What clean markup looks like, told a second time and more strictly than any browser would: for tests alone.

use std::fmt::Display;

use guard::text::{Description, Message, TextError};

/// A type of text with markup, as tests see it.
pub(crate) trait Markup: Display + Sized {
    const TAGS: &'static [&'static str];
    const LONGEST: usize;
    fn parse(text: &str) -> Result<Self, TextError>;
    fn cut(text: &str) -> Self;
}

impl Markup for Message {
    const TAGS: &'static [&'static str] = &["b", "i", "em", "strong", "code"];
    const LONGEST: usize = 1_000;

    fn parse(text: &str) -> Result<Self, TextError> {
        Self::parse(text)
    }

    fn cut(text: &str) -> Self {
        Self::cut(text)
    }
}

impl Markup for Description {
    const TAGS: &'static [&'static str] = &["b", "i", "em", "strong", "code", "p", "br", "pre", "a"];
    const LONGEST: usize = 5_000;

    fn parse(text: &str) -> Result<Self, TextError> {
        Self::parse(text)
    }

    fn cut(text: &str) -> Self {
        Self::cut(text)
    }
}

/// Clean markup as it is read here.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Clean {
    /// What people read.
    pub(crate) text: String,
    /// Characters of text and of addresses, and elements.
    pub(crate) cost: usize,
}

const ENTITIES: [(&str, char); 4] = [("&amp;", '&'), ("&lt;", '<'), ("&gt;", '>'), ("&nbsp;", '\u{a0}')];
const LINK: (&str, &str) = ("<a href=\"", "\" rel=\"noopener noreferrer nofollow ugc\">");

/// Reads clean markup.
///
/// # Errors
/// The first thing that is not exactly as it has to be.
pub(crate) fn read(html: &str, tags: &[&'static str]) -> Result<Clean, String> {
    let mut clean = Clean::default();
    let mut open = Vec::new();
    let mut rest = html;
    while let Some(first) = rest.chars().next() {
        rest = match first {
            '<' => tag(rest, tags, &mut open, &mut clean)?,
            '&' => {
                let (entity, c) =
                    ENTITIES.iter().find(|(entity, _)| rest.starts_with(entity)).ok_or("a raw &")?;
                clean.text.push(*c);
                clean.cost += 1;
                &rest[entity.len()..]
            }
            '>' => return Err("a raw >".into()),
            c if forbidden(c) => return Err(format!("the character {c:?}")),
            c => {
                clean.text.push(c);
                clean.cost += 1;
                &rest[c.len_utf8()..]
            }
        };
    }
    if open.is_empty() { Ok(clean) } else { Err(format!("left open: {open:?}")) }
}

/// Reads a tag and returns what follows it.
fn tag<'a>(
    text: &'a str,
    tags: &[&'static str],
    open: &mut Vec<&'static str>,
    clean: &mut Clean,
) -> Result<&'a str, String> {
    let tags = tags.iter().copied();
    if let Some(closing) = text.strip_prefix("</") {
        let name = open.pop().ok_or("an end without a beginning")?;
        let rest = closing.strip_prefix(name).and_then(|rest| rest.strip_prefix('>'));
        return rest.ok_or_else(|| format!("{name} is not closed first"));
    }
    clean.cost += 1;
    let (name, rest) = match text.strip_prefix(LINK.0) {
        Some(link) => ("a", address(link, clean)?),
        None => tags
            .clone()
            .filter(|name| *name != "a")
            .find_map(|name| Some((name, text[1..].strip_prefix(name)?.strip_prefix('>')?)))
            .ok_or("an unknown beginning")?,
    };
    if !tags.clone().any(|allowed| allowed == name) {
        return Err(format!("{name} is not allowed"));
    }
    if name == "br" {
        return Ok(rest);
    }
    let nests_badly = match name {
        "p" | "pre" => open.contains(&"p"),
        "a" => open.contains(&"a"),
        _ => false,
    };
    open.push(name);
    match open.len() {
        _ if nests_badly => Err(format!("{open:?} do not nest")),
        17.. => Err("too deep".into()),
        _ if name == "pre" && rest.starts_with('\n') => Err("a line's end that browsers skip".into()),
        _ => Ok(rest),
    }
}

/// Reads an address and returns what follows its tag.
fn address<'a>(text: &'a str, clean: &mut Clean) -> Result<&'a str, String> {
    let (address, rest) = text.split_once(LINK.1).ok_or("a link that is written otherwise")?;
    let plain = address.replace("&amp;", "").replace("&quot;", "").replace("&lt;", "").replace("&gt;", "");
    if plain.contains(['&', '"', '<', '>']) || plain.contains(|c: char| !c.is_ascii_graphic() && c != ' ') {
        return Err(format!("the address {address:?}"));
    }
    if !["https://", "http://", "mailto:"].iter().any(|scheme| address.starts_with(scheme)) {
        return Err(format!("where {address:?} leads"));
    }
    let references = address.matches('&').count();
    clean.cost += plain.chars().count() + references;
    Ok(rest)
}

fn forbidden(c: char) -> bool {
    let embeds = ('\u{202a}'..='\u{202e}').contains(&c) || ('\u{2066}'..='\u{2069}').contains(&c);
    embeds || c == '\u{feff}' || (c.is_control() && !matches!(c, '\n' | '\t'))
}

/// Holds what is promised of a type against any text.
pub(crate) fn hold<T: Markup>(text: &str) {
    let cut = T::cut(text).to_string();
    let read_cut = read(&cut, T::TAGS).unwrap_or_else(|flaw| panic!("{flaw} in {cut:?} of {text:?}"));
    assert!(read_cut.cost <= T::LONGEST, "{} in {cut:?} of {text:?}", read_cut.cost);
    assert_eq!(T::cut(&cut).to_string(), cut, "cut twice: {text:?}");
    let parsed_cut = T::parse(&cut).expect("what was cut is short enough").to_string();
    assert_eq!(parsed_cut, cut, "parsed when cut: {text:?}");

    let Ok(parsed) = T::parse(text).map(|it| it.to_string()) else { return };
    let read_parsed =
        read(&parsed, T::TAGS).unwrap_or_else(|flaw| panic!("{flaw} in {parsed:?} of {text:?}"));
    assert!(read_parsed.cost <= T::LONGEST, "{} in {parsed:?} of {text:?}", read_parsed.cost);
    assert_eq!(T::parse(&parsed).map(|it| it.to_string()), Ok(parsed.clone()), "parsed twice: {text:?}");
    assert_eq!(cut, parsed, "what fits is not cut: {text:?}");
}
