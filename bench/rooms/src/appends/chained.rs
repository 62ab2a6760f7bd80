//! The obvious way to a log that proves itself: each entry has the hash of the one before, which its writer looks up
//! and holds until the commit.

use aws_lc_rs::digest::{SHA256, digest};
use foundation::{Ambient, Timestamp, Uuid};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{ConnectionTrait, DbErr, IntoActiveModel as _, QuerySelect as _};
use serde_json::json;

use super::address;
use crate::order::{self, ACTION, RESOURCE, USER_AGENT};

/// A row.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_logs")]
pub(super) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    #[sea_orm(unique)]
    pub sequence: i64,
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
    pub hash: Vec<u8>,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub(super) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The end of the chain.
mod head {
    use sea_orm::entity::prelude::*;

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "audit_head")]
    pub(super) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: i32,
        pub sequence: i64,
        pub hash: Vec<u8>,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub(super) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(super) async fn create(db: &impl ConnectionTrait) -> Result<(), DbErr> {
    order::create(db, Entity, &["user_id", "action", "created_at"]).await?;
    order::create(db, head::Entity, &[]).await?;
    let first = head::Model { id: 1, sequence: 0, hash: vec![0; 32] };
    head::Entity::insert(first.into_active_model()).exec_without_returning(db).await.map(drop)
}

pub(super) async fn insert(
    db: &impl ConnectionTrait,
    ambient: &Ambient,
    order: &order::Model,
) -> Result<(), DbErr> {
    let head = head::Entity::find_by_id(1).lock_exclusive().one(db).await?;
    let head::Model { sequence, hash, .. } =
        head.ok_or_else(|| DbErr::RecordNotFound("the end".to_owned()))?;
    let mut row = Model {
        id: ambient.new_id(),
        sequence: sequence + 1,
        user_id: Some(order.user_id),
        action: ACTION.to_owned(),
        resource: RESOURCE.to_owned(),
        resource_id: Some(order.id),
        status: "success".to_owned(),
        ip_address: Some(address(order).to_string()),
        user_agent: Some(USER_AGENT.to_owned()),
        details: Some(order.details()),
        created_at: ambient.now(),
        hash: Vec::new(),
    };
    let content = json!([
        hash,
        row.sequence,
        row.id,
        row.user_id,
        row.resource_id,
        row.ip_address,
        row.user_agent,
        row.details,
        row.created_at,
    ]);
    row.hash = digest(&SHA256, content.to_string().as_bytes()).as_ref().to_vec();
    head::Entity::update_many()
        .col_expr(head::Column::Sequence, Expr::value(row.sequence))
        .col_expr(head::Column::Hash, Expr::value(row.hash.clone()))
        .filter(head::Column::Id.eq(1))
        .exec(db)
        .await?;
    Entity::insert(row.into_active_model()).exec_without_returning(db).await.map(drop)
}
