//! What a target is told of the way that a request came.
//!
//! The word of a proxy that the operator trusts is passed on, with ours added. Of everybody else such headers are
//! removed, whatever they say: targets believe them.

use std::net::IpAddr;

use http::{HeaderMap, HeaderName, HeaderValue};

use super::names;

const FORWARDED: HeaderName = HeaderName::from_static("forwarded");
const FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
const PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
/// How gates find out that they lead to each other (RFC 8586). `Via` would do, but applications answer differently to it.
const LOOP: HeaderName = HeaderName::from_static("cdn-loop");
const OURS: &str = "mainstay";
/// Through how many gates a request may have come. Nobody has as many on purpose.
const GATES: usize = 8;
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
        names::remove(headers, is_believed);
    }
}

/// Whether applications and their frameworks believe it.
fn is_believed(name: &str) -> bool {
    // What sign-in proxies say of people, too: `x-forwarded-user`, `x-forwarded-groups`, `x-forwarded-client-cert`.
    let is_of_family = name.starts_with("x-forwarded");
    let is_known = matches!(
        name,
        // Programs that are run for a request take it for the setting `HTTP_PROXY`.
        "proxy"
            | "forwarded"
            | "forwarded-for"
            | "front-end-https"
            | "remote-user"
            | "x-remote-user"
            | "x-original-forwarded-for"
            | "x-original-host"
            | "x-original-method"
            | "x-original-uri"
            | "x-original-url"
            | "x-rewrite-url"
            | "x-host"
            | "x-scheme"
            | "x-url-scheme"
            | "x-client-ip"
            | "x-cluster-client-ip"
            | "x-envoy-external-address"
            | "true-client-ip"
            | "cf-connecting-ip"
            | "cf-connecting-ipv6"
            | "fastly-client-ip"
            | "fly-client-ip"
            | "wl-proxy-client-ip"
            | "x-azure-clientip"
    );
    is_of_family || is_known
}

/// Whether a request goes round in a circle.
pub(crate) fn is_lost(headers: &HeaderMap) -> bool {
    let names = headers.get_all(LOOP).iter().flat_map(|line| line.as_bytes().split(|byte| *byte == b','));
    names.filter(|name| name.trim_ascii() == OURS.as_bytes()).count() >= GATES
}

/// Writes it into the headers of a request, from which lies are removed already.
pub(crate) fn tell(way: Way<'_>, headers: &mut HeaderMap) {
    let Way { peer, client, scheme, host } = way;
    let address = text(peer.to_string());
    append(headers, FORWARDED, text(element(way)));
    append(headers, FOR, address.clone());
    append(headers, LOOP, HeaderValue::from_static(OURS));
    headers.entry(PROTO).or_insert_with(|| HeaderValue::from_static(scheme));
    headers.entry(HOST).or_insert_with(|| text(host.to_owned()));
    headers.insert(REAL_IP, if client == peer { address } else { text(client.to_string()) });
}

/// Of what we say ourselves, or have found to be a host.
fn text(ours: String) -> HeaderValue {
    HeaderValue::try_from(ours).expect("it has no control characters")
}

/// What we know, as RFC 7239 wants it: what has other than letters stands in quotes.
fn element(Way { peer, scheme, host, .. }: Way<'_>) -> String {
    // A host has been found to be one: it has no quotes in it.
    match peer {
        IpAddr::V4(peer) => format!("for={peer};host=\"{host}\";proto={scheme}"),
        IpAddr::V6(peer) => format!("for=\"[{peer}]\";host=\"{host}\";proto={scheme}"),
    }
}

/// One line of all that is said, however many there were.
fn append(headers: &mut HeaderMap, name: HeaderName, ours: HeaderValue) {
    let mut said: Vec<_> = headers.get_all(&name).iter().map(HeaderValue::as_bytes).collect();
    if said.is_empty() {
        headers.insert(name, ours);
        return;
    }
    said.push(ours.as_bytes());
    let all = said.join(b", ".as_slice());
    headers.insert(name, HeaderValue::from_bytes(&all).unwrap_or(ours));
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
            ("x-forwarded-groups", "admin"),
            ("x-forwarded-proto", "http"),
            ("x-original-url", "/admin"),
            ("proxy", "http://evil.example"),
            ("remote-user", "root"),
            ("x-real-ip", "6.6.6.6"),
        ];
        assert_eq!(
            told("2001:db8::7", false, &lies),
            [
                "cdn-loop: mainstay",
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
            lines[..5],
            [
                "cdn-loop: mainstay",
                "forwarded: for=198.51.100.1, for=10.0.0.1;host=\"vault.example.org\";proto=https",
                "x-forwarded-for: 6.6.6.6, 198.51.100.1, 10.0.0.1",
                "x-forwarded-host: vault.example.org",
                "x-forwarded-proto: http",
            ]
        );
    }

    #[test]
    fn a_request_that_goes_round_is_known() {
        let lines = |lines: &[&'static str]| -> HeaderMap {
            lines.iter().map(|line| (LOOP, HeaderValue::from_static(line))).collect()
        };
        assert!(!is_lost(&lines(&[])));
        assert!(!is_lost(&lines(&["mainstay, mainstay, mainstay, mainstay, other, mainstays", "mainstay"])));
        assert!(is_lost(&lines(&[
            "mainstay, mainstay, mainstay, mainstay",
            "a, mainstay,mainstay",
            "mainstay,mainstay"
        ])));
    }
}
