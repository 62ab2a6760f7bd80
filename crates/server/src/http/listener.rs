//! Accepts connections: so many at a time, each with a limit on the time and size of its requests' headers, and lets
//! them finish when the program stops.
//!
//! HTTP/1.1 only: HTTP/2 is spoken by whatever ends TLS in front, and telling the two apart on a plain connection
//! would let silent clients stay for ever.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use guard::Places;
use http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::ServerConfig;

/// How much of a request's head is buffered. hyper answers 431 to a larger one; it looks after reading, so that a few
/// KiB more may pass.
const MAX_HEADER_BYTES: usize = 32 * 1024;

/// Serves `router` until `stop`, then lets requests under way finish within the configured time.
pub async fn serve(listener: TcpListener, router: Router, config: &ServerConfig, stop: CancellationToken) {
    let connections = TaskTracker::new();
    let places = Places::new(config.max_connections);
    while let Some((stream, peer, place)) = stop.run_until_cancelled(places.accept(&listener)).await {
        let connection = attend(stream, peer, router.clone(), config.header_timeout.into(), stop.clone());
        connections.spawn(async move {
            connection.await;
            drop(place);
        });
    }
    drop(listener);
    connections.close();
    if tokio::time::timeout(config.shutdown_timeout.into(), connections.wait()).await.is_err() {
        tracing::warn!(open = connections.len(), "some requests did not finish in time");
    }
}

async fn attend(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    header_timeout: Duration,
    stop: CancellationToken,
) {
    // Answers are written whole; waiting for more to send would only delay them.
    let _ = stream.set_nodelay(true);
    let router = TowerToHyperService::new(router);
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        hyper::service::Service::call(&router, request)
    });
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(header_timeout).max_buf_size(MAX_HEADER_BYTES);
    let connection = builder.serve_connection(TokioIo::new(stream), service).with_upgrades();
    tokio::pin!(connection);
    let finished = tokio::select! {
        finished = connection.as_mut() => finished,
        () = stop.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = finished {
        // Clients that go away or talk nonsense are daily business.
        tracing::debug!(error = &error as &dyn std::error::Error, %peer, "a connection ended early");
    }
}
