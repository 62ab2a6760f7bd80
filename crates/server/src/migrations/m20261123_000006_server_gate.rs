//! How far the history of the street gate is in the audit log.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, pk_uuid, timestamp_with_time_zone};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // One row for each server that has a gate beside it.
        let followers = Table::create()
            .table("gate_followers")
            .col(pk_uuid("id"))
            .col(big_integer("number"))
            .col(timestamp_with_time_zone("at"))
            .take();
        manager.create_table(followers).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("gate_followers").take()).await
    }
}
