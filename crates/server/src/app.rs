//! The wiring: which rooms there are and what each gets.

use accounts::{Accounts, Delivery, Dependencies, RootKey, SESSION_COOKIE};
use axum::Router;
use axum::extract::FromRef;
use foundation::Ambient;
use guard::{CsrfKey, Protection, RateLimits};
use store::{Migrations, Store};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;

use crate::{Config, http};

/// The migrations of all rooms.
pub fn migrations() -> Migrations {
    Migrations::of([accounts::migrations as store::RoomMigrations, audit::migrations])
}

/// The rooms, joined.
#[derive(Clone)]
pub struct App {
    config: Config,
    ambient: Ambient,
    store: Store,
    accounts: Accounts,
    delivery: Delivery,
    csrf_key: CsrfKey,
    rate_limits: RateLimits,
}

/// The secrets of an installation that are in no database. Every node needs the same.
pub struct AppSecrets {
    /// Binds CSRF tokens to sessions.
    pub csrf: [u8; 32],
    /// What every other key follows from.
    pub root: [u8; 32],
}

/// What handlers may ask for.
#[derive(Clone, FromRef)]
pub(crate) struct State {
    pub(crate) store: Store,
    pub(crate) accounts: Accounts,
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
        let dependencies = Dependencies {
            store: store.clone(),
            ambient: ambient.clone(),
            delivery: delivery.clone(),
            root_key: RootKey::new(secrets.root),
            csrf_key: csrf_key.clone(),
            public_url,
        };
        let accounts = Accounts::build(config.accounts.clone(), dependencies).await?;
        let rate_limits = RateLimits::in_process(config.guard.rate_limits, ambient.clone());
        Ok(Self { config, ambient, store, accounts, delivery, csrf_key, rate_limits })
    }

    /// The room of users, for commands.
    pub fn accounts(&self) -> &Accounts {
        &self.accounts
    }

    /// Everything that is served, behind every gate.
    pub fn router(&self) -> Router {
        let state = State { store: self.store.clone(), accounts: self.accounts.clone() };
        let (api, document) = api(&self.delivery).split_for_parts();
        let mut router = api.with_state(state).fallback_service(http::ui::pages(self.has_mailbox()));
        if self.config.server.api_docs {
            router = router.merge(http::docs::reference(document));
        }
        let mut guard = self.config.guard.clone();
        if guard.origins.is_empty() {
            guard.origins.extend(self.config.server.public_url.clone());
        }
        guard::protect(
            router,
            Protection {
                config: guard,
                ambient: self.ambient.clone(),
                csrf_key: self.csrf_key.clone(),
                session_cookie: SESSION_COOKIE.to_owned(),
                rate_limits: self.rate_limits.clone(),
                rate_rules: accounts::RATE_RULES.to_vec(),
            },
        )
    }

    /// Starts what goes on in the background, until `stop`.
    pub fn start_jobs(&self, tasks: &TaskTracker, stop: &CancellationToken) {
        tasks.spawn(self.accounts.clone().run_outbox(stop.clone()));
        tasks.spawn(self.accounts.clone().run_housekeeping(stop.clone()));
    }

    fn has_mailbox(&self) -> bool {
        matches!(self.delivery, Delivery::Mailbox)
    }
}

/// Every route of the API.
fn api(delivery: &Delivery) -> OpenApiRouter<State> {
    OpenApiRouter::with_openapi(http::docs::front_page())
        .merge(http::health::router(matches!(delivery, Delivery::Mailbox)))
        .merge(accounts::router(delivery))
}

/// The document that describes every route, those of development included.
pub(crate) fn openapi() -> OpenApi {
    api(&Delivery::Mailbox).into_openapi()
}
