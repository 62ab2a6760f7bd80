//! Where the keys are published that tokens are verified with: an address in the web, or a file.

use std::borrow::Cow;
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use guard::outbound::AllowedHost;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use url::{Host, Url};

/// A JSON Web Key Set (RFC 7517).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum KeySource {
    /// Fetched over HTTP.
    Web(Url),
    /// Read from a file.
    File(PathBuf),
}

impl FromStr for KeySource {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if !text.contains("://") {
            let is_path = text.starts_with(['/', '.']);
            return if is_path { Ok(Self::File(text.into())) } else { Err(FORM.to_owned()) };
        }
        let url: Url = text.parse().map_err(|_| FORM.to_owned())?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err("a URL with a user name or a password is not used: a key set is public".to_owned());
        }
        let is_web = AllowedHost::of(&url).is_some();
        if is_web { Ok(Self::Web(url)) } else { Err(FORM.to_owned()) }
    }
}

impl KeySource {
    /// Whether somebody on the way could put their own keys in place of the issuer's.
    pub(crate) fn is_in_the_clear(&self) -> bool {
        let Self::Web(url) = self else { return false };
        let stays_here = match url.host() {
            Some(Host::Domain(name)) => name == "localhost",
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        };
        url.scheme() == "http" && !stays_here
    }
}

const FORM: &str = "is no place of a key set; write it like https://app.example.org/.well-known/jwks.json, or a file like \
                    /etc/mainstay/jwks.json";

impl TryFrom<String> for KeySource {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<KeySource> for String {
    fn from(source: KeySource) -> Self {
        match source {
            KeySource::Web(url) => url.into(),
            KeySource::File(path) => path.display().to_string(),
        }
    }
}

/// As the log names it: without a query string, which may be a secret.
impl fmt::Display for KeySource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Web(url) => write!(f, "{}{}", url.origin().ascii_serialization(), url.path()),
            Self::File(path) => path.display().fmt(f),
        }
    }
}

impl fmt::Debug for KeySource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl JsonSchema for KeySource {
    fn schema_name() -> Cow<'static, str> {
        "KeySource".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "examples": ["https://app.example.org/.well-known/jwks.json"] })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_set_is_in_the_web_or_in_a_file() {
        for web in ["https://app.example.org/.well-known/jwks.json", "http://127.0.0.1:5000/jwks?x=1"] {
            assert!(matches!(web.parse(), Ok(KeySource::Web(_))), "{web}");
        }
        for file in ["/etc/jwks.json", "./jwks.json"] {
            assert!(matches!(file.parse(), Ok(KeySource::File(_))), "{file}");
        }
        for bad in ["", "app.example.org/jwks", "ftp://x/y", "https://me:word@x/y", "https://"] {
            assert!(bad.parse::<KeySource>().is_err(), "{bad}");
        }
    }

    #[test]
    fn keys_in_the_clear_are_those_of_another_machine_without_tls() {
        let is = |text: &str| text.parse::<KeySource>().expect("a source").is_in_the_clear();
        assert!(is("http://issuer.example/jwks") && is("http://10.0.0.1/jwks"));
        for safe in [
            "https://issuer.example/jwks",
            "http://127.0.0.1:1/jwks",
            "http://localhost/jwks",
            "http://[::1]/",
            "/x",
        ] {
            assert!(!is(safe), "{safe}");
        }
    }

    #[test]
    fn a_query_string_must_not_be_printed() {
        let source: KeySource = "https://x.example/jwks?key=hunter2".parse().expect("a source");
        let printed = format!("{source} {source:?}");
        assert!(printed.contains("https://x.example/jwks") && !printed.contains("hunter2"), "{printed}");
    }
}
