//! SQL about what takes two requests.

use chrono::TimeDelta;
use foundation::{Ambient, Timestamp, TokenHash, Uuid};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ConnectionTrait, DbErr, Set};

use crate::ceremony::Kind;
use crate::entities::ceremonies::{ActiveModel, Column, Entity, Model};

pub(crate) struct NewCeremony {
    pub(crate) kind: Kind,
    pub(crate) token: TokenHash,
    pub(crate) user_id: Option<Uuid>,
    pub(crate) state: Option<String>,
    pub(crate) lifetime: TimeDelta,
}

pub(crate) async fn insert(
    db: &impl ConnectionTrait,
    ambient: &Ambient,
    new: NewCeremony,
) -> Result<Timestamp, DbErr> {
    let now = ambient.now();
    let expires_at = now + new.lifetime;
    let row = ActiveModel {
        id: Set(ambient.new_id()),
        kind: Set(new.kind),
        token_hash: Set(new.token.to_vec()),
        user_id: Set(new.user_id),
        state: Set(new.state),
        created_at: Set(now),
        expires_at: Set(expires_at),
    };
    Entity::insert(row).exec_without_returning(db).await?;
    Ok(expires_at)
}

/// The ceremony of this kind that a browser is in the middle of, while there is time.
pub(crate) async fn find(
    db: &impl ConnectionTrait,
    kind: Kind,
    token: TokenHash,
    now: Timestamp,
) -> Result<Option<Model>, DbErr> {
    Entity::find()
        .filter(Column::TokenHash.eq(token.to_vec()))
        .filter(Column::Kind.eq(kind))
        .filter(Column::ExpiresAt.gt(now))
        .one(db)
        .await
}

pub(crate) async fn set_state(
    db: &impl ConnectionTrait,
    id: Uuid,
    state: Option<String>,
) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::State, Expr::value(state))
        .filter(Column::Id.eq(id))
        .exec(db)
        .await
        .map(drop)
}

/// Ends a ceremony. False when it was over already: what it was good for may not happen twice.
pub(crate) async fn end(db: &impl ConnectionTrait, id: Uuid) -> Result<bool, DbErr> {
    Ok(Entity::delete_by_id(id).exec(db).await?.rows_affected == 1)
}

pub(crate) async fn delete_of(db: &impl ConnectionTrait, user_id: Uuid) -> Result<(), DbErr> {
    Entity::delete_many().filter(Column::UserId.eq(user_id)).exec(db).await.map(drop)
}

/// Ends what everybody but one user is in the middle of, strangers included.
pub(crate) async fn delete_all_but_of(db: &impl ConnectionTrait, user_id: Uuid) -> Result<(), DbErr> {
    let others = Column::UserId.ne(user_id).or(Column::UserId.is_null());
    Entity::delete_many().filter(others).exec(db).await.map(drop)
}

pub(crate) async fn delete_expired(db: &impl ConnectionTrait, now: Timestamp) -> Result<(), DbErr> {
    Entity::delete_many().filter(Column::ExpiresAt.lte(now)).exec(db).await.map(drop)
}
