//! A grammar of markup that wants to be executed: bytes choose what stands where, so that a random number generator, a
//! test that shrinks and a fuzzer can all write in it.
//!
//! It has the families that sanitisers were broken with: foreign content (`svg`, `math`), elements whose content is
//! read differently (`style`, `noscript`, `template`, `textarea`), comments that end early, tables and forms that the
//! parser moves, formatting that it repeats, odd quotes, encodings, every way to spell `javascript:`.

/// The text that some bytes choose. No bytes, no text.
pub(crate) fn from(bytes: &[u8]) -> String {
    let mut author = Author { choices: bytes.iter(), text: String::new() };
    while !author.choices.as_slice().is_empty() {
        author.node(0);
    }
    author.text
}

struct Author<'a> {
    choices: std::slice::Iter<'a, u8>,
    text: String,
}

impl Author<'_> {
    fn node(&mut self, depth: usize) {
        match self.up_to(16) {
            0..=4 if depth < 12 => self.element(depth),
            5 => self.end(),
            6 => self.open_end(),
            7 => self.comment(depth),
            8 => self.put(TRICKS),
            9 => self.put(ENCODED),
            10..=11 => self.put(WORDS),
            12 => self.link(depth),
            13 => self.put(PAIRS),
            14 => self.character(),
            _ => self.put(CODE),
        }
    }

    fn element(&mut self, depth: usize) {
        let name = self.name();
        self.text.push('<');
        self.text.push_str(&name);
        for _ in 0..self.up_to(4) {
            self.attribute();
        }
        self.put(&[">", ">", ">", ">", "/>", " >", "\n>", "/ >", "//>", ""]);
        for _ in 0..self.up_to(4) {
            self.node(depth + 1);
        }
        if self.up_to(4) > 0 {
            self.text.push_str("</");
            self.text.push_str(&name);
            self.put(&[">", ">", ">", " >", "/>", " x=y>", "\t\n>", ""]);
        }
    }

    fn end(&mut self) {
        let name = self.name();
        self.text.extend(["</", &name, ">"]);
    }

    /// A beginning that may have no end.
    fn open_end(&mut self) {
        let name = self.name();
        self.text.extend(["<", &name]);
        self.attribute();
    }

    fn comment(&mut self, depth: usize) {
        self.put(&[
            "<!--",
            "<!-->",
            "<!--->",
            "<!",
            "<?",
            "</ ",
            "<![CDATA[",
            "<!doctype ",
            "<!--[if IE]>",
            "<%",
        ]);
        self.node(depth + 1);
        self.put(&["-->", "--!>", "--\u{2010}>", ">", "?>", "]]>", "-- >", "<![endif]-->", "%>", ""]);
    }

    fn link(&mut self, depth: usize) {
        self.text.push_str("<a href=");
        let quote = self.one(QUOTES);
        self.text.push_str(quote);
        self.put(ADDRESSES);
        self.text.push_str(quote);
        self.text.push('>');
        self.node(depth + 1);
        self.text.push_str("</a>");
    }

    fn attribute(&mut self) {
        self.put(&[" ", " ", " ", "/", "\n", "\t", "\u{c}", "", "\u{a0}", "\0", "/ /"]);
        self.put(ATTRIBUTES);
        self.put(&["=", "=", "=", " = ", "=\n", "", "=="]);
        let quote = self.one(QUOTES);
        self.text.push_str(quote);
        match self.up_to(3) {
            0 => self.put(ADDRESSES),
            1 => self.put(TRICKS),
            _ => self.put(CODE),
        }
        if self.up_to(8) > 0 {
            self.text.push_str(quote);
        }
    }

    /// The name of an element, spelled in one way or another.
    fn name(&mut self) -> String {
        let name = self.one(ELEMENTS);
        match self.up_to(12) {
            0 => name.to_uppercase(),
            1 => name.replace('s', "\u{17f}"),
            2 => format!("{}\0{}", &name[..1], &name[1..]),
            3 => format!("{}:{name}", self.one(&["svg", "x", "xlink"])),
            _ => name.to_owned(),
        }
    }

    /// Any character, or a reference to one.
    fn character(&mut self) {
        let number = u32::from_be_bytes([0, 0, self.next(), self.next()]);
        let reference = match self.up_to(4) {
            0 => format!("&#{number};"),
            1 => format!("&#x{number:x};"),
            2 => format!("&#{number}"),
            _ => char::from_u32(number).map_or_else(String::new, String::from),
        };
        self.text.push_str(&reference);
    }

    fn put(&mut self, list: &[&str]) {
        let chosen = self.one(list);
        self.text.push_str(chosen);
    }

    fn one<'b>(&mut self, list: &[&'b str]) -> &'b str {
        list[self.up_to(list.len())]
    }

    fn up_to(&mut self, end: usize) -> usize {
        usize::from(self.next()) % end
    }

    fn next(&mut self) -> u8 {
        self.choices.next().copied().unwrap_or_default()
    }
}

