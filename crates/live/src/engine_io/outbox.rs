//! What waits to be sent to one client, in order, and no more of it than is allowed.
//!
//! Whoever has something to send puts it here and goes on. A client that is idle gets it at once from a [`Flusher`], with one
//! call of the system and without waking the client's own task; a client for whom more has come meanwhile gets all of it
//! with one call. Both matter: the first is what a quiet room costs, the second what a full one does.

use std::collections::VecDeque;
use std::io::{self, IoSlice};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::net::TcpStream;
use tokio::sync::Notify;
use tungstenite::protocol::frame::coding::CloseCode;

use super::Reason;
use super::flusher::Flusher;
use super::frame::Frame;
use super::packet::Payload;

/// How many frames are written with one call of the system.
const AT_ONCE: usize = 64;
/// An empty queue with more room than this gives it back.
const KEPT: usize = 16;

/// The queue of one client.
#[derive(Debug)]
pub(crate) struct Outbox {
    /// The most bytes that wait.
    limit: usize,
    queue: Mutex<Queue>,
    /// Wakes the session's task.
    changed: Notify,
    /// Wakes whoever fetches.
    arrived: Notify,
    flusher: Arc<Flusher>,
}

#[derive(Debug)]
struct Queue {
    frames: VecDeque<Frame>,
    /// Of all frames, in bytes.
    size: usize,
    /// How many bytes of the first frame have been sent.
    sent: usize,
    way: Way,
    /// Whether the flusher is going to look.
    is_listed: bool,
    end: Option<Reason>,
}

/// How frames leave.
#[derive(Debug, Clone)]
enum Way {
    /// Somebody fetches them.
    Fetched,
    /// Over a WebSocket.
    Socket(Arc<TcpStream>),
    /// Over a WebSocket that takes nothing at the moment.
    Full(Arc<TcpStream>),
    /// Not at all: the other side is gone.
    None,
}

impl Outbox {
    pub(crate) fn new(limit: usize, flusher: Arc<Flusher>) -> Self {
        let queue = Queue {
            frames: VecDeque::new(),
            size: 0,
            sent: 0,
            way: Way::Fetched,
            is_listed: false,
            end: None,
        };
        Self { limit, queue: Mutex::new(queue), changed: Notify::new(), arrived: Notify::new(), flusher }
    }

    /// Sends these together, after all that was sent before. Whoever does not keep up is told so, and gets nothing more.
    pub(crate) fn send(self: &Arc<Self>, frames: &[Frame]) {
        let mut queue = self.queue();
        if queue.end.is_some() {
            return;
        }
        let size: usize = frames.iter().map(Frame::len).sum();
        if queue.size + size > self.limit {
            return self.finish(queue, Reason::TooSlow);
        }
        queue.frames.extend(frames.iter().cloned());
        queue.size += size;
        self.announce(queue);
    }

    /// Sends nothing more but what waits. The first reason counts.
    pub(crate) fn end(self: &Arc<Self>, reason: Reason) {
        let queue = self.queue();
        if queue.end.is_none() {
            self.finish(queue, reason);
        }
    }

    fn finish(self: &Arc<Self>, mut queue: MutexGuard<'_, Queue>, reason: Reason) {
        if !reason.leaves_time() {
            queue.forget_what_has_not_begun();
        }
        match queue.way {
            Way::Socket(_) | Way::Full(_) => queue.push(Frame::close(reason.code(), reason.words())),
            // Whoever ended it reads once more.
            Way::Fetched if reason == Reason::ByClient => queue.push(Frame::text(&["6"])),
            Way::Fetched if reason.leaves_time() => queue.push(Frame::text(&["1"])),
            Way::Fetched | Way::None => {}
        }
        queue.end = Some(reason);
        self.changed.notify_one();
        self.announce(queue);
    }

    /// Why nothing more is sent, if that is so.
    pub(crate) fn ended(&self) -> Option<Reason> {
        self.queue().end
    }

    /// Whether all has been sent that ever will be.
    pub(crate) fn is_over(&self) -> bool {
        let queue = self.queue();
        queue.end.is_some() && (queue.frames.is_empty() || matches!(queue.way, Way::None))
    }

    /// From now on frames leave over a WebSocket.
    pub(crate) fn open(self: &Arc<Self>, stream: Arc<TcpStream>) {
        let mut queue = self.queue();
        queue.way = Way::Socket(stream);
        self.announce(queue);
    }

    /// Takes all that waits, for the body of an HTTP answer; none when nothing waits.
    pub(crate) fn fetch(&self) -> Option<Payload> {
        let mut queue = self.queue();
        if queue.frames.is_empty() {
            return None;
        }
        let mut payload = Payload::default();
        queue.frames.drain(..).for_each(|frame| frame.write_to(&mut payload));
        queue.emptied();
        self.changed.notify_one();
        Some(payload)
    }

