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
    pub disabled_at: Option<Timestamp>,
    /// When somebody last used the account in a browser, to a few minutes.
    pub last_seen_at: Option<Timestamp>,
    /// Since when there has been a second factor, of any kind; none without.
    pub second_factor_since: Option<Timestamp>,
    /// Tokens of a former application (see `legacy`) that were made before are refused.
    pub tokens_valid_after: Option<Timestamp>,
    /// Who this was in a former application.
    pub legacy_id: Option<String>,
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
