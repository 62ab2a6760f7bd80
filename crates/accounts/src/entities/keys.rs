//! `keys`: keys that sign and keys that seal, themselves sealed by the root key.

use foundation::{Timestamp, Uuid};
use sea_orm::entity::prelude::*;

use crate::keys::Purpose;

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "keys")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub purpose: Purpose,
    pub sealed: Vec<u8>,
    pub public: Option<Vec<u8>>,
    pub created_at: Timestamp,
    /// From when on the key is worth nothing; none for the key in use.
    pub retires_at: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
