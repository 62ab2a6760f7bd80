//! The gate as a whole: what is built from the settings, and how it runs.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use foundation::Ambient;
use guard::Proxies;
use ipnet::IpNet;
use tokio::net::{TcpListener, UnixListener};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::config::Config;
use crate::control;
use crate::engine::{Engine, Folder, FolderError, Orders};
use crate::health;
use crate::listener::{self, Closing, Limits};
use crate::proxy::Proxy;
use crate::registry::Registry;

/// The street gate, ready to be opened.
#[derive(Debug)]
pub struct Edge {
    config: Config,
    registry: Arc<Registry>,
    proxy: Arc<Proxy>,
    engine: Engine,
    folder: Folder,
    desk: UnixListener,
    /// Told when the last request has ended.
    ended: CancellationToken,
}

/// Why a gate cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum EdgeError {
    /// What it has to remember cannot be used.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// Nobody could tell it anything.
    #[error("the socket {} cannot be opened", .0.display())]
    Socket(PathBuf, #[source] io::Error),
}

impl Edge {
    /// From settings that were checked, and a folder for what must outlive a crash. Goes on with what is in there.
    ///
    /// # Errors
    /// When the folder cannot be used.
    pub fn build(
        config: Config,
        trusted_proxies: Vec<IpNet>,
        folder: &Path,
        ambient: Ambient,
    ) -> Result<Self, EdgeError> {
        let registry = Arc::new(Registry::new(&config.services, Instant::now()));
        let kept = Folder::open(folder)?;
        let socket = control::path(folder);
        let desk = control::listen(&socket).map_err(|cause| EdgeError::Socket(socket, cause))?;
        let ended = CancellationToken::new();
        let engine = Engine::open(Arc::clone(&registry), ambient.clone(), kept.clone(), &ended)?;
        let proxies = Proxies::new(trusted_proxies);
        let proxy = Proxy::new(registry.published(), proxies, ambient, config.stall_timeout.into());
        Ok(Self { config, registry, proxy: Arc::new(proxy), engine, folder: kept, desk, ended })
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
        let (orders, asked) = Orders::channel();
        let desk = tokio::spawn(control::serve(self.desk, orders, self.folder, self.ended.clone()));
        let engine = tokio::spawn(self.engine.run(asked, self.ended.clone()));
        accepting.close();
        accepting.wait().await;
        closing.drain.cancel();
        connections.close();
        if tokio::time::timeout(self.config.shutdown_timeout.into(), connections.wait()).await.is_err() {
            tracing::warn!(open = connections.len(), "some requests did not finish in time");
        }
        self.proxy.tunnels.end(self.config.shutdown_timeout.into()).await;
        self.ended.cancel();
        let _ = tokio::join!(desk, engine);
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
