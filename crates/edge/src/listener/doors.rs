//! All listeners of a gate, and the connections that came through them.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::{Closing, Door, Limits, Listeners, Workers, serve};
use crate::config::Config;
use crate::proxy::Proxy;
use crate::tls::Tls;

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

    /// Waits until a worker fails: only a mistake of ours ends one.
    pub(crate) async fn failed(&self) {
        self.workers.failed().await;
    }

    /// Lets nobody in any more. Those who are in finish what they do, tunnels too, until the limit ends; whoever waits for a
    /// request goes when `arriving` is over.
    pub(crate) async fn close(self, proxy: &Proxy, arriving: Duration, limit: impl Future<Output = ()>) {
        proxy.say_goodbye();
        self.closing.stop.cancel();
        self.accepting.close();
        self.accepting.wait().await;
        drop((self.plain, self.tls));
        let gone = async {
            tokio::time::sleep(arriving).await;
            self.closing.drain.cancel();
            let connections = self.workers.connections();
            connections.close();
            connections.wait().await;
            proxy.tunnels.ended().await;
        };
        tokio::select! {
            () = gone => {}
            () = limit => {
                let (requests, tunnels) = (self.workers.connections().len(), proxy.tunnels.len());
                tracing::warn!(requests, tunnels, "not everybody has finished in time");
            }
        }
        proxy.tunnels.cut().await;
        // Nobody else has them any more: nothing is accepted.
        if let Some(workers) = Arc::into_inner(self.workers) {
            workers.end().await;
        }
    }
}
