//! What an operator can set about who may pass to an application, how often, and what its answers get besides.

mod claim_header;
mod forward_auth;
mod jwt;
mod key_source;

use garde::Validate;
use guard::Quota;
use http::HeaderValue;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use claim_header::{ClaimHeader, PassedHeader};
pub use forward_auth::{AuthUrl, ForwardAuthConfig};
pub use jwt::{JwtConfig, SigningAlgorithm};
pub use key_source::KeySource;

/// How often an application may be asked. Counted by this gate alone; several gates allow several times as much.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(default, deny_unknown_fields)]
#[garde(allow_unvalidated)] // a quota cannot be wrong
pub struct RateLimitConfig {
    /// Requests from one network: one IPv4 address, or a /64 of IPv6. For example `50 per 1s, burst 500`. Without it,
    /// as many as come.
    pub address: Option<Quota>,

    /// Requests of one person, who is the subject (`sub`) of a token: the section `jwt` says how tokens are verified.
    /// Without it, as many as come.
    pub user: Option<Quota>,
}

/// Who may show pages of the application inside their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(inline)]
pub enum Frames {
    /// Nobody.
    None,
    /// The application itself.
    SameOrigin,
    /// Everybody.
    Any,
}

/// Security headers for answers that have none of their own. What the application says is never changed.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(default, deny_unknown_fields)]
pub struct SecurityHeaderConfig {
    /// Whether any are added: `X-Content-Type-Options`, `Referrer-Policy`, `X-Frame-Options`, over https
    /// `Strict-Transport-Security` (two years); and whether `Server` and `X-Powered-By` are removed.
    #[garde(skip)]
    pub add: bool,

    /// Whether the promise of https counts for subdomains too. Browsers keep it for two years: only where all of them
    /// speak https.
    #[garde(skip)]
    pub hsts_subdomains: bool,

    /// Who may show pages of the application inside their own: `none`, `same-origin` or `any`.
    #[garde(skip)]
    pub frames: Frames,

    /// A `Content-Security-Policy`, for example `default-src 'self'; frame-ancestors 'none'`. Without it, none is added:
    /// which one fits depends on the application.
    #[garde(inner(custom(|text: &String, (): &()| a_value(text))))]
    pub content_security_policy: Option<String>,
}

impl Default for SecurityHeaderConfig {
    fn default() -> Self {
        Self { add: true, hsts_subdomains: false, frames: Frames::SameOrigin, content_security_policy: None }
    }
}

fn a_value(text: &str) -> garde::Result {
    match HeaderValue::from_str(text) {
        Ok(_) if !text.trim().is_empty() => Ok(()),
        _ => Err(garde::Error::new(
            "is no value of a header; write it in one line, without control characters",
        )),
    }
}

/// Paths that the gate does not ask anything about, written like `/login`: each and what is below it.
fn paths(list: &[String]) -> garde::Result {
    list.iter().try_for_each(|text| super::service::a_path(text))
}

#[cfg(test)]
mod tests;
