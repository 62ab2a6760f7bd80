//! All rooms of one node.
//!
//! One lock holds all of it: whatever is said gets its number and is put into the outboxes of all who are to have it before
//! the next thing is, so that a position says exactly what a client was given.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::TimeDelta;
use foundation::Ambient;
use serde::{Deserialize, Serialize};

use super::cluster::{Away, Cluster, Heard, Loaded, Passing, Settled};
use super::log::{Log, News, Said};
use super::position::{Node, Position};
use super::room::{Member, Room};
use super::roster::{Person, SocketId};
use crate::admission::RoomName;
use crate::engine_io::Reason;
use crate::meter::Meter;
use crate::socket_io::Emit;

/// How long what was said is kept: as long as somebody may be away, and as it may take until they are missed.
pub(crate) const KEPT: TimeDelta = TimeDelta::seconds(170);
/// How long a node is known that says nothing.
const NODE_KEPT: TimeDelta = TimeDelta::hours(1);

/// What holds for all rooms.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// How many sockets may be in a room, over all nodes.
    pub(crate) capacity: usize,
    /// How many bytes of what was said are kept for each room.
    pub(crate) log_bytes: usize,
}

/// All rooms of one node.
pub(crate) struct Hub {
    node: Node,
    limits: Limits,
    ambient: Ambient,
    state: Mutex<State>,
    cluster: Option<Cluster>,
    meter: Arc<Meter>,
}

#[derive(Default)]
struct State {
    rooms: HashMap<Arc<str>, Room>,
    /// What all who are here were given.
    position: Position,
    /// Of what was said last at this node.
    number: u64,
    /// When that was.
    at: i64,
}

/// Why somebody cannot come into a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NoEntry {
    Full,
    /// What nodes share does not answer, and nobody knows how many there are.
    Away,
}

/// Whether something that is said is kept for those who come back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keep {
    /// It is.
    Said,
    /// It is true for a moment only: where somebody's cursor is.
    Passing,
}

/// Somebody says something in a room that they are not in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NotThere;

/// A room that somebody was in, and what they had been given when they came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Stay {
    pub(crate) room: RoomName,
    pub(crate) since: Position,
}

impl Hub {
    pub(crate) fn new(
        node: Node,
        limits: Limits,
        ambient: Ambient,
        cluster: Option<Cluster>,
        meter: Arc<Meter>,
    ) -> Self {
        Self { node, limits, ambient, state: Mutex::default(), cluster, meter }
    }

    /// Lets somebody in, if there is a place. They are told, and so are the others. What they had been given when they came.
    pub(crate) async fn join(&self, name: &RoomName, member: Member) -> Result<Position, NoEntry> {
        let key = key_of(name);
        let entrance = self.entrance(&key, name);
        let _turn = entrance.lock().await;
        self.seat(&key, name, &member).await?;
        let mut state = self.state();
        let State { rooms, position, .. } = &mut *state;
        let room = rooms.get_mut(&key).ok_or(NoEntry::Away)?;
        let socket = Arc::clone(&member.socket);
        room.add(member);
        room.welcome(&socket);
        room.tell_users(&socket);
        let mut since = room.log.position();
        since.reach_all(position);
        Ok(since)
    }

    /// A seat over all nodes.
    async fn seat(&self, key: &Arc<str>, name: &RoomName, member: &Member) -> Result<(), NoEntry> {
        let Some(cluster) = &self.cluster else {
            let is_free = self.state().rooms.get(key).is_some_and(|room| room.count() < self.limits.capacity);
            return if is_free { Ok(()) } else { Err(NoEntry::Full) };
        };
        cluster.enter(key).await?;
        let mut here = self.here(key);
        here.push(member.entry());
        let settled = cluster.settle(key, &here, self.limits.capacity, Some(member.socket.id())).await?;
        let has_seat = settled.roster.has(&self.node, member.socket.id());
        self.place(key, name, settled);
        if has_seat { Ok(()) } else { Err(NoEntry::Full) }
    }

    /// Somebody goes. The others are told, at other nodes too. Whether they were there.
    pub(crate) async fn leave(&self, name: &RoomName, socket: &str) -> bool {
        let key = key_of(name);
        let entrance = self.entrance(&key, name);
        let _turn = entrance.lock().await;
        let was_there = self.state().rooms.get_mut(&key).is_some_and(|room| room.remove(socket));
        if was_there {
            // Without an answer the seat is given up when what nodes share is back, or with the lease.
            let _ = self.settle(&key, name).await;
        }
        was_there
    }

    /// Says at which of its clients this node has in a room, and sends away those who have no seat any more.
    pub(crate) async fn settle_again(&self, key: &Arc<str>) -> Result<(), Away> {
        let Some(name) = self.state().rooms.get(key).map(|room| room.name.clone()) else { return Ok(()) };
        let entrance = self.entrance(key, &name);
        let _turn = entrance.lock().await;
        self.settle(key, &name).await
    }

