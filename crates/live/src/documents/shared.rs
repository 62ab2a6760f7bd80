//! All documents that are open at this node.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use foundation::Uuid;
use tokio::time::Instant;

use super::DocumentConfig;
use super::document::{Document, Refused};
use super::log::{DocumentLog, NotKept, Stored};
use crate::admission::RoomName;

/// How long a document that nobody uses is kept in memory.
const IDLE: Duration = Duration::from_mins(5);
/// For how long somebody may not change documents whose change would have broken one: each costs memory that is not given
/// back.
const BANNED: Duration = Duration::from_mins(10);
/// After how many changes a snapshot is made.
const COMPACTED_AFTER: i64 = 500;

/// Documents of this node. They are kept elsewhere, for all nodes.
pub(crate) struct Documents {
    log: Arc<dyn DocumentLog>,
    rules: DocumentConfig,
    open: Mutex<HashMap<RoomName, Arc<Shared>>>,
    banned: Mutex<HashMap<Uuid, Instant>>,
}

/// One document.
struct Shared {
    room: RoomName,
    state: tokio::sync::Mutex<State>,
    is_compacted: AtomicBool,
    used_at: Mutex<Instant>,
}

/// As far as it is known here.
#[derive(Default)]
struct State {
    /// None until it is loaded, and after something went wrong.
    document: Option<Document>,
    /// The number of the last change in it.
    number: i64,
}

/// What somebody is given who opens a document.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Opened {
    /// What they lack.
    pub(crate) update: Bytes,
    /// How much there is.
    pub(crate) state_vector: Bytes,
}

/// Why something cannot be done with a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NoDocument {
    /// The change, or what was asked, is refused.
    Refused(Refused),
    /// Whoever sent it may not change documents for a while.
    Banned,
    /// It cannot be read or written at the moment.
    Unavailable,
    /// What is kept of it cannot be read.
    Broken,
}

impl Documents {
    pub(crate) fn new(log: Arc<dyn DocumentLog>, rules: DocumentConfig) -> Self {
        Self { log, rules, open: Mutex::default(), banned: Mutex::default() }
    }

    /// What somebody lacks who has seen so much. What was kept by other nodes meanwhile is read first.
    pub(crate) async fn open(&self, room: &RoomName, state_vector: Bytes) -> Result<Opened, NoDocument> {
        let shared = self.shared(room);
        let mut state = shared.state.lock().await;
        self.catch_up(room, &mut state).await?;
        on_thread(&mut state, move |document| {
            let update = document.difference(&state_vector)?;
            Ok(Opened { update: update.into(), state_vector: document.state_vector().into() })
        })
        .await
    }

    /// Takes somebody's change, and keeps it.
    pub(crate) async fn update(&self, room: &RoomName, user: Uuid, update: Bytes) -> Result<(), NoDocument> {
        if self.banned().get(&user).is_some_and(|until| *until > Instant::now()) {
            return Err(NoDocument::Banned);
        }
        let shared = self.shared(room);
        let mut state = shared.state.lock().await;
        let done = self.admit(room, &mut state, &update).await;
        if done == Err(NoDocument::Refused(Refused::Harmful)) {
            tracing::warn!(%user, "somebody sent a change that would have broken a document");
            self.banned().insert(user, Instant::now() + BANNED);
        }
        done?;
        let Ok(number) = self.log.append(room, user, &update).await else {
            // It is in the document already, and nowhere else.
            *state = State::default();
            return Err(NoDocument::Unavailable);
        };
        // Changes of others in between are read when they are needed.
        state.number += i64::from(number == state.number + 1);
        drop(state);
        if number % COMPACTED_AFTER == 0 {
            self.compact(shared);
        }
        Ok(())
    }

