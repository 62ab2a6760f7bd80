//! `totp_credentials`: one authenticator app per user, its seed sealed.

use foundation::{Timestamp, Uuid};
use sea_orm::entity::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "totp_credentials")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: Uuid,
    pub seed: Vec<u8>,
    /// Which key seals the seed.
    pub key_id: Uuid,
    /// The newest time step whose code was taken: it and all before are used up.
    pub last_step: i64,
    pub created_at: Timestamp,
    /// None while the user has not shown a code yet.
    pub enabled_at: Option<Timestamp>,
    /// The session that sets the app up; none when that is done. No other one is shown the seed.
    pub session_id: Option<Uuid>,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
