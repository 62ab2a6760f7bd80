//! Accepts connections: so many at a time, each with a limit on the time and size of its requests' headers, and lets
//! them finish when the program stops.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::proxy::{Peer, Proxy};

/// How much of a request's head is buffered. hyper answers 431 to a larger one.
const MAX_HEADER_BYTES: usize = 64 * 1024;
/// After the system refused a connection (most often: too many open files), so as not to ask it in a tight loop.
const PAUSE_AFTER_REFUSAL: Duration = Duration::from_millis(100);

/// What holds for every connection.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    pub(crate) connections: usize,
    pub(crate) header_timeout: Duration,
}

/// When connections end.
#[derive(Debug, Clone, Default)]
pub(crate) struct Closing {
    /// No new ones are accepted.
    pub(crate) stop: CancellationToken,
    /// Those that wait for a request are closed, the others after theirs.
    pub(crate) drain: CancellationToken,
}

/// Serves until told to stop; the connections live on in `connections`.
pub(crate) async fn serve(
    listener: Arc<TcpListener>,
    proxy: Arc<Proxy>,
    limits: Limits,
    closing: Closing,
    connections: TaskTracker,
) {
    let places = Arc::new(Semaphore::new(limits.connections));
    loop {
        let place = tokio::select! {
            () = closing.stop.cancelled() => return,
            place = Arc::clone(&places).acquire_owned() => place.expect("never closed"),
        };
        let (stream, peer) = tokio::select! {
            () = closing.stop.cancelled() => return,
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    refused(&error).await;
                    continue;
                }
            },
        };
        let connection = attend(stream, peer, Arc::clone(&proxy), limits, closing.drain.clone());
        connections.spawn(async move {
            connection.await;
            drop(place);
        });
    }
}

async fn refused(error: &io::Error) {
    tracing::warn!(error = error as &dyn std::error::Error, "a connection was not accepted");
    tokio::time::sleep(PAUSE_AFTER_REFUSAL).await;
}

async fn attend(
    stream: TcpStream,
    address: SocketAddr,
    proxy: Arc<Proxy>,
    limits: Limits,
    drain: CancellationToken,
) {
    // Answers are written whole; waiting for more to send would only delay them.
    let _ = stream.set_nodelay(true);
    let peer = Peer { address, scheme: "http" };
    let service = service_fn(move |request| {
        let proxy = Arc::clone(&proxy);
        async move { Ok::<_, Infallible>(proxy.answer(peer, request).await) }
    });
    let mut builder = http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(limits.header_timeout)
        .max_buf_size(MAX_HEADER_BYTES);
    let connection = builder.serve_connection(TokioIo::new(stream), service).with_upgrades();
    tokio::pin!(connection);
    let finished = tokio::select! {
        finished = connection.as_mut() => finished,
        () = drain.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = finished {
        // Clients that go away or talk nonsense are daily business.
        tracing::debug!(error = &error as &dyn std::error::Error, peer = %address, "a connection ended early");
    }
}
