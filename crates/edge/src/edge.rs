//! The gate as a whole: what is built from the settings, and how it runs.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use foundation::Ambient;
use foundation::config::Mistakes;
use guard::Proxies;
use ipnet::IpNet;
use tokio::net::UnixListener;
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::config::Config;
use crate::control::{self, Desk};
use crate::engine::{Driving, Engine, Folder, FolderError, Orders};
use crate::handover::{Ending, Predecessor, Succession};
use crate::health;
use crate::listener::{Doors, Listeners};
use crate::proxy::{Proxy, Redirect};
use crate::registry::Registry;
use crate::rollout::Slot;
use crate::tls::Tls;

/// How long an answer to an order may take to leave when the gate ends.
const LAST_ANSWER: Duration = Duration::from_secs(5);

/// For how long answers close their connections before those are closed that nobody uses: what is on its way by then has
/// arrived.
const ARRIVING: Duration = Duration::from_millis(500);
/// The same where nobody is in a hurry: clients who are far away have agreed on TLS and sent their first request.
const ARRIVING_AFTER_HANDOVER: Duration = Duration::from_secs(3);
/// How often connections that nobody uses are looked for.
const TIDIED: Duration = Duration::from_secs(1);

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
    predecessor: Option<Predecessor>,
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
    /// Visitors of a service would find nobody.
    #[error(
        "visitors of {service} are sent to {slot} since its last rollout, and nothing is configured to run there: write \
         its addresses into edge.services.{service}.{slot}, and roll {} out before you remove them", .slot.other()
    )]
    Forsaken {
        /// Which.
        service: String,
        /// Where they are sent.
        slot: Slot,
    },
    /// Nobody could tell it anything.
    #[error("the socket {} cannot be opened", .0.display())]
    Socket(PathBuf, #[source] io::Error),
    /// Nobody could be served.
    #[error("the system gives no threads to serve with")]
    Threads(#[source] io::Error),
    /// What drives releases has failed.
    #[error("releases cannot be driven any more; the log says why")]
    Failed,
}

impl Edge {
    /// From settings that were checked, and a folder for what must outlive a crash. Goes on with what is in there, and takes
    /// the place of a predecessor if there is one.
    ///
    /// # Errors
    /// When the folder cannot be used.
    pub fn build(
        config: Config,
        trusted_proxies: Vec<IpNet>,
        folder: &Path,
        ambient: Ambient,
        predecessor: Option<Predecessor>,
    ) -> Result<Self, EdgeError> {
        let tls = Tls::build(&config.tls, folder, &ambient)?.map(Arc::new);
        let registry = Arc::new(Registry::new(&config.services, &ambient, Instant::now()));
        let kept = Folder::open(folder)?;
        registry.all().iter().for_each(|service| service.gateway.begin(folder));
        let socket = control::path(folder);
        let opened = if predecessor.is_some() { control::prepare(&socket) } else { control::listen(&socket) };
        let desk = opened.map_err(|cause| EdgeError::Socket(socket, cause))?;
        let ended = CancellationToken::new();
        let engine = Engine::open(Arc::clone(&registry), ambient.clone(), kept.clone(), &ended)?;
        for service in registry.all() {
            if let Some(slot) = service.forsaken() {
                return Err(EdgeError::Forsaken { service: service.name.to_string(), slot });
            }
        }
        let proxies = Proxies::new(trusted_proxies);
        let redirect = Redirect::new(&config);
        let stall = config.stall_timeout.into();
        let proxy = Proxy::new(registry.published(), proxies, ambient, redirect, stall);
        Ok(Self {
            config,
            registry,
            proxy: Arc::new(proxy),
            tls,
            engine,
            folder: kept,
            desk,
            predecessor,
            ended,
        })
    }

    /// Serves until `stop`, or until another process has taken its place; then lets requests under way finish within the
    /// configured time. `arguments` are those of this program, with which its successor is started.
    ///
    /// # Errors
    /// When it cannot begin, or when releases cannot be driven any more, by a mistake of ours: whoever has started it
    /// should start it again.
    pub async fn serve(
        self,
        listeners: Listeners,
        arguments: Vec<OsString>,
        stop: CancellationToken,
    ) -> Result<(), EdgeError> {
        let Self { config, registry, proxy, tls, engine, folder, desk, predecessor, ended } = self;
        for service in registry.all() {
            let attending = Arc::clone(&service.gateway).attend();
            tokio::spawn(ended.clone().run_until_cancelled_owned(attending));
        }
        let closed = CancellationToken::new();
        let _closed = closed.clone().drop_guard();
        tokio::spawn(closed.run_until_cancelled_owned(tidy(Arc::clone(&registry))));
        watch_targets(&registry, &ended).await;
        let doors = Doors::open(&config, &proxy, tls.as_ref(), listeners).map_err(EdgeError::Threads)?;
        let take_place = |predecessor: Predecessor| {
            control::publish(&control::path(folder.path()))?;
            predecessor.relieve()
        };
        if let Some(Err(error)) = predecessor.map(take_place) {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "the process that was there is not relieved"
            );
        }
        let (orders, asked) = Orders::channel();
        let (upgrades, ordered) = mpsc::channel(1);
        let control = control::serve(desk, Desk { orders, folder: folder.clone(), upgrades }, ended.clone());
        let control = tokio::spawn(control);
        let succession = Succession { doors: &doors, folder: folder.path(), arguments: &arguments };
        let ending = succession.drive(Driving::begin(engine, asked), ordered, &stop).await;
        // Whoever has just handed over is not to be asked any more; the answer that it has done so still leaves.
        ended.cancel();
        let _ = timeout(LAST_ANSWER, control).await;
        let hurry = config.shutdown_timeout.into();
        let (arriving, finishing) = match ending {
            Ending::HandedOver => (ARRIVING_AFTER_HANDOVER, config.upgrade_timeout.into()),
            Ending::Stopped | Ending::Failed => (ARRIVING, hurry),
        };
        // Whoever has handed over has time, until it is told to stop.
        let hurried = async {
            stop.cancelled().await;
            tokio::time::sleep(hurry).await;
        };
        let limit = async { drop(timeout(finishing, hurried).await) };
        doors.close(&proxy, arriving, limit).await;
        if ending == Ending::Failed { Err(EdgeError::Failed) } else { Ok(()) }
    }
}

/// Closes connections that have waited for too long, for ever.
async fn tidy(registry: Arc<Registry>) {
    loop {
        tokio::time::sleep(TIDIED).await;
        for service in registry.all() {
            service.targets().for_each(|target| target.pool.tidy());
            service.gateway.tidy();
        }
    }
}

/// Checks all targets for ever; what is given back ends when each has been looked at once.
fn watch_targets(registry: &Registry, stop: &CancellationToken) -> impl Future<Output = ()> + use<> {
    let mut looked = Vec::new();
    for service in registry.all() {
        for target in service.targets() {
            let (seen, look) = oneshot::channel();
            let watching = health::watch(Arc::clone(target), service.config.health.clone(), seen);
            tokio::spawn(stop.clone().run_until_cancelled_owned(watching));
            looked.push(look);
        }
    }
    async move {
        for look in looked {
            let _ = look.await;
        }
    }
}
