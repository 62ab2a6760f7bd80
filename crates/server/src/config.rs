//! The whole configuration: every room's settings and those of the process.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use foundation::config::{Alias, Mistake, Mistakes, Period, Sources, read, read_with_mistakes};
use foundation::{ExposeSecret as _, SecretString};
use garde::Validate;
use guard::outbound::AllowedHost;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::{Location, LocationError};
use tracing_subscriber::filter::{LevelFilter, Targets};
use url::Url;

use crate::cli::Overrides;

mod contradictions;
mod database_parts;
mod links;
mod metrics;

pub use metrics::MetricsConfig;

/// Everything that can be set.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// `development` is made for trying things out on one's own machine; `production` insists on what protects people.
    #[garde(skip)]
    pub mode: Mode,
    /// The process.
    #[garde(dive)]
    pub server: ServerConfig,
    /// The database.
    #[garde(dive)]
    pub store: store::Config,
    /// What stands between the network and the application.
    #[garde(dive)]
    pub guard: Box<guard::Config>,
    /// What stands in front of applications: `mainstay edge`.
    #[garde(dive)]
    pub edge: Box<edge::Config>,
    /// Live connections: Socket.IO, and what goes on in its rooms.
    #[garde(dive)]
    pub live: Box<live::Config>,
    /// The record of what happened.
    #[garde(dive)]
    pub audit: audit::Config,
    /// What several nodes count together.
    #[garde(dive)]
    pub redis: RedisConfig,
    /// Users and sessions.
    #[garde(dive)]
    pub accounts: accounts::Config,
    /// Outgoing mail.
    #[garde(dive)]
    pub mail: accounts::MailConfig,
    /// The log.
    #[garde(dive)]
    pub log: LogConfig,
}

/// How careful the program is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum Mode {
    /// Trying things out on one's own machine.
    #[default]
    #[serde(alias = "test")]
    Development,
    /// For people.
    #[serde(alias = "staging")]
    Production,
}

/// The process.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(default, deny_unknown_fields)]
pub struct ServerConfig {
    /// Where to listen. `--listen` overrides it.
    #[garde(skip)]
    #[schemars(with = "String")]
    pub listen: SocketAddr,
    /// The folder for everything that must outlive a restart. `--data` overrides it.
    #[garde(skip)]
    pub data: PathBuf,
    /// How people reach this installation, for example `https://learn.example.org`; links in mails begin with it.
    /// Without it, the address that is listened on. `APP_URL` sets it too.
    #[garde(inner(custom(|url: &String, (): &()| an_origin(url))))]
    pub public_url: Option<String>,
    /// Whether the API reference is served at `/docs`. Unless it is said here: in development only.
    #[garde(skip)]
    pub api_docs: Option<bool>,
    /// How many connections may be open at the same time.
    #[garde(range(min = 1, max = 1_000_000))]
    pub max_connections: usize,
    /// How long a client may take to send a request's headers, and how long an unused connection stays open.
    #[garde(custom(|period: &Period, (): &()| period.within(Period::SECOND, Period::from_secs(600))))]
    pub header_timeout: Period,
    /// How long requests under way may take to finish after the order to stop.
    #[garde(custom(|period: &Period, (): &()| period.within(Period::SECOND, Period::from_secs(600))))]
    pub shutdown_timeout: Period,
    /// What the process tells of itself to those who watch it.
    #[garde(dive)]
    pub metrics: MetricsConfig,
}

impl Default for ServerConfig {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 8080)),
            data: "data".into(),
            public_url: None,
            api_docs: None,
            max_connections: 10_000,
            header_timeout: Period::from_secs(20),
            shutdown_timeout: Period::from_secs(10),
            metrics: MetricsConfig::default(),
        }
    }
}

/// A Redis, for what several nodes count together.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(default, deny_unknown_fields)]
pub struct RedisConfig {
    /// Where it is: `redis://user:password@host:6379`, or `rediss://...` with TLS. Without it, each node counts alone.
    /// `REDIS_URL` sets it too.
    #[garde(inner(custom(|url: &SecretString, (): &()| a_redis(url))))]
    #[serde(skip_serializing)]
    #[schemars(with = "Option<String>", extend("writeOnly" = true))]
    pub url: Option<SecretString>,
    /// What everything there is called first that live rooms keep. Two installations that share a Redis need two of these.
    #[garde(custom(|prefix: &String, (): &()| a_prefix(prefix)))]
    pub prefix: String,
    /// Whether production may use a Redis on another machine without TLS, or without a password: only on a network that
    /// is yours alone.
    #[garde(skip)]
    pub trusted_network: bool,
}

impl Default for RedisConfig {
    fn default() -> Self {
        Self { url: None, prefix: "mainstay".to_owned(), trusted_network: false }
    }
}

fn a_prefix(prefix: &str) -> garde::Result {
    let is_one = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    let fits = (1..=50).contains(&prefix.len()) && prefix.bytes().all(is_one);
    if fits { Ok(()) } else { Err(garde::Error::new("must have 1 to 50 letters, digits, - or _")) }
}

/// What is wrong with the URL must not be repeated: it may hold a password.
fn a_redis(url: &SecretString) -> garde::Result {
    redis::Client::open(url.expose_secret()).map(drop).map_err(|_| {
        garde::Error::new("write it like redis://user:password@host:6379, or rediss://... for TLS")
    })
}

