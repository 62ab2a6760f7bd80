//! Who was in which live room, and when: one row for each socket's time in a room.

use foundation::{Timestamp, Uuid};
use sea_orm::entity::prelude::*;
use sea_orm::{ConnectionTrait, DbErr, IntoActiveModel as _};

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "collaboration_sessions")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub user_id: Uuid,
    pub room_id: String,
    pub course_id: Option<String>,
    pub joined_at: Timestamp,
    pub left_at: Option<Timestamp>,
    /// The server it is at.
    pub node: Uuid,
    /// When that was last known to live.
    pub seen_at: Timestamp,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

pub(crate) async fn insert(db: &impl ConnectionTrait, row: Model) -> Result<(), DbErr> {
    Entity::insert(row.into_active_model()).exec_without_returning(db).await.map(drop)
}

pub(crate) async fn end(db: &impl ConnectionTrait, id: Uuid, at: Timestamp) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::LeftAt, at.into())
        .filter(Column::Id.eq(id))
        .filter(Column::LeftAt.is_null())
        .exec(db)
        .await
        .map(drop)
}

/// A server lives, and so do the sessions at it.
pub(crate) async fn note_seen(db: &impl ConnectionTrait, node: Uuid, now: Timestamp) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::SeenAt, now.into())
        .filter(Column::LeftAt.is_null())
        .filter(Column::Node.eq(node))
        .exec(db)
        .await
        .map(drop)
}

/// Ends what was at servers that have not been seen since a time: when they were seen last. How many these were.
pub(crate) async fn end_unseen_since(db: &impl ConnectionTrait, time: Timestamp) -> Result<u64, DbErr> {
    let ended = Entity::update_many()
        .col_expr(Column::LeftAt, Column::SeenAt.into_expr())
        .filter(Column::LeftAt.is_null())
        .filter(Column::SeenAt.lt(time))
        .exec(db)
        .await?;
    Ok(ended.rows_affected)
}

pub(crate) async fn delete_ended_before(db: &impl ConnectionTrait, time: Timestamp) -> Result<(), DbErr> {
    Entity::delete_many().filter(Column::LeftAt.lt(time)).exec(db).await.map(drop)
}
