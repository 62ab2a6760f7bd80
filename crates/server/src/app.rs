//! The wiring: which rooms there are and what each gets.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use accounts::{Accounts, Delivery, Dependencies, SESSION_COOKIE};
use anyhow::Context as _;
use audit::{CheckpointFile, Ledger, LedgerKeys, Sealer, Syslog, SyslogAddress, Witness};
use axum::Router;
use axum::extract::FromRef;
use edge::Control;
use foundation::{Ambient, ExposeSecret as _, RootKey, SecretString};
use guard::outbound::Outbound;
use guard::{CsrfKey, Maintenance, Origins, Protection, RateLimits};
use live::{Doorway, Live};
use store::{Migrations, Store};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;

use crate::csp_reports::CspReports;
use crate::gate::Gate;
use crate::gate::follower::Follower;
use crate::jobs::Jobs;
use crate::live::{Attendance, DocumentStore, OpenRooms, People, follow_endings, keep_rooms};
use crate::maintenance::Upkeep;
use crate::migrations::own_migrations;
use crate::object_store::ObjectStore;
use crate::refusals::RefusalRecorder;
use crate::{Config, DataFolder, http};

/// Changes that go on during maintenance: by these people come in, stay, show again who they are and leave, and
/// maintenance ends; and releases come and go. What they write concerns sessions and sign-ins, and what browsers report about policies.
const GOING_ON: &[&str] = &[
    http::maintenance::PATH,
    http::gate::PATHS[0],
    http::gate::PATHS[1],
    http::gate::PATHS[2],
    http::gate::PATHS[3],
    http::gate::PATHS[4],
    "/api/auth/login",
    "/api/auth/2fa/verify",
    "/api/auth/passkey/start",
    "/api/auth/passkey/finish",
    "/api/auth/2fa/passkey/start",
    "/api/auth/2fa/passkey/finish",
    "/api/auth/refresh",
    "/api/auth/reauthenticate",
    "/api/auth/reauthenticate/passkey/start",
    "/api/auth/reauthenticate/passkey/finish",
    "/api/auth/logout",
    "/api/csp-report",
    // What is said there is no change; what is one asks by itself.
    "/socket.io/",
];

/// The migrations of all rooms.
pub fn migrations() -> Migrations {
    Migrations::of([accounts::migrations as store::RoomMigrations, audit::migrations, own_migrations])
}

/// The rooms, joined.
#[derive(Clone)]
pub struct App {
    config: Config,
    ambient: Ambient,
    store: Store,
    accounts: Accounts,
    csp_reports: CspReports,
    upkeep: Upkeep,
    refusals: RefusalRecorder,
    gate: Gate,
    follower: Follower,
    sealer: Sealer,
    witnesses: Vec<Arc<dyn Witness>>,
    delivery: Delivery,
    csrf_key: CsrfKey,
    rate_limits: RateLimits,
    live: Live,
    attendance: Attendance,
}

/// The secrets of an installation that are in no database. Every node needs the same.
pub struct AppSecrets {
    /// Binds CSRF tokens to sessions.
    pub csrf: [u8; 32],
    /// What every other key follows from.
    pub root: RootKey,
}

/// What handlers may ask for.
#[derive(Clone, FromRef)]
pub(crate) struct State {
    pub(crate) store: Store,
    pub(crate) accounts: Accounts,
    pub(crate) csp_reports: CspReports,
    pub(crate) gate: Gate,
    pub(crate) sealer: Sealer,
    pub(crate) upkeep: Upkeep,
    pub(crate) rate_limits: RateLimits,
    pub(crate) live: Live,
}

