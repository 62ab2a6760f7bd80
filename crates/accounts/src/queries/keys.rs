//! SQL about keys.

use foundation::{Timestamp, Uuid};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{ConnectionTrait, DbErr, IntoActiveModel as _, QueryOrder as _};

use crate::entities::keys::{Column, Entity, Model};
use crate::keys::Purpose;

/// Every key, oldest first.
pub(crate) async fn all(db: &impl ConnectionTrait) -> Result<Vec<Model>, DbErr> {
    Entity::find().order_by_asc(Column::CreatedAt).order_by_asc(Column::Id).all(db).await
}

pub(crate) async fn by_id(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id).one(db).await
}

pub(crate) async fn insert(db: &impl ConnectionTrait, key: Model) -> Result<(), DbErr> {
    Entity::insert(key.into_active_model().reset_all()).exec_without_returning(db).await.map(drop)
}

/// Lets the key in use retire at this moment.
pub(crate) async fn retire_in_use(
    db: &impl ConnectionTrait,
    purpose: Purpose,
    retires_at: Timestamp,
) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::RetiresAt, Expr::value(retires_at))
        .filter(Column::Purpose.eq(purpose))
        .filter(Column::RetiresAt.is_null())
        .exec(db)
        .await
        .map(drop)
}

/// Whether the key in use was made at this moment or before.
pub(crate) async fn in_use_is_from(
    db: &impl ConnectionTrait,
    purpose: Purpose,
    made_by: Timestamp,
) -> Result<bool, DbErr> {
    let in_use = Entity::find()
        .filter(Column::Purpose.eq(purpose))
        .filter(Column::RetiresAt.is_null())
        .one(db)
        .await?;
    Ok(in_use.is_some_and(|key| key.created_at <= made_by))
}

pub(crate) async fn delete(db: &impl ConnectionTrait, id: Uuid) -> Result<(), DbErr> {
    Entity::delete_by_id(id).exec(db).await.map(drop)
}

/// Forgets keys that sign and whose signatures have not counted since `now`.
pub(crate) async fn delete_retired_signing(db: &impl ConnectionTrait, now: Timestamp) -> Result<(), DbErr> {
    Entity::delete_many()
        .filter(Column::Purpose.eq(Purpose::Signing))
        .filter(Column::RetiresAt.lte(now))
        .exec(db)
        .await
        .map(drop)
}
