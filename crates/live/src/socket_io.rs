//! Socket.IO 5: namespaces, events, answers and binary data, over a session of [`crate::engine_io`].
//!
//! A [`Client`] hears what comes over one session. Whatever is in a namespace is the business of a [`Namespace`], which says
//! who may come in, and of the [`EventHandler`] that it gives to each who does.

mod assembly;
mod client;
mod depth;
mod emit;
mod namespace;
mod packet;
mod socket;

pub(crate) use client::{Arrival, Client};
pub use emit::Emit;
pub(crate) use namespace::Namespaces;
pub use namespace::{Connecting, Event, EventHandler, Namespace, Refusal, Welcome};
pub use socket::{Answer, NoAnswer, Socket};
