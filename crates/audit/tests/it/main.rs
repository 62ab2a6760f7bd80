//! The ledger on both databases.

mod appending;
mod exports;
mod kit;
mod retention;
mod sealing;
mod tampering;
mod witnesses;
