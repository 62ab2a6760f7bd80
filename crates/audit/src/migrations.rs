//! The schema of this room. A released migration is never changed.

mod m20261122_000003_audit_logs;

use sea_orm_migration::MigrationTrait;

/// The migrations of this room, oldest first.
pub fn migrations() -> Vec<Box<dyn MigrationTrait>> {
    vec![Box::new(m20261122_000003_audit_logs::Migration)]
}
