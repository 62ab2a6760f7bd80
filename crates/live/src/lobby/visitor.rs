//! One socket of somebody who is known: what they may do, and until when.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use foundation::{SecretString, Timestamp, Uuid};
use serde::Deserialize;
use serde_json::json;
use tokio::time::Instant;

use super::Lobby;
use super::presence::Present;
use super::returning::Saved;
use crate::admission::{Name, RoomName, Visit};
use crate::config::Budget;
use crate::engine_io::Reason;
use crate::identity::Identity;
use crate::rooms::Member;
use crate::rooms::hub::{NoEntry, NotThere, Stay};
use crate::rooms::position::Position;
use crate::rooms::roster::Person;
use crate::socket_io::{Connecting, Emit, Event, EventHandler, Refusal, Socket, Welcome};

/// How long before its end somebody is told that their token expires.
const NOTICE: Duration = Duration::from_mins(1);
/// In how many rooms one socket may be.
const MOST_ROOMS: usize = 20;
/// How many refusals for saying too much, one right after another, end a session.
const MOST_LIMITED: u32 = 200;

/// One socket of somebody.
pub(super) struct Visitor {
    pub(super) lobby: Arc<Lobby>,
    pub(super) socket: Arc<Socket>,
    pub(super) identity: Identity,
    /// As others in rooms are told who says something.
    signature: Signature,
    private_id: Arc<str>,
    pub(super) stays: Vec<Place>,
    /// What they come back with, until they know that they are in.
    before: Option<Before>,
    /// Rooms that they had seats in, and could not come back to.
    missed: Vec<Stay>,
    expires: Expiry,
    reviewed_at: Instant,
    limited: u32,
    /// What they are known by in documents.
    pub(super) client_id: u32,
}

/// A room that somebody is in, and under which id it is written down.
pub(super) struct Place {
    pub(super) stay: Stay,
    visit: Uuid,
    /// Whether others are shown where they are in the document.
    pub(super) is_shown: bool,
}

/// What somebody comes back with.
pub(super) struct Before {
    pub(super) private_id: String,
    pub(super) saved: Saved,
    /// What they were given, as far as they say.
    pub(super) seen: Position,
}

/// Who says something.
#[derive(serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct Signature {
    user_id: Uuid,
    username: Arc<str>,
}

/// When somebody is not believed any more.
#[derive(Debug, Clone, Copy)]
struct Expiry {
    at: Instant,
    is_announced: bool,
}

/// A room as clients name it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Named {
    room_id: String,
    course_id: Option<String>,
}

impl Visitor {
    /// Somebody comes, perhaps again.
    pub(super) async fn arrive(
        lobby: Arc<Lobby>,
        connecting: &Connecting<'_>,
        identity: Identity,
        before: Option<Before>,
    ) -> Self {
        let socket = match &before {
            Some(before) => connecting.socket_again(Arc::clone(&before.saved.socket_id)),
            None => connecting.socket(),
        };
        let private_id = lobby.private_id();
        let client_id = u32::from_be_bytes(lobby.ambient.random());
        let signature = Signature { user_id: identity.user_id, username: identity.username.as_str().into() };
        let expires = Expiry::new(identity.expires_at, lobby.ambient.now());
        let mut visitor = Self {
            lobby,
            socket,
            identity,
            signature,
            private_id,
            stays: Vec::new(),
            before: None,
            missed: Vec::new(),
            expires,
            reviewed_at: Instant::now(),
            limited: 0,
            client_id,
        };
        if let Some(before) = before
            && visitor.reserve(&before.saved.stays).await
        {
            visitor.before = Some(before);
        }
        visitor
    }

    pub(super) fn socket(&self) -> &Arc<Socket> {
        &self.socket
    }

    /// Seats in all rooms that somebody was in, or none. Whether they have them.
    async fn reserve(&self, stays: &[Stay]) -> bool {
        for (index, stay) in stays.iter().enumerate() {
            let may = self.lobby.admission.admit(&self.identity, &stay.room).await.is_ok();
            if !may || self.lobby.hub.reserve(&stay.room, &self.member()).await.is_err() {
                self.give_up(&stays[..index]).await;
                return false;
            }
        }
        true
    }

