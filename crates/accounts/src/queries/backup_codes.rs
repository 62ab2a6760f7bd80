//! SQL about backup codes.

use foundation::{Ambient, Uuid};
use sea_orm::entity::prelude::*;
use sea_orm::{ConnectionTrait, DbErr, Set};

use crate::entities::backup_codes::{ActiveModel, Column, Entity};

/// Puts these codes in the place of all that were there.
pub(crate) async fn replace(
    db: &impl ConnectionTrait,
    ambient: &Ambient,
    user_id: Uuid,
    hashes: impl IntoIterator<Item = Vec<u8>>,
) -> Result<(), DbErr> {
    delete_of(db, user_id).await?;
    let now = ambient.now();
    let rows = hashes.into_iter().map(|hash| ActiveModel {
        id: Set(ambient.new_id()),
        user_id: Set(user_id),
        code_hash: Set(hash),
        created_at: Set(now),
    });
    Entity::insert_many(rows).exec_without_returning(db).await.map(drop)
}

/// Uses up a code. False when the user has no such code, or not any more.
pub(crate) async fn use_up(db: &impl ConnectionTrait, user_id: Uuid, hash: Vec<u8>) -> Result<bool, DbErr> {
    let done = Entity::delete_many()
        .filter(Column::UserId.eq(user_id))
        .filter(Column::CodeHash.eq(hash))
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

pub(crate) async fn count(db: &impl ConnectionTrait, user_id: Uuid) -> Result<u64, DbErr> {
    Entity::find().filter(Column::UserId.eq(user_id)).count(db).await
}

pub(crate) async fn delete_of(db: &impl ConnectionTrait, user_id: Uuid) -> Result<(), DbErr> {
    Entity::delete_many().filter(Column::UserId.eq(user_id)).exec(db).await.map(drop)
}
