//! SQL about sessions.

use foundation::{Timestamp, Uuid};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{
    ConnectionTrait, DbErr, FromQueryResult, IntoActiveModel as _, JoinType, QueryOrder as _,
    QuerySelect as _,
};

use crate::entities::sessions::{Column, Entity, Model};
use crate::entities::users;
use crate::identity::Session;
use crate::queries::ended_credentials;
use crate::{Role, User};

/// A session and whose it is.
pub(crate) struct FoundSession {
    pub(crate) session: Session,
    pub(crate) created_at: Timestamp,
    pub(crate) last_seen_at: Timestamp,
    pub(crate) has_second_factor: bool,
    pub(crate) user: User,
}

#[derive(FromQueryResult)]
struct Row {
    session_id: Uuid,
    session_created_at: Timestamp,
    last_seen_at: Timestamp,
    authenticated_at: Timestamp,
    expires_at: Timestamp,
    second_factor_since: Option<Timestamp>,
    id: Uuid,
    email: String,
    username: String,
    role: Role,
    email_verified: bool,
    created_at: Timestamp,
}

/// A session and its user, unless the user is disabled or deleted. Runs with every request of a signed-in browser.
pub(crate) async fn find(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<FoundSession>, DbErr> {
    let row = Entity::find()
        .select_only()
        .column_as(Column::Id, "session_id")
        .column_as(Column::CreatedAt, "session_created_at")
        .columns([Column::LastSeenAt, Column::AuthenticatedAt, Column::ExpiresAt])
        .columns([
            users::Column::Id,
            users::Column::Email,
            users::Column::Username,
            users::Column::Role,
            users::Column::EmailVerified,
            users::Column::CreatedAt,
            users::Column::SecondFactorSince,
        ])
        .join(
            JoinType::InnerJoin,
            Entity::belongs_to(users::Entity).from(Column::UserId).to(users::Column::Id).into(),
        )
        .filter(Column::Id.eq(id))
        .filter(users::Column::DeletedAt.is_null())
        .filter(users::Column::DisabledAt.is_null())
        .into_model::<Row>()
        .one(db)
        .await?;
    Ok(row.map(|row| {
        let Row { id, email, username, role, email_verified, created_at, .. } = row;
        FoundSession {
            session: Session {
                id: row.session_id,
                authenticated_at: row.authenticated_at,
                expires_at: row.expires_at,
            },
            created_at: row.session_created_at,
            last_seen_at: row.last_seen_at,
            has_second_factor: row.second_factor_since.is_some(),
            user: User { id, email, username, role, email_verified, created_at },
        }
    }))
}

pub(crate) async fn insert(db: &impl ConnectionTrait, new: Model) -> Result<(), DbErr> {
    Entity::insert(new.into_active_model().reset_all()).exec_without_returning(db).await.map(drop)
}

/// A user's sessions that have not expired, the last used one first.
pub(crate) async fn of(
    db: &impl ConnectionTrait,
    user_id: Uuid,
    now: Timestamp,
) -> Result<Vec<Model>, DbErr> {
    Entity::find()
        .filter(Column::UserId.eq(user_id))
        .filter(Column::ExpiresAt.gt(now))
        .order_by_desc(Column::LastSeenAt)
        .all(db)
        .await
}

/// Ends a session, with its refresh tokens; false when there was none.
pub(crate) async fn end(db: &impl ConnectionTrait, id: Uuid) -> Result<bool, DbErr> {
    Ok(ended_credentials::end::<Entity>(db, Column::Id, Column::Id.eq(id)).await? == 1)
}

/// Ends one of this user's sessions; false when there was none of this id.
pub(crate) async fn end_one_of(db: &impl ConnectionTrait, user_id: Uuid, id: Uuid) -> Result<bool, DbErr> {
    Ok(ended_credentials::end::<Entity>(db, Column::Id, Column::Id.eq(id).and(Column::UserId.eq(user_id)))
        .await?
        == 1)
}

/// Ends all of a user's sessions but one, and answers how many.
pub(crate) async fn end_all_of(
    db: &impl ConnectionTrait,
    user_id: Uuid,
    but: Option<Uuid>,
) -> Result<u64, DbErr> {
    let all = Column::UserId.eq(user_id);
    ended_credentials::end::<Entity>(
        db,
        Column::Id,
        but.map_or(all.clone(), |but| all.and(Column::Id.ne(but))),
    )
    .await
}

/// Ends everybody's sessions but one user's, and answers how many.
pub(crate) async fn end_all_but(db: &impl ConnectionTrait, user_id: Uuid) -> Result<u64, DbErr> {
    ended_credentials::end::<Entity>(db, Column::Id, Column::UserId.ne(user_id)).await
}

/// Which of these are sessions of people who may use theirs.
pub(crate) async fn alive(db: &impl ConnectionTrait, ids: &[Uuid]) -> Result<Vec<Uuid>, DbErr> {
    let join = Entity::belongs_to(users::Entity).from(Column::UserId).to(users::Column::Id).into();
    let sessions = Entity::find().select_only().column(Column::Id).join(JoinType::InnerJoin, join);
    let sessions = sessions.filter(users::Column::DeletedAt.is_null());
    let sessions = sessions.filter(users::Column::DisabledAt.is_null());
    sessions.filter(Column::Id.is_in(ids.iter().copied())).into_tuple().all(db).await
}

pub(crate) async fn note_seen(
    db: &impl ConnectionTrait,
    session_id: Uuid,
    now: Timestamp,
) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::LastSeenAt, Expr::value(now))
        .filter(Column::Id.eq(session_id))
        .exec(db)
        .await
        .map(drop)
}

pub(crate) async fn delete_expired(db: &impl ConnectionTrait, now: Timestamp) -> Result<u64, DbErr> {
    Ok(Entity::delete_many().filter(Column::ExpiresAt.lte(now)).exec(db).await?.rows_affected)
}
