//! The way out, to servers on this machine.

mod hosts;
mod kit;
mod limits;
mod redirects;
mod silence;
mod tls;
