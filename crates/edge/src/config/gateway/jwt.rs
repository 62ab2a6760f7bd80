//! What an operator can set about tokens (JSON Web Tokens, RFC 7519; RFC 8725).

use std::path::PathBuf;

use foundation::config::Period;
use garde::Validate;
use jsonwebtoken::Algorithm;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{KeySource, paths};

/// How a token may be signed: with a key of which only the issuer has the secret half. There is no `none` and no `HS256`
/// here, so that nobody can write them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
#[expect(missing_docs, reason = "the names of RFC 7518 and RFC 8037 say it all")]
pub enum SigningAlgorithm {
    EdDSA,
    ES256,
    ES384,
    PS256,
    PS384,
    PS512,
    RS256,
    RS384,
    RS512,
}

impl From<SigningAlgorithm> for Algorithm {
    fn from(algorithm: SigningAlgorithm) -> Self {
        match algorithm {
            SigningAlgorithm::EdDSA => Self::EdDSA,
            SigningAlgorithm::ES256 => Self::ES256,
            SigningAlgorithm::ES384 => Self::ES384,
            SigningAlgorithm::PS256 => Self::PS256,
            SigningAlgorithm::PS384 => Self::PS384,
            SigningAlgorithm::PS512 => Self::PS512,
            SigningAlgorithm::RS256 => Self::RS256,
            SigningAlgorithm::RS384 => Self::RS384,
            SigningAlgorithm::RS512 => Self::RS512,
        }
    }
}

/// Verification of tokens (JWT) before requests are passed on. Off without `jwks`.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(default, deny_unknown_fields)]
pub struct JwtConfig {
    /// Where the issuer publishes its keys (JWKS, RFC 7517): an address like
    /// `https://app.example.org/.well-known/jwks.json`, or a file. The host need not be named anywhere else.
    #[garde(skip)]
    pub jwks: Option<KeySource>,

    /// Who signs: what tokens must say as `iss`.
    #[garde(skip)]
    pub issuer: String,

    /// For whom: one of these must be in a token's `aud`.
    #[garde(skip)]
    pub audience: Vec<String>,

    /// How tokens may be signed: `EdDSA`, `ES256`, `ES384`, `PS256`, `PS384`, `PS512`, `RS256`, `RS384`, `RS512`.
    #[garde(skip)]
    pub algorithms: Vec<SigningAlgorithm>,

    /// What a token's header must call it (`typ`), so that no other kind of token passes for one: `at+jwt` for access
    /// tokens by RFC 9068, Mainstay's among them. Without it, anything.
    #[garde(skip)]
    pub token_type: Option<String>,

    /// The cookie that has the token, when there is none in `Authorization: Bearer`. Without it, only the header counts.
    #[garde(skip)]
    pub cookie: Option<String>,

    /// Whether nobody passes without a token. When not, a request without one passes as nobody's; one with a bad token
    /// is refused all the same.
    #[garde(skip)]
    pub required: bool,

    /// Paths below which nobody is asked for a token, for example `["/login", "/assets"]`. Nobody has a name there.
    #[garde(custom(|list: &Vec<String>, (): &()| paths(list)))]
    pub except: Vec<String>,

    /// Whether a browser may ask without a token if the page of another site may send a request (`OPTIONS`, CORS).
    #[garde(skip)]
    pub allow_preflight: bool,

    /// How far the issuer's clock may be off.
    #[garde(custom(|period: &Period, (): &()| period.within(Period::from_secs(0), Period::from_secs(300))))]
    pub clock_skew: Period,

    /// How often the keys are fetched again. A token of an unknown key has them fetched at once.
    #[garde(custom(|period: &Period, (): &()| period.within(Period::from_secs(10), Period::DAY)))]
    pub refresh: Period,

    /// How long keys count when their source cannot be asked any more.
    #[garde(custom(|period: &Period, (): &()| period.within(Period::MINUTE, Period::YEAR)))]
    pub keep: Period,

    /// A certificate authority (PEM) to be trusted besides the public ones when the keys are fetched.
    #[garde(skip)]
    pub tls_ca_file: Option<PathBuf>,
}

impl Default for JwtConfig {
    fn default() -> Self {
        Self {
            jwks: None,
            issuer: String::new(),
            audience: Vec::new(),
            algorithms: vec![SigningAlgorithm::EdDSA, SigningAlgorithm::ES256, SigningAlgorithm::RS256],
            token_type: None,
            cookie: None,
            required: true,
            except: Vec::new(),
            allow_preflight: false,
            clock_skew: Period::from_secs(30),
            refresh: Period::from_secs(300),
            keep: Period::from_secs(7 * 24 * 3600),
            tls_ca_file: None,
        }
    }
}

impl JwtConfig {
    /// What only shows when the settings are looked at together.
    pub(crate) fn check(&self) -> garde::Result {
        if self.jwks.is_none() {
            return Ok(());
        }
        let mistake = if self.issuer.is_empty() {
            "tokens of anybody would be believed; name who signs them: issuer"
        } else if self.audience.is_empty() || self.audience.iter().any(String::is_empty) {
            "tokens for other applications would be believed; name for whom they are: audience"
        } else if self.algorithms.is_empty() {
            "no token could be verified; name at least one of algorithms"
        } else if self.cookie.as_deref().is_some_and(|name| !is_cookie_name(name)) {
            "the name of the cookie is none"
        } else {
            return Ok(());
        };
        Err(garde::Error::new(mistake))
    }
}

/// A token in the sense of RFC 9110.
fn is_cookie_name(name: &str) -> bool {
    let is_fine = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !name.is_empty() && name.bytes().all(is_fine)
}
