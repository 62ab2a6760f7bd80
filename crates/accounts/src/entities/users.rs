//! `users`: one row per account. An address and a name may have several rows until one of them is verified.

use foundation::{Timestamp, Uuid};
use sea_orm::entity::prelude::*;

use crate::{Role, User};

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "users")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub email: String,
    pub email_key: String,
    pub username: String,
    pub username_key: String,
    pub password_hash: String,
    pub role: Role,
    pub email_verified: bool,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub deleted_at: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl From<Model> for User {
    fn from(row: Model) -> Self {
        let Model { id, email, username, role, email_verified, created_at, .. } = row;
        Self { id, email, username, role, email_verified, created_at }
    }
}
