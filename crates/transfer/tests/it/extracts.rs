//! What PostgreSQL has becomes a file: what was moved there comes back as it was, and what was made there as it can.

pub(crate) mod dump;
mod foreign;
mod property;
pub(crate) mod returned;
