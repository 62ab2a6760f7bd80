//! Changing a password, and choosing a new one by a link.

use axum::extract::State;
use axum::response::IntoResponse;
use foundation::problem::ProblemDocument;
use foundation::{ExposeSecret as _, FieldError, Problem, SecretString};
use garde::Validate;
use guard::ValidJson;
use http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use super::cookies;
use super::input::{a_length, an_address, check_new_password, email, token};
use super::sign_up::{Accepted, accepted};
use crate::identity::Reauthenticated;
use crate::visitor::Visitor;
use crate::{Accounts, actions};

/// A change of password.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PasswordChange {
    /// The password so far.
    #[garde(skip)]
    #[schema(value_type = String, format = "password")]
    current_password: SecretString,
    /// The new one: 8 to 256 characters of any kind, none that others guess.
    #[garde(custom(a_length))]
    #[schema(value_type = String, format = "password", min_length = 8, max_length = 256)]
    new_password: SecretString,
    /// Whether to sign out everywhere else.
    #[garde(skip)]
    end_other_sessions: bool,
}

/// The address of an account whose password was forgotten.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ForgottenPassword {
    /// The address.
    #[garde(custom(an_address))]
    #[schema(max_length = 254, format = "email")]
    email: String,
}

/// A new password, by a link.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PasswordReset {
    /// What follows `#token=` in the link.
    #[garde(skip)]
    #[schema(value_type = String)]
    token: SecretString,
    /// The new password: 8 to 256 characters of any kind, none that others guess.
    #[garde(custom(a_length))]
    #[schema(value_type = String, format = "password", min_length = 8, max_length = 256)]
    new_password: SecretString,
}

/// Change my password.
#[utoipa::path(post, path = "/api/auth/password", tag = "accounts", extensions(("x-audit" = json!([actions::PASSWORD_CHANGE]))), request_body = PasswordChange, responses(
    (status = 204),
    (status = 400, description = "`invalid_input`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 403, description = "`wrong_password` or `reauthentication_required`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 429, description = "`too_many_requests`; see `Retry-After`", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(super) async fn change_password(
    State(accounts): State<Accounts>,
    who: Reauthenticated,
    visitor: Visitor,
    ValidJson(body): ValidJson<PasswordChange>,
) -> Result<StatusCode, Problem> {
    let user = who.user();
    if body.current_password.expose_secret() == body.new_password.expose_secret() {
        let words = "must be another one than the current one";
        return Err(Problem::invalid(vec![FieldError::new("new_password", "same_as_current", words)]));
    }
    check_new_password(&accounts, &visitor, &body.new_password, user).await?;
    let passwords = (&body.current_password, &body.new_password);
    accounts.change_password(&who, passwords, body.end_other_sessions, &visitor).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ask for a link that sets the password anew.
///
/// The answer is the same whether or not the address has an account; a mail to it says which.
#[utoipa::path(post, path = "/api/auth/forgot-password", tag = "accounts", extensions(("x-audit" = json!([actions::PASSWORD_RESET_REQUEST]))), request_body = ForgottenPassword, responses(
    (status = 202, body = Accepted),
    (status = 429, description = "`too_many_requests`; see `Retry-After`", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(super) async fn forgot_password(
    State(accounts): State<Accounts>,
    visitor: Visitor,
    ValidJson(body): ValidJson<ForgottenPassword>,
) -> Result<impl IntoResponse, Problem> {
    accounts.forgot_password(&email(&body.email)?, &visitor).await?;
    Ok(accepted("We have sent a mail to this address. Follow the link in it to choose a new password."))
}

/// Choose a new password with the link from the mail. Ends all sessions; a second factor stays.
#[utoipa::path(post, path = "/api/auth/reset-password", tag = "accounts", extensions(("x-audit" = json!([actions::PASSWORD_RESET]))), request_body = PasswordReset, responses(
    (status = 204),
    (status = 400, description = "`invalid_input`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 404, description = "`link_invalid`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 410, description = "`link_expired` or `link_used`", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(super) async fn reset_password(
    State(accounts): State<Accounts>,
    visitor: Visitor,
    ValidJson(body): ValidJson<PasswordReset>,
) -> Result<impl IntoResponse, Problem> {
    let link = token(&body.token)?;
    let owner = accounts.owner_of_reset_link(&link).await?;
    check_new_password(&accounts, &visitor, &body.new_password, &owner).await?;
    let device = accounts.reset_password(&link, &body.new_password, &visitor).await?;
    Ok((StatusCode::NO_CONTENT, cookies::known(&device), ()))
}
