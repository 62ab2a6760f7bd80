//! The way out, to servers on this machine.

mod failures;
mod hosts;
mod kit;
mod limits;
mod redirects;
mod silence;
mod tls;
