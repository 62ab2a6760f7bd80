//! The way back of a database that was moved while it was used.

mod letters;
mod tables;
mod unfit;
