//! The gatehouse: everything that stands between the network and a handler, and no rule of any domain.
//!
//! [`protect`] puts the layers around a finished router; [`ValidJson`] and [`ValidQuery`] are how a handler takes its
//! body and its query; a session's CSRF token comes from [`CsrfKey`]. What a client gets when something goes wrong is
//! always a [`foundation::Problem`], whoever noticed: a handler, an extractor, axum itself, or the panic catcher.
//! [`text`] has the types for what people write. What Mainstay itself asks of others leaves through [`outbound`].

mod access;
mod answers;
mod client;
mod config;
mod cookies;
mod csrf;
mod fields;
pub mod headers;
mod json;
mod limits;
mod maintenance;
mod origin;
pub mod outbound;
mod places;
mod protect;
mod query;
mod rates;
mod sanity;
pub mod text;
mod violations;

pub use access::RequestId;
pub use client::{ClientAddress, Proxies};
pub use config::{Config, networks};
pub use cookies::{Presented, cookie, presented};
pub use csrf::{CSRF_HEADER, CsrfKey, bearer};
pub use fields::{WebAddress, moment, nfc, one_line, source_code};
pub use json::{ValidJson, broken, refused};
pub use maintenance::{Closure, Maintenance, prefers_german};
pub use origin::{Origins, Whose};
pub use places::{Place, Places};
pub use protect::{Protection, protect};
pub use query::ValidQuery;
pub use rates::{
    Allowance, Backing, By, Key, Policy, Quota, Quotas, RateLimits, RateRule, Refused, RequestLimits,
    tell_standing,
};
pub use sanity::{ambiguity, host, host_of, is_name_or_address, without_port};
pub use violations::{Violation, Violations};
