//! Tests of the two types with markup, by example. What holds for every text is in `tests/it/text/properties.rs`.

use super::*;

fn message(text: &str) -> String {
    Message::parse(text).expect(text).to_string()
}

fn description(text: &str) -> String {
    Description::parse(text).expect(text).to_string()
}

fn link(to: &str, text: &str) -> String {
    format!("<a href=\"{to}\" rel=\"noopener noreferrer nofollow ugc\">{text}</a>")
}

// ASVS 1.3.3
#[test]
fn honest_text_stays_and_becomes_harmless() {
    for (text, stored) in [
        ("", ""),
        ("Hello, Ada!", "Hello, Ada!"),
        ("see data: and javascript: in a sentence", "see data: and javascript: in a sentence"),
        ("a < b && c > d", "a &lt; b &amp;&amp; c &gt; d"),
        ("5 > 3", "5 &gt; 3"),
        ("<3", "&lt;3"),
        ("a<=b, b=>c, a<-b, a->b", "a&lt;=b, b=&gt;c, a&lt;-b, a-&gt;b"),
        ("for(i=0;i<a.length;i++)", "for(i=0;i&lt;a.length;i++)"),
        ("if (x<y) { z(); }", "if (x&lt;y) { z(); }"),
        ("Vec<String>, Map<K, V>, vector<int>", "Vec&lt;String&gt;, Map&lt;K, V&gt;, vector&lt;int&gt;"),
        ("#include <stdio.h>", "#include &lt;stdio.h&gt;"),
        ("<?php echo 1 ?> and <!doctype x>", "&lt;?php echo 1 ?&gt; and &lt;!doctype x&gt;"),
        ("Ada <ada@example.org>", "Ada &lt;ada@example.org&gt;"),
        ("&amp; literal", "&amp; literal"),
        ("&amp;lt; and &lt;b&gt;", "&amp;lt; and &lt;b&gt;"),
        ("AT&T, R&D, ?a=1&copy=2", "AT&amp;T, R&amp;D, ?a=1©=2"),
        ("\"quoted\" and 'quoted'", "\"quoted\" and 'quoted'"),
        ("one\n\ttwo", "one\n\ttwo"),
        ("👨‍👩‍👧 🇩🇪 ✋🏽", "👨‍👩‍👧 🇩🇪 ✋🏽"),
        ("שלום, مرحبا\u{200f}!", "שלום, مرحبا\u{200f}!"),
        ("<b>a</b> <code>x &lt; y</code>", "<b>a</b> <code>x &lt; y</code>"),
    ] {
        assert_eq!(message(text), stored, "{text}");
        assert_eq!(description(text), stored, "{text}");
    }
}

#[test]
fn what_begins_and_never_ends_is_text() {
    for (text, stored) in [
        ("is a <b or <i", "is a &lt;b or &lt;i"),
        ("put <b>it</b> in a <script> tag", "put <b>it</b> in a &lt;script&gt; tag"),
        ("a <!-- b <b>c</b>", "a &lt;!-- b &lt;b&gt;c&lt;/b&gt;"),
        ("<b title=\"x>y</b>", "&lt;b title=\"x&gt;y&lt;/b&gt;"),
        ("x </b", "x &lt;/b"),
        ("<", "&lt;"),
        ("</", "&lt;/"),
    ] {
        assert_eq!(message(text), stored, "{text}");
    }
}

