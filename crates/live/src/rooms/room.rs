//! One room on one node: who of its clients is there, who is at other nodes, and what was said lately.

use std::collections::BTreeMap;
use std::sync::Arc;

use foundation::Uuid;
use serde_json::json;

use super::cluster::Settled;
use super::log::Log;
use super::position::Position;
use super::roster::{Change, Person, Roster, SocketId, users};
use crate::admission::RoomName;
use crate::socket_io::{Emit, Socket};

/// One client in a room.
#[derive(Debug, Clone)]
pub(crate) struct Member {
    pub(crate) socket: Arc<Socket>,
    pub(crate) person: Person,
}

impl Member {
    pub(super) fn entry(&self) -> (SocketId, Person) {
        (Arc::clone(self.socket.id()), self.person.clone())
    }
}

/// One room on one node.
#[derive(Debug)]
pub(super) struct Room {
    pub(super) name: RoomName,
    members: Vec<Member>,
    /// Seats of those who are coming back.
    expected: Vec<(SocketId, Person)>,
    /// Those at other nodes.
    elsewhere: Roster,
    /// Whether some of these are as they were before Redis lost its memory.
    is_incomplete: bool,
    pub(super) log: Log,
    /// Nobody else may come or go while somebody does.
    pub(super) entrance: Arc<tokio::sync::Mutex<()>>,
}

impl Room {
    pub(super) fn new(name: RoomName, log: Log) -> Self {
        let (members, expected, elsewhere) = (Vec::new(), Vec::new(), Roster::default());
        let (is_incomplete, entrance) = (false, Arc::default());
        Self { name, members, expected, elsewhere, is_incomplete, log, entrance }
    }

    /// All who are there, here or elsewhere, in sockets.
    pub(super) fn count(&self) -> usize {
        self.members.len() + self.expected.len() + self.elsewhere.seats.len()
    }

    /// Those of this node.
    pub(super) fn members(&self) -> &[Member] {
        &self.members
    }

    pub(super) fn elsewhere(&self) -> &Roster {
        &self.elsewhere
    }

    /// The seats of this node.
    pub(super) fn seats(&self) -> Vec<(SocketId, Person)> {
        self.members.iter().map(Member::entry).chain(self.expected.iter().cloned()).collect()
    }

    /// Keeps a seat for somebody.
    pub(super) fn expect(&mut self, member: &Member) {
        self.expected.push(member.entry());
    }

    pub(super) fn has(&self, socket: &str) -> bool {
        self.members.iter().any(|member| &**member.socket.id() == socket)
    }

    /// Somebody is there. The others are told; how to tell whoever comes is for the caller.
    pub(super) fn add(&mut self, member: Member) {
        self.expected.retain(|(socket, _)| socket != member.socket.id());
        self.change(|room| room.members.push(member));
    }

    /// Somebody is not there any more. The others are told. Whether they were there.
    pub(super) fn remove(&mut self, socket: &str) -> bool {
        let count = self.seats().len();
        self.expected.retain(|(id, _)| &**id != socket);
        self.change(|room| room.members.retain(|member| &**member.socket.id() != socket));
        self.seats().len() < count
    }

    /// Somebody has no seat any more, and is told so.
    pub(super) fn send_away(&mut self, socket: &str) {
        let member = self.members.iter().find(|member| &**member.socket.id() == socket).cloned();
        self.remove(socket);
        if let Some(Member { socket, .. }) = member {
            let news = json!({ "message": "Room is full", "code": "room_full", "roomId": self.name.room() });
            socket.emit(&Emit::event("error").with(&news));
        }
    }

    /// Who is at other nodes, unless something newer is known.
    pub(super) fn replace_elsewhere(&mut self, Settled { roster, wait }: Settled) {
        let is_complete = wait.is_zero();
        if roster.version > self.elsewhere.version || (is_complete && self.is_incomplete) {
            let roster = if is_complete { roster } else { roster.completed_by(&self.elsewhere) };
            self.is_incomplete = !is_complete;
            self.change(|room| room.elsewhere = roster);
        }
    }

    /// Changes who is there, and tells those who are at this node. Nobody is told of themself.
    fn change(&mut self, change: impl FnOnce(&mut Self)) {
        let before = self.users();
        change(self);
        let Change { joined, left } = Change::between(&before, &self.users());
        for person in &joined {
            self.tell(&self.news("user:joined", person), |member| member.person.user_id != person.user_id);
        }
        for person in &left {
            self.tell(&self.news("user:left", person), |member| member.person.user_id != person.user_id);
        }
    }

    fn users(&self) -> BTreeMap<Uuid, Person> {
        let here = self.members.iter().map(|member| &member.person);
        users(here.chain(self.elsewhere.seats.values()))
    }

    fn news(&self, event: &str, person: &Person) -> Emit {
        let Person { user_id, username, joined_at } = person;
        let room = self.name.room();
        let mut news = json!({ "roomId": room, "userId": user_id, "username": username });
        if event == "user:joined" {
            news["joinedAt"] = json!(joined_at);
        }
        Emit::event(event).with(&news)
    }

    /// Tells somebody that they are there.
    pub(super) fn welcome(&self, socket: &Socket) {
        let news = json!({ "roomId": self.name.room(), "userCount": self.count() });
        socket.emit(&Emit::event("room:joined").with(&news));
    }

    /// Tells somebody who is there.
    pub(super) fn tell_users(&self, socket: &Socket) {
        let room = self.name.room();
        let users: Vec<Person> = self.users().into_values().collect();
        socket.emit(&Emit::event("room:users").with(&json!({ "roomId": room, "users": users })));
    }

    /// Gives all of this node what was said, but whoever said it; how many they were. Encoded once for all.
    pub(super) fn give(&self, emit: &Emit, sender: &str, position: &Position) -> usize {
        let emit = emit.clone().with(&position.to_string());
        self.tell(&emit, |member| &**member.socket.id() != sender)
    }

    fn tell(&self, emit: &Emit, is_told: impl Fn(&Member) -> bool) -> usize {
        let mut told = self.members.iter().filter(|member| is_told(member)).peekable();
        let Some(first) = told.peek() else { return 0 };
        let frames = first.socket.frames(emit);
        told.map(|member| member.socket.send(&frames)).count()
    }
}
