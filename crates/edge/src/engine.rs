//! What drives releases: once a second it shows each rollout what was seen, carries out what it decides at once, and writes
//! it down. What people order is written down before they are told that it is done.

mod courier;
mod folder;
mod order;
mod record;
mod scouts;
mod series;
mod state;
mod view;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use foundation::{Ambient, Timestamp};
use tokio::sync::{mpsc, oneshot};
use tokio::task::{JoinError, JoinHandle};
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

pub(crate) use folder::Folder;
pub use folder::FolderError;
pub use order::{Deed, Refused, Told};
pub use record::{Happened, Record};
pub use series::{Moment, Point, SeriesView};
pub use view::{GateView, RolloutView, ServiceView, SlotView, TargetView};

use courier::Courier;
use scouts::{Found, Scouts, Wanted};
use series::{Series, index};
use state::{Gate, ServiceState, State};

use crate::judge::{Judge, Latencies, Second, Stream};
use crate::registry::Registry;
use crate::rollout::{Decision, Health, Needs, Phase, Rollout, Seen, Slot};
use crate::service::{Counted, Entrance, Service, Thresholds};

const TICK: Duration = Duration::from_secs(1);
/// How many orders may wait.
const WAITING: usize = 64;

/// Owns the state of all services, and is alone in changing it.
#[derive(Debug)]
pub(crate) struct Engine {
    registry: Arc<Registry>,
    ambient: Ambient,
    folder: Folder,
    state: State,
    watched: BTreeMap<String, Watched>,
}

/// What is known of a service only while the program runs.
#[derive(Debug)]
struct Watched {
    series: Series,
    scouts: Scouts,
    /// How quick the incumbent is to answer our own requests.
    probed: Latencies,
    /// Where somebody is to be told.
    courier: Option<Courier>,
}

/// An engine that stands still, with the orders that wait for it.
type Parked = (Engine, mpsc::Receiver<Asked>);

/// An engine that drives.
#[derive(Debug)]
pub(crate) struct Driving {
    park: CancellationToken,
    engine: JoinHandle<Parked>,
}

impl Driving {
    pub(crate) fn begin(engine: Engine, asked: mpsc::Receiver<Asked>) -> Self {
        let park = CancellationToken::new();
        let engine = tokio::spawn(engine.run(asked, park.clone()));
        Self { park, engine }
    }

    /// Waits until it fails: only a mistake of ours ends it.
    pub(crate) async fn failed(&mut self) -> JoinError {
        match (&mut self.engine).await {
            Err(error) => error,
            Ok(_) => std::future::pending().await,
        }
    }

    /// Makes it stand still; all is written down.
    pub(crate) async fn park(self) -> Parked {
        self.park.cancel();
        self.engine.await.expect("an engine does not panic")
    }
}

/// Gives orders to an engine. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Orders(mpsc::Sender<Asked>);

/// What somebody wants of the engine.
#[derive(Debug)]
pub(crate) enum Asked {
    View(oneshot::Sender<GateView>),
    /// What a service did, behind a moment; none if there is no such service.
    Series(String, Option<Timestamp>, oneshot::Sender<Option<SeriesView>>),
    Do(Deed, String, oneshot::Sender<Result<Told, Refused>>),
}

impl Engine {
    /// The name of a service whose requests wait, if there is one.
    pub(crate) fn paused_service(&self) -> Option<String> {
        let all = self.registry.all();
        let paused = all.iter().find(|service| service.entrance == Entrance::Paused);
        paused.map(|service| service.name.to_string())
    }

    /// Goes on with what is in the folder.
    pub(crate) fn open(
        registry: Arc<Registry>,
        ambient: Ambient,
        folder: Folder,
        stop: &CancellationToken,
    ) -> Result<Self, FolderError> {
        let mut state = folder.load()?;
        let services = registry.all();
        let mut watched = BTreeMap::new();
        for service in &services {
            let name = service.name.to_string();
            let courier = Courier::engage(&service.config.hooks, &ambient, stop);
            let fresh = || ServiceState::new(service.config.live);
            let state = state.services.entry(name.clone()).or_insert_with(fresh);
            if courier.is_none() {
                state.untold.clear();
            }
            watched.insert(name, Watched::new(Scouts::send(service, stop), courier));
        }
        let engine = Self { registry, ambient, folder, state, watched };
        for service in &services {
            engine.publish(&service.name);
        }
        Ok(engine)
    }

