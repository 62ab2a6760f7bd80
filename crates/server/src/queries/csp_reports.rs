//! What browsers report about content security policies, each kind once.

use foundation::{Timestamp, Uuid};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait as _, OnConflict};
use sea_orm::{ConnectionTrait, DbErr, IntoActiveModel as _, QueryOrder as _};

/// A kind of report, and how often it came.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "csp_reports")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub key: Vec<u8>,
    pub page: String,
    pub directive: String,
    pub blocked: String,
    pub source: String,
    pub line: Option<i32>,
    pub seen: i64,
    pub first_seen_at: Timestamp,
    pub last_seen_at: Timestamp,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// How many kinds there are.
pub(crate) async fn count(db: &impl ConnectionTrait) -> Result<u64, DbErr> {
    Entity::find().count(db).await
}

/// Counts a report of a kind that is there already; whether there is one.
pub(crate) async fn count_again(
    db: &impl ConnectionTrait,
    key: &[u8],
    now: Timestamp,
) -> Result<bool, DbErr> {
    let counted = Entity::update_many()
        .col_expr(Column::Seen, Expr::col(Column::Seen).add(1))
        .col_expr(Column::LastSeenAt, Expr::value(now))
        .filter(Column::Key.eq(key))
        .exec(db)
        .await?;
    Ok(counted.rows_affected > 0)
}

/// A kind that was not there; counts it if somebody else was faster.
pub(crate) async fn insert(db: &impl ConnectionTrait, row: Model) -> Result<(), DbErr> {
    let again = OnConflict::column(Column::Key)
        .value(Column::Seen, Expr::col((Entity, Column::Seen)).add(1))
        .update_column(Column::LastSeenAt)
        .to_owned();
    Entity::insert(row.into_active_model()).on_conflict(again).exec_without_returning(db).await.map(drop)
}

/// All kinds, the one that came last first.
pub(crate) async fn all(db: &impl ConnectionTrait) -> Result<Vec<Model>, DbErr> {
    Entity::find().order_by_desc(Column::LastSeenAt).order_by_desc(Column::Id).all(db).await
}

pub(crate) async fn clear(db: &impl ConnectionTrait) -> Result<(), DbErr> {
    Entity::delete_many().exec(db).await.map(drop)
}
