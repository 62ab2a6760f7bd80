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

/// How many kinds there are, without the one of this key.
pub(crate) async fn count_but(db: &impl ConnectionTrait, key: &[u8]) -> Result<u64, DbErr> {
    Entity::find().filter(Column::Key.ne(key)).count(db).await
}

/// The kind that was seen least often, and among those longest ago; never the one of this key.
pub(crate) async fn rarest_but(db: &impl ConnectionTrait, key: &[u8]) -> Result<Option<Model>, DbErr> {
    let query = Entity::find().filter(Column::Key.ne(key));
    query.order_by_asc(Column::Seen).order_by_asc(Column::LastSeenAt).order_by_asc(Column::Id).one(db).await
}

/// Whether it was there.
pub(crate) async fn delete(db: &impl ConnectionTrait, id: Uuid) -> Result<bool, DbErr> {
    Ok(Entity::delete_by_id(id).exec(db).await?.rows_affected > 0)
}

pub(crate) async fn forget_unseen_since(db: &impl ConnectionTrait, moment: Timestamp) -> Result<(), DbErr> {
    Entity::delete_many().filter(Column::LastSeenAt.lt(moment)).exec(db).await.map(drop)
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

/// A kind that was not there; adds what was seen of it if it is, as when somebody else was faster.
pub(crate) async fn insert(db: &impl ConnectionTrait, row: Model) -> Result<(), DbErr> {
    let again = OnConflict::column(Column::Key)
        .value(Column::Seen, Expr::col((Entity, Column::Seen)).add(row.seen))
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
