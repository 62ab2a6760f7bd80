//! Sanitising, from outside: whatever goes in, what comes out is small, safe and the same the second time.

mod chromium;
mod known;
mod page;
mod payloads;
mod properties;
mod strict;
