//! The ground: what every other room stands on and what stands on nothing of ours.
//!
//! Time, chance and ids are values here ([`Ambient`]); secrets are types ([`Secret`], [`Token`]); settings are
//! read in one place ([`config`]); and every error a client may see is a [`Problem`].

mod ambient;
pub mod config;
mod files;
mod hook;
mod moment;
pub mod problem;
mod root;
mod secret;

pub use ambient::{Ambient, Clock, Randomness, SystemClock, SystemRandomness, Timestamp};
pub use files::{create_file, replace_file};
pub use hook::{Hook, HookError};
pub use moment::{MOMENT_FORM, parse_moment};
pub use problem::{Code, FieldError, Problem, with_causes};
pub use root::{RoomKey, RootKey};
pub use secret::{ExposeSecret, Secret, SecretString, Token, TokenHash};
pub use uuid::Uuid;
