//! Settings of accounts and of the mail they send.

use foundation::SecretString;
use foundation::config::Period;
use garde::Validate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Users, sessions and links.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// How long a session lasts, whatever happens.
    #[garde(custom(|period: &Period, (): &()| period.within(Period::MINUTE, Period::YEAR)))]
    pub session_lifetime: Period,
    /// How long a session lasts without any request.
    #[garde(custom(|period: &Period, (): &()| period.within(Period::MINUTE, Period::YEAR)))]
    pub session_idle_timeout: Period,
    /// How long the link in a confirmation mail works. Sign-ups that are not confirmed by then are forgotten.
    #[garde(custom(|period: &Period, (): &()| period.within(Period::MINUTE, Period::YEAR)))]
    pub verification_lifetime: Period,
    /// How long after a confirmation mail the same one can be asked for again.
    #[garde(custom(|period: &Period, (): &()| period.within(Period::SECOND, Period::HOUR)))]
    pub resend_pause: Period,
    /// How passwords are hashed.
    #[garde(dive)]
    pub password: PasswordConfig,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            session_lifetime: Period::from_secs(7 * 24 * 3600),
            session_idle_timeout: Period::DAY,
            verification_lifetime: Period::DAY,
            resend_pause: Period::MINUTE,
            password: PasswordConfig::default(),
        }
    }
}

/// Argon2id's parameters. The defaults follow OWASP's Password Storage Cheat Sheet.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(default, deny_unknown_fields)]
pub struct PasswordConfig {
    /// Memory for one hash, in KiB.
    #[garde(range(min = 8, max = 4_194_304))]
    pub memory_kib: u32,
    /// Passes over that memory.
    #[garde(range(min = 1, max = 100))]
    pub passes: u32,
    /// How many passwords are hashed at the same time; 0 means one less than there are processors, but at least one.
    #[garde(range(max = 1024))]
    pub parallel: usize,
    /// How many requests may wait for their turn before others are told that the server is busy.
    #[garde(range(min = 1, max = 100_000))]
    pub queue: usize,
}

impl Default for PasswordConfig {
    fn default() -> Self {
        Self { memory_kib: 19_456, passes: 2, parallel: 0, queue: 256 }
    }
}

/// The mail that Mainstay sends.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(default, deny_unknown_fields)]
pub struct MailConfig {
    /// The SMTP server. Without it, mail stays in a development mailbox, shown at `/dev/mail`; production needs one.
    #[garde(skip)]
    pub smtp_host: Option<String>,
    /// The port of the SMTP server; the usual one of the chosen security when not set (465, 587 or 25).
    #[garde(skip)]
    pub smtp_port: Option<u16>,
    /// How the way to the SMTP server is protected: `tls`, `starttls`, or `none` for a server on this machine.
    #[garde(skip)]
    pub smtp_security: SmtpSecurity,
    /// The user name at the SMTP server, if it wants one.
    #[garde(skip)]
    pub smtp_username: Option<String>,
    /// The password at the SMTP server.
    #[garde(skip)]
    #[serde(skip_serializing)]
    #[schemars(with = "Option<String>", extend("writeOnly" = true))]
    pub smtp_password: Option<SecretString>,
    /// How long an SMTP server may take for one mail before it is tried again later.
    #[garde(custom(|period: &Period, (): &()| period.within(Period::SECOND, Period::HOUR)))]
    pub smtp_timeout: Period,
    /// Whom the mail is from: an address, or `Name <address>`.
    #[garde(custom(a_mailbox))]
    pub from: String,
}

impl Default for MailConfig {
    fn default() -> Self {
        Self {
            smtp_host: None,
            smtp_port: None,
            smtp_security: SmtpSecurity::Starttls,
            smtp_username: None,
            smtp_password: None,
            smtp_timeout: Period::from_secs(20),
            from: "Mainstay <mainstay@localhost>".to_owned(),
        }
    }
}

/// How the way to the SMTP server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum SmtpSecurity {
    /// TLS from the first byte (RFC 8314).
    Tls,
    /// TLS after a STARTTLS that the server must offer.
    Starttls,
    /// Nothing: for a server on this machine.
    None,
}

fn a_mailbox(value: &str, (): &()) -> garde::Result {
    value.parse::<lettre::message::Mailbox>().map(drop).map_err(|_| {
        garde::Error::new("must be an address, or a name and an address: Mainstay <mainstay@example.org>")
    })
}
