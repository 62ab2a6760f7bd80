//! Requests of our own to both slots, so many a second, for a site with few visitors.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use http::{HeaderValue, Request, Response, header};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, timeout};

use super::{Found, Wanted, until, with_found};
use crate::engine::series::index;
use crate::proxy::is_event_stream;
use crate::rollout::Slot;
use crate::service::{Outcome, Service, Thresholds};
use crate::upstream::{self, Patiences, RequestBody, ResponseBody};

/// So that the operator of the application knows whose they are.
const AGENT: HeaderValue = HeaderValue::from_static("mainstay-edge-probe");

/// How many requests may be under way at once; while a release is silent, no more are sent.
const AT_ONCE: usize = 100;
/// How much of an answer is read, so that its connection can be used again.
const READ: usize = 256 * 1024;

/// Sends them while they are wanted.
pub(super) async fn probe(
    service: Arc<Service>,
    mut wanted: watch::Receiver<Wanted>,
    found: Arc<Mutex<Found>>,
) {
    let every = Duration::from_secs(1) / service.config.rollout.probes_per_second.max(1);
    while let Some(Wanted { thresholds, .. }) = until(&mut wanted, |wanted| wanted.probes).await {
        let mut turns = tokio::time::interval(every);
        turns.set_missed_tick_behavior(MissedTickBehavior::Skip);
        // They end with the wish for them.
        let mut under_way = JoinSet::new();
        while wanted.borrow_and_update().probes {
            turns.tick().await;
            while under_way.try_join_next().is_some() {}
            if under_way.len() >= AT_ONCE {
                continue;
            }
            for slot in [Slot::Blue, Slot::Green] {
                under_way.spawn(probe_once(Arc::clone(&service), slot, thresholds, Arc::clone(&found)));
            }
        }
    }
}

async fn probe_once(service: Arc<Service>, slot: Slot, thresholds: Thresholds, found: Arc<Mutex<Found>>) {
    let Some(outcome) = ask(&service, slot).await else { return };
    with_found(&found, |found| {
        let probed = &mut found.probes[index(slot)];
        probed.tally.count_request(outcome.signals(thresholds));
        if let Outcome::Answered(_, after) = outcome {
            probed.latencies.record(after);
        }
    });
}

/// None when nobody runs there.
async fn ask(service: &Service, slot: Slot) -> Option<Outcome> {
    let began = Instant::now();
    let turn = service.fleet(slot).pick(&[], began)?;
    let host = service.config.hosts.iter().find(|host| !host.starts_with('*'));
    let host = host.map_or_else(|| turn.0.address.as_str(), String::as_str);
    let request = Request::get(service.config.rollout.probe.as_str())
        .header(header::HOST, host)
        .header(header::USER_AGENT, AGENT)
        .body(RequestBody::Empty)
        .ok()?;
    let Ok(answer) = upstream::send(turn, request, Patiences::of(&service.config)).await else {
        return Some(Outcome::Lost);
    };
    let outcome = Outcome::Answered(answer.status(), began.elapsed());
    let breaks_off = breaks_off(answer, service.config.answer_timeout.into()).await;
    Some(if breaks_off { Outcome::Lost } else { outcome })
}

/// Whether an answer ends early, as far as it is read: what is too long for that costs its connection, and nothing else.
async fn breaks_off(answer: Response<ResponseBody>, patience: Duration) -> bool {
    if is_event_stream(answer.headers()) {
        return false;
    }
    let read = timeout(patience, Limited::new(answer.into_body(), READ).collect()).await;
    read.is_ok_and(|read| read.is_err_and(|error| !error.is::<LengthLimitError>()))
}