    async fn settle(&self, key: &Arc<str>, name: &RoomName) -> Result<(), Away> {
        let Some(cluster) = &self.cluster else { return Ok(()) };
        let here = self.here(key);
        let settled = cluster.settle(key, &here, self.limits.capacity, None).await?;
        let homeless: Vec<_> = here.iter().filter(|(id, _)| !settled.roster.has(&self.node, id)).collect();
        let mut state = self.state();
        for (socket, _) in homeless {
            let Some(room) = state.rooms.get_mut(key) else { continue };
            room.send_away(socket);
        }
        drop(state);
        self.place(key, name, settled);
        Ok(())
    }

    /// Says something to all in a room but whoever says it; how many of this node they were.
    pub(crate) fn say(
        &self,
        name: &RoomName,
        sender: &SocketId,
        emit: Emit,
        keep: Keep,
    ) -> Result<usize, NotThere> {
        let key = key_of(name);
        let mut state = self.state();
        let State { rooms, position, number, at } = &mut *state;
        let room = rooms.get_mut(&key).filter(|room| room.has(sender)).ok_or(NotThere)?;
        if keep == Keep::Passing {
            let told = room.give(&emit, sender, position);
            self.meter.delivered(told);
            if let Some(cluster) = &self.cluster {
                cluster.pass(&key, sender, &emit);
            }
            return Ok(told);
        }
        *number += 1;
        *at = self.ambient.now().timestamp_millis().max(*at);
        let node = Arc::clone(&self.node);
        let previous = room.log.last_of(&node);
        let said = Said { node, number: *number, previous, at: *at, sender: Arc::clone(sender), emit };
        let said = Arc::new(said);
        room.log.append(&said);
        position.reach(&self.node, *number);
        let told = room.give(&said.emit, sender, position);
        self.meter.delivered(told);
        if let Some(cluster) = &self.cluster {
            cluster.say(&key, said);
        }
        Ok(told)
    }

    /// What comes from other nodes.
    pub(crate) fn heard(&self, key: &Arc<str>, heard: Heard) {
        match heard {
            Heard::Said(said) => self.take(&mut self.state(), key, &Arc::new(said)),
            Heard::Passing(Passing { node, sender, emit }) => {
                let state = self.state();
                if let Some(room) = state.rooms.get(key).filter(|_| node != self.node) {
                    self.meter.delivered(room.give(&emit, &sender, &state.position));
                }
            }
            Heard::Roster(settled) => {
                if let Some(room) = self.state().rooms.get_mut(key) {
                    room.replace_elsewhere(settled.without(&self.node));
                }
            }
        }
    }

    /// What was said while this node did not hear it, of several rooms: in an order in which whatever a node said comes
    /// before what it said later, whatever the room.
    pub(crate) fn catch_up(&self, loaded: Vec<(Arc<str>, Loaded)>) {
        let mut state = self.state();
        let mut all = Vec::new();
        for (key, Loaded { said, last }) in loaded {
            let Some(room) = state.rooms.get_mut(&key) else { continue };
            // Whoever is not in what was kept said it before anybody here was to be told.
            let now = self.ambient.now().timestamp_millis();
            for (node, number) in last {
                let is_kept = said.iter().any(|said| said.node == node);
                if !is_kept && room.members().is_empty() {
                    room.log.assume(&node, number, now);
                }
            }
            all.extend(said.into_iter().map(|said| (Arc::clone(&key), Arc::new(said))));
        }
        all.sort_by_key(|(_, said)| (said.at, said.number));
        for (key, said) in all {
            self.take(&mut state, &key, &said);
        }
    }

    fn take(&self, state: &mut State, key: &Arc<str>, said: &Arc<Said>) {
        let State { rooms, position, .. } = state;
        let Some(room) = rooms.get_mut(key).filter(|_| said.node != self.node) else { return };
        let news = room.log.append(said);
        if news == News::Known {
            return;
        }
        position.reach(&said.node, said.number);
        self.meter.delivered(room.give(&said.emit, &said.sender, position));
        if news == News::AfterGap {
            tracing::error!(
                node = &*said.node,
                "messages of another node were lost; who lacks them connects again"
            );
            for member in room.members() {
                member.socket.close(Reason::Gap);
            }
        }
    }

