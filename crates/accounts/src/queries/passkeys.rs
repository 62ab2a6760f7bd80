//! SQL about passkeys.

use foundation::{Timestamp, Uuid};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{ConnectionTrait, DbErr, IntoActiveModel as _, QueryOrder as _};

use crate::entities::passkeys::{Column, Entity, Model};

pub(crate) async fn insert(db: &impl ConnectionTrait, new: Model) -> Result<(), DbErr> {
    Entity::insert(new.into_active_model().reset_all()).exec_without_returning(db).await.map(drop)
}

/// A user's passkeys, oldest first.
pub(crate) async fn of(db: &impl ConnectionTrait, user_id: Uuid) -> Result<Vec<Model>, DbErr> {
    Entity::find().filter(Column::UserId.eq(user_id)).order_by_asc(Column::Id).all(db).await
}

pub(crate) async fn count(db: &impl ConnectionTrait, user_id: Uuid) -> Result<u64, DbErr> {
    Entity::find().filter(Column::UserId.eq(user_id)).count(db).await
}

/// One of this user's passkeys.
pub(crate) async fn one_of(
    db: &impl ConnectionTrait,
    user_id: Uuid,
    id: Uuid,
) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id).filter(Column::UserId.eq(user_id)).one(db).await
}

pub(crate) async fn by_credential(
    db: &impl ConnectionTrait,
    credential_id: &[u8],
) -> Result<Option<Model>, DbErr> {
    Entity::find().filter(Column::CredentialId.eq(credential_id.to_vec())).one(db).await
}

pub(crate) async fn rename(db: &impl ConnectionTrait, id: Uuid, name: &str) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::Name, Expr::value(name))
        .filter(Column::Id.eq(id))
        .exec(db)
        .await
        .map(drop)
}

/// Notes that a passkey was used, with what the library remembers of it now.
pub(crate) async fn note_used(
    db: &impl ConnectionTrait,
    id: Uuid,
    credential: String,
    now: Timestamp,
) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::Credential, Expr::value(credential))
        .col_expr(Column::LastUsedAt, Expr::value(now))
        .filter(Column::Id.eq(id))
        .exec(db)
        .await
        .map(drop)
}

pub(crate) async fn delete(db: &impl ConnectionTrait, id: Uuid) -> Result<(), DbErr> {
    Entity::delete_by_id(id).exec(db).await.map(drop)
}

pub(crate) async fn delete_of(db: &impl ConnectionTrait, user_id: Uuid) -> Result<(), DbErr> {
    Entity::delete_many().filter(Column::UserId.eq(user_id)).exec(db).await.map(drop)
}
