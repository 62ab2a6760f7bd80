//! Entries: written, read, and what of them can be erased.

use foundation::Uuid;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{
    ConnectionTrait, DbBackend, DbErr, IntoActiveModel as _, QueryOrder as _, QuerySelect as _, Select,
};

use super::legible::{self, Read};
use crate::entities::entries::{Column, Entity, Model};
use crate::{Filter, Page};

/// # Errors
/// When the database fails, or something in it swallows the row.
pub(crate) async fn insert(db: &impl ConnectionTrait, entry: Model) -> Result<(), DbErr> {
    match Entity::insert(entry.into_active_model()).exec_without_returning(db).await? {
        1 => Ok(()),
        _ => Err(DbErr::RecordNotInserted),
    }
}

/// What a person did and what was done to them.
fn concerning(person: Uuid) -> sea_orm::sea_query::SimpleExpr {
    Column::UserId.eq(person).or(about(person))
}

fn about(person: Uuid) -> sea_orm::sea_query::SimpleExpr {
    Column::Resource.eq("user").and(Column::ResourceId.eq(person))
}

/// The newest entries that pass a filter.
pub(crate) async fn find(db: &impl ConnectionTrait, filter: &Filter, page: Page) -> Result<Vec<Read>, DbErr> {
    let mut query = narrowed(filter).order_by_desc(Column::Id).limit(page.limit);
    if let Some(before) = page.before {
        query = query.filter(Column::Id.lt(before));
    }
    legible::entries(db, with_id(db, query)).await
}

/// SQLite keeps anything for an id. What has none cannot be listed: nothing could come behind it.
fn with_id(db: &impl ConnectionTrait, query: Select<Entity>) -> Select<Entity> {
    match db.get_database_backend() {
        DbBackend::Sqlite => query.filter(Expr::cust("typeof(id) = 'blob' AND length(id) = 16")),
        _ => query,
    }
}

/// All entries that pass a filter, oldest first.
pub(crate) async fn all(db: &impl ConnectionTrait, filter: &Filter) -> Result<Vec<Read>, DbErr> {
    legible::entries(db, narrowed(filter).order_by_asc(Column::Id)).await
}

fn narrowed(filter: &Filter) -> Select<Entity> {
    let Filter { person, actions, outcome, from, until } = filter;
    let mut query = Entity::find();
    if let Some(person) = person {
        query = query.filter(concerning(*person));
    }
    if !actions.is_empty() {
        query = query.filter(Column::Action.is_in(actions));
    }
    if let Some(outcome) = outcome {
        query = query.filter(Column::Status.eq(*outcome));
    }
    if let Some(from) = from {
        query = query.filter(Column::CreatedAt.gte(*from));
    }
    if let Some(until) = until {
        query = query.filter(Column::CreatedAt.lt(*until));
    }
    query
}

/// Takes out of a person's entries where they were, and of those that strangers caused at their account: most of these
/// were the person before signing in. What they did to their own account loses its details too; what they did as an
/// administrator keeps them, for those it was done to. The operator at the command line was nowhere, and stays.
pub(crate) async fn erase(db: &impl ConnectionTrait, person: Uuid) -> Result<(), DbErr> {
    let by_them = Column::UserId.eq(person);
    let by_them_or_strangers = by_them.clone().or(Column::UserId.is_null());
    Entity::update_many()
        .col_expr(Column::Details, Expr::value(None::<Json>))
        .col_expr(Column::DetailsSalt, Expr::value(None::<Vec<u8>>))
        .filter(about(person).and(by_them_or_strangers))
        .exec(db)
        .await?;
    Entity::update_many()
        .col_expr(Column::IpAddress, Expr::value(None::<String>))
        .col_expr(Column::UserAgent, Expr::value(None::<String>))
        .col_expr(Column::OriginSalt, Expr::value(None::<Vec<u8>>))
        .filter(by_them.or(about(person).and(Column::UserId.is_null())))
        .filter(Column::IpAddress.is_not_null())
        .exec(db)
        .await
        .map(drop)
}
