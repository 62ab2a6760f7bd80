//! Engine.IO 4: a session between a client and this node, over HTTP requests or a WebSocket, whatever goes through it.
//!
//! A request comes to [`Engine::answer`]. A session has one task ([`session`]), which keeps its time and reads its
//! WebSocket; requests of a session that polls are answered in [`polling`]. What is sent waits in an [`outbox`]. What is
//! said is the business of a [`Handler`].

mod flusher;
mod frame;
mod heartbeat;
mod link;
mod outbox;
mod packet;
mod polling;
mod query;
mod reader;
mod session;
mod websocket;

use std::collections::HashMap;
use std::num::NonZero;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::extract::Request;
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use foundation::{Ambient, Code, Problem};
use http::Method;
use http::request::Parts;
use serde_json::json;
use tokio_util::task::TaskTracker;

use flusher::Flusher;
pub(crate) use frame::Frame;
pub(crate) use link::Link;
use query::{Query, Transport};
use session::Session;

/// Accepts sessions.
pub(crate) trait Accept: Send + Sync + 'static {
    /// What speaks in a session.
    type Handler: Handler;

    /// Whether a request may be answered at all, of whichever session.
    ///
    /// # Errors
    /// What its sender is told.
    fn check(&self, head: &Parts) -> Result<(), Problem>;

    /// Whether a session may begin.
    ///
    /// # Errors
    /// What the client is told.
    fn accept(
        &self,
        head: &Parts,
        link: &Arc<Link>,
    ) -> impl Future<Output = Result<Self::Handler, Problem>> + Send;
}

/// Speaks with one client.
pub(crate) trait Handler: Send + 'static {
    /// The client said this. The next thing is heard when this is done.
    ///
    /// # Errors
    /// Why the session is to end.
    fn receive(&mut self, message: Message<'_>) -> impl Future<Output = Result<(), Reason>> + Send;

    /// It is the time that was given to [`Link::wake_at`].
    ///
    /// # Errors
    /// Why the session is to end.
    fn woken(&mut self) -> impl Future<Output = Result<(), Reason>> + Send;

    /// The session has ended.
    fn ended(&mut self, reason: Reason) -> impl Future<Output = ()> + Send;
}

/// What a client says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Message<'a> {
    Text(&'a str),
    Binary(Bytes),
}

/// Why a session ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reason {
    /// The client said so.
    ByClient,
    /// Its connection broke.
    Lost,
    /// It did not answer in time whether it is there.
    PingTimeout,
    /// More waits for it than is allowed.
    TooSlow,
    /// What it sent is not what the protocol has.
    Malformed,
    /// What it sent was larger than is allowed.
    TooLarge,
    /// It is not let in.
    Refused,
    /// It did something more often than is allowed.
    Limit,
    /// The application said so.
    ByServer,
    /// This node stops.
    Stopping,
    /// Its token expired.
    Expired,
    /// The user's session was ended.
    SessionOver,
    /// Messages of another node were lost, which it was to be given.
    Gap,
}

impl Reason {
    /// Every reason there is, in order.
    pub const ALL: &[Self] = &[
        Self::ByClient,
        Self::Lost,
        Self::PingTimeout,
        Self::TooSlow,
        Self::Malformed,
        Self::TooLarge,
        Self::Refused,
        Self::Limit,
        Self::ByServer,
        Self::Stopping,
        Self::Expired,
        Self::SessionOver,
        Self::Gap,
    ];

    /// Whether somebody whose session ended so may come back, and get what they missed.
    pub(crate) const fn may_come_back(self) -> bool {
        matches!(self, Self::Lost | Self::PingTimeout | Self::TooSlow | Self::Stopping | Self::Expired)
    }

