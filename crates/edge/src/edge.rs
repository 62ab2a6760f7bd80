//! The gate as a whole: what is built from the settings, and how it runs.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use foundation::Ambient;
use foundation::config::Mistakes;
use guard::Proxies;
use ipnet::IpNet;
use tokio::net::UnixListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::config::Config;
use crate::control;
use crate::engine::{Engine, Folder, FolderError, Orders};
use crate::health;
use crate::listener::{self, Closing, Door, Limits, Listeners};
use crate::proxy::{Proxy, Redirect};
use crate::registry::Registry;
use crate::tls::Tls;

/// The street gate, ready to be opened.
#[derive(Debug)]
pub struct Edge {
    config: Config,
    registry: Arc<Registry>,
    proxy: Arc<Proxy>,
    tls: Option<Arc<Tls>>,
    engine: Engine,
    folder: Folder,
    desk: UnixListener,
    /// Told when the last request has ended.
    ended: CancellationToken,
}

/// Why a gate cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum EdgeError {
    /// Certificates cannot be used.
    #[error(transparent)]
    Settings(#[from] Mistakes),
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
        let tls = Tls::build(&config.tls, &ambient)?.map(Arc::new);
        let registry = Arc::new(Registry::new(&config.services, Instant::now()));
        let kept = Folder::open(folder)?;
        let socket = control::path(folder);
        let desk = control::listen(&socket).map_err(|cause| EdgeError::Socket(socket, cause))?;
        let ended = CancellationToken::new();
        let engine = Engine::open(Arc::clone(&registry), ambient.clone(), kept.clone(), &ended)?;
        let proxies = Proxies::new(trusted_proxies);
        let redirect = Redirect::new(&config);
        let stall = config.stall_timeout.into();
        let proxy = Proxy::new(registry.published(), proxies, ambient, redirect, stall);
        Ok(Self { config, registry, proxy: Arc::new(proxy), tls, engine, folder: kept, desk, ended })
    }

    /// Serves until `stop`, then lets requests under way finish within the configured time.
    pub async fn serve(self, listeners: Listeners, stop: CancellationToken) {
        let closing = Closing { stop, drain: CancellationToken::new() };
        let connections = TaskTracker::new();
        let accepting = TaskTracker::new();
        let limits = Limits {
            connections: self.config.max_connections,
            header_timeout: self.config.header_timeout.into(),
            stall: self.config.stall_timeout.into(),
        };
        let mut doors = vec![(listeners.plain, None)];
        if let Some(tls) = self.tls.clone() {
            let stop = closing.stop.clone();
            doors.push((listeners.tls, Some(Arc::clone(&tls))));
            tokio::spawn(async move { tls.tend(stop).await });
        }
        for (listeners, tls) in doors {
            let door = Arc::new(Door { proxy: Arc::clone(&self.proxy), limits, tls });
            for listener in listeners {
                let (listener, door) = (Arc::new(listener), Arc::clone(&door));
                accepting.spawn(listener::serve(listener, door, closing.clone(), connections.clone()));
            }
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
