//! `sessions`: one row per signed-in browser.

use foundation::{Timestamp, Uuid};
use sea_orm::entity::prelude::*;

use crate::sessions::Method;

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sessions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub user_id: Uuid,
    pub created_at: Timestamp,
    pub last_seen_at: Timestamp,
    /// When the person last showed who they are: at sign-in, or again since.
    pub authenticated_at: Timestamp,
    pub expires_at: Timestamp,
    pub method: Method,
    pub ip_address: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub user_agent: Option<String>,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
