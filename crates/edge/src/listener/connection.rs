//! One connection, from its first byte to its last.

use std::convert::Infallible;
use std::net::{SocketAddr, TcpStream as StdTcpStream};
use std::pin::pin;

use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_util::sync::CancellationToken;

use super::Guest;
use super::stall::Patient;
use super::streams::{Abuse, Streams};
use crate::proxy::Peer;
use crate::tls::Spoken;

/// How much of a request's head is taken. The answer to a larger one is 431.
const MAX_HEADER_BYTES: u32 = 64 * 1024;
/// How many requests a client may have under way on one HTTP/2 connection.
const MAX_STREAMS: u32 = 128;
/// How many requests a client may take back before anybody has looked at them, and how many that make no sense are
/// answered, before its HTTP/2 connection is closed.
const MAX_RESETS: usize = 32;
/// How much of one request's body, and of all on a connection, is on its way while it is not passed on.
const STREAM_WINDOW: u32 = 256 * 1024;
const CONNECTION_WINDOW: u32 = 1024 * 1024;
/// How much of an answer waits for its client.
const SEND_BUFFER: usize = 64 * 1024;

/// Serves a client until it goes, or has to.
pub(super) async fn attend(
    stream: StdTcpStream,
    address: SocketAddr,
    guest: Guest,
    drain: CancellationToken,
) {
    let stream = match TcpStream::from_std(stream) {
        Ok(stream) => stream,
        Err(error) => {
            tracing::warn!(error = &error as &dyn std::error::Error, "a connection cannot be served");
            return;
        }
    };
    let door = &guest.door;
    // A listener of both kinds writes IPv4 addresses as ones of IPv6.
    let address = SocketAddr::new(address.ip().to_canonical(), address.port());
    // Answers are written whole; waiting for more to send would only delay them.
    let _ = stream.set_nodelay(true);
    let stream = Patient::new(stream, door.limits.stall);
    let Some(tls) = &door.tls else {
        return http1(stream, Peer { address, scheme: "http" }, guest, drain).await;
    };
    let agreed = tokio::select! {
        () = drain.cancelled() => return,
        agreed = tls.accept(stream) => agreed,
    };
    let peer = Peer { address, scheme: "https" };
    match agreed {
        Ok((stream, Spoken::Http2)) => http2(stream, peer, guest, drain).await,
        Ok((stream, Spoken::Http1)) => http1(stream, peer, guest, drain).await,
        Ok((_, Spoken::Proof)) => {}
        Err(error) => {
            tracing::debug!(error = &error as &dyn std::error::Error, peer = %address, "no TLS was agreed on");
        }
    }
}

async fn http1<S>(stream: S, peer: Peer, guest: Guest, drain: CancellationToken)
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let mut builder = http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(guest.door.limits.header_timeout)
        .max_header_size(MAX_HEADER_BYTES as usize)
        .max_buf_size(MAX_HEADER_BYTES as usize);
    let service = service_fn(move |request| {
        let guest = guest.clone();
        async move { Ok::<_, Infallible>(guest.door.proxy.answer(peer, &guest.seat, request).await) }
    });
    let mut connection = pin!(builder.serve_connection(TokioIo::new(stream), service).with_upgrades());
    let finished = tokio::select! {
        // First: a request that has just come in is answered.
        biased;
        finished = connection.as_mut() => finished,
        () = drain.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    ended(finished, peer);
}

async fn http2<S>(stream: S, peer: Peer, guest: Guest, drain: CancellationToken)
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let limits = guest.door.limits;
    let streams = Streams::new(limits.stall);
    let mut builder = http2::Builder::new(streams.clone());
    builder
        .timer(TokioTimer::new())
        .max_concurrent_streams(MAX_STREAMS)
        .max_pending_accept_reset_streams(MAX_RESETS)
        .max_local_error_reset_streams(MAX_RESETS)
        .max_header_list_size(MAX_HEADER_BYTES)
        .initial_stream_window_size(STREAM_WINDOW)
        .initial_connection_window_size(CONNECTION_WINDOW)
        .max_send_buf_size(SEND_BUFFER)
        // A client that is gone, or does not even answer a ping, has nothing to wait for.
        .keep_alive_interval(limits.header_timeout)
        .keep_alive_timeout(limits.header_timeout);
    let service = service_fn({
        let streams = streams.clone();
        move |request| {
            let guest = guest.clone();
            let answer = async move { guest.door.proxy.answer(peer, &guest.seat, request).await };
            let answer = streams.answer(answer);
            async move { Ok::<_, Infallible>(answer.await) }
        }
    });
    let mut connection = pin!(builder.serve_connection(TokioIo::new(stream), service));
    let abuse = tokio::select! {
        finished = connection.as_mut() => return ended(finished, peer),
        () = drain.cancelled() => None,
        abuse = streams.abuse(limits.header_timeout) => Some(abuse),
    };
    match abuse {
        Some(Abuse::TakenBack) => {
            tracing::debug!(peer = %peer.address, "a client takes its requests back: its connection is closed");
        }
        Some(Abuse::Idle) => {
            connection.as_mut().graceful_shutdown();
            // Answers that their client does not take would keep it open.
            let _ = tokio::time::timeout(limits.stall, connection).await;
        }
        None => {
            connection.as_mut().graceful_shutdown();
            tokio::select! {
                finished = connection.as_mut() => ended(finished, peer),
                _ = streams.abuse(limits.header_timeout) => {}
            }
        }
    }
}

fn ended(finished: hyper::Result<()>, peer: Peer) {
    if let Err(error) = finished {
        // Clients that go away or talk nonsense are daily business.
        tracing::debug!(error = &error as &dyn std::error::Error, peer = %peer.address, "a connection ended early");
    }
}
