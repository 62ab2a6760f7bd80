//! The gatehouse: everything that stands between the network and a handler, and no rule of any domain.
//!
//! [`protect`] puts the layers around a finished router; [`ValidJson`] is how a handler takes its body; a session's
//! CSRF token comes from [`CsrfKey`]. What a client gets when something goes wrong is always a
//! [`foundation::Problem`], whoever noticed: a handler, an extractor, axum itself, or the panic catcher.

mod access;
mod answers;
mod client;
mod config;
mod cookies;
mod csrf;
mod headers;
mod json;
mod limits;
mod origin;
mod protect;
mod rates;
mod sanity;

pub use access::RequestId;
pub use client::ClientAddress;
pub use config::Config;
pub use cookies::cookie;
pub use csrf::{CSRF_HEADER, CsrfKey, bearer};
pub use json::{ValidJson, broken};
pub use protect::{Protection, protect};
pub use rates::{Allowance, Backing, By, Key, Policy, Quota, Quotas, RateLimits, RateRule, Refused};
