//! The entrance: users, passwords, sessions, one-time links, and the mail that goes with them.
//!
//! Read `sign_up`, `verification` and `sign_in` for what happens; `user`, `password`, `link` and `session` for the
//! rules; `routes` for HTTP; `queries` for SQL. Authority is a value: only this crate can make a [`CurrentUser`].

mod accounts;
mod administrator;
mod config;
mod entities;
mod error;
mod housekeeping;
mod link;
mod mail;
mod migrations;
mod password;
mod queries;
mod routes;
mod sample;
mod session;
mod sign_in;
mod sign_up;
mod user;
mod verification;

pub use accounts::{Accounts, Dependencies};
pub use administrator::SetupLink;
pub use config::{Config, MailConfig, PasswordConfig, SmtpSecurity};
pub use error::AccountsError;
pub use mail::{Delivery, DeliveryError};
pub use migrations::migrations;
pub use routes::{router, session_cookie};
pub use session::CurrentUser;
pub use user::{Email, Role, User, Username};

/// The name of the cookie that signs a browser in. The `__Host-` prefix makes browsers insist that it is `Secure`,
/// for `/`, and for this host alone (RFC 6265bis section 4.1.3.2).
pub const SESSION_COOKIE: &str = "__Host-auth_token";
