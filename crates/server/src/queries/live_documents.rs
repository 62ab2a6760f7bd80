//! Documents of live rooms: all changes, until a snapshot has them.

use foundation::{Timestamp, Uuid};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait as _, OnConflict};
use sea_orm::{ConnectionTrait, DbErr, IntoActiveModel as _};

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "live_documents")]
pub(crate) struct Model {
    /// The room it belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub room: String,
    /// The number of its last change.
    pub number: i64,
    /// All changes up to a number, as one.
    pub snapshot: Option<Vec<u8>>,
    pub snapshot_number: i64,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// A document, if there is one.
pub(crate) async fn find(db: &impl ConnectionTrait, room: &str) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(room.to_owned()).one(db).await
}

/// The number of the next change. Nobody else gets one of this document before the unit of work ends.
pub(crate) async fn next(db: &impl ConnectionTrait, room: &str) -> Result<i64, DbErr> {
    let first = Model { room: room.to_owned(), number: 1, snapshot: None, snapshot_number: 0 };
    let again = OnConflict::column(Column::Room)
        .value(Column::Number, Expr::col((Entity, Column::Number)).add(1))
        .to_owned();
    Entity::insert(first.into_active_model()).on_conflict(again).exec_without_returning(db).await?;
    let found = find(db, room).await?;
    found.map(|row| row.number).ok_or_else(|| DbErr::RecordNotFound(room.to_owned()))
}

/// Keeps others from changing a document until the unit of work ends.
pub(crate) async fn lock(db: &impl ConnectionTrait, room: &str) -> Result<Option<Model>, DbErr> {
    let same = Entity::update_many().col_expr(Column::Number, Expr::col(Column::Number));
    same.filter(Column::Room.eq(room)).exec(db).await?;
    find(db, room).await
}

/// Puts a snapshot in the place of the changes that it has.
pub(crate) async fn replace(
    db: &impl ConnectionTrait,
    room: &str,
    snapshot: Vec<u8>,
    number: i64,
) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::Snapshot, Expr::value(snapshot))
        .col_expr(Column::SnapshotNumber, Expr::value(number))
        .filter(Column::Room.eq(room))
        .exec(db)
        .await?;
    updates::delete_up_to(db, room, number).await
}

/// Their changes.
pub(crate) mod updates {
    use sea_orm::QueryOrder as _;

    use super::*;

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "live_document_updates")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub room: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub number: i64,
        pub user_id: Uuid,
        pub content: Vec<u8>,
        pub created_at: Timestamp,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}

    pub(crate) async fn insert(db: &impl ConnectionTrait, row: Model) -> Result<(), DbErr> {
        Entity::insert(row.into_active_model()).exec_without_returning(db).await.map(drop)
    }

    /// What came after a number, oldest first.
    pub(crate) async fn after(
        db: &impl ConnectionTrait,
        room: &str,
        number: i64,
    ) -> Result<Vec<Model>, DbErr> {
        let later = Entity::find().filter(Column::Room.eq(room)).filter(Column::Number.gt(number));
        later.order_by_asc(Column::Number).all(db).await
    }

    pub(super) async fn delete_up_to(
        db: &impl ConnectionTrait,
        room: &str,
        number: i64,
    ) -> Result<(), DbErr> {
        let earlier = Entity::delete_many().filter(Column::Room.eq(room)).filter(Column::Number.lte(number));
        earlier.exec(db).await.map(drop)
    }
}
