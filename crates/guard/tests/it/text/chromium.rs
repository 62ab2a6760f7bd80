//! What guard lets through, in real Chromium: it holds nothing but allowed elements, and nothing of it runs.

use guard::text::{Description, Message};
use rand_chacha::ChaCha8Rng;
use rand_core::{Rng as _, SeedableRng as _};

use super::known::KNOWN;
use super::page::{Kind, Texts, show};
use super::payloads;
use super::strict::Markup;

const PAYLOADS: usize = 10_000;

/// How many of the known attacks run in Chromium when nobody stops them. The others belong to browsers of their time
/// or wait for a click.
const CONTROLS: usize = 40;

/// The same texts in every run: the known ones, and those that chance writes in the grammar of attacks.
fn texts() -> impl Iterator<Item = String> {
    let mut chance = ChaCha8Rng::seed_from_u64(1);
    let generated = std::iter::repeat_with(move || {
        let mut bytes = vec![0; 8 + (chance.next_u32() % 56) as usize];
        chance.fill_bytes(&mut bytes);
        payloads::from(&bytes)
    });
    KNOWN.iter().map(ToString::to_string).chain(generated.take(PAYLOADS))
}

fn safe<T: Markup>() -> Kind {
    Kind { tags: T::TAGS, texts: texts().map(|text| T::cut(&text).to_string()).collect() }
}

// ASVS 1.3.1
#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_passes_runs_in_a_browser() {
    let texts = Texts {
        kinds: vec![safe::<Message>(), safe::<Description>()],
        controls: KNOWN.to_vec(),
        enough: CONTROLS,
    };
    let report = show(&texts).await;

    assert_eq!(report.flaws, Vec::<String>::new());
    assert_eq!(report.executed, Vec::<serde_json::Value>::new());
    assert_eq!(report.seen, 2 * (PAYLOADS + KNOWN.len()));
    assert!(report.looks > 8 * report.seen, "{}", report.looks);
    assert!(report.noticed >= 2 * CONTROLS, "{}", report.noticed);
    assert!(report.caught.len() >= CONTROLS, "the traps caught only {:?}", report.caught);
}
