//! SQL about users.

use foundation::{Ambient, Timestamp, Uuid};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, Query};
use sea_orm::{ConnectionTrait, DbErr, QueryOrder as _, Set};

use crate::entities::{one_time_links, users};
use crate::link::Purpose;
use crate::password::PasswordHash;
use crate::{Email, Role, Username};

/// A user about to exist.
pub(crate) struct NewUser<'a> {
    pub(crate) email: &'a Email,
    pub(crate) username: &'a Username,
    pub(crate) password: PasswordHash,
    pub(crate) role: Role,
    pub(crate) email_verified: bool,
}

pub(crate) async fn insert(
    db: &impl ConnectionTrait,
    ambient: &Ambient,
    new: NewUser<'_>,
) -> Result<users::Model, DbErr> {
    let now = ambient.now();
    let user = users::ActiveModel {
        id: Set(ambient.new_id()),
        email: Set(new.email.as_str().to_owned()),
        email_key: Set(new.email.key()),
        username: Set(new.username.as_str().to_owned()),
        username_key: Set(new.username.key()),
        password_hash: Set(new.password.into_stored()),
        role: Set(new.role),
        email_verified: Set(new.email_verified),
        created_at: Set(now),
        updated_at: Set(now),
        deleted_at: Set(None),
    };
    user.insert(db).await
}

/// The one user who has shown that this address is theirs.
pub(crate) async fn verified(
    db: &impl ConnectionTrait,
    email: &Email,
) -> Result<Option<users::Model>, DbErr> {
    users::Entity::find()
        .filter(users::Column::EmailKey.eq(email.key()))
        .filter(users::Column::EmailVerified.eq(true))
        .filter(users::Column::DeletedAt.is_null())
        .one(db)
        .await
}

/// The newest user who signed up with this address and has not confirmed it.
pub(crate) async fn newest_unverified(
    db: &impl ConnectionTrait,
    email: &Email,
) -> Result<Option<users::Model>, DbErr> {
    users::Entity::find()
        .filter(users::Column::EmailKey.eq(email.key()))
        .filter(users::Column::EmailVerified.eq(false))
        .order_by_desc(users::Column::Id)
        .one(db)
        .await
}

pub(crate) async fn by_id(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<users::Model>, DbErr> {
    users::Entity::find_by_id(id).one(db).await
}

/// Whether a confirmed user, even a deleted one, has this name.
pub(crate) async fn name_is_taken(db: &impl ConnectionTrait, username_key: &str) -> Result<bool, DbErr> {
    let namesake = users::Entity::find()
        .filter(users::Column::UsernameKey.eq(username_key))
        .filter(users::Column::EmailVerified.eq(true))
        .one(db)
        .await?;
    Ok(namesake.is_some())
}

pub(crate) async fn administrator_exists(db: &impl ConnectionTrait) -> Result<bool, DbErr> {
    let found = users::Entity::find()
        .filter(users::Column::Role.eq(Role::Admin))
        .filter(users::Column::DeletedAt.is_null())
        .one(db)
        .await?;
    Ok(found.is_some())
}

pub(crate) async fn mark_verified(db: &impl ConnectionTrait, id: Uuid, now: Timestamp) -> Result<(), DbErr> {
    users::Entity::update_many()
        .col_expr(users::Column::EmailVerified, Expr::value(true))
        .col_expr(users::Column::UpdatedAt, Expr::value(now))
        .filter(users::Column::Id.eq(id))
        .exec(db)
        .await
        .map(drop)
}

/// Forgets everybody else who signed up with an address that turned out to be somebody's.
pub(crate) async fn delete_unverified_with_address(
    db: &impl ConnectionTrait,
    email_key: &str,
) -> Result<(), DbErr> {
    users::Entity::delete_many()
        .filter(users::Column::EmailKey.eq(email_key))
        .filter(users::Column::EmailVerified.eq(false))
        .exec(db)
        .await
        .map(drop)
}

/// Forgets those who never confirmed and whose links have all expired; their names become free.
pub(crate) async fn delete_abandoned(db: &impl ConnectionTrait, now: Timestamp) -> Result<u64, DbErr> {
    let still_invited = Query::select()
        .column(one_time_links::Column::UserId)
        .from(one_time_links::Entity)
        .and_where(one_time_links::Column::Purpose.eq(Purpose::VerifyEmail))
        .and_where(one_time_links::Column::ExpiresAt.gt(now))
        .and_where(one_time_links::Column::UserId.is_not_null())
        .take();
    let done = users::Entity::delete_many()
        .filter(users::Column::EmailVerified.eq(false))
        .filter(users::Column::Id.not_in_subquery(still_invited))
        .exec(db)
        .await?;
    Ok(done.rows_affected)
}
