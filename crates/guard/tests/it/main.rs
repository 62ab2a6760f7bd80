//! The gates from outside: small routers behind `protect`, driven like a client drives them; and the way out, to small
//! servers on this machine.

mod answers;
mod crossing;
mod kit;
mod log;
mod maintenance;
mod outbound;
mod rates;
mod redis;
mod sizes;
mod socket;
mod text;