    fn come_back(&mut self, private_id: &str, stays: Vec<Stay>) {
        self.private_id = private_id.into();
        let place = |stay| Place { stay, visit: self.lobby.ambient.new_id(), is_shown: false };
        self.stays = stays.into_iter().map(place).collect();
    }

    async fn give_up(&self, stays: &[Stay]) {
        for stay in stays {
            self.lobby.hub.leave(&stay.room, self.socket.id()).await;
        }
    }

    fn member(&self) -> Member {
        let Signature { user_id, username } = &self.signature;
        let joined_at = self.lobby.ambient.now();
        let person = Person { user_id: *user_id, username: Arc::clone(username), joined_at };
        Member { socket: Arc::clone(&self.socket), person }
    }

    async fn join(&mut self, event: &Event<'_>) -> Result<(), Refusal> {
        let Named { room_id, course_id } = event.argument(0).ok_or_else(no_room)?;
        let course = course_id.map(|course| course.parse::<Name>()).transpose().map_err(|_| no_room())?;
        let room = RoomName::new(course, room_id.parse().map_err(|_| no_room())?);
        if let Some(place) = self.stays.iter().find(|place| place.stay.room.room() == room.room()) {
            if place.stay.room == room {
                return Ok(());
            }
            let words = "You are in a room of this name already, of another course. Leave it first.";
            return Err(Refusal::new(words).with_code("already_there"));
        }
        if self.stays.len() >= MOST_ROOMS {
            let words = format!("You are in {MOST_ROOMS} rooms already. Leave one first.");
            return Err(Refusal::new(words).with_code("too_many_rooms"));
        }
        self.lobby.takes_changes()?;
        self.lobby.admission.admit(&self.identity, &room).await?;
        let member = self.member();
        let (visit, at) = (self.lobby.ambient.new_id(), member.person.joined_at);
        let written = Visit { id: visit, user_id: self.identity.user_id, room: &room, at };
        self.lobby.attendance.joined(written).await?;
        match self.lobby.hub.join(&room, member).await {
            Ok(since) => {
                self.stays.push(Place { stay: Stay { room, since }, visit, is_shown: false });
                Ok(())
            }
            Err(reason) => {
                self.lobby.attendance.left(visit, self.lobby.ambient.now()).await;
                Err(reason.into())
            }
        }
    }

    async fn leave(&mut self, event: &Event<'_>) -> Result<(), Refusal> {
        let index = self.place(event)?;
        let place = self.stays.remove(index);
        self.depart(&place).await;
        Ok(())
    }

    async fn depart(&self, place: &Place) {
        self.look_away(place);
        self.lobby.hub.leave(&place.stay.room, self.socket.id()).await;
        self.lobby.attendance.left(place.visit, self.lobby.ambient.now()).await;
    }

    /// Which of the rooms somebody is in is meant.
    pub(super) fn place(&self, event: &Event<'_>) -> Result<usize, Refusal> {
        let Named { room_id, .. } = event.argument(0).ok_or_else(no_room)?;
        self.stays.iter().position(|place| place.stay.room.room() == room_id).ok_or_else(not_there)
    }

    fn say(&mut self, budget: Budget, event: &Event<'_>) -> Result<(), Refusal> {
        let room = &self.stays[self.place(event)?].stay.room;
        let emit = event.pass_on(event.name()).with(&self.signature);
        let told = self.lobby.hub.say(room, self.socket.id(), emit, budget.keep());
        told.map(drop).map_err(|_| not_there())
    }

