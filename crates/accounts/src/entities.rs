//! The tables of this room, as `SeaORM` sees them.

#![expect(unreachable_pub, reason = "what SeaORM derives for an entity wants it to be `pub`")]

pub(crate) mod access_tokens;
pub(crate) mod backup_codes;
pub(crate) mod ceremonies;
pub(crate) mod ended_credentials;
pub(crate) mod keys;
pub(crate) mod known_devices;
pub(crate) mod one_time_links;
pub(crate) mod outgoing_mails;
pub(crate) mod passkeys;
pub(crate) mod refresh_tokens;
pub(crate) mod sessions;
pub(crate) mod throttles;
pub(crate) mod totp_credentials;
pub(crate) mod users;
