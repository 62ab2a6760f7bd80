//! What an operator can set about programs that are told what rollouts decide.

use std::path::PathBuf;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use foundation::config::Period;
use foundation::{ExposeSecret as _, SecretString};
use garde::Validate;
use guard::outbound::AllowedHost;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use url::Url;

/// What a secret begins with, as Standard Webhooks writes it.
const PREFIX: &str = "whsec_";

/// Who is told each decision of a rollout, in order; a failure is written down and changes nothing about the rollout. After a
/// crash the same decision may be told twice.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(default, deny_unknown_fields)]
pub struct HooksConfig {
    /// A command that a shell runs. It reads the decision as JSON from its standard input.
    #[garde(inner(length(min = 1)))]
    pub command: Option<String>,

    /// Where the decision is posted to as JSON, signed as Standard Webhooks says (HMAC-SHA256). The host need not be named
    /// anywhere else.
    #[garde(inner(custom(|url: &SecretString, (): &()| an_address(url))))]
    #[serde(skip_serializing)]
    #[schemars(with = "Option<String>", extend("writeOnly" = true))]
    pub url: Option<SecretString>,

    /// With what it is signed: `whsec_` and 24 to 64 random bytes in base64. To make one:
    /// `echo whsec_$(openssl rand -base64 32)`.
    #[garde(custom(a_secret(self.url.is_some())))]
    #[serde(skip_serializing)]
    #[schemars(with = "Option<String>", extend("writeOnly" = true))]
    pub secret: Option<SecretString>,

    /// A certificate authority (PEM) to be trusted besides the public ones, at that address.
    #[garde(skip)]
    pub tls_ca_file: Option<PathBuf>,

    /// How long the command, or one attempt to post, may take.
    #[garde(custom(|period: &Period, (): &()| period.within(Period::SECOND, Period::HOUR)))]
    pub timeout: Period,
}

impl Default for HooksConfig {
    fn default() -> Self {
        Self { command: None, url: None, secret: None, tls_ca_file: None, timeout: Period::from_secs(30) }
    }
}

/// The address of a webhook. Often a secret itself.
pub(crate) fn webhook_url(text: &SecretString) -> Option<Url> {
    let url: Url = text.expose_secret().parse().ok()?;
    let has_credentials = !url.username().is_empty() || url.password().is_some();
    (!has_credentials && AllowedHost::of(&url).is_some()).then_some(url)
}

/// The bytes of a secret.
pub(crate) fn webhook_secret(text: &SecretString) -> Option<Vec<u8>> {
    let bytes = BASE64_STANDARD.decode(text.expose_secret().strip_prefix(PREFIX)?).ok()?;
    (24..=64).contains(&bytes.len()).then_some(bytes)
}

fn an_address(url: &SecretString) -> garde::Result {
    if webhook_url(url).is_some() {
        return Ok(());
    }
    let words = "is no address of a webhook; write it like https://hooks.example.org/releases, without user and password";
    Err(garde::Error::new(words))
}

fn a_secret(there_is_a_webhook: bool) -> impl FnOnce(&Option<SecretString>, &()) -> garde::Result {
    move |secret, ()| match secret {
        None if there_is_a_webhook => {
            Err(garde::Error::new("must be set with url, so that the receiver knows who speaks"))
        }
        Some(secret) if webhook_secret(secret).is_none() => {
            let words = "must be whsec_ and 24 to 64 bytes in base64; make one by: echo whsec_$(openssl rand -base64 32)";
            Err(garde::Error::new(words))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    fn mistakes(url: Option<&str>, secret: Option<&str>) -> Vec<String> {
        let config = HooksConfig {
            url: url.map(Into::into),
            secret: secret.map(Into::into),
            ..HooksConfig::default()
        };
        let report = config.validate().err().map(garde::Report::into_inner).unwrap_or_default();
        report.into_iter().map(|(path, error)| format!("{path} {error}")).collect()
    }

    #[test]
    fn a_webhook_is_signed() {
        assert_eq!(mistakes(None, None), Vec::<String>::new());
        assert_eq!(mistakes(Some("https://x.example/hook?to=7"), Some(SECRET)), Vec::<String>::new());
        for (url, secret, place) in [
            (Some("https://x.example/hook"), None, "secret"),
            (Some("https://x.example/hook"), Some("whsec_c2hvcnQ="), "secret"),
            (Some("https://x.example/hook"), Some("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), "secret"),
            (Some("https://me:word@x.example/hook"), Some(SECRET), "url"),
            (Some("x.example/hook"), Some(SECRET), "url"),
            (Some("ftp://x.example/hook"), Some(SECRET), "url"),
        ] {
            let found = mistakes(url, secret);
            assert!(found.len() == 1 && found[0].starts_with(place), "{url:?} {secret:?}: {found:?}");
            assert!(!found[0].contains("word@") && !found[0].contains("c2hvcnQ"), "{found:?}");
        }
    }
}
