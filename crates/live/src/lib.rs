//! The bell wires: Socket.IO for browsers and programs, authenticated, ordered and bounded.
//!
//! From the bottom up: [`engine_io`] carries a session over HTTP or a WebSocket; [`socket_io`] speaks Socket.IO over it;
//! [`rooms`] carry what is said to all who are there, over all nodes; in the [`lobby`] people are known and go into rooms. What
//! is carried is never decided here: who somebody is, and where they may go, is asked of others ([`Identities`],
//! [`Admission`]).

mod admission;
mod config;
mod documents;
mod door;
mod engine_io;
mod identity;
mod live;
mod lobby;
mod meter;
mod rooms;
mod socket_io;

pub use admission::{Admission, Attendance, Name, NoName, RoomName, Visit};
pub use config::{Budget, Config};
pub use documents::{DocumentConfig, DocumentLog, Merge, NotKept, Stored};
pub use engine_io::Reason;
pub use identity::{Identities, Identity};
pub use live::{Dependencies, Doorway, Live, Status};
pub use meter::Counts;
pub use socket_io::{
    Answer, Connecting, Emit, Event, EventHandler, Namespace, NoAnswer, Refusal, Socket, Welcome,
};
