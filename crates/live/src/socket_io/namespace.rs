//! What an application does with those who come to it.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use tokio::time::Instant;

use super::assembly;
use super::emit::Emit;
use super::socket::Socket;
use crate::engine_io::{Link, Reason};

/// All namespaces there are, by their names, which begin with a slash.
pub(crate) type Namespaces = HashMap<Arc<str>, Arc<dyn Namespace>>;

/// One place to come to.
#[async_trait]
pub trait Namespace: Send + Sync + 'static {
    /// Whether somebody may come in, and who hears what they say.
    ///
    /// # Errors
    /// Why not.
    async fn connect(&self, connecting: Connecting<'_>) -> Result<Box<dyn EventHandler>, Refusal>;
}

/// Hears one socket. What it says is heard in order: the next thing when this is done with the one before.
#[async_trait]
pub trait EventHandler: Send {
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
#[derive(Debug)]
pub struct Connecting<'a> {
    /// What they will be known by.
    pub socket: &'a Arc<Socket>,
    /// What they said, a JSON object.
    auth: Option<&'a RawValue>,
}

impl<'a> Connecting<'a> {
    pub(super) fn new(socket: &'a Arc<Socket>, auth: Option<&'a RawValue>) -> Self {
        Self { socket, auth }
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
