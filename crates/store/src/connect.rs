//! Opens the connections: one writer and many readers on SQLite, one pool on PostgreSQL.

use std::fs::OpenOptions;
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::Path;
use std::time::Duration;

use foundation::{ExposeSecret as _, SecretString};
use sea_orm::DatabaseConnection;
use sqlx::pool::{PoolConnectionMetadata, PoolOptions};
use sqlx::postgres::{PgConnectOptions, PgSslMode};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Connection as _, Database, PgConnection, Postgres, Sqlite};
use tracing::log::LevelFilter;

use crate::{Location, PostgresConfig, SqliteConfig, StoreError, TlsPolicy};

/// A connection that rested for less than this is handed out without asking whether it still lives; a dead one shows
/// at its first statement, and the unit is tried again.
const TRUSTED_REST: Duration = Duration::from_secs(5);

/// A statement that takes longer than this is logged (without its values).
const SLOW: Duration = Duration::from_secs(1);

/// Where units of work and reads go.
pub(crate) struct Connections {
    pub(crate) writer: DatabaseConnection,
    pub(crate) reader: DatabaseConnection,
}

pub(crate) async fn sqlite(path: &Path, config: &SqliteConfig) -> Result<Connections, StoreError> {
    make_private_file(path)
        .map_err(|source| StoreError::Folder { folder: folder_of(path).to_owned(), source })?;
    let options = SqliteConnectOptions::new()
        .filename(path)
        .journal_mode(SqliteJournalMode::Wal)
        // A commit that was answered survives a power cut, not only a crash of this process.
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        // What is deleted is overwritten: without it, it stays in the file until its page is used again.
        .pragma("secure_delete", "ON")
        .busy_timeout(config.busy_timeout.into())
        .optimize_on_close(true, None)
        .log_statements(LevelFilter::Trace)
        .log_slow_statements(LevelFilter::Warn, SLOW);

    let open = |pool: PoolOptions<Sqlite>, options| async move {
        let database = || Location::Sqlite(path.to_owned()).name();
        pool.connect_with(options)
            .await
            .map_err(|cause| StoreError::Unreadable { database: database(), cause })
    };
    // One writer: units of work queue here, in the process, and never meet SQLite's own lock.
    let one = pool::<Sqlite>(1, 1, config.write_timeout.into()).idle_timeout(None).max_lifetime(None);
    let writer = open(one, options.clone()).await?;
    let many = pool::<Sqlite>(config.readers, 1, config.write_timeout.into());
    let reader = open(many, options.pragma("query_only", "ON")).await?;
    Ok(Connections { writer: writer.into(), reader: reader.into() })
}

/// A new database is readable by its owner only; SQLite gives its companion files the same mode.
fn make_private_file(path: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(folder_of(path))?;
    let file = OpenOptions::new().create(true).append(true).mode(0o600).open(path)?;
    if file.metadata()?.mode() & 0o077 != 0 {
        let path = path.display();
        tracing::warn!(
            "others on this machine can read the database {path}; unless they should: chmod 600 {path}*"
        );
    }
    Ok(())
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

pub(crate) async fn postgres(
    name: &str,
    url: &SecretString,
    schema: Option<&str>,
    verify_tls: bool,
    config: &PostgresConfig,
) -> Result<Connections, StoreError> {
    let unreachable = |cause| StoreError::Unreachable { database: name.to_owned(), cause };
    let mut options: PgConnectOptions = url.expose_secret().parse().map_err(unreachable)?;
    options = options
        .application_name("mainstay")
        .options([("statement_timeout", config.statement_timeout.as_duration().as_millis().to_string())])
        .log_statements(LevelFilter::Trace)
        .log_slow_statements(LevelFilter::Warn, SLOW);
    if verify_tls {
        options = options.ssl_mode(PgSslMode::VerifyFull);
    }
    if let Some(file) = &config.tls_ca_file {
        options = options.ssl_root_cert(file);
    }
    if let Some(schema) = schema {
        options = options.options([("search_path", schema)]);
    }
    try_once(&options, config.connect_timeout.into()).await.map_err(unreachable)?;
    // The pool fills in the background: over TLS, its first ten connections take a second.
    let pool =
        pool::<Postgres>(config.max_connections, config.min_connections, config.connect_timeout.into())
            .idle_timeout(config.idle_timeout.as_duration())
            .connect_lazy_with(options);
    let pool = DatabaseConnection::from(pool);
    Ok(Connections { writer: pool.clone(), reader: pool })
}

/// The pool keeps trying and at last only says that time is up; a connection of our own says why.
async fn try_once(options: &PgConnectOptions, wait: Duration) -> Result<(), sqlx::Error> {
    match tokio::time::timeout(wait, PgConnection::connect_with(options)).await {
        Ok(connection) => connection?.close().await,
        Err(_) => Err(sqlx::Error::PoolTimedOut),
    }
}

/// Whether to insist on an encrypted connection to a verified server.
pub(crate) fn verifies_tls(policy: TlsPolicy, local: bool, production: bool) -> bool {
    match policy {
        TlsPolicy::Auto => production && !local,
        TlsPolicy::Verify => true,
        TlsPolicy::Off => false,
    }
}

fn pool<D: Database>(max: u32, min: u32, wait: Duration) -> PoolOptions<D> {
    PoolOptions::new()
        .max_connections(max)
        .min_connections(min)
        .acquire_timeout(wait)
        .test_before_acquire(false)
        .before_acquire(|connection: &mut D::Connection, meta: PoolConnectionMetadata| {
            Box::pin(async move {
                if meta.idle_for > TRUSTED_REST {
                    connection.ping().await?;
                }
                Ok(true)
            })
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    // ASVS 12.3.1
    #[test]
    fn tls_is_verified_in_production_unless_the_server_is_here() {
        assert!(verifies_tls(TlsPolicy::Auto, false, true));
        assert!(!verifies_tls(TlsPolicy::Auto, true, true));
        assert!(!verifies_tls(TlsPolicy::Auto, false, false));
        assert!(verifies_tls(TlsPolicy::Verify, true, false));
        assert!(!verifies_tls(TlsPolicy::Off, false, true));
    }
}
