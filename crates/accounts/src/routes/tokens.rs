//! Personal access tokens.

use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use chrono::TimeDelta;
use foundation::problem::ProblemDocument;
use foundation::{ExposeSecret as _, Problem, Timestamp, Uuid};
use garde::Validate;
use guard::ValidJson;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::input::a_name;
use crate::entities::access_tokens::Model;
use crate::identity::{Reauthenticated, SignedIn};
use crate::tokens::personal::{NewAccessToken, Scope, scopes_of};
use crate::visitor::Visitor;
use crate::{Accounts, AccountsError, actions, queries};

/// A wish for a token.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TokenWish {
    /// What to call it.
    #[garde(custom(a_name))]
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    /// What it may be used for.
    #[garde(length(min = 1, max = 3))]
    scopes: Vec<Scope>,
    /// After how many days it ends.
    #[garde(range(min = 1, max = 366))]
    #[schema(minimum = 1, maximum = 366)]
    expires_in_days: u16,
}

/// A token, without its text.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AccessToken)]
pub(super) struct TokenEntry {
    /// Its id.
    id: Uuid,
    /// What its owner calls it.
    name: String,
    /// What it may be used for.
    scopes: Vec<Scope>,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it ends.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
    /// When it was last used, to a few minutes.
    #[schema(value_type = Option<String>, format = DateTime)]
    last_used_at: Option<Timestamp>,
}

impl From<Model> for TokenEntry {
    fn from(row: Model) -> Self {
        let Model { id, name, created_at, expires_at, last_used_at, .. } = row;
        Self { id, name, scopes: scopes_of(&row.scopes), created_at, expires_at, last_used_at }
    }
}

/// Somebody's tokens.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TokenList {
    /// The tokens, newest first.
    tokens: Vec<TokenEntry>,
}

/// A token with its text, which is shown this once.
#[derive(Serialize, ToSchema)]
pub(super) struct CreatedToken {
    /// To be sent as `Authorization: Bearer ...`.
    token: String,
    #[serde(flatten)]
    entry: TokenEntry,
}

/// My tokens.
#[utoipa::path(get, path = "/api/auth/tokens", tag = "tokens", responses(
    (status = 200, body = TokenList),
    (status = 401, description = "`unauthenticated`", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(super) async fn list_tokens(
    State(accounts): State<Accounts>,
    who: SignedIn,
) -> Result<Json<TokenList>, Problem> {
    let rows = accounts.read(|| queries::access_tokens::of(accounts.store.reader(), who.user.id)).await;
    let rows = rows.map_err(AccountsError::from)?;
    Ok(Json(TokenList { tokens: rows.into_iter().map(TokenEntry::from).collect() }))
}

/// Make a token for a program.
#[utoipa::path(post, path = "/api/auth/tokens", tag = "tokens", extensions(("x-audit" = json!([actions::TOKEN_CREATE]))), request_body = TokenWish, responses(
    (status = 201, body = CreatedToken),
    (status = 403, description = "`reauthentication_required`, `second_factor_required`, or `forbidden` for a scope that is not mine to give", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 409, description = "`too_many`", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(super) async fn create_token(
    State(accounts): State<Accounts>,
    who: Reauthenticated,
    visitor: Visitor,
    ValidJson(wish): ValidJson<TokenWish>,
) -> Result<Response, Problem> {
    accounts.enrolled(who.user(), who.0.has_second_factor)?;
    let new = NewAccessToken {
        name: wish.name.trim().to_owned(),
        scopes: wish.scopes,
        lifetime: TimeDelta::days(wish.expires_in_days.into()),
    };
    let (token, row) = accounts.create_access_token(&who, new, &visitor).await?;
    let created = CreatedToken { token: token.expose_secret().to_owned(), entry: row.into() };
    Ok((StatusCode::CREATED, Json(created)).into_response())
}

/// End one of my tokens.
#[utoipa::path(delete, path = "/api/auth/tokens/{id}", tag = "tokens", extensions(("x-audit" = json!([actions::TOKEN_REVOKE]))), responses(
    (status = 204),
    (status = 404, description = "`not_found`", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(super) async fn revoke_token(
    State(accounts): State<Accounts>,
    who: SignedIn,
    visitor: Visitor,
    Path(id): Path<Uuid>,
) -> Result<StatusCode, Problem> {
    accounts.revoke_access_token(who.user.id, id, &visitor).await?;
    Ok(StatusCode::NO_CONTENT)
}
