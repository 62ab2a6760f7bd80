//! Checkpoints.

use foundation::Timestamp;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ConnectionTrait, DbErr, FromQueryResult as _, IntoActiveModel as _, QueryOrder as _, QueryResult,
    QuerySelect as _, QueryTrait as _, Select,
};

use super::legible::moment;
use crate::Checkpoint;
use crate::entities::checkpoints::{Column, Entity, Model};

/// Puts a checkpoint at its place, over whatever else somebody has put there.
pub(crate) async fn put(db: &impl ConnectionTrait, checkpoint: Checkpoint) -> Result<(), DbErr> {
    let row = Model::from(checkpoint).into_active_model();
    let rest = [Column::CreatedAt, Column::Mac, Column::Link, Column::Signature];
    let again = OnConflict::column(Column::Sequence).update_columns(rest).to_owned();
    Entity::insert(row).on_conflict(again).exec_without_returning(db).await.map(drop)
}

/// Those at a place and before, latest first. Whether somebody has signed them is not asked.
pub(crate) async fn until(
    db: &impl ConnectionTrait,
    place: i64,
    limit: u64,
) -> Result<Vec<Checkpoint>, DbErr> {
    let query = Entity::find().filter(Column::Sequence.between(1, place));
    all(db, query.order_by_desc(Column::Sequence).limit(limit)).await
}

/// Those behind a place that are said to be of after this time, in order.
pub(crate) async fn younger(
    db: &impl ConnectionTrait,
    time: Timestamp,
    after: i64,
    limit: u64,
) -> Result<Vec<Checkpoint>, DbErr> {
    let query = Entity::find().filter(Column::Sequence.gt(after)).filter(Column::CreatedAt.gt(time));
    all(db, query.order_by_asc(Column::Sequence).limit(limit)).await
}

/// The oldest one.
pub(crate) async fn oldest(db: &impl ConnectionTrait) -> Result<Option<Checkpoint>, DbErr> {
    one(db, Entity::find().order_by_asc(Column::Sequence)).await
}

/// The one at a place.
pub(crate) async fn at(db: &impl ConnectionTrait, sequence: i64) -> Result<Option<Checkpoint>, DbErr> {
    one(db, Entity::find_by_id(sequence)).await
}

/// Those behind a place, up to and with another, in order.
pub(crate) async fn between(
    db: &impl ConnectionTrait,
    after: i64,
    until: i64,
    limit: u64,
) -> Result<Vec<Checkpoint>, DbErr> {
    let query = Entity::find().filter(Column::Sequence.gt(after)).filter(Column::Sequence.lte(until));
    all(db, query.order_by_asc(Column::Sequence).limit(limit)).await
}

/// Drops those before a place.
pub(crate) async fn drop_before(db: &impl ConnectionTrait, sequence: i64) -> Result<(), DbErr> {
    Entity::delete_many().filter(Column::Sequence.lt(sequence)).exec(db).await.map(drop)
}

async fn one(db: &impl ConnectionTrait, query: Select<Entity>) -> Result<Option<Checkpoint>, DbErr> {
    Ok(all(db, query.limit(1)).await?.pop())
}

async fn all(db: &impl ConnectionTrait, query: Select<Entity>) -> Result<Vec<Checkpoint>, DbErr> {
    let columns = [Column::Sequence, Column::Mac, Column::Link, Column::Signature];
    let query = query.select_only().columns(columns).column_as(moment(Column::CreatedAt), Column::CreatedAt);
    Ok(db.query_all(query.as_query()).await?.iter().map(read).collect())
}

/// What cannot be read is a checkpoint that nobody has signed.
fn read(row: &QueryResult) -> Checkpoint {
    match Model::from_query_result(row, "") {
        Ok(model) => model.into(),
        Err(_) => Checkpoint::unsigned(row.try_get("", "sequence").unwrap_or_default()),
    }
}
