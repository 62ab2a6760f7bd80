//! The gates from outside: small routers behind `protect`, driven like a client drives them.

mod answers;
mod crossing;
mod kit;
mod log;
mod rates;
mod redis;
mod redis_server;
mod sizes;
mod socket;
