//! The keys that tokens are verified with, as they are known at this moment, and how they are kept up to date.

use std::error::Error;
use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use foundation::{Ambient, Timestamp};
use tokio::sync::watch;

use super::key_set::KeySet;
use super::schedule::Schedule;
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
    keep: Duration,
    ambient: Ambient,
}

/// What is known and when more is fetched change together: who finds nothing new under way has seen what there is.
#[derive(Debug)]
struct State {
    known: Option<Known>,
    schedule: Schedule,
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
            state: watch::Sender::new(State {
                known: None,
                schedule: Schedule::new(config.refresh.into()),
                is_failing: false,
            }),
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

    /// How often they were fetched, or could not be.
    pub(super) fn attempts(&self) -> u64 {
        self.state.borrow().schedule.attempts()
    }

    /// Fetches them before their time for somebody who has looked after so many attempts, unless that was just done, and
    /// waits for them, though not for long.
    pub(super) async fn renew(&self, seen: u64) {
        if !self.change(|state| state.schedule.wish(seen, Instant::now())) {
            return;
        }
        let mut state = self.state.subscribe();
        let fetched = state.wait_for(|state| state.schedule.attempts() > seen);
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
            self.change(|state| state.schedule.begun());
            let pause = match self.source.fetch().await {
                Ok(fetched) => self.learn(fetched).await,
                Err(error) => {
                    self.tell(&error);
                    self.change(|state| {
                        state.is_failing = true;
                        state.schedule.ended(Err(()))
                    })
                }
            };
            // Either way they are fetched.
            let mut state = self.state.subscribe();
            let wanted = state.wait_for(|state| state.schedule.is_under_way());
            let _ = tokio::time::timeout(pause, wanted).await;
        }
    }

    /// Knows them from now on, and keeps them for the next start. Says how long until they are to be fetched again.
    async fn learn(&self, Fetched { text, set, max_age }: Fetched) -> Duration {
        let fetched_at = self.ambient.now();
        let keys = set.len();
        let (pause, is_news) = self.change(|state| {
            let is_news = state.known.is_none() || state.is_failing;
            (state.known, state.is_failing) = (Some(Known { set, fetched_at }), false);
            (state.schedule.ended(Ok(max_age)), is_news)
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

    fn change<R>(&self, change: impl FnOnce(&mut State) -> R) -> R {
        let mut said = None;
        self.state.send_modify(|state| said = Some(change(state)));
        said.expect("it was changed")
    }
}
