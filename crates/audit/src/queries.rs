//! All SQL of this room. Written once, for both databases.

pub(crate) mod chain;
pub(crate) mod checkpoints;
pub(crate) mod entries;
pub(crate) mod legible;
pub(crate) mod witnesses;
