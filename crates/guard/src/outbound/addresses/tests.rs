//! Addresses on both sides of the line.

use proptest::prelude::*;

use super::*;

fn address(text: &str) -> IpAddr {
    text.parse().expect(text)
}

// ASVS 1.3.6
#[test]
fn what_belongs_to_a_network_of_its_own_is_not_public() {
    for text in [
        // the first and the last of each that is set aside
        "0.0.0.0",
        "0.255.255.255",
        "10.0.0.0",
        "10.255.255.255",
        "100.64.0.0",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.255.255",
        "168.63.129.16",
        "169.254.0.0",
        "169.254.169.254",
        "169.254.255.255",
        "172.16.0.0",
        "172.31.255.255",
        "192.0.0.0",
        "192.0.0.192",
        "192.0.0.255",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.0.0",
        "192.168.255.255",
        "198.18.0.0",
        "198.19.255.255",
        "198.51.100.7",
        "203.0.113.7",
        "224.0.0.0",
        "239.255.255.255",
        "240.0.0.0",
        "255.255.255.255",
        // IPv6
        "::",
        "::1",
        "::8.8.8.8",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::10.0.0.1",
        "64:ff9b::169.254.169.254",
        "64:ff9b:1::8.8.8.8",
        "100::1",
        "100:0:0:1::1",
        "2001::1",
        "2001:2::1",
        "2001:20::1",
        "2001:1ff:ffff::1",
        "2001:db8::1",
        "2002:7f00:1::1",
        "2002:808:808::1",
        "3fff::1",
        "3fff:fff:ffff::1",
        "5f00::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fec0::1",
        "ff02::1",
        "ff0e::1",
    ] {
        assert!(!is_public(address(text)), "{text}");
    }
}

#[test]
fn their_neighbours_are_public() {
    for text in [
        "1.0.0.0",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "126.255.255.255",
        "128.0.0.0",
        "168.63.129.15",
        "168.63.129.17",
        "169.253.255.255",
        "169.255.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "191.255.255.255",
        "192.0.1.0",
        "192.0.3.0",
        "192.167.255.255",
        "192.169.0.0",
        "198.17.255.255",
        "198.20.0.0",
        "223.255.255.255",
        "::ffff:8.8.8.8",
        "64:ff9b::8.8.8.8",
        "2000::1",
        "2001:200::1",
        "2001:4860:4860::8888",
        "2001:db7:ffff::1",
        "2001:db9::1",
        "2003::1",
        "2606:4700::1111",
        "3ffe:ffff::1",
        "3fff:1000::1",
    ] {
        assert!(is_public(address(text)), "{text}");
    }
}

// ASVS 13.2.4
#[test]
fn a_network_that_the_operator_named_may_be_reached_and_no_other() {
    let reach =
        Reach::new(&["10.1.0.0/16".parse().expect("a network"), "fd12::/16".parse().expect("a network")]);
    for text in ["10.1.2.3", "::ffff:10.1.2.3", "fd12::7", "8.8.8.8"] {
        assert!(reach.admits(address(text)), "{text}");
    }
    for text in ["10.2.0.1", "127.0.0.1", "fd13::7", "64:ff9b::10.1.2.3"] {
        assert!(!reach.admits(address(text)), "{text}");
    }
}

proptest! {
    #[test]
    fn the_standard_library_knows_no_special_address_that_we_call_public(bits: u32) {
        let address = Ipv4Addr::from_bits(bits);
        let special = address.is_private() || address.is_loopback() || address.is_link_local()
            || address.is_broadcast() || address.is_documentation() || address.is_multicast()
            || address.is_unspecified();
        prop_assert!(!(special && is_public(address.into())));
    }

    #[test]
    fn an_ipv4_address_is_judged_alike_however_it_is_written(bits: u32) {
        let plain = Ipv4Addr::from_bits(bits);
        let behind = |prefix: u128| IpAddr::V6(Ipv6Addr::from_bits(prefix << 32 | u128::from(bits)));
        prop_assert_eq!(is_public(behind(0xffff)), is_public(plain.into()));
        prop_assert_eq!(is_public(behind(0x0064_ff9b << 64)), is_public(plain.into()));
    }

    #[test]
    fn of_ipv6_only_global_unicast_is_public(bits: u128) {
        let address = Ipv6Addr::from_bits(bits);
        let special = address.is_loopback() || address.is_unspecified() || address.is_multicast()
            || address.is_unique_local() || address.is_unicast_link_local() || address.octets()[0] >> 5 != 1;
        prop_assert!(!(special && address.to_ipv4_mapped().is_none() && is_public(address.into())));
    }
}
