//! `audit_logs`.

use foundation::{Timestamp, Uuid};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::Outcome;
use crate::hexadecimal as hex;

/// An entry as it is kept. An export has it in the same form, a line each.
#[derive(Debug, Clone, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[sea_orm(table_name = "audit_logs")]
pub(crate) struct Model {
    /// Its place in the chain; none for the moment until it is sealed.
    pub sequence: Option<i64>,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub created_at: Timestamp,
    pub user_id: Option<Uuid>,
    pub action: String,
    pub resource: String,
    pub resource_id: Option<Uuid>,
    pub status: Outcome,
    pub ip_address: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub user_agent: Option<String>,
    /// None when its origin has been erased.
    #[serde(with = "hex::optional")]
    pub origin_salt: Option<Vec<u8>>,
    #[serde(with = "hex::bytes")]
    pub origin_hash: Vec<u8>,
    pub details: Option<Json>,
    /// None when its details have been erased.
    #[serde(with = "hex::optional")]
    pub details_salt: Option<Vec<u8>>,
    #[serde(with = "hex::bytes")]
    pub details_hash: Vec<u8>,
    #[serde(with = "hex::bytes")]
    pub mac: Vec<u8>,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
