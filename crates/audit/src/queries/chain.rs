//! The chain: what is not in it yet, and its end.

use std::collections::BTreeSet;

use chrono::SubsecRound as _;
use foundation::Uuid;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{
    Alias, BinOper, Condition, Expr, ExprTrait as _, IntoIden as _, JoinType, OnConflict, Query,
    SelectStatement, TableRef, ValueTuple,
};
use sea_orm::{
    ConnectionTrait, DbErr, IntoActiveModel as _, Iterable as _, QueryOrder as _, QueryResult,
    QuerySelect as _, QueryTrait as _,
};

use super::checkpoints;
use super::legible::{self, Read};
use crate::chain::{End, Note};
use crate::content::{Hash, storable};
use crate::entities::chain;
use crate::entities::entries::{Column, Entity, Model};
use crate::{Action, Checkpoint};

/// The id of the one row of `audit_chain`.
const NOTE: i32 = 1;

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

/// The entries about this action that wait for their place.
pub(crate) async fn unsealed_of(db: &impl ConnectionTrait, action: Action) -> Result<Vec<Read>, DbErr> {
    let query = Entity::find().filter(Column::Sequence.is_null()).filter(Column::Action.eq(action.as_str()));
    legible::entries(db, query).await
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

/// The first place is 1. SQLite keeps texts in columns of numbers, too, and sorts them behind these; and fractions.
fn in_chain() -> Expr {
    let whole = Expr::col(Column::Sequence).cast_as("bigint").eq(Expr::col(Column::Sequence));
    Column::Sequence.between(1, i64::MAX).and(whole)
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
    let rows = db.query_all(&comparison(entries)).await?;
    rows.iter().map(|row| row.try_get("", "id")).collect()
}

/// Asks for those of these entries of which each cell is as we write it.
fn comparison(entries: &[&Model]) -> SelectStatement {
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
    Query::select()
        .column((Entity, Column::Id))
        .from(Entity)
        .join(JoinType::InnerJoin, expected, same)
        .and_where(Expr::col((Entity, Column::Id)).is_in(ids))
        .take()
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
    let taken = db.execute(&update).await?.rows_affected();
    if taken == places.len() as u64 {
        return Ok(());
    }
    Err(DbErr::Custom(format!("of {} entries of the audit log, {taken} took their place", places.len())))
}

/// The checkpoint that the chain begins behind: that before the first entry, or, when all were dropped, the one that is
/// left. None at the very beginning.
pub(crate) async fn start(db: &impl ConnectionTrait) -> Result<Option<Checkpoint>, DbErr> {
    match first(db).await? {
        Some(first) => checkpoints::at(db, first - 1).await,
        None => checkpoints::oldest(db).await,
    }
}

/// What is noted of where the chain ends; nothing when the note is gone, or none that we write.
pub(crate) async fn note(db: &impl ConnectionTrait) -> Result<Option<Note>, DbErr> {
    let columns = [chain::Column::Sequence, chain::Column::Mac, chain::Column::Link, chain::Column::Code];
    let query = chain::Entity::find_by_id(NOTE).select_only().columns(columns);
    Ok(db.query_one(query.as_query()).await?.as_ref().and_then(read_note))
}

fn read_note(row: &QueryResult) -> Option<Note> {
    let hash = |column| row.try_get::<Vec<u8>>("", column).ok()?.try_into().ok();
    let end = End { sequence: row.try_get("", "sequence").ok()?, mac: hash("mac")?, link: hash("link")? };
    Some(Note::new(end, row.try_get("", "code").ok()?))
}

/// The same, held by this unit until it ends: nobody else appends meanwhile.
pub(crate) async fn hold_note(db: &impl ConnectionTrait) -> Result<Option<Note>, DbErr> {
    // Where the row is lost, one that says nothing takes its place: only what is there can be held.
    let nothing = chain::Model { id: NOTE, sequence: 0, mac: Vec::new(), link: Vec::new(), code: Vec::new() };
    let untouched = OnConflict::column(chain::Column::Id).update_column(chain::Column::Id).to_owned();
    let held = chain::Entity::insert(nothing.into_active_model()).on_conflict(untouched);
    held.exec_without_returning(db).await?;
    note(db).await
}

/// Notes where the chain ends.
pub(crate) async fn put_note(db: &impl ConnectionTrait, note: Note) -> Result<(), DbErr> {
    let (End { sequence, mac, link }, code) = note.into_parts();
    chain::Entity::update_many()
        .col_expr(chain::Column::Sequence, Expr::value(sequence))
        .col_expr(chain::Column::Mac, Expr::value(mac.to_vec()))
        .col_expr(chain::Column::Link, Expr::value(link.to_vec()))
        .col_expr(chain::Column::Code, Expr::value(code))
        .filter(chain::Column::Id.eq(NOTE))
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

#[cfg(test)]
mod tests;
