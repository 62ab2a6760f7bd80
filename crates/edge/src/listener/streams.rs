//! The requests of one HTTP/2 connection.
//!
//! A client decides for each answer how much of it may be sent, so that one that asks for much and takes nothing is not
//! noticed by writing: each stream has a limit of its own. What a client has not taken is kept in small pieces.

use std::cell::Cell;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::Response;
use hyper::body::{Frame, SizeHint};
use hyper::rt::Executor;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::proxy::Body;
use crate::upstream::{BodyError, Patience};

/// The largest piece of an answer that is handed over at a time. The last one may wait for its client after the request
/// is done with.
const PIECE: usize = 16 * 1024;
/// So many requests may be taken back; and of more, no more than half.
const TAKEN_BACK: u64 = 100;

tokio::task_local! {
    /// Who is waited for.
    static AWAITED: Cell<Awaited>;
}

/// Whom the answer to a request waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Awaited {
    /// The client: nobody has asked for more of the answer.
    Client,
    /// It, too, but it has just taken something.
    ClientAgain,
    /// Whoever makes the answer.
    Target,
}

/// Why a connection is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Abuse {
    /// There has been no request for too long.
    Idle,
    /// Too many requests were taken back before they were answered: each costs a target its work.
    TakenBack,
}

/// Runs the requests of a connection, and counts them.
#[derive(Debug, Clone)]
pub(super) struct Streams(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    stall: Duration,
    began: Instant,
    open: AtomicUsize,
    /// When there was a request the last time, in milliseconds from the beginning.
    last: AtomicU64,
    asked: AtomicU64,
    taken_back: AtomicU64,
    abused: CancellationToken,
}

impl Streams {
    /// Waits no longer than `stall` for the client of each answer.
    pub(super) fn new(stall: Duration) -> Self {
        Self(Arc::new(Shared {
            stall,
            began: Instant::now(),
            open: AtomicUsize::new(0),
            last: AtomicU64::new(0),
            asked: AtomicU64::new(0),
            taken_back: AtomicU64::new(0),
            abused: CancellationToken::new(),
        }))
    }

    /// Waits until the connection should be closed.
    pub(super) async fn abuse(&self, idle: Duration) -> Abuse {
        tokio::select! {
            () = self.0.abused.cancelled() => Abuse::TakenBack,
            () = self.idle(idle) => Abuse::Idle,
        }
    }

    async fn idle(&self, limit: Duration) {
        let mut until = self.0.began + limit;
        loop {
            tokio::time::sleep_until(until).await;
            let last = self.0.began + Duration::from_millis(self.0.last.load(Ordering::Relaxed));
            until = match self.0.open.load(Ordering::Relaxed) {
                0 if last.elapsed() >= limit => return,
                0 => last + limit,
                _ => Instant::now() + limit,
            };
        }
    }

    /// Makes an answer, and notes whether the client waits for it.
    pub(super) fn answer<A>(&self, answer: A) -> impl Future<Output = Response<InPieces>> + use<A>
    where
        A: Future<Output = Response<Body>>,
    {
        let asked = Asked::new(&self.0);
        // It is large, and would be so several times in what it is wrapped in.
        let mut answer = Box::pin(answer);
        async move {
            let response = poll_fn(|context| noted(answer.as_mut().poll(context))).await;
            asked.has_answer();
            response.map(InPieces::new)
        }
    }
}

fn noted<T>(polled: Poll<T>) -> Poll<T> {
    let awaited = if polled.is_ready() { Awaited::ClientAgain } else { Awaited::Target };
    let _ = AWAITED.try_with(|cell| cell.set(awaited));
    polled
}

impl<F> Executor<F> for Streams
where
    F: Future<Output = ()> + Send + 'static,
{
    fn execute(&self, stream: F) {
        let open = Open::new(&self.0);
        let stall = self.0.stall;
        tokio::spawn(async move {
            attend(stream, stall).await;
            drop(open);
        });
    }
}

/// Until it is over, or its client has taken nothing for too long; then it is dropped, which resets the stream.
async fn attend(stream: impl Future<Output = ()>, stall: Duration) {
    let mut stream = pin!(stream);
    let mut patience = Patience::new(stall);
    poll_fn(|context| {
        let poll = || (stream.as_mut().poll(context), AWAITED.with(Cell::get));
        let (polled, awaited) = AWAITED.sync_scope(Cell::new(Awaited::Client), poll);
        if polled.is_ready() {
            return polled;
        }
        if awaited != Awaited::Client {
            patience.renew();
        }
        if awaited == Awaited::Target { Poll::Pending } else { patience.poll(context) }
    })
    .await;
}

/// A stream that is open.
struct Open(Arc<Shared>);

impl Open {
    fn new(shared: &Arc<Shared>) -> Self {
        shared.open.fetch_add(1, Ordering::Relaxed);
        Self(Arc::clone(shared))
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        let now = u64::try_from(self.0.began.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.0.last.store(now, Ordering::Relaxed);
        self.0.open.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A request, from the first that is heard of it until it is answered.
struct Asked {
    shared: Arc<Shared>,
    is_answered: bool,
}

impl Asked {
    fn new(shared: &Arc<Shared>) -> Self {
        shared.asked.fetch_add(1, Ordering::Relaxed);
        Self { shared: Arc::clone(shared), is_answered: false }
    }

    fn has_answer(mut self) {
        self.is_answered = true;
    }
}

impl Drop for Asked {
    fn drop(&mut self) {
        if self.is_answered {
            return;
        }
        let taken_back = self.shared.taken_back.fetch_add(1, Ordering::Relaxed) + 1;
        if taken_back > TAKEN_BACK && taken_back * 2 > self.shared.asked.load(Ordering::Relaxed) {
            self.shared.abused.cancel();
        }
    }
}

/// An answer that is handed over bit by bit.
#[derive(Debug)]
pub(super) struct InPieces {
    body: Body,
    rest: Bytes,
}

impl InPieces {
    fn new(body: Body) -> Self {
        Self { body, rest: Bytes::new() }
    }
}

impl hyper::body::Body for InPieces {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        if self.rest.is_empty() {
            match noted(Pin::new(&mut self.body).poll_frame(context)) {
                Poll::Ready(Some(Ok(frame))) => match frame.into_data() {
                    Ok(data) => self.rest = data,
                    Err(frame) => return Poll::Ready(Some(Ok(frame))),
                },
                other => return other,
            }
        }
        let _ = noted(Poll::Ready(()));
        let size = self.rest.len().min(PIECE);
        Poll::Ready(Some(Ok(Frame::data(self.rest.split_to(size)))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        // It is asked for before the first piece.
        if self.rest.is_empty() { self.body.size_hint() } else { SizeHint::default() }
    }
}
