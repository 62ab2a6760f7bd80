//! How full the pools of connections are.

use sea_orm::{DatabaseConnection, DbBackend};
use sqlx::{Database, Pool};

/// A pool of connections at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PoolState {
    /// What it is for: `writer` and `readers` on SQLite, `all` on PostgreSQL.
    pub name: &'static str,
    /// How many connections are in use, those included that are being opened.
    pub in_use: u32,
    /// How many there may be.
    pub max: u32,
}

/// How full the pools are behind these connections.
pub(crate) fn states(writer: &DatabaseConnection, reader: &DatabaseConnection) -> Vec<PoolState> {
    match writer.get_database_backend() {
        DbBackend::Sqlite => vec![
            state("writer", writer.get_sqlite_connection_pool()),
            state("readers", reader.get_sqlite_connection_pool()),
        ],
        // There both are the same.
        _ => vec![state("all", writer.get_postgres_connection_pool())],
    }
}

fn state<D: Database>(name: &'static str, pool: &Pool<D>) -> PoolState {
    let idle = u32::try_from(pool.num_idle()).unwrap_or(u32::MAX);
    // The two are read one after the other, and one may come back between them.
    PoolState { name, in_use: pool.size().saturating_sub(idle), max: pool.options().get_max_connections() }
}