    /// Takes somebody back who was away, if it is known what they lack in all rooms: `welcome` is called, then they get all of
    /// it, and are in the rooms again. They have their seats already. Otherwise nothing is done.
    pub(crate) fn resume(
        &self,
        stays: &[Stay],
        seen: &Position,
        member: &Member,
        welcome: impl FnOnce(),
    ) -> Result<(), NotThere> {
        let mut state = self.state();
        let State { rooms, position, .. } = &mut *state;
        let mut missing = Vec::new();
        for stay in stays {
            let room = rooms.get(&key_of(&stay.room)).ok_or(NotThere)?;
            let mut seen = seen.clone();
            seen.reach_all(&stay.since);
            missing.extend(room.log.since(&seen).ok_or(NotThere)?);
        }
        let size: usize = missing.iter().map(|said| said.emit.size()).sum();
        if size > self.limits.log_bytes {
            return Err(NotThere);
        }
        welcome();
        missing.sort_by_key(|said| (said.at, said.number));
        let mut reached = seen.clone();
        for said in missing {
            reached.reach(&said.node, said.number);
            if said.sender != *member.socket.id() {
                member.socket.emit(&said.emit.clone().with(&reached.to_string()));
            }
        }
        reached.reach_all(position);
        for stay in stays {
            if let Some(room) = rooms.get_mut(&key_of(&stay.room)) {
                room.add(member.clone());
                room.tell_users(&member.socket);
            }
        }
        Ok(())
    }

    /// A seat in a room for somebody who comes back, before they are there: [`Hub::resume`] has them take it, or else
    /// [`Hub::leave`] gives it up.
    pub(crate) async fn reserve(&self, name: &RoomName, member: &Member) -> Result<(), NoEntry> {
        let key = key_of(name);
        let entrance = self.entrance(&key, name);
        let _turn = entrance.lock().await;
        self.seat(&key, name, member).await?;
        if let Some(room) = self.state().rooms.get_mut(&key) {
            room.expect(member);
        }
        Ok(())
    }

    /// What is to be said again where nothing is known of it: what this node said lately.
    pub(crate) fn own(&self) -> Vec<(Arc<str>, Arc<Said>)> {
        let state = self.state();
        let of_room = |(key, room): (&Arc<str>, &Room)| {
            room.log.of(&self.node).map(|said| (Arc::clone(key), Arc::clone(said))).collect::<Vec<_>>()
        };
        let mut own: Vec<_> = state.rooms.iter().flat_map(of_room).collect();
        own.sort_by_key(|(_, said)| said.number);
        own
    }

    /// All rooms of this node.
    pub(crate) fn keys(&self) -> Vec<Arc<str>> {
        self.state().rooms.keys().cloned().collect()
    }

    /// Rooms with people at other nodes, and at which.
    pub(crate) fn neighbours(&self) -> Vec<(Arc<str>, Vec<Node>)> {
        let state = self.state();
        let of_room = |(key, room): (&Arc<str>, &Room)| {
            (Arc::clone(key), room.elsewhere().nodes().into_iter().cloned().collect())
        };
        state.rooms.iter().map(of_room).collect()
    }

    /// How many rooms there are with people of this node, and how many of these people.
    pub(crate) fn size(&self) -> (usize, usize) {
        let state = self.state();
        let counts = state.rooms.values().map(|room| room.members().len()).filter(|count| *count > 0);
        counts.fold((0, 0), |(rooms, people), count| (rooms + 1, people + count))
    }

    /// Forgets what nobody is owed any more, and rooms that nobody was in since.
    pub(crate) fn tidy(&self) {
        let now = self.ambient.now();
        let (before, nodes_before) = (now - KEPT, now - NODE_KEPT);
        let mut state = self.state();
        let State { rooms, position, .. } = &mut *state;
        for room in rooms.values_mut() {
            room.log.forget(before.timestamp_millis(), nodes_before.timestamp_millis());
        }
        let is_over = |room: &Room| {
            room.members().is_empty() && room.log.is_empty() && Arc::strong_count(&room.entrance) == 1
        };
        rooms.retain(|key, room| {
            let is_over = is_over(room);
            if let Some(cluster) = self.cluster.as_ref().filter(|_| is_over) {
                cluster.exit(key);
            }
            !is_over
        });
        position.forget(|node| node != &*self.node && rooms.values().all(|room| room.log.last_of(node) == 0));
    }

    /// Who of this node is in a room, and who is coming back to it.
    fn here(&self, key: &Arc<str>) -> Vec<(SocketId, Person)> {
        self.state().rooms.get(key).map(Room::seats).unwrap_or_default()
    }

    fn place(&self, key: &Arc<str>, name: &RoomName, settled: Settled) {
        let mut state = self.state();
        let room = state.rooms.entry(Arc::clone(key)).or_insert_with(|| self.room(name));
        room.replace_elsewhere(settled.without(&self.node));
    }

    fn entrance(&self, key: &Arc<str>, name: &RoomName) -> Arc<tokio::sync::Mutex<()>> {
        let mut state = self.state();
        Arc::clone(&state.rooms.entry(Arc::clone(key)).or_insert_with(|| self.room(name)).entrance)
    }

    fn room(&self, name: &RoomName) -> Room {
        Room::new(name.clone(), Log::new(self.limits.log_bytes))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn key_of(name: &RoomName) -> Arc<str> {
    name.to_string().into()
}

impl From<Away> for NoEntry {
    fn from(_: Away) -> Self {
        Self::Away
    }
}
