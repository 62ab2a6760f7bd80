//! Whose request it is, as far as addresses tell.
//!
//! The peer of the connection, unless that is a proxy the operator trusts: then the nearest address in
//! `X-Forwarded-For` that is none. What stands further left was written by whoever the client is, and is not believed.

use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Once};

use axum::extract::{ConnectInfo, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::HeaderMap;
use ipnet::IpNet;

const X_FORWARDED_FOR: &str = "x-forwarded-for";

/// The address of the client. Handlers find it among the request's extensions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

/// The proxies whose word is believed.
#[derive(Debug)]
pub struct Proxies {
    trusted: Vec<IpNet>,
    /// One warning is enough, and nobody can fill the log with more.
    warned: Once,
}

impl Proxies {
    /// These, and nobody else.
    pub fn new(trusted: Vec<IpNet>) -> Self {
        Self { trusted, warned: Once::new() }
    }

    /// Whether somebody's word is believed.
    pub fn trust(&self, address: IpAddr) -> bool {
        self.trusted.iter().any(|network| network.contains(&address))
    }

    /// Whose request it is: goes back along the way it came, as far as those on it are trusted.
    pub fn client(&self, peer: IpAddr, headers: &HeaderMap) -> ClientAddress {
        self.warn_of_unnamed(peer, headers);
        ClientAddress(address(peer, headers, self))
    }

    /// A proxy that nobody named makes one network of all people; only the operator can tell it from a client that
    /// makes things up. From outside nobody reaches us through an address of this house.
    fn warn_of_unnamed(&self, peer: IpAddr, headers: &HeaderMap) {
        if is_of_this_house(peer) && !self.trust(peer) && headers.contains_key(X_FORWARDED_FOR) {
            self.warned.call_once(|| {
                tracing::warn!(
                    %peer,
                    "X-Forwarded-For is not believed: if this is your proxy, name it in guard.trusted_proxies"
                );
            });
        }
    }
}

fn is_of_this_house(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => address.is_loopback() || address.is_private(),
        IpAddr::V6(address) => address.is_loopback() || address.is_unique_local(),
    }
}

/// The layer.
pub(crate) async fn find(State(proxies): State<Arc<Proxies>>, mut request: Request, next: Next) -> Response {
    if let Some(ConnectInfo(peer)) = request.extensions().get::<ConnectInfo<SocketAddr>>() {
        let client = proxies.client(peer.ip(), request.headers());
        request.extensions_mut().insert(client);
    }
    next.run(request).await
}

fn address(peer: IpAddr, headers: &HeaderMap, proxies: &Proxies) -> IpAddr {
    let lists = headers.get_all(X_FORWARDED_FOR).iter().rev();
    let mut hops = lists.flat_map(|list| list.to_str().unwrap_or("?").rsplit(',')).map(str::trim);
    let mut nearest = peer.to_canonical();
    while proxies.trust(nearest) {
        let Some(Ok(hop)) = hops.next().map(str::parse::<IpAddr>) else { break };
        nearest = hop.to_canonical();
    }
    nearest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(peer: &str, forwarded: &[&str], trusted: &[&str]) -> String {
        let headers: HeaderMap = forwarded
            .iter()
            .map(|value| (http::HeaderName::from_static(X_FORWARDED_FOR), value.parse().expect("a value")))
            .collect();
        let trusted = trusted.iter().map(|network| network.parse().expect("a network")).collect();
        address(peer.parse().expect("an address"), &headers, &Proxies::new(trusted)).to_string()
    }

    #[test]
    fn without_a_trusted_proxy_the_peer_counts() {
        assert_eq!(found("203.0.113.7", &["198.51.100.1"], &[]), "203.0.113.7");
        assert_eq!(found("203.0.113.7", &["198.51.100.1"], &["10.0.0.0/8"]), "203.0.113.7");
        assert_eq!(found("::ffff:203.0.113.7", &[], &[]), "203.0.113.7");
    }

    // ASVS 15.3.4
    #[test]
    fn behind_trusted_proxies_the_nearest_stranger_counts() {
        let proxies = ["10.0.0.0/8", "fd00::/8"];
        assert_eq!(found("10.0.0.1", &["198.51.100.1"], &proxies), "198.51.100.1");
        assert_eq!(found("10.0.0.1", &["6.6.6.6, 198.51.100.1, 10.0.0.2"], &proxies), "198.51.100.1");
        assert_eq!(found("10.0.0.1", &["6.6.6.6", "198.51.100.1", "10.0.0.2"], &proxies), "198.51.100.1");
        assert_eq!(found("fd00::1", &["2001:db8::5"], &proxies), "2001:db8::5");
        assert_eq!(found("10.0.0.1", &["10.0.0.9"], &proxies), "10.0.0.9");
    }

    #[test]
    fn only_a_neighbour_who_is_not_trusted_is_warned_of() {
        let warned = |peer: &str, header: &'static str, trusted: &[&str]| {
            let headers = HeaderMap::from_iter([(
                http::HeaderName::from_static(header),
                http::HeaderValue::from_static("198.51.100.1"),
            )]);
            let trusted = trusted.iter().map(|network| network.parse().expect("a network")).collect();
            let proxies = Proxies::new(trusted);
            proxies.warn_of_unnamed(peer.parse().expect("an address"), &headers);
            proxies.warned.is_completed()
        };
        for peer in ["127.0.0.1", "10.0.0.7", "::1", "fd00::1", "::ffff:192.168.0.1"] {
            assert!(warned(peer, X_FORWARDED_FOR, &[]), "{peer}");
        }
        assert!(!warned("10.0.0.7", X_FORWARDED_FOR, &["10.0.0.7/32"]));
        assert!(!warned("10.0.0.7", "x-other", &[]));
        assert!(!warned("203.0.113.7", X_FORWARDED_FOR, &[]));
    }

    #[test]
    fn what_is_no_address_is_not_believed_nor_anything_behind_it() {
        for nonsense in ["unknown", "", "198.51.100.1:1234", "6.6.6.6, ,", "6.6.6.6, \u{7f}"] {
            if let Ok(_value) = http::HeaderValue::from_str(nonsense) {
                assert_eq!(found("10.0.0.1", &[nonsense], &["10.0.0.0/8"]), "10.0.0.1", "{nonsense}");
            }
        }
    }
}
