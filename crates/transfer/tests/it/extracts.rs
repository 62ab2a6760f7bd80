//! What PostgreSQL has becomes a file: what was moved there comes back as it was, and what was made there as it can.

mod dump;
mod foreign;
mod property;
mod returned;
