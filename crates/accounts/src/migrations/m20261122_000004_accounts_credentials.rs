//! Sessions with rotated refresh tokens, second factors, access tokens, keys, and counters against guessing.
//!
//! Sessions from before cannot be carried over: their cookie is another kind of token. Everybody signs in once more.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, binary, binary_len, binary_null, integer, pk_uuid, string_len, string_len_null, text,
    text_null, timestamp_with_time_zone, timestamp_with_time_zone_null, uuid, uuid_null,
};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("sessions").take()).await?;
        for column in [
            timestamp_with_time_zone_null("disabled_at"),
            timestamp_with_time_zone_null("second_factor_since"),
            timestamp_with_time_zone_null("tokens_valid_after"),
            timestamp_with_time_zone_null("last_seen_at"),
            string_len_null("legacy_id", 200),
        ] {
            manager.alter_table(Table::alter().table("users").add_column(column).take()).await?;
        }
        let legacy = Index::create().name("users_legacy_id").table("users").col("legacy_id").unique().take();
        manager.create_index(legacy).await?;
        let new_email = string_len_null("email", 254);
        manager.alter_table(Table::alter().table("one_time_links").add_column(new_email).take()).await?;
        for table in tables() {
            manager.create_table(table).await?;
        }
        for (table, column) in INDEXED {
            manager.create_index(index(table, column)).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [
            "throttles",
            "keys",
            "access_tokens",
            "passkeys",
            "backup_codes",
            "totp_credentials",
            "ceremonies",
            "known_devices",
            "refresh_tokens",
            "sessions",
        ] {
            manager.drop_table(Table::drop().table(table).take()).await?;
        }
        manager.drop_index(Index::drop().name("users_legacy_id").table("users").to_owned()).await?;
        for (table, column) in [
            ("one_time_links", "email"),
            ("users", "legacy_id"),
            ("users", "last_seen_at"),
            ("users", "tokens_valid_after"),
            ("users", "second_factor_since"),
            ("users", "disabled_at"),
        ] {
            manager.alter_table(Table::alter().table(table).drop_column(column).take()).await?;
        }
        manager.create_table(sessions_of_before()).await?;
        manager.create_index(index("sessions", "user_id")).await?;
        manager.create_index(index("sessions", "expires_at")).await
    }
}

const INDEXED: [(&str, &str); 13] = [
    ("sessions", "user_id"),
    ("sessions", "expires_at"),
    ("refresh_tokens", "session_id"),
    ("refresh_tokens", "expires_at"),
    ("known_devices", "user_id"),
    ("known_devices", "last_seen_at"),
    ("ceremonies", "expires_at"),
    ("totp_credentials", "key_id"),
    ("backup_codes", "user_id"),
    ("passkeys", "user_id"),
    ("access_tokens", "user_id"),
    ("access_tokens", "expires_at"),
    ("throttles", "last_at"),
];

fn tables() -> [TableCreateStatement; 10] {
    [
        table("sessions")
            .col(pk_uuid("id"))
            .col(uuid("user_id"))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone("last_seen_at"))
            .col(timestamp_with_time_zone("authenticated_at"))
            .col(timestamp_with_time_zone("expires_at"))
            .col(string_len("method", 30))
            .col(string_len_null("ip_address", 45))
            .col(text_null("user_agent"))
            .foreign_key(&mut belongs_to("sessions", "user_id", "users"))
            .take(),
        table("refresh_tokens")
            .col(pk_uuid("id"))
            .col(uuid("session_id"))
            .col(binary_len("token_hash", 32).unique_key())
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone("expires_at"))
            .col(timestamp_with_time_zone_null("used_at"))
            .foreign_key(&mut belongs_to("refresh_tokens", "session_id", "sessions"))
            .take(),
        table("known_devices")
            .col(pk_uuid("id"))
            .col(uuid("user_id"))
            .col(binary_len("token_hash", 32))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone("last_seen_at"))
            .index(Index::create().name("known_devices_owner").col("token_hash").col("user_id").unique())
            .foreign_key(&mut belongs_to("known_devices", "user_id", "users"))
            .take(),
        table("ceremonies")
            .col(pk_uuid("id"))
            .col(string_len("kind", 30))
            .col(binary_len("token_hash", 32).unique_key())
            .col(uuid_null("user_id"))
            .col(text_null("state"))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone("expires_at"))
            .foreign_key(&mut belongs_to("ceremonies", "user_id", "users"))
            .take(),
        table("totp_credentials")
            .col(pk_uuid("user_id"))
            .col(binary("seed"))
            .col(uuid("key_id"))
            .col(big_integer("last_step"))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone_null("enabled_at"))
            .col(uuid_null("session_id"))
            .foreign_key(&mut belongs_to("totp_credentials", "user_id", "users"))
            .take(),
        table("backup_codes")
            .col(pk_uuid("id"))
            .col(uuid("user_id"))
            .col(binary_len("code_hash", 32).unique_key())
            .col(timestamp_with_time_zone("created_at"))
            .foreign_key(&mut belongs_to("backup_codes", "user_id", "users"))
            .take(),
        table("passkeys")
            .col(pk_uuid("id"))
            .col(uuid("user_id"))
            .col(binary("credential_id").unique_key())
            .col(string_len("name", 100))
            .col(text("credential"))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone_null("last_used_at"))
            .foreign_key(&mut belongs_to("passkeys", "user_id", "users"))
            .take(),
        table("access_tokens")
            .col(pk_uuid("id"))
            .col(uuid("user_id"))
            .col(string_len("name", 100))
            .col(binary_len("token_hash", 32).unique_key())
            .col(string_len("scopes", 100))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone("expires_at"))
            .col(timestamp_with_time_zone_null("last_used_at"))
            .foreign_key(&mut belongs_to("access_tokens", "user_id", "users"))
            .take(),
        table("keys")
            .col(pk_uuid("id"))
            .col(string_len("purpose", 20))
            .col(binary("sealed"))
            .col(binary_null("public"))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone_null("retires_at"))
            .take(),
        table("throttles")
            .col(binary_len("key", 32).primary_key())
            .col(integer("failures"))
            .col(timestamp_with_time_zone("last_at"))
            .col(timestamp_with_time_zone("previous_at"))
            .take(),
    ]
}

fn sessions_of_before() -> TableCreateStatement {
    table("sessions")
        .col(pk_uuid("id"))
        .col(uuid("user_id"))
        .col(binary_len("token_hash", 32).unique_key())
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("last_seen_at"))
        .col(timestamp_with_time_zone("expires_at"))
        .foreign_key(&mut belongs_to("sessions", "user_id", "users"))
        .take()
}

fn table(name: &'static str) -> TableCreateStatement {
    Table::create().table(name).take()
}

fn belongs_to(table: &'static str, column: &'static str, owner: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .name(format!("{table}_{column}_fkey"))
        .from(table, column)
        .to(owner, "id")
        .on_delete(ForeignKeyAction::Cascade)
        .take()
}

fn index(table: &'static str, column: &'static str) -> IndexCreateStatement {
    Index::create().name(format!("idx_{table}_{column}")).table(table).col(column).take()
}
