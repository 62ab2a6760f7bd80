//! All SQL of this room. Written once, for both databases.

pub(crate) mod access_tokens;
pub(crate) mod backup_codes;
pub(crate) mod ceremonies;
pub(crate) mod devices;
pub(crate) mod ended_credentials;
pub(crate) mod keys;
pub(crate) mod links;
pub(crate) mod mails;
pub(crate) mod passkeys;
pub(crate) mod refresh_tokens;
pub(crate) mod sessions;
pub(crate) mod throttles;
pub(crate) mod totp;
pub(crate) mod users;
