//! Settings of the database.

use std::path::PathBuf;

use foundation::SecretString;
use foundation::config::Period;
use garde::Validate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Where the data lives and how it is reached.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// The database: `postgres://user:password@host:5432/name`, or `sqlite:PATH`.
    /// Without it, the file `mainstay.sqlite` in the data folder. `DATABASE_URL` sets it too.
    #[garde(skip)]
    #[serde(skip_serializing)]
    #[schemars(with = "Option<String>", extend("writeOnly" = true))]
    pub url: Option<SecretString>,
    /// Settings that matter on SQLite.
    #[garde(dive)]
    pub sqlite: SqliteConfig,
    /// Settings that matter on PostgreSQL.
    #[garde(dive)]
    pub postgres: PostgresConfig,
}

/// Settings that matter on SQLite.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(default, deny_unknown_fields)]
pub struct SqliteConfig {
    /// How many connections read at the same time. There is always exactly one that writes.
    #[garde(range(min = 1, max = 64))]
    pub readers: u32,
    /// How long a write waits for another process (a backup, a command) to finish its own.
    #[garde(custom(|period: &Period, (): &()| period.within(Period::SECOND, Period::HOUR)))]
    pub busy_timeout: Period,
    /// How long a request waits for its turn to write before it is told that the server is busy.
    #[garde(custom(|period: &Period, (): &()| period.within(Period::SECOND, Period::HOUR)))]
    pub write_timeout: Period,
}

impl Default for SqliteConfig {
    fn default() -> Self {
        Self { readers: 4, busy_timeout: Period::from_secs(5), write_timeout: Period::from_secs(10) }
    }
}

/// Settings that matter on PostgreSQL.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(default, deny_unknown_fields)]
pub struct PostgresConfig {
    /// The most connections this process opens. `DB_POOL_MAX` sets it too.
    #[garde(range(min = 2, max = 1000))]
    pub max_connections: u32,
    /// How many connections are kept open when there is nothing to do. `DB_POOL_MIN` sets it too.
    #[garde(custom(no_more_than(self.max_connections)))]
    pub min_connections: u32,
    /// How long a connection may be idle before it is closed.
    #[garde(custom(|period: &Period, (): &()| period.within(Period::SECOND, Period::HOUR)))]
    pub idle_timeout: Period,
    /// How long a request waits for a connection before it is told that the server is busy.
    #[garde(custom(|period: &Period, (): &()| period.within(Period::SECOND, Period::HOUR)))]
    pub connect_timeout: Period,
    /// How long one statement may run before PostgreSQL ends it.
    #[garde(custom(|period: &Period, (): &()| period.within(Period::SECOND, Period::HOUR)))]
    pub statement_timeout: Period,
    /// Whether the connection is encrypted and the server's certificate verified: `auto` (in production, unless the
    /// server is on this machine), `verify`, or `off` (then the `sslmode` in the URL decides).
    #[garde(skip)]
    pub tls: TlsPolicy,
    /// The certificate authority (PEM) that signed the server's certificate, if it is not a public one.
    #[garde(skip)]
    pub tls_ca_file: Option<PathBuf>,
}

impl Default for PostgresConfig {
    fn default() -> Self {
        Self {
            max_connections: 30,
            min_connections: 10,
            idle_timeout: Period::from_secs(30),
            connect_timeout: Period::from_secs(2),
            statement_timeout: Period::from_secs(30),
            tls: TlsPolicy::Auto,
            tls_ca_file: None,
        }
    }
}

fn no_more_than(max: u32) -> impl FnOnce(&u32, &()) -> garde::Result {
    move |value, ()| {
        if *value <= max {
            Ok(())
        } else {
            Err(garde::Error::new(format!("must be at most max_connections ({max})")))
        }
    }
}

/// When the way to PostgreSQL is encrypted and the server's certificate verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum TlsPolicy {
    /// In production, unless the server is on this machine.
    Auto,
    /// Always.
    Verify,
    /// As the URL's `sslmode` says: the network between the two is trusted.
    Off,
}
