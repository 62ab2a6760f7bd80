//! The chain: what is not in it yet, and its end.

use foundation::Uuid;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Alias, Expr, ExprTrait as _, IntoIden as _, Query, TableRef, ValueTuple};
use sea_orm::{ConnectionTrait, DbErr, QueryOrder as _, QuerySelect as _};

use crate::chain::End;
use crate::content::Hash;
use crate::entities::chain;
use crate::entities::entries::{Column, Entity, Model};

/// How many entries wait for their place.
pub(crate) async fn count_unsealed(db: &impl ConnectionTrait) -> Result<u64, DbErr> {
    Entity::find().filter(Column::Sequence.is_null()).count(db).await
}

/// The oldest entries that wait for their place, from those behind `after`.
pub(crate) async fn unsealed(
    db: &impl ConnectionTrait,
    after: Option<Uuid>,
    limit: u64,
) -> Result<Vec<Model>, DbErr> {
    let query = Entity::find().filter(Column::Sequence.is_null()).order_by_asc(Column::Id).limit(limit);
    match after {
        Some(after) => query.filter(Column::Id.gt(after)).all(db).await,
        None => query.all(db).await,
    }
}

/// The entries of the chain behind a place, in order.
pub(crate) async fn sealed(db: &impl ConnectionTrait, after: i64, limit: u64) -> Result<Vec<Model>, DbErr> {
    Entity::find()
        .filter(Column::Sequence.gt(after))
        .order_by_asc(Column::Sequence)
        .limit(limit)
        .all(db)
        .await
}

/// Gives entries their places.
pub(crate) async fn seal(db: &impl ConnectionTrait, places: &[(Uuid, i64, Hash)]) -> Result<(), DbErr> {
    let row = |(id, sequence, mac): &(Uuid, i64, Hash)| {
        ValueTuple::Three((*id).into(), (*sequence).into(), mac.to_vec().into())
    };
    // Both databases call the columns of such a list so.
    let [id, sequence, mac] = ["column1", "column2", "column3"].map(|column| Expr::col(("places", column)));
    let update = Query::update()
        .table(Entity)
        .from(TableRef::ValuesList(places.iter().map(row).collect(), Alias::new("places").into_iden()))
        .values([(Column::Sequence, sequence), (Column::Mac, mac)])
        .and_where(Expr::col((Entity, Column::Id)).eq(id))
        .take();
    db.execute(&update).await.map(drop)
}

/// The end of the chain, for looking at it.
///
/// # Errors
/// When the database fails, or somebody has removed the row.
pub(crate) async fn end(db: &impl ConnectionTrait) -> Result<End, DbErr> {
    let row = chain::Entity::find_by_id(1).one(db).await?;
    let chain::Model { sequence, mac, link, .. } = row.ok_or_else(no_end)?;
    let hash = |bytes: Vec<u8>| bytes.try_into().map_err(|_| DbErr::Type("a hash has 32 bytes".to_owned()));
    Ok(End { sequence, mac: hash(mac)?, link: hash(link)? })
}

/// The end of the chain, held by this unit until it ends: nobody else appends meanwhile.
///
/// # Errors
/// When the database fails, or somebody has removed the row.
pub(crate) async fn hold_end(db: &impl ConnectionTrait) -> Result<End, DbErr> {
    let column = chain::Column::Id;
    chain::Entity::update_many().col_expr(column, Expr::col(column)).filter(column.eq(1)).exec(db).await?;
    end(db).await
}

/// Moves the end of the chain.
pub(crate) async fn put_end(db: &impl ConnectionTrait, end: &End) -> Result<(), DbErr> {
    chain::Entity::update_many()
        .col_expr(chain::Column::Sequence, Expr::value(end.sequence))
        .col_expr(chain::Column::Mac, Expr::value(end.mac.to_vec()))
        .col_expr(chain::Column::Link, Expr::value(end.link.to_vec()))
        .exec(db)
        .await
        .map(drop)
}

/// Drops the beginning of the chain, up to and with a place.
pub(crate) async fn drop_until(db: &impl ConnectionTrait, sequence: i64) -> Result<u64, DbErr> {
    Ok(Entity::delete_many().filter(Column::Sequence.lte(sequence)).exec(db).await?.rows_affected)
}

/// The place of the oldest entry in the chain.
pub(crate) async fn first(db: &impl ConnectionTrait) -> Result<Option<i64>, DbErr> {
    let query = Entity::find().select_only().column(Column::Sequence).filter(Column::Sequence.is_not_null());
    query.order_by_asc(Column::Sequence).into_tuple().one(db).await
}

fn no_end() -> DbErr {
    DbErr::RecordNotFound("the table audit_chain has lost its row".to_owned())
}