    /// Somebody shows again who they are, by a new token or by having renewed their session elsewhere.
    async fn refresh(&mut self, event: &Event<'_>) -> Result<Timestamp, Refusal> {
        #[derive(Deserialize)]
        struct Shown {
            token: Option<String>,
        }
        let token = event.argument::<Shown>(0).and_then(|shown| shown.token).map(SecretString::from);
        match token {
            Some(token) => {
                let identity = self.lobby.identities.identify(&token).await?;
                if identity.user_id != self.identity.user_id {
                    return Err(Refusal::new("This token is somebody else's").with_code("forbidden"));
                }
                self.identity = identity;
                self.enter();
            }
            None => self.identity.expires_at = self.lobby.identities.renewed(&self.identity).await?,
        }
        self.expires = Expiry::new(self.identity.expires_at, self.lobby.ambient.now());
        Ok(self.identity.expires_at)
    }

    /// Is found from now on when the session ends that they were let in by.
    fn enter(&self) {
        let credential = self.identity.credential;
        let gone = self.lobby.presence.find(&self.private_id).map(|present| present.gone).unwrap_or_default();
        let present = Present { socket: Arc::clone(&self.socket), credential, gone };
        self.lobby.presence.enter(&self.private_id, present);
    }

    async fn carry_out(&mut self, event: &Event<'_>) -> Result<Emit, Refusal> {
        let budget = self.budget(event.name());
        self.lobby.count(budget.unwrap_or(Budget::Message), &self.identity).await?;
        let done = Emit::answer().with(&json!({ "ok": true }));
        match (event.name(), budget) {
            ("room:join", _) => self.join(event).await.map(|()| done),
            ("room:leave", _) => self.leave(event).await.map(|()| done),
            ("session:refresh", _) => {
                let expires_at = self.refresh(event).await?;
                Ok(Emit::answer().with(&json!({ "ok": true, "expiresAt": expires_at })))
            }
            ("document:open", _) => self.open_document(event).await,
            ("document:update", _) => self.update_document(event).await.map(|()| done),
            ("document:awareness", _) => self.show(event).map(|()| done),
            (_, Some(budget)) => self.say(budget, event).map(|()| done),
            (name, None) => {
                let name: String = name.chars().take(50).collect();
                Err(Refusal::new(format!("There is no event {name:?} here")).with_code("unknown_event"))
            }
        }
    }

    /// Which limit an event counts for; none if there is no such event.
    fn budget(&self, name: &str) -> Option<Budget> {
        match name {
            "document:update" => Some(Budget::Edit),
            "document:awareness" => Some(Budget::Cursor),
            name => self.lobby.events.get(name).copied(),
        }
    }

    /// Whoever goes on although nothing of it is heard is sent away.
    fn mind(&mut self, refusal: Option<&Refusal>) {
        let is_limit = refusal.is_some_and(|refusal| refusal.code == Some("too_many_requests"));
        self.limited = if is_limit { self.limited + 1 } else { 0 };
        if self.limited > MOST_LIMITED {
            self.socket.close(Reason::Limit);
        }
    }

    /// Tells somebody in time that their token expires, unless they have renewed their session meanwhile.
    async fn mind_expiry(&mut self) {
        if let Ok(expires_at) = self.lobby.identities.renewed(&self.identity).await
            && expires_at > self.identity.expires_at
        {
            self.identity.expires_at = expires_at;
            self.expires = Expiry::new(expires_at, self.lobby.ambient.now());
        } else if self.expires.is_over() {
            self.socket.close(Reason::Expired);
        } else {
            self.expires.is_announced = true;
            let news = json!({ "expiresAt": self.identity.expires_at });
            self.socket.emit(&Emit::event("session:expiring").with(&news));
        }
    }

    /// Whoever may not be in a room any more is taken out of it.
    async fn review(&mut self) {
        self.reviewed_at = Instant::now();
        for place in std::mem::take(&mut self.stays) {
            match self.lobby.admission.admit(&self.identity, &place.stay.room).await {
                Ok(()) => self.stays.push(place),
                Err(refusal) => self.send_out(&place, &refusal).await,
            }
        }
    }

    async fn send_out(&self, place: &Place, Refusal { message, code }: &Refusal) {
        self.depart(place).await;
        let room = place.stay.room.room();
        self.socket
            .emit(&Emit::event("error").with(&json!({ "message": message, "code": code, "roomId": room })));
        self.socket.emit(&Emit::event("room:left").with(&json!({ "roomId": room })));
    }
}

