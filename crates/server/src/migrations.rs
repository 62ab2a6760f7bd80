//! The schema of what the program knows about itself. A released migration is never changed.

mod m20261122_000005_server_operation;
mod m20261123_000006_server_gate;
mod m20261124_000007_server_live;
mod m20261124_000009_server_documents;

use sea_orm_migration::MigrationTrait;

/// The migrations of the front door, oldest first.
pub fn own_migrations() -> Vec<Box<dyn MigrationTrait>> {
    vec![
        Box::new(m20261122_000005_server_operation::Migration),
        Box::new(m20261123_000006_server_gate::Migration),
        Box::new(m20261124_000007_server_live::Migration),
        Box::new(m20261124_000009_server_documents::Migration),
    ]
}
