//! SQL about what was ended lately.

use foundation::Uuid;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{ConnectionTrait, DbErr, NotSet, QueryOrder as _, QuerySelect as _, Set};

use crate::entities::ended_credentials::{ActiveModel, Column, Entity, Model};

/// Deletes sessions or tokens, and answers how many. Whoever is here by one of them is told in a moment.
pub(crate) async fn end<E: EntityTrait>(
    db: &impl ConnectionTrait,
    id: E::Column,
    condition: Expr,
) -> Result<u64, DbErr> {
    let ended = E::find().select_only().column(id).filter(condition.clone()).into_tuple().all(db).await?;
    note(db, ended).await?;
    Ok(E::delete_many().filter(condition).exec(db).await?.rows_affected)
}

/// Notes what is ended in the same unit of work.
pub(crate) async fn note(db: &impl ConnectionTrait, credentials: Vec<Uuid>) -> Result<(), DbErr> {
    if credentials.is_empty() {
        return Ok(());
    }
    let row = |credential| ActiveModel { number: NotSet, credential: Set(credential) };
    let rows = credentials.into_iter().map(row);
    Entity::insert_many(rows).exec_without_returning(db).await.map(drop)
}

/// What was noted after a number, oldest first.
pub(crate) async fn after(db: &impl ConnectionTrait, number: i64) -> Result<Vec<Model>, DbErr> {
    Entity::find().filter(Column::Number.gt(number)).order_by_asc(Column::Number).limit(10_000).all(db).await
}

/// The number of what was noted last; zero if nothing was.
pub(crate) async fn last(db: &impl ConnectionTrait) -> Result<i64, DbErr> {
    let last = Entity::find().order_by_desc(Column::Number).one(db).await?;
    Ok(last.map_or(0, |row| row.number))
}

/// Forgets all but the newest.
pub(crate) async fn delete_before(db: &impl ConnectionTrait, number: i64) -> Result<(), DbErr> {
    Entity::delete_many().filter(Column::Number.lt(number)).exec(db).await.map(drop)
}
