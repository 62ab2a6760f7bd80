//! Who passes to an application, how often, and what its answers get.

mod forward_auth;
mod headers;
mod keys;
mod kit;
mod limits;
mod tokens;
