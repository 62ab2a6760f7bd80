//! SQL about one-time links.

use foundation::{Ambient, Timestamp, Token, TokenHash, Uuid};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{ConnectionTrait, DbErr, Set};

use crate::entities::one_time_links::{ActiveModel, Column, Entity, Model};
use crate::link::Purpose;

/// A link about to be given out.
pub(crate) struct NewLink<'a> {
    pub(crate) purpose: Purpose,
    pub(crate) token: &'a Token,
    pub(crate) user_id: Option<Uuid>,
    /// The address that the link makes the user's own.
    pub(crate) email: Option<String>,
    pub(crate) lifetime: chrono::TimeDelta,
}

pub(crate) async fn insert(
    db: &impl ConnectionTrait,
    ambient: &Ambient,
    new: NewLink<'_>,
) -> Result<(), DbErr> {
    let now = ambient.now();
    let link = ActiveModel {
        id: Set(ambient.new_id()),
        purpose: Set(new.purpose),
        token_hash: Set(new.token.hash().to_vec()),
        user_id: Set(new.user_id),
        email: Set(new.email),
        created_at: Set(now),
        expires_at: Set(now + new.lifetime),
        used_at: Set(None),
    };
    Entity::insert(link).exec_without_returning(db).await.map(drop)
}

pub(crate) async fn find(db: &impl ConnectionTrait, token: &TokenHash) -> Result<Option<Model>, DbErr> {
    Entity::find().filter(Column::TokenHash.eq(token.to_vec())).one(db).await
}

pub(crate) async fn mark_used(db: &impl ConnectionTrait, id: Uuid, now: Timestamp) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::UsedAt, Expr::value(now))
        .filter(Column::Id.eq(id))
        .exec(db)
        .await
        .map(drop)
}

/// Withdraws every unused link of a user.
pub(crate) async fn withdraw_all_of(db: &impl ConnectionTrait, user_id: Uuid) -> Result<(), DbErr> {
    Entity::delete_many()
        .filter(Column::UserId.eq(user_id))
        .filter(Column::UsedAt.is_null())
        .exec(db)
        .await
        .map(drop)
}

/// Withdraws the unused links of a purpose that a user has.
pub(crate) async fn withdraw_of(
    db: &impl ConnectionTrait,
    user_id: Uuid,
    purpose: Purpose,
) -> Result<(), DbErr> {
    Entity::delete_many()
        .filter(Column::UserId.eq(user_id))
        .filter(Column::Purpose.eq(purpose))
        .filter(Column::UsedAt.is_null())
        .exec(db)
        .await
        .map(drop)
}

/// Forgets every link of a user, with the addresses that they were for.
pub(crate) async fn delete_of(db: &impl ConnectionTrait, user_id: Uuid) -> Result<(), DbErr> {
    Entity::delete_many().filter(Column::UserId.eq(user_id)).exec(db).await.map(drop)
}

/// Withdraws every unused link of a purpose.
pub(crate) async fn withdraw(db: &impl ConnectionTrait, purpose: Purpose) -> Result<(), DbErr> {
    Entity::delete_many()
        .filter(Column::Purpose.eq(purpose))
        .filter(Column::UsedAt.is_null())
        .exec(db)
        .await
        .map(drop)
}

pub(crate) async fn delete_expired_before(
    db: &impl ConnectionTrait,
    moment: Timestamp,
) -> Result<u64, DbErr> {
    let done = Entity::delete_many().filter(Column::ExpiresAt.lte(moment)).exec(db).await?;
    Ok(done.rows_affected)
}