// ASVS 1.3.1
#[test]
fn what_is_not_allowed_goes_and_its_text_stays() {
    for (text, stored) in [
        ("<script>alert(1)</script>a", "a"),
        ("<SCRIPT src=x>alert(1)</sCRipt\n>a", "a"),
        ("<style>p{}</style >a<style>b</style>c", "ac"),
        ("<script>\"</scripts>\"</script>a", "a"),
        ("<img src=x onerror=alert(1)>a", "a"),
        ("<b onclick=alert(1) class=x id=y>a</b>", "<b>a</b>"),
        ("<B>a</B>", "<b>a</b>"),
        ("<b/>a", "<b>a</b>"),
        ("<div><span>a</span></div>", "a"),
        ("<svg><a><b>a</b></a></svg>", "<b>a</b>"),
        ("a<!-- b --><!---->c", "ac"),
        ("<scr<script>ipt>a</script>", "&lt;scr"),
        ("<<b>a</b>", "&lt;<b>a</b>"),
        ("<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">", ""),
        ("<textarea></textarea><img src=x>", ""),
        ("&lt;script&gt;alert(1)&lt;/script&gt;", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("&#60;img src=x onerror=alert(1)&#62;", "&lt;img src=x onerror=alert(1)&gt;"),
    ] {
        assert_eq!(message(text), stored, "{text}");
    }
    assert_eq!(message("<p>a</p><br><pre>b</pre><a href='https://a.example'>c</a>"), "abc");
}

// ASVS 1.3.5
#[test]
fn neither_markdown_nor_css_is_understood() {
    for text in [
        "# a",
        "**a** _b_ ~~c~~ `d`",
        "[a](javascript:alert(1))",
        "![a](https://evil.example/a.png)",
        "[a]: https://evil.example \"b\"",
        "```html\na\n```",
        "$\\href{javascript:alert(1)}{a}$",
        "{{ 7 * 7 }} ${7 * 7} %{a}",
    ] {
        assert_eq!((message(text), description(text)), (text.to_owned(), text.to_owned()));
    }
    for (text, stored) in [
        ("<p style=\"background:url(https://evil.example/)\">a</p>", "<p>a</p>"),
        ("<b style='position:fixed' class=modal>a</b>", "<b>a</b>"),
        ("<style>@import url(https://evil.example/a.css);</style>a", "a"),
        ("<link rel=stylesheet href=https://evil.example/a.css>a", "a"),
        ("<font color=red><center>a</center></font>", "a"),
        ("<p bgcolor=red align=center>a</p>", "<p>a</p>"),
        ("<svg><style>*{}</style></svg>a", "a"),
    ] {
        assert_eq!(description(text), stored, "{text}");
    }
}

#[test]
fn elements_nest_as_browsers_nest_them() {
    for (text, stored) in [
        ("<b>a", "<b>a</b>"),
        ("a</b>", "a"),
        ("<b><i>a</b>b</i>", "<b><i>a</i></b>b"),
        ("<p>a<p>b", "<p>a</p><p>b</p>"),
        ("<p><b>a<p>b", "<p><b>a</b></p><p>b</p>"),
        ("<p>a<pre>b</pre>c</p>", "<p>a</p><pre>b</pre>c"),
        ("<pre>\n\n\na\n</pre>", "<pre>a\n</pre>"),
        ("<pre>&#10;\r\n<b>\na</b></pre>", "<pre><b>\na</b></pre>"),
        ("a<br>b<br/>c</br>", "a<br>b<br>c"),
        ("<b><b>a</b></b>", "<b><b>a</b></b>"),
    ] {
        assert_eq!(description(text), stored, "{text}");
    }
    let deep = description(&"<b>".repeat(100));
    assert_eq!(deep, format!("{}{}", "<b>".repeat(16), "</b>".repeat(16)));
}

// ASVS 1.2.2
#[test]
fn links_lead_to_whole_addresses_with_safe_schemes() {
    for (address, stored) in [
        ("https://example.org", "https://example.org/"),
        ("HTTPS://EXAMPLE.org:443/a%20b?c=d&amp;e#f", "https://example.org/a%20b?c=d&amp;e#f"),
        ("http://[::1]:8080/", "http://[::1]:8080/"),
        ("mailto:ada@example.org", "mailto:ada@example.org"),
        ("  https://example.org/\n", "https://example.org/"),
        ("https://bücher.example/é", "https://xn--bcher-kva.example/%C3%A9"),
        ("https:\\\\example.org\\x", "https://example.org/x"),
        ("java\tscript&colon;x.example", ""),
        ("javascript:alert(1)", ""),
        ("JaVaScRiPt&#58;alert(1)", ""),
        ("\u{1}javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("vbscript:x", ""),
        ("ftp://example.org/", ""),
        ("//example.org/x", ""),
        ("/x", ""),
        ("x", ""),
        ("#x", ""),
        ("", ""),
        ("https://bank.example@evil.example/", ""),
        ("https://user:word@example.org/", ""),
        ("https://", ""),
    ] {
        let expected = if stored.is_empty() { "a".to_owned() } else { link(stored, "a") };
        assert_eq!(description(&format!("<a href=\"{address}\">a</a>")), expected, "{address}");
    }
    let long = format!("https://example.org/{}", "a".repeat(2000));
    assert_eq!(description(&format!("<a href={long}>a</a>")), "a");
}

#[test]
fn a_link_has_one_address_and_nothing_else() {
    let whole = link("https://a.example/", "x");
    for text in [
        "<a href=https://a.example>x</a>",
        "<a href='https://a.example' href='javascript:alert(1)'>x</a>",
        "<A target=_top title=x rel=opener HREF = \"https://a.example\" onclick=alert(1)>x</a>",
        "<a href=https://a.example>x",
        "<a/href=https://a.example>x</a>",
    ] {
        assert_eq!(description(text), whole, "{text}");
    }
    assert_eq!(description("<a>x</a><a name=x>y</a><a href>z</a>"), "xyz");
    let two = link("https://a.example/", "x") + &link("https://b.example/", "y");
    assert_eq!(description("<a href=https://a.example>x<a href=https://b.example>y</a></a>"), two);
    assert_eq!(
        description("<a href='https://a.example/?\"onclick=alert(1)'>x</a>"),
        link("https://a.example/?%22onclick=alert(1)", "x")
    );
}

// ASVS 1.1.1
#[test]
fn characters_have_one_form_however_they_are_written() {
    for (text, stored) in [
        ("cafe\u{301}", "caf\u{e9}"),
        ("cafe&#x301;", "caf\u{e9}"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("a&#13;b", "a\nb"),
        ("a\0b\u{1}c\u{7f}d\u{85}e\u{1b}", "abcde"),
        ("a&#1;b", "ab"),
        ("\u{feff}\u{feff}a", "a"),
        ("a \u{202e}b\u{202c} \u{2066}c\u{2069}", "a b c"),
        ("a &#x202E;b", "a b"),
        ("a\u{a0}b", "a&nbsp;b"),
        ("\u{212a}", "K"),
        // `<` and `>` combine with this mark: into a character, and not into markup.
        ("<\u{338}b>", "\u{226e}b&gt;"),
        ("<b>&#x338;</b>", "&lt;b\u{226f}"),
    ] {
        assert_eq!(message(text), stored, "{text:?}");
    }
}

#[test]
fn text_up_to_the_limit_passes_whole() {
    for text in ["a", "&", "<", "\"", "é", "😀", "\u{a0}"] {
        let whole = text.repeat(1000);
        assert!(Message::parse(&whole).is_ok(), "{text}");
        let error = Message::parse(&format!("{whole}{text}")).expect_err(text);
        assert_eq!(error.code, "length");
        assert_eq!(error.to_string(), "must have at most 1000 characters, its markup included");
    }
    assert!(Description::parse(&"a".repeat(5000)).is_ok());
    assert!(Description::parse(&"a".repeat(5001)).is_err());
}

#[test]
fn elements_and_addresses_count() {
    let bold = format!("<b>{}</b>", "a".repeat(999));
    assert!(Message::parse(&bold).is_ok());
    assert!(Message::parse(&format!("{bold}a")).is_err());
    assert!(Message::parse(&"<i></i>".repeat(1000)).is_ok());
    assert!(Message::parse(&"<i></i>".repeat(1001)).is_err());
    // 1 for the link and 22 for its address.
    let link = "<a href='https://example.org/?&amp;'></a>";
    assert!(Description::parse(&format!("{link}{}", "a".repeat(5000 - 23))).is_ok());
    assert!(Description::parse(&format!("{link}{}", "a".repeat(5000 - 22))).is_err());
    // What is not kept does not count, as long as it is not absurd.
    assert_eq!(message(&format!("<!-- {} -->a", "x".repeat(30_000))), "a");
    assert!(Message::parse(&format!("<!-- {} -->a", "x".repeat(32_000))).is_err());
}

#[test]
fn cutting_keeps_characters_whole_and_closes_what_is_open() {
    let filled = |start: usize, text: &str| Message::cut(&format!("{}{text}", "a".repeat(start))).to_string();
    let a = |count: usize| "a".repeat(count);
    assert_eq!(filled(999, "&&"), a(999) + "&amp;");
    assert_eq!(filled(1000, "&"), a(1000));
    assert_eq!(filled(999, "e\u{301}\u{302}x"), a(999));
    assert_eq!(filled(998, "👨‍👩‍👧"), a(998));
    assert_eq!(filled(995, "👨‍👩‍👧b"), a(995) + "👨‍👩‍👧");
    assert_eq!(filled(999, "&\u{302}\u{303}"), a(999));
    assert_eq!(filled(997, "<b>bcd</b>e"), a(997) + "<b>bc</b>");
    assert_eq!(filled(999, "<b>b</b>"), a(999) + "<b></b>");
    assert_eq!(filled(1000, "<b>b</b>"), a(1000));
    assert_eq!(filled(0, "<b>short</b>"), "<b>short</b>");

    let cut = Description::cut(&format!("<p>{}<a href=https://a.example>b</a>", "a".repeat(4990)));
    assert_eq!(cut.as_str(), format!("<p>{}</p>", "a".repeat(4990)));
}

#[test]
fn cutting_looks_at_a_bounded_beginning() {
    let text = "é".repeat(1 << 20);
    assert_eq!(Message::cut(&text).as_str(), "é".repeat(1000));
    assert_eq!(Description::cut(&text).as_str(), "é".repeat(5000));
}

#[test]
fn when_reading_never_settles_the_text_stays() {
    // The control shows up in the first round; nothing is left to do it in a second one.
    let text = "<b>a&#x202e;</b> &lt;<a href=https://a.example>b</a> e<i>&#x301;</i>";
    let settled = DESCRIPTION.clean(text, ROUNDS);
    assert_eq!(settled, format!("<b>a</b> &lt;{} e<i>\u{301}</i>", link("https://a.example/", "b")));
    let fallen_back = DESCRIPTION.clean(text, 1);
    assert_eq!(fallen_back, "a &lt;b \u{e9}");
    assert_eq!(DESCRIPTION.clean(&fallen_back, ROUNDS), fallen_back);
}

// ASVS 15.2.2
#[test]
fn no_text_grows_beyond_its_length() {
    let unlike = (0..800).fold(String::new(), |text, n| text + &format!("<b x{n}>"));
    for bomb in [
        // Each paragraph would repeat all formatting that is open.
        format!("<p>{unlike}{}", "<p>x".repeat(1000)),
        "<b><i>".repeat(5000),
        "<a href=https://a.example><p>".repeat(1000),
        "<table><tr><td><b>".repeat(1000),
        "<svg><math>".repeat(3000),
        "<b><p></b>".repeat(3000),
        "<code><pre>".repeat(3000),
        "<".repeat(30_000),
        "<a ".repeat(10_000),
        "<a \"".repeat(8_000),
        "<!--".repeat(8_000),
        "<script>".repeat(4_000),
        "</script".repeat(4_000),
        "&".repeat(30_000),
        "\u{301}".repeat(15_000),
    ] {
        let clean = Description::cut(&bomb).to_string();
        assert!(clean.len() <= 6 * bomb.len(), "{} from {} of {:?}", clean.len(), bomb.len(), &bomb[..16]);
    }
}
