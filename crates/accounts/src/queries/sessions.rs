//! SQL about sessions.

use chrono::TimeDelta;
use foundation::{Ambient, Timestamp, TokenHash, Uuid};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, JoinType, QuerySelect as _, Set};

use crate::entities::{sessions, users};
use crate::{Role, User};

/// A session and whose it is.
pub(crate) struct FoundSession {
    pub(crate) session_id: Uuid,
    pub(crate) session_created_at: Timestamp,
    pub(crate) last_seen_at: Timestamp,
    pub(crate) expires_at: Timestamp,
    pub(crate) user: User,
}

#[derive(FromQueryResult)]
struct Row {
    session_id: Uuid,
    session_created_at: Timestamp,
    last_seen_at: Timestamp,
    expires_at: Timestamp,
    id: Uuid,
    email: String,
    username: String,
    role: Role,
    email_verified: bool,
    created_at: Timestamp,
}

/// The session of a token and its user, unless the user was deleted. Runs with every request of a signed-in browser.
pub(crate) async fn find(db: &impl ConnectionTrait, token: TokenHash) -> Result<Option<FoundSession>, DbErr> {
    let row = sessions::Entity::find()
        .select_only()
        .column_as(sessions::Column::Id, "session_id")
        .column_as(sessions::Column::CreatedAt, "session_created_at")
        .columns([sessions::Column::LastSeenAt, sessions::Column::ExpiresAt])
        .columns([
            users::Column::Id,
            users::Column::Email,
            users::Column::Username,
            users::Column::Role,
            users::Column::EmailVerified,
            users::Column::CreatedAt,
        ])
        .join(
            JoinType::InnerJoin,
            sessions::Entity::belongs_to(users::Entity)
                .from(sessions::Column::UserId)
                .to(users::Column::Id)
                .into(),
        )
        .filter(sessions::Column::TokenHash.eq(token.to_vec()))
        .filter(users::Column::DeletedAt.is_null())
        .into_model::<Row>()
        .one(db)
        .await?;
    Ok(row.map(|row| {
        let Row { id, email, username, role, email_verified, created_at, .. } = row;
        FoundSession {
            session_id: row.session_id,
            session_created_at: row.session_created_at,
            last_seen_at: row.last_seen_at,
            expires_at: row.expires_at,
            user: User { id, email, username, role, email_verified, created_at },
        }
    }))
}

pub(crate) async fn insert(
    db: &impl ConnectionTrait,
    ambient: &Ambient,
    user_id: Uuid,
    token: &TokenHash,
    lifetime: TimeDelta,
) -> Result<(), DbErr> {
    let now = ambient.now();
    let session = sessions::ActiveModel {
        id: Set(ambient.new_id()),
        user_id: Set(user_id),
        token_hash: Set(token.to_vec()),
        created_at: Set(now),
        last_seen_at: Set(now),
        expires_at: Set(now + lifetime),
    };
    sessions::Entity::insert(session).exec_without_returning(db).await.map(drop)
}

pub(crate) async fn end(db: &impl ConnectionTrait, token: TokenHash) -> Result<(), DbErr> {
    sessions::Entity::delete_many()
        .filter(sessions::Column::TokenHash.eq(token.to_vec()))
        .exec(db)
        .await
        .map(drop)
}

pub(crate) async fn note_seen(
    db: &impl ConnectionTrait,
    session_id: Uuid,
    now: Timestamp,
) -> Result<(), DbErr> {
    sessions::Entity::update_many()
        .col_expr(sessions::Column::LastSeenAt, Expr::value(now))
        .filter(sessions::Column::Id.eq(session_id))
        .exec(db)
        .await
        .map(drop)
}

pub(crate) async fn delete_expired(db: &impl ConnectionTrait, now: Timestamp) -> Result<u64, DbErr> {
    let done = sessions::Entity::delete_many().filter(sessions::Column::ExpiresAt.lte(now)).exec(db).await?;
    Ok(done.rows_affected)
}
