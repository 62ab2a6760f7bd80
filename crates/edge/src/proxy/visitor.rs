//! Who a visitor is, and which slot they get.
//!
//! Who navigates with a browser is given a cookie by which they are known from then on. Whoever has none, as programs,
//! is known by address and agent. Either way the same visitor gets the same slot.

use std::net::IpAddr;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use foundation::Ambient;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, header};
use xxhash_rust::xxh3::Xxh3Default;

use super::Visit;
use crate::config::Slot;
use crate::service::{Service, Share};

const COOKIE: &str = "mainstay-visitor";
/// By which testers choose a slot.
const SLOT_COOKIE: &str = "mainstay-slot";
const SLOT_HEADER: HeaderName = HeaderName::from_static("x-mainstay-slot");
/// For how long a browser keeps its cookie: longer than a rollout takes.
const KEPT_SECONDS: u32 = 30 * 24 * 3600;

/// Which slot a request goes to.
#[derive(Debug)]
pub(super) struct Choice {
    pub(super) slot: Slot,
    /// The visitor, well mixed.
    pub(super) client: u64,
    /// What a tester sees says nothing of what people see.
    pub(super) is_judged: bool,
    pub(super) cookie: Option<HeaderValue>,
}

/// Chooses.
pub(super) fn choose<B>(
    service: &Service,
    visit: &Visit<'_>,
    request: &Request<B>,
    ambient: &Ambient,
) -> Choice {
    let headers = request.headers();
    if let Some(slot) = forced(service, visit.client, headers) {
        return Choice { slot, client: by_address(visit.client, headers), is_judged: false, cookie: None };
    }
    let known = guard::cookie(headers, COOKIE).filter(|value| value.len() == 22);
    let Share::Split { live, weight, salt } = service.share else {
        let client =
            known.map_or_else(|| by_address(visit.client, headers), |value| mixed(&[value.as_bytes()]));
        return Choice { slot: service.share.live(), client, is_judged: true, cookie: None };
    };
    let (client, cookie) = match known {
        Some(value) => (mixed(&[value.as_bytes()]), None),
        None if is_navigation(request) => {
            let value = BASE64_URL_SAFE_NO_PAD.encode(ambient.random::<16>());
            (mixed(&[value.as_bytes()]), Some(cookie(&value, visit.peer.scheme)))
        }
        None => (by_address(visit.client, headers), None),
    };
    let slot = if crate::rollout::assignment::is_chosen(client, weight, salt) { live.other() } else { live };
    Choice { slot, client, is_judged: true, cookie }
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

fn by_address(address: IpAddr, headers: &HeaderMap) -> u64 {
    let agent = headers.get(header::USER_AGENT).map_or(&[][..], HeaderValue::as_bytes);
    match address.to_canonical() {
        IpAddr::V4(address) => mixed(&[&address.octets(), agent]),
        IpAddr::V6(address) => mixed(&[&address.octets(), agent]),
    }
}

fn mixed(parts: &[&[u8]]) -> u64 {
    let mut hash = Xxh3Default::new();
    parts.iter().for_each(|part| hash.update(part));
    hash.digest()
}

fn cookie(value: &str, scheme: &str) -> HeaderValue {
    let secure = if scheme == "https" { "; Secure" } else { "" };
    let text = format!("{COOKIE}={value}; Path=/; Max-Age={KEPT_SECONDS}; HttpOnly; SameSite=Lax{secure}");
    HeaderValue::try_from(text).expect("a cookie is made of letters")
}

/// Which slot somebody asks for is for us alone.
pub(super) fn forget(headers: &mut HeaderMap) {
    headers.remove(SLOT_HEADER);
}
