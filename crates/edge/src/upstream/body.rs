//! Bodies on their way: to a target, and back from it.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use bytes::Bytes;
use hyper::body::{Body, Frame, Incoming, SizeHint};

use super::connection::Connection;
use super::patience::Patience;
use crate::service::Turn;

/// How much of a request a client must send to be waited for again: with single bytes a request would never end, and keep
/// a connection to its target for as long.
const ENOUGH: u64 = 1024;

/// Why a body ends early.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BodyError {
    #[error("the client went away in the middle of its request")]
    ClientGone(#[source] hyper::Error),
    #[error("the client has sent nothing for {0:?} in the middle of its request")]
    ClientStalled(Duration),
    #[error("the request has a body of more than {0} bytes")]
    TooLarge(u64),
    #[error("the target went away in the middle of its answer")]
    TargetGone(#[source] hyper::Error),
    #[error("the target has sent nothing for {0:?} in the middle of its answer")]
    TargetStalled(Duration),
}

type Polled = Poll<Option<Result<Frame<Bytes>, BodyError>>>;

/// What a client sends.
#[derive(Debug)]
pub(crate) enum RequestBody {
    Empty,
    Streamed(Box<Streamed>),
}

/// A body that is passed on while it arrives.
#[derive(Debug)]
pub(crate) struct Streamed {
    incoming: Incoming,
    limit: u64,
    left: u64,
    patience: Patience,
    /// What has arrived since a client was last waited for from the beginning.
    arrived: u64,
    sent: Arc<Sent>,
}

/// What of a body has been passed on: whoever waits for an answer waits from its last frame.
#[derive(Debug)]
pub(crate) struct Sent {
    began: Instant,
    /// Microseconds after the beginning.
    last: AtomicU64,
}

impl Sent {
    fn nothing() -> Self {
        Self { began: Instant::now(), last: AtomicU64::new(0) }
    }

    fn frame(&self) {
        let now = u64::try_from(self.began.elapsed().as_micros()).unwrap_or(u64::MAX);
        self.last.store(now, Ordering::Relaxed);
    }

    /// When the last one was passed on, or, when there was none, the beginning.
    pub(crate) fn last(&self) -> Instant {
        self.began + Duration::from_micros(self.last.load(Ordering::Relaxed))
    }
}

impl RequestBody {
    /// Passes on no more than `limit` bytes, and waits no longer than `stall` for each next [`ENOUGH`] of them.
    pub(crate) fn new(incoming: Incoming, limit: u64, stall: Duration) -> Self {
        if incoming.is_end_stream() {
            return Self::Empty;
        }
        let sent = Arc::new(Sent::nothing());
        Self::Streamed(Box::new(Streamed {
            incoming,
            limit,
            left: limit,
            patience: Patience::new(stall),
            arrived: 0,
            sent,
        }))
    }

    /// What is passed on, while it is; none when there is nothing.
    pub(crate) fn sent(&self) -> Option<Arc<Sent>> {
        match self {
            Self::Empty => None,
            Self::Streamed(streamed) => Some(Arc::clone(&streamed.sent)),
        }
    }
}

impl Streamed {
    fn poll_frame(&mut self, context: &mut Context<'_>) -> Polled {
        let polled = Pin::new(&mut self.incoming).poll_frame(context);
        if polled.is_pending() {
            let () = ready!(self.patience.poll(context));
            return Poll::Ready(Some(Err(BodyError::ClientStalled(self.patience.limit()))));
        }
        self.sent.frame();
        polled.map(|frame| frame.map(|frame| self.counted(frame.map_err(BodyError::ClientGone)?)))
    }

    fn counted(&mut self, frame: Frame<Bytes>) -> Result<Frame<Bytes>, BodyError> {
        let size = frame.data_ref().map_or(0, |data| data.len() as u64);
        self.arrived += size;
        if self.arrived >= ENOUGH {
            self.arrived = 0;
            self.patience.renew();
        } else {
            self.patience.pause();
        }
        self.left = self.left.checked_sub(size).ok_or(BodyError::TooLarge(self.limit))?;
        Ok(frame)
    }
}

impl Body for RequestBody {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Polled {
        match self.get_mut() {
            Self::Empty => Poll::Ready(None),
            Self::Streamed(streamed) => streamed.poll_frame(context),
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Streamed(streamed) => streamed.incoming.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Empty => SizeHint::with_exact(0),
            Self::Streamed(streamed) => streamed.incoming.size_hint(),
        }
    }
}

/// What a target answers, with the connection it comes from, which is used again after the last byte.
#[derive(Debug)]
pub(crate) struct ResponseBody {
    incoming: Incoming,
    /// Until the answer has ended.
    source: Option<Source>,
    patience: Patience,
}

#[derive(Debug)]
struct Source {
    connection: Connection,
    turn: Turn,
}

impl ResponseBody {
    /// Waits no longer than `silence` for each next piece.
    pub(crate) fn new(incoming: Incoming, connection: Connection, turn: Turn, silence: Duration) -> Self {
        let source = Some(Source { connection, turn });
        let mut body = Self { incoming, source, patience: Patience::new(silence) };
        if body.incoming.is_end_stream() {
            body.end();
        }
        body
    }

    fn end(&mut self) {
        if let Some(Source { connection, turn }) = self.source.take() {
            turn.0.pool.put(connection);
        }
    }

    /// What has arrived; when that is nothing, what arrives when the connection reads.
    fn poll_incoming(&mut self, context: &mut Context<'_>) -> Poll<Option<hyper::Result<Frame<Bytes>>>> {
        let polled = Pin::new(&mut self.incoming).poll_frame(context);
        match (&polled, &mut self.source) {
            (Poll::Pending, Some(source)) => {
                source.connection.drive(context);
                Pin::new(&mut self.incoming).poll_frame(context)
            }
            _ => polled,
        }
    }
}

impl Body for ResponseBody {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Polled {
        match self.poll_incoming(context) {
            Poll::Pending => {
                let () = ready!(self.patience.poll(context));
                self.source = None;
                Poll::Ready(Some(Err(BodyError::TargetStalled(self.patience.limit()))))
            }
            Poll::Ready(Some(Ok(frame))) => {
                self.patience.renew();
                if self.incoming.is_end_stream() {
                    self.end();
                }
                Poll::Ready(Some(Ok(frame)))
            }
            Poll::Ready(Some(Err(error))) => {
                self.source = None;
                Poll::Ready(Some(Err(BodyError::TargetGone(error))))
            }
            Poll::Ready(None) => {
                self.end();
                Poll::Ready(None)
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.incoming.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.incoming.size_hint()
    }
}