impl App {
    /// Joins the rooms. `public_url` is how people reach this installation.
    ///
    /// # Errors
    /// When mail cannot leave the way the configuration says, or the keys in the database cannot be opened.
    pub async fn build(
        config: Config,
        store: Store,
        ambient: Ambient,
        secrets: &AppSecrets,
        public_url: String,
    ) -> anyhow::Result<Self> {
        let csrf_key = CsrfKey::new(&secrets.csrf);
        let delivery = Delivery::build(&config.mail)?;
        let ledger = Ledger::new(ambient.clone(), LedgerKeys::new(&secrets.root));
        let sealer = Sealer::new(ledger.clone(), store.clone(), config.audit.clone());
        let csp_reports = CspReports::new(store.clone(), ambient.clone(), ledger.clone());
        let upkeep = Upkeep::new(store.clone(), ambient.clone(), ledger.clone());
        let refusals = RefusalRecorder::new(store.clone(), ambient.clone(), ledger.clone());
        let control = Control::of(&DataFolder::edge(&config.server.data));
        let gate = Gate::new(control.clone(), store.clone(), ambient.clone(), ledger.clone());
        let data = &config.server.data;
        let follower = Follower::new(control, store.clone(), ambient.clone(), ledger.clone(), data);
        upkeep.look().await?;
        let dependencies = Dependencies {
            store: store.clone(),
            ambient: ambient.clone(),
            ledger,
            delivery: delivery.clone(),
            root_key: secrets.root.clone(),
            csrf_key: csrf_key.clone(),
            public_url,
        };
        let accounts = Accounts::build(config.accounts.clone(), dependencies).await?;
        let rate_limits = rate_limits(&config, &ambient).await?;
        let witnesses = witnesses(&config, &ambient)?;
        let documents = DocumentStore::new(store.clone(), ambient.clone());
        let attendance = Attendance::new(store.clone(), ambient.clone());
        let live =
            live_rooms(&config, &accounts, &attendance, documents, &rate_limits, upkeep.switch(), &ambient)?;
        Ok(Self {
            config,
            ambient,
            store,
            accounts,
            csp_reports,
            upkeep,
            refusals,
            gate,
            follower,
            sealer,
            witnesses,
            delivery,
            csrf_key,
            rate_limits,
            live,
            attendance,
        })
    }

    /// The room of users, for commands.
    pub fn accounts(&self) -> &Accounts {
        &self.accounts
    }

    /// What begins and ends maintenance.
    pub(crate) fn upkeep(&self) -> &Upkeep {
        &self.upkeep
    }

    /// What seals and verifies the audit log.
    pub fn sealer(&self) -> &Sealer {
        &self.sealer
    }

    /// Everything that is served, behind every gate.
    pub fn router(&self) -> Router {
        let state = State {
            store: self.store.clone(),
            accounts: self.accounts.clone(),
            csp_reports: self.csp_reports.clone(),
            gate: self.gate.clone(),
            sealer: self.sealer.clone(),
            upkeep: self.upkeep.clone(),
            rate_limits: self.rate_limits.clone(),
            live: self.live.clone(),
        };
        let (api, document) = api(&self.delivery).split_for_parts();
        let watched = http::metrics::Watched {
            store: self.store.clone(),
            live: self.live.clone(),
            settings: Arc::new(self.config.server.metrics.clone()),
        };
        let mut router =
            api.with_state(state).merge(http::metrics::router(watched)).merge(self.live.router());
        router = router.fallback_service(http::ui::pages(self.has_mailbox()));
        if self.config.serves_reference() {
            router = router.merge(http::docs::reference(document));
        }
        guard::protect(
            router,
            Protection {
                config: guard::Config { origins: origins(&self.config), ..(*self.config.guard).clone() },
                ambient: self.ambient.clone(),
                csrf_key: self.csrf_key.clone(),
                session_cookie: SESSION_COOKIE.to_owned(),
                maintenance: self.upkeep.switch().clone(),
                going_on: GOING_ON,
                rate_limits: self.rate_limits.clone(),
                rate_rules: [accounts::RATE_RULES, http::RATE_RULES].concat(),
            },
        )
    }

    /// Starts what goes on in the background, until `stop`.
    pub fn start_jobs(&self, tasks: &TaskTracker, stop: &CancellationToken) {
        let jobs = Jobs { tasks, stop };
        let app = self.clone();
        jobs.start("sealer", move |stop| app.sealer.clone().run(app.witnesses.clone(), stop));
        let upkeep = self.upkeep.clone();
        jobs.start("maintenance", move |stop| upkeep.clone().run(stop));
        let app = self.clone();
        jobs.start("refusals", move |stop| app.refusals.clone().run(app.rate_limits.refusals(), stop));
        let follower = self.follower.clone();
        jobs.start("gate", move |stop| follower.clone().run(stop));
        let accounts = self.accounts.clone();
        jobs.start("outbox", move |stop| accounts.clone().run_outbox(stop));
        let accounts = self.accounts.clone();
        jobs.start("housekeeping", move |stop| accounts.clone().run_housekeeping(stop));
        let live = self.live.clone();
        let attendance = self.attendance.clone();
        jobs.start("live", move |stop| keep_rooms(live.clone(), attendance.clone(), stop));
        let (accounts, live) = (self.accounts.clone(), self.live.clone());
        jobs.start("endings", move |stop| follow_endings(accounts.clone(), live.clone(), stop));
    }

