//! What happened.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    json_binary_null, pk_uuid, string_len, string_len_null, text_null, timestamp_with_time_zone, uuid_null,
};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // No foreign keys: what happened stays true when those it happened to are gone.
        let table = Table::create()
            .table("audit_logs")
            .col(pk_uuid("id"))
            .col(uuid_null("user_id"))
            .col(string_len("action", 100))
            .col(string_len("resource", 100))
            .col(uuid_null("resource_id"))
            .col(string_len("status", 20))
            .col(string_len_null("ip_address", 45))
            .col(text_null("user_agent"))
            .col(json_binary_null("details"))
            .col(timestamp_with_time_zone("created_at"))
            .take();
        manager.create_table(table).await?;
        for column in ["user_id", "resource_id", "action", "created_at"] {
            let index = Index::create()
                .name(format!("idx_audit_logs_{column}"))
                .table("audit_logs")
                .col(column)
                .take();
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("audit_logs").take()).await
    }
}
