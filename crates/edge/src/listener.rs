//! Accepts connections: so many at a time, each with limits on what it may send and on how long it may take for it, and
//! lets them finish when the program stops.
//!
//! A plain connection is HTTP/1.1. Over TLS both ends agree on HTTP/2 or HTTP/1.1 before the first request; telling the
//! two apart by the first bytes of a plain connection would let silent clients stay for ever.

mod connection;
mod doors;
mod stall;
mod streams;
mod workers;

use std::sync::Arc;
use std::time::Duration;

use guard::{Place, Places};
use socket2::{SockRef, TcpKeepalive};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

pub(crate) use doors::Doors;
use workers::{Served, Workers};

use crate::proxy::Proxy;
use crate::tls::Tls;

/// After so much silence the system asks a client whether it is still there,
const SILENCE: Duration = Duration::from_mins(1);
/// so often,
const QUESTIONS: u32 = 4;
/// and after such pauses; then it closes the connection.
const BETWEEN_QUESTIONS: Duration = Duration::from_secs(15);

/// Sockets at which clients are waited for.
#[derive(Debug, Default)]
pub struct Listeners {
    /// For plain HTTP.
    pub plain: Vec<TcpListener>,
    /// For HTTPS.
    pub tls: Vec<TcpListener>,
}

/// What holds for every connection.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    pub(crate) connections: usize,
    pub(crate) header_timeout: Duration,
    pub(crate) stall: Duration,
}

/// When connections end.
#[derive(Debug, Clone, Default)]
pub(crate) struct Closing {
    /// No new ones are accepted.
    pub(crate) stop: CancellationToken,
    /// Those that wait for a request are closed, the others after theirs.
    pub(crate) drain: CancellationToken,
}

/// What a client finds behind a listener.
#[derive(Debug)]
pub(crate) struct Door {
    pub(crate) proxy: Arc<Proxy>,
    pub(crate) limits: Limits,
    /// None for plain HTTP.
    pub(crate) tls: Option<Arc<Tls>>,
}

/// A client that has been let in.
#[derive(Debug, Clone)]
pub(crate) struct Guest {
    pub(crate) door: Arc<Door>,
    pub(crate) seat: Arc<Seat>,
}

/// What a client takes up until all is over, a tunnel too.
#[derive(Debug)]
pub(crate) struct Seat {
    _place: Place,
    _served: Served,
}

/// Serves until told to stop; what the workers have by then they go on with.
async fn serve(listener: Arc<TcpListener>, door: Arc<Door>, closing: Closing, workers: Arc<Workers>) {
    notice_the_dead(&listener);
    let places = Places::new(door.limits.connections);
    while let Some((stream, peer, place)) = closing.stop.run_until_cancelled(places.accept(&listener)).await {
        // It was announced to this runtime, and is to be to another one.
        let Ok(stream) = stream.into_std() else { continue };
        workers.serve(|served| {
            let seat = Arc::new(Seat { _place: place, _served: served });
            let guest = Guest { door: Arc::clone(&door), seat };
            connection::attend(stream, peer, guest, closing.drain.clone())
        });
    }
}

/// A client whose machine is gone says nothing more, not even that. Connections have this from their listener.
fn notice_the_dead(listener: &TcpListener) {
    let questions =
        TcpKeepalive::new().with_time(SILENCE).with_interval(BETWEEN_QUESTIONS).with_retries(QUESTIONS);
    if let Err(error) = SockRef::from(listener).set_tcp_keepalive(&questions) {
        tracing::debug!(error = &error as &dyn std::error::Error, "connections are not kept alive");
    }
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpStream;

    use super::*;

    #[tokio::test]
    async fn connections_are_asked_whether_they_are_still_there() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        notice_the_dead(&listener);
        let address = listener.local_addr().expect("an address");
        let (accepted, _client) = tokio::join!(listener.accept(), TcpStream::connect(address));
        let (stream, _) = accepted.expect("a connection");
        let socket = SockRef::from(&stream);
        assert!(socket.keepalive().expect("known"));
        assert_eq!(socket.tcp_keepalive_time().expect("known"), SILENCE);
        assert_eq!(socket.tcp_keepalive_retries().expect("known"), QUESTIONS);
    }
}
