//! Who a visitor is, and which slot they get.

use foundation::Ambient;
use http::HeaderMap;
use http::HeaderValue;

use super::Visit;
use crate::config::Slot;
use crate::service::{Service, Share};

/// Which slot a request goes to.
#[derive(Debug)]
pub(super) struct Choice {
    pub(super) slot: Slot,
    cookie: Option<HeaderValue>,
}

impl Choice {
    pub(super) fn cookie(&self) -> Option<HeaderValue> {
        self.cookie.clone()
    }
}

pub(super) fn choose(
    service: &Service,
    _visit: &Visit<'_>,
    _headers: &HeaderMap,
    _ambient: &Ambient,
) -> Choice {
    match service.share {
        Share::All(slot) => Choice { slot, cookie: None },
        Share::Split { live, .. } => Choice { slot: live, cookie: None },
    }
}

pub(super) fn forget(_headers: &mut HeaderMap) {}
