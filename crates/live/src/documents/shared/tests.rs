//! Documents over nodes that share where they are kept.

use std::sync::atomic::AtomicUsize;

use async_trait::async_trait;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use yrs::block::ClientID;
use yrs::updates::decoder::Decode as _;
use yrs::updates::encoder::Encode as _;
use yrs::{Doc, GetString as _, Options, ReadTxn as _, Text as _, Transact as _, Update};

use super::*;
use crate::documents::log::Merge;

/// Keeps documents in memory, and fails when told to.
#[derive(Default)]
pub(crate) struct Shelf {
    kept: Mutex<HashMap<RoomName, (i64, Stored)>>,
    /// So many more appends fail.
    pub(crate) failures: AtomicUsize,
}

#[async_trait]
impl DocumentLog for Shelf {
    async fn load(&self, room: &RoomName, after: i64) -> Result<Stored, NotKept> {
        let kept = self.kept.lock().expect("fine");
        let Some((before, stored)) = kept.get(room) else { return Ok(Stored::default()) };
        let skipped = usize::try_from((after - before).max(0)).expect("small");
        let snapshot = stored.snapshot.clone().filter(|_| after < *before);
        Ok(Stored { snapshot, updates: stored.updates[skipped..].to_vec(), last: stored.last })
    }

    async fn append(&self, room: &RoomName, _: Uuid, update: &[u8]) -> Result<i64, NotKept> {
        let fails = |left: usize| left.checked_sub(1);
        if self.failures.fetch_update(Ordering::Relaxed, Ordering::Relaxed, fails).is_ok() {
            return Err(NotKept);
        }
        let mut kept = self.kept.lock().expect("fine");
        let (_, stored) = kept.entry(room.clone()).or_default();
        stored.updates.push(update.to_vec());
        stored.last += 1;
        Ok(stored.last)
    }

    async fn compact(&self, room: &RoomName, merge: Merge) -> Result<(), NotKept> {
        let mut kept = self.kept.lock().expect("fine");
        let (before, stored) = kept.entry(room.clone()).or_default();
        stored.snapshot = Some(merge(stored.clone()).ok_or(NotKept)?);
        stored.updates.clear();
        *before = stored.last;
        Ok(())
    }
}

fn room() -> RoomName {
    RoomName::new(None, "study".parse().expect("a name"))
}

/// Somebody with a copy of their own.
struct Editor(Doc);

impl Editor {
    fn new(number: u64) -> Self {
        let doc = Doc::with_options(Options { client_id: ClientID::new(number + 10), ..Options::default() });
        doc.get_or_insert_text("content");
        Self(doc)
    }

    fn write(&self, at: u32, words: &str) -> Bytes {
        let text = self.0.get_or_insert_text("content");
        let seen = self.0.transact().state_vector();
        let at = at.min(text.len(&self.0.transact()));
        text.insert(&mut self.0.transact_mut(), at, words);
        self.0.transact().encode_diff_v1(&seen).into()
    }

    async fn open(&self, documents: &Documents) {
        let seen = self.0.transact().state_vector().encode_v1();
        let opened = documents.open(&room(), seen.into()).await.expect("a document");
        let update = Update::decode_v1(&opened.update).expect("a change");
        self.0.transact_mut().apply_update(update).expect("taken");
    }

    fn text(&self) -> String {
        let text = self.0.get_or_insert_text("content");
        text.get_string(&self.0.transact())
    }
}

fn node(shelf: &Arc<Shelf>) -> Documents {
    Documents::new(Arc::clone(shelf) as Arc<dyn DocumentLog>, DocumentConfig::default())
}

const USER: Uuid = Uuid::from_u128(7);

#[tokio::test]
async fn whoever_comes_late_at_another_node_sees_the_newest_text() {
    let shelf = Arc::new(Shelf::default());
    let (one, two) = (node(&shelf), node(&shelf));
    let (ann, bob) = (Editor::new(1), Editor::new(2));
    one.update(&room(), USER, ann.write(0, "hello")).await.expect("kept");
    bob.open(&two).await;
    assert_eq!(bob.text(), "hello");
    two.update(&room(), USER, bob.write(5, " world")).await.expect("kept");
    ann.open(&one).await;
    assert_eq!(ann.text(), "hello world");
    // It builds on what the first node has not read.
    one.update(&room(), USER, bob.write(11, "!")).await.expect("kept");
}

