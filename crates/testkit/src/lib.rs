//! What tests need and production never sees: a fresh database per test on either back-end, time that moves when
//! told, chance that repeats itself, a real server on a free port and a client that keeps cookies.

mod ambient;
mod client;
mod database;
mod guest;
mod log;
mod patience;
mod raw;
mod redis_server;
mod server;

pub use ambient::{FakeClock, SeededRandomness, TestAmbient};
pub use client::{Answer, Client, http};
pub use database::{TestDatabase, postgres_authority, redis_url};
pub use guest::{Guest, Memory};
pub use log::Log;
pub use patience::until;
pub use raw::{Connection, free_port};
pub use redis_server::RedisServer;
pub use server::TestServer;

/// Declares tests that run on SQLite and on PostgreSQL, each on a fresh, migrated database.
///
/// ```ignore
/// testkit::on_both_databases! {
///     migrations: accounts::migrations;
///
///     async fn a_user_is_found_again(database) { ... }
/// }
/// ```
#[macro_export]
macro_rules! on_both_databases {
    (migrations: $rooms:expr; $($(#[$attribute:meta])* async fn $name:ident($database:ident) $body:block)+) => { $(
        $(#[$attribute])*
        mod $name {
            #[allow(unused_imports, reason = "a test need not use what its neighbours use")]
            use super::*;

            async fn run($database: $crate::TestDatabase) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                run($crate::TestDatabase::sqlite(&store::Migrations::of($rooms)).await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                run($crate::TestDatabase::postgres(&store::Migrations::of($rooms)).await).await;
            }
        }
    )+ };
}
