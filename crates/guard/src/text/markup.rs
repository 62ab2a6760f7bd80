//! Text with a little markup: [`Message`] and [`Description`].
//!
//! What is stored is what ammonia made of it, and what is rendered. On the way there the characters get one form
//! ([`unicode`](super::unicode)), what is no markup becomes text ([`pieces`](super::pieces)), and the rest is nested
//! well ([`write`](super::write)).

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};
use url::Url;
use utoipa::ToSchema;

use super::names::Tag;
use super::pieces::{Piece, Pieces};
use super::shorten::{cost, shorten};
use super::unicode::normalise;
use super::write::write;
use super::{TextError, ToHtml, text};

/// A message: text in which `b`, `i`, `em`, `strong` and `code` may stand, of at most 1,000 characters.
///
/// HTML for the content of an element. An element counts as a character, however it is written.
#[derive(Debug, Clone, PartialEq, Eq, Hash, ToSchema)]
#[schema(max_length = 32_000)]
pub struct Message(String);

impl Message {
    /// The most characters (Unicode scalar values) of text and elements together.
    pub const LONGEST: usize = 1_000;

    /// Makes a text safe.
    ///
    /// # Errors
    /// When it is too long.
    pub fn parse(text: &str) -> Result<Self, TextError> {
        MESSAGE.parse(text).map(Self)
    }

    /// Makes a text safe and cuts off what is too much, for texts that nobody is there to shorten.
    pub fn cut(text: &str) -> Self {
        Self(MESSAGE.cut(text))
    }
}

text!(Message);

impl ToHtml for Message {
    fn to_html(&self) -> Cow<'_, str> {
        Cow::Borrowed(&self.0)
    }
}

/// A description: what a [`Message`] may have, with `p`, `br`, `pre` and links, of at most 5,000 characters.
///
/// HTML for the content of an element. A link leads to an address with `https`, `http` or `mailto` and tells neither
/// the page it leads to nor a search engine to trust it; it counts as a character and those of its address.
#[derive(Debug, Clone, PartialEq, Eq, Hash, ToSchema)]
#[schema(max_length = 160_000)]
pub struct Description(String);

impl Description {
    /// The most characters (Unicode scalar values) of text, elements and addresses together.
    pub const LONGEST: usize = 5_000;

    /// Makes a text safe.
    ///
    /// # Errors
    /// When it is too long.
    pub fn parse(text: &str) -> Result<Self, TextError> {
        DESCRIPTION.parse(text).map(Self)
    }

    /// Makes a text safe and cuts off what is too much, for texts that nobody is there to shorten.
    pub fn cut(text: &str) -> Self {
        Self(DESCRIPTION.cut(text))
    }
}

text!(Description);

impl ToHtml for Description {
    fn to_html(&self) -> Cow<'_, str> {
        Cow::Borrowed(&self.0)
    }
}

static MESSAGE: Markup = Markup {
    tags: &[Tag::B, Tag::I, Tag::Em, Tag::Strong, Tag::Code],
    longest: Message::LONGEST,
    ammonia: LazyLock::new(|| ammonia(MESSAGE.tags)),
};

static DESCRIPTION: Markup = Markup {
    tags: &[Tag::B, Tag::I, Tag::Em, Tag::Strong, Tag::Code, Tag::P, Tag::Br, Tag::Pre, Tag::A],
    longest: Description::LONGEST,
    ammonia: LazyLock::new(|| ammonia(DESCRIPTION.tags)),
};

/// What is left of a text is read this often at most, until reading it changes nothing.
const ROUNDS: usize = 8;

/// How many bytes are looked at for each character that is allowed. Nothing that is stored has more than 17
/// (`<strong></strong>`).
const BYTES_PER_CHARACTER: usize = 32;

/// How many characters are looked at for each that is allowed: a letter may come with three marks that NFC makes one
/// with it, and links that lead nowhere go. Some of what ammonia does takes quadratic time: not with so few.
const LOOKED_AT: usize = 4;

/// A kind of text: what may stand in it.
struct Markup {
    tags: &'static [Tag],
    longest: usize,
    ammonia: LazyLock<Builder<'static>>,
}

impl Markup {
    fn parse(&self, text: &str) -> Result<String, TextError> {
        let sane =
            text.len() <= self.longest * BYTES_PER_CHARACTER && self.cost(text) <= self.longest * LOOKED_AT;
        let html = sane.then(|| self.clean(text, ROUNDS));
        html.filter(|html| self.cost(html) <= self.longest).ok_or_else(|| {
            TextError::length(format!("must have at most {} characters, its markup included", self.longest))
        })
    }

    fn cut(&self, text: &str) -> String {
        let start = normalise(&text[..text.floor_char_boundary(self.longest * BYTES_PER_CHARACTER)]);
        let html = self.clean(&self.shortened(&start, self.longest * LOOKED_AT), ROUNDS);
        if self.cost(&html) <= self.longest {
            return html;
        }
        self.clean(&self.shortened(&html, self.longest), ROUNDS)
    }

    fn shortened(&self, text: &str, budget: usize) -> String {
        write(shorten(self.pieces(text), budget))
    }

    /// The text as safe markup that reads as itself: cleaning it again changes nothing.
    ///
    /// A round can uncover work for the next, such as a control that was written as a character reference. If there is
    /// no end to it, the markup goes and the text stays.
    fn clean(&self, text: &str, rounds: usize) -> String {
        let mut html = Cow::Borrowed(text);
        for _ in 0..rounds {
            let next = self.ammonia.clean(&write(self.pieces(&normalise(&html)))).to_string();
            if next == html {
                return next;
            }
            html = Cow::Owned(next);
        }
        let text = self.pieces(&html).filter(|piece| matches!(piece, Piece::Text(_)));
        normalise(&write(text))
    }

    fn cost(&self, html: &str) -> usize {
        self.pieces(html).map(cost).sum()
    }

    fn pieces<'a>(&self, text: &'a str) -> Pieces<'a> {
        Pieces::of(text, self.tags)
    }
}

/// The last word on what may stand in a text: these elements, no attribute but the address of a link.
fn ammonia(tags: &[Tag]) -> Builder<'static> {
    let mut ammonia = Builder::empty();
    ammonia
        .tags(tags.iter().map(|tag| tag.name()).collect())
        .generic_attributes(HashSet::new())
        .tag_attributes(HashMap::from([("a", HashSet::from(["href"]))]))
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .url_relative(UrlRelative::Deny)
        .link_rel(Some("noopener noreferrer nofollow ugc"))
        .attribute_filter(|_, name, value| match name {
            "href" => address(value).map(Cow::Owned),
            _ => Some(Cow::Borrowed(value)),
        });
    ammonia
}

/// An address in the form in which it was judged, so that no browser reads another one in it. One with a name before
/// its host (`https://bank.example@evil.example`) mostly wants to be taken for another.
fn address(text: &str) -> Option<String> {
    const LONGEST: usize = 2_000;
    let url = Url::parse(text).ok().filter(|url| url.username().is_empty() && url.password().is_none())?;
    Some(url.to_string()).filter(|url| url.len() <= LONGEST)
}

#[cfg(test)]
mod tests;
