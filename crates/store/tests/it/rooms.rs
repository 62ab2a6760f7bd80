//! A room made for these tests: one table of notes.

use store::RoomMigrations;
use store::sea_orm::{ConnectionTrait, DbErr, Statement};
use store::sea_orm_migration::prelude::*;

pub(crate) fn notes() -> [RoomMigrations; 1] {
    [|| vec![Box::new(Notes), Box::new(Marks)]]
}

pub(crate) struct Notes;

impl MigrationName for Notes {
    fn name(&self) -> &'static str {
        "m20260101_000001_notes"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Notes {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let id = ColumnDef::new("id").big_integer().not_null().primary_key().take();
        let text = ColumnDef::new("text").string().not_null().unique_key().take();
        let count = ColumnDef::new("count").big_integer().not_null().default(0).take();
        manager.create_table(Table::create().table("notes").col(id).col(text).col(count).take()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("notes").take()).await
    }
}

pub(crate) struct Marks;

impl MigrationName for Marks {
    fn name(&self) -> &'static str {
        "m20260102_000001_notes_marks"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Marks {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mark = ColumnDef::new("mark").string().take();
        manager.alter_table(Table::alter().table("notes").add_column(mark).take()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(Table::alter().table("notes").drop_column("mark").take()).await
    }
}

pub(crate) async fn insert(connection: &impl ConnectionTrait, id: i64, text: &str) -> Result<(), DbErr> {
    let insert = Query::insert()
        .into_table("notes")
        .columns(["id", "text"])
        .values_panic([id.into(), text.into()])
        .take();
    connection.execute(&insert).await.map(drop)
}

/// Reads the count and writes it back one higher: wrong under any isolation that lets two do so at once.
pub(crate) async fn count_up(connection: &impl ConnectionTrait, id: i64) -> Result<(), DbErr> {
    let count = count(connection, id).await?;
    let update =
        Query::update().table("notes").value("count", count + 1).and_where(Expr::col("id").eq(id)).take();
    connection.execute(&update).await.map(drop)
}

pub(crate) async fn count(connection: &impl ConnectionTrait, id: i64) -> Result<i64, DbErr> {
    number(connection, &format!("SELECT count AS n FROM notes WHERE id = {id}")).await
}

pub(crate) async fn number(connection: &impl ConnectionTrait, sql: &str) -> Result<i64, DbErr> {
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    let row = connection.query_one_raw(statement).await?.expect("one row");
    row.try_get("", "n")
}