impl Expiry {
    fn new(at: Timestamp, now: Timestamp) -> Self {
        let rest = (at - now).to_std().unwrap_or_default();
        Self { at: Instant::now() + rest, is_announced: false }
    }

    /// When something is to be done about it.
    fn next(self) -> Instant {
        if self.is_announced { self.at } else { self.at.checked_sub(NOTICE).unwrap_or(self.at) }
    }

    fn is_over(self) -> bool {
        self.at <= Instant::now()
    }
}

fn no_room() -> Refusal {
    let words = "Say which room: an object with roomId, and courseId if it belongs to a course; names have letters, digits and _ - . :";
    Refusal::new(words).with_code("invalid_input")
}

pub(super) fn not_there() -> Refusal {
    Refusal::new("You are not in this room").with_code("not_in_room")
}

impl From<NoEntry> for Refusal {
    fn from(reason: NoEntry) -> Self {
        match reason {
            NoEntry::Full => Self::new("Room is full").with_code("room_full"),
            NoEntry::Away => Self::new("Failed to join room: please try again in a moment").with_code("busy"),
        }
    }
}

#[async_trait]
impl EventHandler for Visitor {
    fn welcome(&mut self, welcome: Welcome<'_>) {
        let mut welcome = Some(welcome);
        if let Some(Before { private_id, saved, seen }) = self.before.take() {
            let tell = || welcome.take().into_iter().for_each(|welcome| welcome.send(Some(&private_id)));
            match self.lobby.hub.resume(&saved.stays, &seen, &self.member(), tell) {
                Ok(()) => self.come_back(&private_id, saved.stays),
                Err(NotThere) => self.missed = saved.stays,
            }
        }
        if let Some(welcome) = welcome {
            welcome.send(Some(&self.private_id));
        }
        self.enter();
    }

    async fn connected(&mut self) {
        let missed = std::mem::take(&mut self.missed);
        self.give_up(&missed).await;
        for Place { stay, visit, .. } in &self.stays {
            let at = self.lobby.ambient.now();
            let written = Visit { id: *visit, user_id: self.identity.user_id, room: &stay.room, at };
            if self.lobby.attendance.joined(written).await.is_err() {
                tracing::warn!("somebody came back to a room, and it could not be written down");
            }
        }
    }

    async fn event(&mut self, mut event: Event<'_>) {
        self.lobby.meter.said();
        let done = self.carry_out(&event).await;
        self.mind(done.as_ref().err());
        match done {
            Ok(answer) => event.answer(&answer),
            Err(Refusal { message, code }) if event.wants_answer() => {
                let answer = json!({ "ok": false, "code": code, "message": message });
                event.answer(&Emit::answer().with(&answer));
            }
            Err(Refusal { message, code }) => {
                self.socket.emit(&Emit::event("error").with(&json!({ "message": message, "code": code })));
            }
        }
    }

    fn wakes_at(&self) -> Option<Instant> {
        let review = self.reviewed_at + self.lobby.review_interval;
        let expiry = self.expires.next();
        Some(if self.stays.is_empty() { expiry } else { expiry.min(review) })
    }

    async fn woken(&mut self) {
        if self.expires.next() <= Instant::now() {
            self.mind_expiry().await;
        }
        if self.reviewed_at + self.lobby.review_interval <= Instant::now() {
            self.review().await;
        }
    }

    async fn ended(&mut self, reason: Reason) {
        let stays = std::mem::take(&mut self.stays);
        for place in &stays {
            self.depart(place).await;
        }
        if reason.may_come_back() {
            let stays = stays.into_iter().map(|place| place.stay).collect();
            let socket_id = Arc::clone(self.socket.id());
            let saved = Saved { user_id: self.identity.user_id, socket_id, stays };
            self.lobby.returning.keep(&self.private_id, saved).await;
        }
        self.lobby.presence.leave(&self.private_id);
    }
}
