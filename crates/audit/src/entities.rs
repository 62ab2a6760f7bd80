//! The tables, as `SeaORM` sees them.

pub(crate) mod chain;
pub(crate) mod checkpoints;
pub(crate) mod entries;
pub(crate) mod witnesses;
