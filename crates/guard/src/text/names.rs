//! The names of HTML's elements: which of them we keep, and which are markup all the same.

/// An element that some type of text allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tag {
    A,
    B,
    Br,
    Code,
    Em,
    I,
    P,
    Pre,
    Strong,
}

impl Tag {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::A => "a",
            Self::B => "b",
            Self::Br => "br",
            Self::Code => "code",
            Self::Em => "em",
            Self::I => "i",
            Self::P => "p",
            Self::Pre => "pre",
            Self::Strong => "strong",
        }
    }
}

/// Elements whose content is no text for people.
const HIDDEN: [&str; 2] = ["script", "style"];

/// Every other element of the HTML standard, today's and those that browsers still know (its section "Obsolete
/// features"), `svg` and `math`.
#[rustfmt::skip]
const OTHERS: &[&str] = &[
    "a", "abbr", "acronym", "address", "applet", "area", "article", "aside", "audio", "b", "base", "basefont", "bdi",
    "bdo", "bgsound", "big", "blink", "blockquote", "body", "br", "button", "canvas", "caption", "center", "cite",
    "code", "col", "colgroup", "data", "datalist", "dd", "del", "details", "dfn", "dialog", "dir", "div", "dl", "dt",
    "em", "embed", "fieldset", "figcaption", "figure", "font", "footer", "form", "frame", "frameset", "h1", "h2", "h3",
    "h4", "h5", "h6", "head", "header", "hgroup", "hr", "html", "i", "iframe", "image", "img", "input", "ins",
    "isindex", "kbd", "keygen", "label", "legend", "li", "link", "listing", "main", "map", "mark", "marquee", "math",
    "menu", "menuitem", "meta", "meter", "nav", "nobr", "noembed", "noframes", "noscript", "object", "ol", "optgroup",
    "option", "output", "p", "param", "picture", "plaintext", "pre", "progress", "q", "rb", "rp", "rt", "rtc", "ruby",
    "s", "samp", "search", "section", "select", "selectedcontent", "slot", "small", "source", "span", "strike",
    "strong", "sub", "summary", "sup", "svg", "table", "tbody", "td", "template", "textarea", "tfoot", "th", "thead",
    "time", "title", "tr", "track", "tt", "u", "ul", "var", "video", "wbr", "xmp",
];

/// What a name in angle brackets stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Name {
    Allowed(Tag),
    /// An element that is left out, while its content stays.
    Other,
    /// An element that is left out with its content.
    Hidden(&'static str),
    /// No element: `<String>` in `Vec<String>` is text.
    Unknown,
}

/// Looks a name up, however it is capitalised.
pub(super) fn look_up(name: &str, allowed: &[Tag]) -> Name {
    let same = |other: &str| other.eq_ignore_ascii_case(name);
    if let Some(tag) = allowed.iter().find(|tag| same(tag.name())) {
        return Name::Allowed(*tag);
    }
    if let Some(hidden) = HIDDEN.into_iter().find(|hidden| same(hidden)) {
        return Name::Hidden(hidden);
    }
    if OTHERS.iter().any(|other| same(other)) { Name::Other } else { Name::Unknown }
}