const QUOTES: &[&str] = &["\"", "'", "", "`", "&quot;", "\"\"", "\u{201c}"];

#[rustfmt::skip]
const ELEMENTS: &[&str] = &[
    "b", "i", "em", "strong", "code", "p", "br", "pre", "a", "b", "i", "code", "p", "a",
    "svg", "math", "mi", "mo", "mtext", "ms", "mglyph", "malignmark", "annotation-xml", "annotation-xml encoding=text/html",
    "foreignObject", "desc", "title", "image", "animate", "set", "use", "script", "style", "noscript", "template",
    "textarea", "xmp", "iframe", "noembed", "noframes", "plaintext", "listing", "select", "option", "optgroup",
    "selectedcontent", "table", "caption", "colgroup", "col", "tbody", "tr", "td", "th", "form", "input", "button",
    "frameset", "frame", "html", "head", "body", "base", "meta", "link", "object", "embed", "applet", "param", "marquee",
    "img", "video", "audio", "source", "track", "details", "summary", "dialog", "font", "nobr", "big", "small", "tt", "u",
    "s", "strike", "h1", "li", "ul", "dd", "dt", "ruby", "rt", "rp", "div", "span", "center", "keygen", "isindex", "math",
    "svg", "style", "x", "String",
];

#[rustfmt::skip]
const ATTRIBUTES: &[&str] = &[
    "href", "href", "src", "srcset", "srcdoc", "onerror", "onload", "onclick", "ONERROR", "oNfOcUs", "onfocus autofocus onfocus",
    "ontoggle", "onbegin", "onanimationstart", "onpointerrawupdate", "style", "title", "alt", "id", "name", "class", "rel",
    "target", "xlink:href", "xml:base", "xmlns", "xmlns:xlink", "formaction", "action", "data", "poster", "background", "ping",
    "http-equiv=refresh content", "encoding", "type", "is", "slot", "shadowrootmode", "popover", "dir", "lang", "=", "\"", "<",
    "on\u{0}error", "hr\u{0}ef", "attributeName=href values", "a", "b", "x",
];

#[rustfmt::skip]
const ADDRESSES: &[&str] = &[
    "https://example.org/a?b=c&d=e#f", "http://example.org", "mailto:a@example.org", "javascript:hit()", "JaVaScRiPt:hit()",
    "java\tscript:hit()", "java\nscript:hit()", " javascript:hit()", "\u{1}javascript:hit()", "javascript&colon;hit()",
    "&#106;avascript:hit()", "&#x6a;&#x61;vascript&#58;hit()", "java&Tab;script&colon;hit&lpar;&rpar;",
    "java&NewLine;script:hit()", "javascript://example.org/%0ahit()", "javascript:/*--></title></style>*/hit()",
    "data:text/html,<script>hit()</script>", "data:text/html;base64,PHNjcmlwdD5oaXQoKTwvc2NyaXB0Pg==", "vbscript:hit()",
    "view-source:javascript:hit()", "blob:https://example.org/x", "//example.org/x", "/x", "\\\\example.org\\x", "x", "#x", "?x", "",
    "https://user:word@example.org", "https:example.org", "https:\\\\example.org", "https://example.org\"onclick=hit()//",
    "https://example.org/' onclick='hit()", "http://[::1]/", "http://a b/", "https://ex\u{e4}mple.org/\u{2028}", "mailto:\"><img src=x onerror=hit()>",
    "https://example.org/</a><img src=x onerror=hit()>", "https://example.org/\u{202e}gro.live", "feed:javascript:hit()",
];

#[rustfmt::skip]
const CODE: &[&str] = &[
    "hit()", "top.hit()", "parent.hit()", "window['hit']()", "hit`1`", "(hit)()", "setTimeout('hit()')", "&#104;it()", "\\u0068it()",
    "eval('hit()')", "1;hit()", "\"onmouseover=\"hit()", "'onfocus='hit()", "--><img src=x onerror=hit()>", "x",
];

#[rustfmt::skip]
const WORDS: &[&str] = &[
    "x", "a < b && c > d", "5 > 3", "Vec<String>", "see data: and javascript: in a sentence", "\n", " ", "&amp;", "&lt;b&gt;",
    "caf\u{e9}", "cafe\u{301}", "\u{338}", "\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}", "\u{5e9}\u{5dc}\u{5d5}\u{5dd}", "\u{202e}abc", "\u{2067}abc",
    "\u{212a}", "\u{37e}", "\0", "\u{1}", "\u{7f}", "\u{85}", "\u{feff}", "\u{ffff}", "\u{2028}", "\r", "\r\n", "\t", "\u{c}", "\u{a0}", "if (a<b) { c(); }",
    "#include <stdio.h>", "<?php echo 1 ?>", "]]>", "{{7*7}}", "${hit()}",
];

