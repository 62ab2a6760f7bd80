//! What administrators do about users.

use axum::Json;
use axum::extract::{Path, State};
use foundation::problem::ProblemDocument;
use foundation::{Problem, Uuid};
use garde::Validate;
use guard::{ValidJson, ValidQuery};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::activity::Part;
use super::sessions::{Ended, SessionEntry};
use crate::identity::{Admin, ReauthenticatedAdmin};
use crate::people::{Actor, AdminUser, Measure, WaysIn};
use crate::visitor::Visitor;
use crate::{Accounts, AccountsError, Role, actions};

/// Whom to look for.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct UserSearch {
    /// A part of an address or a name.
    #[garde(skip)]
    #[serde(default)]
    search: String,
    /// What `next` of the page before was.
    #[garde(skip)]
    after: Option<Uuid>,
    /// How many: 1 to 100.
    #[garde(skip)]
    limit: Option<u64>,
}

/// Some users, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct UserList {
    /// The users.
    users: Vec<AdminUser>,
    /// How to ask for more; none at the end.
    next: Option<Uuid>,
}

/// A user and what belongs to them.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct UserDetail {
    #[serde(flatten)]
    user: AdminUser,
    /// Where they are signed in.
    sessions: Vec<SessionEntry>,
    /// How many access tokens they have.
    tokens: u64,
    /// How many passkeys they have.
    passkeys: u64,
}

/// Another role.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewRole {
    /// The role.
    #[garde(skip)]
    role: Role,
}

/// Find users.
#[utoipa::path(get, path = "/api/admin/users", tag = "administration", params(UserSearch), responses(
    (status = 200, body = UserList),
    (status = 403, description = "`forbidden`", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(super) async fn find_users(
    State(accounts): State<Accounts>,
    _admin: Admin,
    ValidQuery(UserSearch { search, after, limit }): ValidQuery<UserSearch>,
) -> Result<Json<UserList>, Problem> {
    let limit = Part { after, limit }.limit();
    let mut users = accounts.find_users(&search, after, limit + 1).await?;
    let more = users.len() as u64 > limit;
    users.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let next = users.last().filter(|_| more).map(|user| user.user.id);
    Ok(Json(UserList { users, next }))
}

/// Look at a user.
#[utoipa::path(get, path = "/api/admin/users/{id}", tag = "administration", responses(
    (status = 200, body = UserDetail),
    (status = 404, description = "`not_found`", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(super) async fn show_user(
    State(accounts): State<Accounts>,
    _admin: Admin,
    Path(id): Path<Uuid>,
) -> Result<Json<UserDetail>, Problem> {
    let user = accounts.user(id).await?;
    let sessions = accounts.sessions_of(id).await?;
    let WaysIn { passkeys, tokens, .. } =
        accounts.ways_in_beside(id, &sessions).await.map_err(AccountsError::from)?;
    Ok(Json(UserDetail {
        user,
        sessions: sessions.into_iter().map(|row| SessionEntry::new(row, None)).collect(),
        tokens,
        passkeys,
    }))
}

fn actor(admin: &ReauthenticatedAdmin, visitor: &Visitor) -> Actor {
    Actor { admin: Some(admin.user().id), source: visitor.source.clone() }
}

macro_rules! measure {
    ($(#[$doc:meta])* $name:ident, $path:literal, $status:ident = $number:literal, $measure:expr, $action:expr) => {
        $(#[$doc])*
        #[utoipa::path(post, path = $path, tag = "administration", extensions(("x-audit" = json!([$action]))), responses(
            (status = $number),
            (status = 403, description = "`forbidden` or `reauthentication_required`", body = ProblemDocument, content_type = "application/problem+json"),
            (status = 404, description = "`not_found`", body = ProblemDocument, content_type = "application/problem+json"),
            (status = 409, description = "`last_administrator`, `not_enabled` or `account_disabled`", body = ProblemDocument, content_type = "application/problem+json"),
        ))]
        pub(super) async fn $name(
            State(accounts): State<Accounts>,
            admin: ReauthenticatedAdmin,
            visitor: Visitor,
            Path(id): Path<Uuid>,
        ) -> Result<StatusCode, Problem> {
            accounts.take_measure(&actor(&admin, &visitor), id, $measure).await?;
            Ok(StatusCode::$status)
        }
    };
}

measure! {
    /// Refuse a user everywhere, at once.
    disable_user, "/api/admin/users/{id}/disable", NO_CONTENT = 204, Measure::Disable, actions::USER_DISABLE
}
measure! {
    /// Let a disabled user in again.
    enable_user, "/api/admin/users/{id}/enable", NO_CONTENT = 204, Measure::Enable, actions::USER_ENABLE
}
measure! {
    /// End all sessions of a user.
    end_user_sessions, "/api/admin/users/{id}/end-sessions", NO_CONTENT = 204, Measure::EndSessions, actions::SESSIONS_END_BY_ADMIN
}
measure! {
    /// Revoke all access tokens of a user.
    revoke_user_tokens, "/api/admin/users/{id}/revoke-tokens", NO_CONTENT = 204, Measure::RevokeTokens, actions::TOKENS_REVOKE_BY_ADMIN
}
measure! {
    /// Mail a user a link that sets their password anew. Nobody but the user chooses it.
    start_password_reset, "/api/admin/users/{id}/start-reset", ACCEPTED = 202, Measure::StartReset, actions::RESET_START_BY_ADMIN
}
measure! {
    /// Mail a user who lost their second factor a link that, with their password, removes it.
    start_recovery, "/api/admin/users/{id}/start-recovery", ACCEPTED = 202, Measure::StartRecovery, actions::RECOVERY_START_BY_ADMIN
}

/// Give a user another role.
#[utoipa::path(put, path = "/api/admin/users/{id}/role", tag = "administration", extensions(("x-audit" = json!([actions::ROLE_CHANGE]))), request_body = NewRole, responses(
    (status = 200, body = AdminUser),
    (status = 403, description = "`forbidden` or `reauthentication_required`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 409, description = "`last_administrator`", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(super) async fn set_user_role(
    State(accounts): State<Accounts>,
    admin: ReauthenticatedAdmin,
    visitor: Visitor,
    Path(id): Path<Uuid>,
    ValidJson(body): ValidJson<NewRole>,
) -> Result<Json<AdminUser>, Problem> {
    accounts.take_measure(&actor(&admin, &visitor), id, Measure::SetRole(body.role)).await?;
    Ok(Json(accounts.user(id).await?))
}

/// End everybody's sessions but mine.
#[utoipa::path(post, path = "/api/admin/end-all-sessions", tag = "administration", extensions(("x-audit" = json!([actions::SESSIONS_END_BY_ADMIN]))), responses(
    (status = 200, body = Ended),
    (status = 403, description = "`forbidden` or `reauthentication_required`", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(super) async fn end_everybodys_sessions(
    State(accounts): State<Accounts>,
    admin: ReauthenticatedAdmin,
    visitor: Visitor,
) -> Result<Json<Ended>, Problem> {
    Ok(Json(Ended { ended: accounts.end_everybodys_sessions(&actor(&admin, &visitor)).await? }))
}
