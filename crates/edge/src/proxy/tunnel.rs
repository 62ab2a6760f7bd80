//! Connections that go on in another protocol, most often WebSocket: bytes are passed on as they are.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use foundation::Problem;
use http::{HeaderValue, Request, Response};
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncWriteExt as _, copy_bidirectional_with_sizes};
use tokio::net::TcpStream;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::answer;
use super::body::Body;
use super::silence::Traffic;
use super::visitor::Choice;
use super::witness::Witness;
use super::{Proxy, Visit, hops};
use crate::listener::Seat;
use crate::service::{Service, Turn};
use crate::upstream::{self, RequestBody, Switched};

/// How much is passed on at a time. A tunnel is silent most of the time, and has room for two such pieces all the while.
const PIECE: usize = 4 * 1024;

/// All tunnels: hyper lets go of a connection that goes on in another protocol, so that they are kept count of here.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tunnels {
    open: TaskTracker,
    close: CancellationToken,
}

impl Tunnels {
    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.open.len()
    }

    /// Waits until all have ended by themselves.
    pub(crate) async fn ended(&self) {
        self.open.close();
        self.open.wait().await;
    }

    /// Closes them.
    pub(crate) async fn cut(&self) {
        self.close.cancel();
        self.ended().await;
    }
}

impl Proxy {
    /// Asks a target to go on in another protocol.
    pub(super) async fn switch(
        &self,
        visit: &Visit<'_>,
        service: &Arc<Service>,
        choice: &Choice,
        mut request: Request<RequestBody>,
        (client, protocol): (OnUpgrade, HeaderValue),
    ) -> Result<Response<Body>, Problem> {
        hops::ask_for(protocol, request.headers_mut());
        let (slot, switched) = self.ask(service, choice, request, upstream::switch).await?;
        let (head, stream, read, turn) = match switched {
            Switched::Not(response) => {
                let witness = Witness::of(service, slot, choice, response.headers());
                return Ok(answer::prepare(response, choice, witness));
            }
            Switched::Tunnel { head, stream, read, turn } => (head, stream, read, turn),
        };
        let silence = service.config.silence_timeout.into();
        let tunnel = Tunnel { stream, read, turn, silence, _seat: Arc::clone(visit.seat) };
        let close = self.tunnels.close.clone();
        self.tunnels.open.spawn(async move {
            tokio::select! {
                () = tunnel.run(client) => {}
                () = close.cancelled() => {}
            }
        });
        Ok(Response::from_parts(head, Body::empty()))
    }
}

struct Tunnel {
    stream: TcpStream,
    /// What the target has sent behind its answer.
    read: Bytes,
    turn: Turn,
    /// How long both sides may say nothing.
    silence: Duration,
    /// A tunnel is one of the connections that may be open.
    _seat: Arc<Seat>,
}

impl Tunnel {
    async fn run(mut self, client: OnUpgrade) {
        let passed = match client.await {
            Ok(client) => self.pass(client).await,
            Err(error) => Err(std::io::Error::other(error)),
        };
        if let Err(error) = passed {
            // Clients and targets that just go away are daily business.
            tracing::debug!(error = &error as &dyn std::error::Error, address = %self.turn.0.address, "a tunnel broke");
        }
    }

    async fn pass(&mut self, client: Upgraded) -> std::io::Result<()> {
        let traffic = Traffic::new();
        // All that one side says the other one is told: to look at one of them is enough.
        let mut client = traffic.over(TokioIo::new(client));
        client.write_all(&self.read).await?;
        tokio::select! {
            passed = copy_bidirectional_with_sizes(&mut client, &mut self.stream, PIECE, PIECE) => passed.map(drop),
            () = traffic.silence(self.silence) => {
                tracing::debug!(address = %self.turn.0.address, "a silent tunnel is closed");
                Ok(())
            }
        }
    }
}