    /// Ticks and takes orders until `park`; then all is written down.
    async fn run(mut self, mut asked: mpsc::Receiver<Asked>, park: CancellationToken) -> Parked {
        let mut ticks = tokio::time::interval(TICK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = park.cancelled() => break,
                _ = ticks.tick() => self.tick().await,
                Some(asked) = asked.recv() => self.answer(asked).await,
            }
        }
        if let Err(error) = self.save().await {
            tracing::error!(%error, "the state of the gate is not kept");
        }
        (self, asked)
    }

    async fn answer(&mut self, asked: Asked) {
        match asked {
            // Whoever does not wait for the answer any more does not need it.
            Asked::View(reply) => drop(reply.send(self.view())),
            Asked::Series(name, after, reply) => drop(reply.send(self.series(&name, after))),
            Asked::Do(deed, by, reply) => {
                let done = self.perform(deed, by);
                let done = if done.is_ok() { self.save().await.and(done) } else { done };
                self.send_couriers();
                drop(reply.send(done));
            }
        }
    }

    async fn tick(&mut self) {
        let mut is_to_be_kept = false;
        for service in self.registry.all() {
            is_to_be_kept |= self.tick_service(&service);
        }
        if is_to_be_kept && let Err(error) = self.save().await {
            tracing::error!(%error, "the state of the gate is not kept: after a crash it would be older");
        }
        self.send_couriers();
    }

    /// Whether anything has changed that is to be kept.
    fn tick_service(&mut self, service: &Service) -> bool {
        let now = self.ambient.now();
        let counted = service.meter.take();
        if let Some(watched) = self.watched.get_mut(&*service.name) {
            watched.series.add(now, &counted);
        }
        let has_changed = self.end_pause(&service.name) | self.hear_courier(&service.name);
        let Some((decisions, is_running)) = self.tick_rollout(service, &counted) else { return has_changed };
        let has_decided = !decisions.is_empty();
        for decision in decisions {
            tracing::info!(service = %service.name, "{decision}");
            self.record(&service.name, Happened::Decided(Box::new(decision)));
        }
        if has_decided {
            self.publish(&service.name);
        }
        has_changed || has_decided || is_running
    }

    /// What is decided, and whether evidence goes on to be gathered. None when there is no rollout, or nothing happens in it
    /// any more.
    fn tick_rollout(&mut self, service: &Service, counted: &[Counted; 2]) -> Option<(Vec<Decision>, bool)> {
        let now = self.ambient.now();
        let watched = self.watched.get_mut(&*service.name)?;
        let state = self.state.services.get_mut(&*service.name)?;
        let Some(rollout) = state.rollout.as_mut().filter(|rollout| !rollout.phase().is_over()) else {
            watched.scouts.want(Wanted::default());
            return None;
        };
        let found = watched.scouts.take();
        let seen = watched.seen(rollout, service, counted, &found);
        let decisions = rollout.tick(now, &seen);
        watched.scouts.want(wanted(rollout));
        let judge = rollout.judge(Stream::Visitors);
        service.meter.set_thresholds(thresholds(judge));
        Some((decisions, rollout.is_running()))
    }

    /// A pause that is forgotten ends by itself.
    fn end_pause(&mut self, name: &str) -> bool {
        let now = self.ambient.now();
        let Some(state) = self.state.services.get_mut(name) else { return false };
        let is_over = matches!(state.gate, Gate::Paused { until } if until <= now);
        if is_over {
            state.gate = Gate::Open;
            self.record(name, Happened::Reopened { by: None });
            self.publish(name);
        }
        is_over
    }

    fn record(&mut self, service: &str, happened: Happened) -> Record {
        self.state.last_number += 1;
        let (number, at, service) = (self.state.last_number, self.ambient.now(), service.to_owned());
        let record = Record { number, at, service, happened };
        self.state.fresh.push(record.clone());
        self.tell_hooks(&record);
        record
    }

    fn publish(&self, name: &str) {
        let Some(state) = self.state.services.get(name) else { return };
        self.registry.change(name, |service| {
            service.share = state.share();
            service.entrance = state.entrance();
        });
    }

    /// Writes all down, away from the threads that carry requests.
    async fn save(&mut self) -> Result<(), Refused> {
        let (folder, state) = (self.folder.clone(), self.state.clone());
        let saved = tokio::task::spawn_blocking(move || folder.save(&state)).await;
        saved.expect("writing does not panic").map_err(|error| Refused::not_kept(&error))?;
        self.state.fresh.clear();
        Ok(())
    }
}

