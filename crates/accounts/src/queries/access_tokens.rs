//! SQL about personal access tokens.

use foundation::{Timestamp, TokenHash, Uuid};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ConnectionTrait, DbErr, IntoActiveModel as _, JoinType, QueryOrder as _, QuerySelect as _};

use crate::entities::access_tokens::{Column, Entity, Model};
use crate::entities::users;
use crate::queries::ended_credentials;
use crate::tokens::personal::Scope;

pub(crate) async fn insert(db: &impl ConnectionTrait, new: Model) -> Result<(), DbErr> {
    Entity::insert(new.into_active_model().reset_all()).exec_without_returning(db).await.map(drop)
}

/// A user's tokens, newest first.
pub(crate) async fn of(db: &impl ConnectionTrait, user_id: Uuid) -> Result<Vec<Model>, DbErr> {
    Entity::find().filter(Column::UserId.eq(user_id)).order_by_desc(Column::Id).all(db).await
}

pub(crate) async fn count(db: &impl ConnectionTrait, user_id: Uuid) -> Result<u64, DbErr> {
    Entity::find().filter(Column::UserId.eq(user_id)).count(db).await
}

/// A token and whose it is.
pub(crate) async fn find(
    db: &impl ConnectionTrait,
    token: TokenHash,
) -> Result<Option<(Model, users::Model)>, DbErr> {
    let Some(token) = Entity::find().filter(Column::TokenHash.eq(token.to_vec())).one(db).await? else {
        return Ok(None);
    };
    Ok(super::users::active(db, token.user_id).await?.map(|user| (token, user)))
}

pub(crate) async fn note_used(db: &impl ConnectionTrait, id: Uuid, now: Timestamp) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::LastUsedAt, Expr::value(now))
        .filter(Column::Id.eq(id))
        .exec(db)
        .await
        .map(drop)
}

/// Deletes one of this user's tokens; false when there is none of this id.
pub(crate) async fn delete(db: &impl ConnectionTrait, user_id: Uuid, id: Uuid) -> Result<bool, DbErr> {
    Ok(ended_credentials::end::<Entity>(db, Column::Id, Column::Id.eq(id).and(Column::UserId.eq(user_id)))
        .await?
        == 1)
}

pub(crate) async fn delete_of(db: &impl ConnectionTrait, user_id: Uuid) -> Result<(), DbErr> {
    ended_credentials::end::<Entity>(db, Column::Id, Column::UserId.eq(user_id)).await.map(drop)
}

/// Deletes this user's tokens that have a scope.
pub(crate) async fn delete_of_scope(
    db: &impl ConnectionTrait,
    user_id: Uuid,
    scope: Scope,
) -> Result<(), DbErr> {
    let with_scope = Column::UserId.eq(user_id).and(Column::Scopes.contains(scope.as_str()));
    ended_credentials::end::<Entity>(db, Column::Id, with_scope).await.map(drop)
}

/// Which of these are tokens of people who may use theirs.
pub(crate) async fn alive(db: &impl ConnectionTrait, ids: &[Uuid]) -> Result<Vec<Uuid>, DbErr> {
    let join = Entity::belongs_to(users::Entity).from(Column::UserId).to(users::Column::Id).into();
    let tokens = Entity::find().select_only().column(Column::Id).join(JoinType::InnerJoin, join);
    let tokens = tokens.filter(users::Column::DeletedAt.is_null());
    let tokens = tokens.filter(users::Column::DisabledAt.is_null());
    tokens.filter(Column::Id.is_in(ids.iter().copied())).into_tuple().all(db).await
}

pub(crate) async fn delete_expired(db: &impl ConnectionTrait, now: Timestamp) -> Result<(), DbErr> {
    Entity::delete_many().filter(Column::ExpiresAt.lte(now)).exec(db).await.map(drop)
}
