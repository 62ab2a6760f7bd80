//! A session: its task, and who may read and write for it at the moment.

use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use foundation::Problem;
use tokio::sync::oneshot;
use tokio::time::{Instant, Sleep, sleep_until, timeout};

use super::heartbeat::{Beat, Heartbeat};
use super::link::Link;
use super::packet::Packet;
use super::websocket::{Opening, Socket};
use super::{Frame, Handler, Message, Reason, Settings, polling, websocket};

/// How long the last words of a session may take.
pub(super) const LAST_WORDS: Duration = Duration::from_secs(5);

/// One session of one client.
#[derive(Debug)]
pub(crate) struct Session<H> {
    link: Arc<Link>,
    handler: tokio::sync::Mutex<H>,
    heartbeat: Mutex<Heartbeat>,
    turns: Mutex<Turns>,
}

/// Brings the WebSocket that a session changes to.
pub(super) type Upgraded = oneshot::Receiver<Socket>;

/// Who is at it.
#[derive(Debug)]
struct Turns {
    stage: Stage,
    is_fetched: bool,
    is_written: bool,
}

/// How far the session has come on its way to a WebSocket.
#[derive(Debug)]
enum Stage {
    Polling(oneshot::Sender<Socket>),
    /// A WebSocket is being tried.
    Probing,
    WebSocket,
}

impl<H: Handler> Session<H> {
    pub(super) fn new(
        link: Arc<Link>,
        handler: H,
        settings: &Settings,
        is_polling: bool,
    ) -> (Self, Upgraded) {
        let (sender, upgraded) = oneshot::channel();
        let stage = if is_polling { Stage::Polling(sender) } else { Stage::WebSocket };
        let heartbeat = Heartbeat::new(settings.ping_interval, settings.ping_timeout, Instant::now());
        let session = Self {
            link,
            handler: tokio::sync::Mutex::new(handler),
            heartbeat: Mutex::new(heartbeat),
            turns: Mutex::new(Turns { stage, is_fetched: false, is_written: false }),
        };
        (session, upgraded)
    }

    pub(super) fn link(&self) -> &Arc<Link> {
        &self.link
    }

    /// Does what a packet says.
    pub(super) async fn take(&self, packet: Packet<'_>) -> Result<(), Reason> {
        let message = match packet {
            Packet::Pong => {
                self.heartbeat().answered(Instant::now());
                self.link.outbox().look_again();
                return Ok(());
            }
            Packet::Text(text) => Message::Text(text),
            Packet::Binary(data) => Message::Binary(data),
            Packet::Close => return Err(Reason::ByClient),
            Packet::Ping(_) | Packet::Upgrade => return Err(Reason::Malformed),
        };
        self.handler.lock().await.receive(message).await
    }

    /// When there is something to do, unless something comes first.
    pub(super) fn due(&self) -> Instant {
        let due = self.heartbeat().due();
        self.link.alarm().map_or(due, |alarm| alarm.min(due))
    }

    /// Does what is due.
    pub(super) async fn rings(&self) -> Result<(), Reason> {
        let now = Instant::now();
        let beat = self.heartbeat().look(now);
        match beat {
            Beat::Nothing => {}
            Beat::Ping => self.link.send(&[Frame::text(&["2"])]),
            Beat::Missing => return Err(Reason::PingTimeout),
        }
        if self.link.rings(now) { self.handler.lock().await.woken().await } else { Ok(()) }
    }

    pub(super) async fn ended(&self, reason: Reason) {
        self.handler.lock().await.ended(reason).await;
    }

