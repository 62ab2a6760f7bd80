//! Checkpoints.

use sea_orm::entity::prelude::*;
use sea_orm::{ConnectionTrait, DbErr, IntoActiveModel as _, QueryOrder as _, QuerySelect as _};

use crate::Checkpoint;
use crate::entities::checkpoints::{Column, Entity, Model};

pub(crate) async fn insert(db: &impl ConnectionTrait, checkpoint: Checkpoint) -> Result<(), DbErr> {
    let row = Model::from(checkpoint).into_active_model();
    Entity::insert(row).exec_without_returning(db).await.map(drop)
}

/// The newest one.
pub(crate) async fn newest(db: &impl ConnectionTrait) -> Result<Option<Checkpoint>, DbErr> {
    Ok(Entity::find().order_by_desc(Column::Sequence).one(db).await?.map(Checkpoint::from))
}

/// The newest one before a place, or at all.
pub(crate) async fn newest_before(
    db: &impl ConnectionTrait,
    sequence: Option<i64>,
) -> Result<Option<Checkpoint>, DbErr> {
    let query = Entity::find().order_by_desc(Column::Sequence);
    let query = match sequence {
        Some(sequence) => query.filter(Column::Sequence.lt(sequence)),
        None => query,
    };
    Ok(query.one(db).await?.map(Checkpoint::from))
}

/// The one at a place.
pub(crate) async fn at(db: &impl ConnectionTrait, sequence: i64) -> Result<Option<Checkpoint>, DbErr> {
    Ok(Entity::find_by_id(sequence).one(db).await?.map(Checkpoint::from))
}

/// Those behind a place, up to and with another, in order.
pub(crate) async fn between(
    db: &impl ConnectionTrait,
    after: i64,
    until: i64,
    limit: u64,
) -> Result<Vec<Checkpoint>, DbErr> {
    let query = Entity::find().filter(Column::Sequence.gt(after)).filter(Column::Sequence.lte(until));
    let rows = query.order_by_asc(Column::Sequence).limit(limit).all(db).await?;
    Ok(rows.into_iter().map(Checkpoint::from).collect())
}

/// Drops those before a place.
pub(crate) async fn drop_before(db: &impl ConnectionTrait, sequence: i64) -> Result<(), DbErr> {
    Entity::delete_many().filter(Column::Sequence.lt(sequence)).exec(db).await.map(drop)
}
