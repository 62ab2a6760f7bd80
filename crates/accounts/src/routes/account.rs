//! Getting back in without the second factor, taking one's data along, and leaving.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use foundation::problem::ProblemDocument;
use foundation::{FieldError, Problem, SecretString};
use garde::Validate;
use guard::ValidJson;
use http::StatusCode;
use http::header::CONTENT_DISPOSITION;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{cookies, input::token};
use crate::identity::Reauthenticated;
use crate::visitor::Visitor;
use crate::{Accounts, actions};

/// The secret of a recovery link, and the password.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Recovery {
    /// What follows `#token=` in the link.
    #[garde(skip)]
    #[schema(value_type = String)]
    token: SecretString,
    /// The password.
    #[garde(skip)]
    #[schema(value_type = String, format = "password")]
    password: SecretString,
}

/// The deletion of one's account.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Deletion {
    /// The name of the account, typed to confirm.
    #[garde(skip)]
    username: String,
}

/// Remove every second factor with the recovery link from the mail and the password. Ends all sessions.
#[utoipa::path(post, path = "/api/auth/recover", tag = "second factor", extensions(("x-audit" = json!([actions::RECOVERY]))), request_body = Recovery, responses(
    (status = 204),
    (status = 403, description = "`wrong_password`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 404, description = "`link_invalid`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 410, description = "`link_expired` or `link_used`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 429, description = "`too_many_requests`; see `Retry-After`", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(super) async fn recover(
    State(accounts): State<Accounts>,
    visitor: Visitor,
    ValidJson(body): ValidJson<Recovery>,
) -> Result<StatusCode, Problem> {
    accounts.recover(&token(&body.token)?, &body.password, &visitor).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Everything that is known about me, as a file.
#[utoipa::path(get, path = "/api/auth/export", tag = "accounts", extensions(("x-audit" = json!([actions::DATA_EXPORT]))), responses(
    (status = 200, description = "A JSON file", body = Object, content_type = "application/json"),
    (status = 403, description = "`reauthentication_required`", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(super) async fn export_account(
    State(accounts): State<Accounts>,
    who: Reauthenticated,
    visitor: Visitor,
) -> Result<Response, Problem> {
    let export = accounts.export(&who, &visitor).await?;
    let disposition = [(CONTENT_DISPOSITION, "attachment; filename=\"account.json\"")];
    Ok((disposition, Json(export)).into_response())
}

/// Delete my account and what is known about me. The name stays reserved.
#[utoipa::path(delete, path = "/api/auth/account", tag = "accounts", extensions(("x-audit" = json!([actions::ACCOUNT_DELETE, audit::PERSON_FORGET]))), request_body = Deletion, responses(
    (status = 204),
    (status = 400, description = "`invalid_input`: another name was typed", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 403, description = "`reauthentication_required`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 409, description = "`last_administrator`", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(super) async fn delete_account(
    State(accounts): State<Accounts>,
    who: Reauthenticated,
    visitor: Visitor,
    ValidJson(body): ValidJson<Deletion>,
) -> Result<impl IntoResponse, Problem> {
    if body.username != who.user().username {
        let words = "must be the name of your account, exactly as it is written there";
        return Err(Problem::invalid(vec![FieldError::new("username", "confirmation", words)]));
    }
    accounts.delete_account(&who, &visitor).await?;
    Ok((StatusCode::NO_CONTENT, cookies::forget(), [("clear-site-data", "\"cache\", \"storage\"")]))
}
