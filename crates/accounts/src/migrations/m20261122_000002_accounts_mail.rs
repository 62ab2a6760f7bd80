//! Outgoing mail.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    integer, pk_uuid, string_len, text, timestamp_with_time_zone, timestamp_with_time_zone_null,
};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table("outgoing_mails")
            .col(pk_uuid("id"))
            .col(string_len("recipient", 254))
            .col(string_len("subject", 200))
            .col(text("text"))
            .col(timestamp_with_time_zone("created_at"))
            .col(integer("attempts").default(0))
            .col(timestamp_with_time_zone("next_attempt_at"))
            .col(timestamp_with_time_zone_null("delivered_at"))
            .take();
        manager.create_table(table).await?;
        let due = Index::create()
            .name("idx_outgoing_mails_due")
            .table("outgoing_mails")
            .col("next_attempt_at")
            .and_where(Expr::col("delivered_at").is_null())
            .take();
        manager.create_index(due).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("outgoing_mails").take()).await
    }
}