    /// Its name, in figures.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ByClient => "by_client",
            Self::Lost => "lost",
            Self::PingTimeout => "ping_timeout",
            Self::TooSlow => "too_slow",
            Self::Malformed => "malformed",
            Self::TooLarge => "too_large",
            Self::Refused => "refused",
            Self::Limit => "limit",
            Self::ByServer => "by_server",
            Self::Stopping => "stopping",
            Self::Expired => "expired",
            Self::SessionOver => "session_over",
            Self::Gap => "gap",
        }
    }

    /// What the client is told.
    fn words(self) -> &'static str {
        match self {
            Self::ByClient | Self::Lost => "",
            Self::PingTimeout => "no answer to a ping came in time",
            Self::TooSlow => "more waits for you than may wait: connect again, and go on from there",
            Self::Malformed => "what was sent is not what the protocol has",
            Self::TooLarge => "a message was larger than is allowed",
            Self::Refused => "not admitted",
            Self::Limit => "too many messages",
            Self::ByServer => "ended by the server",
            Self::Stopping => "the server stops: connect again",
            Self::Expired => "the token has expired: connect again with a new one",
            Self::SessionOver => "the session is over: sign in again",
            Self::Gap => "messages were lost: connect again",
        }
    }
}

/// What clients are told, and how much they may do.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    /// How long after an answer the client is asked again whether it is there.
    pub(crate) ping_interval: Duration,
    /// How long it may take to answer.
    pub(crate) ping_timeout: Duration,
    /// The largest message, in bytes, and the largest body of a request.
    pub(crate) max_payload: usize,
    /// How many bytes may wait for a client.
    pub(crate) max_queue: usize,
    /// How long a client may take to change to a WebSocket.
    pub(crate) upgrade_timeout: Duration,
}

/// All sessions of this node. Cheap to clone.
pub(crate) struct Engine<A: Accept>(Arc<Inner<A>>);

struct Inner<A: Accept> {
    accept: A,
    settings: Settings,
    ambient: Ambient,
    sessions: Mutex<Sessions<A::Handler>>,
    flushers: Vec<Arc<Flusher>>,
    next_flusher: AtomicUsize,
    tasks: TaskTracker,
    /// Whether no new session may begin.
    is_closed: AtomicBool,
}

/// By their ids.
type Sessions<H> = HashMap<Arc<str>, Arc<Session<H>>>;

impl<A: Accept> Clone for Engine<A> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<A: Accept> Engine<A> {
    /// Has to be called in a runtime, whose tasks it starts. They end with the runtime.
    pub(crate) fn start(accept: A, settings: Settings, ambient: Ambient) -> Self {
        let count = std::thread::available_parallelism().map_or(1, NonZero::get);
        let flushers: Vec<Arc<Flusher>> = (0..count).map(|_| Arc::default()).collect();
        for flusher in flushers.clone() {
            tokio::spawn(async move { flusher.run().await });
        }
        let next_flusher = AtomicUsize::new(0);
        let (sessions, tasks, is_closed) = (Mutex::default(), TaskTracker::new(), AtomicBool::new(false));
        Self(Arc::new(Inner {
            accept,
            settings,
            ambient,
            sessions,
            flushers,
            next_flusher,
            tasks,
            is_closed,
        }))
    }

    /// Answers a request, of whatever method.
    pub(crate) async fn answer(self, request: Request) -> Response {
        self.try_to_answer(request).await.unwrap_or_else(Problem::into_response)
    }