    fn heartbeat(&self) -> MutexGuard<'_, Heartbeat> {
        self.heartbeat.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn turns(&self) -> MutexGuard<'_, Turns> {
        self.turns.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Keeps the time of a session until something is due.
pub(super) fn bell<H: Handler>(session: &Session<H>) -> Sleep {
    sleep_until(session.due())
}

/// A timer is set again when it has rung, or for an earlier time: one that rings too early costs less than one that is set
/// with every packet.
pub(super) fn set<H: Handler>(mut bell: std::pin::Pin<&mut Sleep>, session: &Session<H>) {
    let due = session.due();
    if bell.is_elapsed() || due < bell.deadline() {
        bell.as_mut().reset(due);
    }
}

/// The task of a session that begins with polling.
pub(super) async fn polls<H: Handler>(session: Arc<Session<H>>, mut upgraded: Upgraded) {
    let outbox = session.link.outbox();
    let mut bell = pin!(bell(&session));
    let reason = loop {
        let is_fine = tokio::select! {
            Ok(socket) = &mut upgraded => return websocket::converse(&session, socket).await,
            () = outbox.changed() => Ok(()),
            () = bell.as_mut() => session.rings().await,
        };
        if let Some(reason) = outbox.ended().or(is_fine.err()) {
            break reason;
        }
        set(bell.as_mut(), &session);
    };
    outbox.end(reason);
    let reason = outbox.ended().unwrap_or(reason);
    let all_fetched = async {
        while !outbox.is_over() {
            outbox.changed().await;
        }
    };
    let last_words = timeout(LAST_WORDS, all_fetched);
    if reason.is_heard_out() {
        let _ = last_words.await;
        session.ended(reason).await;
    } else {
        session.ended(reason).await;
        let _ = last_words.await;
    }
}

/// The task of a session that begins with a WebSocket.
pub(super) async fn opens<H: Handler>(session: Arc<Session<H>>, opening: Opening, largest: usize) {
    match timeout(LAST_WORDS, opening.complete(largest)).await {
        Ok(Some(socket)) => websocket::converse(&session, socket).await,
        _ => session.ended(Reason::Lost).await,
    }
}

impl<H: Handler> Session<H> {
    /// Has somebody be the only one who fetches.
    pub(super) fn turn_to_fetch(self: &Arc<Self>) -> Result<Turn<H>, Problem> {
        self.turn(|turns| &mut turns.is_fetched)
    }

    /// Has somebody be the only one who writes.
    pub(super) fn turn_to_write(self: &Arc<Self>) -> Result<Turn<H>, Problem> {
        self.turn(|turns| &mut turns.is_written)
    }

    /// Two who read or write at a time would have things out of order: that ends the session.
    fn turn(self: &Arc<Self>, flag: fn(&mut Turns) -> &mut bool) -> Result<Turn<H>, Problem> {
        if self.link.outbox().is_over() {
            return Err(polling::over());
        }
        let mut turns = self.turns();
        if matches!(turns.stage, Stage::WebSocket) {
            return Err(super::query::malformed("This session goes over a WebSocket now."));
        }
        if std::mem::replace(flag(&mut turns), true) {
            drop(turns);
            self.link.end(Reason::Malformed);
            return Err(super::query::malformed(
                "A session has one request for reading at a time, and one for writing.",
            ));
        }
        drop(turns);
        Ok(Turn { session: Arc::clone(self), flag, is_done: false })
    }

    pub(super) fn is_polling(&self) -> bool {
        matches!(self.turns().stage, Stage::Polling(_))
    }

    #[cfg(test)]
    pub(super) fn is_fetched(&self) -> bool {
        self.turns().is_fetched
    }

    /// Tries a WebSocket; none if there is one already.
    pub(super) fn probe(self: &Arc<Self>) -> Option<Probe<H>> {
        let mut turns = self.turns();
        match std::mem::replace(&mut turns.stage, Stage::Probing) {
            Stage::Polling(sender) => Some(Probe { session: Arc::clone(self), sender: Some(sender) }),
            other => {
                turns.stage = other;
                None
            }
        }
    }
}

/// Somebody's turn. Whoever goes away in the middle of it ends the session.
pub(super) struct Turn<H: Handler> {
    session: Arc<Session<H>>,
    flag: fn(&mut Turns) -> &mut bool,
    is_done: bool,
}

impl<H: Handler> Turn<H> {
    pub(super) fn complete(mut self) {
        self.is_done = true;
    }
}

impl<H: Handler> Drop for Turn<H> {
    fn drop(&mut self) {
        *(self.flag)(&mut self.session.turns()) = false;
        if !self.is_done {
            self.session.link.end(Reason::Lost);
        }
    }
}

/// A WebSocket is being tried. If nothing comes of it, the session goes on as it was.
pub(super) struct Probe<H: Handler> {
    session: Arc<Session<H>>,
    sender: Option<oneshot::Sender<Socket>>,
}

impl<H: Handler> Probe<H> {
    pub(super) async fn run(mut self, mut socket: Socket) {
        if socket.expect("2probe").await.is_none() || socket.say(&Frame::text(&["3probe"])).await.is_none() {
            return;
        }
        // Whoever fetches gives up the place.
        self.session.link.outbox().look_again();
        if socket.expect("5").await.is_none() {
            return;
        }
        if let Some(sender) = self.sender.take() {
            self.session.turns().stage = Stage::WebSocket;
            let _ = sender.send(socket);
        }
    }
}

impl<H: Handler> Drop for Probe<H> {
    fn drop(&mut self) {
        if let Some(sender) = self.sender.take() {
            self.session.turns().stage = Stage::Polling(sender);
        }
    }
}
