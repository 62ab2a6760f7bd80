//! An audit log as most applications have it: a table, with an index for each question.

use foundation::{Ambient, Timestamp, Uuid};
use sea_orm::entity::prelude::*;
use sea_orm::{ConnectionTrait, DbErr, IntoActiveModel as _};

use super::address;
use crate::order::{self, ACTION, RESOURCE, USER_AGENT};

/// A row.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_logs")]
pub(super) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub user_id: Option<Uuid>,
    pub action: String,
    pub resource: String,
    pub resource_id: Option<Uuid>,
    pub status: String,
    pub ip_address: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub user_agent: Option<String>,
    #[sea_orm(column_type = "JsonBinary")]
    pub details: Option<Json>,
    pub created_at: Timestamp,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub(super) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

pub(super) async fn create(db: &impl ConnectionTrait) -> Result<(), DbErr> {
    order::create(db, Entity, &["user_id", "action", "created_at"]).await
}

pub(super) async fn insert(
    db: &impl ConnectionTrait,
    ambient: &Ambient,
    order: &order::Model,
) -> Result<(), DbErr> {
    let row = Model {
        id: ambient.new_id(),
        user_id: Some(order.user_id),
        action: ACTION.to_owned(),
        resource: RESOURCE.to_owned(),
        resource_id: Some(order.id),
        status: "success".to_owned(),
        ip_address: Some(address(order).to_string()),
        user_agent: Some(USER_AGENT.to_owned()),
        details: Some(order.details()),
        created_at: ambient.now(),
    };
    Entity::insert(row.into_active_model()).exec_without_returning(db).await.map(drop)
}