/// The log.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(default, deny_unknown_fields)]
pub struct LogConfig {
    /// What is logged: `error`, `warn`, `info`, `debug` or `trace`, also by part: `info,store=debug`.
    /// `LOG_LEVEL` sets it too.
    #[garde(custom(|filter: &String, (): &()| log_filter(filter)))]
    pub level: String,
    /// `text` for people, `json` for machines.
    #[garde(skip)]
    pub format: LogFormat,
}

impl Default for LogConfig {
    fn default() -> Self {
        Self { level: "info".to_owned(), format: LogFormat::Text }
    }
}

/// How a line of the log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum LogFormat {
    /// For people.
    Text,
    /// For machines.
    Json,
}

/// Variables that applications of the kind we replace already set.
const ALIASES: &[Alias] = &[
    Alias { variable: "NODE_ENV", key: "mode" },
    Alias { variable: "APP_URL", key: "server.public_url" },
    Alias { variable: "DATABASE_URL", key: "store.url" },
    Alias { variable: "DB_POOL_MAX", key: "store.postgres.max_connections" },
    Alias { variable: "DB_POOL_MIN", key: "store.postgres.min_connections" },
    Alias { variable: "REDIS_URL", key: "redis.url" },
    Alias { variable: "LOG_LEVEL", key: "log.level" },
];

const FILE: &str = "mainstay.toml";
/// Where the data folder is set.
const DATA: [&str; 2] = ["server.data", "MAINSTAY__SERVER__DATA"];

impl Config {
    /// The configuration from its file, the environment and the command line.
    ///
    /// # Errors
    /// Every mistake at once.
    pub fn load(file: Option<&PathBuf>, overrides: &Overrides) -> Result<Self, Mistakes> {
        Self::from_sources(sources(file)?, overrides)
    }

    /// For orders to a process that has its settings already: what is wrong with those in the file does not matter, as long
    /// as it is clear where that process keeps its data.
    ///
    /// # Errors
    /// When it is not.
    pub fn load_for_orders(
        file: Option<&PathBuf>,
        overrides: &Overrides,
    ) -> Result<(Self, Vec<Mistake>), Mistakes> {
        let sources = sources(file)?;
        let (mut config, mistakes): (Self, _) = read_with_mistakes(&sources, ALIASES)?;
        let is_about_data = |mistake: &Mistake| DATA.contains(&&*mistake.place);
        if overrides.data.is_none() && mistakes.iter().any(is_about_data) {
            return Err(Mistakes(mistakes));
        }
        config.apply(overrides);
        Ok((config, mistakes))
    }

    fn from_sources(mut sources: Sources, overrides: &Overrides) -> Result<Self, Mistakes> {
        database_parts::compose(&mut sources.environment)?;
        let mut config: Self = read(&sources, ALIASES)?;
        config.apply(overrides);
        Ok(config)
    }

    fn apply(&mut self, overrides: &Overrides) {
        if let Some(listen) = overrides.listen {
            self.server.listen = listen;
            self.edge.listen = vec![listen];
        }
        if let Some(data) = &overrides.data {
            self.server.data.clone_from(data);
        }
    }

    /// Which database is meant.
    ///
    /// # Errors
    /// When the URL names none.
    pub fn location(&self) -> Result<Location, LocationError> {
        match &self.store.url {
            Some(url) => Location::parse(url),
            None => Ok(Location::in_folder(&self.server.data)),
        }
    }

    /// The host of the object store, as far as it can be one.
    pub(crate) fn object_store_host(&self) -> Option<AllowedHost> {
        let endpoint = self.audit.object_store.endpoint.as_ref()?;
        AllowedHost::of(&Url::parse(endpoint).ok()?)
    }

    /// Whether the API reference is served.
    pub(crate) fn serves_reference(&self) -> bool {
        self.server.api_docs.unwrap_or(!self.is_production())
    }

    /// Whether this serves people.
    pub fn is_production(&self) -> bool {
        self.mode == Mode::Production
    }
}

impl ServerConfig {
    /// How people reach an installation that listens on `address`.
    pub(crate) fn url_at(&self, address: SocketAddr) -> String {
        match &self.public_url {
            Some(url) => url.clone(),
            // By name: browsers keep passkeys for names only.
            None if address.ip().is_unspecified() || address.ip().is_loopback() => {
                format!("http://localhost:{}", address.port())
            }
            None => format!("http://{address}"),
        }
    }
}

fn sources(file: Option<&PathBuf>) -> Result<Sources, Mistakes> {
    let usual = PathBuf::from(FILE);
    let file = file.or_else(|| usual.exists().then_some(&usual));
    Sources::of_this_process(file)
}

fn an_origin(text: &str) -> garde::Result {
    let example = "write it like https://learn.example.org, without a path and without a slash at the end";
    let is_origin = Url::parse(text).is_ok_and(|url| {
        matches!(url.scheme(), "http" | "https") && url.origin().ascii_serialization() == text
    });
    if is_origin { Ok(()) } else { Err(garde::Error::new(example)) }
}

fn log_filter(text: &str) -> garde::Result {
    // A bare word is a level. The library would take it for the name of a part and silence all others.
    let known = |part: &str| {
        part.rsplit('=').next().is_some_and(|level| !level.is_empty() && level.parse::<LevelFilter>().is_ok())
    };
    let parsed = text.parse::<Targets>().is_ok() && text.split(',').all(known);
    let words = "must be error, warn, info, debug or trace, also by part: info,store=debug";
    if parsed { Ok(()) } else { Err(garde::Error::new(words)) }
}

/// Where the data folder lies, for messages.
pub(crate) fn shown(path: &Path) -> String {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned()).display().to_string()
}

#[cfg(test)]
mod tests;
