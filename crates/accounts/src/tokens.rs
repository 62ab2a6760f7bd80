//! What people and programs present: access tokens, refresh tokens, personal access tokens.

pub(crate) mod access;
pub(crate) mod legacy;
pub(crate) mod personal;
pub(crate) mod refresh;