    async fn try_to_answer(self, request: Request) -> Result<Response, Problem> {
        let (mut head, body) = request.into_parts();
        self.0.accept.check(&head)?;
        let query = Query::parse(head.uri.query().unwrap_or_default())?;
        let session = query.sid.as_deref().map(|id| self.find(id)).transpose()?;
        match (query.transport, session, head.method.clone()) {
            (Transport::Polling, None, Method::GET) => {
                let (session, upgraded) = self.begin(&head, Transport::Polling).await?;
                self.attend(&session, session::polls(Arc::clone(&session), upgraded));
                polling::fetch(&session).await
            }
            (Transport::Polling, Some(session), Method::GET) => polling::fetch(&session).await,
            (Transport::Polling, Some(session), Method::POST) => {
                polling::send(session, body, self.0.settings.max_payload).await
            }
            (Transport::WebSocket, None, Method::GET) => {
                let (opening, answer) = websocket::open(&mut head)?;
                let (session, _) = self.begin(&head, Transport::WebSocket).await?;
                let largest = self.0.settings.max_payload;
                self.attend(&session, session::opens(Arc::clone(&session), opening, largest));
                Ok(answer)
            }
            (Transport::WebSocket, Some(session), Method::GET) => {
                let (opening, answer) = websocket::open(&mut head)?;
                let probe = session.probe();
                let Settings { max_payload, upgrade_timeout, .. } = self.0.settings;
                let trying = async move {
                    let Some(mut socket) = opening.complete(max_payload).await else { return };
                    match probe {
                        Some(probe) => probe.run(socket).await,
                        None => socket.refuse("a session has one WebSocket").await,
                    }
                };
                self.0.tasks.spawn(tokio::time::timeout(upgrade_timeout, trying));
                Ok(answer)
            }
            _ => Err(query::malformed(
                "A session begins with GET; then it is GET for reading and POST for writing.",
            )),
        }
    }

    /// A session that may begin.
    async fn begin(
        &self,
        head: &Parts,
        transport: Transport,
    ) -> Result<(Arc<Session<A::Handler>>, session::Upgraded), Problem> {
        let Inner { accept, settings, ambient, flushers, next_flusher, is_closed, .. } = &*self.0;
        if is_closed.load(Ordering::Acquire) {
            return Err(Problem::new(Code::Busy, "This server stops. Please connect again."));
        }
        let id: Arc<str> = URL_SAFE_NO_PAD.encode(ambient.random::<16>()).into();
        let flusher = &flushers[next_flusher.fetch_add(1, Ordering::Relaxed) % flushers.len()];
        let link = Arc::new(Link::new(id, settings.max_queue, Arc::clone(flusher)));
        let handler = accept.accept(head, &link).await?;
        let is_polling = transport == Transport::Polling;
        let open = json!({
            "sid": &**link.id(),
            "upgrades": if is_polling { &["websocket"][..] } else { &[] },
            "pingInterval": millis(settings.ping_interval),
            "pingTimeout": millis(settings.ping_timeout),
            "maxPayload": settings.max_payload,
        });
        link.send(&[Frame::text(&["0", &open.to_string()])]);
        let (session, upgraded) = Session::new(link, handler, settings, is_polling);
        Ok((Arc::new(session), upgraded))
    }

    /// Has a session's task run until its end, and forgets the session then.
    fn attend(&self, session: &Arc<Session<A::Handler>>, task: impl Future<Output = ()> + Send + 'static) {
        let id = session.link().id().clone();
        self.sessions().insert(Arc::clone(&id), Arc::clone(session));
        let engine = self.clone();
        self.0.tasks.spawn(async move {
            task.await;
            engine.sessions().remove(&id);
        });
    }

    /// How many sessions there are.
    pub(crate) fn count(&self) -> usize {
        self.sessions().len()
    }

    /// Ends all sessions, spread over a time, and lets no new one begin. Waits until they have ended.
    pub(crate) async fn drain(&self, period: Duration) {
        self.0.is_closed.store(true, Ordering::Release);
        let sessions: Vec<_> = self.sessions().values().cloned().collect();
        let pause = period / u32::try_from(sessions.len()).unwrap_or(u32::MAX).max(1);
        for session in sessions {
            session.link().end(Reason::Stopping);
            tokio::time::sleep(pause).await;
        }
        self.0.tasks.close();
        self.0.tasks.wait().await;
    }

    fn find(&self, id: &str) -> Result<Arc<Session<A::Handler>>, Problem> {
        self.sessions().get(id).cloned().ok_or_else(polling::over)
    }

    fn sessions(&self) -> MutexGuard<'_, Sessions<A::Handler>> {
        self.0.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests;