impl Watched {
    fn new(scouts: Scouts, courier: Option<Courier>) -> Self {
        Self { series: Series::default(), scouts, probed: Latencies::default(), courier }
    }

    /// What a rollout is shown of the last second.
    fn seen(
        &mut self,
        rollout: &mut Rollout,
        service: &Service,
        counted: &[Counted; 2],
        found: &Found,
    ) -> Seen {
        let (candidate, incumbent) = (rollout.candidate(), rollout.incumbent());
        let (ours, theirs) = (index(candidate), index(incumbent));
        if rollout.judge(Stream::Visitors).threshold().is_none() {
            rollout.freeze_threshold(Stream::Visitors, &self.series.latencies(incumbent));
        }
        self.probed.add(&found.probes[theirs].latencies);
        rollout.freeze_threshold(Stream::Probes, &self.probed);
        let visitors = Second {
            candidate: counted[ours].tally,
            incumbent: Some(counted[theirs].tally),
            pool: found.pool,
        };
        let probes = Second {
            candidate: found.probes[ours].tally,
            incumbent: Some(found.probes[theirs].tally),
            pool: None,
        };
        let probes = rollout.needs().is_some().then_some(probes);
        let is_on_trial = matches!(rollout.phase(), Phase::At { .. });
        let candidate = health(service, candidate, is_on_trial);
        let incumbent = health(service, incumbent, is_on_trial);
        Seen { candidate, incumbent, visitors, probes }
    }
}

/// What is to be found out for a rollout.
fn wanted(rollout: &Rollout) -> Wanted {
    let judge = rollout.judge(Stream::Probes);
    Wanted {
        candidate: rollout.is_running().then(|| rollout.candidate()),
        probes: rollout.needs() == Some(Needs::Probes),
        thresholds: thresholds(judge),
    }
}

fn thresholds(judge: &Judge) -> Thresholds {
    Thresholds { slow: judge.slow_after(), slower: judge.threshold() }
}

/// After a restart of the gate its targets are not known yet; that is no reason to take a release back. Neither is that they
/// lose requests: those are evidence, and a few of them, which anybody may have sent on purpose, are little.
fn health(service: &Service, slot: Slot, is_on_trial: bool) -> Health {
    let fleet = service.fleet(slot);
    let is_up = fleet.passes_checks() || (is_on_trial && fleet.is_starting());
    if is_up { Health::Healthy } else { Health::Down }
}

impl Orders {
    /// A way to give orders, and where they arrive.
    pub(crate) fn channel() -> (Self, mpsc::Receiver<Asked>) {
        let (sender, receiver) = mpsc::channel(WAITING);
        (Self(sender), receiver)
    }

    /// How everything stands.
    pub(crate) async fn view(&self) -> Result<GateView, Refused> {
        self.ask(Asked::View).await
    }

    /// What a service did lately: only what is newer than a moment, if one is named.
    pub(crate) async fn series(
        &self,
        service: String,
        after: Option<Timestamp>,
    ) -> Result<Option<SeriesView>, Refused> {
        self.ask(|reply| Asked::Series(service, after, reply)).await
    }

    /// Has something done; it is written down when the answer comes.
    pub(crate) async fn give(&self, deed: Deed, by: String) -> Result<Told, Refused> {
        self.ask(|reply| Asked::Do(deed, by, reply)).await?
    }

    async fn ask<T>(&self, asked: impl FnOnce(oneshot::Sender<T>) -> Asked) -> Result<T, Refused> {
        let (reply, answer) = oneshot::channel();
        self.0.send(asked(reply)).await.map_err(|_| Refused::stopping())?;
        answer.await.map_err(|_| Refused::stopping())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_engine_that_fails_is_noticed() {
        let engine = tokio::spawn(async { panic!("a mistake of ours") });
        let mut driving = Driving { park: CancellationToken::new(), engine };
        assert!(driving.failed().await.is_panic());
    }
}
