//! What holds for every text: for what people write, for what attackers write, and for noise.

use std::fmt::Write as _;

use guard::text::{Description, Message};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use unicode_normalization::{UnicodeNormalization as _, is_nfc};

use super::payloads;
use super::strict::{Markup, hold, read};

/// Markup as somebody means it.
#[derive(Debug, Clone)]
enum Node {
    Text(String),
    Element(&'static str, Vec<Node>),
    Link(&'static str, Vec<Node>),
    Break,
}

const ADDRESSES: &[&str] = &[
    "https://example.org/",
    "http://example.org:8080/a/b?c=d&e=%20f#g",
    "mailto:ada@example.org?subject=x",
    "https://xn--bcher-kva.example/%C3%A9",
];

fn character() -> impl Strategy<Value = char> {
    prop_oneof![
        4 => proptest::char::range(' ', '~'),
        2 => any::<char>(),
        1 => select(&['<', '>', '&', '"', '\'', '\n', '\t', '\u{a0}', '\u{200d}', '\u{1f468}', '\u{301}', '\u{5d0}'][..]),
    ]
}

/// Text that has its one form already.
fn words() -> impl Strategy<Value = String> {
    let kept = |c: &char| !forbidden(*c);
    vec(character(), 1..24).prop_map(move |text| text.into_iter().filter(kept).nfc().collect())
}

fn forbidden(c: char) -> bool {
    (c.is_control() && c != '\n' && c != '\t')
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

fn inline() -> impl Strategy<Value = Node> {
    words().prop_map(Node::Text).prop_recursive(4, 24, 4, |inner| {
        (select(&["b", "i", "em", "strong", "code"][..]), vec(inner, 0..4))
            .prop_map(|(name, content)| Node::Element(name, content))
    })
}

fn message() -> impl Strategy<Value = Vec<Node>> {
    vec(inline(), 0..8)
}

fn description() -> impl Strategy<Value = Vec<Node>> {
    let link = (select(ADDRESSES), vec(inline(), 0..4)).prop_map(|(to, content)| Node::Link(to, content));
    let flow = prop_oneof![4 => inline(), 2 => link, 1 => Just(Node::Break)].boxed();
    let block = (select(&["p", "pre"][..]), vec(flow.clone(), 0..5)).prop_map(|(name, mut content)| {
        // A line's end at the beginning of a `pre` means nothing, wherever people write it.
        content.insert(0, Node::Text("x".into()));
        Node::Element(name, content)
    });
    vec(prop_oneof![flow, block.boxed()], 0..10)
}

/// The markup as it is stored.
fn plainly(nodes: &[Node]) -> String {
    nodes.iter().fold(String::new(), |html, node| match node {
        Node::Text(text) => html + &escaped(text),
        Node::Element(name, content) => html + &format!("<{name}>{}</{name}>", plainly(content)),
        Node::Link(to, content) => {
            let to = to.replace('&', "&amp;");
            let rel = "noopener noreferrer nofollow ugc";
            html + &format!("<a href=\"{to}\" rel=\"{rel}\">{}</a>", plainly(content))
        }
        Node::Break => html + "<br>",
    })
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('\u{a0}', "&nbsp;")
}

/// The same markup as another editor would write it, with much that is not kept.
fn oddly(nodes: &[Node]) -> String {
    nodes.iter().fold(String::new(), |html, node| match node {
        Node::Text(text) => {
            html + &text.chars().fold(String::new(), |mut html, c| {
                write!(html, "&#x{:X};", u32::from(c)).expect("a string takes everything");
                html
            })
        }
        Node::Element(name, content) => {
            let tag = name.to_uppercase();
            html + &format!("<{tag}\nclass=x  onclick='hit(\">\")' style=>{}</{tag} x>", oddly(content))
        }
        Node::Link(to, content) => {
            html + &format!("<span id=x><A target=_top HREF = '{to}' href=x>{}</a></SPAN>", oddly(content))
        }
        Node::Break => html + "<!-- > --><bR/><style>b { color: red }</style>",
    })
}

fn survives<T: Markup>(nodes: &[Node]) -> Result<(), TestCaseError> {
    let html = plainly(nodes);
    // A mark at the seam of two texts, or behind a tag, combines with what is before it.
    prop_assume!(is_nfc(&html));
    let clean = read(&html, T::TAGS).map_err(TestCaseError::fail)?;
    prop_assume!(clean.cost <= T::LONGEST);
    prop_assert_eq!(T::parse(&html).map(|it| it.to_string()), Ok(html.clone()));
    prop_assert_eq!(T::parse(&oddly(nodes)).map(|it| it.to_string()), Ok(html));
    Ok(())
}

/// What is cut is the beginning of what was said, and not much less than is allowed.
fn is_cut_well<T: Markup>(nodes: &[Node]) -> Result<(), TestCaseError> {
    let html = plainly(nodes);
    let cost = read(&html, T::TAGS).map_err(TestCaseError::fail)?.cost;
    prop_assume!(cost > 0);
    let html = html.repeat(T::LONGEST / cost + 1);
    prop_assume!(is_nfc(&html));
    let whole = read(&html, T::TAGS).map_err(TestCaseError::fail)?;
    let cut = read(&T::cut(&html).to_string(), T::TAGS).map_err(TestCaseError::fail)?;
    prop_assert!(whole.text.starts_with(&cut.text), "{:?} of {:?}", cut.text, whole.text);
    // What comes next does not fit: an address at most, or a letter with all its marks.
    prop_assert!((T::LONGEST - 64..=T::LONGEST).contains(&cut.cost), "{} of {}", cut.cost, whole.cost);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    // ASVS 1.3.1, 1.3.3
    #[test]
    fn attacks_become_clean_markup_that_stays_as_it_is(bytes in vec(any::<u8>(), 0..600)) {
        let text = payloads::from(&bytes);
        hold::<Message>(&text);
        hold::<Description>(&text);
    }

    #[test]
    fn noise_becomes_clean_markup_that_stays_as_it_is(text in vec(character(), 0..400)) {
        let text: String = text.into_iter().collect();
        hold::<Message>(&text);
        hold::<Description>(&text);
    }

    #[test]
    fn what_a_message_may_have_survives(nodes in message()) {
        survives::<Message>(&nodes)?;
        survives::<Description>(&nodes)?;
    }

    #[test]
    fn what_a_description_may_have_survives(nodes in description()) {
        survives::<Description>(&nodes)?;
    }

    #[test]
    fn text_without_markup_is_kept_to_the_letter(text in words()) {
        for text in [escaped(&text), text.replace(['<', '&'], "")] {
            let stored = Message::parse(&text).expect("a short text").to_string();
            let said = read(&stored, Message::TAGS).map_err(TestCaseError::fail)?.text;
            let meant = text.replace("&lt;", "<").replace("&gt;", ">").replace("&nbsp;", "\u{a0}");
            prop_assert_eq!(said, meant.replace("&amp;", "&").nfc().collect::<String>());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn cutting_keeps_a_beginning_that_is_as_long_as_it_may_be(nodes in description()) {
        is_cut_well::<Description>(&nodes)?;
    }

    #[test]
    fn cutting_a_message_does_the_same(nodes in message()) {
        is_cut_well::<Message>(&nodes)?;
    }
}