    /// A change may build on what another node has kept and this one has not read.
    async fn admit(&self, room: &RoomName, state: &mut State, update: &Bytes) -> Result<(), NoDocument> {
        if state.document.is_none() {
            self.catch_up(room, state).await?;
        }
        let again = update.clone();
        let update = update.clone();
        match on_thread(state, move |document| document.admit(&update)).await {
            Err(NoDocument::Refused(Refused::Incomplete)) => {
                self.catch_up(room, state).await?;
                on_thread(state, move |document| document.admit(&again)).await
            }
            done => done,
        }
    }

    async fn catch_up(&self, room: &RoomName, state: &mut State) -> Result<(), NoDocument> {
        if state.document.is_none() {
            *state = State { document: Some(Document::new(self.rules.clone())), number: 0 };
        }
        let stored = self.log.load(room, state.number).await.map_err(|NotKept| NoDocument::Unavailable)?;
        let last = stored.last.max(state.number);
        let done = on_thread(state, move |document| take_all(document, stored)).await;
        if done.is_err() {
            tracing::error!(%room, "what is kept of a document cannot be read");
            *state = State::default();
            return Err(NoDocument::Broken);
        }
        state.number = last;
        Ok(())
    }

    /// Has a snapshot made in the background.
    fn compact(&self, shared: Arc<Shared>) {
        if shared.is_compacted.swap(true, Ordering::AcqRel) {
            return;
        }
        let (log, rules) = (Arc::clone(&self.log), self.rules.clone());
        tokio::spawn(async move {
            let merge = move |stored| {
                let mut document = Document::new(rules);
                take_all(&mut document, stored).ok()?;
                document.whole().ok()
            };
            if log.compact(&shared.room, Box::new(merge)).await.is_err() {
                tracing::warn!(room = %shared.room, "a document was not made smaller; it will be tried again");
            }
            shared.is_compacted.store(false, Ordering::Release);
        });
    }

    /// Forgets documents that nobody uses. They are kept elsewhere.
    pub(crate) fn tidy(&self) {
        let now = Instant::now();
        let is_used = |shared: &Arc<Shared>| Arc::strong_count(shared) > 1 || shared.used_at() + IDLE > now;
        self.documents().retain(|_, shared| is_used(shared));
        self.banned().retain(|_, until| *until > now);
    }

    fn shared(&self, room: &RoomName) -> Arc<Shared> {
        let mut open = self.documents();
        let shared = open.entry(room.clone()).or_insert_with(|| Arc::new(Shared::new(room.clone())));
        *shared.used_at.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
        Arc::clone(shared)
    }

    fn documents(&self) -> MutexGuard<'_, HashMap<RoomName, Arc<Shared>>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn banned(&self) -> MutexGuard<'_, HashMap<Uuid, Instant>> {
        self.banned.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Shared {
    fn new(room: RoomName) -> Self {
        let used_at = Mutex::new(Instant::now());
        Self { room, state: tokio::sync::Mutex::default(), is_compacted: AtomicBool::new(false), used_at }
    }

    fn used_at(&self) -> Instant {
        *self.used_at.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Takes what was kept.
fn take_all(document: &mut Document, stored: Stored) -> Result<(), Refused> {
    let Stored { snapshot, updates, .. } = stored;
    snapshot.iter().chain(&updates).try_for_each(|update| document.take(update))
}

/// Does something with the document where it holds up nobody. If that is broken off, the document is loaded again.
async fn on_thread<T: Send + 'static>(
    state: &mut State,
    work: impl FnOnce(&mut Document) -> Result<T, Refused> + Send + 'static,
) -> Result<T, NoDocument> {
    let mut document = state.document.take().ok_or(NoDocument::Unavailable)?;
    let done = tokio::task::spawn_blocking(move || {
        let done = work(&mut document);
        (document, done)
    });
    let (document, done) = done.await.map_err(|_| NoDocument::Unavailable)?;
    state.document = Some(document);
    done.map_err(NoDocument::Refused)
}

#[cfg(test)]
pub(super) mod tests;
