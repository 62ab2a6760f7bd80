//! Requests of our own to both slots, so many a second, for a site with few visitors.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use http::{HeaderValue, Request, Response, StatusCode, header};
use http_body_util::{BodyExt as _, Limited};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, timeout};

use super::{Found, Wanted, until, with_found};
use crate::engine::series::index;
use crate::judge::{Signal, Signals};
use crate::rollout::Slot;
use crate::service::Service;
use crate::upstream::{self, Patiences, RequestBody, ResponseBody};

/// So that the operator of the application knows whose they are.
const AGENT: HeaderValue = HeaderValue::from_static("mainstay-edge-probe");

/// How many requests may be under way at once; while a release is silent, no more are sent.
const AT_ONCE: usize = 100;
/// How much of an answer is read, so that its connection can be used again.
const READ: usize = 256 * 1024;

/// From when on a request counts as slow, and as slower than the incumbent's.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::engine) struct Thresholds {
    pub(in crate::engine) slow: Duration,
    pub(in crate::engine) slower: Option<Duration>,
}

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
    let began = Instant::now();
    let Some(answer) = ask(&service, slot).await else { return };
    let after = began.elapsed();
    let signals = match &answer {
        None => Signals::NONE.with(Signal::Errors),
        Some(answer) => Signals::NONE
            .with_if(Signal::Errors, answer.status().is_server_error())
            .with_if(Signal::Unauthorized, answer.status() == StatusCode::UNAUTHORIZED)
            .with_if(Signal::Slow, after > thresholds.slow)
            .with_if(Signal::Slower, thresholds.slower.is_some_and(|slower| after > slower)),
    };
    with_found(&found, |found| {
        let probed = &mut found.probes[index(slot)];
        probed.tally.count_request(signals);
        if answer.is_some() {
            probed.latencies.record(after);
        }
    });
    if let Some(answer) = answer {
        let body = Limited::new(answer.into_body(), READ).collect();
        // What is longer costs the connection, and nothing else.
        drop(timeout(service.config.answer_timeout.into(), body).await);
    }
}

/// None when nobody runs there; no answer when it was lost.
async fn ask(service: &Service, slot: Slot) -> Option<Option<Response<ResponseBody>>> {
    let turn = service.fleet(slot).pick(&[], Instant::now())?;
    let host = service.config.hosts.iter().find(|host| !host.starts_with('*'));
    let host = host.map_or_else(|| turn.0.address.as_str(), String::as_str);
    let request = Request::get(service.config.rollout.probe.as_str())
        .header(header::HOST, host)
        .header(header::USER_AGENT, AGENT)
        .body(RequestBody::Empty)
        .ok()?;
    Some(upstream::send(turn, request, Patiences::of(&service.config)).await.ok())
}
