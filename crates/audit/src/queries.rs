//! All SQL of this room.

use foundation::{Ambient, Timestamp, Uuid};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ConnectionTrait, DbErr, QueryOrder as _, QuerySelect as _, Set};
use serde_json::Value;

use crate::entities::{ActiveModel, Column, Entity, Model};
use crate::{Entry, Outcome};

/// An entry that was read back.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// Its id; later entries have greater ones.
    pub id: Uuid,
    /// When it happened.
    pub created_at: Timestamp,
    /// Who did it; none for strangers, the operator at the command line, and the program itself.
    pub user_id: Option<Uuid>,
    /// The user it was done to, if it was done to one.
    pub about: Option<Uuid>,
    /// What was done.
    pub action: String,
    /// Whether it came about.
    pub outcome: Outcome,
    /// The client's address.
    pub ip_address: Option<String>,
    /// What the client said it is.
    pub user_agent: Option<String>,
    /// What else there is to know.
    pub details: Value,
}

/// Which part of a history: the newest `limit` entries older than `before`.
#[derive(Debug, Clone, Copy)]
pub struct Page {
    /// The id of the last entry of the page before.
    pub before: Option<Uuid>,
    /// How many entries.
    pub limit: u64,
}

/// Writes an entry. Hand it the unit of work that does what the entry tells of.
///
/// # Errors
/// When the database fails.
pub async fn record(db: &impl ConnectionTrait, ambient: &Ambient, entry: Entry<'_>) -> Result<(), DbErr> {
    let Entry { user_id, action, resource, resource_id, outcome, source, details } = entry;
    let row = ActiveModel {
        id: Set(ambient.new_id()),
        user_id: Set(user_id),
        action: Set(action.to_owned()),
        resource: Set(resource.to_owned()),
        resource_id: Set(resource_id),
        status: Set(outcome),
        ip_address: Set(source.ip_address.map(|address| address.to_string())),
        user_agent: Set(source.user_agent.clone()),
        details: Set(Some(details).filter(|details| !details.is_null())),
        created_at: Set(ambient.now()),
    };
    Entity::insert(row).exec_without_returning(db).await.map(drop)
}

/// What a person did and what was done to their account, newest first.
///
/// # Errors
/// When the database fails.
pub async fn history(db: &impl ConnectionTrait, person: Uuid, page: Page) -> Result<Vec<Record>, DbErr> {
    let theirs = Column::UserId.eq(person).or(Column::Resource.eq("user").and(Column::ResourceId.eq(person)));
    let mut query = Entity::find().filter(theirs).order_by_desc(Column::Id).limit(page.limit);
    if let Some(before) = page.before {
        query = query.filter(Column::Id.lt(before));
    }
    Ok(query.all(db).await?.into_iter().map(Record::from).collect())
}

/// Takes out of a person's entries where they were, and of those that strangers caused at their account: most of these
/// were the person before signing in. What they did to their own account loses its details too; what they did as an
/// administrator keeps them, for those it was done to. That something happened stays.
///
/// # Errors
/// When the database fails.
pub async fn forget_person(db: &impl ConnectionTrait, person: Uuid) -> Result<(), DbErr> {
    let by_them = Column::UserId.eq(person);
    let at_their_account = Column::Resource.eq("user").and(Column::ResourceId.eq(person));
    let by_them_or_strangers = by_them.clone().or(Column::UserId.is_null());
    Entity::update_many()
        .col_expr(Column::Details, Expr::value(None::<Json>))
        .filter(at_their_account.clone().and(by_them_or_strangers.clone()))
        .exec(db)
        .await?;
    Entity::update_many()
        .col_expr(Column::IpAddress, Expr::value(None::<String>))
        .col_expr(Column::UserAgent, Expr::value(None::<String>))
        .filter(by_them.or(at_their_account.and(Column::UserId.is_null())))
        .exec(db)
        .await
        .map(drop)
}

impl From<Model> for Record {
    fn from(row: Model) -> Self {
        let Model { id, created_at, user_id, action, status, ip_address, user_agent, details, .. } = row;
        let about = row.resource_id.filter(|_| row.resource == "user");
        let details = details.unwrap_or_default();
        Self { id, created_at, user_id, about, action, outcome: status, ip_address, user_agent, details }
    }
}
