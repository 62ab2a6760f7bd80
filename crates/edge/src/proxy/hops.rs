//! Headers that are meant for the next hop only (RFC 9110, 7.6.1), and how a request asks for another protocol.

use http::header::{CONNECTION, TE, UPGRADE};
use http::{HeaderMap, HeaderName, HeaderValue};

use super::names;

/// Removes them: the usual ones, and those that `Connection` names.
pub(crate) fn strip(headers: &mut HeaderMap) {
    for name in named(headers) {
        headers.remove(name);
    }
    names::remove(headers, is_for_one_hop);
}

fn is_for_one_hop(name: &str) -> bool {
    matches!(
        name,
        "connection"
            | "keep-alive"
            | "proxy-connection"
            | "proxy-authorization"
            | "proxy-authenticate"
            | "te"
            | "trailer"
            | "transfer-encoding"
            | "upgrade"
    )
}

/// Removes them from a request, and says of our own what we take.
pub(crate) fn strip_request(headers: &mut HeaderMap) {
    let takes_trailers = takes_trailers(headers);
    strip(headers);
    if takes_trailers {
        ask_for_trailers(headers);
    }
}

/// Whether whoever sends a request takes fields behind the answer (RFC 9110, 10.1.4). A client of HTTP/2 says so without
/// `Connection`, which it does not know.
fn takes_trailers(headers: &HeaderMap) -> bool {
    let codings = headers.get_all(TE).iter().filter_map(|value| value.to_str().ok());
    codings.flat_map(|list| list.split(',')).any(|coding| coding.trim().eq_ignore_ascii_case("trailers"))
}

/// Says that we take them: to somebody who thinks that nobody does they might not be sent.
fn ask_for_trailers(headers: &mut HeaderMap) {
    headers.insert(CONNECTION, HeaderValue::from_static("te"));
    headers.insert(TE, HeaderValue::from_static("trailers"));
}

/// What `Connection` names, but for what is said most of the time and names nothing.
fn named(headers: &HeaderMap) -> Vec<HeaderName> {
    let usual = |value: &&HeaderValue| !matches!(value.as_bytes(), b"keep-alive" | b"close" | b"Upgrade");
    let lists = headers.get_all(CONNECTION).iter().filter(usual).filter_map(|value| value.to_str().ok());
    lists.flat_map(|list| list.split(',')).filter_map(|option| option.trim().parse().ok()).collect()
}

/// The protocol that a request wants to go on with, if it says so in both places (RFC 9110, 7.8). HTTP and TLS are not
/// gone on with: inside such a tunnel requests would reach the target that nobody here has seen.
pub(crate) fn wanted_protocol(headers: &HeaderMap) -> Option<HeaderValue> {
    let says_upgrade = |value: &HeaderValue| {
        let options = value.to_str().unwrap_or_default().split(',');
        options.map(str::trim).any(|option| option.eq_ignore_ascii_case("upgrade"))
    };
    let mut protocols = headers.get_all(UPGRADE).iter();
    let protocol =
        protocols.next().filter(|protocol| protocols.next().is_none() && !hides_requests(protocol))?;
    headers.get_all(CONNECTION).iter().any(says_upgrade).then(|| protocol.clone())
}

fn hides_requests(protocols: &HeaderValue) -> bool {
    let hides = |protocol: &str| {
        let name = protocol.split('/').next().unwrap_or_default().trim();
        ["h2", "h2c", "http", "tls"].iter().any(|hiding| name.eq_ignore_ascii_case(hiding))
    };
    protocols.to_str().map_or(true, |protocols| protocols.split(',').any(hides))
}

/// Asks for it, or says that it is so.
pub(crate) fn ask_for(protocol: HeaderValue, headers: &mut HeaderMap) {
    headers.insert(CONNECTION, HeaderValue::from_static("upgrade"));
    headers.insert(UPGRADE, protocol);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let pair = |(name, value): &(&'static str, &'static str)| {
            (HeaderName::from_static(name), HeaderValue::from_static(value))
        };
        pairs.iter().map(pair).collect()
    }

    // ASVS 4.1.3
    #[test]
    fn what_is_for_the_next_hop_stays_here() {
        let mut all = headers(&[
            ("connection", "keep-alive, X-Secret-Hop"),
            ("connection", "close"),
            ("keep-alive", "timeout=5"),
            ("te", "trailers"),
            ("transfer-encoding", "chunked"),
            ("upgrade", "h2c"),
            ("proxy-authorization", "Basic eDp5"),
            ("x-secret-hop", "1"),
            ("x-other", "2"),
        ]);
        strip(&mut all);
        assert_eq!(all, headers(&[("x-other", "2")]));
    }

    #[test]
    fn trailers_are_taken_by_who_says_so() {
        assert!(takes_trailers(&headers(&[("te", "gzip;q=0.5, Trailers")])));
        assert!(!takes_trailers(&headers(&[("te", "gzip"), ("trailer", "x-sum")])));
    }

    #[test]
    fn a_protocol_is_wanted_only_when_both_headers_say_so() {
        let both = headers(&[("connection", "keep-alive, Upgrade"), ("upgrade", "websocket")]);
        assert_eq!(wanted_protocol(&both), Some(HeaderValue::from_static("websocket")));
        assert_eq!(wanted_protocol(&headers(&[("upgrade", "websocket")])), None);
        assert_eq!(wanted_protocol(&headers(&[("connection", "upgrade")])), None);
        let two = headers(&[("connection", "upgrade"), ("upgrade", "websocket"), ("upgrade", "websocket")]);
        assert_eq!(wanted_protocol(&two), None);
        for hiding in ["h2c", "H2C", "websocket, h2c", "HTTP/2.0", "TLS/1.2"] {
            let mut all = both.clone();
            all.insert(UPGRADE, HeaderValue::from_static(hiding));
            assert_eq!(wanted_protocol(&all), None, "{hiding}");
        }
    }
}
