//! What an operator can set about a server of theirs that is asked who may pass.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use foundation::config::Period;
use garde::Validate;
use http::Uri;
use http::uri::{PathAndQuery, Scheme};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use super::{PassedHeader, paths};
use crate::config::Address;

/// A server that is asked about each request before it is passed on: 2xx lets it pass; 401, 403 and redirects are given
/// to the client; anything else, or no answer, and nobody passes (503). Off without `url`.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(default, deny_unknown_fields)]
pub struct ForwardAuthConfig {
    /// What is asked, by GET, for example `http://127.0.0.1:9091/api/verify`. It is told what it decides about by
    /// `X-Forwarded-Method`, `-Uri`, `-Host`, `-Proto` and `-For`, and gets no body.
    #[garde(skip)]
    pub url: Option<AuthUrl>,

    /// The headers of a request that it is shown besides.
    #[garde(custom(|list: &Vec<String>, (): &()| header_names(list)))]
    pub request_headers: Vec<String>,

    /// The headers of its answer that the application gets, when it lets a request pass. A client's own are removed.
    #[garde(skip)]
    pub response_headers: Vec<PassedHeader>,

    /// How long it may take.
    #[garde(custom(|period: &Period, (): &()| period.within(Period::SECOND, Period::MINUTE)))]
    pub timeout: Period,

    /// Paths below which it is not asked, for example `["/assets"]`.
    #[garde(custom(|list: &Vec<String>, (): &()| paths(list)))]
    pub except: Vec<String>,

    /// Whether a browser may ask without it if the page of another site may send a request (`OPTIONS`, CORS).
    #[garde(skip)]
    pub allow_preflight: bool,
}

impl Default for ForwardAuthConfig {
    fn default() -> Self {
        Self {
            url: None,
            request_headers: ["authorization", "cookie"].map(str::to_owned).into(),
            response_headers: Vec::new(),
            timeout: Period::from_secs(5),
            except: Vec::new(),
            allow_preflight: false,
        }
    }
}

fn header_names(list: &[String]) -> garde::Result {
    let is_none = |text: &&String| text.parse::<http::HeaderName>().is_err();
    match list.iter().find(is_none) {
        None => Ok(()),
        Some(text) => Err(garde::Error::new(format!("{text:?} is no name of a header"))),
    }
}

/// Where it is, and what it is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AuthUrl {
    address: Address,
    path: PathAndQuery,
}

impl AuthUrl {
    pub(crate) fn address(&self) -> &Address {
        &self.address
    }

    pub(crate) fn path(&self) -> &PathAndQuery {
        &self.path
    }
}

impl FromStr for AuthUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let form = || {
            format!(
                "{text:?} is no address of such a server; write it like http://127.0.0.1:9091/api/verify (it stands beside \
                 the gate, and is spoken to without TLS)"
            )
        };
        let uri: Uri = text.parse().map_err(|_| form())?;
        let authority = uri.authority().filter(|_| uri.scheme() == Some(&Scheme::HTTP)).ok_or_else(form)?;
        let port = if authority.port().is_none() { ":80" } else { "" };
        let address = format!("{authority}{port}").parse().map_err(|_: String| form())?;
        let path = uri.path_and_query().cloned().unwrap_or_else(|| PathAndQuery::from_static("/"));
        Ok(Self { address, path })
    }
}

impl TryFrom<String> for AuthUrl {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<AuthUrl> for String {
    fn from(url: AuthUrl) -> Self {
        url.to_string()
    }
}

impl fmt::Display for AuthUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "http://{}{}", self.address, self.path)
    }
}

impl JsonSchema for AuthUrl {
    fn schema_name() -> Cow<'static, str> {
        "AuthUrl".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "examples": ["http://127.0.0.1:9091/api/verify"] })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn its_address_is_one_of_http() {
        for (text, whole) in [
            ("http://127.0.0.1:9091/api/verify?rd=x", "http://127.0.0.1:9091/api/verify?rd=x"),
            ("http://auth.internal", "http://auth.internal:80/"),
        ] {
            assert_eq!(text.parse::<AuthUrl>().expect(text).to_string(), whole);
        }
        for text in ["https://auth.internal/", "127.0.0.1:9091", "/verify", "http://me:word@auth/", ""] {
            let mistake = text.parse::<AuthUrl>().expect_err(text);
            assert!(mistake.contains("without TLS"), "{mistake}");
        }
    }
}
