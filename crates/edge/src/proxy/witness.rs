//! Whether an answer comes to its end.

use std::sync::Arc;
use std::time::Instant;

use http::{HeaderMap, HeaderValue, header};

use super::visitor::Choice;
use crate::rollout::Slot;
use crate::service::{Outcome, Service};
use crate::upstream::BodyError;

/// Tells the judge when a target breaks an answer off. By then it has counted as one that was given, so that this counts
/// as one more, which failed.
#[derive(Debug)]
pub(crate) struct Witness {
    service: Arc<Service>,
    slot: Slot,
    client: u64,
}

impl Witness {
    /// None where nobody judges, and none of streams of events: those have no end of their own.
    pub(super) fn of(
        service: &Arc<Service>,
        slot: Slot,
        choice: &Choice,
        answer: &HeaderMap,
    ) -> Option<Self> {
        let is_watched = choice.is_judged && !is_event_stream(answer);
        is_watched.then(|| Self { service: Arc::clone(service), slot, client: choice.client })
    }

    /// The answer has ended early. Only its target is blamed.
    pub(super) fn tell(&self, error: &BodyError) {
        if !matches!(error, BodyError::TargetGone(_) | BodyError::TargetStalled(_)) {
            return;
        }
        let (service, slot) = (&*self.service.name, self.slot.name());
        tracing::warn!(service, slot, error = error as &dyn std::error::Error, "an answer broke off");
        self.service.meter.count(self.slot, self.client, Outcome::Lost, Instant::now());
    }
}

/// Server-sent events (HTML, 9.2).
pub(crate) fn is_event_stream(answer: &HeaderMap) -> bool {
    let kind = answer.get(header::CONTENT_TYPE).map_or(&[][..], HeaderValue::as_bytes);
    let name = kind.split(|byte| *byte == b';').next().unwrap_or_default();
    name.trim_ascii().eq_ignore_ascii_case(b"text/event-stream")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_of_events_are_known_by_their_kind() {
        let is_one = |kind| {
            is_event_stream(&[(header::CONTENT_TYPE, HeaderValue::from_static(kind))].into_iter().collect())
        };
        assert!(is_one("text/event-stream") && is_one("Text/Event-Stream ; charset=utf-8"));
        assert!(
            !is_one("text/plain") && !is_one("text/event-streams") && !is_event_stream(&HeaderMap::new())
        );
    }
}
