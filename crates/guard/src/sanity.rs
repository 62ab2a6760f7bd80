//! Refuses requests that two readers could understand differently.
//!
//! A proxy in front of us and the code behind us must agree on the host, the sender and the kind of body; where a
//! header that may stand only once stands twice (RFC 9110 section 5.3) or two hosts are named (RFC 9112 section 3.2),
//! they might not.

use std::net::Ipv6Addr;

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use foundation::{Code, Problem};
use http::uri::Authority;
use http::{HeaderMap, Uri, Version, header};

/// Headers that decide something here and may stand only once.
const SINGLE: &[&str] = &[
    "authorization",
    "content-encoding",
    "content-length",
    "content-type",
    "host",
    "idempotency-key",
    "origin",
    "sec-fetch-site",
    crate::csrf::CSRF_HEADER,
];

/// The layer.
pub(crate) async fn check(request: Request, next: Next) -> Result<Response, Problem> {
    match ambiguity(&request) {
        Ok(()) => Ok(next.run(request).await),
        Err(detail) => Err(Problem::new(Code::MalformedRequest, detail)),
    }
}

/// The host a request was sent to: HTTP/2's `:authority`, or HTTP/1's absolute target or `Host`.
pub fn host<B>(request: &http::Request<B>) -> Option<&str> {
    host_of(request.uri(), request.headers())
}

/// As [`host`], by the parts that say it.
pub fn host_of<'a>(uri: &'a Uri, headers: &'a HeaderMap) -> Option<&'a str> {
    let target = uri.authority().map(Authority::as_str);
    target.or_else(|| headers.get(header::HOST)?.to_str().ok())
}

/// What in a request two readers could understand differently.
///
/// # Errors
/// Words for whoever sent it.
pub fn ambiguity<B>(request: &http::Request<B>) -> Result<(), String> {
    let headers = request.headers();
    let is_any_twice = headers.len() > headers.keys_len();
    let is_twice = |name: &&&str| headers.get_all(**name).iter().nth(1).is_some();
    if let Some(name) = SINGLE.iter().find(|name| is_any_twice && is_twice(name)) {
        return Err(format!("The header {name} may be sent only once."));
    }
    let Some(host) = host(request) else {
        return match headers.get(header::HOST) {
            // Only HTTP/1.0 knows requests without a host; simple health checks still speak it.
            None if request.version() == Version::HTTP_10 => Ok(()),
            None => Err("The request names no host; send the header Host.".to_owned()),
            Some(_) => Err("The host is not written in ASCII.".to_owned()),
        };
    };
    if !is_host(host) {
        return Err("The host must be a name or an address, with or without a port.".to_owned());
    }
    match headers.get(header::HOST) {
        Some(header) if !header.as_bytes().eq_ignore_ascii_case(host.as_bytes()) => {
            Err("The request names two different hosts.".to_owned())
        }
        _ => Ok(()),
    }
}

/// A host without its port.
pub fn without_port(host: &str) -> &str {
    split(host).0
}

/// Whether a text without a port is what hosts are known by. More is allowed in URLs (RFC 3986, 3.2.2), but no name that
/// anybody has has commas in it, and whoever reads lists takes what stands before one.
pub fn is_name_or_address(text: &str) -> bool {
    let address = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let is_address = address.is_some_and(|address| address.parse::<Ipv6Addr>().is_ok());
    let is_of_label = |byte: u8| byte.is_ascii_alphanumeric() || b"_-".contains(&byte);
    let is_label = |label: &str| !label.is_empty() && label.bytes().all(is_of_label);
    // A dot at its end says that a name is whole (RFC 3986, 3.2.2).
    is_address || text.strip_suffix('.').unwrap_or(text).split('.').all(is_label)
}

/// A host, and its port or nothing.
fn split(host: &str) -> (&str, &str) {
    host.rsplit_once(':').filter(|(_, port)| !port.ends_with(']')).unwrap_or((host, ""))
}

/// A name or an address, with or without a port.
fn is_host(text: &str) -> bool {
    let (name, port) = split(text);
    let is_number = || port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok();
    is_name_or_address(name) && (port.is_empty() || is_number())
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    fn request(version: Version, uri: &str, headers: &[(&str, &str)]) -> Request {
        let mut builder = Request::builder().version(version).uri(uri);
        for (name, value) in headers {
            builder = builder.header(*name, *value);
        }
        builder.body(Body::empty()).expect("a request")
    }

    #[test]
    fn ordinary_requests_pass() {
        for (version, uri, headers) in [
            (Version::HTTP_11, "/", [("host", "learn.example.org")].as_slice()),
            (Version::HTTP_11, "/", &[("host", "[::1]:8080")]),
            (Version::HTTP_11, "/", &[("host", "127.0.0.1:8080"), ("accept", "a"), ("accept", "b")]),
            (Version::HTTP_11, "http://learn.example.org/", &[("host", "Learn.example.org")]),
            (Version::HTTP_2, "https://learn.example.org/", &[("cookie", "a=1"), ("cookie", "b=2")]),
            (Version::HTTP_10, "/", &[]),
        ] {
            assert_eq!(ambiguity(&request(version, uri, headers)), Ok(()), "{uri} {headers:?}");
        }
    }

    #[test]
    fn a_request_without_one_clear_host_is_refused() {
        for (uri, headers, words) in [
            ("/", [].as_slice(), "no host"),
            ("/", &[("host", "")], "must be a name"),
            ("/", &[("host", "a.example"), ("host", "a.example")], "only once"),
            ("/", &[("host", "me@a.example")], "must be a name"),
            ("/", &[("host", "a.example/path")], "must be a name"),
            ("/", &[("host", "a.example, b.example")], "must be a name"),
            ("/", &[("host", "ü.example")], "ASCII"),
            ("http://a.example/", &[("host", "b.example")], "two different hosts"),
        ] {
            let message = ambiguity(&request(Version::HTTP_11, uri, headers)).expect_err(uri);
            assert!(message.contains(words), "{headers:?}: {message}");
        }
    }

    // ASVS 15.3.7
    #[test]
    fn what_decides_something_may_stand_only_once() {
        for &name in SINGLE {
            let twice =
                request(Version::HTTP_2, "https://a.example/", &[(name, "a.example"), (name, "a.example")]);
            let message = ambiguity(&twice).expect_err(name);
            assert!(message.contains(name), "{message}");
        }
    }

    #[test]
    fn a_host_is_a_name_or_an_address() {
        for host in
            ["localhost", "App.example.org:8080", "my_app", "a.", "127.0.0.1:1", "[::1]", "[::1]:443", "a:"]
        {
            assert!(is_host(host), "{host}");
        }
        let evil = [
            ".",
            ".a",
            "a..b",
            "a:99999",
            "a:+1",
            "",
            ":80",
            "a,b",
            "evil.example,a.example.org",
            "a;b",
            "a b",
            "a@b",
            "a:b",
            "a:1:2",
            "a:123456",
        ];
        for host in
            evil.iter().chain(&["[::1", "::1", "[::1]x", "[::1%25eth0]", "[v1.a]", "a$", "a%41", "\u{fc}"])
        {
            assert!(!is_host(host), "{host}");
        }
    }
}
