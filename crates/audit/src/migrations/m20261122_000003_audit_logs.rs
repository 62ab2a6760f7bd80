//! What happened, and what proves it.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_integer_null, binary, binary_null, integer, json_binary_null, pk_uuid, string,
    string_len, string_len_null, text_null, timestamp_with_time_zone, uuid_null,
};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // No foreign keys: what happened stays true when those it happened to are gone.
        let entries = Table::create()
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
            // What was erased is committed to by its hash; without the salt nobody can guess it from that.
            .col(binary_null("origin_salt"))
            .col(binary("origin_hash"))
            .col(binary_null("details_salt"))
            .col(binary("details_hash"))
            // The place in the chain, and the authentication code that holds it there.
            .col(big_integer_null("sequence").check(Expr::col("sequence").gt(0)))
            .col(binary("mac"))
            .take();
        manager.create_table(entries).await?;
        for column in ["user_id", "resource_id", "action", "created_at"] {
            let index = Index::create()
                .name(format!("idx_audit_logs_{column}"))
                .table("audit_logs")
                .col(column)
                .take();
            manager.create_index(index).await?;
        }
        // Finds what is not in the chain yet, too: neither database takes two NULLs for the same.
        let index = Index::create()
            .name("idx_audit_logs_sequence")
            .table("audit_logs")
            .col("sequence")
            .unique()
            .take();
        manager.create_index(index).await?;

        // Where the chain ends, and the code that shows who noted it: nobody has, yet.
        let head = Table::create()
            .table("audit_chain")
            .col(integer("id").primary_key())
            .col(big_integer("sequence"))
            .col(binary("mac"))
            .col(binary("link"))
            .col(binary("code"))
            .take();
        manager.create_table(head).await?;
        let first = Query::insert()
            .into_table("audit_chain")
            .columns(["id", "sequence", "mac", "link", "code"])
            .values_panic([
                1.into(),
                0_i64.into(),
                vec![0_u8; 32].into(),
                vec![0_u8; 32].into(),
                Vec::<u8>::new().into(),
            ])
            .take();
        manager.execute(first).await?;

        let checkpoints = Table::create()
            .table("audit_checkpoints")
            .col(big_integer("sequence").primary_key())
            .col(timestamp_with_time_zone("created_at"))
            .col(binary("mac"))
            .col(binary("link"))
            .col(binary("signature"))
            .take();
        manager.create_table(checkpoints).await?;

        // How far each witness outside of the database has been told.
        let witnesses = Table::create()
            .table("audit_witnesses")
            .col(string("name").primary_key())
            .col(big_integer("sequence"))
            .take();
        manager.create_table(witnesses).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["audit_witnesses", "audit_checkpoints", "audit_chain", "audit_logs"] {
            manager.drop_table(Table::drop().table(table).take()).await?;
        }
        Ok(())
    }
}
