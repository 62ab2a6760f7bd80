//! A connection to a target, driven by whoever uses it.
//!
//! It has no task of its own: what a target sends wakes the very task that waits for it, and nothing passes from one
//! thread to another. That is most of what a request costs less than with a client that keeps connections in tasks.

use std::future::poll_fn;
use std::io;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use hyper::body::Incoming;
use hyper::client::conn::TrySendError;
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::runtime::{self, Handle};

use super::Failure;
use super::body::RequestBody;
use super::patience::Patience;
use crate::config::Address;

/// A connection that carries one request at a time.
#[derive(Debug)]
pub(crate) struct Connection {
    sender: SendRequest<RequestBody>,
    driver: Driver,
    /// How long an answer may take.
    patience: Patience,
    /// Which one is told when the target has sent something.
    runtime: runtime::Id,
}

/// Why there is no answer, and the request, if nothing of it was sent.
type Unanswered = (Failure, Option<Request<RequestBody>>);

impl Connection {
    /// A fresh one, which takes no longer than `connect`, and on which no answer takes longer than `answer` after the last of
    /// its request.
    pub(crate) async fn open(
        address: &Address,
        connect: Duration,
        answer: Duration,
    ) -> Result<Self, Failure> {
        let stream = tokio::time::timeout(connect, TcpStream::connect(address.as_str())).await;
        let stream = stream.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()));
        let stream = stream.map_err(Failure::Unreachable)?;
        // Requests are written whole; waiting for more to send would only delay them.
        let _ = stream.set_nodelay(true);
        let (sender, connection) =
            http1::Builder::new().handshake(TokioIo::new(stream)).await.map_err(Failure::Lost)?;
        let driver = Driver { connection: Box::new(connection), is_over: false };
        Ok(Self { sender, driver, patience: Patience::new(answer), runtime: Handle::current().id() })
    }

    /// Sends a request and waits for the head of its answer.
    pub(crate) async fn send(
        &mut self,
        request: Request<RequestBody>,
    ) -> Result<Response<Incoming>, Unanswered> {
        let sent = request.body().sent();
        self.patience.renew();
        let mut answer = pin!(self.sender.try_send_request(request));
        poll_fn(|context| {
            self.driver.poll(context);
            if let Poll::Ready(answer) = answer.as_mut().poll(context) {
                return Poll::Ready(answer.map_err(unanswered));
            }
            while self.patience.poll(context).is_ready() {
                let limit = self.patience.limit();
                match sent.as_ref().map(|sent| sent.last()).filter(|last| last.elapsed() < limit) {
                    Some(last) => self.patience.renew_at(last.into()),
                    None => return Poll::Ready(Err((Failure::Silent(limit), None))),
                }
            }
            Poll::Pending
        })
        .await
    }

    /// Where it was opened; whoever uses it elsewhere is woken across threads for each byte.
    pub(crate) fn runtime(&self) -> runtime::Id {
        self.runtime
    }

    /// Lets it read and write what it can; the waker is woken when it can do more.
    pub(crate) fn drive(&mut self, context: &mut Context<'_>) {
        self.driver.poll(context);
    }

    /// Whether it takes another request, as far as that can be known without sending one.
    pub(crate) fn is_ready(&mut self) -> bool {
        self.drive(&mut Context::from_waker(Waker::noop()));
        !self.driver.is_over && self.sender.is_ready()
    }

    /// The stream, and what was read from it already, after the target has switched protocols.
    pub(crate) async fn into_stream(mut self) -> (TcpStream, Bytes) {
        poll_fn(|context| {
            self.drive(context);
            if self.driver.is_over { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
        let parts = self.driver.connection.into_parts();
        (parts.io.into_inner(), parts.read_buf)
    }
}

fn unanswered(mut error: TrySendError<Request<RequestBody>>) -> Unanswered {
    let request = error.take_message();
    (Failure::Lost(error.into_error()), request)
}

/// What goes wrong is told to whoever waits for the answer or its body.
#[derive(Debug)]
struct Driver {
    /// In a box, since it is large, and moves from the pool to the request, to the answer, and back.
    connection: Box<http1::Connection<TokioIo<TcpStream>, RequestBody>>,
    is_over: bool,
}

impl Driver {
    fn poll(&mut self, context: &mut Context<'_>) {
        if !self.is_over {
            self.is_over = self.connection.poll_without_shutdown(context).is_ready();
        }
    }
}
