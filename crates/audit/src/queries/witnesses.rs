//! How far each witness outside of the database has been told.

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ConnectionTrait, DbErr, Set};

use crate::entities::witnesses::{ActiveModel, Column, Entity};

pub(crate) async fn told(db: &impl ConnectionTrait, name: &str) -> Result<i64, DbErr> {
    Ok(Entity::find_by_id(name).one(db).await?.map_or(0, |row| row.sequence))
}

pub(crate) async fn note_told(db: &impl ConnectionTrait, name: &str, sequence: i64) -> Result<(), DbErr> {
    let row = ActiveModel { name: Set(name.to_owned()), sequence: Set(sequence) };
    let again = OnConflict::column(Column::Name).update_column(Column::Sequence).to_owned();
    Entity::insert(row).on_conflict(again).exec_without_returning(db).await.map(drop)
}
