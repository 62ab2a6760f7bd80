//! The gate in front of real servers, with real clients, over this machine's loopback.

mod gate;
mod passing;
mod target;
