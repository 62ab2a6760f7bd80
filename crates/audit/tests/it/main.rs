//! The ledger on both databases.

mod appending;
mod exports;
mod kit;
mod loose_tables;
mod retention;
mod sealing;
mod tampering;
mod witnesses;
