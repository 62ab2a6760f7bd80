//! The line of the access log. It holds no header, no body and no query string: those carry secrets.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Instant;

use http::{HeaderValue, Method, Request, Response, StatusCode};

use crate::rollout::Slot;

/// The longest path that is logged whole.
const LOGGED: usize = 256;

/// One request; written when it is dropped.
#[derive(Debug)]
pub(super) struct Line(Option<Told>);

#[derive(Debug)]
struct Told {
    method: Method,
    path: String,
    client: IpAddr,
    started: Instant,
    service: Option<Arc<str>>,
    slot: Option<Slot>,
    /// None when the client went away before there was an answer.
    status: Option<StatusCode>,
    id: HeaderValue,
}

impl Line {
    /// Costs nothing where nobody reads it.
    pub(super) fn begin<B>(request: &Request<B>, client: IpAddr, id: &HeaderValue) -> Self {
        if !tracing::enabled!(target: "access", tracing::Level::INFO) {
            return Self(None);
        }
        let method = request.method().clone();
        let path = request.uri().path().chars().take(LOGGED).collect();
        let (started, service, slot, status) = (Instant::now(), None, None, None);
        Self(Some(Told { method, path, client, started, service, slot, status, id: id.clone() }))
    }

    /// Which application it is for, whether it comes there or not.
    pub(super) fn is_for(&mut self, service: &Arc<str>) {
        if let Some(told) = &mut self.0 {
            told.service = Some(Arc::clone(service));
        }
    }

    pub(super) fn sent_to(&mut self, slot: Slot) {
        if let Some(told) = &mut self.0 {
            told.slot = Some(slot);
        }
    }

    pub(super) fn end<B>(&mut self, response: &Response<B>) {
        if let Some(told) = &mut self.0 {
            told.status = Some(response.status());
        }
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        let Some(Told { method, path, client, started, service, slot, status, id }) = self.0.take() else {
            return;
        };
        let duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        // 499 is what proxies write for a client that did not wait; no answer has it.
        let status = status.map_or(499, |status| status.as_u16());
        let request_id = id.to_str().ok();
        let (service, slot) = (service.as_deref(), slot.map(Slot::name));
        tracing::info!(target: "access", %method, path, %client, service, slot, status, duration_ms, request_id);
    }
}
