//! Documents that are edited together, over real connections and nodes.

use std::sync::Arc;

use serde_json::{Value, json};
use testkit::{Guest, RedisServer, until};
use yrs::block::ClientID;
use yrs::updates::decoder::Decode as _;
use yrs::updates::encoder::Encode as _;
use yrs::{Doc, GetString as _, Options, ReadTxn as _, Text as _, Transact as _, Update};

use super::arrive;
use super::node::{Node, user};

/// Somebody with a copy of the document.
struct Editor {
    guest: Guest,
    doc: Doc,
}

fn study() -> Value {
    json!({ "roomId": "study" })
}

fn bytes(value: &Value) -> Vec<u8> {
    serde_json::from_value(value.clone()).expect("bytes")
}

impl Editor {
    async fn join(node: &Node, number: u32) -> Self {
        let mut guest = arrive(node.address, number).await;
        guest.join("study").await;
        let id = ClientID::new(u64::from(number) + 100);
        let doc = Doc::with_options(Options { client_id: id, ..Options::default() });
        doc.get_or_insert_text("content");
        let mut editor = Self { guest, doc };
        editor.open().await;
        editor
    }

    async fn open(&mut self) {
        let seen = self.doc.transact().state_vector().encode_v1();
        let (answer, data) = self.guest.ask_with("document:open", &study(), &seen).await;
        assert_eq!(answer["ok"], true, "{answer}");
        self.take(&data[0]);
    }

    fn take(&self, update: &[u8]) {
        let update = Update::decode_v1(update).expect("a change");
        self.doc.transact_mut().apply_update(update).expect("taken");
    }

    /// Writes at the end, and says so.
    async fn write(&mut self, words: &str) {
        let text = self.doc.get_or_insert_text("content");
        let seen = self.doc.transact().state_vector();
        text.push(&mut self.doc.transact_mut(), words);
        let update = self.doc.transact().encode_diff_v1(&seen);
        let (answer, _) = self.guest.ask_with("document:update", &study(), &update).await;
        assert_eq!(answer, json!({ "ok": true }));
    }

    /// Takes the next change of somebody else.
    async fn hear(&mut self) {
        let news = self.guest.hears("document:update").await;
        self.take(&bytes(&news[1]));
    }

    fn text(&self) -> String {
        let text = self.doc.get_or_insert_text("content");
        text.get_string(&self.doc.transact())
    }
}

#[tokio::test]
async fn what_one_writes_the_others_see() {
    let node = Node::start().await;
    let (mut ann, mut bob) = (Editor::join(&node, 1).await, Editor::join(&node, 2).await);
    ann.write("hello").await;
    bob.hear().await;
    bob.write(" world").await;
    ann.hear().await;
    assert_eq!((ann.text().as_str(), bob.text().as_str()), ("hello world", "hello world"));
    assert_eq!(Editor::join(&node, 3).await.text(), "hello world", "and who comes late");
}

#[tokio::test]
async fn a_change_that_would_break_the_document_is_refused_and_the_room_lives_on() {
    let node = Node::start().await;
    let (mut ann, mut bob) = (Editor::join(&node, 1).await, Editor::join(&node, 2).await);
    ann.write("hello").await;
    bob.hear().await;
    let poison = b"\x01\x01\x01\x08\x12\xc4\x01\x07\x01\x00\x0a\x68\x65\x6c\x6c\x6f\x20\xe2\x9c\x93\x20\x00";
    let (answer, _) = bob.guest.ask_with("document:update", &study(), poison).await;
    assert_eq!(answer["ok"], false, "{answer}");
    for junk in [&b"junk"[..], &[0xff; 50]] {
        let (answer, _) = bob.guest.ask_with("document:update", &study(), junk).await;
        assert_eq!(answer["ok"], false, "{answer}");
    }
    let answer = bob.guest.ask("document:update", &json!([study(), "no bytes"])).await;
    assert_eq!(answer["code"], "invalid_input");
    ann.write(" again").await;
    bob.hear().await;
    assert_eq!(bob.text(), "hello again");
    assert_eq!(Editor::join(&node, 3).await.text(), "hello again");
}

#[tokio::test]
async fn others_see_where_somebody_is_and_who_says_the_server() {
    let node = Node::start().await;
    let (mut ann, mut bob) = (Editor::join(&node, 1).await, Editor::join(&node, 2).await);
    let claim = json!({ "cursor": 3, "user": { "name": "root" }, "clientId": 5 });
    let answer = ann.guest.ask("document:awareness", &json!([study(), claim])).await;
    assert_eq!(answer, json!({ "ok": true }));
    let seen = bob.guest.hears("document:awareness").await.remove(0);
    assert_eq!(
        (&seen["userId"], &seen["username"], &seen["state"]),
        (&json!(user(1)), &json!("user1"), &json!({ "cursor": 3 }))
    );
    assert_ne!(seen["clientId"], 5);
    drop(ann);
    assert_eq!(bob.guest.hears("document:awareness").await[0]["state"], Value::Null, "gone");
    let answer = bob.guest.ask("document:awareness", &json!([study(), "nowhere"])).await;
    assert_eq!(answer["code"], "invalid_input");
}

#[tokio::test]
async fn two_who_edit_on_two_nodes_end_with_the_same_text() {
    let (mut redis, shelf) = (RedisServer::start().await, Arc::default());
    let (one, two) = (Node::sharing(&redis, &shelf).await, Node::sharing(&redis, &shelf).await);
    for node in [&one, &two] {
        until("Redis", async || (node.live.status().cluster == Some(true)).then_some(())).await;
    }
    let (mut ann, mut bob) = (Editor::join(&one, 1).await, Editor::join(&two, 2).await);
    ann.write("one ").await;
    bob.hear().await;
    redis.kill();
    until("no Redis", async || (one.live.status().cluster == Some(false)).then_some(())).await;
    ann.write("two ").await;
    bob.write("three ").await;
    redis.start_again().await;
    bob.hear().await;
    ann.hear().await;
    assert_eq!(ann.text(), bob.text());
    // The node of one is gone, with what it had in memory.
    drop(two);
    let mut bob = Editor { guest: arrive(one.address, 2).await, ..bob };
    bob.guest.join("study").await;
    bob.open().await;
    bob.write("four").await;
    ann.hear().await;
    assert_eq!(ann.text(), bob.text());
    assert!(ann.text().contains("one ") && ann.text().ends_with("four"), "{}", ann.text());
}
