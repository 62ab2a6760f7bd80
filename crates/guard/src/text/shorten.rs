//! Measures and shortens markup. Of clean markup it counts what people read; of other, a little less or more.

use std::mem;

use unicode_segmentation::UnicodeSegmentation as _;

use super::pieces::Piece;

/// What a piece counts: each character of its text, and for an element one, with the characters of its address.
pub(super) fn cost(piece: Piece<'_>) -> usize {
    match piece {
        Piece::Text(text) => characters(text),
        Piece::Open(_, href) => 1 + href.map_or(0, characters),
        Piece::Close(_) => 0,
    }
}

/// The pieces up to the first that does not fit into `budget`; of a text, as much as fits, and then nothing that counts.
pub(super) fn shorten<'a>(
    pieces: impl Iterator<Item = Piece<'a>>,
    mut budget: usize,
) -> impl Iterator<Item = Piece<'a>> {
    pieces.map_while(move |piece| {
        let cost = cost(piece);
        if cost <= budget {
            budget -= cost;
            return Some(piece);
        }
        match piece {
            Piece::Text(text) => Some(Piece::Text(beginning(text, mem::take(&mut budget)))),
            Piece::Open(..) | Piece::Close(_) => None,
        }
    })
}

fn characters(text: &str) -> usize {
    let mut count = 0;
    let mut rest = text;
    while !rest.is_empty() {
        count += 1;
        rest = &rest[first(rest)..];
    }
    count
}

/// The longest beginning of a text that counts no more than `budget` and ends where a person sees a character end
/// (UAX #29, extended grapheme clusters).
fn beginning(text: &str, budget: usize) -> &str {
    let mut count = 0;
    let mut counted = 0;
    let mut end = 0;
    for (start, cluster) in text.grapheme_indices(true) {
        let after = start + cluster.len();
        while counted < after {
            count += 1;
            counted += first(&text[counted..]);
        }
        if count > budget {
            break;
        }
        // Or else the cluster ends inside a reference.
        if counted == after {
            end = after;
        }
    }
    &text[..end]
}

/// How many bytes the first character of a text has, or the reference to one that it begins with.
fn first(text: &str) -> usize {
    /// `&CounterClockwiseContourIntegral;`
    const LONGEST_REFERENCE: usize = 33;
    let character = text.chars().next().map_or(0, char::len_utf8);
    let reference = text.strip_prefix('&').and_then(|name| {
        let length =
            name.bytes().take(LONGEST_REFERENCE).position(|b| !b.is_ascii_alphanumeric() && b != b'#')?;
        name[length..].starts_with(';').then_some(character + length + 1)
    });
    reference.unwrap_or(character)
}
