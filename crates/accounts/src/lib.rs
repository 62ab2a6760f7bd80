//! The entrance: users, passwords, sessions, second factors, tokens, one-time links, and the mail that goes with them.
//!
//! Read `sign_up`, `verification`, `sign_in` and `tokens::refresh` for what happens; `user`, `password`, `throttle`,
//! `link`, `sessions` and `factors::totp` for the rules; `routes` for HTTP; `queries` for SQL. Authority is a value
//! (`identity`): only this crate can make a [`CurrentUser`], a [`Reauthenticated`] or an [`Admin`].

mod accounts;
pub mod actions;
mod address;
mod administrator;
mod ceremony;
mod config;
mod departure;
mod device;
mod entities;
mod error;
mod factors;
mod housekeeping;
mod identity;
mod keys;
mod link;
mod mail;
mod migrations;
mod notify;
mod password;
mod people;
mod presence;
mod queries;
mod reauthentication;
mod recovery;
mod refusals;
mod routes;
mod sample;
mod sessions;
mod sign_in;
mod sign_up;
mod throttle;
mod throttling;
mod tokens;
mod user;
mod verification;
mod visitor;

pub use accounts::{Accounts, Dependencies};
pub use administrator::SetupLink;
pub use config::{Config, LegacyTokens, MailConfig, PasswordConfig, SecondFactorPolicy, SmtpSecurity};
pub use device::browser_in_words;
pub use error::AccountsError;
pub use identity::{Admin, CurrentUser, Reauthenticated, ReauthenticatedAdmin, SignedIn};
pub use keys::{KeyInfo, Purpose};
pub use mail::{Delivery, DeliveryError};
pub use migrations::migrations;
pub use people::{Actor, AdminUser, Measure, WaysIn, is_by_operator};
pub use presence::{Attendant, Endings};
pub use routes::{RATE_RULES, router};
pub use user::{Email, Role, User, Username};
pub use visitor::RequestSource;

/// The name of the cookie that signs a browser in: it carries the access token. The `__Host-` prefix makes browsers
/// insist that it is `Secure`, for `/`, and for this host alone (RFC 6265bis section 4.1.3.2).
pub const SESSION_COOKIE: &str = "__Host-auth_token";

/// The cookie that keeps a session alive: it carries the refresh token.
pub const REFRESH_COOKIE: &str = "__Host-refresh_token";

/// The cookie of a sign-in, or another ceremony, between its two requests.
pub const SIGN_IN_COOKIE: &str = "__Host-sign_in";

/// The cookie by which a browser is known again after its session.
pub const DEVICE_COOKIE: &str = "__Host-device";

/// How far the clocks of several nodes may be apart, or one of them set back, before what another wrote is no longer
/// taken for just now.
pub(crate) const CLOCK_SKEW: chrono::TimeDelta = chrono::TimeDelta::minutes(1);
