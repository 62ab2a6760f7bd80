//! Puts pieces together again, so that every element ends where the one around it ends, or before.

use super::names::Tag;
use super::pieces::Piece;

/// How deep elements may stand in each other. Those that go deeper are left out, their content stays.
const DEEPEST: usize = 16;

/// The pieces as HTML: balanced, and nested as browsers nest them, so that reading it changes nothing.
pub(super) fn write<'a>(pieces: impl IntoIterator<Item = Piece<'a>>) -> String {
    let mut writer = Writer::default();
    for piece in pieces {
        match piece {
            Piece::Text(text) => writer.text(text),
            Piece::Open(tag, href) => writer.open(tag, href),
            Piece::Close(tag) => writer.close(tag),
        }
    }
    writer.close_from(0);
    writer.html
}

#[derive(Default)]
struct Writer {
    html: String,
    open: Vec<Tag>,
}

impl Writer {
    fn text(&mut self, text: &str) {
        // Browsers skip a line's end there, one each time they read it.
        let text = if self.html.ends_with("<pre>") { text.trim_start_matches('\n') } else { text };
        let mut parts = text.split('<');
        self.html.extend(parts.next());
        self.html.extend(parts.flat_map(|part| ["&lt;", part]));
    }

    fn open(&mut self, tag: Tag, href: Option<&str>) {
        match tag {
            Tag::Br => return self.html.push_str("<br>"),
            // HTML standard, "in body": a paragraph ends where the next block begins, a link where the next one does.
            Tag::P | Tag::Pre => self.close(Tag::P),
            Tag::A => self.close(Tag::A),
            Tag::B | Tag::Code | Tag::Em | Tag::I | Tag::Strong => {}
        }
        if self.open.len() == DEEPEST || (tag == Tag::A && href.is_none()) {
            return;
        }
        self.html.extend(["<", tag.name()]);
        if let Some(href) = href.filter(|_| tag == Tag::A) {
            self.html.extend([" href=\"", &href.replace('"', "&quot;"), "\""]);
        }
        self.html.push('>');
        self.open.push(tag);
    }

    fn close(&mut self, tag: Tag) {
        if let Some(depth) = self.open.iter().rposition(|open| *open == tag) {
            self.close_from(depth);
        }
    }

    fn close_from(&mut self, depth: usize) {
        for tag in self.open.drain(depth..).rev() {
            self.html.extend(["</", tag.name(), ">"]);
        }
    }
}
