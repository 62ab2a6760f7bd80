//! Rooms: what somebody says in one reaches all who are there, in order, whichever node they are at.
//!
//! A [`hub::Hub`] has the rooms of one node; a [`cluster::Cluster`] is the way to the other nodes, if there are any. Who is in
//! a room is settled by [`roster`], over all nodes; what was said lately is in the [`log`], and who was given how much of it
//! says a [`position`].

pub(crate) mod cluster;
pub(crate) mod hub;
mod log;
pub(crate) mod position;
mod room;
pub(crate) mod roster;

pub(crate) use room::Member;
