//! Users, their sessions, and one-time links.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    binary_len, boolean, pk_uuid, string_len, text, timestamp_with_time_zone, timestamp_with_time_zone_null,
    uuid, uuid_null,
};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(users()).await?;
        let active = Expr::col("email_verified").eq(true).and(Expr::col("deleted_at").is_null());
        manager.create_index(unique_among(active, "email_key")).await?;
        // The name of somebody who has left is not given to another.
        manager.create_index(unique_among(Expr::col("email_verified").eq(true), "username_key")).await?;
        manager.create_index(index("users", "email_key")).await?;
        manager.create_table(sessions()).await?;
        manager.create_index(index("sessions", "user_id")).await?;
        manager.create_index(index("sessions", "expires_at")).await?;
        manager.create_table(one_time_links()).await?;
        manager.create_index(index("one_time_links", "user_id")).await?;
        manager.create_index(index("one_time_links", "expires_at")).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["one_time_links", "sessions", "users"] {
            manager.drop_table(Table::drop().table(table).take()).await?;
        }
        Ok(())
    }
}

fn users() -> TableCreateStatement {
    Table::create()
        .table("users")
        .col(pk_uuid("id"))
        .col(string_len("email", 254))
        .col(string_len("email_key", 254))
        .col(string_len("username", 50))
        .col(string_len("username_key", 50))
        .col(text("password_hash"))
        .col(string_len("role", 20))
        .col(boolean("email_verified").default(false))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("updated_at"))
        .col(timestamp_with_time_zone_null("deleted_at"))
        .take()
}

/// Somebody who signs up with another's address, or with a name that somebody else wants, must not keep them from
/// doing so: what counts is who confirms.
fn unique_among(counted: Expr, column: &'static str) -> IndexCreateStatement {
    Index::create()
        .name(format!("users_verified_{column}"))
        .table("users")
        .col(column)
        .unique()
        .and_where(counted)
        .take()
}

fn sessions() -> TableCreateStatement {
    Table::create()
        .table("sessions")
        .col(pk_uuid("id"))
        .col(uuid("user_id"))
        .col(binary_len("token_hash", 32).unique_key())
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("last_seen_at"))
        .col(timestamp_with_time_zone("expires_at"))
        .foreign_key(&mut belongs_to_user("sessions", ForeignKeyAction::Cascade))
        .take()
}

fn one_time_links() -> TableCreateStatement {
    Table::create()
        .table("one_time_links")
        .col(pk_uuid("id"))
        .col(string_len("purpose", 30))
        .col(binary_len("token_hash", 32).unique_key())
        .col(uuid_null("user_id"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("expires_at"))
        .col(timestamp_with_time_zone_null("used_at"))
        // A link outlives its user, so that whoever follows it is told that it has expired, not that it never was.
        .foreign_key(&mut belongs_to_user("one_time_links", ForeignKeyAction::SetNull))
        .take()
}

fn belongs_to_user(table: &'static str, on_delete: ForeignKeyAction) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .name(format!("{table}_user_id_fkey"))
        .from(table, "user_id")
        .to("users", "id")
        .on_delete(on_delete)
        .take()
}

fn index(table: &'static str, column: &'static str) -> IndexCreateStatement {
    Index::create().name(format!("idx_{table}_{column}")).table(table).col(column).take()
}
