//! Who a visitor is, and which slot they get.
//!
//! Who navigates with a browser is given a cookie by which they are known from then on. Whoever has none, as programs,
//! is known by address and agent. Either way the same visitor gets the same slot.

use std::net::IpAddr;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use foundation::Ambient;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, header};

use super::Visit;
use crate::judge::Arm;
use crate::rollout::{self, Slot};
use crate::service::{Service, Share};

const COOKIE: &str = "mainstay-visitor";
/// Of its value: 16 random bytes.
const LENGTH: usize = 22;
/// By which testers choose a slot.
const SLOT_COOKIE: &str = "mainstay-slot";
const SLOT_HEADER: HeaderName = HeaderName::from_static("x-mainstay-slot");
/// For how long a browser keeps its cookie: longer than a rollout takes.
const KEPT_SECONDS: u32 = 30 * 24 * 3600;

/// Which slot a request goes to.
#[derive(Debug)]
pub(super) struct Choice {
    pub(super) slot: Slot,
    /// From where they come, well mixed. A visitor's name would not do: whoever sends another cookie each time would be
    /// as many.
    pub(super) client: u64,
    /// What a tester sees says nothing of what people see.
    pub(super) is_judged: bool,
    pub(super) cookie: Option<HeaderValue>,
}

/// Chooses. Nobody needs a cookie unless visitors are shared out.
pub(super) fn choose<B>(
    service: &Service,
    visit: &Visit<'_>,
    is_https: bool,
    request: &Request<B>,
    ambient: &Ambient,
) -> Choice {
    let client = rollout::client(&network(visit.client));
    if let Some(slot) = forced(service, visit.client, request.headers()) {
        return Choice { slot, client, is_judged: false, cookie: None };
    }
    let (slot, cookie) = match service.share {
        Share::All(slot) => (slot, None),
        Share::Split { live, weight, rollout } => {
            let (name, value) = name(visit, request, ambient);
            let slot = match rollout::assign(rollout, &name, weight) {
                Arm::Incumbent => live,
                Arm::Candidate => live.other(),
            };
            (slot, value.map(|value| cookie(&value, is_https)))
        }
    };
    Choice { slot, client, is_judged: true, cookie }
}

/// By what a visitor is known, and the value of their cookie if they are given one now.
fn name<B>(visit: &Visit<'_>, request: &Request<B>, ambient: &Ambient) -> (Vec<u8>, Option<String>) {
    if let Some(value) = guard::cookie(request.headers(), COOKIE).filter(|value| value.len() == LENGTH) {
        return (value.as_bytes().to_vec(), None);
    }
    if is_navigation(request) {
        let value = BASE64_URL_SAFE_NO_PAD.encode(ambient.random::<16>());
        return (value.clone().into_bytes(), Some(value));
    }
    let agent = request.headers().get(header::USER_AGENT).map_or(&[][..], HeaderValue::as_bytes);
    let name = match visit.client.to_canonical() {
        IpAddr::V4(address) => [&address.octets(), agent].concat(),
        IpAddr::V6(address) => [&address.octets(), agent].concat(),
    };
    (name, None)
}

/// What one network has for itself: an address, or a /64 of IPv6 (RFC 6177).
fn network(address: IpAddr) -> [u8; 16] {
    let mut octets = match address.to_canonical() {
        IpAddr::V4(address) => return address.to_ipv6_mapped().octets(),
        IpAddr::V6(address) => address.octets(),
    };
    octets[8..].fill(0);
    octets
}

/// What a tester has asked for.
fn forced(service: &Service, client: IpAddr, headers: &HeaderMap) -> Option<Slot> {
    if service.config.testers.is_empty() || !service.is_tester(client) {
        return None;
    }
    let said = headers.get(SLOT_HEADER).and_then(|value| value.to_str().ok()).and_then(Slot::parse);
    said.or_else(|| Slot::parse(&guard::cookie(headers, SLOT_COOKIE)?))
}

/// Whether a person opens a page, so that what the page loads will bring the cookie along.
fn is_navigation<B>(request: &Request<B>) -> bool {
    let says = |name: &str, what: &str| {
        request.headers().get(name).and_then(|value| value.to_str().ok()).map(|value| value.contains(what))
    };
    let by_fetch = says("sec-fetch-mode", "navigate");
    request.method() == Method::GET && by_fetch.or_else(|| says("accept", "text/html")) == Some(true)
}

fn cookie(value: &str, is_https: bool) -> HeaderValue {
    let secure = if is_https { "; Secure" } else { "" };
    let text = format!("{COOKIE}={value}; Path=/; Max-Age={KEPT_SECONDS}; HttpOnly; SameSite=Lax{secure}");
    HeaderValue::try_from(text).expect("a cookie is made of letters")
}

/// Which slot somebody asks for is for us alone.
pub(super) fn forget(headers: &mut HeaderMap) {
    headers.remove(SLOT_HEADER);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_one_network_has_is_one() {
        let of = |address: &str| network(address.parse().expect("an address"));
        assert_eq!(of("192.0.2.1"), of("::ffff:192.0.2.1"));
        assert_eq!(of("2001:db8::1"), of("2001:db8::ffff:2"));
        assert_ne!(of("192.0.2.1"), of("192.0.2.2"));
        assert_ne!(of("2001:db8:0:1::1"), of("2001:db8:0:2::1"));
    }
}
