//! All listeners of a gate, and the connections that came through them.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::{Closing, Door, Limits, Listeners, Workers, serve};
use crate::config::Config;
use crate::proxy::Proxy;
use crate::tls::Tls;

/// For how long answers close their connections before those are closed that nobody uses: what is on its way by then has
/// arrived.
const LET_ARRIVE: Duration = Duration::from_millis(500);

/// The doors of a gate that is open.
#[derive(Debug)]
pub(crate) struct Doors {
    pub(crate) plain: Vec<Arc<TcpListener>>,
    pub(crate) tls: Vec<Arc<TcpListener>>,
    closing: Closing,
    accepting: TaskTracker,
    workers: Arc<Workers>,
}

impl Doors {
    /// Opens them.
    ///
    /// # Errors
    /// When the system gives no threads to serve with.
    pub(crate) fn open(
        config: &Config,
        proxy: &Arc<Proxy>,
        tls: Option<&Arc<Tls>>,
        listeners: Listeners,
    ) -> io::Result<Self> {
        let all = |listeners: Vec<TcpListener>| listeners.into_iter().map(Arc::new).collect();
        let Listeners { plain, tls: secure } = listeners;
        let doors = Self {
            plain: all(plain),
            tls: all(secure),
            closing: Closing { stop: CancellationToken::new(), drain: CancellationToken::new() },
            accepting: TaskTracker::new(),
            workers: Arc::new(Workers::start()?),
        };
        let limits = Limits {
            connections: config.max_connections,
            header_timeout: config.header_timeout.into(),
            stall: config.stall_timeout.into(),
        };
        doors.accept(&doors.plain, Door { proxy: Arc::clone(proxy), limits, tls: None });
        if let Some(tls) = tls {
            let (tending, stop) = (Arc::clone(tls), doors.closing.stop.clone());
            tokio::spawn(async move { tending.tend(stop).await });
            doors.accept(&doors.tls, Door { proxy: Arc::clone(proxy), limits, tls: Some(Arc::clone(tls)) });
        }
        Ok(doors)
    }

    fn accept(&self, listeners: &[Arc<TcpListener>], door: Door) {
        let door = Arc::new(door);
        for listener in listeners {
            let (listener, door) = (Arc::clone(listener), Arc::clone(&door));
            self.accepting.spawn(serve(listener, door, self.closing.clone(), Arc::clone(&self.workers)));
        }
    }

    /// Lets nobody in any more, and those who are in finish what they do within a limit, tunnels
    /// too.
    pub(crate) async fn close(self, proxy: &Proxy, limit: Duration) {
        proxy.say_goodbye();
        self.closing.stop.cancel();
        self.accepting.close();
        self.accepting.wait().await;
        drop((self.plain, self.tls));
        tokio::time::sleep(LET_ARRIVE).await;
        self.closing.drain.cancel();
        let connections = self.workers.connections();
        connections.close();
        let deadline = Instant::now() + limit;
        if tokio::time::timeout_at(deadline, connections.wait()).await.is_err() {
            tracing::warn!(open = connections.len(), "some requests did not finish in time");
        }
        proxy.tunnels.end(deadline.saturating_duration_since(Instant::now())).await;
    }
}
