//! The room itself: what it is made of.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::routing::any;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use foundation::{Ambient, Uuid};
use guard::{Maintenance, Origins, RateLimits};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use crate::admission::{Admission, Attendance};
use crate::config::Config;
use crate::documents::{DocumentLog, Documents};
use crate::door::Door;
use crate::engine_io::{Engine, Reason};
use crate::identity::Identities;
use crate::lobby::{Entrance, Lobby, Presence, Returning};
use crate::meter::{Counts, Meter};
use crate::rooms::cluster::{Cluster, Starter};
use crate::rooms::hub::Hub;
use crate::socket_io::{Namespace, Namespaces};

/// How often what is not needed any more is forgotten.
const TIDIED_EVERY: Duration = Duration::from_secs(10);

/// Who may connect, and how often.
#[derive(Debug, Clone)]
pub struct Doorway {
    /// Whose pages may connect.
    pub origins: Origins,
    /// The name of the cookie that signs people in.
    pub session_cookie: &'static str,
    /// How often things may happen.
    pub rate_limits: RateLimits,
    /// Time and chance.
    pub ambient: Ambient,
}

/// What rooms need from others.
pub struct Dependencies {
    /// Knows people.
    pub identities: Arc<dyn Identities>,
    /// Knows where they may go.
    pub admission: Arc<dyn Admission>,
    /// Writes down where they were.
    pub attendance: Arc<dyn Attendance>,
    /// Keeps documents.
    pub documents: Arc<dyn DocumentLog>,
    /// Where several nodes meet.
    pub redis: Option<redis::Client>,
    /// What everything there is called first: two installations that share a Redis have two of these.
    pub redis_prefix: String,
    /// Whether changes wait.
    pub maintenance: Maintenance,
}

/// Everything that is live on this node. Cheap to clone.
#[derive(Clone)]
pub struct Live {
    engine: Engine<Door>,
    lobby: Option<Lobbies>,
    meter: Arc<Meter>,
    drain: Duration,
}

/// The lobby, and the way to those of other nodes.
#[derive(Clone)]
struct Lobbies {
    lobby: Arc<Lobby>,
    cluster: Option<Cluster>,
    /// Until it has been started.
    starter: Arc<Mutex<Option<Starter>>>,
}

/// How things are at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// Sessions, over whichever transport.
    pub connections: usize,
    /// Rooms with somebody of this node in them.
    pub rooms: usize,
    /// Sockets of this node in rooms, one for each room.
    pub members: usize,
    /// Whether other nodes are in reach; none where there are none.
    pub cluster: Option<bool>,
    /// What was counted since the start.
    pub counts: Counts,
}

impl Live {
    /// Opens the lobby. Has to be called in a runtime, whose tasks it starts. It meets other nodes once it runs.
    pub fn build(config: &Config, doorway: Doorway, dependencies: Dependencies) -> Self {
        let Dependencies { identities, admission, attendance, documents, redis, redis_prefix, maintenance } =
            dependencies;
        let (ambient, rate_limits) = (doorway.ambient.clone(), doorway.rate_limits.clone());
        let meter = Arc::new(Meter::default());
        let node = URL_SAFE_NO_PAD.encode(ambient.random::<6>()).into();
        let (cluster, starter) = redis
            .map(|client| Cluster::new(client, &redis_prefix, Arc::clone(&node), Arc::clone(&meter)))
            .unzip();
        let hub = Hub::new(node, config.rooms(), ambient.clone(), cluster.clone(), Arc::clone(&meter));
        let lobby = Arc::new(Lobby {
            hub: Arc::new(hub),
            identities,
            admission,
            attendance,
            documents: Documents::new(documents, config.documents.clone()),
            rate_limits,
            maintenance,
            events: config.events.clone().into_iter().collect(),
            review_interval: config.review_interval.into(),
            presence: Presence::default(),
            returning: Returning::new(cluster.clone(), ambient.clone()),
            meter: Arc::clone(&meter),
            ambient,
        });
        let entrance: Arc<dyn Namespace> = Arc::new(Entrance(Arc::clone(&lobby)));
        let lobbies = Some(Lobbies { lobby, cluster, starter: Arc::new(Mutex::new(starter)) });
        Self::of(config, [("/".into(), entrance)].into(), doorway, meter, lobbies)
    }

