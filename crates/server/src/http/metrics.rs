//! What the process tells of itself, in the text format of Prometheus: how full its pools of database connections are.
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
#[derive(Debug, Clone)]
struct Watched {
    store: Store,
    settings: Arc<MetricsConfig>,
}

pub(crate) fn router(store: Store, settings: MetricsConfig) -> Router {
    Router::new().route("/metrics", get(show)).with_state(Watched { store, settings: Arc::new(settings) })
}

async fn show(
    State(Watched { store, settings }): State<Watched>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
) -> Result<impl IntoResponse, Problem> {
    let is_passed_on = PASSED_ON.iter().any(|name| headers.contains_key(name));
    if is_passed_on || !settings.allows(peer.ip()) {
        return Err(nothing());
    }
    Ok(([(header::CONTENT_TYPE, FORMAT), (header::CACHE_CONTROL, "no-store")], page(&store.pools())))
}

impl MetricsConfig {
    fn allows(&self, peer: IpAddr) -> bool {
        let peer = peer.to_canonical();
        self.allow.iter().any(|network| network.contains(&peer))
    }
}

fn page(pools: &[PoolState]) -> String {
    let mut page = String::new();
    let in_use = |pool: &PoolState| pool.in_use;
    write(&mut page, "database_connections_in_use", "Database connections in use.", pools, in_use);
    let max = |pool: &PoolState| pool.max;
    write(&mut page, "database_connections_max", "Database connections that there may be.", pools, max);
    page
}

/// One metric of all pools. Names and numbers are ours: there is nothing to escape.
fn write(page: &mut String, name: &str, help: &str, pools: &[PoolState], value: fn(&PoolState) -> u32) {
    // A text takes whatever is written to it.
    let _ = write!(page, "# HELP {name} {help}\n# TYPE {name} gauge\n");
    for pool in pools {
        let _ = writeln!(page, "{name}{{pool=\"{}\"}} {}", pool.name, value(pool));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_is_what_prometheus_reads() {
        let pools = [
            PoolState { name: "writer", in_use: 1, max: 1 },
            PoolState { name: "readers", in_use: 0, max: 4 },
        ];
        insta::assert_snapshot!(page(&pools), @r#"
        # HELP database_connections_in_use Database connections in use.
        # TYPE database_connections_in_use gauge
        database_connections_in_use{pool="writer"} 1
        database_connections_in_use{pool="readers"} 0
        # HELP database_connections_max Database connections that there may be.
        # TYPE database_connections_max gauge
        database_connections_max{pool="writer"} 1
        database_connections_max{pool="readers"} 4
        "#);
    }
}
