//! Releases of real applications, behind the real gate, with visitors all the time: bad ones are taken back by
//! themselves, good ones come to everybody. Nobody touches a rollout once it has begun.

mod bad;
mod fault;
mod good;
mod node;
mod trial;
