//! How far the history of a gate is in the audit log.

use foundation::{Timestamp, Uuid};
use sea_orm::entity::prelude::*;
use sea_orm::{ConnectionTrait, DbErr, IntoActiveModel as _};

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "gate_followers")]
pub(crate) struct Model {
    /// Who follows: one of the servers.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The number of the newest record that is in the audit log.
    pub number: i64,
    /// The moment of that record.
    pub at: Timestamp,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

pub(crate) async fn find(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id).one(db).await
}

/// Goes on from where one was; whether nobody else has.
pub(crate) async fn advance(
    db: &impl ConnectionTrait,
    before: Option<&Model>,
    now: Model,
) -> Result<bool, DbErr> {
    let Some(before) = before else {
        return Entity::insert(now.into_active_model()).exec_without_returning(db).await.map(|rows| rows > 0);
    };
    let updated = Entity::update_many()
        .col_expr(Column::Number, now.number.into())
        .col_expr(Column::At, now.at.into())
        .filter(Column::Id.eq(before.id))
        .filter(Column::Number.eq(before.number))
        .exec(db)
        .await?;
    Ok(updated.rows_affected > 0)
}
