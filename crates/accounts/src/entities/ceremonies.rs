//! `ceremonies`: what takes two requests, between them: a sign-in that waits for its second step, a passkey challenge.

use foundation::{Timestamp, Uuid};
use sea_orm::entity::prelude::*;

use crate::ceremony::Kind;

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ceremonies")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub kind: Kind,
    #[sea_orm(unique)]
    pub token_hash: Vec<u8>,
    pub user_id: Option<Uuid>,
    /// What the passkey library wants to remember.
    #[sea_orm(column_type = "Text")]
    pub state: Option<String>,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
