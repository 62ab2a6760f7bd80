//! Who was in which live room, and when.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    pk_uuid, string_len, string_len_null, timestamp_with_time_zone, timestamp_with_time_zone_null, uuid,
};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // One row for each socket's time in a room.
        let sessions = Table::create()
            .table("collaboration_sessions")
            .col(pk_uuid("id"))
            .col(uuid("user_id"))
            .col(string_len("room_id", 100))
            .col(string_len_null("course_id", 100))
            .col(timestamp_with_time_zone("joined_at"))
            .col(timestamp_with_time_zone_null("left_at"))
            // The server it is at, and when that was last known to live.
            .col(uuid("node"))
            .col(timestamp_with_time_zone("seen_at"))
            .take();
        manager.create_table(sessions).await?;
        for column in ["user_id", "left_at"] {
            let index = Index::create()
                .name(format!("idx_collaboration_sessions_{column}"))
                .table("collaboration_sessions")
                .col(column)
                .take();
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("collaboration_sessions").take()).await
    }
}