#[tokio::test]
async fn what_could_not_be_kept_is_not_in_the_document() {
    let shelf = Arc::new(Shelf::default());
    let (node, ann) = (node(&shelf), Editor::new(1));
    node.update(&room(), USER, ann.write(0, "kept")).await.expect("kept");
    shelf.failures.store(1, Ordering::Relaxed);
    let lost = ann.write(4, " lost");
    assert_eq!(node.update(&room(), USER, lost.clone()).await, Err(NoDocument::Unavailable));
    let bob = Editor::new(2);
    bob.open(&node).await;
    assert_eq!(bob.text(), "kept");
    node.update(&room(), USER, lost).await.expect("kept this time");
}

#[tokio::test]
async fn whoever_would_break_a_document_changes_none_for_a_while() {
    let (node, ann) = (node(&Arc::new(Shelf::default())), Editor::new(1));
    node.update(&room(), USER, ann.write(0, "hello")).await.expect("kept");
    node.banned().insert(USER, Instant::now() + BANNED);
    assert_eq!(node.update(&room(), USER, ann.write(0, "oh ")).await, Err(NoDocument::Banned));
    let other = Uuid::from_u128(8);
    node.update(&room(), other, ann.write(0, "well, ")).await.expect_err("it builds on what was not taken");
    ann.open(&node).await;
    node.update(&room(), other, Editor::new(3).write(0, "fine ")).await.expect("kept");
}

#[tokio::test]
async fn what_is_kept_and_cannot_be_read_is_said_and_not_overwritten() {
    let shelf = Arc::new(Shelf::default());
    shelf.append(&room(), USER, b"not a change").await.expect("kept");
    let node = node(&shelf);
    assert_eq!(node.open(&room(), Bytes::from_static(&[0])).await, Err(NoDocument::Broken));
    assert_eq!(node.update(&room(), USER, Editor::new(1).write(0, "x")).await, Err(NoDocument::Broken));
    assert_eq!(shelf.load(&room(), 0).await.expect("kept").updates.len(), 1);
}

/// What happens to a document.
#[derive(Debug, Clone)]
enum Step {
    Write { editor: usize, node: usize, at: u32, words: String },
    Open { editor: usize, node: usize },
    Junk { node: usize, bytes: Vec<u8> },
    Fail,
    Compact,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let (editor, node) = (|| 0..3_usize, || 0..2_usize);
    let step = prop_oneof![
        6 => (editor(), node(), 0..30_u32, "[a-z]{1,5}").prop_map(|(editor, node, at, words)| Step::Write { editor, node, at, words }),
        3 => (editor(), node()).prop_map(|(editor, node)| Step::Open { editor, node }),
        1 => (node(), proptest::collection::vec(any::<u8>(), 0..40)).prop_map(|(node, bytes)| Step::Junk { node, bytes }),
        1 => Just(Step::Fail),
        1 => Just(Step::Compact),
    ];
    proptest::collection::vec(step, 1..40)
}

#[test]
fn all_end_with_the_same_text_whatever_happens() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let mut runner = TestRunner::new(ProptestConfig { cases: 64, ..ProptestConfig::default() });
    let tried = runner.run(&steps(), |steps| {
        runtime.block_on(async {
            let shelf = Arc::new(Shelf::default());
            let nodes = [node(&shelf), node(&shelf)];
            let editors: Vec<_> = (0..3).map(Editor::new).collect();
            let stranger = Uuid::from_u128(9);
            for step in &steps {
                match step {
                    Step::Write { editor, node, at, words } => {
                        editors[*editor].write(*at, words);
                        // All that the editor has: nothing builds on what was lost.
                        let all = editors[*editor]
                            .0
                            .transact()
                            .encode_state_as_update_v1(&yrs::StateVector::default());
                        let done = nodes[*node].update(&room(), USER, all.into()).await;
                        assert!(matches!(done, Ok(()) | Err(NoDocument::Unavailable)), "{done:?}");
                    }
                    Step::Open { editor, node } => editors[*editor].open(&nodes[*node]).await,
                    Step::Junk { node, bytes } => {
                        let _ = nodes[*node].update(&room(), stranger, bytes.clone().into()).await;
                    }
                    Step::Fail => shelf.failures.store(1, Ordering::Relaxed),
                    Step::Compact => nodes[0].compact(nodes[0].shared(&room())),
                }
            }
            shelf.failures.store(0, Ordering::Relaxed);
            for editor in &editors {
                let all = editor.0.transact().encode_state_as_update_v1(&yrs::StateVector::default());
                nodes[0].update(&room(), USER, all.into()).await.expect("kept");
            }
            for (index, editor) in editors.iter().enumerate() {
                editor.open(&nodes[index % 2]).await;
            }
            assert_eq!(editors[0].text(), editors[1].text());
            assert_eq!(editors[1].text(), editors[2].text());
        });
        Ok(())
    });
    tried.expect("they end equal");
}
