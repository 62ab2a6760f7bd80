//! What may be believed, and what may not.

use proptest::prelude::*;
use yrs::{Array as _, GetString as _, Map as _, Text as _};

use super::*;

/// A change that yrs 0.28.1 takes, and that makes it panic whenever the document is encoded afterwards.
const POISON: &str = "0101010812c4010701000a68656c6c6f20e29c932000";

fn rules() -> DocumentConfig {
    DocumentConfig { max_document_bytes: 8 * 1024, ..DocumentConfig::default() }
}

/// Somebody who edits, of this number.
fn editor(number: u64) -> Doc {
    let doc = Doc::with_options(Options { client_id: ClientID::new(number + 10), ..Options::default() });
    doc.get_or_insert_text("content");
    doc
}

/// What an editor has, as one change.
fn all_of(doc: &Doc) -> Vec<u8> {
    doc.transact().encode_state_as_update_v1(&StateVector::default())
}

/// An editor writes something; the change.
fn write(doc: &Doc, at: u32, words: &str) -> Vec<u8> {
    let text = doc.get_or_insert_text("content");
    let seen = doc.transact().state_vector();
    text.insert(&mut doc.transact_mut(), at, words);
    doc.transact().encode_diff_v1(&seen)
}

fn text_of(document: &Document) -> String {
    let doc = editor(99);
    change(&doc, &document.whole().expect("it can be written")).expect("it can be read");
    let text = doc.get_or_insert_text("content");
    text.get_string(&doc.transact())
}

#[test]
fn changes_are_taken_and_given_to_who_lacks_them() {
    let (mut document, ann, bob) = (Document::new(rules()), editor(1), editor(2));
    document.admit(&write(&ann, 0, "hello")).expect("an honest change");
    let seen = bob.transact().state_vector().encode_v1();
    change(&bob, &document.difference(&seen).expect("a difference")).expect("taken");
    document.admit(&write(&bob, 5, " world")).expect("an honest change");
    assert_eq!(text_of(&document), "hello world");
    let seen = document.state_vector();
    assert!(document.difference(&seen).expect("nothing").len() <= 4);
}

#[test]
fn a_change_that_would_break_the_document_is_refused_and_it_lives_on() {
    let poison = hex(POISON);
    assert_eq!(poison.len(), 22);
    let (mut document, ann) = (Document::new(rules()), editor(1));
    document.admit(&write(&ann, 0, "hello")).expect("an honest change");
    for _ in 0..3 {
        let refused = document.admit(&poison).expect_err("refused");
        assert!(matches!(refused, Refused::Harmful | Refused::Incomplete), "{refused:?}");
        document.admit(&write(&ann, 0, "oh ")).expect("an honest change");
    }
    assert_eq!(text_of(&document), "oh oh oh hello");
    // To a document with nothing in it, as well.
    let mut document = Document::new(rules());
    document.admit(&poison).expect_err("refused");
    document.admit(&all_of(&ann)).expect("an honest change");
}

#[test]
fn what_is_no_change_is_refused() {
    let mut document = Document::new(rules());
    for bytes in [&b""[..], b"\x01", b"hello", &[0xff; 100], &[0; 3]] {
        let refused = document.admit(bytes);
        // Two zeros are a change of nothing.
        assert!(
            matches!(refused, Err(Refused::Malformed | Refused::Incomplete) | Ok(())),
            "{bytes:?}: {refused:?}"
        );
    }
    assert_eq!(document.admit(&vec![0; rules().max_update_bytes + 1]), Err(Refused::TooLarge));
    assert_eq!(document.difference(b"\xff\xff\xff\xff"), Err(Refused::Malformed));
    document.admit(&write(&editor(1), 0, "still here")).expect("an honest change");
}

#[test]
fn a_change_that_builds_on_something_missing_is_refused() {
    let (mut document, ann) = (Document::new(rules()), editor(1));
    let first = write(&ann, 0, "first");
    let second = write(&ann, 5, " second");
    assert_eq!(document.admit(&second), Err(Refused::Incomplete));
    document.admit(&first).expect("an honest change");
    document.admit(&second).expect("an honest change");
    assert_eq!(text_of(&document), "first second");
}

#[test]
fn nothing_but_the_texts_may_be_changed() {
    let mut document = Document::new(rules());
    let stranger = editor(1);
    stranger.get_or_insert_map("settings").insert(&mut stranger.transact_mut(), "is_admin", true);
    assert_eq!(document.admit(&all_of(&stranger)), Err(Refused::UnknownPart));
    let stranger = editor(2);
    stranger.get_or_insert_array("content2").push_back(&mut stranger.transact_mut(), 1);
    assert_eq!(document.admit(&all_of(&stranger)), Err(Refused::UnknownPart));
    document.admit(&write(&editor(3), 0, "fine")).expect("an honest change");
    assert_eq!(text_of(&document), "fine");
}

#[test]
fn a_document_grows_to_its_limit_and_no_further() {
    let (mut document, ann) = (Document::new(rules()), editor(1));
    let words = "x".repeat(1_000);
    let mut taken = 0;
    let refused = loop {
        match document.admit(&write(&ann, 0, &words)) {
            Ok(()) => taken += 1,
            Err(refused) => break refused,
        }
    };
    assert_eq!((taken, refused), (8, Refused::Full));
    assert_eq!(text_of(&document).len(), 8_000);
}

fn hex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).expect("hex")).collect()
}

proptest! {
    #[test]
    fn whatever_is_sent_the_document_lives_on(
        junk in proptest::collection::vec(any::<u8>(), 0..200),
        flips in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
    ) {
        let (mut document, ann) = (Document::new(rules()), editor(1));
        document.admit(&write(&ann, 0, "hello, all of you")).expect("an honest change");
        let _ = document.admit(&junk);
        let mut bent = write(&ann, 3, "bent");
        let honest = bent.clone();
        for (at, byte) in flips {
            let at = at.index(bent.len());
            bent[at] = byte;
        }
        let _ = document.admit(&bent);
        prop_assert!(document.whole().is_ok());
        let taken = document.admit(&honest);
        prop_assert!(matches!(taken, Ok(()) | Err(Refused::Incomplete)), "{:?}", taken);
        document.admit(&write(&editor(2), 0, "and so on")).expect("an honest change");
    }
}
