//! The gates from outside: small routers behind `protect`, driven like a client drives them.

mod answers;
mod crossing;
mod kit;
mod log;
mod sizes;
mod socket;
mod text;
