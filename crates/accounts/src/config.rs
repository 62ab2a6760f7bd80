//! Settings of accounts and of the mail they send.

use foundation::config::Period;
use foundation::{ExposeSecret as _, SecretString, Timestamp};
use garde::Validate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Users, sessions and links.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// How long an access token is good for; the browser then gets another by its refresh token.
    #[garde(custom(|period: &Period, (): &()| period.within(Period::MINUTE, Period::HOUR)))]
    pub access_lifetime: Period,
    /// How long a refresh token is good for. It is exchanged for a new one whenever it is used.
    #[garde(custom(|period: &Period, (): &()| period.within(Period::MINUTE, Period::YEAR)))]
    pub refresh_lifetime: Period,
    /// How long a refresh token may be used again, as tabs do that wake up together. Later, it ends the session.
    #[garde(custom(|period: &Period, (): &()| period.within(Period::from_secs(0), Period::MINUTE)))]
    pub refresh_reuse_window: Period,
    /// How long a session lasts, whatever happens.
    #[garde(custom(|period: &Period, (): &()| period.within(Period::MINUTE, Period::YEAR)))]
    pub session_lifetime: Period,
    /// How long a session lasts without any request.
    #[garde(custom(|period: &Period, (): &()| period.within(Period::MINUTE, Period::YEAR)))]
    pub session_idle_timeout: Period,
    /// How long the link in a confirmation mail works. Sign-ups that are not confirmed by then are forgotten.
    #[garde(custom(|period: &Period, (): &()| period.within(Period::MINUTE, Period::YEAR)))]
    pub verification_lifetime: Period,
    /// How long a link works that sets a password anew, or removes a second factor.
    #[garde(custom(|period: &Period, (): &()| period.within(Period::MINUTE, Period::HOUR)))]
    pub reset_lifetime: Period,
    /// How long a key is in use before another takes its place by itself.
    #[garde(custom(|period: &Period, (): &()| period.within(Period::DAY, Period::YEAR)))]
    pub key_lifetime: Period,
    /// How long a key goes on verifying after another has taken its place.
    #[garde(custom(|period: &Period, (): &()| period.within(Period::HOUR, Period::YEAR)))]
    pub key_overlap: Period,
    /// Who must have a second factor: nobody has to (`optional`), `administrators`, or `everybody`.
    #[garde(skip)]
    pub second_factor: SecondFactorPolicy,
    /// Tokens of a former application that are accepted while people move, as a bearer token. Verified, never issued.
    #[garde(dive)]
    pub legacy_tokens: LegacyTokens,
    /// How passwords are hashed.
    #[garde(dive)]
    pub password: PasswordConfig,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            access_lifetime: Period::from_secs(15 * 60),
            refresh_lifetime: Period::from_secs(7 * 24 * 3600),
            refresh_reuse_window: Period::from_secs(10),
            session_lifetime: Period::from_secs(30 * 24 * 3600),
            session_idle_timeout: Period::from_secs(7 * 24 * 3600),
            verification_lifetime: Period::DAY,
            reset_lifetime: Period::from_secs(10 * 60),
            key_lifetime: Period::YEAR,
            key_overlap: Period::DAY,
            second_factor: SecondFactorPolicy::Optional,
            legacy_tokens: LegacyTokens::default(),
            password: PasswordConfig::default(),
        }
    }
}

/// Who must have a second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum SecondFactorPolicy {
    /// Nobody has to; everybody can.
    Optional,
    /// Administrators.
    Administrators,
    /// Everybody.
    Everybody,
}

/// How tokens of a former application are recognised: JWTs signed with HS256. None are without both a secret and an end.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(default, deny_unknown_fields)]
pub struct LegacyTokens {
    /// The secret that the application signs with, such as its `NEXTAUTH_SECRET`. At least 32 characters.
    #[garde(inner(custom(a_long_secret)))]
    #[serde(skip_serializing)]
    #[schemars(with = "Option<String>", extend("writeOnly" = true))]
    pub secret: Option<SecretString>,
    /// The end: from this moment on no such token is accepted. For example `2027-01-31T00:00:00Z`.
    #[garde(custom(|until: &Option<Timestamp>, (): &()| an_end(until.is_some(), self.secret.is_some())))]
    #[schemars(with = "Option<String>")]
    pub until: Option<Timestamp>,
    /// The claim that names the user, by the id they had in the application or have here.
    #[garde(custom(a_claim))]
    pub subject_claim: String,
    /// The issuer that tokens must name, if the application writes one.
    #[garde(skip)]
    pub issuer: Option<String>,
    /// The audience that tokens must name, if the application writes one.
    #[garde(skip)]
    pub audience: Option<String>,
}

impl Default for LegacyTokens {
    fn default() -> Self {
        Self { secret: None, until: None, subject_claim: "userId".to_owned(), issuer: None, audience: None }
    }
}

/// HS256 is as strong as its secret: a short one is guessed from any token (RFC 7518 section 3.2).
fn a_long_secret(secret: &SecretString, (): &()) -> garde::Result {
    if secret.expose_secret().trim().len() >= 32 {
        return Ok(());
    }
    Err(garde::Error::new("must have at least 32 characters; a shorter one can be guessed from a token"))
}

fn a_claim(name: &str, (): &()) -> garde::Result {
    if name.trim().is_empty() {
        return Err(garde::Error::new("must be the name of a claim, such as sub"));
    }
    Ok(())
}

fn an_end(has_end: bool, has_secret: bool) -> garde::Result {
    if has_secret && !has_end {
        return Err(garde::Error::new("must be set with the secret: say when the migration ends"));
    }
    Ok(())
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
