//! Which addresses are open to everybody, and which belong to a network of somebody's own.
//!
//! A host name that anybody can point anywhere, or a server that redirects, must not lead a request of ours to the
//! machines beside us. The crates that sort addresses are older than the newest entries of IANA's registries, and the
//! standard library's `is_global` is not stable; the rule is a table of twenty lines.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

const fn v4(a: u8, b: u8, c: u8, d: u8, length: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), length)
}

const fn v6(first: u16, second: u16, length: u8) -> Ipv6Net {
    Ipv6Net::new_assert(Ipv6Addr::new(first, second, 0, 0, 0, 0, 0, 0), length)
}

/// What IPv4 has set aside (IANA's IPv4 Special-Purpose Address Registry, and what no single machine has).
const SET_ASIDE_V4: [Ipv4Net; 16] = [
    v4(0, 0, 0, 0, 8),        // this network
    v4(10, 0, 0, 0, 8),       // private
    v4(100, 64, 0, 0, 10),    // shared by the customers of a provider
    v4(127, 0, 0, 0, 8),      // this machine
    v4(168, 63, 129, 16, 32), // Azure's platform, for the machines in it
    v4(169, 254, 0, 0, 16),   // this link; the metadata of clouds
    v4(172, 16, 0, 0, 12),    // private
    v4(192, 0, 0, 0, 24),     // protocols
    v4(192, 0, 2, 0, 24),     // documentation
    v4(192, 88, 99, 0, 24),   // relays of 6to4, abandoned
    v4(192, 168, 0, 0, 16),   // private
    v4(198, 18, 0, 0, 15),    // benchmarks
    v4(198, 51, 100, 0, 24),  // documentation
    v4(203, 0, 113, 0, 24),   // documentation
    v4(224, 0, 0, 0, 4),      // multicast
    v4(240, 0, 0, 0, 4),      // reserved; broadcast
];

/// All that IPv6 has given out so far to be reached from everywhere.
const UNICAST_V6: Ipv6Net = v6(0x2000, 0, 3);

/// What it has set aside in there (IANA's IPv6 Special-Purpose Address Registry).
const SET_ASIDE_V6: [Ipv6Net; 4] = [
    v6(0x2001, 0, 23),     // protocols, among them Teredo
    v6(0x2001, 0xdb8, 32), // documentation
    v6(0x2002, 0, 16),     // 6to4, which leads to any IPv4 address; abandoned
    v6(0x3fff, 0, 20),     // documentation
];

/// Networks that have IPv6 only reach an IPv4 address by writing it behind this (RFC 6052).
const NAT64: Ipv6Net = v6(0x64, 0xff9b, 96);

/// Where connections may lead: to what is open to everybody, and to the networks that the operator named.
#[derive(Debug, Clone)]
pub(super) struct Reach(Arc<[IpNet]>);

impl Reach {
    pub(super) fn new(named: &[IpNet]) -> Self {
        Self(named.into())
    }

    pub(super) fn admits(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        is_public(address) || self.0.iter().any(|network| network.contains(&address))
    }
}

fn is_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) if NAT64.contains(&address) => {
            let [.., a, b, c, d] = address.octets();
            is_public_v4(Ipv4Addr::new(a, b, c, d))
        }
        IpAddr::V6(address) => {
            UNICAST_V6.contains(&address) && !SET_ASIDE_V6.iter().any(|network| network.contains(&address))
        }
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    !SET_ASIDE_V4.iter().any(|network| network.contains(&address))
}

#[cfg(test)]
mod tests;
