//! The gate as a whole: what is built from the settings, and how it runs.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use foundation::Ambient;
use guard::Proxies;
use ipnet::IpNet;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::config::{Address, Config, ServiceConfig, Slot};
use crate::listener::{self, Closing, Limits};
use crate::proxy::{Proxy, Services};
use crate::service::{Arm, Fleet, Service, Target};
use crate::table::{Places, Table};

/// The street gate, ready to be opened.
#[derive(Debug)]
pub struct Edge {
    config: Config,
    proxy: Arc<Proxy>,
    services: watch::Sender<Services>,
    arms: Vec<(Arc<ServiceConfig>, Slot, Arc<Arm>)>,
}

impl Edge {
    /// From settings that were checked.
    pub fn build(config: Config, trusted_proxies: Vec<IpNet>, ambient: Ambient) -> Self {
        let now = Instant::now();
        let mut arms = Vec::new();
        let mut all = Vec::new();
        for (name, service) in &config.services {
            let settings = Arc::new(service.clone());
            let [blue, green] =
                [(Slot::Blue, &service.blue), (Slot::Green, &service.green)].map(|(slot, addresses)| {
                    let arm = Arc::new(arm(addresses, service, now));
                    arms.push((Arc::clone(&settings), slot, Arc::clone(&arm)));
                    arm
                });
            all.push(Arc::new(Service::new(name, service.clone(), blue, green)));
        }
        let (services, receiver) = watch::channel(table(&all));
        let proxy = Proxy::new(receiver, Proxies::new(trusted_proxies), ambient, config.stall_timeout.into());
        Self { config, proxy: Arc::new(proxy), services, arms }
    }

    /// Serves until `stop`, then lets requests under way finish within the configured time.
    pub async fn serve(self, listeners: Vec<TcpListener>, stop: CancellationToken) {
        let closing = Closing { stop, drain: CancellationToken::new() };
        let connections = TaskTracker::new();
        let limits = Limits {
            connections: self.config.max_connections,
            header_timeout: self.config.header_timeout.into(),
        };
        let accepting = TaskTracker::new();
        for listener in listeners {
            accepting.spawn(listener::serve(
                Arc::new(listener),
                Arc::clone(&self.proxy),
                limits,
                closing.clone(),
                connections.clone(),
            ));
        }
        for (settings, _, arm) in &self.arms {
            for target in arm.fleet.targets() {
                let watching = crate::health::watch(Arc::clone(target), settings.health.clone());
                tokio::spawn(closing.stop.clone().run_until_cancelled_owned(watching));
            }
        }
        accepting.close();
        accepting.wait().await;
        closing.drain.cancel();
        connections.close();
        if tokio::time::timeout(self.config.shutdown_timeout.into(), connections.wait()).await.is_err() {
            tracing::warn!(open = connections.len(), "some requests did not finish in time");
        }
        self.proxy.tunnels.end(self.config.shutdown_timeout.into()).await;
        drop(self.services);
    }

    /// Where it is to listen.
    pub fn addresses(&self) -> &[SocketAddr] {
        &self.config.listen
    }
}

fn arm(addresses: &[Address], service: &ServiceConfig, now: Instant) -> Arm {
    let target =
        |address: &Address| Arc::new(Target::new(address.clone(), now, service.health.start_up.into()));
    Arm { fleet: Fleet::new(addresses.iter().map(target).collect()), ..Arm::default() }
}

fn table(services: &[Arc<Service>]) -> Services {
    let places = |service: &Arc<Service>| {
        let config = Arc::clone(&service.config);
        (config, Arc::clone(service))
    };
    let all: Vec<_> = services.iter().map(places).collect();
    Arc::new(Table::new(
        all.iter().map(|(config, service)| {
            (Places { hosts: &config.hosts, path: &config.path }, Arc::clone(service))
        }),
    ))
}
