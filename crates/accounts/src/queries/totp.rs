//! SQL about authenticator apps.

use foundation::{Timestamp, Uuid};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{ConnectionTrait, DbErr, IntoActiveModel as _, QueryOrder as _, QuerySelect as _};

use crate::entities::totp_credentials::{Column, Entity, Model};

pub(crate) async fn of(db: &impl ConnectionTrait, user_id: Uuid) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(user_id).one(db).await
}

/// The authenticator app that the user has shown a code of.
pub(crate) async fn enabled(db: &impl ConnectionTrait, user_id: Uuid) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(user_id).filter(Column::EnabledAt.is_not_null()).one(db).await
}

/// Puts a new enrolment in the place of one that was never finished.
pub(crate) async fn begin(db: &impl ConnectionTrait, new: Model) -> Result<(), DbErr> {
    delete(db, new.user_id).await?;
    Entity::insert(new.into_active_model().reset_all()).exec_without_returning(db).await.map(drop)
}

/// Uses up a time step. False when it, or a later one, has been used: each code works once.
pub(crate) async fn use_step(db: &impl ConnectionTrait, user_id: Uuid, step: i64) -> Result<bool, DbErr> {
    let done = Entity::update_many()
        .col_expr(Column::LastStep, Expr::value(step))
        .filter(Column::UserId.eq(user_id))
        .filter(Column::LastStep.lt(step))
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

pub(crate) async fn enable(db: &impl ConnectionTrait, user_id: Uuid, now: Timestamp) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::EnabledAt, Expr::value(now))
        .col_expr(Column::SessionId, Expr::value(None::<Uuid>))
        .filter(Column::UserId.eq(user_id))
        .exec(db)
        .await
        .map(drop)
}

/// Lets a session go on with an enrolment that another one, which it takes the place of, began.
pub(crate) async fn hand_over(db: &impl ConnectionTrait, from: Uuid, to: Uuid) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::SessionId, Expr::value(to))
        .filter(Column::SessionId.eq(from))
        .exec(db)
        .await
        .map(drop)
}

/// Whether there was one.
pub(crate) async fn delete(db: &impl ConnectionTrait, user_id: Uuid) -> Result<bool, DbErr> {
    Ok(Entity::delete_by_id(user_id).exec(db).await?.rows_affected == 1)
}

pub(crate) async fn sealed_with(db: &impl ConnectionTrait, key_id: Uuid) -> Result<u64, DbErr> {
    Entity::find().filter(Column::KeyId.eq(key_id)).count(db).await
}

/// Authenticator apps sealed with another key than this one, in the order of their users, from after one of them.
pub(crate) async fn sealed_with_another(
    db: &impl ConnectionTrait,
    key_id: Uuid,
    after: Uuid,
    limit: u64,
) -> Result<Vec<Model>, DbErr> {
    Entity::find()
        .filter(Column::KeyId.ne(key_id))
        .filter(Column::UserId.gt(after))
        .order_by_asc(Column::UserId)
        .limit(limit)
        .all(db)
        .await
}

pub(crate) async fn replace_seal(
    db: &impl ConnectionTrait,
    user_id: Uuid,
    seed: Vec<u8>,
    key_id: Uuid,
) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::Seed, Expr::value(seed))
        .col_expr(Column::KeyId, Expr::value(key_id))
        .filter(Column::UserId.eq(user_id))
        .exec(db)
        .await
        .map(drop)
}
