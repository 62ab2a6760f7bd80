//! What a target is told of the way that a request came.
//!
//! The word of a proxy that the operator trusts is passed on, with ours added. Of everybody else such headers are
//! removed, whatever they say: targets believe them.

use std::fmt::Write as _;
use std::net::IpAddr;

use http::{HeaderMap, HeaderName, HeaderValue};

const FORWARDED: HeaderName = HeaderName::from_static("forwarded");
const FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
const PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
/// Others that applications and their frameworks believe.
static BELIEVED: [HeaderName; 26] = [
    HeaderName::from_static("x-forwarded-port"),
    HeaderName::from_static("x-forwarded-prefix"),
    HeaderName::from_static("x-forwarded-server"),
    HeaderName::from_static("x-forwarded-ssl"),
    HeaderName::from_static("x-forwarded-scheme"),
    HeaderName::from_static("x-original-url"),
    HeaderName::from_static("x-rewrite-url"),
    HeaderName::from_static("x-client-ip"),
    HeaderName::from_static("x-cluster-client-ip"),
    HeaderName::from_static("true-client-ip"),
    HeaderName::from_static("cf-connecting-ip"),
    HeaderName::from_static("cf-connecting-ipv6"),
    HeaderName::from_static("fastly-client-ip"),
    HeaderName::from_static("x-envoy-external-address"),
    HeaderName::from_static("x-forwarded"),
    HeaderName::from_static("forwarded-for"),
    HeaderName::from_static("x-forwarded-protocol"),
    HeaderName::from_static("front-end-https"),
    HeaderName::from_static("x-original-uri"),
    HeaderName::from_static("x-forwarded-uri"),
    HeaderName::from_static("x-forwarded-method"),
    HeaderName::from_static("x-original-host"),
    HeaderName::from_static("x-host"),
    // Programs that are run for a request take it for the setting `HTTP_PROXY`.
    HeaderName::from_static("proxy"),
    HeaderName::from_static("remote-user"),
    HeaderName::from_static("x-forwarded-user"),
];
const REAL_IP: HeaderName = HeaderName::from_static("x-real-ip");

/// How a request came here.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Way<'w> {
    /// Who has connected to us.
    pub(crate) peer: IpAddr,
    /// Whose request it is.
    pub(crate) client: IpAddr,
    pub(crate) scheme: &'static str,
    pub(crate) host: &'w str,
}

/// Removes what nobody but a proxy that is trusted may say.
pub(crate) fn forget_lies(is_trusted: bool, headers: &mut HeaderMap) {
    if !is_trusted {
        for name in BELIEVED.iter().chain(&[FORWARDED, FOR, HOST, PROTO]) {
            headers.remove(name);
        }
    }
}

/// Writes it into the headers of a request, from which lies are removed already.
pub(crate) fn tell(way: Way<'_>, headers: &mut HeaderMap) {
    let Way { peer, client, scheme, host } = way;
    append(headers, FORWARDED, &element(way));
    append(headers, FOR, &peer.to_string());
    for (name, ours) in [(PROTO, scheme), (HOST, host)] {
        if let (false, Ok(value)) = (headers.contains_key(&name), HeaderValue::from_str(ours)) {
            headers.insert(name, value);
        }
    }
    if let Ok(client) = HeaderValue::from_str(&client.to_string()) {
        headers.insert(REAL_IP, client);
    }
}

/// What we know, as RFC 7239 wants it: what has other than letters stands in quotes.
fn element(Way { peer, scheme, host, .. }: Way<'_>) -> String {
    let mut element = match peer {
        IpAddr::V4(peer) => format!("for={peer}"),
        IpAddr::V6(peer) => format!("for=\"[{peer}]\""),
    };
    // A host has been found to be one: it has no quotes in it.
    let _ = write!(element, ";host=\"{host}\";proto={scheme}");
    element
}

/// One line of all that is said, however many there were.
fn append(headers: &mut HeaderMap, name: HeaderName, ours: &str) {
    let said: Vec<_> = headers.get_all(&name).iter().filter_map(|value| value.to_str().ok()).collect();
    let all = if said.is_empty() { ours.to_owned() } else { format!("{}, {ours}", said.join(", ")) };
    if let Ok(value) = HeaderValue::from_str(&all) {
        headers.insert(name, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(peer: &str, is_trusted: bool, said: &[(&'static str, &'static str)]) -> Vec<String> {
        let pair = |(name, value): &(&'static str, &'static str)| {
            (HeaderName::from_static(name), HeaderValue::from_static(value))
        };
        let mut headers: HeaderMap = said.iter().map(pair).collect();
        let peer: IpAddr = peer.parse().expect("an address");
        forget_lies(is_trusted, &mut headers);
        tell(Way { peer, client: peer, scheme: "https", host: "vault.example.org" }, &mut headers);
        let mut lines: Vec<_> = headers
            .iter()
            .map(|(name, value)| format!("{name}: {}", value.to_str().expect("text")))
            .collect();
        lines.sort();
        lines
    }

    #[test]
    fn what_a_stranger_says_of_the_way_is_not_passed_on() {
        let lies = [
            ("forwarded", "for=6.6.6.6"),
            ("x-forwarded-for", "6.6.6.6"),
            ("x-forwarded-host", "evil.example"),
            ("x-forwarded-prefix", "/admin"),
            ("x-forwarded-proto", "http"),
            ("x-original-url", "/admin"),
            ("proxy", "http://evil.example"),
            ("remote-user", "root"),
            ("x-real-ip", "6.6.6.6"),
        ];
        assert_eq!(
            told("2001:db8::7", false, &lies),
            [
                "forwarded: for=\"[2001:db8::7]\";host=\"vault.example.org\";proto=https",
                "x-forwarded-for: 2001:db8::7",
                "x-forwarded-host: vault.example.org",
                "x-forwarded-proto: https",
                "x-real-ip: 2001:db8::7",
            ]
        );
    }

    #[test]
    fn what_a_trusted_proxy_says_is_passed_on_with_ours_added() {
        let said = [
            ("forwarded", "for=198.51.100.1"),
            ("x-forwarded-for", "6.6.6.6"),
            ("x-forwarded-for", "198.51.100.1"),
            ("x-forwarded-proto", "http"),
        ];
        let lines = told("10.0.0.1", true, &said);
        assert_eq!(
            lines[..4],
            [
                "forwarded: for=198.51.100.1, for=10.0.0.1;host=\"vault.example.org\";proto=https",
                "x-forwarded-for: 6.6.6.6, 198.51.100.1, 10.0.0.1",
                "x-forwarded-host: vault.example.org",
                "x-forwarded-proto: http",
            ]
        );
    }
}
