//! The keys that tokens are verified with, as they are known at this moment, and how they are kept up to date.

use std::error::Error;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use foundation::{Ambient, Timestamp};
use tokio::sync::{Notify, watch};

use super::key_set::KeySet;
use super::schedule::{Schedule, Wish};
use super::shelf::Shelf;
use super::source::{FetchError, Fetched, Source};
use crate::config::{JwtConfig, KeySource};

/// How long a request waits for keys that it needs.
const PATIENCE: Duration = Duration::from_secs(3);

/// The keys of one issuer.
#[derive(Debug)]
pub(super) struct Keys {
    service: Arc<str>,
    source: Source,
    shelf: OnceLock<Arc<Shelf>>,
    state: watch::Sender<State>,
    schedule: Mutex<Schedule>,
    wanted: Notify,
    keep: Duration,
    ambient: Ambient,
}

#[derive(Debug, Default)]
struct State {
    known: Option<Known>,
    /// How often they were fetched, or not.
    attempts: u64,
    is_failing: bool,
}

#[derive(Debug)]
struct Known {
    set: KeySet,
    fetched_at: Timestamp,
}

impl Keys {
    pub(super) fn new(service: &str, place: &KeySource, config: &JwtConfig, ambient: Ambient) -> Self {
        Self {
            service: service.into(),
            source: Source::new(place.clone(), config.tls_ca_file.clone(), ambient.clone()),
            shelf: OnceLock::new(),
            state: watch::Sender::default(),
            schedule: Mutex::new(Schedule::new(config.refresh.into())),
            wanted: Notify::new(),
            keep: config.keep.into(),
            ambient,
        }
    }

    /// Looks at the keys; none if there are none, or none that still count.
    pub(super) fn look<R>(&self, now: Timestamp, look: impl FnOnce(&KeySet) -> R) -> Option<R> {
        let state = self.state.borrow();
        let known = state.known.as_ref()?;
        // A clock that was set back makes nothing older.
        let age = (now - known.fetched_at).to_std().unwrap_or_default();
        (age <= self.keep).then(|| look(&known.set))
    }

    /// Whether keys could not be fetched the last time.
    pub(super) fn is_failing(&self) -> bool {
        self.state.borrow().is_failing
    }

    /// Fetches them before their time, unless that was just done, and waits for them, though not for long.
    pub(super) async fn renew(&self) {
        let mut state = self.state.subscribe();
        let seen = state.borrow_and_update().attempts;
        let wish = self.schedule().wish(Instant::now());
        match wish {
            Wish::Refused => return,
            Wish::Granted => self.wanted.notify_one(),
            Wish::UnderWay => {}
        }
        let fetched = state.wait_for(|state| state.attempts > seen);
        let _ = tokio::time::timeout(PATIENCE, fetched).await;
    }

    /// Takes up what was kept.
    pub(super) fn begin(&self, folder: &Path) {
        if !self.source.is_elsewhere() {
            return;
        }
        if self.source.place().is_in_the_clear() {
            tracing::warn!(
                service = %self.service,
                source = %self.source.place(),
                "keys are fetched over a network without TLS: whoever is on the way can sign in as anybody"
            );
        }
        let kept_in = self.shelf.get_or_init(|| Arc::new(Shelf::of(self.source.place(), folder)));
        let kept = match kept_in.read() {
            Ok(kept) => kept,
            Err(error) => {
                let error: &dyn Error = &error;
                tracing::warn!(service = %self.service, error, "the keys that were kept cannot be read");
                None
            }
        };
        let known =
            kept.and_then(|(text, fetched_at)| Some(Known { set: KeySet::parse(&text).ok()?, fetched_at }));
        if let Some(known) = known {
            let (keys, fetched_at) = (known.set.len(), known.fetched_at);
            tracing::info!(service = %self.service, keys, %fetched_at, "keys that were kept are known");
            self.state.send_modify(|state| state.known = Some(known));
        }
    }

    /// Fetches them again and again, for ever.
    pub(super) async fn attend(&self) {
        loop {
            self.schedule().begun();
            let pause = match self.source.fetch().await {
                Ok(fetched) => self.learn(fetched).await,
                Err(error) => {
                    self.tell(&error);
                    let pause = self.schedule().ended(Err(()));
                    self.state
                        .send_modify(|state| (state.attempts, state.is_failing) = (state.attempts + 1, true));
                    pause
                }
            };
            // Either way they are fetched.
            let _ = tokio::time::timeout(pause, self.wanted.notified()).await;
        }
    }

    /// Knows them from now on, and keeps them for the next start. Says how long until they are to be fetched again.
    async fn learn(&self, Fetched { text, set, max_age }: Fetched) -> Duration {
        let fetched_at = self.ambient.now();
        let keys = set.len();
        let pause = self.schedule().ended(Ok(max_age));
        let mut is_news = false;
        self.state.send_modify(|state| {
            is_news = state.known.is_none() || state.is_failing;
            *state = State {
                known: Some(Known { set, fetched_at }),
                attempts: state.attempts + 1,
                is_failing: false,
            };
        });
        if is_news {
            tracing::info!(service = %self.service, source = %self.source.place(), keys, "keys were fetched");
        }
        if let Some(shelf) = self.shelf.get().cloned() {
            let written = tokio::task::spawn_blocking(move || shelf.write(&text, fetched_at)).await;
            if let Ok(Err(error)) = written {
                let error: &dyn Error = &error;
                tracing::warn!(service = %self.service, error, "keys cannot be kept for the next start");
            }
        }
        pause
    }

    fn tell(&self, error: &FetchError) {
        let (service, source) = (&self.service, self.source.place());
        let error: &dyn Error = error;
        if self.look(self.ambient.now(), |_| ()).is_some() {
            tracing::warn!(%service, %source, error, "keys could not be fetched; those that are known count on");
        } else {
            let words = "keys could not be fetched and none are known: no token can be verified, and requests that need \
                         one are answered with 503";
            tracing::error!(%service, %source, error, "{words}");
        }
    }

    fn schedule(&self) -> MutexGuard<'_, Schedule> {
        self.schedule.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
