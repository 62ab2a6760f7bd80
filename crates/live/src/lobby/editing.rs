//! What somebody does with the document of a room.

use bytes::Bytes;
use serde_json::json;

use super::visitor::{Place, Visitor, not_there};
use crate::documents::{NoDocument, Opened, awareness};
use crate::rooms::hub::Keep;
use crate::socket_io::{Emit, Event, Refusal};

impl Visitor {
    /// Gives somebody the document, as far as they lack it.
    pub(super) async fn open_document(&mut self, event: &Event<'_>) -> Result<Emit, Refusal> {
        let room = &self.stays[self.place(event)?].stay.room;
        let Opened { update, state_vector } = self.lobby.documents.open(room, binary(event)?).await?;
        let answer = Emit::answer().with(&json!({ "ok": true, "clientId": self.client_id }));
        Ok(answer.with_bytes(update).with_bytes(state_vector))
    }

    /// Takes a change, and tells the others once it is kept.
    pub(super) async fn update_document(&mut self, event: &Event<'_>) -> Result<(), Refusal> {
        let room = &self.stays[self.place(event)?].stay.room;
        self.lobby.takes_changes()?;
        let (update, user) = (binary(event)?, self.identity.user_id);
        self.lobby.documents.update(room, user, update.clone()).await?;
        let news = json!({ "roomId": room.room(), "userId": user });
        let emit = Emit::event("document:update").with(&news).with_bytes(update);
        self.lobby.hub.say(room, self.socket.id(), emit, Keep::Said).map(drop).map_err(|_| not_there())
    }

    /// Shows others where somebody is in the document.
    pub(super) fn show(&mut self, event: &Event<'_>) -> Result<(), Refusal> {
        let index = self.place(event)?;
        let words = "Say where you are as an object of at most 4 KiB, or null";
        let malformed = || Refusal::new(words).with_code("invalid_input");
        let state = event.raw(1).and_then(awareness::state).ok_or_else(malformed)?;
        self.stays[index].is_shown = !state.is_null();
        self.tell_where(&self.stays[index], &state);
        Ok(())
    }

    /// Whoever goes is nowhere in the document any more.
    pub(super) fn look_away(&self, place: &Place) {
        if place.is_shown {
            self.tell_where(place, &json!(null));
        }
    }

    fn tell_where(&self, place: &Place, state: &serde_json::Value) {
        let (room, user) = (&place.stay.room, self.identity.user_id);
        let news = json!({
            "roomId": room.room(),
            "clientId": self.client_id,
            "userId": user,
            "username": self.identity.username,
            "color": awareness::colour(user),
            "state": state,
        });
        let emit = Emit::event("document:awareness").with(&news);
        // Whoever is not there any more is nowhere in the document.
        let _ = self.lobby.hub.say(room, self.socket.id(), emit, Keep::Passing);
    }
}

/// The second argument.
fn binary(event: &Event<'_>) -> Result<Bytes, Refusal> {
    let words = "After the room there have to be bytes: a state vector to open, a change to update";
    event.bytes(1).cloned().ok_or_else(|| Refusal::new(words).with_code("invalid_input"))
}

impl From<NoDocument> for Refusal {
    fn from(reason: NoDocument) -> Self {
        match reason {
            NoDocument::Refused(refused) => Self::new(refused.to_string()).with_code(refused.code()),
            NoDocument::Banned => Self::new(
                "You sent a change that would have broken the document. You can change documents again in a while.",
            )
            .with_code("forbidden"),
            NoDocument::Unavailable => {
                Self::new("The document cannot be reached. Please try again.").with_code("unavailable")
            }
            NoDocument::Broken => {
                Self::new("What is kept of this document cannot be read.").with_code("document_broken")
            }
        }
    }
}
