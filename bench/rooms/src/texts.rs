//! Making text safe: the texts, and how fast it goes.

mod honest;
// The same attacks as in guard's tests.
#[path = "../../../crates/guard/tests/it/text/known.rs"]
mod known;
#[path = "../../../crates/guard/tests/it/text/payloads.rs"]
mod payloads;

use std::collections::BTreeMap;
use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::time::Duration;

use clap::ValueEnum;
use guard::text::{Code, Description, Message, TextError, ToHtml};
use rand_chacha::ChaCha8Rng;
use rand_core::{Rng as _, SeedableRng as _};
use serde::Serialize;

use self::honest::Author;
use crate::measure::{Sample, repeatedly};

/// How many texts of each kind.
const TEXTS: usize = 2_000;

/// As what a text is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Kind {
    /// A message of a chat.
    Message,
    /// A text with paragraphs and links.
    Description,
    /// Plain text that is put into a page.
    Code,
}

/// What it came to.
#[derive(Debug, Serialize)]
pub(crate) struct Figures {
    #[serde(flatten)]
    sample: Sample,
    /// How many there are, each of which was read equally often.
    texts: usize,
    /// Of all texts.
    bytes: usize,
    /// Of what was made of them.
    html_bytes: usize,
    refused: usize,
}

/// Writes the texts, and says how many bytes each file has of them.
pub(crate) fn write(folder: &Path) -> anyhow::Result<BTreeMap<&'static str, usize>> {
    let mut author = Author::new(1);
    let chat: Vec<_> = (0..TEXTS).map(|_| author.message()).collect();
    let rich: Vec<_> = (0..TEXTS / 4).map(|_| author.description()).collect();
    let source: Vec<_> = (0..TEXTS / 4).map(|_| author.source()).collect();
    let stored = chat.iter().map(|text| Message::cut(text).to_string()).collect();
    let mut sizes = BTreeMap::new();
    for (name, texts) in
        [("chat", chat), ("stored", stored), ("rich", rich), ("hostile", attacks()), ("source", source)]
    {
        fs::write(folder.join(name).with_extension("json"), serde_json::to_vec(&texts)?)?;
        sizes.insert(name, texts.iter().map(String::len).sum());
    }
    Ok(sizes)
}

/// The known ones, and those that chance writes in the grammar of attacks.
fn attacks() -> Vec<String> {
    let mut chance = ChaCha8Rng::seed_from_u64(1);
    let generated = std::iter::repeat_with(move || {
        let mut bytes = vec![0; 8 + (chance.next_u32() % 56) as usize];
        chance.fill_bytes(&mut bytes);
        payloads::from(&bytes)
    });
    known::KNOWN.iter().map(ToString::to_string).chain(generated).take(TEXTS).collect()
}

pub(crate) fn measure(kind: Kind, file: &Path, seconds: Duration) -> anyhow::Result<Figures> {
    let texts: Vec<String> = serde_json::from_slice(&fs::read(file)?)?;
    let read: fn(&str) -> Option<usize> = match kind {
        Kind::Message => |text| rendered(Message::parse(text)),
        Kind::Description => |text| rendered(Description::parse(text)),
        Kind::Code => |text| rendered(Code::parse(text)),
    };
    let lengths: Vec<_> = texts.iter().map(|text| read(text)).collect();
    let sample = repeatedly(seconds, || {
        for text in &texts {
            black_box(read(black_box(text)));
        }
        texts.len() as u64
    });
    Ok(Figures {
        sample,
        texts: texts.len(),
        bytes: texts.iter().map(String::len).sum(),
        html_bytes: lengths.iter().flatten().sum(),
        refused: lengths.iter().filter(|length| length.is_none()).count(),
    })
}

fn rendered(text: Result<impl ToHtml, TextError>) -> Option<usize> {
    text.ok().map(|text| black_box(text.to_html()).len())
}
