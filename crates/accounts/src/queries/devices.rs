//! SQL about browsers that somebody signed in with before.

use foundation::{Ambient, Timestamp, TokenHash, Uuid};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{ConnectionTrait, DbErr, Set};

use crate::entities::known_devices::{ActiveModel, Column, Entity};

/// Whether this browser is known as one of this user's.
pub(crate) async fn is_known(
    db: &impl ConnectionTrait,
    user_id: Uuid,
    token: TokenHash,
) -> Result<bool, DbErr> {
    let found = Entity::find()
        .filter(Column::TokenHash.eq(token.to_vec()))
        .filter(Column::UserId.eq(user_id))
        .one(db)
        .await?;
    Ok(found.is_some())
}

/// Gives a browser another token, for everybody who signed in with it.
pub(crate) async fn rename(db: &impl ConnectionTrait, token: TokenHash, new: TokenHash) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::TokenHash, Expr::value(new.to_vec()))
        .filter(Column::TokenHash.eq(token.to_vec()))
        .exec(db)
        .await
        .map(drop)
}

pub(crate) async fn insert(
    db: &impl ConnectionTrait,
    ambient: &Ambient,
    user_id: Uuid,
    token: TokenHash,
) -> Result<(), DbErr> {
    let now = ambient.now();
    let row = ActiveModel {
        id: Set(ambient.new_id()),
        user_id: Set(user_id),
        token_hash: Set(token.to_vec()),
        created_at: Set(now),
        last_seen_at: Set(now),
    };
    Entity::insert(row).exec_without_returning(db).await.map(drop)
}

pub(crate) async fn note_seen(
    db: &impl ConnectionTrait,
    user_id: Uuid,
    token: TokenHash,
    now: Timestamp,
) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::LastSeenAt, Expr::value(now))
        .filter(Column::TokenHash.eq(token.to_vec()))
        .filter(Column::UserId.eq(user_id))
        .exec(db)
        .await
        .map(drop)
}

/// Forgets a user's browsers, all but one.
pub(crate) async fn delete_of(
    db: &impl ConnectionTrait,
    user_id: Uuid,
    but: Option<TokenHash>,
) -> Result<(), DbErr> {
    let mut query = Entity::delete_many().filter(Column::UserId.eq(user_id));
    if let Some(but) = but {
        query = query.filter(Column::TokenHash.ne(but.to_vec()));
    }
    query.exec(db).await.map(drop)
}

pub(crate) async fn delete_unseen_since(db: &impl ConnectionTrait, moment: Timestamp) -> Result<(), DbErr> {
    Entity::delete_many().filter(Column::LastSeenAt.lte(moment)).exec(db).await.map(drop)
}
