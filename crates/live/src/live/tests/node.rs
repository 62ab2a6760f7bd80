//! A node with people whose tokens are easy to guess, and what it wrote down.

use std::collections::{HashMap, HashSet};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use chrono::TimeDelta;
use foundation::{Ambient, ExposeSecret as _, SecretString, Timestamp, Uuid};
use guard::{ClientAddress, Maintenance, Origins, Quota, Quotas, RateLimits};
use testkit::RedisServer;
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::documents::Shelf;
use crate::*;

/// What everybody knows, and a test may change.
#[derive(Default)]
pub(super) struct Office {
    /// Until when tokens are good that are no good for an hour.
    pub(super) expires: Mutex<HashMap<Uuid, Timestamp>>,
    /// Users who may not enter rooms of courses any more.
    pub(super) expelled: Mutex<HashSet<Uuid>>,
    /// Who came, and who went.
    pub(super) visits: Mutex<Vec<(Uuid, &'static str)>>,
}

/// The user of a number.
pub(super) fn user(number: u32) -> Uuid {
    Uuid::from_u128(number.into())
}

#[async_trait]
impl Identities for Office {
    async fn identify(&self, token: &SecretString) -> Result<Identity, Refusal> {
        let number = token.expose_secret().strip_prefix("user-").and_then(|number| number.parse().ok());
        let number: u32 =
            number.ok_or_else(|| Refusal::new("Authentication failed").with_code("unauthenticated"))?;
        let user_id = user(number);
        let in_an_hour = Ambient::system().now() + TimeDelta::hours(1);
        let expires_at = self.expires.lock().expect("fine").get(&user_id).copied().unwrap_or(in_an_hour);
        Ok(Identity { user_id, username: format!("user{number}"), credential: user_id, expires_at })
    }

    async fn renewed(&self, identity: &Identity) -> Result<Timestamp, Refusal> {
        Ok(self.expires.lock().expect("fine").get(&identity.user_id).copied().unwrap_or(identity.expires_at))
    }
}

#[async_trait]
impl Admission for Office {
    async fn admit(&self, who: &Identity, room: &RoomName) -> Result<(), Refusal> {
        let is_expelled = self.expelled.lock().expect("fine").contains(&who.user_id);
        if room.course().is_some() && is_expelled {
            return Err(Refusal::new("Access denied: Not enrolled in course").with_code("forbidden"));
        }
        Ok(())
    }
}

#[async_trait]
impl Attendance for Office {
    async fn joined(&self, visit: Visit<'_>) -> Result<(), Refusal> {
        self.visits.lock().expect("fine").push((visit.id, "came"));
        Ok(())
    }

    async fn left(&self, id: Uuid, _: Timestamp) {
        self.visits.lock().expect("fine").push((id, "went"));
    }
}

/// As good as no limits.
pub(super) fn plenty() -> Quotas {
    Quotas {
        socket_connect: Quota::PLENTY,
        socket_connect_user: Quota::PLENTY,
        socket_message: Quota::PLENTY,
        socket_edit: Quota::PLENTY,
        ..Quotas::default()
    }
}

/// A node in a runtime of its own: when it is dropped, it is gone without a word.
pub(super) struct Node {
    pub(super) address: SocketAddr,
    pub(super) live: Live,
    pub(super) office: Arc<Office>,
    pub(super) maintenance: Maintenance,
    stop: CancellationToken,
    running: Option<JoinHandle<()>>,
    runtime: Option<Runtime>,
}

impl Node {
    pub(super) async fn start() -> Self {
        Self::with(&Config::default(), plenty(), None).await
    }

    pub(super) async fn in_cluster(redis: &RedisServer) -> Self {
        Self::with(&Config::default(), plenty(), Some(redis)).await
    }

    #[expect(clippy::large_types_passed_by_value, reason = "each test has quotas of its own")]
    pub(super) async fn with(config: &Config, quotas: Quotas, redis: Option<&RedisServer>) -> Self {
        Self::build(config, quotas, redis, Arc::default()).await
    }

    /// A node that keeps documents where others do.
    pub(super) async fn sharing(redis: &RedisServer, shelf: &Arc<Shelf>) -> Self {
        Self::build(&Config::default(), plenty(), Some(redis), Arc::clone(shelf)).await
    }

    #[expect(clippy::large_types_passed_by_value, reason = "each test has quotas of its own")]
    async fn build(config: &Config, quotas: Quotas, redis: Option<&RedisServer>, shelf: Arc<Shelf>) -> Self {
        let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
        let office = Arc::new(Office::default());
        let (ambient, maintenance) = (Ambient::system(), Maintenance::default());
        let doorway = Doorway {
            origins: Origins::default(),
            session_cookie: "session",
            rate_limits: RateLimits::in_process(quotas, ambient.clone()),
            ambient,
        };
        let dependencies = Dependencies {
            identities: Arc::clone(&office) as Arc<dyn Identities>,
            admission: Arc::clone(&office) as Arc<dyn Admission>,
            attendance: Arc::clone(&office) as Arc<dyn Attendance>,
            documents: shelf,
            redis: redis.map(|server| redis::Client::open(server.url()).expect("an address")),
            redis_prefix: "test".to_owned(),
            maintenance: maintenance.clone(),
        };
        let config = config.clone();
        let (live, listener) = runtime
            .spawn(async move {
                let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
                (Live::build(&config, doorway, dependencies), listener)
            })
            .await
            .expect("it starts");
        let address = listener.local_addr().expect("bound");
        let router = live.router().layer(axum::Extension(ClientAddress(address.ip())));
        runtime.spawn(async { axum::serve(listener, router).await.expect("serves") });
        let stop = CancellationToken::new();
        let running = Some(runtime.spawn(live.clone().run(stop.clone())));
        Self { address, live, office, maintenance, stop, running, runtime: Some(runtime) }
    }

    /// Sends everybody away, and waits until they have gone.
    pub(super) async fn drain(&mut self) {
        self.stop.cancel();
        self.running.take().expect("it runs").await.expect("it ends");
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        self.runtime.take().expect("it has one").shutdown_background();
    }
}
