//! Documents of live rooms.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, binary, binary_null, string_len, timestamp_with_time_zone, uuid,
};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

/// A course, a slash, and a room.
const LONGEST_ROOM: u32 = 201;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let documents = Table::create()
            .table("live_documents")
            .col(string_len("room", LONGEST_ROOM).primary_key())
            .col(big_integer("number"))
            .col(binary_null("snapshot"))
            .col(big_integer("snapshot_number"))
            .take();
        manager.create_table(documents).await?;
        let updates = Table::create()
            .table("live_document_updates")
            .col(string_len("room", LONGEST_ROOM))
            .col(big_integer("number"))
            .col(uuid("user_id"))
            .col(binary("content"))
            .col(timestamp_with_time_zone("created_at"))
            .primary_key(Index::create().col("room").col("number"))
            .take();
        manager.create_table(updates).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("live_document_updates").take()).await?;
        manager.drop_table(Table::drop().table("live_documents").take()).await
    }
}
