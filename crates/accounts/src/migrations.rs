//! The schema of this room, step by step. A released migration is never changed.

mod m20261122_000001_accounts_users;
mod m20261122_000002_accounts_mail;
mod m20261122_000004_accounts_credentials;
mod m20261124_000008_accounts_ended;

use sea_orm_migration::MigrationTrait;

/// The migrations of this room, oldest first.
pub fn migrations() -> Vec<Box<dyn MigrationTrait>> {
    vec![
        Box::new(m20261122_000001_accounts_users::Migration),
        Box::new(m20261122_000002_accounts_mail::Migration),
        Box::new(m20261122_000004_accounts_credentials::Migration),
        Box::new(m20261124_000008_accounts_ended::Migration),
    ]
}
