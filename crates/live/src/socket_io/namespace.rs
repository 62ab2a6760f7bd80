//! What an application does with those who come to it.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use foundation::{Ambient, SecretString};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use serde_json::value::RawValue;
use tokio::time::Instant;

use super::assembly;
use super::emit::{Emit, prefix};
use super::socket::Socket;
use crate::engine_io::{Frame, Link, Reason};

/// All namespaces there are, by their names, which begin with a slash.
pub(crate) type Namespaces = HashMap<Arc<str>, Arc<dyn Namespace>>;

/// One place to come to.
#[async_trait]
pub trait Namespace: Send + Sync + 'static {
    /// Whether somebody may come in: the socket they are known by, and who hears what they say.
    ///
    /// # Errors
    /// Why not.
    async fn connect(
        &self,
        connecting: Connecting<'_>,
    ) -> Result<(Arc<Socket>, Box<dyn EventHandler>), Refusal>;
}

/// Hears one socket. What it says is heard in order: the next thing when this is done with the one before.
#[async_trait]
pub trait EventHandler: Send {
    /// Tells the client that it is in. Nothing may be sent before.
    fn welcome(&mut self, welcome: Welcome<'_>) {
        welcome.send(None);
    }

    /// The client knows that it is in.
    async fn connected(&mut self) {}

    /// The client said something.
    async fn event(&mut self, event: Event<'_>);

    /// When [`EventHandler::woken`] is to be called. It is looked at after each call.
    fn wakes_at(&self) -> Option<Instant> {
        None
    }

    /// It is that time.
    async fn woken(&mut self) {}

    /// The socket has left, or its session ended for this reason. Called once, as the last.
    async fn ended(&mut self, reason: Reason);
}

/// Somebody who wants to come in.
pub struct Connecting<'a> {
    pub(super) link: &'a Arc<Link>,
    pub(super) name: &'a Arc<str>,
    pub(super) ambient: &'a Ambient,
    /// What they said, a JSON object.
    pub(super) auth: Option<&'a RawValue>,
    pub(super) token: Option<&'a SecretString>,
}

impl<'a> Connecting<'a> {
    /// A socket with a new id.
    pub fn socket(&self) -> Arc<Socket> {
        self.socket_again(URL_SAFE_NO_PAD.encode(self.ambient.random::<15>()).into())
    }

    /// A socket with the id that the client had before.
    pub(crate) fn socket_again(&self, id: Arc<str>) -> Arc<Socket> {
        Arc::new(Socket::new(id, Arc::clone(self.name), Arc::clone(self.link)))
    }

    /// What the request that began the session brought: the token of its header, or of its cookie. The client's own word in
    /// [`Connecting::auth`] comes before it.
    pub fn token(&self) -> Option<&'a SecretString> {
        self.token
    }

    /// What they said: a JSON object, empty if they said nothing.
    pub fn auth(&self) -> &'a RawValue {
        self.auth.unwrap_or_else(|| serde_json::from_str("{}").expect("an object"))
    }

    /// One member of what they said.
    pub fn member<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        let members: HashMap<Cow<'_, str>, &RawValue> = serde_json::from_str(self.auth().get()).ok()?;
        serde_json::from_str(members.get(name)?.get()).ok()
    }
}

/// A client that is in and does not know it yet.
pub struct Welcome<'a>(pub(super) &'a Arc<Socket>);

impl Welcome<'_> {
    /// Tells it. With a private id it comes back after a break, and asks for what it missed.
    pub fn send(self, private_id: Option<&str>) {
        let socket = self.0;
        let mut welcome = json!({ "sid": socket.id() });
        if let Some(id) = private_id {
            welcome["pid"] = json!(id);
        }
        socket.send(&[Frame::text(&["40", &prefix(socket.namespace()), &welcome.to_string()])]);
    }
}

/// Why somebody may not come in, as they are told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Words for a person.
    pub message: Cow<'static, str>,
    /// A stable name of the reason, if there is one.
    pub code: Option<&'static str>,
}

impl Refusal {
    /// In these words.
    pub fn new(message: impl Into<Cow<'static, str>>) -> Self {
        Self { message: message.into(), code: None }
    }

    /// With a name that programs understand.
    pub fn with_code(self, code: &'static str) -> Self {
        Self { code: Some(code), ..self }
    }
}

/// What a client said.
#[derive(Debug)]
pub struct Event<'a> {
    pub(super) name: String,
    pub(super) arguments: Vec<&'a RawValue>,
    pub(super) attachments: Vec<Bytes>,
    pub(super) answer: Option<Reply<'a>>,
}

/// The way to answer.
#[derive(Debug)]
pub(super) struct Reply<'a> {
    pub(super) link: &'a Arc<Link>,
    pub(super) namespace: &'a str,
    pub(super) id: u64,
}

impl<'a> Event<'a> {
    /// What happened.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// One of the arguments, if it has this type.
    pub fn argument<T: Deserialize<'a>>(&self, index: usize) -> Option<T> {
        serde_json::from_str(self.arguments.get(index)?.get()).ok()
    }

    /// One of the arguments, as it was sent.
    pub fn raw(&self, index: usize) -> Option<&'a RawValue> {
        self.arguments.get(index).copied()
    }

    /// One of the arguments, if it is binary data.
    pub fn bytes(&self, index: usize) -> Option<&Bytes> {
        self.attachments.get(assembly::attachment(self.arguments.get(index)?)?)
    }

    /// How many arguments there are.
    pub fn len(&self) -> usize {
        self.arguments.len()
    }

    /// Whether there is no argument.
    pub fn is_empty(&self) -> bool {
        self.arguments.is_empty()
    }

    /// The arguments, passed on as they came, under another name.
    pub fn pass_on(&self, name: &str) -> Emit {
        Emit::event(name).passed_on(&self.arguments, &self.attachments)
    }

    /// The arguments, given back as an answer.
    pub fn give_back(&self) -> Emit {
        Emit::answer().passed_on(&self.arguments, &self.attachments)
    }

    /// Whether the client wants an answer.
    pub fn wants_answer(&self) -> bool {
        self.answer.is_some()
    }

    /// Answers, if the client wants it. It is answered once.
    pub fn answer(&mut self, emit: &Emit) {
        if let Some(Reply { link, namespace, id }) = self.answer.take() {
            link.send(&emit.answer_frames(namespace, id));
        }
    }
}
