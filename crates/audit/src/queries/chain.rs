//! The chain: what is not in it yet, and its end.

use std::collections::BTreeSet;

use chrono::SubsecRound as _;
use foundation::Uuid;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{
    Alias, BinOper, Condition, Expr, ExprTrait as _, IntoIden as _, JoinType, Query, TableRef, ValueTuple,
};
use sea_orm::{
    ConnectionTrait, DbErr, IntoActiveModel as _, Iterable as _, QueryOrder as _, QuerySelect as _,
};

use super::legible::{self, Read};
use crate::chain::End;
use crate::content::{Hash, storable};
use crate::entities::chain;
use crate::entities::entries::{Column, Entity, Model};

/// How many entries wait for their place.
pub(crate) async fn count_unsealed(db: &impl ConnectionTrait) -> Result<u64, DbErr> {
    Entity::find().filter(Column::Sequence.is_null()).count(db).await
}

/// The oldest entries that wait for their place, but for the first `skipped`.
pub(crate) async fn unsealed(
    db: &impl ConnectionTrait,
    skipped: u64,
    limit: u64,
) -> Result<Vec<Read>, DbErr> {
    let query = Entity::find().filter(Column::Sequence.is_null()).order_by_asc(Column::Id);
    legible::entries(db, query.offset(skipped).limit(limit)).await
}

/// The entries of the chain behind a place, in order.
pub(crate) async fn sealed(db: &impl ConnectionTrait, after: i64, limit: u64) -> Result<Vec<Read>, DbErr> {
    let query = Entity::find().filter(in_chain()).filter(Column::Sequence.gt(after));
    legible::entries(db, query.order_by_asc(Column::Sequence).limit(limit)).await
}

/// Entries that have a place where none is.
pub(crate) async fn astray(db: &impl ConnectionTrait, limit: u64) -> Result<Vec<Read>, DbErr> {
    let query = Entity::find().filter(in_chain().not()).filter(Column::Sequence.is_not_null());
    legible::entries(db, query.limit(limit)).await
}

/// The first place is 1. SQLite keeps texts in columns of numbers, too, and sorts them behind these.
fn in_chain() -> Expr {
    Column::Sequence.between(1, i64::MAX)
}

/// Which of these entries stand in the database to the letter as they would be written: SQLite keeps any spelling of a
/// time or of details, and whoever reads these without us may read something else.
pub(crate) async fn to_the_letter(
    db: &impl ConnectionTrait,
    entries: &[&Model],
) -> Result<BTreeSet<Uuid>, DbErr> {
    if entries.is_empty() {
        return Ok(BTreeSet::new());
    }
    let expected = entries.iter().map(|entry| {
        let row = as_we_write(entry).into_active_model();
        ValueTuple::Many(Column::iter().map(|column| row.get(column).into_value().expect("set")).collect())
    });
    // Both databases call the columns of such a list so.
    let same = Column::iter().zip(1..).map(|(column, number)| {
        let expected = Expr::col(("expected", format!("column{number}")));
        match column {
            // By this the two are joined: neither database does that fast by the other operator.
            Column::Id => Expr::col((Entity, column)).eq(expected),
            _ => Expr::col((Entity, column)).binary(BinOper::Custom("IS NOT DISTINCT FROM"), expected),
        }
    });
    let same = same.fold(Condition::all(), Condition::add);
    let expected = TableRef::ValuesList(expected.collect(), Alias::new("expected").into_iden());
    // Named once more, so that SQLite looks them up and does not read the whole table.
    let ids = entries.iter().map(|entry| entry.id);
    let query = Query::select()
        .column((Entity, Column::Id))
        .from(Entity)
        .join(JoinType::InnerJoin, expected, same)
        .and_where(Expr::col((Entity, Column::Id)).is_in(ids))
        .take();
    let rows = db.query_all(&query).await?;
    rows.iter().map(|row| row.try_get("", "id")).collect()
}

/// An entry in the one spelling that we give it.
fn as_we_write(entry: &Model) -> Model {
    let details = entry.details.as_ref().map(storable);
    Model { created_at: entry.created_at.trunc_subsecs(6), details, ..entry.clone() }
}

/// Gives entries, in the order of their ids, their places.
pub(crate) async fn seal(db: &impl ConnectionTrait, places: &[(Uuid, i64, Hash)]) -> Result<(), DbErr> {
    let row = |(id, sequence, mac): &(Uuid, i64, Hash)| {
        ValueTuple::Three((*id).into(), (*sequence).into(), mac.to_vec().into())
    };
    let (Some((first, ..)), Some((last, ..))) = (places.first(), places.last()) else { return Ok(()) };
    // Both databases call the columns of such a list so.
    let [id, sequence, mac] = ["column1", "column2", "column3"].map(|column| Expr::col(("places", column)));
    let update = Query::update()
        .table(Entity)
        .from(TableRef::ValuesList(places.iter().map(row).collect(), Alias::new("places").into_iden()))
        .values([(Column::Sequence, sequence), (Column::Mac, mac)])
        .and_where(Expr::col((Entity, Column::Id)).eq(id))
        // Without it, a plan that PostgreSQL has kept from when the table was small reads all of it.
        .and_where(Expr::col((Entity, Column::Id)).between(*first, *last))
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
    let query = Entity::find().select_only().column(Column::Sequence).filter(in_chain());
    query.order_by_asc(Column::Sequence).into_tuple().one(db).await
}

fn no_end() -> DbErr {
    DbErr::RecordNotFound("the table audit_chain has lost its row".to_owned())
}
