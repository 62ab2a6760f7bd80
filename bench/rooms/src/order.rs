//! What a business changes: an order is placed. Whoever writes an audit log writes its entry in the same unit.

use foundation::{Ambient, Timestamp, Uuid};
use sea_orm::entity::prelude::*;
use sea_orm::{ConnectionTrait, DbErr, EntityTrait, IntoActiveModel as _, Schema};
use serde_json::{Value, json};

/// Who trades.
pub(crate) const PEOPLE: u128 = 1_000;
pub(crate) const ACTION: &str = "order_create";
pub(crate) const RESOURCE: &str = "order";
pub(crate) const USER_AGENT: &str =
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36";

/// An order.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "orders")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub user_id: Uuid,
    pub asset: String,
    pub quantity: i64,
    pub price: i64,
    pub created_at: Timestamp,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    pub(crate) fn new(ambient: &Ambient, number: u64) -> Self {
        let price = 6_400_000 + i64::try_from(number % 10_000).unwrap_or_default();
        Self {
            id: ambient.new_id(),
            user_id: Uuid::from_u128(u128::from(number) % PEOPLE + 1),
            asset: "BTC".to_owned(),
            quantity: 25_000_000,
            price,
            created_at: ambient.now(),
        }
    }

    pub(crate) fn details(&self) -> Value {
        json!({ "asset": self.asset, "quantity": self.quantity, "price": self.price, "kind": "limit" })
    }
}

pub(crate) async fn insert(db: &impl ConnectionTrait, order: Model) -> Result<(), DbErr> {
    Entity::insert(order.into_active_model()).exec_without_returning(db).await.map(drop)
}

/// Makes the table of an entity, with indexes on these columns.
pub(crate) async fn create<E: EntityTrait>(
    db: &impl ConnectionTrait,
    entity: E,
    indexes: &[&str],
) -> Result<(), DbErr> {
    db.execute(&Schema::new(db.get_database_backend()).create_table_from_entity(entity)).await?;
    let table = entity.table_name();
    for column in indexes {
        let sql = format!("CREATE INDEX idx_{table}_{column} ON {table} ({column})");
        db.execute_unprepared(&sql).await?;
    }
    Ok(())
}
