//! The ledger: what happened, by whom, from where.
//!
//! An [`Entry`] is written with [`record`] inside the unit of work that does what it tells of: both happen or neither.
//! [`history`] reads it back. Entries hold no secret: no password, no token, no code.

mod entities;
mod entry;
mod migrations;
mod queries;

pub use entry::{Entry, Outcome, Source};
pub use migrations::migrations;
pub use queries::{Page, Record, forget_person, history, record};
