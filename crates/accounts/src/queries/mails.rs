//! SQL about outgoing mail.

use chrono::TimeDelta;
use foundation::{Ambient, Timestamp, Uuid};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ConnectionTrait, DbErr, QueryOrder as _, QuerySelect as _, Set};

use crate::entities::outgoing_mails::{ActiveModel, Column, Entity, Model};
use crate::mail::Message;

pub(crate) async fn insert(
    db: &impl ConnectionTrait,
    ambient: &Ambient,
    message: Message,
) -> Result<(), DbErr> {
    let now = ambient.now();
    let mail = ActiveModel {
        id: Set(ambient.new_id()),
        recipient: Set(message.recipient),
        subject: Set(message.subject),
        text: Set(message.text),
        created_at: Set(now),
        attempts: Set(0),
        next_attempt_at: Set(now),
        delivered_at: Set(None),
    };
    Entity::insert(mail).exec_without_returning(db).await.map(drop)
}

/// The mail whose turn it is, oldest first.
pub(crate) async fn due(db: &impl ConnectionTrait, now: Timestamp, limit: u64) -> Result<Vec<Model>, DbErr> {
    Entity::find()
        .filter(Column::DeliveredAt.is_null())
        .filter(Column::NextAttemptAt.lte(now))
        .order_by_asc(Column::NextAttemptAt)
        .limit(limit)
        .all(db)
        .await
}

/// Takes a mail, of which so many attempts were known, for one more. False when another node was faster.
pub(crate) async fn claim(
    db: &impl ConnectionTrait,
    id: Uuid,
    attempts: i32,
    next_attempt_at: Timestamp,
) -> Result<bool, DbErr> {
    let done = Entity::update_many()
        .col_expr(Column::Attempts, Expr::col(Column::Attempts).add(1))
        .col_expr(Column::NextAttemptAt, Expr::value(next_attempt_at))
        .filter(Column::Id.eq(id))
        .filter(Column::Attempts.eq(attempts))
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

pub(crate) async fn delete(db: &impl ConnectionTrait, id: Uuid) -> Result<(), DbErr> {
    Entity::delete_by_id(id).exec(db).await.map(drop)
}

pub(crate) async fn mark_delivered(db: &impl ConnectionTrait, id: Uuid, now: Timestamp) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::DeliveredAt, Expr::value(now))
        .filter(Column::Id.eq(id))
        .exec(db)
        .await
        .map(drop)
}

/// What the development mailbox shows, newest first.
pub(crate) async fn delivered(db: &impl ConnectionTrait, limit: u64) -> Result<Vec<Model>, DbErr> {
    Entity::find()
        .filter(Column::DeliveredAt.is_not_null())
        .order_by_desc(Column::Id)
        .limit(limit)
        .all(db)
        .await
}

/// Gives up on mail that nobody took for long.
pub(crate) async fn delete_undelivered_before(
    db: &impl ConnectionTrait,
    moment: Timestamp,
) -> Result<u64, DbErr> {
    let done = Entity::delete_many()
        .filter(Column::DeliveredAt.is_null())
        .filter(Column::CreatedAt.lte(moment))
        .exec(db)
        .await?;
    Ok(done.rows_affected)
}

/// Forgets what the development mailbox has kept for long.
pub(crate) async fn delete_delivered_before(
    db: &impl ConnectionTrait,
    now: Timestamp,
    kept: TimeDelta,
) -> Result<u64, DbErr> {
    let done = Entity::delete_many().filter(Column::DeliveredAt.lte(now - kept)).exec(db).await?;
    Ok(done.rows_affected)
}
