//! Whether there is maintenance: one row while there is.

use foundation::Timestamp;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ConnectionTrait, DbErr, IntoActiveModel as _};

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "maintenance")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i32,
    pub since: Timestamp,
    pub until: Option<Timestamp>,
    #[sea_orm(column_type = "Text")]
    pub message: Option<String>,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

pub(crate) async fn current(db: &impl ConnectionTrait) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(1).one(db).await
}

/// Begins it, or says anew until when and why.
pub(crate) async fn start(db: &impl ConnectionTrait, row: Model) -> Result<(), DbErr> {
    let again = OnConflict::column(Column::Id).update_columns([Column::Until, Column::Message]).to_owned();
    Entity::insert(row.into_active_model()).on_conflict(again).exec_without_returning(db).await.map(drop)
}

/// Ends it; whether there was any.
pub(crate) async fn end(db: &impl ConnectionTrait) -> Result<bool, DbErr> {
    Ok(Entity::delete_many().exec(db).await?.rows_affected > 0)
}
