//! What the process tells of itself, in the text format of Prometheus: how full its pools of database connections are, and
//! what goes on in live rooms.
//!
//! Only to networks that the operator names, and only to whoever connects from there: what somebody in front passes on
//! was asked by anybody. To all others there is nothing here.

use std::fmt::Write as _;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::Router;
use axum::extract::{ConnectInfo, State};
use axum::response::IntoResponse;
use axum::routing::get;
use foundation::Problem;
use http::{HeaderMap, HeaderName, header};
use live::{Live, Status};
use store::{PoolState, Store};

use super::nothing;
use crate::config::MetricsConfig;

/// What is added to a request by whoever passes it on.
static PASSED_ON: [HeaderName; 5] = [
    header::FORWARDED,
    header::VIA,
    HeaderName::from_static("x-forwarded-for"),
    HeaderName::from_static("x-forwarded-host"),
    HeaderName::from_static("x-real-ip"),
];

const FORMAT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// What the page needs.
#[derive(Clone)]
pub(crate) struct Watched {
    pub(crate) store: Store,
    pub(crate) live: Live,
    pub(crate) settings: Arc<MetricsConfig>,
}

pub(crate) fn router(watched: Watched) -> Router {
    Router::new().route("/metrics", get(show)).with_state(watched)
}

async fn show(
    State(Watched { store, live, settings }): State<Watched>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
) -> Result<impl IntoResponse, Problem> {
    let is_passed_on = PASSED_ON.iter().any(|name| headers.contains_key(name));
    if is_passed_on || !settings.allows(peer.ip()) {
        return Err(nothing());
    }
    Ok((
        [(header::CONTENT_TYPE, FORMAT), (header::CACHE_CONTROL, "no-store")],
        page(&store.pools(), &live.status()),
    ))
}

impl MetricsConfig {
    fn allows(&self, peer: IpAddr) -> bool {
        let peer = peer.to_canonical();
        self.allow.iter().any(|network| network.contains(&peer))
    }
}

fn page(pools: &[PoolState], live: &Status) -> String {
    let mut page = Page::default();
    let of_pools = |value: fn(&PoolState) -> u32| {
        pools.iter().map(move |pool| (format!("{{pool=\"{}\"}}", pool.name), value(pool).into()))
    };
    page.add(
        GAUGE,
        "database_connections_in_use",
        "Database connections in use.",
        of_pools(|pool| pool.in_use),
    );
    page.add(
        GAUGE,
        "database_connections_max",
        "Database connections that there may be.",
        of_pools(|pool| pool.max),
    );
    let Status { connections, rooms, members, cluster, counts } = live;
    let one = |count: u64| [(String::new(), count)].into_iter();
    page.add(GAUGE, "live_connections", "Open Socket.IO sessions.", one(*connections as u64));
    page.add(GAUGE, "live_rooms", "Rooms with somebody of this node.", one(*rooms as u64));
    page.add(
        GAUGE,
        "live_members",
        "Sockets of this node in rooms, once for each room.",
        one(*members as u64),
    );
    let reach = cluster.map(|is_there| (String::new(), u64::from(is_there))).into_iter();
    page.add(GAUGE, "live_cluster_in_reach", "Whether other nodes are in reach.", reach);
    page.add(COUNTER, "live_messages_total", "What clients said.", one(counts.messages));
    page.add(COUNTER, "live_deliveries_total", "What was sent to members of rooms.", one(counts.deliveries));
    page.add(COUNTER, "live_dropped_total", "Messages that other nodes will not get.", one(counts.dropped));
    page.add(
        COUNTER,
        "live_limited_total",
        "What clients said or asked more often than allowed.",
        one(counts.limits),
    );
    page.add(COUNTER, "live_refused_total", "Clients that were not let in.", one(counts.refusals));
    let ends =
        counts.ends.iter().map(|(reason, count)| (format!("{{reason=\"{}\"}}", reason.name()), *count));
    page.add(COUNTER, "live_disconnects_total", "Sessions that ended, by reason.", ends);
    page.0
}

const GAUGE: &str = "gauge";
const COUNTER: &str = "counter";

#[derive(Default)]
struct Page(String);

impl Page {
    /// One metric, for each set of labels. Names and numbers are ours: there is nothing to escape.
    fn add(&mut self, kind: &str, name: &str, help: &str, values: impl Iterator<Item = (String, u64)>) {
        // A text takes whatever is written to it.
        let _ = write!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}\n");
        for (labels, value) in values {
            let _ = writeln!(self.0, "{name}{labels} {value}");
        }
    }
}

#[cfg(test)]
mod tests {
    use live::{Counts, Reason};

    use super::*;

    #[test]
    fn the_page_is_what_prometheus_reads() {
        let pools = [
            PoolState { name: "writer", in_use: 1, max: 1 },
            PoolState { name: "readers", in_use: 0, max: 4 },
        ];
        let counts =
            Counts { messages: 7, deliveries: 300, ends: vec![(Reason::TooSlow, 1)], ..Counts::default() };
        let live = Status { connections: 4, rooms: 1, members: 3, cluster: Some(true), counts };
        insta::assert_snapshot!(page(&pools, &live), @r#"
        # HELP database_connections_in_use Database connections in use.
        # TYPE database_connections_in_use gauge
        database_connections_in_use{pool="writer"} 1
        database_connections_in_use{pool="readers"} 0
        # HELP database_connections_max Database connections that there may be.
        # TYPE database_connections_max gauge
        database_connections_max{pool="writer"} 1
        database_connections_max{pool="readers"} 4
        # HELP live_connections Open Socket.IO sessions.
        # TYPE live_connections gauge
        live_connections 4
        # HELP live_rooms Rooms with somebody of this node.
        # TYPE live_rooms gauge
        live_rooms 1
        # HELP live_members Sockets of this node in rooms, once for each room.
        # TYPE live_members gauge
        live_members 3
        # HELP live_cluster_in_reach Whether other nodes are in reach.
        # TYPE live_cluster_in_reach gauge
        live_cluster_in_reach 1
        # HELP live_messages_total What clients said.
        # TYPE live_messages_total counter
        live_messages_total 7
        # HELP live_deliveries_total What was sent to members of rooms.
        # TYPE live_deliveries_total counter
        live_deliveries_total 300
        # HELP live_dropped_total Messages that other nodes will not get.
        # TYPE live_dropped_total counter
        live_dropped_total 0
        # HELP live_limited_total What clients said or asked more often than allowed.
        # TYPE live_limited_total counter
        live_limited_total 0
        # HELP live_refused_total Clients that were not let in.
        # TYPE live_refused_total counter
        live_refused_total 0
        # HELP live_disconnects_total Sessions that ended, by reason.
        # TYPE live_disconnects_total counter
        live_disconnects_total{reason="too_slow"} 1
        "#);
    }
}
