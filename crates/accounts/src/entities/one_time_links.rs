//! `one_time_links`: what a link in a mail or on the operator's terminal may do, once. The token itself is nowhere.

use foundation::{Timestamp, Uuid};
use sea_orm::entity::prelude::*;

use crate::link::Purpose;

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "one_time_links")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub purpose: Purpose,
    #[sea_orm(unique)]
    pub token_hash: Vec<u8>,
    /// Whose link it is; none for the link that creates the first administrator.
    pub user_id: Option<Uuid>,
    /// The address that the link makes the user's own.
    pub email: Option<String>,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    pub used_at: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
