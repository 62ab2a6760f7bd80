//! Who is in a room, over all nodes: so many at most, each with the lease of a node that lives.
//!
//! [`Roster::settle`] is the whole rule, on paper. A node says which of its clients are in the room, and is told who is; it
//! says so again whenever that changes, and whenever it is unsure. Where nodes share a Redis, `settle.lua` is the same rule,
//! in one step that nothing comes between.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use foundation::{Timestamp, Uuid};
use serde::{Deserialize, Serialize};

use super::position::Node;

/// A socket's id.
pub(crate) type SocketId = Arc<str>;

/// What others in a room know of somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Person {
    pub(crate) user_id: Uuid,
    pub(crate) username: Arc<str>,
    pub(crate) joined_at: Timestamp,
}

/// A socket at a node.
pub(crate) type Seat = (Node, SocketId);

/// Who is in a room.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Roster {
    /// Which of two is the newer one.
    pub(crate) version: u64,
    pub(crate) seats: BTreeMap<Seat, Person>,
}

impl Roster {
    /// Notes who of a node is in the room. Whoever is at a node that does not live loses the seat, and whoever is new gets one
    /// while there are any. Whether anything changed.
    #[cfg(test)]
    pub(crate) fn settle(
        &mut self,
        node: &Node,
        here: &[(SocketId, Person)],
        capacity: usize,
        mut lives: impl FnMut(&str) -> bool,
    ) -> bool {
        let before = self.seats.clone();
        let is_here = |socket: &SocketId| here.iter().any(|(id, _)| id == socket);
        self.seats.retain(|(at, socket), _| if at == node { is_here(socket) } else { lives(at) });
        for (socket, person) in here {
            let seat = (Arc::clone(node), Arc::clone(socket));
            if self.seats.contains_key(&seat) || self.seats.len() < capacity {
                self.seats.entry(seat).or_insert_with(|| person.clone());
            }
        }
        let has_changed = self.seats != before;
        self.version += u64::from(has_changed);
        has_changed
    }

    /// Whether a socket has a seat.
    pub(crate) fn has(&self, node: &Node, socket: &SocketId) -> bool {
        self.seats.contains_key(&(Arc::clone(node), Arc::clone(socket)))
    }

    /// With the seats of nodes that have none in this one, as another knows them.
    pub(crate) fn completed_by(mut self, other: &Self) -> Self {
        let known: BTreeSet<Node> = self.nodes().into_iter().cloned().collect();
        let missing = other.seats.iter().filter(|((node, _), _)| !known.contains(node));
        self.seats.extend(missing.map(|(seat, person)| (seat.clone(), person.clone())));
        self
    }

    /// The nodes with clients in the room.
    pub(crate) fn nodes(&self) -> BTreeSet<&Node> {
        self.seats.keys().map(|(node, _)| node).collect()
    }
}

/// Who came and who went, by their users: whoever has several sockets came with the first, and goes with the last.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Change {
    pub(crate) joined: Vec<Person>,
    pub(crate) left: Vec<Person>,
}

/// The users among people, each as they came first.
pub(crate) fn users<'a>(people: impl IntoIterator<Item = &'a Person>) -> BTreeMap<Uuid, Person> {
    let mut users: BTreeMap<Uuid, Person> = BTreeMap::new();
    for person in people {
        let first = users.entry(person.user_id).or_insert_with(|| person.clone());
        if person.joined_at < first.joined_at {
            first.clone_from(person);
        }
    }
    users
}

impl Change {
    pub(crate) fn between(before: &BTreeMap<Uuid, Person>, after: &BTreeMap<Uuid, Person>) -> Self {
        let lacks = |users: &BTreeMap<Uuid, Person>, person: &&Person| !users.contains_key(&person.user_id);
        Self {
            joined: after.values().filter(|person| lacks(before, person)).cloned().collect(),
            left: before.values().filter(|person| lacks(after, person)).cloned().collect(),
        }
    }
}

#[cfg(test)]
mod tests;
