//! `ended_credentials`: sessions and tokens that were ended lately, for those who were let in by one for longer than a request
//! takes.

use foundation::Uuid;
use sea_orm::entity::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ended_credentials")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub number: i64,
    /// Of a session, a token of an API client, or a user whose tokens of a former application count no more.
    pub credential: Uuid,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
