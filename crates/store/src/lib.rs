//! The cellar: one database API over SQLite (nothing to install) or PostgreSQL (grown up).
//!
//! [`Store`] hands out readers and units of work; [`Migrations`] changes the schema, up and down; [`StoreError`]
//! says what went wrong and whether trying again is safe. Rooms write their SQL once, through `SeaORM`, and it runs
//! on both databases with the same isolation: every unit of work is serialisable.

mod config;
mod connect;
mod error;
mod location;
mod migrations;
mod pool;
mod retry;
mod unit;

pub use config::{Config, PostgresConfig, SqliteConfig, TlsPolicy};
pub use error::StoreError;
pub use location::{Location, LocationError, is_this_machine};
pub use migrations::{AppliedMigration, Migrations, RoomMigrations};
pub use pool::PoolState;
pub use retry::{Retriable, Retry};
pub use sea_orm;
pub use sea_orm_migration;
pub use unit::{Snapshot, Store, Unit};
