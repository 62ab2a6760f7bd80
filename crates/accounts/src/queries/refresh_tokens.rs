//! SQL about refresh tokens.

use chrono::TimeDelta;
use foundation::{Ambient, Timestamp, TokenHash, Uuid};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{ConnectionTrait, DbErr, QueryOrder as _, Set};

use crate::entities::refresh_tokens::{ActiveModel, Column, Entity, Model};

pub(crate) async fn insert(
    db: &impl ConnectionTrait,
    ambient: &Ambient,
    session_id: Uuid,
    token: TokenHash,
    lifetime: TimeDelta,
) -> Result<(), DbErr> {
    let now = ambient.now();
    let row = ActiveModel {
        id: Set(ambient.new_id()),
        session_id: Set(session_id),
        token_hash: Set(token.to_vec()),
        created_at: Set(now),
        expires_at: Set(now + lifetime),
        used_at: Set(None),
    };
    Entity::insert(row).exec_without_returning(db).await.map(drop)
}

pub(crate) async fn find(db: &impl ConnectionTrait, token: TokenHash) -> Result<Option<Model>, DbErr> {
    Entity::find().filter(Column::TokenHash.eq(token.to_vec())).one(db).await
}

/// When a session's newest token was made.
pub(crate) async fn newest_of(
    db: &impl ConnectionTrait,
    session_id: Uuid,
) -> Result<Option<Timestamp>, DbErr> {
    let tokens = Entity::find().filter(Column::SessionId.eq(session_id));
    Ok(tokens.order_by_desc(Column::CreatedAt).one(db).await?.map(|token| token.created_at))
}

pub(crate) async fn mark_used(db: &impl ConnectionTrait, id: Uuid, now: Timestamp) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::UsedAt, Expr::value(now))
        .filter(Column::Id.eq(id))
        .exec(db)
        .await
        .map(drop)
}

pub(crate) async fn delete_expired(db: &impl ConnectionTrait, now: Timestamp) -> Result<u64, DbErr> {
    let done = Entity::delete_many().filter(Column::ExpiresAt.lte(now)).exec(db).await?;
    Ok(done.rows_affected)
}
