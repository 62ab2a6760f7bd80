//! The line of the access log. It holds no header but the host, no body and no query string: those carry secrets.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Instant;

use http::{HeaderValue, Method, Request, StatusCode};

use crate::rollout::Slot;

/// The longest host and the longest path that are logged whole.
const LOGGED: usize = 256;

/// One request; written when it is dropped. None where nobody reads it.
#[derive(Debug, Default)]
pub(super) struct Line(Option<Box<Told>>);

#[derive(Debug)]
struct Told {
    method: Method,
    host: Option<String>,
    path: String,
    client: IpAddr,
    started: Instant,
    service: Option<Arc<str>>,
    slot: Option<Slot>,
    /// None when the client went away before there was an answer.
    status: Option<StatusCode>,
    /// Of the answer's body, as far as the client took it.
    bytes: u64,
    /// Whether the answer came to its end.
    is_whole: bool,
    id: HeaderValue,
}

impl Line {
    /// Costs nothing where nobody reads it.
    pub(super) fn begin<B>(request: &Request<B>, client: IpAddr, id: &HeaderValue) -> Self {
        if !tracing::enabled!(target: "access", tracing::Level::INFO) {
            return Self(None);
        }
        let first = |text: &str| text.chars().take(LOGGED).collect();
        Self(Some(Box::new(Told {
            method: request.method().clone(),
            host: guard::host(request).map(first),
            path: first(request.uri().path()),
            client,
            started: Instant::now(),
            service: None,
            slot: None,
            status: None,
            bytes: 0,
            is_whole: false,
            id: id.clone(),
        })))
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

    pub(super) fn answered(&mut self, status: StatusCode) {
        if let Some(told) = &mut self.0 {
            told.status = Some(status);
        }
    }

    pub(super) fn ended(&mut self) {
        if let Some(told) = &mut self.0 {
            told.is_whole = true;
        }
    }

    pub(super) fn took(&mut self, bytes: usize) {
        if let Some(told) = &mut self.0 {
            told.bytes += bytes as u64;
        }
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        let Some(told) = self.0.take() else { return };
        let Told { method, host, path, client, started, service, slot, status, bytes, is_whole, id } = *told;
        let duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        // 499 is what proxies write for a client that did not wait; no answer has it.
        let status = status.map_or(499, |status| status.as_u16());
        let request_id = id.to_str().ok();
        let (service, slot) = (service.as_deref(), slot.map(Slot::name));
        tracing::info!(
            target: "access",
            %method, host, path, %client, service, slot, status, bytes, is_whole, duration_ms, request_id
        );
    }
}
