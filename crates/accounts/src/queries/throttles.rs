//! SQL about counters against guessing.

use chrono::TimeDelta;
use foundation::Timestamp;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait as _, OnConflict, Query};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, QueryTrait, Set};

use crate::entities::throttles::{ActiveModel, Column, Entity};

/// What a counter says after a failure was counted.
#[derive(Debug, FromQueryResult)]
pub(crate) struct Counted {
    pub(crate) key: Vec<u8>,
    pub(crate) failures: i32,
    pub(crate) previous_at: Timestamp,
}

/// Counts one more failure under each key, atomically. What is older than `forgotten` does not count any more.
///
/// Keys are counted in their order, so that two who share some of them wait for each other instead of blocking.
pub(crate) async fn count(
    db: &impl ConnectionTrait,
    mut keys: Vec<[u8; 32]>,
    now: Timestamp,
    forgotten: TimeDelta,
) -> Result<Vec<Counted>, DbErr> {
    keys.sort_unstable();
    let rows = keys.into_iter().map(|key| ActiveModel {
        key: Set(key.to_vec()),
        failures: Set(1),
        last_at: Set(now),
        previous_at: Set(now),
    });
    let old = || Expr::col((Entity, Column::LastAt));
    let failures =
        Expr::case(old().lte(now - forgotten), 1).finally(Expr::col((Entity, Column::Failures)).add(1));
    let counted = OnConflict::column(Column::Key)
        .value(Column::Failures, failures)
        .value(Column::PreviousAt, old())
        .value(Column::LastAt, now)
        .to_owned();
    let mut insert = QueryTrait::into_query(Entity::insert_many(rows).on_conflict(counted));
    insert.returning(Query::returning().columns([Column::Key, Column::Failures, Column::PreviousAt]));
    let statement = db.get_database_backend().build(&insert);
    let rows = db.query_all_raw(statement).await?;
    rows.iter().map(|row| Counted::from_query_result(row, "")).collect()
}

/// Takes one failure back: what was counted was none.
pub(crate) async fn take_back(db: &impl ConnectionTrait, keys: Vec<[u8; 32]>) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::Failures, Expr::col(Column::Failures).sub(1))
        .filter(Column::Key.is_in(keys.into_iter().map(|key| key.to_vec())))
        .filter(Column::Failures.gt(0))
        .exec(db)
        .await
        .map(drop)
}

/// Forgets all failures under these keys.
pub(crate) async fn clear(db: &impl ConnectionTrait, keys: Vec<[u8; 32]>) -> Result<(), DbErr> {
    Entity::delete_many()
        .filter(Column::Key.is_in(keys.into_iter().map(|key| key.to_vec())))
        .exec(db)
        .await
        .map(drop)
}

pub(crate) async fn delete_older(db: &impl ConnectionTrait, moment: Timestamp) -> Result<(), DbErr> {
    Entity::delete_many().filter(Column::LastAt.lte(moment)).exec(db).await.map(drop)
}
