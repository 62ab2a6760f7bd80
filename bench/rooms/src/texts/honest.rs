//! What people write who mean no harm: messages, descriptions, source code. Chance puts them together, the same way in
//! every run.

use rand_chacha::ChaCha8Rng;
use rand_core::{Rng as _, SeedableRng as _};

const WORDS: &[&str] = &[
    "the",
    "a",
    "to",
    "and",
    "of",
    "in",
    "it",
    "is",
    "you",
    "that",
    "for",
    "was",
    "with",
    "this",
    "have",
    "but",
    "not",
    "are",
    "lesson",
    "contract",
    "function",
    "storage",
    "balance",
    "exam",
    "price",
    "order",
    "chart",
    "room",
    "question",
    "answer",
    "think",
    "works",
    "breaks",
    "yesterday",
    "tomorrow",
    "please",
    "thanks",
    "why",
    "because",
    "maybe",
    "exactly",
    "nearly",
    "naïve",
    "café",
    "größer",
    "élève",
    "señor",
    "Zürich",
    "日本",
    "привет",
    "👍",
    "🎉",
];

const ODDITIES: &[&str] = &[
    "a < b && b > c",
    "Vec<String>",
    "mapping(address => uint256)",
    "AT&T",
    "x > 0 ? \"yes\" : 'no'",
    "<3",
    "I said: data: is a scheme",
    "https://docs.example.org/guide?page=2&lang=en",
    "ada@example.org",
    "-->",
    "10 % of 1,000 €",
    "¯\\_(ツ)_/¯",
];

const LINES: &[&str] = &[
    "contract Purse {",
    "    mapping(address => uint256) private balances;",
    "    function deposit() external payable {",
    "        balances[msg.sender] += msg.value;",
    "        require(a < b && b > 0, \"too little\");",
    "    }",
    "}",
    "    // what is left: x & ~y",
    "let list: Vec<Option<&str>> = words.iter().map(|w| w.get(..n)).collect();",
];

/// Writes.
pub(super) struct Author(ChaCha8Rng);

impl Author {
    pub(super) fn new(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    /// A sentence or three; every fourth has markup, every sixth something that looks like it.
    pub(super) fn message(&mut self) -> String {
        let sentences = 1 + self.up_to(3);
        let mut text = (0..sentences).map(|_| self.sentence()).collect::<Vec<_>>().join(" ");
        if self.up_to(4) == 0 {
            let tag = self.one(&["b", "i", "em", "strong", "code"]);
            text = format!("{text} <{tag}>{}</{tag}>", self.phrase(4));
        }
        if self.up_to(6) == 0 {
            text = format!("{text} {}", self.one(ODDITIES));
        }
        text
    }

    /// Paragraphs with links, line breaks, emphasis and code: two thousand characters or so.
    pub(super) fn description(&mut self) -> String {
        let paragraphs = 3 + self.up_to(5);
        (0..paragraphs).map(|_| self.paragraph()).collect::<Vec<_>>().join("\n")
    }

    /// A file of source code, of two thousand characters or so.
    pub(super) fn source(&mut self) -> String {
        let lines = 20 + self.up_to(60);
        (0..lines).map(|_| self.one(LINES)).collect::<Vec<_>>().join("\n")
    }

    fn paragraph(&mut self) -> String {
        let sentences = 2 + self.up_to(4);
        let text = (0..sentences).map(|_| self.sentence()).collect::<Vec<_>>().join("<br>");
        let (phrase, number) = (self.phrase(3), self.up_to(1000));
        let link = format!("<a href=\"https://example.org/lessons/{number}?from=list&amp;n=1\">{phrase}</a>");
        let end = match self.up_to(3) {
            0 => format!("<pre>{}</pre>", self.one(LINES).replace('&', "&amp;").replace('<', "&lt;")),
            1 => format!("<em>{}</em>", self.phrase(5)),
            _ => String::new(),
        };
        format!("<p>{text} {link} <strong>{}</strong></p>{end}", self.phrase(2))
    }

    fn sentence(&mut self) -> String {
        let words = 4 + self.up_to(14);
        let mark = self.one(&[".", ".", "!", "?", " …"]);
        format!("{}{mark}", self.phrase(words))
    }

    fn phrase(&mut self, words: usize) -> String {
        (0..words).map(|_| self.one(WORDS)).collect::<Vec<_>>().join(" ")
    }

    fn one<'b>(&mut self, list: &[&'b str]) -> &'b str {
        list[self.up_to(list.len())]
    }

    fn up_to(&mut self, end: usize) -> usize {
        usize::try_from(self.0.next_u32()).expect("32 bits") % end
    }
}
