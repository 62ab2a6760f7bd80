//! Which web origins are this installation's own (RFC 6454: scheme, host and port).

use http::{HeaderMap, header};
use url::Url;

/// The origins of this installation.
#[derive(Debug, Clone, Default)]
pub struct Origins(Vec<String>);

/// Whom an `Origin` header names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// This installation.
    Ours,
    /// Somebody else.
    Foreign,
}

impl Origins {
    /// The origins of a checked configuration.
    pub fn new(configured: &[String]) -> Self {
        Self(configured.iter().map(|origin| origin.to_ascii_lowercase()).collect())
    }

    /// Whether the value of an `Origin` header names us. `host` is where the request itself was sent to; it decides
    /// when no origins are configured.
    pub(crate) fn contains(&self, origin: &str, host: Option<&str>) -> bool {
        if self.0.is_empty() {
            host.is_some_and(|host| is_at_host(origin, host))
        } else {
            self.0.iter().any(|ours| ours.eq_ignore_ascii_case(origin))
        }
    }

    /// Whose page sent a request, if its `Origin` header says so.
    pub fn named(&self, headers: &HeaderMap, host: Option<&str>) -> Option<Whose> {
        headers.get(header::ORIGIN).map(|value| match value.to_str() {
            Ok(origin) if self.contains(origin, host) => Whose::Ours,
            _ => Whose::Foreign,
        })
    }

    /// Whether people reach us over TLS.
    pub(crate) fn any_https(&self) -> bool {
        self.0.iter().any(|origin| origin.starts_with("https://"))
    }
}

/// Whether an origin's host and port are `host`, whatever its scheme: behind a TLS proxy we cannot know the scheme.
pub(crate) fn is_at_host(origin: &str, host: &str) -> bool {
    let (authority, default_port) = match origin.split_once("://") {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("https") => (rest, ":443"),
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("http") => (rest, ":80"),
        _ => return false,
    };
    let without_default = |text: &str| text.strip_suffix(default_port).unwrap_or(text).to_ascii_lowercase();
    !authority.is_empty() && without_default(authority) == without_default(host)
}

/// Checks configured origins.
///
/// # Errors
/// What is wrong with each that is not written the way browsers write origins, and how to write it.
pub(crate) fn check_all(origins: &[String]) -> Result<(), String> {
    let mistakes: Vec<String> = origins.iter().filter_map(|origin| check(origin).err()).collect();
    if mistakes.is_empty() { Ok(()) } else { Err(mistakes.join("; ")) }
}

fn check(origin: &str) -> Result<(), String> {
    let right = Url::parse(origin)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https") && url.username().is_empty())
        .map(|url| url.origin().ascii_serialization());
    match right {
        Some(right) if right == origin => Ok(()),
        Some(right) => Err(format!("write {right:?} instead of {origin:?}")),
        None => {
            Err(format!("{origin:?} is not the address of a site, write it like https://learn.example.org"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn configured_origins_are_compared_whole() {
        let origins = Origins::new(&["https://learn.example.org".into(), "http://localhost:8080".into()]);
        let host = Some("learn.example.org");
        for ours in ["https://learn.example.org", "HTTPS://LEARN.example.org", "http://localhost:8080"] {
            assert!(origins.contains(ours, host), "{ours}");
        }
        for foreign in [
            "http://learn.example.org",
            "https://learn.example.org:8443",
            "https://learn.example.org.evil.example",
            "https://evil.learn.example.org",
            "https://example.org",
            "http://localhost",
            "null",
            "",
        ] {
            assert!(!origins.contains(foreign, host), "{foreign}");
        }
    }

    #[test]
    fn without_configuration_the_origin_is_the_host_of_the_request() {
        let origins = Origins::default();
        for (origin, host) in [
            ("http://localhost:8080", "localhost:8080"),
            ("https://localhost:8080", "LOCALHOST:8080"),
            ("https://learn.example.org", "learn.example.org"),
            ("https://learn.example.org", "learn.example.org:443"),
            ("http://learn.example.org", "learn.example.org:80"),
            ("http://[::1]:8080", "[::1]:8080"),
        ] {
            assert!(origins.contains(origin, Some(host)), "{origin} at {host}");
        }
        for (origin, host) in [
            ("http://localhost:3000", Some("localhost:8080")),
            ("http://localhost", Some("localhost:443")),
            ("ftp://localhost", Some("localhost")),
            ("localhost", Some("localhost")),
            ("http://", Some("")),
            ("null", Some("null")),
            ("http://localhost", None),
        ] {
            assert!(!origins.contains(origin, host), "{origin} at {host:?}");
        }
    }

    #[test]
    fn origins_are_written_the_way_browsers_write_them() {
        for good in
            ["https://a.example", "http://localhost:8080", "https://xn--mnchen-3ya.example", "http://[::1]"]
        {
            assert_eq!(check(good), Ok(()), "{good}");
        }
        for (bad, hint) in [
            ("https://a.example/", "https://a.example\""),
            ("https://a.example:443", "https://a.example\""),
            ("https://A.example/app?x=1", "https://a.example\""),
            ("https://münchen.example", "https://xn--mnchen-3ya.example\""),
            ("a.example", "like https://"),
            ("ftp://a.example", "like https://"),
            ("https://user@a.example", "like https://"),
            ("*", "like https://"),
            ("", "like https://"),
        ] {
            let message = check(bad).expect_err(bad);
            assert!(message.contains(hint), "{bad}: {message}");
        }
    }
}
