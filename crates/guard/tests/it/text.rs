//! Sanitising, from outside: whatever goes in, what comes out is small, safe and the same the second time.

mod payloads;
mod properties;
mod strict;
