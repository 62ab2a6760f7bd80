//! The gate as a whole: what is built from the settings, and how it runs.

use std::sync::Arc;
use std::time::Instant;

use foundation::Ambient;
use guard::Proxies;
use ipnet::IpNet;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::config::Config;
use crate::health;
use crate::listener::{self, Closing, Limits};
use crate::proxy::Proxy;
use crate::registry::Registry;

/// The street gate, ready to be opened.
#[derive(Debug)]
pub struct Edge {
    config: Config,
    registry: Registry,
    proxy: Arc<Proxy>,
}

impl Edge {
    /// From settings that were checked.
    pub fn build(config: Config, trusted_proxies: Vec<IpNet>, ambient: Ambient) -> Self {
        let registry = Registry::new(&config.services, Instant::now());
        let proxies = Proxies::new(trusted_proxies);
        let proxy = Proxy::new(registry.published(), proxies, ambient, config.stall_timeout.into());
        Self { config, registry, proxy: Arc::new(proxy) }
    }

    /// Serves until `stop`, then lets requests under way finish within the configured time.
    pub async fn serve(self, listeners: Vec<TcpListener>, stop: CancellationToken) {
        let closing = Closing { stop, drain: CancellationToken::new() };
        let connections = TaskTracker::new();
        let accepting = TaskTracker::new();
        let limits = Limits {
            connections: self.config.max_connections,
            header_timeout: self.config.header_timeout.into(),
        };
        for listener in listeners {
            let (proxy, connections) = (Arc::clone(&self.proxy), connections.clone());
            let serving = listener::serve(Arc::new(listener), proxy, limits, closing.clone(), connections);
            accepting.spawn(serving);
        }
        self.watch_targets(&closing.stop);
        accepting.close();
        accepting.wait().await;
        closing.drain.cancel();
        connections.close();
        if tokio::time::timeout(self.config.shutdown_timeout.into(), connections.wait()).await.is_err() {
            tracing::warn!(open = connections.len(), "some requests did not finish in time");
        }
        self.proxy.tunnels.end(self.config.shutdown_timeout.into()).await;
    }

    fn watch_targets(&self, stop: &CancellationToken) {
        for service in self.registry.all() {
            for (_, fleet) in service.fleets() {
                for target in fleet.targets() {
                    let watching = health::watch(Arc::clone(target), service.config.health.clone());
                    tokio::spawn(stop.clone().run_until_cancelled_owned(watching));
                }
            }
        }
    }
}