#[rustfmt::skip]
const ENCODED: &[&str] = &[
    "&lt;script&gt;hit()&lt;/script&gt;", "&#60;img src=x onerror=hit()&#62;", "&#x3c;svg onload=hit()&#x3e;", "%3Cscript%3Ehit()%3C/script%3E",
    "\\x3cscript\\x3ehit()\\x3c/script\\x3e", "\\u003cscript\\u003ehit()", "+ADw-script+AD4-hit()+ADw-/script+AD4-", "&amp;lt;script&amp;gt;hit()",
    "&LT;script&GT;hit()", "&lt", "&gt", "&amp", "&nbsp", "&notit;", "&NotEqualTilde;", "&#0;", "&#128;", "&#xd800;", "&#x110000;", "&#13;", "&#10;",
    "&#x202e;", "&#x338;", "&#x1;", "&#x85;", "&;", "&#;", "&#x;", "&", "\u{ff1c}script\u{ff1e}hit()", "\u{2039}script\u{203a}", "\u{226e}script>hit()",
    "\u{fe64}img src=x onerror=hit()\u{fe65}", "\x1b(J<script>hit()</script>",
];

#[rustfmt::skip]
const TRICKS: &[&str] = &[
    "</style><img src=x onerror=hit()>", "</noscript><img src=x onerror=hit()>", "</textarea><img src=x onerror=hit()>",
    "</title><img src=x onerror=hit()>", "</xmp><img src=x onerror=hit()>", "</iframe><img src=x onerror=hit()>", "</svg><img src=x onerror=hit()>",
    "</math><script>hit()</script>", "</template><script>hit()</script>", "</select><img src=x onerror=hit()>", "</script><svg onload=hit()>",
    "--><img src=x onerror=hit()>", "--!><img src=x onerror=hit()>", "]]><img src=x onerror=hit()>", "\"><img src=x onerror=hit()>",
    "'><img src=x onerror=hit()>", "`><img src=x onerror=hit()>", "<img src=x onerror=hit()>", "<img/src=x/onerror=hit()>", "<img src=x\u{c}onerror=hit()>",
    "<<img src=x onerror=hit()>>", "<scr<script>ipt>hit()</scr</script>ipt>", "<img src='x' \"onerror=hit()", "<script>hit()</script>",
    "<script src=data:,hit()></script>", "<script>hit()", "<svg onload=hit()>", "<body onload=hit()>", "<iframe srcdoc='<script>parent.hit()</script>'>",
    "<iframe src=javascript:parent.hit()>", "<details open ontoggle=hit()>", "<input autofocus onfocus=hit()>", "<video><source onerror=hit()>",
    "<style>@keyframes x{}</style><b style=animation-name:x onanimationstart=hit()>", "<base href=javascript:/hit()//>", "<meta http-equiv=refresh content=0;url=javascript:hit()>",
    "<object data=javascript:hit()>", "<embed src=javascript:hit()>", "<form action=javascript:hit()><button>", "<a id=hit><a id=hit name=x>", "<form id=document><input name=body>",
    "<b id=alert>", "<i name=getElementById>", "<math><mi xlink:href=javascript:hit()>", "<svg><a xlink:href=javascript:hit()>", "<svg><animate onbegin=hit()>",
];

/// Openings whose mates the parser expects elsewhere.
#[rustfmt::skip]
const PAIRS: &[&str] = &[
    "<math><mtext><table><mglyph><style>", "<svg><style><!--", "<svg></p><style><a id=\"", "<form><math><mtext></form><form><mglyph><style>", "<math><annotation-xml encoding=text/html><style>",
    "<svg><foreignObject><math><mi><p>", "<noscript><p title=\"", "<table><td><b><table><tr>", "<select><template><style><!--", "<svg><desc><noscript>", "<svg><title><style>", "<template><svg>",
    "<b><i><p></b></i>", "<p><b><b><b><b><p>", "<a><p><a><p><a>", "<i><table><i>", "<nobr><b><nobr>", "<pre>\n\n\n", "<pre>&#10;\n", "<p></b></p></p>", "</p></br>", "<li><li><b></li>", "<font><p></font>",
    "<button><p><button>", "<ruby><rt><b><rp>", "<b><b><b><b><b><b><b><b><b><b><b><b><b><b><b><b><b><b>", "<textarea>\n</textarea>", "<frameset><frame>", "<table><b><tr><i><td>",
];
