//! Whether there is maintenance, and what browsers report about content security policies.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, binary_uniq, integer, integer_null, pk_uuid, string_len, text_null,
    timestamp_with_time_zone, timestamp_with_time_zone_null,
};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // One row while there is maintenance.
        let maintenance = Table::create()
            .table("maintenance")
            .col(integer("id").primary_key())
            .col(timestamp_with_time_zone("since"))
            .col(timestamp_with_time_zone_null("until"))
            .col(text_null("message"))
            .take();
        manager.create_table(maintenance).await?;

        let reports = Table::create()
            .table("csp_reports")
            .col(pk_uuid("id"))
            // The hash of what makes a report the same as another.
            .col(binary_uniq("key"))
            .col(string_len("page", 200))
            .col(string_len("directive", 40))
            .col(string_len("blocked", 200))
            .col(string_len("source", 200))
            .col(integer_null("line"))
            .col(big_integer("seen"))
            .col(timestamp_with_time_zone("first_seen_at"))
            .col(timestamp_with_time_zone("last_seen_at"))
            .take();
        manager.create_table(reports).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("csp_reports").take()).await?;
        manager.drop_table(Table::drop().table("maintenance").take()).await
    }
}