    fn has_mailbox(&self) -> bool {
        matches!(self.delivery, Delivery::Mailbox)
    }
}

/// Where checkpoints of the audit log are kept beside the database: in the data folder always.
pub(crate) fn checkpoint_file(data: &Path) -> PathBuf {
    data.join("audit-checkpoints.jsonl")
}

/// Requests are counted in Redis where there is one.
async fn rate_limits(config: &Config, ambient: &Ambient) -> anyhow::Result<RateLimits> {
    let (quotas, ambient) = (config.guard.rate_limits, ambient.clone());
    let Some(client) = redis_client(config)? else { return Ok(RateLimits::in_process(quotas, ambient)) };
    Ok(RateLimits::in_redis(quotas, ambient, client).await)
}

fn redis_client(config: &Config) -> anyhow::Result<Option<redis::Client>> {
    let open = |url: &SecretString| redis::Client::open(url.expose_secret());
    config.redis.url.as_ref().map(open).transpose().context("redis.url is no address of a Redis")
}

/// Whose pages this installation believes.
fn origins(config: &Config) -> Vec<String> {
    let said = &config.guard.origins;
    if said.is_empty() { config.server.public_url.iter().cloned().collect() } else { said.clone() }
}

fn live_rooms(
    config: &Config,
    accounts: &Accounts,
    attendance: &Attendance,
    documents: DocumentStore,
    rate_limits: &RateLimits,
    maintenance: &Maintenance,
    ambient: &Ambient,
) -> anyhow::Result<Live> {
    let doorway = Doorway {
        origins: Origins::new(&origins(config)),
        session_cookie: SESSION_COOKIE,
        rate_limits: rate_limits.clone(),
        ambient: ambient.clone(),
    };
    let dependencies = live::Dependencies {
        identities: Arc::new(People(accounts.clone())),
        admission: Arc::new(OpenRooms(config.live.open_rooms.clone().into())),
        attendance: Arc::new(attendance.clone()),
        documents: Arc::new(documents),
        redis: redis_client(config)?,
        redis_prefix: config.redis.prefix.clone(),
        maintenance: maintenance.clone(),
    };
    Ok(Live::build(&config.live, doorway, dependencies))
}

/// The way out to the hosts of the settings.
fn outbound(config: &Config, ambient: &Ambient) -> anyhow::Result<Outbound> {
    let mut settings = config.guard.outbound.clone();
    // Whoever names an object store means it to be reached.
    settings.allow.extend(config.object_store_host());
    Ok(Outbound::build(&settings, ambient.clone())?)
}

fn witnesses(config: &Config, ambient: &Ambient) -> anyhow::Result<Vec<Arc<dyn Witness>>> {
    let path = checkpoint_file(&config.server.data);
    let file = CheckpointFile::open(&path).with_context(|| format!("{} cannot be read", path.display()))?;
    let mut witnesses: Vec<Arc<dyn Witness>> = vec![Arc::new(file)];
    if let Some(address) = &config.audit.syslog {
        let address = SyslogAddress::parse(address).map_err(anyhow::Error::msg)?;
        witnesses.push(Arc::new(Syslog::new(address)));
    }
    let store = ObjectStore::build(&config.audit.object_store, outbound(config, ambient)?, ambient.clone())?;
    witnesses.extend(store.map(|store| Arc::new(store) as Arc<dyn Witness>));
    Ok(witnesses)
}

/// Every route of the API.
fn api(delivery: &Delivery) -> OpenApiRouter<State> {
    OpenApiRouter::with_openapi(http::docs::front_page())
        .merge(http::health::router(matches!(delivery, Delivery::Mailbox)))
        .merge(http::audit::router())
        .merge(http::maintenance::router())
        .merge(http::gate::router())
        .merge(http::live::router())
        .merge(http::csp_reports::router())
        .merge(accounts::router(delivery))
}

/// The document that describes every route, those of development included.
pub(crate) fn openapi() -> OpenApi {
    api(&Delivery::Mailbox).into_openapi()
}
