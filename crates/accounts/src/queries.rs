//! All SQL of this room. Written once, for both databases.

pub(crate) mod links;
pub(crate) mod mails;
pub(crate) mod sessions;
pub(crate) mod users;