    /// Sends as much as the other side takes.
    pub(crate) fn flush(&self) {
        let mut queue = self.queue();
        queue.is_listed = false;
        let (Way::Socket(stream) | Way::Full(stream)) = queue.way.clone() else { return };
        let way = match queue.write(&stream) {
            Ok(()) => Way::Socket(stream),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Way::Full(stream),
            Err(_) => Way::None,
        };
        let is_news = !matches!(way, Way::Socket(_)) || queue.end.is_some();
        queue.way = way;
        drop(queue);
        if is_news {
            self.changed.notify_one();
        }
    }

    /// Whether it waits for the other side to take something.
    pub(crate) fn is_full(&self) -> bool {
        matches!(self.queue().way, Way::Full(_))
    }

    /// Whether the other side has gone away.
    pub(crate) fn is_gone(&self) -> bool {
        matches!(self.queue().way, Way::None)
    }

    /// When something is to be done that the flusher does not do.
    pub(crate) async fn changed(&self) {
        self.changed.notified().await;
    }

    /// When there may be something to fetch.
    pub(crate) async fn arrived(&self) {
        self.arrived.notified().await;
    }

    /// Has all who wait look again.
    pub(crate) fn look_again(&self) {
        self.changed.notify_one();
        self.arrived.notify_one();
    }

    /// Tells whoever sends what has come.
    fn announce(self: &Arc<Self>, mut queue: MutexGuard<'_, Queue>) {
        let is_flushed = matches!(queue.way, Way::Socket(_)) && !queue.frames.is_empty();
        let is_fetched = matches!(queue.way, Way::Fetched);
        let is_listed = queue.is_listed;
        queue.is_listed |= is_flushed;
        drop(queue);
        if is_flushed && !is_listed {
            self.flusher.list(Arc::clone(self));
        } else if is_fetched {
            self.arrived.notify_one();
        }
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Queue {
    fn push(&mut self, frame: Frame) {
        self.size += frame.len();
        self.frames.push_back(frame);
    }

    /// A frame that was begun has to be ended.
    fn forget_what_has_not_begun(&mut self) {
        self.frames.truncate(usize::from(self.sent > 0));
        self.size = self.frames.iter().map(Frame::len).sum();
    }

    fn write(&mut self, stream: &TcpStream) -> io::Result<()> {
        while !self.frames.is_empty() {
            let sent = self.write_some(stream)?;
            self.take(sent);
        }
        self.emptied();
        Ok(())
    }

    fn write_some(&self, stream: &TcpStream) -> io::Result<usize> {
        let mut slices = [IoSlice::new(&[]); AT_ONCE];
        let mut count = 0;
        for (slice, frame) in slices.iter_mut().zip(&self.frames) {
            let from = if count == 0 { self.sent } else { 0 };
            *slice = IoSlice::new(&frame.wire()[from..]);
            count += 1;
        }
        match &slices[..count] {
            [only] => stream.try_write(only),
            many => stream.try_write_vectored(many),
        }
    }

    /// So many bytes have been sent.
    fn take(&mut self, bytes: usize) {
        self.sent += bytes;
        while let Some(first) = self.frames.front().filter(|first| first.len() <= self.sent) {
            self.sent -= first.len();
            self.size -= first.len();
            self.frames.pop_front();
        }
    }

    fn emptied(&mut self) {
        self.size = 0;
        if self.frames.capacity() > KEPT {
            self.frames = VecDeque::new();
        }
    }
}

impl Reason {
    /// Whether the client is there, and gets what was sent before.
    fn leaves_time(self) -> bool {
        matches!(
            self,
            Self::ByServer
                | Self::Refused
                | Self::Limit
                | Self::Stopping
                | Self::Expired
                | Self::SessionOver
                | Self::Gap
        )
    }

    /// Whether what the client said before it knew is still heard: it did nothing wrong, and does not say it again.
    pub(super) fn is_heard_out(self) -> bool {
        matches!(self, Self::Stopping | Self::Gap)
    }

    /// How it is said with the last frame (RFC 6455, 7.4.1).
    fn code(self) -> CloseCode {
        match self {
            Self::TooSlow | Self::Stopping | Self::Gap => CloseCode::Again,
            Self::TooLarge => CloseCode::Size,
            Self::Malformed => CloseCode::Protocol,
            Self::Refused | Self::Limit | Self::Expired | Self::SessionOver => CloseCode::Policy,
            Self::ByClient | Self::ByServer | Self::Lost | Self::PingTimeout => CloseCode::Normal,
        }
    }
}
