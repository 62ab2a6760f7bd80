//! Second factors: authenticator apps, backup codes, passkeys.

pub(crate) mod backup_codes;
mod code;
pub(crate) mod passkeys;
pub(crate) mod qr;
mod second_step;
pub(crate) mod totp;
mod totp_enrolment;
