//! The tables of this room, as `SeaORM` sees them.

#![expect(unreachable_pub, reason = "what SeaORM derives for an entity wants it to be `pub`")]

pub(crate) mod one_time_links;
pub(crate) mod outgoing_mails;
pub(crate) mod sessions;
pub(crate) mod users;
