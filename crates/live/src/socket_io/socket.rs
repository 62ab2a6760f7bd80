//! A client in a namespace.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::oneshot;

use super::emit::{Emit, prefix};
use crate::engine_io::{Frame, Link, Reason};

/// How many answers of a client are waited for at a time.
const MOST_QUESTIONS: usize = 100;

/// One client in one namespace.
#[derive(Debug)]
pub struct Socket {
    id: Arc<str>,
    namespace: Arc<str>,
    link: Arc<Link>,
    has_left: AtomicBool,
    questions: Mutex<Questions>,
}

#[derive(Debug, Default)]
struct Questions {
    last: u64,
    waiting: HashMap<u64, oneshot::Sender<Answer>>,
}

/// What a client answered: its arguments as JSON, and its attachments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// A JSON array.
    pub arguments: String,
    /// Where the arguments have a place for them.
    pub attachments: Vec<Bytes>,
}

/// A question that has no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoAnswer {
    /// None came in time.
    #[error("the client did not answer in time")]
    Late,
    /// The client has gone.
    #[error("the client has gone")]
    Gone,
    /// It has not answered many others.
    #[error("the client owes {MOST_QUESTIONS} answers already")]
    TooMany,
}

impl Socket {
    pub(super) fn new(id: Arc<str>, namespace: Arc<str>, link: Arc<Link>) -> Self {
        Self { id, namespace, link, has_left: AtomicBool::new(false), questions: Mutex::default() }
    }

    /// The id that the client knows, too. It is no secret.
    pub fn id(&self) -> &Arc<str> {
        &self.id
    }

    /// Sends an event, after all that was sent before.
    pub fn emit(&self, emit: &Emit) {
        self.send(&self.frames(emit));
    }

    /// Sends an event and waits for the answer.
    ///
    /// # Errors
    /// When there is none.
    pub async fn ask(&self, emit: &Emit, patience: Duration) -> Result<Answer, NoAnswer> {
        let (id, answer) = self.question()?;
        self.send(&emit.event_frames(&self.namespace, Some(id)));
        let answer = tokio::time::timeout(patience, answer).await;
        self.questions().waiting.remove(&id);
        answer.map_err(|_| NoAnswer::Late)?.map_err(|_| NoAnswer::Gone)
    }

    /// Has the client leave the namespace. It does not come back by itself.
    pub fn disconnect(&self) {
        if !self.leave() {
            self.link.send(&[Frame::text(&["41", &prefix(&self.namespace)])]);
        }
    }

    /// Ends the client's session, in all namespaces. It may come back by itself.
    pub fn close(&self, reason: Reason) {
        self.link.end(reason);
    }

    pub(super) fn namespace(&self) -> &str {
        &self.namespace
    }

    /// Whether it has left, or was sent away.
    pub fn has_left(&self) -> bool {
        self.has_left.load(Ordering::Acquire)
    }

    /// Nothing is sent any more. Whether that was so before.
    pub(super) fn leave(&self) -> bool {
        let had_left = self.has_left.swap(true, Ordering::AcqRel);
        self.questions().waiting.clear();
        had_left
    }

    /// An event for all who are in the same namespace, encoded once.
    pub(crate) fn frames(&self, emit: &Emit) -> Vec<Frame> {
        emit.event_frames(&self.namespace, None)
    }

    /// Sends frames that were encoded for all who get them.
    pub(crate) fn send(&self, frames: &[Frame]) {
        if !self.has_left() {
            self.link.send(frames);
        }
    }

    pub(super) fn answered(&self, id: u64, answer: Answer) {
        // Whoever asked may have gone.
        let _ = self.questions().waiting.remove(&id).map(|waiting| waiting.send(answer));
    }

    fn question(&self) -> Result<(u64, oneshot::Receiver<Answer>), NoAnswer> {
        let (sender, answer) = oneshot::channel();
        let mut questions = self.questions();
        if self.has_left() {
            return Err(NoAnswer::Gone);
        }
        if questions.waiting.len() >= MOST_QUESTIONS {
            return Err(NoAnswer::TooMany);
        }
        questions.last += 1;
        let id = questions.last;
        questions.waiting.insert(id, sender);
        Ok((id, answer))
    }

    fn questions(&self) -> MutexGuard<'_, Questions> {
        self.questions.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