    /// Opens namespaces of an application, instead of the lobby. Has to be called in a runtime, whose tasks it starts.
    pub fn open(
        config: &Config,
        namespaces: impl IntoIterator<Item = (&'static str, Arc<dyn Namespace>)>,
        doorway: Doorway,
    ) -> Self {
        let namespaces = namespaces.into_iter().map(|(name, namespace)| (name.into(), namespace)).collect();
        Self::of(config, namespaces, doorway, Arc::default(), None)
    }

    fn of(
        config: &Config,
        namespaces: Namespaces,
        doorway: Doorway,
        meter: Arc<Meter>,
        lobby: Option<Lobbies>,
    ) -> Self {
        let Doorway { origins, session_cookie, rate_limits, ambient } = doorway;
        let door = Door {
            namespaces: Arc::new(namespaces),
            origins,
            session_cookie,
            rate_limits,
            connections: Arc::new(Semaphore::new(config.max_connections)),
            places: Arc::new(Semaphore::new(config.max_unauthenticated)),
            connect_timeout: config.connect_timeout.into(),
            ambient: ambient.clone(),
            meter: Arc::clone(&meter),
        };
        Self {
            engine: Engine::start(door, config.engine(), ambient),
            lobby,
            meter,
            drain: config.drain.into(),
        }
    }

    /// The routes of this room.
    pub fn router<S: Clone + Send + Sync + 'static>(&self) -> Router<S> {
        let engine = self.engine.clone();
        let answer = move |request: Request| engine.clone().answer(request);
        Router::new().route("/socket.io/", any(answer))
    }

    /// Ends the sessions of all who were let in by one of these credentials.
    pub fn end(&self, credentials: &[Uuid]) {
        if let Some(Lobbies { lobby, .. }) = &self.lobby {
            lobby.presence.end(credentials, Reason::SessionOver);
        }
    }

    /// By what those who are here were let in.
    pub fn credentials(&self) -> Vec<Uuid> {
        self.lobby.as_ref().map(|lobbies| lobbies.lobby.presence.credentials()).unwrap_or_default()
    }

    /// Looks after what there is, until `stop`; then sends everybody away, to connect again elsewhere, spread over the
    /// configured time.
    pub async fn run(self, stop: CancellationToken) {
        self.meet_others();
        let tidying = async {
            loop {
                tokio::time::sleep(TIDIED_EVERY).await;
                if let Some(Lobbies { lobby, .. }) = &self.lobby {
                    lobby.hub.tidy();
                    lobby.returning.tidy();
                    lobby.documents.tidy();
                }
            }
        };
        stop.run_until_cancelled(tidying).await;
        self.engine.drain(self.drain).await;
        if let Some(Lobbies { cluster: Some(cluster), .. }) = &self.lobby {
            // Without Redis nobody hears it.
            let _ = tokio::time::timeout(Duration::from_secs(1), cluster.said_all()).await;
        }
    }

    fn meet_others(&self) {
        let Some(Lobbies { lobby, cluster: Some(cluster), starter }) = &self.lobby else { return };
        if let Some(starter) = starter.lock().unwrap_or_else(PoisonError::into_inner).take() {
            starter.start(cluster, &lobby.hub);
        }
    }

    /// How things are.
    pub fn status(&self) -> Status {
        let (rooms, members) =
            self.lobby.as_ref().map(|lobbies| lobbies.lobby.hub.size()).unwrap_or_default();
        let cluster = self.lobby.as_ref().and_then(|lobbies| lobbies.cluster.as_ref()).map(Cluster::is_there);
        Status { connections: self.engine.count(), rooms, members, cluster, counts: self.meter.read() }
    }
}

#[cfg(test)]
mod tests;
