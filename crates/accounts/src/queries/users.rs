//! SQL about users.

use foundation::{Ambient, Timestamp, Uuid};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait as _, LikeExpr, Query};
use sea_orm::{ConnectionTrait, DbErr, QueryOrder as _, QuerySelect as _, Set};

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
        disabled_at: Set(None),
        last_seen_at: Set(None),
        second_factor_since: Set(None),
        tokens_valid_after: Set(None),
        legacy_id: Set(None),
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

/// The user of this id, unless disabled, deleted or never confirmed: one who may act.
pub(crate) async fn active(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<users::Model>, DbErr> {
    let user = users::Entity::find_by_id(id);
    let user = user.filter(users::Column::DeletedAt.is_null()).filter(users::Column::DisabledAt.is_null());
    user.filter(users::Column::EmailVerified.eq(true)).one(db).await
}

/// Which of these are users who may use their accounts.
pub(crate) async fn alive(db: &impl ConnectionTrait, ids: &[Uuid]) -> Result<Vec<Uuid>, DbErr> {
    let users = users::Entity::find().select_only().column(users::Column::Id);
    let users = users.filter(users::Column::DeletedAt.is_null()).filter(users::Column::DisabledAt.is_null());
    users.filter(users::Column::Id.is_in(ids.iter().copied())).into_tuple().all(db).await
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
    Ok(count_administrators(db).await? > 0)
}

/// How many administrators can act.
pub(crate) async fn count_administrators(db: &impl ConnectionTrait) -> Result<u64, DbErr> {
    users::Entity::find()
        .filter(users::Column::Role.eq(Role::Admin))
        .filter(users::Column::DeletedAt.is_null())
        .filter(users::Column::DisabledAt.is_null())
        .count(db)
        .await
}

/// Changes some columns of a user, and with them when that was.
pub(crate) async fn update(
    db: &impl ConnectionTrait,
    ambient: &Ambient,
    id: Uuid,
    changes: impl IntoIterator<Item = (users::Column, Value)>,
) -> Result<(), DbErr> {
    let mut query = users::Entity::update_many()
        .col_expr(users::Column::UpdatedAt, Expr::value(ambient.now()))
        .filter(users::Column::Id.eq(id));
    for (column, value) in changes {
        query = query.col_expr(column, Expr::value(value));
    }
    query.exec(db).await.map(drop)
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

/// Notes that somebody uses the account.
pub(crate) async fn note_seen(db: &impl ConnectionTrait, id: Uuid, now: Timestamp) -> Result<(), DbErr> {
    users::Entity::update_many()
        .col_expr(users::Column::LastSeenAt, Expr::value(now))
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

/// Some of those who never confirmed and whose links have all expired.
pub(crate) async fn abandoned(
    db: &impl ConnectionTrait,
    now: Timestamp,
    limit: u64,
) -> Result<Vec<Uuid>, DbErr> {
    let still_invited = Query::select()
        .column(one_time_links::Column::UserId)
        .from(one_time_links::Entity)
        .and_where(one_time_links::Column::Purpose.eq(Purpose::VerifyEmail))
        .and_where(one_time_links::Column::ExpiresAt.gt(now))
        .and_where(one_time_links::Column::UserId.is_not_null())
        .take();
    users::Entity::find()
        .select_only()
        .column(users::Column::Id)
        .filter(users::Column::EmailVerified.eq(false))
        .filter(users::Column::Id.not_in_subquery(still_invited))
        .limit(limit)
        .into_tuple()
        .all(db)
        .await
}

/// Forgets these users; their names become free.
pub(crate) async fn delete(db: &impl ConnectionTrait, ids: &[Uuid]) -> Result<(), DbErr> {
    let theirs = users::Column::Id.is_in(ids.iter().copied());
    users::Entity::delete_many().filter(theirs).exec(db).await.map(drop)
}

/// The user of this id, disabled or not, unless deleted or never confirmed.
pub(crate) async fn present(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<users::Model>, DbErr> {
    let user = users::Entity::find_by_id(id).filter(users::Column::DeletedAt.is_null());
    user.filter(users::Column::EmailVerified.eq(true)).one(db).await
}

/// The user with this address or name, in its comparable form.
pub(crate) async fn called(db: &impl ConnectionTrait, key: &str) -> Result<Option<users::Model>, DbErr> {
    users::Entity::find()
        .filter(users::Column::EmailKey.eq(key).or(users::Column::UsernameKey.eq(key)))
        .filter(users::Column::EmailVerified.eq(true))
        .filter(users::Column::DeletedAt.is_null())
        .one(db)
        .await
}

/// Who had this name, in its comparable form, until their account was deleted: it stays theirs.
pub(crate) async fn left(db: &impl ConnectionTrait, username_key: &str) -> Result<Option<Uuid>, DbErr> {
    users::Entity::find()
        .select_only()
        .column(users::Column::Id)
        .filter(users::Column::UsernameKey.eq(username_key))
        .filter(users::Column::DeletedAt.is_not_null())
        .into_tuple()
        .one(db)
        .await
}

/// The user who had this id in a former application, if they may act.
pub(crate) async fn active_by_legacy_id(
    db: &impl ConnectionTrait,
    legacy_id: &str,
) -> Result<Option<users::Model>, DbErr> {
    users::Entity::find()
        .filter(users::Column::LegacyId.eq(legacy_id))
        .filter(users::Column::EmailVerified.eq(true))
        .filter(users::Column::DeletedAt.is_null())
        .filter(users::Column::DisabledAt.is_null())
        .one(db)
        .await
}

/// Confirmed users whose address or name contains a text, newest first.
pub(crate) async fn search(
    db: &impl ConnectionTrait,
    text: &str,
    before: Option<Uuid>,
    limit: u64,
) -> Result<Vec<users::Model>, DbErr> {
    let mut query = users::Entity::find()
        .filter(users::Column::EmailVerified.eq(true))
        .filter(users::Column::DeletedAt.is_null())
        .order_by_desc(users::Column::Id)
        .limit(limit);
    let text = text.trim().to_ascii_lowercase();
    if text.contains('\0') {
        // No address or name has one, and PostgreSQL does not even take it in a question.
        return Ok(Vec::new());
    }
    if !text.is_empty() {
        let pattern = LikeExpr::new(format!("%{}%", escaped(&text))).escape('\\');
        query = query.filter(
            users::Column::EmailKey.like(pattern.clone()).or(users::Column::UsernameKey.like(pattern)),
        );
    }
    if let Some(before) = before {
        query = query.filter(users::Column::Id.lt(before));
    }
    query.all(db).await
}

/// A text in which nothing stands for something else.
fn escaped(text: &str) -> String {
    text.chars().flat_map(|c| ['\\', '%', '_'].contains(&c).then_some('\\').into_iter().chain([c])).collect()
}

/// Tokens of a former application that everybody but one has so far count no more. They may name users by the id they
/// have here, so it does not matter whether there is another.
pub(crate) async fn end_foreign_tokens(
    db: &impl ConnectionTrait,
    but: Uuid,
    now: Timestamp,
) -> Result<(), DbErr> {
    users::Entity::update_many()
        .col_expr(users::Column::TokensValidAfter, Expr::value(now))
        .filter(users::Column::Id.ne(but))
        .exec(db)
        .await
        .map(drop)
}

/// The names of these users.
pub(crate) async fn names(db: &impl ConnectionTrait, ids: &[Uuid]) -> Result<Vec<(Uuid, String)>, DbErr> {
    users::Entity::find()
        .select_only()
        .columns([users::Column::Id, users::Column::Username])
        .filter(users::Column::Id.is_in(ids.iter().copied()))
        .into_tuple()
        .all(db)
        .await
}
